"""What rewards caused: runs with the reward against the same runs with a reward of nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.differences import LEVEL, student_interval

UNITS = {
    "incremental_orders": "orders per consumer",
    "incremental_gmv_fen": "fen per consumer",
    "incremental_members": "members, on average over the counted weeks",
    "reward_per_incremental_order_fen": "fen per order",
    "cannibalisation": "share of orders through posts",
    "cost_per_new_member_fen": "fen per member",
    "return_on_reward": "fen per fen of reward",
    "reward_in_price": "fen per fen of reward",
    "reward_from_merchants": "fen per fen of reward",
    "reward_from_platform": "fen per fen of reward",
}
"""Unit of each measure of `incrementality`."""

FORMULAS = {
    "incremental_orders": "Δ orders / consumers",
    "incremental_gmv_fen": "Δ gmv_fen / consumers",
    "incremental_members": "Δ of the mean of members over the counted weeks; where everybody joins "
    "in the end, it is how much sooner they do",
    "reward_per_incremental_order_fen": "Σ reward / Σ Δ orders; not defined unless rewards brought "
    "more orders",
    "cannibalisation": "1 − Σ Δ orders / Σ orders through posts at the reward: the share of these "
    "that would have come anyway; above 1 where rewards lost orders, below 0 where they brought "
    "more than came through posts",
    "cost_per_new_member_fen": "Σ reward / Σ Δ of the mean of members: what one member more "
    "through all counted weeks took; not defined unless rewards brought more members",
    "return_on_reward": "Σ (Δ profit of merchants and platform + reward) / Σ reward; above 1 a "
    "reward earned more than it cost",
    "reward_in_price": "Σ (orders at the reward · Δ of gmv_fen per order) / Σ reward: what buyers "
    "paid more for an order; below 0 where they paid less. Like the next two it is what came out "
    "of the pairs, not the burden alone",
    "reward_from_merchants": "− Σ (orders at the reward · Δ of merchants' profit per order) / Σ "
    "reward: what merchants were left less of an order; below 0 where it was more",
    "reward_from_platform": "− Σ (orders at the reward · Δ of the platform's profit per order) / Σ "
    "reward: what the platform was left less of an order; below 0 where it was more",
}
"""How each comes about; Δ is rewarded less unrewarded, in the counted weeks of a pair of runs."""

_RESAMPLES = 2_000
#: Who may bear the cost of rewards: what of an order tells it, and which way it then goes.
_BORNE = (
    ("reward_in_price", 1, "gmv"),
    ("reward_from_merchants", -1, "merchant_profit"),
    ("reward_from_platform", -1, "platform_profit"),
)


def reward_sums(weekly: pd.DataFrame, first_week: int, n_consumers: int) -> dict[str, float]:
    """What a run came to in its counted weeks, as far as `incrementality` needs it.

    All are sums but people (consumers) and members, which is the mean over these weeks: at the end
    everybody may have joined, with rewards or without. Money is in fen; NaN where no week counts.
    """
    counted = weekly[weekly["week"] >= first_week]
    through = (counted["conversion_per_read"] * counted["reads"]).fillna(0)
    platform = counted["platform_revenue_fen"].sum() - counted["platform_cost_fen"].sum()
    return {
        "people": float(n_consumers),
        "orders": float(counted["orders"].sum()),
        "gmv": float(counted["gmv_fen"].sum()),
        "members": float(counted["members"].mean()),
        "reward": float(counted["sharer_income_fen"].sum()),
        "merchant_profit": float(counted["merchant_profit_fen"].sum()),
        "platform_profit": float(platform),
        "through": math.fsum(through),
    }


def incrementality(
    rewarded: pd.DataFrame, unrewarded: pd.DataFrame, seed: int, level: float = LEVEL
) -> pd.DataFrame:
    """One row a measure of `UNITS`: estimate, low, high and the number of pairs n.

    Both tables have one row of `reward_sums` a seed, in the same order. Δ is rewarded less
    unrewarded; reward is that of senders of all levels (the receivers' part is a rebate).
    incremental_* are mean Δ with Student's interval, the others ratios of sums over pairs, as
    `FORMULAS` has them. Ratios have percentile intervals of resampled pairs (from `seed`), and are
    not a number where there is nothing to divide by (above all where rewards brought no more).
    """
    delta = rewarded - unrewarded
    with_profit = delta["merchant_profit"] + delta["platform_profit"] + rewarded["reward"]
    means = {
        "incremental_orders": delta["orders"] / rewarded["people"],
        "incremental_gmv_fen": delta["gmv"] / rewarded["people"],
        "incremental_members": delta["members"],
    }
    ratios = {
        "reward_per_incremental_order_fen": (rewarded["reward"], delta["orders"]),
        "cannibalisation": (rewarded["through"] - delta["orders"], rewarded["through"]),
        "cost_per_new_member_fen": (rewarded["reward"], delta["members"]),
        "return_on_reward": (with_profit, rewarded["reward"]),
        **{
            name: (sign * _beyond(rewarded, unrewarded, amount), rewarded["reward"])
            for name, sign, amount in _BORNE
        },
    }
    found = {name: student_interval(list(sample), level) for name, sample in means.items()}
    n = len(delta)
    chosen = np.random.default_rng(seed).integers(0, n, (_RESAMPLES, n))
    for name, (above, below) in ratios.items():
        found[name] = _ratio(above.to_numpy(float), below.to_numpy(float), chosen, level)
    rows = [
        {
            "measure": name,
            "unit": unit,
            **dict(zip(("estimate", "low", "high"), found[name])),
            "n": n,
        }
        for name, unit in UNITS.items()
    ]
    return pd.DataFrame(rows)


def _beyond(rewarded: pd.DataFrame, unrewarded: pd.DataFrame, amount: str) -> pd.Series[float]:
    """An amount at the reward beyond what as many orders came to without it, by pair.

    NaN where nothing was ordered without it.
    """
    orders = unrewarded["orders"].where(unrewarded["orders"] > 0)
    return rewarded[amount] - rewarded["orders"] * unrewarded[amount] / orders


def _ratio(
    above: NDArray[np.float64],
    below: NDArray[np.float64],
    chosen: NDArray[np.int64],
    level: float,
) -> tuple[float, float, float]:
    """Ratio of sums with its percentile interval; a bound that is infinite is not a number."""
    total = float(below.sum())
    if not total > 0 or np.isnan(above).any():
        return math.nan, math.nan, math.nan
    estimate = float(above.sum()) / total
    if len(above) < 3:
        return estimate, math.nan, math.nan
    divisor = below[chosen].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.where(divisor > 0, above[chosen].sum(axis=1) / divisor, np.inf)
    values.sort()
    last = len(values) - 1
    low = float(values[math.floor((1 - level) / 2 * last)])
    high = float(values[math.ceil((1 + level) / 2 * last)])
    return estimate, _finite(low), _finite(high)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else math.nan
