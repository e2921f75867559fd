"""Paired differences between markets, with intervals over replicates."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sim.measures.summary import OUTCOMES

LEVEL = 0.95
"""Level of every interval that is shown."""
_BOOTSTRAP_SEED = 1


def student_interval(sample: Sequence[float], level: float = LEVEL) -> tuple[float, float, float]:
    """Mean of a sample and the bounds of its interval, in the unit of the sample.

    mean ± t(level, n − 1) · s / √n; the bounds of a single value are not numbers (NaN).
    Source: Student (1908), "The probable error of a mean".
    """
    n = len(sample)
    if n == 0:
        return math.nan, math.nan, math.nan
    mean = math.fsum(sample) / n
    if n == 1:
        return mean, math.nan, math.nan
    reach = student_t(n, level) * deviation(sample) / math.sqrt(n)
    return mean, mean - reach, mean + reach


def student_t(n: int, level: float = LEVEL) -> float:
    """How many standard errors Student's interval of the mean of n ≥ 2 values reaches."""
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, (1 + level) / 2))


def deviation(sample: Sequence[float]) -> float:
    """Standard deviation of a sample of two or more, in its unit: √(Σ (x − mean)² / (n − 1))."""
    mean = math.fsum(sample) / len(sample)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in sample) / (len(sample) - 1))


def paired_differences(
    outcomes: pd.DataFrame, pairs: Sequence[tuple[str, str]], level: float = LEVEL
) -> pd.DataFrame:
    """Mean of (first market less second) over the seeds both have, one row an outcome and pair.

    `outcomes` has one row a run: market, seed, run_key and one column an outcome. Pairs in which an
    outcome is not defined are left out of it, so `n` is the number of pairs behind the row. Beside
    Student's interval stand that of the bootstrap, whether they agree or why not, and the number of
    pairs that would make Student's half as wide (-1 where it has none).
    """
    from sim.measures.precision import agreement, bootstrap_interval, pairs_for

    by_market = {market: runs.set_index("seed") for market, runs in outcomes.groupby("market")}
    names = [name for name in outcomes.columns if name not in ("market", "seed", "run_key")]
    rows = []
    for first, second in pairs:
        for name in names:
            both = pd.concat(
                [by_market[first][name], by_market[second][name]], axis=1, keys=["a", "b"]
            ).dropna()
            differences = [float(a) - float(b) for a, b in zip(both["a"], both["b"], strict=True)]
            estimate, low, high = student_interval(differences, level)
            resampled = bootstrap_interval(differences, _BOOTSTRAP_SEED, level)
            rows.append(
                {
                    "outcome": name,
                    "unit": OUTCOMES[name],
                    "first": first,
                    "second": second,
                    "first_mean": _mean(both["a"]),
                    "second_mean": _mean(both["b"]),
                    "estimate": estimate,
                    "low": low,
                    "high": high,
                    "n": len(differences),
                    "bootstrap_low": resampled[0],
                    "bootstrap_high": resampled[1],
                    "intervals": agreement(differences, (low, high), resampled),
                    "n_for_half_width": -1
                    if math.isnan(low)
                    else pairs_for(deviation(differences), (high - low) / 2, level),
                }
            )
    return pd.DataFrame(rows)


def _mean(values: pd.Series[float]) -> float:
    return math.fsum(values) / len(values) if len(values) else math.nan
