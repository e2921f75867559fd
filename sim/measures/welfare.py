"""Who gains: households by consumer, merchants by quality and by size."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Merchants are ranked by orders and cut into so many groups of equal number.
N_SIZES = 3


def household_gains(
    orders: pd.DataFrame, transfers: pd.DataFrame, n_consumers: int
) -> pd.DataFrame:
    """What each consumer gained: surplus_fen, sharer_income_fen and their sum gain_fen.

    Gross of the effort of posting. From the event log of a run, or of some weeks of it.
    """
    surplus = np.zeros(n_consumers, dtype=np.int64)
    np.add.at(surplus, orders["consumer"].to_numpy(), orders["surplus_fen"].to_numpy())
    rewards = transfers[transfers["purpose"] == "reward"]
    income = np.zeros(n_consumers, dtype=np.int64)
    np.add.at(income, rewards["payee"].to_numpy(), rewards["amount_fen"].to_numpy())
    return pd.DataFrame(
        {
            "consumer": np.arange(n_consumers, dtype=np.int32),
            "surplus_fen": surplus,
            "sharer_income_fen": income,
            "gain_fen": surplus + income,
        }
    )


def profit_by_quality(merchants: pd.DataFrame) -> pd.DataFrame:
    """Merchants' profit in fen and merchant-weeks on offer, by quality."""
    return _profit(merchants, "quality")


def profit_by_size(merchants: pd.DataFrame) -> pd.DataFrame:
    """Merchants' profit in fen and merchant-weeks on offer, by size: 0 the smallest third.

    Size is the number of orders in these weeks among the merchants of the same category; equal
    ones are ranked by id.
    """
    orders = merchants.groupby(["category", "merchant"], as_index=False).agg(
        orders=("orders", "sum")
    )
    orders = orders.sort_values(["category", "orders", "merchant"], kind="stable")
    in_category = orders.groupby("category")
    place, n = in_category.cumcount(), in_category["merchant"].transform("size")
    orders["size"] = place * N_SIZES // n
    return _profit(merchants.merge(orders[["merchant", "size"]], on="merchant"), "size")


def _profit(merchants: pd.DataFrame, by: str) -> pd.DataFrame:
    return merchants.groupby(by, as_index=False).agg(
        profit_fen=("profit_fen", "sum"),
        merchant_weeks=("active", "sum"),
        orders=("orders", "sum"),
    )
