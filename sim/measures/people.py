"""What people got, by who they are: sums over the counted weeks, made while a run goes on.

Amounts are whole fen, so that the order of adding cannot matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.kernels.threads import begun_at_once
from sim.measures.summary import counted_weeks
from sim.week import WeekFlows
from sim.world.columns import I4, I8

if TYPE_CHECKING:
    from sim.measures.running import Running

N_PARTS = 4
"""Consumers are ranked and cut into so many parts of equal number."""

_NONE = -1


class PeopleSums:
    """Orders, surplus and rewards of each consumer in the counted weeks so far."""

    def __init__(self, model: Running) -> None:
        n_consumers = model.world.n_consumers
        run = model.scenario.run
        self._model = model
        self._first, _ = counted_weeks(run.weeks, run.warm_up_weeks)
        self._orders = np.zeros(n_consumers, dtype=np.int32)
        self._surplus = np.zeros(n_consumers, dtype=np.int64)
        self._income_before = np.zeros(n_consumers, dtype=np.int64)

    def add(self, flows: WeekFlows, threads: int = 1) -> None:
        """Take in the week just closed; the number of threads changes nothing."""
        if flows.week < self._first:
            if flows.week == self._first - 1:
                self._income_before[:] = self._model.ledger.reward_income_fen
            return
        buyer, surplus_fen = flows.orders.consumer, flows.orders.surplus_fen
        # The orders of one consumer are added by one thread.
        start = [_first_of_consumer(buyer, len(buyer) * part // threads) for part in range(threads)]
        start.append(len(buyer))

        def add(part: int) -> None:
            first, end = start[part : part + 2]
            _add_orders(buyer[first:end], surplus_fen[first:end], self._orders, self._surplus)

        list(begun_at_once(threads, add, range(threads)))

    def table(self) -> pd.DataFrame:
        """Sums by group of people.

        `who` is consumers, by quarters of price sensitivity and insight (0 the lowest), or members,
        by tier at the end (0 to 3, 3 an opinion leader); what a row is not cut by is −1.
        """
        people = self._model.world.consumers
        sensitivity, insight = _parts(people.price_sensitivity), _parts(people.insight)
        members = np.flatnonzero(people.member)
        rows = [
            {"who": "consumers", "price_sensitivity": i, "insight": j, "tier": _NONE}
            | self._sums(np.flatnonzero((sensitivity == i) & (insight == j)))
            for i in range(N_PARTS)
            for j in range(N_PARTS)
        ]
        rows += [
            {"who": "members", "price_sensitivity": _NONE, "insight": _NONE, "tier": tier}
            | self._sums(members[people.tier[members] == tier])
            for tier in range(4)
        ]
        return pd.DataFrame(rows)

    def _sums(self, chosen: NDArray[np.int64]) -> dict[str, int]:
        income = self._model.ledger.reward_income_fen - self._income_before
        return {
            "people": len(chosen),
            "orders": int(self._orders[chosen].sum()),
            "surplus_fen": int(self._surplus[chosen].sum()),
            "sharer_income_fen": int(income[chosen].sum()),
        }


@compiled(nogil=True)
def _add_orders(consumer: I4, surplus_fen: I8, n_orders: I4, sums: I8) -> None:
    """Add to the orders and the surplus of each buyer; a refunded order leaves none."""
    for row in range(len(consumer)):
        n_orders[consumer[row]] += 1
        sums[consumer[row]] += surplus_fen[row]


def _first_of_consumer(consumer: I4, row: int) -> int:
    """Return the first row of the consumer who stands in ``row``; rows are sorted by consumer."""
    return int(np.searchsorted(consumer, consumer[row])) if row < len(consumer) else row


def _parts(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Which part of equal number each value is in, 0 the lowest; equal ones are ranked by id."""
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    return rank * N_PARTS // max(len(values), 1)
