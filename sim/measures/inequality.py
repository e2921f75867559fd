"""How unequally something is spread: Gini index and Herfindahl-Hirschman index."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.compiled import compiled

_LOW_32 = (1 << 32) - 1
#: Most bits of a digit by which whole numbers are sorted: counts that stay in the nearest cache.
_DIGIT_BITS = 11
#: Bits of the first digit, by which numbers are only gathered: enough for numbers that follow each
#: other to go to different sums, of which none waits for the other.
_FIRST_BITS = 10
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
    values, of = np.ascontiguousarray(values), np.ascontiguousarray(of)
    n = int(np.count_nonzero(of))
    if values.dtype.kind == "i":
        bits = int(_bits_of_all(values))
        _refuse_unless(bits >= 0)
        if n == 0:
            return math.nan
        size = np.int32 if bits <= np.iinfo(np.int32).max else np.int64
        room = np.empty((2, n + 1), dtype=size)
        digits = _digits(bits.bit_length() - _FIRST_BITS)
        sums = _sums_in_order(values, of, bits, *digits, *room).tolist()
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


def _digits(n_bits: int) -> tuple[int, int]:
    """Return how many digits, and of how many bits, cover the lowest bits of numbers."""
    n_digits = max(0, -(-n_bits // _DIGIT_BITS))
    return n_digits, -(-n_bits // max(n_digits, 1))


@compiled(nogil=True)
def _bits_of_all(values: NDArray[np.int64]) -> int:
    """Return the bits that any of the numbers has; below zero if one of them is."""
    bits = 0
    for value in values:
        bits |= value
    return bits


@compiled(nogil=True)
def _sums_in_order(
    values: NDArray[np.int64],
    of: NDArray[np.bool_],
    bits: int,
    n_digits: int,
    digit_bits: int,
    here: NDArray[Any],
    there: NDArray[Any],
) -> NDArray[np.int64]:
    """Sum of the chosen numbers, and of their running totals in ascending order.

    Each in two parts, the upper of which counts 2^32: together they go beyond 64 bits. Numbers are
    sorted by so many digits, the last ones first; by what is above these they need only be
    gathered. Who has nothing stands first and adds nothing. ``bits`` are those of all numbers,
    ``here`` and ``there`` room for the chosen ones and one more.
    """
    n = 0
    for k in range(len(values)):
        # Written before it is known to count: no choice is made.
        here[n] = values[k]
        n += of[k] & (values[k] > 0)
    here, there = here[:n], there[:n]
    for digit in range(n_digits):
        _sort(here, digit * digit_bits, (1 << digit_bits) - 1, there)
        here, there = there, here
    shift = n_digits * digit_bits
    by_digit = np.zeros(((bits >> shift) + 1, _N_SUMS), np.int64)
    _gather(here, shift, by_digit)
    sums, before = np.zeros(4, np.int64), 0
    for digit in range(len(by_digit)):
        number = by_digit[digit, _NUMBER]
        sums[2] += by_digit[digit, _UPPER] + number * (before >> 32)
        sums[3] += by_digit[digit, _LOWER] + number * (before & _LOW_32)
        before += by_digit[digit, _SUM]
    sums[0], sums[1] = before >> 32, before & _LOW_32
    return sums


@compiled
def _sort(values: NDArray[Any], shift: int, mask: int, there: NDArray[Any]) -> None:
    """Put each number where the next one with its digit belongs."""
    place = np.zeros(mask + 2, np.int64)
    for value in values:
        place[(np.int64(value) >> shift & mask) + 1] += 1
    for before in range(mask):
        place[before + 1] += place[before]
    for value in values:
        digit = np.int64(value) >> shift & mask
        there[place[digit]] = value
        place[digit] += 1


@compiled
def _gather(values: NDArray[Any], shift: int, by_digit: NDArray[np.int64]) -> None:
    """Add numbers, in order of all lower digits, to the sums of those with their first digit."""
    for value in values:
        digit = np.int64(value) >> shift
        total = by_digit[digit, _SUM] + value
        by_digit[digit, _NUMBER] += 1
        by_digit[digit, _SUM] = total
        by_digit[digit, _UPPER] += total >> 32
        by_digit[digit, _LOWER] += total & _LOW_32
