"""The tables of a run: weeks are added as they pass, frames are made when asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ledger import categories_of
from sim.measures.cascades import cascades_table
from sim.measures.people import PeopleSums
from sim.measures.quality import TOP_LEVEL
from sim.measures.running import Running
from sim.measures.shares import reads_that_sold, reward_by_share
from sim.measures.weekly import WEEKLY_COLUMNS, WEEKLY_REALS
from sim.rules.rewards import sender_cut
from sim.week import WeekFlows, no_orders, no_reads
from sim.world.columns import (
    CHANNELS,
    INVITATION,
    MICRO,
    SHARE_KINDS,
    OrderColumns,
    PostColumns,
    ReadColumns,
)
from sim.world.posts import no_posts

Columns = dict[str, NDArray[Any]]

#: The columns of posts, orders and reads that are kept of every week.
_POST_FIELDS = tuple(f for f in PostColumns._fields if f not in ("first_share", "fresh", "upline"))
_ORDER_FIELDS = tuple(f for f in OrderColumns._fields if f not in ("tie", "shock_gain"))
_READ_FIELDS = tuple(f for f in ReadColumns._fields if f != "useless")


class RunTables:
    """All tables of a run so far. Each week is added once, after its books are closed."""

    def __init__(self, model: Running):
        self._model = model
        self._people = PeopleSums(model)
        self._merchants: list[Columns] = []
        self._posts: list[Columns] = []
        self._orders: list[Columns] = []
        self._reads: list[Columns] = []

    def add(self, flows: WeekFlows) -> None:
        """Keeps what happened in the week just closed."""
        self._merchants.append(_merchant_rows(self._model, flows))
        self._people.add(flows)
        if self._model.trace:
            posts = self._model.world.posts
            self._posts.append(_kept(posts, _POST_FIELDS, posts.fresh))
            self._orders.append(_of_week(flows.week, _kept(flows.orders, _ORDER_FIELDS)))
            self._reads.append(_of_week(flows.week, _kept(flows.reads, _READ_FIELDS)))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table so far: weekly, merchants, ledger, people; traced, the event log as well."""
        model = self._model
        tables = {
            "weekly": weekly_table(model.weekly),
            "merchants": self._merchants_table(),
            "ledger": self._of_run(model.ledger.table()),
            "people": self._of_run(self._people.table()),
        }
        if model.trace:
            transfers = model.ledger.transfers()
            orders = self._orders_table()
            exposures = self._exposures_table()
            shares = self._shares_table(orders, exposures, transfers)
            tables |= {
                "orders": orders,
                "shares": shares,
                "exposures": exposures,
                "transfers": transfers,
                "cascades": cascades_table(shares, orders, self._invited(shares)),
            }
        return tables

    def _of_run(self, table: pd.DataFrame) -> pd.DataFrame:
        table.insert(0, "market", pd.Series(self._model.market.name, table.index, dtype="str"))
        table.insert(1, "seed", np.int64(self._model.seed))
        return table

    def _merchants_table(self) -> pd.DataFrame:
        return self._of_run(pd.DataFrame(_joined(self._merchants or [_no_merchants()])))

    def _orders_table(self) -> pd.DataFrame:
        rows = _joined([_of_week(0, _kept(no_orders(), _ORDER_FIELDS)), *self._orders])
        return pd.DataFrame(
            {
                "order": np.arange(len(rows["week"]), dtype=np.int64),
                "week": rows["week"],
                "consumer": rows["consumer"],
                "merchant": rows["merchant"],
                "category": rows["category"].astype(np.int32),
                "price_fen": rows["price_fen"],
                "channel": categories_of(rows["channel"], CHANNELS),
                "sharer": rows["sharer"],
                "share": rows["share"],
                "tie_layer": rows["layer"].astype(np.int32),
                "expected_quality": rows["expected_quality"],
                "experienced_quality": rows["experienced_quality"],
                "surplus_fen": np.where(rows["refunded"], 0, rows["surplus_fen"]),
                "refunded": rows["refunded"],
            }
        )

    def _exposures_table(self) -> pd.DataFrame:
        rows = _joined([_of_week(0, _kept(no_reads(), _READ_FIELDS)), *self._reads])
        return pd.DataFrame(
            {
                "week": rows["week"],
                "consumer": rows["consumer"],
                "share": rows["share"],
                "sharer": rows["sharer"],
                "merchant": rows["merchant"],
                "channel": categories_of(rows["channel"], CHANNELS),
                "tie_layer": rows["layer"].astype(np.int32),
                "earlier_reads_on_tie": rows["earlier_reads"],
                "friends_sharing": rows["friends_sharing"],
                "bought": reads_that_sold(self._reads, self._orders),
            }
        )

    def _shares_table(
        self, orders: pd.DataFrame, exposures: pd.DataFrame, transfers: pd.DataFrame
    ) -> pd.DataFrame:
        rows = _joined([_kept(no_posts(0, 0), _POST_FIELDS), *self._posts])
        n_shares = len(rows["week"])
        through = orders["share"].to_numpy()
        return pd.DataFrame(
            {
                "share": np.arange(n_shares, dtype=np.int64),
                "week": rows["week"],
                "sharer": rows["sharer"],
                "merchant": rows["merchant"],
                "source_order": rows["source_order"],
                "parent_share": rows["parent_share"],
                "root_share": rows["root_share"],
                "kind": categories_of(rows["kind"], SHARE_KINDS),
                "rewarded": rows["rewarded"],
                "stated_quality": rows["stated_quality"],
                "reads": np.bincount(exposures["share"], minlength=n_shares),
                "orders": np.bincount(through[through >= 0], minlength=n_shares),
                "reward_fen": reward_by_share(
                    rows["sharer"], rows["parent_share"], through, transfers
                ),
            }
        )

    def _invited(self, shares: pd.DataFrame) -> pd.DataFrame:
        """Consumer, share and week of everybody who joined through an invitation."""
        people = self._model.world.consumers
        invitations = shares["kind"].cat.codes.to_numpy() == INVITATION
        joined = np.flatnonzero(people.joined_share >= 0)
        joined = joined[invitations[people.joined_share[joined]]]
        return pd.DataFrame(
            {
                "consumer": joined,
                "share": people.joined_share[joined],
                "week": people.joined_week[joined],
            }
        )


def weekly_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The weekly rows as a table with the promised columns; whole numbers stay whole."""
    types = {name: "float64" if name in WEEKLY_REALS else "int64" for name in WEEKLY_COLUMNS}
    return pd.DataFrame(rows, columns=pd.Index(WEEKLY_COLUMNS)).astype(types | {"market": "str"})


def reward_rate(model: Running) -> float:
    """Reward for a sale through a rewarded post as a share of price, sender's and receiver's."""
    terms = model.market_terms
    receiver_rate = 0.0 if terms.symbolic else terms.receiver_rate
    return round(sender_cut(terms) + receiver_rate, 12)


def _merchant_rows(model: Running, flows: WeekFlows) -> Columns:
    """One row for every merchant who ever entered, as on offer this week (or as they stand)."""
    columns, offer = model.world.merchants, model.offer
    merchant = np.flatnonzero(columns.entered_week >= 0).astype(np.int32)
    on_offer = np.searchsorted(merchant, offer.merchant)
    active = np.zeros(len(merchant), dtype=np.bool_)
    active[on_offer] = True
    level = columns.quality_level[merchant]
    level[on_offer] = offer.quality_level
    money = {}
    for name in ("unit_cost_fen", "price_fen", "bid_fen"):
        money[name] = getattr(columns, name)[merchant]
        money[name][on_offer] = getattr(offer, name)
    n_reviews = columns.review_count[merchant]
    orders = np.bincount(flows.orders.merchant, minlength=len(columns.category))
    return {
        "week": np.full(len(merchant), model.week, dtype=np.int32),
        "merchant": merchant,
        "category": columns.category[merchant].astype(np.int32),
        "quality": level / TOP_LEVEL,
        **money,
        "reward_rate": np.full(len(merchant), reward_rate(model)),
        "orders": orders[merchant],
        "profit_fen": model.ledger.merchant_profit_fen[merchant],
        "cash_fen": columns.cash_fen[merchant],
        "active": active,
        "n_reviews": n_reviews,
        "mean_review": np.divide(
            columns.review_sum_micro[merchant],
            n_reviews * MICRO,
            out=np.full(len(merchant), np.nan),
            where=n_reviews > 0,
        ),
    }


def _no_merchants() -> Columns:
    """The merchants table of a run without weeks."""
    types = {"week": "i4", "merchant": "i4", "category": "i4", "quality": "f8"}
    types |= dict.fromkeys(("unit_cost_fen", "price_fen", "bid_fen"), "i8")
    types |= {"reward_rate": "f8"} | dict.fromkeys(("orders", "profit_fen", "cash_fen"), "i8")
    types |= {"active": "?", "n_reviews": "i8", "mean_review": "f8"}
    return {name: np.empty(0, dtype=kind) for name, kind in types.items()}


def _kept(columns: Any, names: tuple[str, ...], first: int = 0) -> Columns:
    """Copies of some columns from row ``first`` on: an engine may use its memory again."""
    return {name: getattr(columns, name)[first:].copy() for name in names}


def _of_week(week: int, columns: Columns) -> Columns:
    n_rows = len(next(iter(columns.values())))
    return {"week": np.full(n_rows, week, dtype=np.int32), **columns}


def _joined(weeks: list[Columns]) -> Columns:
    return {name: np.concatenate([week[name] for week in weeks]) for name in weeks[0]}
