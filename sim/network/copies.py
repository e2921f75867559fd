"""One network several times side by side: worlds in miniature that know nothing of each other."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.network.ties import F4, Ties, starts


def side_by_side(ties: Ties, copies: int) -> Ties:
    """Return ``copies`` copies of a network of n people; person k of copy c is person c·n + k."""
    if copies == 1:
        return ties
    first = np.repeat(np.arange(copies, dtype=np.int32) * np.int32(ties.n_people), ties.n_ties)
    weight: F4 | None = None if ties.weight is None else np.tile(ties.weight, copies)
    return replace(
        ties,
        n_people=ties.n_people * copies,
        follower_start=starts(np.tile(np.diff(ties.follower_start), copies)),
        reader=np.tile(ties.reader, copies) + first,
        weight=weight,
        copies=copies,
    )
