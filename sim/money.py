"""Money in whole fen (1/100 yuan): shares and splits that lose nothing, exact at any amount.

Rates are turned into whole parts per million first, so that a share is a matter of integers and
both engines agree on it to the fen.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from numba.extending import register_jitable

FEN_PER_YUAN = 100
PARTS = 1_000_000


@register_jitable
def parts_of(rate: float) -> int:
    """Return a rate in whole parts per million, half a part rounded up."""
    return math.floor(rate * PARTS + 0.5)


@register_jitable
def share_of_fen(amount_fen: int, rate: float) -> int:
    """Return the share of an amount, in fen, half a fen rounded up.

    floor(amount·parts/10^6 + 1/2). Whole millions and the rest are multiplied apart, so that no
    product comes near 2^63 for rates up to 1.
    """
    parts = parts_of(rate)
    millions = amount_fen // PARTS
    rest = amount_fen - millions * PARTS
    return millions * parts + (rest * parts + PARTS // 2) // PARTS


@register_jitable
def part_of_fen(total_fen: int, weight: int, weight_sum: int) -> int:
    """Return floor(total·weight/sum of weights), in fen, without a product near 2^63."""
    wholes = total_fen // weight_sum
    rest = total_fen - wholes * weight_sum
    return wholes * weight + rest * weight // weight_sum


def split_fen(total_fen: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Return the parts of an amount by whole weights, in fen; their sum is the amount.

    Each part is rounded down; what is left over goes to the first. Weights that are all 0 leave
    everything to the first.
    """
    if not weights or min(weights) < 0:
        raise ValueError(f"weights must be whole numbers of 0 or more, at least one, not {weights}")
    weight_sum = sum(weights)
    if weight_sum == 0:
        return (total_fen, *(0 for _ in weights[1:]))
    parts = [part_of_fen(total_fen, weight, weight_sum) for weight in weights]
    return (parts[0] + total_fen - sum(parts), *parts[1:])


@register_jitable
def whole_fen(yuan: float) -> int:
    """Return an amount of yuan in whole fen, half a fen rounded up."""
    return math.floor(yuan * FEN_PER_YUAN + 0.5)


@register_jitable
def yuan(amount_fen: int) -> float:
    """Return an amount in yuan."""
    return amount_fen / 100.0
