"""One person, one merchant or one sale through the weeks of a traced run."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.experiments.errors import StoreError
from sim.ledger import PURPOSES, REBATE, REWARD
from sim.report.followed import Extract, Traced, sales_by_channel


class PersonWeek(NamedTuple):
    """What one person saw, weighed, bought and earned in a week: rows of the run's tables."""

    saw: pd.DataFrame
    weighed: pd.DataFrame
    bought: pd.DataFrame
    wrote: pd.DataFrame
    earned: pd.DataFrame


def person_by_week(run: Traced, person: int) -> pd.DataFrame:
    """One row a week of the run: reads, posts, orders, spent_fen, earned_fen (rewards).

    `earned_so_far_fen` is summed from week 0; standing (credit, general_trust, market_belief) is
    there where the run was followed.
    """
    weeks = int(run.manifest["values"]["run.weeks"])
    exposures, orders, shares = (run.table(name) for name in ("exposures", "orders", "shares"))
    read = exposures.loc[exposures["consumer"] == person, "week"]
    posted = shares.loc[shares["sharer"] == person, "week"]
    bought = orders[orders["consumer"] == person]
    rewards = _to_person(run.table("transfers"), person, REWARD)
    table = pd.DataFrame(
        {
            "week": np.arange(weeks),
            "reads": _summed(read, weeks),
            "posts": _summed(posted, weeks),
            "orders": _summed(bought["week"], weeks),
            "spent_fen": _summed(bought["week"], weeks, bought["price_fen"]),
            "earned_fen": _summed(rewards["week"], weeks, rewards["amount_fen"]),
        }
    )
    table["earned_so_far_fen"] = table["earned_fen"].cumsum()
    standing = _own_table(run, "standing")
    if standing is not None:
        known = standing[standing["consumer"] == person].drop(columns="consumer")
        table = table.merge(known, on="week", how="left")
    return table


def person_in_week(run: Traced, person: int, week: int) -> PersonWeek:
    """What that person saw, weighed, bought, wrote and earned in that week."""

    def of(name: str, column: str) -> pd.DataFrame:
        table = run.table(name)
        return table[(table[column] == person) & (table["week"] == week)]

    looks = _own_table(run, "looks")
    transfers = run.table("transfers")
    earned = pd.concat(
        [_to_person(transfers, person, REWARD), _to_person(transfers, person, REBATE)]
    )
    return PersonWeek(
        saw=of("exposures", "consumer"),
        weighed=pd.DataFrame()
        if looks is None
        else looks[(looks["consumer"] == person) & (looks["week"] == week)],
        bought=of("orders", "consumer"),
        wrote=of("shares", "sharer"),
        earned=earned[earned["week"] == week],
    )


def followed_people(run: Traced) -> list[int]:
    """People who can be followed: those of an extract, else all who ever posted."""
    if isinstance(run, Extract):
        return [int(person) for person in run.manifest["people"]]
    return sorted(int(person) for person in run.table("shares")["sharer"].unique())


def merchant_by_week(run: Traced, merchant: int) -> pd.DataFrame:
    """One row a week and merchant, as in the merchants table."""
    table = run.table("merchants")
    return table[table["merchant"] == merchant].sort_values("week")


def merchant_sales(run: Traced, merchant: int) -> pd.DataFrame:
    """Orders of that merchant by week and channel, with refunds."""
    if isinstance(run, Extract):
        sales = run.table("sales")
    else:
        orders = run.table("orders")
        sales = sales_by_channel(orders[orders["merchant"] == merchant])
    return sales[sales["merchant"] == merchant]


def sales_to_follow(run: Traced, tree: pd.DataFrame) -> list[int]:
    """Orders of a tree, the farthest from the first sharer first."""
    through = tree[tree["node"] > 0].sort_values(["generation", "order"], ascending=[False, True])
    return [int(order) for order in through["order"]]


def money_of_sale(run: Traced, order: int) -> tuple[pd.Series, pd.DataFrame, pd.DataFrame]:
    """The order, its movements of money, and the shares that led to it, nearest first."""
    orders, shares = run.table("orders"), run.table("shares")
    row = orders[orders["order"] == order].iloc[0]
    transfers = run.table("transfers")
    way = []
    share = int(row["share"])
    while share >= 0:
        found = shares[shares["share"] == share]
        if found.empty:
            break
        way.append(found)
        share = int(found["parent_share"].iloc[0])
    chain = pd.concat(way) if way else shares.head(0)
    return row, transfers[transfers["order"] == order], chain


def _to_person(transfers: pd.DataFrame, person: int, purpose: int) -> pd.DataFrame:
    paid = transfers["purpose"] == PURPOSES[purpose]
    return transfers[
        paid & (transfers["payee_kind"] == "consumer") & (transfers["payee"] == person)
    ]


def _summed(weeks: pd.Series, n_weeks: int, weights: pd.Series | None = None) -> pd.Series:
    counts = np.bincount(
        weeks.to_numpy(dtype=np.int64),
        weights=None if weights is None else weights.to_numpy(dtype=np.float64),
        minlength=n_weeks,
    )
    return pd.Series(counts[:n_weeks].astype(np.int64))


def _own_table(run: Traced, name: str) -> pd.DataFrame | None:
    try:
        return run.table(name) if isinstance(run, Extract) else None
    except StoreError:
        return None
