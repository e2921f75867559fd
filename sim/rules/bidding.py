"""What merchants bid for a click: what it is worth to them, shaded by balanced bidding."""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from sim.rules.auction import FIRST_PRICE, GSP, least_price, ranked_bidders


@register_jitable
def value_per_click(
    price: float, unit_cost: float, keep_share: float, conversion: float, repeat_value: float
) -> float:
    """Worth of a click, in the unit of ``price``; never negative.

    (price x kept share - cost) x conversion x (1 + value of repeat purchases). A fly-by-night
    merchant has repeat value 0.
    """
    return max(0.0, (price * keep_share - unit_cost) * conversion * (1.0 + repeat_value))


@register_jitable
def balanced_bid(
    bidder: int,
    value: float,
    bids: NDArray[np.float64],
    quality: NDArray[np.float64],
    slot_clicks: NDArray[np.float64],
    reserve: float,
) -> float:
    """Bid of one bidder against the others' bids under GSP, in the unit of bids.

    Aim at the slot with the greatest clicks x (value - its price); bid b so that being raised to
    the slot above at price b would leave just as much: b = value - clicks_s / clicks_{s-1} x
    (value - price_s), for the top slot (value + price) / 2. Where no slot pays, bid the value.
    Balanced bidding of Cary, Das, Edelman, Giotis, Heimerl, Karlin, Mathieu, Schwarz 2007.
    """
    slot, price = _best_slot(bidder, value, bids, quality, slot_clicks, reserve, 0.0)
    if slot < 0:
        return value
    if slot == 0:
        return 0.5 * (value + price)
    return value - slot_clicks[slot] / slot_clicks[slot - 1] * (value - price)


@register_jitable
def outbidding_bid(
    bidder: int,
    value: float,
    bids: NDArray[np.float64],
    quality: NDArray[np.float64],
    slot_clicks: NDArray[np.float64],
    reserve: float,
    step: float,
) -> float:
    """Bid of one bidder under first price: one ``step`` over whoever holds the best slot.

    It has no still point: bidders climb and fall in cycles (Edelman, Ostrovsky 2007).
    """
    slot, price = _best_slot(bidder, value, bids, quality, slot_clicks, reserve, step)
    return value if slot < 0 else price


@register_jitable
def _best_slot(
    bidder: int,
    value: float,
    bids: NDArray[np.float64],
    quality: NDArray[np.float64],
    slot_clicks: NDArray[np.float64],
    reserve: float,
    step: float,
) -> tuple[int, float]:
    """The slot that pays ``bidder`` most (-1: none) and its price, ``step`` over a rival."""
    n_slots = len(slot_clicks)
    ranking = ranked_bidders(bids, quality, reserve, n_slots + 1)
    best = -1
    best_price = 0.0
    best_gain = 0.0
    place = 0
    for slot in range(n_slots):
        if ranking[place] == bidder:
            place += 1
        rival = ranking[place]
        price = reserve
        if rival >= 0:
            place += 1
            beaten = least_price(bids[rival] * quality[rival], quality[bidder], 0.0)
            price = max(beaten + step, reserve)
        gain = slot_clicks[slot] * (value - price)
        if gain > best_gain:
            best = slot
            best_price = price
            best_gain = gain
    return best, best_price


@register_jitable
def settle_bids(
    mechanism: int,
    values: NDArray[np.float64],
    bids: NDArray[np.float64],
    quality: NDArray[np.float64],
    slot_clicks: NDArray[np.float64],
    reserve: float,
    step: float,
    max_rounds: int,
) -> int:
    """Rounds until the ``bids``, changed in place, stand still; ``max_rounds`` if they do not.

    Bidders revise one at a time, in order of index, each seeing the latest bids of the others: all
    at once need not come to rest with three slots or more (Cary et al. 2007). Under VCG the value
    itself is the best bid.
    """
    for turn in range(max_rounds):
        change = 0.0
        for bidder in range(len(bids)):
            value = values[bidder]
            bid = value
            if mechanism == GSP:
                bid = balanced_bid(bidder, value, bids, quality, slot_clicks, reserve)
            elif mechanism == FIRST_PRICE:
                bid = outbidding_bid(bidder, value, bids, quality, slot_clicks, reserve, step)
            change = max(change, abs(bid - bids[bidder]))
            bids[bidder] = bid
        if change == 0.0:
            return turn
    return max_rounds
