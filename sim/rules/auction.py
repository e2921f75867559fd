"""The slot auction: who wins which sponsored slot, and what a click on it costs.

Bidders who bid at least the reserve are ranked by bid times quality, ties to the lower index; the
first takes the first slot, and so on. A bid equal to the reserve takes part, and where there are
no more bidders than slots all of them win, the last one at the reserve.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

#: Generalised second price, Vickrey-Clarke-Groves, first price.
GSP, VCG, FIRST_PRICE = range(3)
MECHANISMS = ("gsp", "vcg", "first_price")


@register_jitable
def least_price(score_below: float, own_quality: float, reserve: float) -> float:
    """Price of a click, in the unit of bids, that just keeps the place above ``score_below``.

    max(score below / own quality, reserve). Varian 2007.
    """
    if own_quality <= 0.0:
        return reserve
    return max(score_below / own_quality, reserve)


@register_jitable
def ranked_bidders(
    bids: NDArray[np.float64], quality: NDArray[np.float64], reserve: float, places: int
) -> NDArray[np.int64]:
    """Indices of the first ``places`` bidders by score, best first; -1 where there are no more."""
    ranking = np.full(places, -1, np.int64)
    taken = np.zeros(len(bids), np.bool_)
    for place in range(places):
        best = -1
        best_score = 0.0
        for bidder in range(len(bids)):
            if taken[bidder] or bids[bidder] < reserve:
                continue
            score = bids[bidder] * quality[bidder]
            if best < 0 or score > best_score:
                best = bidder
                best_score = score
        if best < 0:
            break
        ranking[place] = best
        taken[best] = True
    return ranking


@register_jitable
def allocate(
    mechanism: int,
    bids: NDArray[np.float64],
    quality: NDArray[np.float64],
    slot_clicks: NDArray[np.float64],
    reserve: float,
) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Winner of each slot (-1 empty), price of a click on it in the unit of bids, slots sold.

    GSP: the least that keeps the place over the next bidder, who may be a losing one. VCG: the
    harm done to all bidders below, losing ones included: each step of clicks from slot t to slot
    t + 1 is priced at the bidder who would move up, sum of (clicks_t - clicks_{t+1}) x price_t over
    the slots from the own one down, by own clicks. First price: the own bid. The reserve is a floor
    under each of these prices. ``slot_clicks`` must not rise. Edelman, Ostrovsky, Schwarz 2007.
    """
    n_slots = len(slot_clicks)
    ranking = ranked_bidders(bids, quality, reserve, n_slots + 1)
    price = np.zeros(n_slots)
    n_won = 0
    for slot in range(n_slots):
        winner = ranking[slot]
        if winner < 0:
            break
        n_won += 1
        if mechanism == FIRST_PRICE:
            price[slot] = bids[winner]
            continue
        last = slot if mechanism == GSP else n_slots - 1
        cost = 0.0
        clicks = 0.0
        for step in range(slot, last + 1):
            below = ranking[step + 1]
            score = 0.0 if below < 0 else bids[below] * quality[below]
            moved = slot_clicks[step]
            if mechanism == VCG and step + 1 < n_slots:
                moved -= slot_clicks[step + 1]
            cost += moved * least_price(score, quality[winner], reserve)
            clicks += moved
        if clicks > 0.0:
            price[slot] = min(cost / clicks, bids[winner])
        else:
            price[slot] = reserve
    return ranking[:n_slots].copy(), price, n_won
