"""The order in which choices are taken: nobody takes two at the same time.

What somebody spends of their rebates on the first choice of a week is missing at the second. So
first come the first choices of everybody, then the second ones and so on, and those of one round
can be taken together.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.world.columns import I8


@compiled
def in_rounds(shoppers: I8) -> tuple[I8, I8]:
    """Return the rows of choices round by round, and where each round ends.

    ``shoppers`` tells who takes each choice, those of one shopper one after the other.
    """
    n, most = len(shoppers), 0
    number = np.zeros(n, np.int64)
    for row in range(1, n):
        number[row] = (number[row - 1] + 1) * (shoppers[row] == shoppers[row - 1])
    for row in range(n):
        most = max(most, number[row])
    return sorted_rows(number, n, most + 1)


@compiled
def sorted_rows(keys: I8, n: int, n_keys: int) -> tuple[I8, I8]:
    """Return the first ``n`` rows sorted by their whole-number keys, and where each key ends.

    Rows of equal keys keep their order.
    """
    start, rows = np.zeros(n_keys + 1, np.int64), np.empty(n, np.int64)
    for row in range(n):
        start[keys[row] + 1] += 1
    for key in range(n_keys):
        start[key + 1] += start[key]
    for row in range(n):
        key = keys[row]
        rows[start[key]] = row
        start[key] += 1
    return rows, start[:n_keys]
