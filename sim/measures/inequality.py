"""How unequally something is spread: Gini index and Herfindahl-Hirschman index."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

_LOW_32 = np.int64((1 << 32) - 1)


def gini(amounts: ArrayLike) -> float:
    """Gini index of ``amounts``, 0 (all equal) to 1 - 1/n (one has all); 0 where all are zero.

    G = 1 + 1/n - 2·Σᵢ Cᵢ / (n·Cₙ), C the running totals of the amounts in ascending order; no
    small-sample correction. Whole numbers are added exactly. NaN without any amounts.
    Source: Gini (1912); the form by running totals is the area under the Lorenz curve.
    """
    values = _amounts(amounts)
    n = len(values)
    if n == 0:
        return math.nan
    # Those who have nothing stand first, and add nothing.
    ascending = np.sort(values[values > 0])
    if values.dtype.kind == "i":
        whole = _exact_sum(ascending)
        if whole == 0:
            return 0.0
        below = _exact_sum(np.cumsum(ascending))
        return ((n + 1) * whole - 2 * below) / (n * whole)
    total = math.fsum(ascending)
    if total == 0.0:
        return 0.0
    weighted = math.fsum(ascending * np.arange(n - len(ascending) + 1, n + 1))
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
        values = values.astype(np.int64)
    else:
        values = values.astype(np.float64)
    if len(values) and not values.min() >= 0:
        raise ValueError("amounts below zero (or not numbers) have no such index")
    return values


def _exact_sum(values: NDArray[np.int64]) -> int:
    """Sum of numbers of at least zero, beyond 64 bits."""
    return (int((values >> 32).sum()) << 32) + int((values & _LOW_32).sum())
