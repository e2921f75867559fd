"""Products under examination, in columns: as many rows for each choice as it has looks."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.world.columns import F8, I8, NOBODY, ORGANIC


class Looks(NamedTuple):
    """Rows ``k·n_looks`` to ``(k + 1)·n_looks`` are the looks of the k-th choice.

    Behind them is one more row, for products that are not looked at after all: so nothing needs to
    be decided before it is written.
    """

    n: I8
    """[choices] how many products are looked at."""
    choice: I8
    """Whose row it is; fixed."""
    shopper: I8
    merchant: I8
    channel: I8
    """Down the ranked list, where nothing else is said."""
    share: I8
    """Through which the product was found, -1 none."""
    tie: I8
    """Over which it was, -1 none."""
    seen: I8
    """[choices, places] ``before`` + the row in which a choice looks at the product that has this
    place in the catalogue of its category; anything less where it does not."""
    before: I8
    """[1] rows that were used for choices before these."""


def no_looks(n_choices: int, n_looks: int, n_places: int) -> Looks:
    """Return room for so many looks in each of so many choices, at so many products a category."""
    n_rows = n_choices * n_looks + 1
    shopper, merchant, channel, share, tie = np.empty((5, n_rows), dtype=np.int64)
    choice = np.arange(n_rows, dtype=np.int64) // max(n_looks, 1)
    return Looks(
        np.empty(n_choices, np.int64),
        choice,
        shopper,
        merchant,
        channel,
        share,
        tie,
        np.full((n_choices, n_places), -1, np.int64),
        np.zeros(1, np.int64),
    )


@compiled
def clear(looks: Looks, n_choices: int, n_looks: int) -> None:
    """Forget the looks of all choices, and make room for the first ones."""
    looks.before[0] += len(looks.merchant)
    for k in range(n_choices):
        looks.n[k] = 0
    for row in range(n_choices * n_looks):
        # Where there is no product, that of the first merchant does no harm: nobody asks for it.
        looks.merchant[row], looks.channel[row] = 0, ORGANIC
        looks.share[row], looks.tie[row] = NOBODY, NOBODY


@compiled(forceinline=True)
def look_of(looks: Looks, k: int, place: int) -> int:
    """Return the row in which the k-th choice looks at the product of this place, negative: none.

    ``place`` is that in the catalogue of the category.
    """
    return looks.seen[k, place] - looks.before[0]


@compiled(forceinline=True)
def look_at(
    looks: Looks,
    n_looks: int,
    before: int,
    k: int,
    room: int,
    wanted: bool,
    merchant: int,
    place: int,
) -> int:
    """Let the k-th choice look at a product, if that is wanted, new, and there is room for it.

    ``before`` is what stands in ``looks``. Return the row of the look, or else the spare one.
    """
    n, seen = looks.n[k], looks.seen[k, place]
    fits = int(wanted & (n < room) & (seen < before))
    # A product with what fits, not a choice: the processor could only guess which it is.
    spare = spare_row(looks)
    row = spare + fits * (k * n_looks + n - spare)
    looks.merchant[row] = merchant
    looks.seen[k, place] = seen + fits * (before + row - seen)
    looks.n[k] = n + fits
    return row


@compiled(forceinline=True)
def spare_row(looks: Looks) -> int:
    """Return the row of products that are not looked at."""
    return len(looks.merchant) - 1


class Waiting(NamedTuple):
    """Choices that still have room for looks, and what they come across next."""

    choice: I8
    """[choices]"""
    shopper: I8
    """[choices]"""
    category: I8
    """[choices]"""
    luck: F8
    """[choices · candidates]"""


def nobody_waiting(n_choices: int, n_candidates: int) -> Waiting:
    """Return room for so many choices, that come across so many products at a time."""
    shopper, category = np.empty((2, n_choices), dtype=np.int64)
    return Waiting(
        np.empty(n_choices + 1, np.int64), shopper, category, np.empty(n_choices * n_candidates)
    )
