"""A week of slot auctions in all categories, and the bids in them coming to rest."""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.rules.auction import allocate
from sim.rules.bidding import settle_bids
from sim.world.columns import F8, HOURS_PER_WEEK, I4, I8

#: Bid of somebody who takes no part: below every reserve.
NO_BID = -1.0


@compiled
def auction_week(
    mechanism: int,
    start: I8,
    bidder: I4,
    bid_fen: I8,
    budget_fen: I8,
    quality: F8,
    click_prob: F8,
    arrivals_per_hour: float,
    reserve_fen: float,
) -> tuple[I4, I8]:
    """Winner and price of a click in fen for [category, hour, slot]; -1 and 0 where one is empty.

    Bidders of category c are the rows ``start[c]:start[c + 1]``. Budgets are paced: at hour h a
    merchant takes part while what it expects to have spent is below (h + 1)/168 of its budget, so
    that later arrivals may see the next bidder and nobody expects to spend more than the clicks of
    an hour beyond its budget. Expected spend is arrivals x click probability x price; what is
    charged are the clicks that happen.
    """
    n_categories = len(start) - 1
    n_slots = len(click_prob)
    winner = np.full((n_categories, HOURS_PER_WEEK, n_slots), -1, np.int32)
    price_fen = np.zeros((n_categories, HOURS_PER_WEEK, n_slots), np.int64)
    for category in range(n_categories):
        first, end = start[category], start[category + 1]
        spent = np.zeros(end - first)
        bids = np.empty(end - first)
        for hour in range(HOURS_PER_WEEK):
            for row in range(end - first):
                allowed = budget_fen[first + row] * (hour + 1) / HOURS_PER_WEEK
                takes_part = bid_fen[first + row] > 0 and spent[row] < allowed
                bids[row] = bid_fen[first + row] if takes_part else NO_BID
            place, price, n_won = allocate(
                mechanism, bids, quality[first:end], click_prob, reserve_fen
            )
            for slot in range(n_won):
                row = place[slot]
                winner[category, hour, slot] = bidder[first + row]
                fen = min(math.floor(price[slot] + 0.5), bid_fen[first + row])
                price_fen[category, hour, slot] = fen
                spent[row] += fen * click_prob[slot] * arrivals_per_hour
    return winner, price_fen


@compiled
def bids_at_rest(
    mechanism: int,
    start: I8,
    value_fen: F8,
    bid_fen: F8,
    quality: F8,
    click_prob: F8,
    reserve_fen: float,
    max_rounds: int,
) -> F8:
    """Bids in fen after each category's bidders have revised one at a time until still.

    They begin at ``bid_fen``; rows of category c are ``start[c]:start[c + 1]``.
    """
    bids = bid_fen.copy()
    for category in range(len(start) - 1):
        first, end = start[category], start[category + 1]
        settle_bids(
            mechanism,
            value_fen[first:end],
            bids[first:end],
            quality[first:end],
            click_prob,
            reserve_fen,
            1.0,
            max_rounds,
        )
    return bids
