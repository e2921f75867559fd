"""The event log of a traced run: written to disk week by week, read from there as tables.

Of every week only that week's rows are in memory. What a share brings later (reads, orders, fen)
is added to its row on disk, and a read that sells later is marked there. Which rows of a large
world are kept says `sim.measures.sampling`; shares are all noted and picked at the end, because
only then is it known which of them led to an order that is kept.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ledger import AD_CLICK, REWARD, TRANSFER, categories_of, transfers_of
from sim.measures.cascades import cascades_table
from sim.measures.running import Running
from sim.measures.sampling import kept_cascades, kept_consumers, sampling_rate
from sim.measures.shares import credited_shares, mark_reads_that_sold
from sim.measures.spool import Rows, Spool, Streamed
from sim.week import WeekFlows
from sim.world.columns import CHANNELS, INVITATION, NOBODY, SHARE_KINDS

_SHARE = np.dtype(
    [
        ("week", "i4"),
        ("sharer", "i4"),
        ("merchant", "i4"),
        ("source_order", "i8"),
        ("parent_share", "i8"),
        ("root_share", "i8"),
        ("kind", "i1"),
        ("rewarded", "?"),
        ("stated_quality", "f8"),
        ("effort_fen", "i8"),
        ("reads", "i8"),
        ("orders", "i8"),
        ("reward_fen", "i8"),
    ]
)
_ORDER = np.dtype(
    [
        ("order", "i8"),
        ("week", "i4"),
        ("consumer", "i4"),
        ("merchant", "i4"),
        ("category", "i4"),
        ("price_fen", "i8"),
        ("channel", "i1"),
        ("sharer", "i4"),
        ("share", "i8"),
        ("layer", "i4"),
        ("expected_quality", "f8"),
        ("experienced_quality", "f8"),
        ("surplus_fen", "i8"),
        ("refunded", "?"),
    ]
)
_READ = np.dtype(
    [
        ("week", "i4"),
        ("consumer", "i4"),
        ("share", "i8"),
        ("sharer", "i4"),
        ("merchant", "i4"),
        ("channel", "i1"),
        ("layer", "i4"),
        ("earlier_reads", "i4"),
        ("friends_sharing", "i4"),
        ("bought", "?"),
    ]
)

Flags = NDArray[np.bool_]


class EventLog:
    """Orders, shares, reads and transfers so far, on disk. Each week is added once."""

    def __init__(self, model: Running, whole: bool = False):
        self._model = model
        n_consumers = model.world.n_consumers
        self.rate = 1.0 if whole else sampling_rate(n_consumers)
        self._kept_consumers = kept_consumers(model.seed, np.arange(n_consumers), self.rate)
        self._orders, self._shares = Spool(_ORDER), Spool(_SHARE)
        self._reads, self._transfers = Spool(_READ), Spool(TRANSFER)
        #: How many reads had been noted when each week began.
        self._reads_before: list[int] = []

    def add(self, flows: WeekFlows) -> None:
        """Note what happened in the week just closed."""
        shares, transfers = self._shares.rows(), self._model.ledger.closed_rows
        _count(shares["reads"], flows.reads.share)
        _count(shares["orders"], flows.orders.share[flows.orders.share != NOBODY])
        _credit(shares, flows, transfers)
        kept_orders = self._kept_orders(flows, shares)
        kept_reads = self._kept_consumers[flows.reads.consumer]
        kept_reads |= self._of_kept_cascade(flows.reads.share, shares)
        self._orders.append(_order_rows(flows, np.flatnonzero(kept_orders)))
        self._reads_before.append(len(self._reads))
        self._reads.append(_read_rows(flows, np.flatnonzero(kept_reads)))
        self._mark_sold(flows, kept_orders)
        self._transfers.append(transfers[self._kept_transfers(flows, transfers, kept_orders)])
        self._shares.append(_share_rows(self._model))

    def _of_kept_cascade(self, share: NDArray[np.int64], shares: Rows) -> Flags:
        """Which of the given shares, -1 none, belong to a cascade kept whole."""
        if self.rate >= 1.0:
            return share != NOBODY
        of_kept = np.zeros(len(share), dtype=np.bool_)
        through = np.flatnonzero(share != NOBODY)
        one, place = np.unique(share[through], return_inverse=True)
        root = shares["root_share"][one]
        of_kept[through] = kept_cascades(self._model.seed, root, self.rate)[place]
        return of_kept

    def _kept_orders(self, flows: WeekFlows, shares: Rows) -> Flags:
        orders, posts = flows.orders, self._model.world.posts
        kept = self._kept_consumers[orders.consumer]
        kept |= self._of_kept_cascade(orders.share, shares)
        fresh = slice(posts.fresh, None)
        begins = kept_cascades(self._model.seed, posts.root_share[fresh], self.rate)
        source = posts.source_order[fresh][begins]
        kept[source[source != NOBODY] - flows.first_order] = True
        return kept

    def _kept_transfers(self, flows: WeekFlows, rows: Rows, kept_orders: Flags) -> Flags:
        kept = rows["order"] == NOBODY
        of_order = np.flatnonzero(~kept)
        kept[of_order] = kept_orders[rows["order"][of_order] - flows.first_order]
        if self.rate < 1.0:
            clicks = flows.clicks
            # Rows are sorted, too; equal ones differ in nothing.
            paid = np.flatnonzero(clicks.price_fen > 0)
            paid = paid[np.lexsort((clicks.price_fen[paid], clicks.merchant[paid]))]
            kept[rows["purpose"] == AD_CLICK] = self._kept_consumers[clicks.consumer[paid]]
        return kept

    def _mark_sold(self, flows: WeekFlows, kept_orders: Flags) -> None:
        orders = flows.orders
        # A post is read from the week after it was written on, and bought through while remembered.
        n_weeks = max(self._model.scenario.sharing.memory_weeks, 1) + 1
        first = self._reads_before[-n_weeks:]
        ends = [*first[1:], len(self._reads)]
        weeks = (self._reads.rows(*week) for week in reversed(list(zip(first, ends))))
        kept = np.flatnonzero(kept_orders)
        mark_reads_that_sold(weeks, orders.consumer[kept], orders.share[kept], orders.channel[kept])

    def tables(self) -> dict[str, Streamed]:
        """Every table of the log so far, read from disk as it is needed."""
        kept = self._kept_shares()

        def shares_part(first: int, end: int) -> pd.DataFrame:
            return _shares_table(kept[first:end], self._shares.rows()[kept[first:end]])

        cascades = self._cascades(kept)
        return {
            "orders": _streamed(self._orders, _orders_table),
            "shares": Streamed(len(kept), shares_part),
            "exposures": _streamed(self._reads, _exposures_table),
            "transfers": _streamed(self._transfers, transfers_of),
            "cascades": Streamed(len(cascades), lambda first, end: cascades.iloc[first:end]),
        }

    def _kept_shares(self) -> NDArray[np.int64]:
        """Ids of the shares of kept cascades and consumers, and of those that led to an order."""
        shares = self._shares.rows()
        kept = kept_cascades(self._model.seed, shares["root_share"], self.rate)
        if self.rate < 1.0:
            kept |= self._kept_consumers[shares["sharer"]]
            way = np.concatenate([self._orders.rows()["share"], shares["parent_share"][kept]])
            while len(way := np.unique(way[way != NOBODY])):
                way = way[~kept[way]]
                kept[way] = True
                way = shares["parent_share"][way]
        return np.flatnonzero(kept)

    def _cascades(self, kept: NDArray[np.int64]) -> pd.DataFrame:
        shares, orders = self._shares.rows(), self._orders.rows()
        roots = shares["root_share"][kept]
        whole = kept[kept_cascades(self._model.seed, roots, self.rate)]
        through = np.flatnonzero(self._of_kept_cascade(orders["share"], shares))
        names = ("week", "sharer", "source_order", "parent_share", "root_share")
        posted = pd.DataFrame({name: shares[name][whole] for name in names})
        posted.insert(0, "share", whole)
        posted["kind"] = categories_of(shares["kind"][whole], SHARE_KINDS)
        bought = pd.DataFrame({name: orders[name][through] for name in ("order", "share", "week")})
        return cascades_table(posted, bought, self._invited(shares))

    def _invited(self, shares: Rows) -> pd.DataFrame:
        """Consumer, share and week of those who joined through an invitation of a kept cascade."""
        people = self._model.world.consumers
        joined = np.flatnonzero(people.joined_share != NOBODY)
        joined = joined[shares["kind"][people.joined_share[joined]] == INVITATION]
        joined = joined[self._of_kept_cascade(people.joined_share[joined], shares)]
        return pd.DataFrame(
            {
                "consumer": joined,
                "share": people.joined_share[joined].astype(np.int64),
                "week": people.joined_week[joined],
            }
        )


def _streamed(spool: Spool, table_of: Any) -> Streamed:
    return Streamed(len(spool), lambda first, end: table_of(spool.rows(first, end)))


def _count(so_far: Rows, share: NDArray[np.int64]) -> None:
    """Add one for each time that a share occurs."""
    if len(share):
        first = int(share.min())
        count = np.bincount(share - first)
        so_far[first : first + len(count)] += count


def _credit(shares: Rows, flows: WeekFlows, transfers: Rows) -> None:
    """Add the week's rewards to the shares that earned them."""
    rewards = transfers[transfers["purpose"] == REWARD]
    lowest = flows.orders.share[rewards["order"] - flows.first_order]
    earned = credited_shares(shares, lowest, rewards["payee"])
    np.add.at(shares["reward_fen"], earned, rewards["amount_fen"])


def _order_rows(flows: WeekFlows, chosen: NDArray[np.int64]) -> Rows:
    rows = _copied(_ORDER, flows.orders, chosen)
    rows["week"], rows["order"] = flows.week, flows.first_order + chosen
    return rows


def _read_rows(flows: WeekFlows, chosen: NDArray[np.int64]) -> Rows:
    rows = _copied(_READ, flows.reads, chosen)
    rows["week"], rows["bought"] = flows.week, False
    return rows


def _share_rows(model: Running) -> Rows:
    posts = model.world.posts
    rows = _copied(_SHARE, posts, np.arange(posts.fresh, len(posts.sharer)))
    for name in ("reads", "orders", "reward_fen"):
        rows[name] = 0
    return rows


def _copied(kind: np.dtype[Any], columns: Any, chosen: NDArray[np.int64]) -> Rows:
    rows = np.empty(len(chosen), dtype=kind)
    for name in kind.names or ():
        if hasattr(columns, name):
            rows[name] = getattr(columns, name)[chosen]
    return rows


def _orders_table(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "order": rows["order"],
            "week": rows["week"],
            "consumer": rows["consumer"],
            "merchant": rows["merchant"],
            "category": rows["category"],
            "price_fen": rows["price_fen"],
            "channel": categories_of(rows["channel"], CHANNELS),
            "sharer": rows["sharer"],
            "share": rows["share"],
            "tie_layer": rows["layer"],
            "expected_quality": rows["expected_quality"],
            "experienced_quality": rows["experienced_quality"],
            "surplus_fen": np.where(rows["refunded"], 0, rows["surplus_fen"]),
            "refunded": rows["refunded"],
        }
    )


def _exposures_table(rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "week": rows["week"],
            "consumer": rows["consumer"],
            "share": rows["share"],
            "sharer": rows["sharer"],
            "merchant": rows["merchant"],
            "channel": categories_of(rows["channel"], CHANNELS),
            "tie_layer": rows["layer"],
            "earlier_reads_on_tie": rows["earlier_reads"],
            "friends_sharing": rows["friends_sharing"],
            "bought": rows["bought"],
        }
    )


def _shares_table(share: NDArray[np.int64], rows: Rows) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "share": share,
            "week": rows["week"],
            "sharer": rows["sharer"],
            "merchant": rows["merchant"],
            "source_order": rows["source_order"],
            "parent_share": rows["parent_share"],
            "root_share": rows["root_share"],
            "kind": categories_of(rows["kind"], SHARE_KINDS),
            "rewarded": rows["rewarded"],
            "stated_quality": rows["stated_quality"],
            "effort_fen": rows["effort_fen"],
            "reads": rows["reads"],
            "orders": rows["orders"],
            "reward_fen": rows["reward_fen"],
        }
    )
