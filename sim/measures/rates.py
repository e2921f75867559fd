"""Weekly outcomes put in relation: margins, and posts of those who may post."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.quality import GOOD_QUALITY
from sim.rules.rewards import pyramid_threshold

USER_PARTS = frozenset({"rewards", "rebates"})
"""Parts of 100 yuan that go back to users, refunds apart."""
PLATFORM_PARTS = frozenset({"advertising", "fee", "commission"})
"""Parts of 100 yuan that merchants pay the platform."""


def margins_by_week(weekly: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """What is left to merchants of each week's sales, as shares of the sales of a run's weeks.

    Gross margin = (purchases − cost of goods) / purchases; profit margin = merchants' profit
    (after fees, ads, rewards, rebates, refunds and fixed cost) / purchases. NaN without sales.
    """
    cost = ledger[ledger["purpose"] == "cost_of_goods"].groupby("week")["amount_fen"].sum()
    goods = weekly["week"].map(cost).fillna(0).to_numpy(dtype=np.float64)
    sales = weekly["gmv_fen"].to_numpy(dtype=np.float64)
    table = weekly[["market", "seed", "week"]].copy()
    table["gross_margin_share"] = _per(sales - goods, sales)
    table["profit_share"] = _per(weekly["merchant_profit_fen"].to_numpy(dtype=np.float64), sales)
    return table


def posts_per_100_members(weekly: pd.DataFrame) -> pd.DataFrame:
    """Posts of each week per 100 members of a run; NaN without members."""
    table = weekly[["market", "seed", "week"]].copy()
    posts = 100.0 * weekly["posts"].to_numpy(dtype=np.float64)
    table["posts_per_100_members"] = _per(posts, weekly["members"].to_numpy(dtype=np.float64))
    return table


def good_percent(by_quality: pd.DataFrame) -> float:
    """Orders of good quality in % of all, from a table of sales by quality; NaN without any.

    Good is from `sim.measures.quality.GOOD_QUALITY` on.
    """
    orders = int(by_quality["orders"].sum())
    good = int(by_quality.loc[by_quality["quality"] >= GOOD_QUALITY, "orders"].sum())
    return 100.0 * good / orders if orders else math.nan


def of_100_to(money: pd.DataFrame, parts: Collection[str]) -> pd.DataFrame:
    """Yuan of 100 that go to those parts together, a row a run (market, seed, of_100).

    `money` are the tables of where each yuan goes, with the market and seed of each run.
    """
    wanted = money[money["part"].isin(parts)]
    sums = wanted.groupby(["market", "seed"])["of_100"].sum(min_count=1)
    return sums.reset_index()


def _per(amount: NDArray[np.float64], of: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(amount, of, out=np.full(len(of), np.nan), where=of > 0)


def gross_margin(weekly: pd.DataFrame, ledger: pd.DataFrame, first: int = 0) -> float:
    """Purchases less cost of goods, as a share of purchases, from week `first` on; NaN unsold."""
    sales = int(weekly.loc[weekly["week"] >= first, "gmv_fen"].sum())
    of_goods = (ledger["purpose"] == "cost_of_goods") & (ledger["week"] >= first)
    return (sales - int(ledger.loc[of_goods, "amount_fen"].sum())) / sales if sales else math.nan


def meets_pyramid_rule(outcomes: Mapping[str, float], levels: int) -> bool:
    """Whether a run that paid rewards over so many levels meets the rule on pyramid selling.

    Members of the platform are its participants.
    """
    members = outcomes["members"]
    participants = 0 if math.isnan(members) else round(members)
    return outcomes["sharer_income_fen"] > 0.0 and pyramid_threshold(participants, levels)
