"""Who wins and who loses: what each group of people and merchants got in a run."""

from __future__ import annotations

import math

import pandas as pd

from sim.measures.differences import LEVEL, student_interval
from sim.measures.welfare import profit_by_quality, profit_by_size

UNITS = {
    "household_gain_fen": "fen per consumer",
    "sharer_income_fen": "fen per member",
    "profit_fen": "fen per merchant and week on offer",
}
"""Unit of what is told of the groups."""
MERCHANT_COLUMNS = ["week", "merchant", "category", "quality", "orders", "profit_fen", "active"]
"""Columns of the merchants table that are needed for it."""


def groups_of_run(people: pd.DataFrame, merchants: pd.DataFrame, first_week: int) -> pd.DataFrame:
    """One row a group: who, by, group, outcome and its value in the unit of `UNITS`.

    Consumers by price_sensitivity and insight (quarters, 0 the lowest): surplus + rewards, gross of
    the effort of posting, divided by people. Members by tier: rewards, divided by people.
    Merchants by quality, and by size, that is by what they sold in all (thirds of a category, 0
    sold least): profit, divided by weeks on offer. NaN of an empty group.
    """
    consumers = people[people["who"] == "consumers"]
    gain = consumers.assign(gain=consumers["surplus_fen"] + consumers["sharer_income_fen"])
    parts = []
    for by in ("price_sensitivity", "insight"):
        sums = gain.groupby(by)[["gain", "people"]].sum()
        value = sums["gain"] / sums["people"].where(sums["people"] > 0)
        parts.append(_rows("consumers", by, "household_gain_fen", value))
    tiers = people[people["who"] == "members"].set_index("tier")
    value = tiers["sharer_income_fen"] / tiers["people"].where(tiers["people"] > 0)
    parts.append(_rows("members", "tier", "sharer_income_fen", value))
    counted = merchants[merchants["week"] >= first_week]
    for by, table in (("quality", profit_by_quality), ("size", profit_by_size)):
        sums = table(counted).set_index(by)
        value = sums["profit_fen"] / sums["merchant_weeks"].where(sums["merchant_weeks"] > 0)
        parts.append(_rows("merchants", by, "profit_fen", value))
    return pd.concat(parts, ignore_index=True)


def group_differences(
    groups: pd.DataFrame, pairs: list[tuple[str, str]], level: float = LEVEL
) -> pd.DataFrame:
    """Mean of (first market less second) over seeds, one row a group and pair of markets.

    `groups` has rows of `groups_of_run` with columns market and seed. Seeds in which a group is
    empty in one of the markets are left out of its row.
    """
    names = ["who", "by", "group", "outcome"]
    wide = groups.pivot_table(
        index=[*names, "seed"], columns="market", values="value", sort=True, dropna=False
    )
    rows = []
    for first, second in pairs:
        for key, both in wide[[first, second]].dropna().groupby(names, sort=True):
            assert isinstance(key, tuple)
            differences = [float(a) - float(b) for a, b in zip(both[first], both[second])]
            estimate, low, high = student_interval(differences, level)
            rows.append(
                {
                    **dict(zip(names, key)),
                    "unit": UNITS[str(key[3])],
                    "first": first,
                    "second": second,
                    "first_mean": math.fsum(both[first]) / len(both),
                    "second_mean": math.fsum(both[second]) / len(both),
                    "estimate": estimate,
                    "low": low,
                    "high": high,
                    "n": len(differences),
                }
            )
    return pd.DataFrame(rows)


def _rows(who: str, by: str, outcome: str, value: pd.Series[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "who": who,
            "by": by,
            "group": value.index.astype("float64"),
            "outcome": outcome,
            "value": value.to_numpy(dtype="float64"),
        }
    )
