"""The tables of a run: weeks are added as they pass, frames are made when asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.event_log import EventLog
from sim.measures.people import PeopleSums
from sim.measures.quality import TOP_LEVEL
from sim.measures.running import Running
from sim.measures.sides import side_rows, sides_table
from sim.measures.spool import Table, framed
from sim.measures.weekly import WEEKLY_COLUMNS, WEEKLY_REALS
from sim.rules.rewards import reward_cut
from sim.week import WeekFlows
from sim.world.columns import F8, I1, I8, MICRO

Columns = dict[str, NDArray[Any]]


class RunTables:
    """All tables of a run so far. Each week is added once, after its books are closed.

    A traced run has an event log as well, sampled in large worlds unless it is to be ``whole``.
    """

    def __init__(self, model: Running, whole: bool = False):
        self._model = model
        self._people = PeopleSums(model)
        self._merchants: list[Columns] = []
        self._log = EventLog(model, whole) if model.trace else None
        #: Rows of the table of sides, where the market has two.
        self._sides: list[dict[str, Any]] = []

    @property
    def log_sampling_rate(self) -> float:
        """Share of cascades, and of consumers, that the event log keeps."""
        return 1.0 if self._log is None else self._log.rate

    def add(self, flows: WeekFlows, sold: I8 | None = None, threads: int = 1) -> None:
        """Keeps what happened in the week just closed; ``sold`` are the orders of each merchant."""
        if sold is None:
            sold = np.bincount(flows.orders.merchant, minlength=self._model.world.n_merchants)
        self._merchants.append(_merchant_rows(self._model, sold))
        self._people.add(flows, threads)
        if len(self._model.market.sides) > 1:
            self._sides += side_rows(self._model, flows)
        if self._log is not None:
            self._log.add(flows)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table so far: weekly, merchants, ledger, people; the event log where it is traced.

        A market of two sides has a table of these as well.
        """
        return {name: framed(table) for name, table in self.streamed().items()}

    def streamed(self) -> dict[str, Table]:
        """The same, the event log still on disk."""
        tables: dict[str, Table] = {
            "weekly": weekly_table(self._model.weekly),
            "merchants": self._merchants_table(),
            "ledger": self._of_run(self._model.ledger.table()),
            "people": self._of_run(self._people.table()),
        }
        if len(self._model.market.sides) > 1:
            tables["sides"] = self._of_run(sides_table(self._sides))
        return tables if self._log is None else {**tables, **self._log.tables()}

    def _of_run(self, table: pd.DataFrame) -> pd.DataFrame:
        table.insert(0, "market", pd.Series(self._model.market.name, table.index, dtype="str"))
        table.insert(1, "seed", np.int64(self._model.seed))
        return table

    def _merchants_table(self) -> pd.DataFrame:
        return self._of_run(pd.DataFrame(_joined(self._merchants or [_no_merchants(self._model)])))


def weekly_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The weekly rows as a table with the promised columns; whole numbers stay whole."""
    types = {name: "float64" if name in WEEKLY_REALS else "int64" for name in WEEKLY_COLUMNS}
    return pd.DataFrame(rows, columns=pd.Index(WEEKLY_COLUMNS)).astype(types | {"market": "str"})


def reward_rates(model: Running) -> F8:
    """Reward for a sale through a rewarded post as a share of price, sender's and receiver's.

    One entry a side of the market.
    """
    return np.array([round(reward_cut(terms), 12) for terms in model.side_terms])


def _merchant_rows(model: Running, sold: I8) -> Columns:
    """One row for every merchant who ever entered, as on offer this week (or as they stand)."""
    columns, offer = model.world.merchants, model.offer
    merchant = np.flatnonzero(columns.entered_week >= 0).astype(np.int32)
    on_offer = np.searchsorted(merchant, offer.merchant)
    active = np.zeros(len(merchant), dtype=np.bool_)
    active[on_offer] = True
    level = columns.quality_level[merchant]
    level[on_offer] = offer.quality_level
    side = columns.side[merchant]
    side[on_offer] = offer.side
    money = {}
    for name in ("unit_cost_fen", "price_fen", "bid_fen"):
        money[name] = getattr(columns, name)[merchant]
        money[name][on_offer] = getattr(offer, name)
    n_reviews = columns.review_count[merchant]
    return {
        "week": np.full(len(merchant), model.week, dtype=np.int32),
        "merchant": merchant,
        "category": columns.category[merchant].astype(np.int32),
        "quality": level / TOP_LEVEL,
        **money,
        "reward_rate": reward_rates(model)[side],
        "orders": sold[merchant],
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
        **_named_sides(model, side),
    }


def _named_sides(model: Running, side: I1) -> Columns:
    """The column that tells on which side of two merchants sell."""
    names = np.array([each.name for each in model.market.sides])
    return {"side": names[side]} if len(names) > 1 else {}


def _no_merchants(model: Running) -> Columns:
    """The merchants table of a run without weeks."""
    types = {"week": "i4", "merchant": "i4", "category": "i4", "quality": "f8"}
    types |= dict.fromkeys(("unit_cost_fen", "price_fen", "bid_fen"), "i8")
    types |= {"reward_rate": "f8"} | dict.fromkeys(("orders", "profit_fen", "cash_fen"), "i8")
    types |= {"active": "?", "n_reviews": "i8", "mean_review": "f8"}
    if len(model.market.sides) > 1:
        types |= {"side": "U8"}
    return {name: np.empty(0, dtype=kind) for name, kind in types.items()}


def _joined(weeks: list[Columns]) -> Columns:
    return {name: np.concatenate([week[name] for week in weeks]) for name in weeks[0]}
