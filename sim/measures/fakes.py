"""Fake reviews: how many there are, and whose.

No table tells them apart. Who reviews is drawn for each order, so what stands beyond
orders · review_prob is fake, but for that luck.
"""

from __future__ import annotations

import math

import pandas as pd


def fake_review_share(merchants: pd.DataFrame, review_prob: float) -> float:
    """Share of all reviews that is fake, 0 to 1; NaN without any."""
    reviews = int(merchants.loc[merchants["week"] == merchants["week"].max(), "n_reviews"].sum())
    honest = review_prob * int(merchants["orders"].sum())
    return max(0.0, 1.0 - honest / reviews) if reviews else math.nan


def fakes_of_low_rated(merchants: pd.DataFrame, review_prob: float, first: int = 0) -> float:
    """Share of fake reviews that are of the lower half of sellers by rating, from week `first` on.

    0 to 1; NaN without any. The rating is the one that buyers see when the week begins: the mean
    of all reviews, fake ones among them. Who has none yet ranks lowest, as few reviews are a weak
    reputation too (Luca, Zervas 2016). Halves are those of the sellers on offer in the week;
    equals over whom the middle falls count in part.
    """
    of_each = merchants.groupby("merchant")
    before = of_each["n_reviews"].shift(fill_value=0)
    fakes = merchants["n_reviews"] - before - review_prob * merchants["orders"]
    rating = of_each["mean_review"].shift().fillna(-1.0)
    counted = (merchants["active"] & (merchants["week"] >= first)).to_numpy()
    fakes, rating, week = fakes[counted], rating[counted], merchants.loc[counted, "week"]
    among = rating.groupby(week)
    lower = among.rank(method="min") - 1.0
    equals = among.rank(method="max") - lower
    low = ((among.transform("size") / 2.0 - lower) / equals).clip(0.0, 1.0)
    total = float(fakes.sum())
    return min(max(float((low * fakes).sum()) / total, 0.0), 1.0) if total > 0.0 else math.nan
