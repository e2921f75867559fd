"""How sharing multiplies: orders brought by each order, cascades that start at one, and reach."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from sim.measures.inequality import gini

Ints = NDArray[np.int64]

#: The dispersion k is looked for between these; beyond, counts are as good as Poisson.
_LEAST_K, _MOST_K = 1e-6, 1e6


def offspring(orders: pd.DataFrame, shares: pd.DataFrame) -> Ints:
    """How many orders each order brought through the post about it, in the order of ``orders``.

    Orders through posts of opportunists, who need not have bought, are nobody's offspring.
    """
    about = shares[shares["source_order"] >= 0]
    row = np.searchsorted(orders["order"].to_numpy(), about["source_order"].to_numpy())
    brought = np.zeros(len(orders), dtype=np.int64)
    np.add.at(brought, row, about["orders"].to_numpy())
    return brought


def reproduction_number(counts: ArrayLike) -> float:
    """Mean number of orders that an order brings; NaN without orders.

    Where every sharer has bought, this is the share of orders that come through posts.
    """
    values = np.asarray(counts)
    return int(values.sum()) / len(values) if len(values) else math.nan


def overdispersion(counts: ArrayLike) -> float:
    """Dispersion k of a negative binomial, by maximum likelihood; small k: few bring nearly all.

    Variance = R + R²/k. Infinite where counts vary no more than Poisson ones; NaN where all are 0.
    Source: Lloyd-Smith et al. (2005), Superspreading and the effect of individual variation.
    """
    values, times = np.unique(np.asarray(counts), return_counts=True)
    n = int(times.sum())
    if n == 0 or not values.any():
        return math.nan
    mean = int((values * times).sum()) / n

    def slope(log_k: float) -> float:
        k = math.exp(log_k)
        gain = math.fsum(times * (special.digamma(values + k) - special.digamma(k)))
        return gain - n * math.log1p(mean / k)

    variance = math.fsum(times * (values - mean) ** 2) / n
    low, high = math.log(_LEAST_K), math.log(_MOST_K)
    if variance <= mean or slope(high) >= 0.0:
        return math.inf
    return math.exp(optimize.brentq(slope, low, high))


def poisson_p(counts: ArrayLike) -> float:
    """Chance that Poisson counts vary at least so much over their mean; NaN where all are 0.

    Σ (count − mean)² / mean against χ² of n − 1 degrees of freedom, the index of dispersion: below
    a level, Poisson is rejected for counts that vary more. Source: Fisher, Thornton, Mackenzie
    (1922), The accuracy of the plating method of estimating the density of bacterial populations.
    """
    values, times = np.unique(np.asarray(counts), return_counts=True)
    n = int(times.sum())
    if n < 2 or not values.any():
        return math.nan
    mean = int((values * times).sum()) / n
    index = math.fsum(times * (values - mean) ** 2) / mean
    return float(special.chdtrc(n - 1, index))


def invitations_per_joiner(joins: pd.DataFrame, n_people: int, until_share: float = 0.1) -> float:
    """Mean number of people brought by each of the first who joined through an invitation.

    ``joins`` has consumer, week and inviter of everybody who so joined. Only joiners of the weeks
    until `until_share` of all people had joined so are asked whom they brought (later ones meet
    ever fewer who are not members), and all they ever brought counts. NaN where nobody joined so.
    """
    if not len(joins):
        return math.nan
    by_week = joins.groupby("week")["consumer"].size().cumsum()
    early = by_week[by_week <= until_share * n_people].index
    last = int(early.max()) if len(early) else int(by_week.index.min())
    first = joins.loc[joins["week"] <= last, "consumer"]
    return int(joins["inviter"].isin(set(first)).sum()) / len(first)


def order_rooted_sizes(orders: pd.DataFrame, shares: pd.DataFrame, cascades: pd.DataFrame) -> Ints:
    """Sizes of the cascades rooted at an order: one for every order that came through no post.

    An order whose buyer posted nothing is a cascade of 1.
    """
    is_root = orders["share"].to_numpy() < 0
    order_id = orders["order"].to_numpy()
    roots = shares[(shares["share"] == shares["root_share"]) & (shares["source_order"] >= 0)]
    size = np.ones(len(orders), dtype=np.int64)
    sizes = cascades.set_index("root_share")["size"]
    row = np.searchsorted(order_id, roots["source_order"].to_numpy())
    size[row] = sizes.loc[roots["share"]].to_numpy()
    return size[is_root]


def gini_of_reach(shares: pd.DataFrame) -> float:
    """Gini index of the reads that people's posts about products had, 0 to 1; NaN without posts.

    Over people who ever posted about a product, those whom nobody read included. A log that is
    sampled by cascades knows only a part of what a person posted.
    """
    of_products = shares[shares["kind"] == "product"]
    return gini(of_products.groupby("sharer")["reads"].sum())
