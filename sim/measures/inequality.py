"""How unequally something is spread: Gini index and Herfindahl-Hirschman index."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import boolean, compiled, int64

_LOW_32 = (1 << 32) - 1
#: Bits of a digit by which whole numbers are sorted: as many counts as stay in the nearest cache.
_DIGIT_BITS = 11
_DIGIT = (1 << _DIGIT_BITS) - 1


def gini(amounts: ArrayLike, of: NDArray[np.bool_] | None = None) -> float:
    """Gini index of ``amounts``, 0 (all equal) to 1 - 1/n (one has all); 0 where all are zero.

    G = 1 + 1/n - 2·Σᵢ Cᵢ / (n·Cₙ), C the running totals of the amounts in ascending order; no
    small-sample correction. Whole numbers are added exactly. NaN without any amounts. Where ``of``
    is given, only amounts for which it holds count, none of which is copied.
    Source: Gini (1912); the form by running totals is the area under the Lorenz curve.
    """
    values = _amounts(amounts)
    if of is None:
        of = np.ones(len(values), dtype=np.bool_)
    n = int(np.count_nonzero(of))
    if n == 0:
        return math.nan
    if values.dtype.kind == "i":
        sums = _sums_in_order(np.ascontiguousarray(values), np.ascontiguousarray(of)).tolist()
        whole, below = (sums[0] << 32) + sums[1], (sums[2] << 32) + sums[3]
        return ((n + 1) * whole - 2 * below) / (n * whole) if whole else 0.0
    ascending = np.sort(values[of])
    total = math.fsum(ascending)
    if total == 0.0:
        return 0.0
    weighted = math.fsum(ascending * np.arange(1, n + 1))
    return max(0.0, (2.0 * weighted / total - (n + 1)) / n)


def hhi(amounts: ArrayLike) -> float:
    """Herfindahl-Hirschman index of ``amounts``, 1/n (all equal) to 1; 0 where all are zero.

    H = Σ (amount / total)². NaN without any amounts.
    Source: Herfindahl (1950), Hirschman (1964).
    """
    values = _amounts(amounts)
    if len(values) == 0:
        return math.nan
    total = math.fsum(values)
    if total == 0.0:
        return 0.0
    return math.fsum((values / total) ** 2)


def _amounts(amounts: ArrayLike) -> NDArray[Any]:
    values = np.asarray(amounts)
    if values.dtype.kind in "biu":
        values = values.astype(np.int64, copy=False)
    else:
        values = values.astype(np.float64, copy=False)
    if len(values) and not values.min() >= 0:
        raise ValueError("amounts below zero (or not numbers) have no such index")
    return values


@compiled(int64[::1](int64[::1], boolean[::1]))
def _sums_in_order(values: NDArray[np.int64], of: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sum of the chosen numbers of at least zero, and of their running totals in ascending order.

    Each in two parts, the upper of which counts 2^32: together they go beyond 64 bits. Numbers are
    sorted by digits, the last ones first, as amounts of money have few; who has nothing stands
    first and adds nothing.
    """
    n, largest = 0, 0
    for row in range(len(values)):
        if of[row]:
            n += int(values[row] > 0)
            largest = max(largest, int(values[row]))
    here, there = np.empty(n, np.int64), np.empty(n, np.int64)
    n = 0
    for row in range(len(values)):
        if of[row] and values[row] > 0:
            here[n] = values[row]
            n += 1
    for shift in range(0, 63, _DIGIT_BITS):
        if largest >> shift == 0:
            break
        place = np.zeros((1 << _DIGIT_BITS) + 1, np.int64)
        for value in here:
            place[(value >> shift & _DIGIT) + 1] += 1
        for digit in range(_DIGIT):
            place[digit + 1] += place[digit]
        for value in here:
            own = value >> shift & _DIGIT
            there[place[own]] = value
            place[own] += 1
        here, there = there, here
    sums, total = np.zeros(4, np.int64), 0
    for value in here:
        total += int(value)
        sums[0] += value >> 32
        sums[1] += value & _LOW_32
        sums[2] += total >> 32
        sums[3] += total & _LOW_32
    return sums
