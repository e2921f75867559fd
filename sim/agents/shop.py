"""What can be found this week: catalogue, ranked list, slots, and what pays opportunists best."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.kernels.auctions import auction_week
from sim.kernels.scores import RankWeights, click_weights, rank_scores
from sim.rules import sharing
from sim.rules.auction import MECHANISMS
from sim.rules.rewards import MarketTerms, sender_cut
from sim.rules.sides import shelf_at
from sim.scenario import Scenario
from sim.world.columns import (
    F8,
    HOURS_PER_WEEK,
    I4,
    I8,
    MICRO,
    NOBODY,
    MerchantColumns,
    ShopWindow,
)


def shop_window(
    scenario: Scenario,
    merchants: MerchantColumns,
    rate_micro: int,
    terms: tuple[MarketTerms, ...],
) -> ShopWindow:
    """The shop as everybody finds it this week, from what merchants ask and bid now.

    ``terms`` are those of each side: slots are sold on the last one, and rewards are paid on the
    first. ``rate_micro`` is what members who look on the last side need in a week, in millionths.
    """
    catalogue, start = shelves(scenario, merchants, len(terms))
    recent = merchants.recent_orders[catalogue].sum(axis=1, dtype=np.int64)
    click_prob = slot_click_prob(scenario, terms[-1].n_slots)
    winner, price = slots(scenario, merchants, rate_micro, catalogue, start, click_prob)
    return ShopWindow(
        catalogue_start=start,
        catalogue=catalogue,
        ranked=ranked(scenario, merchants, catalogue, start, recent),
        slot_winner=winner,
        slot_price_fen=price,
        slot_click_prob=click_prob,
        best_paying=best_paying(merchants, catalogue, start, recent, sender_cut(terms[0])),
    )


def shelves(scenario: Scenario, merchants: MerchantColumns, n_sides: int) -> tuple[I4, I8]:
    """Who sells, by shelf and by id, and where each shelf begins (and the last one ends)."""
    seller = np.flatnonzero(merchants.active).astype(np.int32)
    n_categories = scenario.demand.n_categories
    shelf = shelves_of(merchants, seller, n_categories)
    in_order = np.argsort(shelf, kind="stable")
    start = np.searchsorted(shelf[in_order], np.arange(n_sides * n_categories + 1))
    return seller[in_order], start


def shelves_of(merchants: MerchantColumns, merchant: I4 | I8, n_categories: int) -> I8:
    """The shelf of each of these merchants: its side of the market and its category."""
    side = merchants.side[merchant].astype(np.int64)
    return shelf_at(side, merchants.category[merchant], n_categories)


def ranked(
    scenario: Scenario, merchants: MerchantColumns, catalogue: I4, start: I8, recent: I8
) -> I4:
    """Active merchants by shelf, best score first, ties to the lower id."""
    reviews = scenario.reviews
    scores = rank_scores(
        start,
        recent,
        merchants.price_fen[catalogue],
        merchants.review_count[catalogue],
        merchants.review_sum_micro[catalogue],
        RankWeights(
            float(reviews.review_weight),
            float(reviews.rank_price_weight),
            float(scenario.demand.price_sensitivity),
        ),
    )
    shelf = np.repeat(np.arange(len(start) - 1), np.diff(start))
    # Sorting is stable, and on a shelf the catalogue is by id.
    return catalogue[np.lexsort((-scores, shelf))]


def slot_click_prob(scenario: Scenario, n_slots: int) -> F8:
    """Probability that a slot is clicked by somebody who sees it: top x ratio ** place."""
    ads = scenario.ads
    return np.array([ads.top_click_prob * ads.click_ratio**slot for slot in range(n_slots)])


def click_qualities(scenario: Scenario, merchants: MerchantColumns, merchant: I4) -> F8:
    """Weights of the bids of these merchants, from their reviews as far as these go."""
    return click_weights(
        merchants.review_count[merchant],
        merchants.review_sum_micro[merchant],
        float(scenario.belief.review_saturation),
        float(scenario.ads.quality_exponent),
    )


def slots(
    scenario: Scenario,
    merchants: MerchantColumns,
    rate_micro: int,
    catalogue: I4,
    start: I8,
    click_prob: F8,
) -> tuple[I4, I8]:
    """Winner and price of a click in fen by [shelf, hour, slot]; no columns where none is sold.

    Expected arrivals of an hour are the needs of those members who look where slots are, spread
    evenly over categories and hours.
    """
    n_categories = scenario.demand.n_categories
    if len(click_prob) == 0:
        empty = (len(start) - 1, HOURS_PER_WEEK, 0)
        return np.full(empty, NOBODY, dtype=np.int32), np.zeros(empty, dtype=np.int64)
    arrivals = rate_micro / (MICRO * n_categories * HOURS_PER_WEEK)
    winner, price = auction_week(
        MECHANISMS.index(scenario.ads.mechanism),
        start,
        catalogue,
        merchants.bid_fen[catalogue],
        merchants.budget_fen[catalogue],
        click_qualities(scenario, merchants, catalogue),
        click_prob,
        arrivals,
        float(scenario.ads.reserve_price_fen),
    )
    return winner, price


def best_paying(
    merchants: MerchantColumns, catalogue: I4, start: I8, recent: I8, sender_cut: float
) -> I4:
    """What pays a sharer most on each shelf: the greatest lure, ties to the lower id.

    -1 where nothing is paid or nothing was sold.
    """
    best = np.full(len(start) - 1, NOBODY, dtype=np.int32)
    if sender_cut <= 0.0:
        return best
    price_fen = merchants.price_fen[catalogue].tolist()
    lure = [sharing.lure_fen(*seller) for seller in zip(price_fen, recent.tolist(), strict=True)]
    for shelf, (first, end) in enumerate(pairwise(start.tolist())):
        place = max(range(first, end), key=lure.__getitem__, default=NOBODY)
        if place != NOBODY and lure[place] > 0:
            best[shelf] = catalogue[place]
    return best
