"""Whether good products sell: rank agreement of sales and quality, and who leaves the market."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

#: Quality levels run from 0 to this one; quality is level / TOP_LEVEL.
TOP_LEVEL = 4
#: Products up to this quality are called bad, from that quality on good.
BAD_QUALITY, GOOD_QUALITY = 0.25, 0.75


class Agreement(NamedTuple):
    """Counts of pairs of two rankings."""

    score: int  # concordant pairs less discordant ones
    pairs_x: int  # pairs that differ in x
    pairs_y: int  # pairs that differ in y

    def tau_b(self) -> float:
        """Kendall's τ-b, -1 to 1; NaN where one ranking has no two different values."""
        between = math.sqrt(self.pairs_x * self.pairs_y)
        return self.score / between if between else math.nan


def agreement(groups: ArrayLike, x: ArrayLike, y: ArrayLike) -> Agreement:
    """Counts of the pairs within the same group; quick where ``y`` has few different values."""
    group, value, rank = (_places(column) for column in (groups, x, y))
    width = len(value) + 1
    key = group * width + value  # sorts by group, then x
    score = 0
    for level in range(1, int(rank.max(initial=0)) + 1):
        lower = np.sort(key[rank < level])
        mine = key[rank == level]
        first = mine // width * width
        less = np.searchsorted(lower, mine, "left") - np.searchsorted(lower, first, "left")
        until = np.searchsorted(lower, first + width, "left")
        score += int((less - until + np.searchsorted(lower, mine, "right")).sum())
    pairs = _pairs_alike(group)
    alike_in_y = _pairs_alike(group * width + rank)
    return Agreement(score, pairs - _pairs_alike(key), pairs - alike_in_y)


def tau_b_within(groups: ArrayLike, x: ArrayLike, y: ArrayLike) -> float:
    """Kendall's τ-b of x and y over pairs within the same group, -1 to 1.

    τ = Σ(C - D) / √(ΣPx · ΣPy), sums over groups of concordant and discordant pairs and of the
    pairs that differ in x and in y. NaN where none differ.
    Source: Kendall (1945), pooled over strata.
    """
    return agreement(groups, x, y).tau_b()


def sales_by_quality(merchants: pd.DataFrame) -> pd.DataFrame:
    """Orders and merchant-weeks on offer by quality, with the share of each in their sums.

    From the merchants table (or some weeks of it); quality sold less quality offered is
    Σ quality · (share of orders - share of offers).
    """
    on_offer = merchants[merchants["active"]]
    table = on_offer.groupby("quality", as_index=False).agg(
        orders=("orders", "sum"), offers=("orders", "size")
    )
    table["order_share"] = table["orders"] / max(int(table["orders"].sum()), 1)
    table["offer_share"] = table["offers"] / max(int(table["offers"].sum()), 1)
    return table


def exit_hazards(merchants: pd.DataFrame) -> pd.DataFrame:
    """Exits per merchant-week of good, middling and bad products, with both counts.

    A merchant exits in the last week on offer, unless that is the last week of the table.
    """
    on_offer = merchants.loc[merchants["active"], ["merchant", "week", "quality"]]
    at_risk = on_offer[on_offer["week"] < merchants["week"].max()]
    next_week = at_risk.assign(week=at_risk["week"] + 1).merge(
        on_offer[["merchant", "week"]], on=["merchant", "week"], how="left", indicator=True
    )
    exits = (next_week["_merge"] == "left_only").to_numpy()
    quality = at_risk["quality"].to_numpy()
    kinds = {
        "bad": quality <= BAD_QUALITY,
        "middling": (quality > BAD_QUALITY) & (quality < GOOD_QUALITY),
        "good": quality >= GOOD_QUALITY,
    }
    rows = [
        {"quality": kind, "merchant_weeks": int(which.sum()), "exits": int(exits[which].sum())}
        for kind, which in kinds.items()
    ]
    table = pd.DataFrame(rows)
    weeks = table["merchant_weeks"].to_numpy()
    table["hazard_per_week"] = np.divide(
        table["exits"].to_numpy(), weeks, out=np.full(len(weeks), math.nan), where=weeks > 0
    )
    return table


def exit_hazard_ratio(merchants: pd.DataFrame) -> float:
    """Exit hazard of bad products over that of good ones; NaN where no good one ever left."""
    hazard = exit_hazards(merchants).set_index("quality")["hazard_per_week"]
    return float(hazard["bad"] / hazard["good"]) if hazard["good"] > 0 else math.nan


def _places(values: ArrayLike) -> NDArray[np.int64]:
    """Place of each value among the different ones, from 0 in ascending order."""
    return np.unique(np.asarray(values), return_inverse=True)[1].astype(np.int64)


def _pairs_alike(values: NDArray[np.int64]) -> int:
    counts = np.unique(values, return_counts=True)[1]
    return int((counts * (counts - 1) // 2).sum())
