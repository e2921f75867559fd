"""How unequally something is spread: Gini index and Herfindahl-Hirschman index."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import compiled

_LOW_32 = (1 << 32) - 1
#: Bits of a digit by which whole numbers are sorted: as many counts as stay in the nearest cache.
_DIGIT_BITS = 11
_DIGIT = (1 << _DIGIT_BITS) - 1
#: Most bits of the first digit, by which numbers are only gathered.
_FIRST_BITS = 12
#: Numbers that are looked through together.
_AT_ONCE = 1024
#: Columns of sums by first digit: how many, their sum, that of their running totals in two parts.
_NUMBER, _SUM, _UPPER, _LOWER, _N_SUMS = range(5)


def gini(amounts: ArrayLike, of: NDArray[np.bool_] | None = None) -> float:
    """Gini index of ``amounts``, 0 (all equal) to 1 - 1/n (one has all); 0 where all are zero.

    G = 1 + 1/n - 2·Σᵢ Cᵢ / (n·Cₙ), C the running totals of the amounts in ascending order; no
    small-sample correction. Whole numbers are added exactly. NaN without any amounts. Where ``of``
    is given, only amounts for which it holds count, none of which is copied.
    Source: Gini (1912); the form by running totals is the area under the Lorenz curve.
    """
    values = _numbers(amounts)
    if of is None:
        of = np.ones(len(values), dtype=np.bool_)
    n = int(np.count_nonzero(of))
    if values.dtype.kind == "i":
        sums = _sums_in_order(np.ascontiguousarray(values), np.ascontiguousarray(of)).tolist()
        _refuse_unless(sums[4] >= 0)
        if n == 0:
            return math.nan
        whole, below = (sums[0] << 32) + sums[1], (sums[2] << 32) + sums[3]
        return ((n + 1) * whole - 2 * below) / (n * whole) if whole else 0.0
    _refuse_unless(len(values) == 0 or bool(values.min() >= 0))
    if n == 0:
        return math.nan
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
    values = _numbers(amounts)
    if len(values) == 0:
        return math.nan
    _refuse_unless(bool(values.min() >= 0))
    total = math.fsum(values)
    if total == 0.0:
        return 0.0
    return math.fsum((values / total) ** 2)


def _numbers(amounts: ArrayLike) -> NDArray[Any]:
    values = np.asarray(amounts)
    kind = np.int64 if values.dtype.kind in "biu" else np.float64
    return values.astype(kind, copy=False)


def _refuse_unless(holds: bool) -> None:
    if not holds:
        raise ValueError("amounts below zero (or not numbers) have no such index")


@compiled(nogil=True)
def _sums_in_order(values: NDArray[np.int64], of: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sum of the chosen numbers, and of their running totals in ascending order.

    Each in two parts, the upper of which counts 2^32: together they go beyond 64 bits. The fifth
    number is below zero if one of all ``values`` is; then there are no sums. Numbers are sorted by
    digits, the last ones first, as amounts of money have few; by the first digit they need only be
    gathered. Who has nothing stands first and adds nothing.
    """
    some, counts = np.empty(_AT_ONCE, np.int64), np.zeros(_DIGIT + 1, np.int64)
    bits = n = 0
    for begin in range(0, len(values), _AT_ONCE):
        n_some = _put_chosen(values[begin : begin + _AT_ONCE], of[begin : begin + _AT_ONCE], some)
        for k in range(begin, min(begin + _AT_ONCE, len(values))):
            bits |= values[k]
        for k in range(n_some):
            counts[some[k] & _DIGIT] += 1
        n += n_some
    sums = np.zeros(5, np.int64)
    sums[4] = bits
    if bits < 0:
        return sums
    shift = 0
    if bits >> _FIRST_BITS == 0:
        place, here = np.zeros(1, np.int64), np.empty(0, np.int64)
    else:
        place, here = _places(counts), np.empty(n, np.int64)
    while bits >> shift >> _FIRST_BITS != 0:
        shift += _DIGIT_BITS
    by_digit = np.zeros(((bits >> shift) + 1, _N_SUMS), np.int64)
    for begin in range(0, len(values), _AT_ONCE):
        n_some = _put_chosen(values[begin : begin + _AT_ONCE], of[begin : begin + _AT_ONCE], some)
        if len(here) == 0:
            _gather(some[:n_some], 0, by_digit)
        else:
            _sort(some[:n_some], 0, place, here)
    if len(here) > 0:
        for lower in range(_DIGIT_BITS, shift, _DIGIT_BITS):
            counts[:] = 0
            for value in here:
                counts[value >> lower & _DIGIT] += 1
            there = np.empty(n, np.int64)
            _sort(here, lower, _places(counts), there)
            here = there
        _gather(here, shift, by_digit)
    before = 0
    for digit in range(len(by_digit)):
        number = by_digit[digit, _NUMBER]
        sums[2] += by_digit[digit, _UPPER] + number * (before >> 32)
        sums[3] += by_digit[digit, _LOWER] + number * (before & _LOW_32)
        before += by_digit[digit, _SUM]
    sums[0], sums[1] = before >> 32, before & _LOW_32
    return sums


@compiled
def _put_chosen(values: NDArray[np.int64], of: NDArray[np.bool_], some: NDArray[np.int64]) -> int:
    """Put the chosen numbers above zero into ``some``; return how many there are."""
    n = 0
    for k in range(len(values)):
        some[n] = values[k]
        n += of[k] & (values[k] > 0)
    return n


@compiled
def _places(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the numbers with each digit begin once they are sorted by it."""
    place = np.zeros(len(counts), np.int64)
    for digit in range(1, len(counts)):
        place[digit] = place[digit - 1] + counts[digit - 1]
    return place


@compiled
def _sort(
    values: NDArray[np.int64], shift: int, place: NDArray[np.int64], there: NDArray[np.int64]
) -> None:
    """Put each number where the next one with its digit belongs."""
    for value in values:
        digit = value >> shift & _DIGIT
        there[place[digit]] = value
        place[digit] += 1


@compiled
def _gather(values: NDArray[np.int64], shift: int, by_digit: NDArray[np.int64]) -> None:
    """Add numbers, in order of all lower digits, to the sums of those with their first digit."""
    for value in values:
        digit = value >> shift
        total = by_digit[digit, _SUM] + value
        by_digit[digit, _NUMBER] += 1
        by_digit[digit, _SUM] = total
        by_digit[digit, _UPPER] += total >> 32
        by_digit[digit, _LOWER] += total & _LOW_32
