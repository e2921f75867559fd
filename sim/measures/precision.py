"""How sure a mean is: a second interval beside Student's, and how many pairs a width needs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.measures.differences import LEVEL, student_t

RESAMPLES = 2_000
"""Resamples of a bootstrap interval."""
FEWEST = 10
"""Pairs from which a bootstrap interval is worth comparing."""
NEAR = 0.15
"""Intervals agree when their ends differ by at most this share of Student's width."""
WIDEST_SHARE = 0.5
"""Width of its 95 % interval up to which a share of the variance tells large from small."""
MOST = 1_000_000
"""More pairs than these are not counted."""


def bootstrap_interval(
    sample: Sequence[float], seed: int, level: float = LEVEL
) -> tuple[float, float]:
    """Bounds of the BCa bootstrap interval of the mean, in the unit of the sample.

    NaN for fewer than three values; for equal values, that value twice. Source: Efron (1987),
    "Better bootstrap confidence intervals".
    """
    from scipy.stats import bootstrap

    if len(sample) < 3:
        return math.nan, math.nan
    if min(sample) == max(sample):
        return sample[0], sample[0]
    found = bootstrap(
        (np.asarray(sample, dtype=np.float64),),
        np.mean,
        n_resamples=RESAMPLES,
        confidence_level=level,
        method="BCa",
        rng=np.random.default_rng(seed),
    ).confidence_interval
    return float(found.low), float(found.high)


def agreement(
    sample: Sequence[float], student: tuple[float, float], bootstrap: tuple[float, float]
) -> str:
    """`agree`, or why Student's and the bootstrap interval do not.

    Few pairs: resampling cannot show what was not seen, and the bootstrap is too narrow. Skewed:
    the differences lean to one side, which Student's interval does not follow.
    """
    if len(sample) < FEWEST:
        return f"fewer than {FEWEST} pairs"
    width = student[1] - student[0]
    apart = max(abs(a - b) for a, b in zip(student, bootstrap))
    if math.isnan(apart) or apart <= NEAR * width:
        return "agree"
    centred = np.asarray(sample) - np.mean(sample)
    skewness = float(np.mean(centred**3) / np.mean(centred**2) ** 1.5)
    if abs(skewness) >= 1:
        return f"skewed to the {'right' if skewness > 0 else 'left'}"
    return "few pairs for their spread"


def pairs_for(deviation: float, width: float, level: float = LEVEL) -> int:
    """Fewest pairs n for which Student's interval is at most that wide: 2·t(n − 1)·s/√n ≤ width.

    `deviation` is the standard deviation of the paired differences, in the unit of the width. At
    most `MOST`.
    """
    low, high = 1, 2
    while high < MOST and _width(deviation, high, level) > width:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _width(deviation, middle, level) > width:
            low = middle
        else:
            high = middle
    return min(high, MOST)


def deviation_from(reach: float, n: int, level: float = LEVEL) -> float:
    """Standard deviation behind half the width of Student's interval of n ≥ 2 values."""
    return reach * math.sqrt(n) / student_t(n, level)


def _width(deviation: float, n: int, level: float) -> float:
    return 2 * student_t(n, level) * deviation / math.sqrt(n)


def too_few_samples(indices: pd.DataFrame) -> bool:
    """Whether the interval of a Sobol index, first-order or total, is wider than `WIDEST_SHARE`.

    An interval that is not known counts as wider.
    """
    widths = [indices[f"{order}_high"] - indices[f"{order}_low"] for order in ("first", "total")]
    return not all((width <= WIDEST_SHARE).all() for width in widths)
