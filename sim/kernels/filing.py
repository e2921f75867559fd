"""The orders of a week, put into their columns while other ranges of consumers still choose."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.kernels.references import for_kernels
from sim.kernels.shopping import file_orders
from sim.week import no_orders
from sim.world.columns import F8, I8, SPARE, OrderColumns


class OrderFile:
    """Takes in the orders of one range after the other; the memory is used again every week."""

    def __init__(self) -> None:
        self._room: Any = no_orders()
        self._seen = for_kernels(self._room)
        #: First row of the orders of each range this week, and the number of all orders.
        self.start = [0]

    def begin_week(self) -> None:
        """Forget the orders of last week."""
        self.start = [0]

    def add(self, rows: I8, reals: F8, sorted_rows: I8) -> None:
        """Put the orders of the next range, as `choose_products` tells them, behind the others."""
        first, end = self.start[-1], self.start[-1] + len(sorted_rows)
        if end > len(self._room.consumer):
            self._make_room(first, int(end * SPARE))
        file_orders(rows, reals, sorted_rows, first, self._seen)
        self.start.append(end)

    def _make_room(self, n_orders: int, n: int) -> None:
        """Make room for ``n`` orders, of which ``n_orders`` are there already.

        Column by column, so that there are never two rooms at once.
        """
        columns = list(self._room)
        self._room = self._seen = None
        for k, column in enumerate(columns):
            columns[k] = np.zeros(n, column.dtype)
            columns[k][:n_orders] = column[:n_orders]
        self._room = OrderColumns(*columns)
        self._seen = for_kernels(self._room)

    def columns(self) -> OrderColumns:
        """Return the columns of the orders so far."""
        return OrderColumns(*(column[: self.start[-1]] for column in self._room))

    def for_kernels(self) -> Any:
        """Return the same as kernels take them; behind the orders there may be more room."""
        return self._seen
