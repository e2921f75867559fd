"""What must hold of orders, of everybody and of posts, and what they come to: one pass each.

Passes go over a range, so that several threads may share the work, and hold no lock.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

from sim.compiled import compiled
from sim.world.columns import (
    I8,
    LEADER,
    NOBODY,
    SHARE,
    U1,
    ConsumerColumns,
    OrderColumns,
    PostColumns,
)

_LARGEST = sys.float_info.max

OF_EVERY_ORDER = (
    "orders are sorted, one a consumer and category",
    "goods come from those on offer",
    "an order used at most its price in rebate",
    "orders through a post, and only those, have a share",
    "orders through a post, and only those, have a sharer",
    "a refunded order leaves no surplus",
)


class OrderSums(NamedTuple):
    """What orders come to, and whether they keep to `OF_EVERY_ORDER`."""

    price_fen: int
    surplus_fen: int
    used_fen: int
    refunded_price_fen: int
    refunded_used_fen: int
    n_by_post: int
    """Orders through a post."""
    in_order: bool
    offered: bool
    within_price: bool
    with_share: bool
    with_sharer: bool
    no_surplus: bool

    @property
    def hold(self) -> tuple[bool, ...]:
        """Whether each of `OF_EVERY_ORDER` holds."""
        return tuple(map(bool, self[-len(OF_EVERY_ORDER) :]))


@compiled(nogil=True)
def sums_over_orders(orders: OrderColumns, n_before: int, on_offer: U1, sold: I8) -> OrderSums:
    """Return the sums over all but the first ``n_before`` orders, which only stand before them.

    The orders of each merchant are added to ``sold``.
    """
    consumer, category, merchant = orders.consumer, orders.category, orders.merchant
    in_order = offered = True
    for row in range(1, len(consumer)):
        before, after = consumer[row - 1], consumer[row]
        in_order &= (before < after) | ((before == after) & (category[row - 1] < category[row]))
    for which in merchant[n_before:]:
        sold[which] += 1
        offered &= on_offer[which]
    prices, used, refunded = (
        orders.price_fen[n_before:],
        orders.rebate_used_fen[n_before:],
        orders.refunded[n_before:],
    )
    surplus = orders.surplus_fen[n_before:]
    price_fen = surplus_fen = used_fen = refunded_price_fen = refunded_used_fen = 0
    within_price = no_surplus = True
    for row in range(len(prices)):
        price_fen += prices[row]
        used_fen += used[row]
        surplus_fen += surplus[row]
        refunded_price_fen += prices[row] if refunded[row] else 0
        refunded_used_fen += used[row] if refunded[row] else 0
        within_price &= (used[row] >= 0) & (used[row] <= prices[row])
        no_surplus &= (not refunded[row]) | (surplus[row] == 0)
    channel, share, sharer = (
        orders.channel[n_before:],
        orders.share[n_before:],
        orders.sharer[n_before:],
    )
    with_share = with_sharer = True
    n_by_post = 0
    for row in range(len(share)):
        by_post = (channel[row] == SHARE) | (channel[row] == LEADER)
        n_by_post += share[row] >= 0
        with_share &= by_post == (share[row] != NOBODY)
        with_sharer &= by_post == (sharer[row] != NOBODY)
    return OrderSums(
        price_fen,
        surplus_fen,
        used_fen,
        refunded_price_fen,
        refunded_used_fen,
        n_by_post,
        in_order,
        offered,
        within_price,
        with_share,
        with_sharer,
        no_surplus,
    )


OF_EVERYBODY = (
    "members, and only they, have joined",
    "general trust is between 0 and 1",
    "beliefs are numbers",
    "credit is not below zero",
    "no wallet is overdrawn",
)


class PeopleSums(NamedTuple):
    """What people hold, and whether they keep to `OF_EVERYBODY`."""

    wallet_fen: int
    joined: bool
    trusting: bool
    believing: bool
    credited: bool
    solvent: bool

    @property
    def hold(self) -> tuple[bool, ...]:
        """Whether each of `OF_EVERYBODY` holds."""
        return tuple(map(bool, self[-len(OF_EVERYBODY) :]))


@compiled(nogil=True)
def sums_over_people(people: ConsumerColumns) -> PeopleSums:
    """Return the sums over these consumers."""
    member, joined_week, wallet = people.member, people.joined_week, people.wallet_fen
    trust, belief, lift = people.general_trust, people.market_belief, people.ad_lift
    credit = people.credit_milli
    joined = trusting = believing = credited = solvent = True
    wallet_fen = 0
    for row in range(len(member)):
        joined &= member[row] == (joined_week[row] >= 0)
        trusting &= (trust[row] >= 0.0) & (trust[row] <= 1.0)
        # Nothing but a number is at most the largest one.
        believing &= (abs(belief[row]) <= _LARGEST) & (abs(lift[row]) <= _LARGEST)
        credited &= credit[row] >= 0
        solvent &= wallet[row] >= 0
        wallet_fen += wallet[row]
    return PeopleSums(wallet_fen, joined, trusting, believing, credited, solvent)


OF_EVERY_POST = (
    "new posts are sorted, one a sharer and category",
    "only members post",
    "a share without parent, and no other, is a root",
)


@compiled(nogil=True)
def posts_hold(posts: PostColumns, member: U1) -> tuple[bool, bool, bool]:
    """Whether posts keep to `OF_EVERY_POST`."""
    sharer, category = posts.sharer[posts.fresh :], posts.category[posts.fresh :]
    parent, root = posts.parent_share, posts.root_share
    in_order = of_members = rooted = True
    for row in range(len(sharer)):
        of_members &= member[sharer[row]]
    for row in range(1, len(sharer)):
        before, after = sharer[row - 1], sharer[row]
        in_order &= (before < after) | ((before == after) & (category[row - 1] < category[row]))
    for row in range(len(root)):
        rooted &= (parent[row] == NOBODY) == (root[row] == posts.first_share + row)
    return in_order, of_members, rooted
