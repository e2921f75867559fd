"""Whether who was useful stays useful: recommendations that proved true, by sharer and time."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

#: Referred purchases a sharer needs in each half of a run to be judged in both.
MIN_OUTCOMES = 3


def referred_outcomes(orders: pd.DataFrame, shares: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """One row a purchase through somebody else's post: sharer, week and whether it was useful.

    Useful: experienced quality ≥ stated quality − tolerance, as buyers judge it themselves.
    """
    through = orders[(orders["share"] >= 0) & (orders["sharer"] != orders["consumer"])]
    row = np.searchsorted(shares["share"].to_numpy(), through["share"].to_numpy())
    stated = shares["stated_quality"].to_numpy()[row]
    return pd.DataFrame(
        {
            "sharer": through["sharer"].to_numpy(),
            "week": through["week"].to_numpy(),
            "useful": through["experienced_quality"].to_numpy() >= stated - tolerance,
        }
    )


def useful_shares(outcomes: pd.DataFrame, first: int, end: int) -> pd.DataFrame:
    """Share of useful recommendations of each sharer in weeks first to end − 1, and their number.

    Columns useful_share (0 to 1) and n, by sharer. From the table of `referred_outcomes`.
    """
    there = outcomes[(outcomes["week"] >= first) & (outcomes["week"] < end)]
    return there.groupby("sharer").agg(useful_share=("useful", "mean"), n=("useful", "size"))


def usefulness_persists(outcomes: pd.DataFrame, first: int, end: int) -> float:
    """Raw correlation of sharers' useful shares in the two halves of some weeks, −1 to 1.

    Pearson's r over sharers with at least `MIN_OUTCOMES` outcomes in each half; NaN below three of
    them, or where a half does not vary. Shares of a few outcomes each are noisy, which draws r
    towards 0: see `usefulness_persists_corrected`.
    """
    return _raw_correlation(*_known_in_both_halves(outcomes, first, end))


def usefulness_persists_corrected(outcomes: pd.DataFrame, first: int, end: int) -> float:
    """That correlation corrected for counting noise: what it would be with very many outcomes.

    r / √(reliability before · reliability after), each of `_reliability`; luck can carry it beyond
    −1 and 1. NaN where r is, or where a reliability is not above 0.
    Source: Spearman (1904), The proof and measurement of association between two things.
    """
    before, after = _known_in_both_halves(outcomes, first, end)
    raw = _raw_correlation(before, after)
    if math.isnan(raw):
        return math.nan
    reliable = [_reliability(half) for half in (before, after)]
    return raw / math.sqrt(reliable[0] * reliable[1]) if min(reliable) > 0 else math.nan


def _known_in_both_halves(
    outcomes: pd.DataFrame, first: int, end: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Useful shares in both halves of sharers with enough outcomes in each, in the same order."""
    middle = (first + end) // 2
    halves = [useful_shares(outcomes, first, middle), useful_shares(outcomes, middle, end)]
    before, after = (half[half["n"] >= MIN_OUTCOMES] for half in halves)
    both = before.index.intersection(after.index)
    return before.loc[both], after.loc[both]


def _raw_correlation(before: pd.DataFrame, after: pd.DataFrame) -> float:
    x, y = before["useful_share"].to_numpy(), after["useful_share"].to_numpy()
    if len(x) < 3 or not x.std() > 0 or not y.std() > 0:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def _reliability(half: pd.DataFrame) -> float:
    """Share of the variance of useful shares that is no counting noise, at most 1; they vary.

    1 − mean(u(1−u)/(n−1)) / var(u): u(1−u)/(n−1) estimates, without bias, the variance of a share
    of n independent outcomes.
    """
    share, n = half["useful_share"].to_numpy(), half["n"].to_numpy()
    noise = share * (1.0 - share) / (n - 1)
    return 1.0 - float(noise.mean() / share.var(ddof=1))


def leaders_of(exposures: pd.DataFrame, first: int, end: int) -> set[int]:
    """Sharers whose posts were looked up as a leader's in weeks first to end − 1."""
    looked_up = exposures[
        (exposures["channel"] == "leader")
        & (exposures["week"] >= first)
        & (exposures["week"] < end)
    ]
    return {int(sharer) for sharer in looked_up["sharer"].unique()}


def leaders_lead_later(outcomes: pd.DataFrame, leaders: set[int], first: int, end: int) -> float:
    """Useful share of leaders' later recommendations less that of all others', −1 to 1.

    Of all recommendations of weeks first to end − 1; NaN where one side made none.
    """
    later = outcomes[(outcomes["week"] >= first) & (outcomes["week"] < end)]
    led = later["sharer"].isin(leaders)
    if not led.any() or led.all():
        return math.nan
    return float(later.loc[led, "useful"].mean() - later.loc[~led, "useful"].mean())


def leaders_staying(before: set[int], after: set[int]) -> float:
    """Share of the leaders of one time who are leaders later, 0 to 1; NaN without leaders."""
    return len(before & after) / len(before) if before else math.nan
