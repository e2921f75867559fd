"""What many runs of a market say together: means with intervals, and contrasts of two markets.

Tables here are long: one row a run (market, seed) and group, with the value in one column.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from sim.measures.differences import LEVEL, student_interval

SUMMARY_COLUMNS = ("mean", "low", "high", "n")
"""Columns that `means_over_runs` adds to those it groups by."""


class Contrast(NamedTuple):
    """A number in two markets and their mean paired difference, in the unit of the number."""

    first: str
    second: str
    first_mean: float
    second_mean: float
    estimate: float
    """First less second."""
    low: float
    high: float
    n: int
    """Pairs of runs in which the number is defined on both sides."""

    @property
    def sign(self) -> int:
        """1 or -1 where the interval leaves out zero on that side, 0 for no clear difference."""
        return int(self.low > 0) - int(self.high < 0)

    @property
    def has_interval(self) -> bool:
        """Whether there are pairs enough for an interval."""
        return not math.isnan(self.low)


def means_over_runs(
    values: pd.DataFrame, by: Sequence[str], value: str, level: float = LEVEL
) -> pd.DataFrame:
    """Mean of a column over the runs of each group and its Student interval, in its unit.

    `by` names the columns that make a group; the rows of a group are one a run. Runs in which the
    value is not defined are left out; `n` counts the others. The bounds of one run are NaN.
    """
    rows = [
        [*key, *student_interval(known, level), len(known)]
        for key, group in values.groupby(list(by), sort=True, observed=True)[value]
        for known in [group.dropna().astype(float).tolist()]
    ]
    return pd.DataFrame(rows, columns=pd.Index([*by, *SUMMARY_COLUMNS]))


def contrast(
    values: pd.DataFrame, value: str, first: str, second: str, level: float = LEVEL
) -> Contrast:
    """The markets `first` and `second` in a column with one row a run, in the unit of the column.

    Only pairs (runs of one seed) count in which the value is defined in both markets.
    """
    by_seed = {
        market: values.loc[values["market"] == market].set_index("seed")[value].astype(float)
        for market in (first, second)
    }
    both = pd.concat([by_seed[first], by_seed[second]], axis=1, keys=["a", "b"]).dropna()
    differences = [a - b for a, b in zip(both["a"], both["b"], strict=True)]
    return Contrast(
        first,
        second,
        student_interval(both["a"].tolist())[0],
        student_interval(both["b"].tolist())[0],
        *student_interval(differences, level),
        len(differences),
    )


def contrasts_of(differences: pd.DataFrame) -> dict[str, Contrast]:
    """Rows of a table of paired differences of one pair of markets, by outcome, in its unit."""
    return {
        str(row["outcome"]): Contrast(*(row[name] for name in Contrast._fields))
        for row in differences.to_dict("records")
    }


def relative_differences(differences: pd.DataFrame) -> pd.DataFrame:
    """Rows of a table of paired differences with estimate and bounds in % of the second mean.

    100 · (first − second) / mean of second, bounds likewise: an interval leaves out zero just where
    that of the absolute difference does. Rows whose second mean is not above zero are left out.
    """
    base = differences["second_mean"]
    rows = differences[base > 0].reset_index(drop=True)
    for name in ("estimate", "low", "high"):
        rows[name] = 100.0 * rows[name] / rows["second_mean"]
    rows["unit"] = "%"
    return rows
