"""Whether good products sell: rank agreement of sales and quality, and who leaves the market."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.compiled import compiled
from sim.measures.sums import sums_by
from sim.world.columns import I8, U1

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
    group, value = np.asarray(groups), np.asarray(x)
    order = np.lexsort((value, group))
    new_group = _begins(group[order])
    levels, level = np.unique(np.asarray(y), return_inverse=True)
    counts = _count_pairs(
        new_group, new_group | _begins(value[order]), level[order].astype(np.int64), len(levels)
    )
    return Agreement(*counts)


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
    active = merchants["active"].to_numpy()
    table = sums_by(
        "quality",
        merchants["quality"].to_numpy()[active],
        {"orders": merchants["orders"].to_numpy()[active], "offers": active[active]},
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


def _begins(ordered: NDArray[Any]) -> U1:
    """Whether each value differs from the one before it; the first one does."""
    begins = np.ones(len(ordered), dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=begins[1:])
    return begins


@compiled
def _count_pairs(new_group: U1, new_value: U1, level: I8, n_levels: int) -> tuple[int, int, int]:
    """Score, pairs that differ in x and pairs that differ in y of rows sorted by group, then x.

    Each row meets those of its group before it: of smaller x, counted by y in ``below``, and of
    the same x, in ``beside``.
    """
    below, beside = np.zeros(n_levels, np.int64), np.zeros(n_levels, np.int64)
    score = pairs_x = pairs_y = n_below = n_beside = 0
    for row in range(len(level)):
        if new_value[row]:
            below += beside
            n_below += n_beside
            beside[:] = 0
            n_beside = 0
        if new_group[row]:
            below[:] = 0
            n_below = 0
        own = level[row]
        for other in range(own):
            score += below[other]
        for other in range(own + 1, n_levels):
            score -= below[other]
        pairs_x += n_below
        pairs_y += n_below + n_beside - below[own] - beside[own]
        beside[own] += 1
        n_beside += 1
    return score, pairs_x, pairs_y
