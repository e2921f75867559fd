"""Who gains: households by consumer, merchants by quality and by what they sold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.measures.sums import sums_by

#: Merchants are ranked by orders and cut into so many groups of equal number.
N_SIZES = 3


def household_gains(
    orders: pd.DataFrame, transfers: pd.DataFrame, shares: pd.DataFrame, n_consumers: int
) -> pd.DataFrame:
    """What each consumer gained: surplus_fen, sharer_income_fen and their sum gain_fen.

    gain_fen is gross of the effort of posting, effort_fen, and gain_net_fen is net of it. From the
    event log of a run, or of some weeks of it.
    """
    surplus = np.zeros(n_consumers, dtype=np.int64)
    np.add.at(surplus, orders["consumer"].to_numpy(), orders["surplus_fen"].to_numpy())
    rewards = transfers[transfers["purpose"] == "reward"]
    income = np.zeros(n_consumers, dtype=np.int64)
    np.add.at(income, rewards["payee"].to_numpy(), rewards["amount_fen"].to_numpy())
    effort = np.zeros(n_consumers, dtype=np.int64)
    np.add.at(effort, shares["sharer"].to_numpy(), shares["effort_fen"].to_numpy())
    return pd.DataFrame(
        {
            "consumer": np.arange(n_consumers, dtype=np.int32),
            "surplus_fen": surplus,
            "sharer_income_fen": income,
            "effort_fen": effort,
            "gain_fen": surplus + income,
            "gain_net_fen": surplus + income - effort,
        }
    )


def profit_by_quality(merchants: pd.DataFrame) -> pd.DataFrame:
    """Merchants' profit in fen and merchant-weeks on offer, by quality."""
    return _profit(merchants, "quality", merchants["quality"].to_numpy())


def profit_by_size(merchants: pd.DataFrame) -> pd.DataFrame:
    """Merchants' profit in fen and merchant-weeks on offer, by size: 0 the third who sold least.

    Size is the number of orders in all of these weeks among the merchants of the same category;
    equal ones are ranked by id. Among those who sold least are merchants who failed or came late.
    """
    ids, first, row = np.unique(
        merchants["merchant"].to_numpy(), return_index=True, return_inverse=True
    )
    category = merchants["category"].to_numpy()[first]
    orders = np.zeros(len(ids), dtype=np.int64)
    np.add.at(orders, row, merchants["orders"].to_numpy())
    ranked = np.lexsort((orders, category))
    n_in_category = np.unique(category, return_counts=True)[1]
    starts = np.cumsum(n_in_category) - n_in_category
    size = np.empty(len(ids), dtype=np.int64)
    size[ranked] = (
        (np.arange(len(ids)) - np.repeat(starts, n_in_category))
        * N_SIZES
        // np.repeat(n_in_category, n_in_category)
    )
    return _profit(merchants, "size", size[row])


def _profit(merchants: pd.DataFrame, by: str, groups: NDArray[Any]) -> pd.DataFrame:
    sums = {
        "profit_fen": merchants["profit_fen"].to_numpy(),
        "merchant_weeks": merchants["active"].to_numpy(),
        "orders": merchants["orders"].to_numpy(),
    }
    return sums_by(by, groups, sums)
