"""Paired differences between markets, with intervals over replicates."""

import math
from collections.abc import Sequence

import pandas as pd
from scipy.special import stdtrit

from sim.measures.summary import OUTCOMES

LEVEL = 0.95
"""Level of every interval that is shown."""


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
    deviation = math.sqrt(math.fsum((value - mean) ** 2 for value in sample) / (n - 1))
    reach = float(stdtrit(n - 1, (1 + level) / 2)) * deviation / math.sqrt(n)
    return mean, mean - reach, mean + reach


def paired_differences(
    outcomes: pd.DataFrame, pairs: Sequence[tuple[str, str]], level: float = LEVEL
) -> pd.DataFrame:
    """Mean of (first market less second) over the seeds both have, one row an outcome and pair.

    `outcomes` has one row a run: market, seed, run_key and one column an outcome. Pairs in which an
    outcome is not defined are left out of it, so `n` is the number of pairs behind the row.
    """
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
                }
            )
    return pd.DataFrame(rows)


def _mean(values: "pd.Series[float]") -> float:
    return math.fsum(values) / len(values) if len(values) else math.nan
