"""What must hold of every order and of everybody, looked at in one compiled pass each."""

from __future__ import annotations

import sys

from sim.compiled import compiled
from sim.world.columns import F8, I1, I2, I4, I8, LEADER, NOBODY, SHARE, U1

_LARGEST = sys.float_info.max

OF_EVERY_ORDER = (
    "orders are sorted, one a consumer and category",
    "goods come from those on offer",
    "an order used at most its price in rebate",
    "orders through a post, and only those, have a share",
    "orders through a post, and only those, have a sharer",
    "a refunded order leaves no surplus",
)


@compiled
def orders_hold(
    consumer: I4,
    category: I2,
    merchant: I4,
    channel: I1,
    share: I8,
    sharer: I4,
    price_fen: I8,
    used_fen: I8,
    refunded: U1,
    surplus_fen: I8,
    on_offer: U1,
) -> tuple[bool, bool, bool, bool, bool, bool]:
    """Whether all orders keep to `OF_EVERY_ORDER`."""
    in_order = offered = within_price = with_share = with_sharer = no_surplus = True
    for row in range(len(consumer)):
        if row > 0:
            same = consumer[row - 1] == consumer[row]
            later = category[row - 1] < category[row]
            in_order &= consumer[row - 1] < consumer[row] or (same and later)
        by_post = channel[row] == SHARE or channel[row] == LEADER
        offered &= on_offer[merchant[row]]
        within_price &= 0 <= used_fen[row] <= price_fen[row]
        with_share &= by_post == (share[row] != NOBODY)
        with_sharer &= by_post == (sharer[row] != NOBODY)
        no_surplus &= not refunded[row] or surplus_fen[row] == 0
    return in_order, offered, within_price, with_share, with_sharer, no_surplus


OF_EVERYBODY = (
    "members, and only they, have joined",
    "general trust is between 0 and 1",
    "beliefs are numbers",
    "credit is not below zero",
    "no wallet is overdrawn",
)


@compiled
def people_hold(
    member: U1,
    joined_week: I4,
    general_trust: F8,
    market_belief: F8,
    ad_lift: F8,
    credit_milli: I8,
    wallet_fen: I8,
) -> tuple[bool, bool, bool, bool, bool]:
    """Whether everybody keeps to `OF_EVERYBODY`."""
    joined = trusting = believing = credited = solvent = True
    for row in range(len(member)):
        joined &= member[row] == (joined_week[row] >= 0)
        trusting &= (general_trust[row] >= 0.0) & (general_trust[row] <= 1.0)
        # Nothing but a number is at most the largest one.
        believing &= (abs(market_belief[row]) <= _LARGEST) & (abs(ad_lift[row]) <= _LARGEST)
        credited &= credit_milli[row] >= 0
        solvent &= wallet_fen[row] >= 0
    return joined, trusting, believing, credited, solvent
