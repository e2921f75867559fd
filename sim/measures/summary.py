"""One number per outcome and run, read from the weekly table.

Flows are summed over the counted weeks and divided by the number of consumers; entries and exits
of merchants are only summed. Stocks are averaged over the last 13 counted weeks, at most. Weeks
of the warm-up are not counted.
"""

from __future__ import annotations

import math

import pandas as pd

LAST_WEEKS = 13
"""Weeks over which stocks are averaged, a quarter."""

FLOWS = {
    "choices": "choices per consumer",
    "examined": "products weighed per consumer",
    "orders": "orders per consumer",
    "gmv_fen": "fen per consumer",
    "consumer_surplus_fen": "fen per consumer",
    "merchant_profit_fen": "fen per consumer",
    "platform_revenue_fen": "fen per consumer",
    "platform_cost_fen": "fen per consumer",
    "sharer_income_fen": "fen per consumer",
    "rebate_fen": "fen per consumer",
    "refund_fen": "fen per consumer",
    "ad_spend_fen": "fen per consumer",
    "commission_fen": "fen per consumer",
    "posts": "posts per consumer",
    "posting_effort_fen": "fen per consumer",
    "reads": "read posts per consumer",
    "sharing_orders": "orders per consumer",
    "sharing_profit_fen": "fen per consumer",
}
"""Columns of the weekly table that are summed and divided by the number of consumers, with unit."""

COUNTS = {"entries": "merchants", "exits": "merchants"}
"""Columns that are only summed, with unit."""

STOCKS = {
    "mean_quality_sold": "quality, 0 to 1",
    "mean_quality_offered": "quality, 0 to 1",
    "mean_price_fen": "fen",
    "useless_read_share": "share of reads",
    "conversion_per_read": "orders per read post",
    "mean_tie_trust": "trust, 0 to 1",
    "muted_share": "share of ties",
    "members": "members",
    "merchants_active": "merchants",
    "sales_quality_tau": "Kendall tau-b",
    "hhi": "index, 0 to 1",
    "gini_sales": "index, 0 to 1",
    "gini_sharer_income": "index, 0 to 1",
    "sharing_members": "members",
}
"""Columns that are averaged over the last weeks, with unit."""

DISTRIBUTION = ("platform_revenue_fen", "sharer_income_fen", "rebate_fen")
"""What merchants pay to bring goods to buyers: fees, commission and clicks; rewards; rebates."""

DERIVED = {
    "quality_sold_minus_offered": "quality, 0 to 1",
    "household_gain_fen": "fen per consumer",
    "household_gain_net_fen": "fen per consumer",
    "platform_profit_fen": "fen per consumer",
    "ad_spend_per_gmv": "share of sales",
    "sharer_income_per_gmv": "share of sales",
    "distribution_cost_per_gmv": "share of sales",
}
"""Outcomes made of the others, with unit."""

OUTCOMES = {**FLOWS, **COUNTS, **STOCKS, **DERIVED}
"""Unit of every outcome of a run."""


def counted_weeks(weeks: int, warm_up_weeks: int) -> tuple[int, int]:
    """First week that counts and the week after the last one.

    The warm-up is min(warm_up_weeks, weeks // 4) weeks.
    """
    return min(warm_up_weeks, weeks // 4), weeks


def outcomes_of_run(weekly: pd.DataFrame, warm_up_weeks: int, n_consumers: int) -> dict[str, float]:
    """Every outcome of a run by name, in the units of `OUTCOMES`; NaN where it is not defined."""
    first, _ = counted_weeks(len(weekly), warm_up_weeks)
    counted = weekly[weekly["week"] >= first]
    last = counted.tail(LAST_WEEKS)
    values = {name: per(_sum(counted[name]), n_consumers) for name in FLOWS}
    values |= {name: _sum(counted[name]) for name in COUNTS}
    values |= {name: _mean(last[name]) for name in STOCKS}
    values["quality_sold_minus_offered"] = _mean(
        last["mean_quality_sold"] - last["mean_quality_offered"]
    )
    values["household_gain_fen"] = values["consumer_surplus_fen"] + values["sharer_income_fen"]
    values["household_gain_net_fen"] = values["household_gain_fen"] - values["posting_effort_fen"]
    values["platform_profit_fen"] = values["platform_revenue_fen"] - values["platform_cost_fen"]
    values["ad_spend_per_gmv"] = per(values["ad_spend_fen"], values["gmv_fen"])
    values["sharer_income_per_gmv"] = per(values["sharer_income_fen"], values["gmv_fen"])
    distribution = [values[name] for name in DISTRIBUTION]
    values["distribution_cost_per_gmv"] = per(math.fsum(distribution), values["gmv_fen"])
    return values


def _sum(values: pd.Series[float]) -> float:
    return math.fsum(values)


def _mean(values: pd.Series[float]) -> float:
    known = values.dropna()
    return math.fsum(known) / len(known) if len(known) else math.nan


def per(amount: float, of: float) -> float:
    """An amount per unit of another; NaN where that is 0."""
    return amount / of if of else math.nan
