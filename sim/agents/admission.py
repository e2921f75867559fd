"""Who may sell: audits, the choice of applicants, and the random order in which they come."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim import draws
from sim.rules.screening import audit_signal
from sim.world.columns import F8, I8, NOBODY


def audit_signals(
    seed: int, week: int, merchant: I8, quality_sd: F8, audit_correlation: float
) -> F8:
    """Finding of an audit of each merchant, in standard deviations; fresh luck every week."""
    noise = draws.normal_column(seed, merchant, NOBODY, week, draws.AUDIT)
    return np.array(
        [
            audit_signal(float(quality), float(luck), audit_correlation)
            for quality, luck in zip(quality_sd, noise, strict=True)
        ]
    )


def arrival_order(seed: int, merchant: I8) -> F8:
    """Place of each merchant in the random order of coming, 0..1; the same in every market."""
    return draws.uniform_column(seed, merchant, NOBODY, 0, draws.ENTRY)


def first_by(key: F8, n: int) -> I8:
    """Rows of the ``n`` smallest keys, smallest first; ties to the lower row."""
    return np.argsort(key, kind="stable")[:n]


def places(admit_share: float, category_sizes: I8) -> list[int]:
    """Places to give in each category; in sum round(admit share x applicants).

    Rounded over the categories so far, so that one more applicant in the last category changes
    nothing in the others.
    """
    up_to = [round(admit_share * int(size)) for size in np.cumsum(category_sizes)]
    return [here - before for before, here in pairwise([0, *up_to])]
