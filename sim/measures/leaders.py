"""Who brings sales by recommending, and how they got there: sharers ranked by what they brought."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.world.columns import CHANNELS, LEADER


def league_of(shares: pd.DataFrame, orders: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    """One row a person who ever posted about a product, the one who brought most orders first.

    Columns: consumer, posts, reads, orders (brought by the posts), looked_up (those of them that
    began with a look at a leader), useful_share (orders that pleased the buyer at least as much as
    the post had stated, less ``tolerance``; NaN without orders), reward_fen, first_week, last_week.
    """
    of_products = shares[shares["kind"] == "product"]
    league = of_products.groupby("sharer", as_index=False).agg(
        posts=("share", "size"),
        reads=("reads", "sum"),
        orders=("orders", "sum"),
        reward_fen=("reward_fen", "sum"),
        first_week=("week", "min"),
        last_week=("week", "max"),
    )
    brought = _brought(shares, orders, tolerance)
    useful = brought.groupby("sharer", as_index=False).agg(
        useful_share=("useful", "mean"), looked_up=("looked_up", "sum")
    )
    league = league.merge(useful, on="sharer", how="left").fillna({"looked_up": 0})
    league["looked_up"] = league["looked_up"].astype(np.int64)
    league = league.rename(columns={"sharer": "consumer"})
    ranked = league.sort_values(["orders", "reads", "consumer"], ascending=[False, False, True])
    return ranked.reset_index(drop=True)


def _brought(shares: pd.DataFrame, orders: pd.DataFrame, tolerance: float) -> pd.DataFrame:
    through = orders.loc[
        orders["share"] >= 0, ["share", "sharer", "week", "channel", "experienced_quality"]
    ]
    stated = shares.set_index("share")["stated_quality"]
    expected = stated.reindex(through["share"]).to_numpy() - tolerance
    return through.assign(
        useful=through["experienced_quality"].to_numpy() >= expected,
        looked_up=(through["channel"] == CHANNELS[LEADER]).to_numpy(),
    )


def brought_by_week(orders: pd.DataFrame, people: Sequence[int], weeks: int) -> pd.DataFrame:
    """Orders that each of the people had brought by the end of each week, summed from week 0.

    Columns: consumer, week (0 to ``weeks`` - 1), orders; people in the order given.
    """
    through = orders[orders["sharer"].isin(list(people))]
    counts = np.zeros((len(people), max(weeks, 1)), dtype=np.int64)
    row = {person: place for place, person in enumerate(people)}
    places = through["sharer"].map(row).to_numpy(dtype=np.int64)
    np.add.at(counts, (places, through["week"].to_numpy()), 1)
    summed = counts[:, :weeks].cumsum(axis=1)
    return pd.DataFrame(
        {
            "consumer": np.repeat(np.asarray(people, dtype=np.int64), weeks),
            "week": np.tile(np.arange(weeks), len(people)),
            "orders": summed.ravel(),
        }
    )


def earned_share_of_top(shares: pd.DataFrame, top: float) -> float:
    """Share of all senders' rewards that went to the ``top`` share of those who earned any; NaN
    without rewards. 0.01: the best-paid hundredth.
    """
    income = shares.groupby("sharer")["reward_fen"].sum()
    earned = np.sort(income[income > 0].to_numpy())[::-1]
    if not len(earned):
        return float("nan")
    n_top = max(1, round(top * len(earned)))
    return float(earned[:n_top].sum() / earned.sum())
