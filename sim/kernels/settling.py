"""Settling a range of a week's orders: as ``PlatformAgent.settle_order`` does.

A range moves the money of its own buyers, and counts the orders of every product. As a product has
one price all week, these counts tell what merchants and the platform receive and pay; what else its
orders change for sharers anywhere is returned in rows. All are whole numbers, added up afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.joining import join
from sim.kernels.situation import Situation
from sim.money import part_of_fen
from sim.rules.rewards import MarketTerms
from sim.rules.settlement import refund_prob, settle_amounts
from sim.rules.sides import SHARING_SIDE
from sim.world.columns import AD, I1, I4, I8, NOBODY, U1, OrderColumns

#: Columns of ``of_merchant``: orders, those of them that paid a reward, were refunded, came by ads.
ORDERS, REWARDED, REFUNDED, AD_ORDERS, N_SUMS = range(5)
#: Columns of ``amounts``, fen that a kept order moves; it credits rebate and receiver's part.
FEE, COMMISSION, SENDER, RECEIVER, CREDIT, N_AMOUNTS = range(6)


class SettledOrders(NamedTuple):
    """What a range of orders leaves to be added up; and who joined by a first purchase."""

    used_fen: int
    """Rebates spent, and how many orders spent any."""
    n_used: int
    refund_fen: int
    """Money returned to buyers, and to how many."""
    n_refunds: int
    n_through_rewarded: int
    """Orders through a rewarded post, whether or not they pay a reward."""
    rewarded: U1
    """Whether each order is kept and pays a reward."""
    reward_row: I8
    """Order row of each transfer of a reward."""
    reward_earner: I8
    reward_fen: I8
    joined: I8


@compiled
def amounts_of_products(
    sellers: I4, price_fen: I8, side: I1, first_side: MarketTerms, last_side: MarketTerms
) -> I8:
    """Return [n_merchants, 2, N_AMOUNTS] what an order moves, without and with a reward.

    By the terms of the side of the market on which each merchant sells.
    """
    amounts = np.zeros((len(price_fen), 2, N_AMOUNTS), np.int64)
    for merchant in sellers:
        terms = first_side if side[merchant] == SHARING_SIDE else last_side
        for rewarded in range(2):
            settled = settle_amounts(price_fen[merchant], 0, rewarded, 0, terms)
            of = amounts[merchant, rewarded]
            of[FEE], of[COMMISSION] = settled.fee_fen, settled.commission_fen
            of[SENDER], of[RECEIVER] = settled.sender_fen, settled.receiver_fen
            of[CREDIT] = settled.rebate_credit_fen + settled.receiver_fen
    return amounts


@compiled(nogil=True)
def settle_orders(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    amounts: I8,
    level_weights: I8,
    of_merchant: I8,
) -> SettledOrders:
    """Draw refunds of orders ``first:end``, divide their money, fill wallets.

    The orders of one consumer must lie in one range. What a kept order sets in motion is read from
    ``amounts``, as `amounts_of_products` gives them; the orders of each merchant are added to
    ``of_merchant``, [n_merchants, N_SUMS].
    """
    n = end - first
    member, cash, wallet = s.consumers.member, s.consumers.cash_fen, s.consumers.wallet_fen
    if s.market.refunds or s.last_side.refunds:
        _draw_refunds(s, orders, first, end)
    posts, n_through_rewarded = _rewarded_posts(s, orders, first, end)
    rewarded, rows = np.empty(n, np.bool_), np.empty(n, np.int64)
    used_fen = n_used = refund_fen = n_refunds = n_outside = 0
    for k in range(n):
        row = first + k
        consumer, merchant = orders.consumer[row], orders.merchant[row]
        price, used = orders.price_fen[row], orders.rebate_used_fen[row]
        is_refunded = int(orders.refunded[row])
        pays = int(posts[k] != NOBODY) & ~is_refunded
        rewarded[k] = pays
        refund, back = 0, 0
        credit = amounts[merchant, pays, CREDIT]
        if is_refunded:
            returned = settle_amounts(price, used, 0, 1, s.market)
            refund, back, credit = returned.refund_fen, returned.restored_fen, 0
        used_fen += used
        n_used += used > 0
        refund_fen += refund
        n_refunds += refund > 0
        cash[consumer] += used + refund - price
        wallet[consumer] += credit + back - used
        of_merchant[merchant, ORDERS] += 1
        of_merchant[merchant, REWARDED] += pays
        of_merchant[merchant, REFUNDED] += is_refunded
        of_merchant[merchant, AD_ORDERS] += orders.channel[row] == AD
        rows[n_outside] = row
        n_outside += not member[consumer]
    joined = _joined(s, orders, rows[:n_outside])
    row, earner, fen = _rewards(s, orders, first, posts, rewarded, amounts, level_weights)
    return SettledOrders(
        used_fen,
        n_used,
        refund_fen,
        n_refunds,
        n_through_rewarded,
        rewarded,
        row,
        earner,
        fen,
        joined,
    )


@compiled
def _joined(s: Situation, orders: OrderColumns, rows: I8) -> I8:
    """Let the buyers of these orders join, each through the first of them; return who did.

    Who joins looks where that was bought.
    """
    people, joined, n = s.consumers, np.empty(len(rows), np.int64), 0
    for row in rows:
        consumer = orders.consumer[row]
        if not people.member[consumer]:
            side = s.merchants.side[orders.merchant[row]]
            join(s, consumer, side, orders.share[row], NOBODY)
            joined[n] = consumer
            n += 1
    return joined[:n]


@compiled
def _rewards(
    s: Situation,
    orders: OrderColumns,
    first: int,
    posts: I8,
    rewarded: U1,
    amounts: I8,
    level_weights: I8,
) -> tuple[I8, I8, I8]:
    """Return order row, earner and fen of each transfer of a reward, in order of the orders."""
    paying, n_paying = np.empty(len(posts), np.int64), 0
    for k in range(len(posts)):
        paying[n_paying] = k
        n_paying += rewarded[k]
    n_levels, n = len(level_weights), 0
    chain, parts = np.empty(n_levels, np.int64), np.empty(n_levels, np.int64)
    row_of = np.empty(n_paying * max(n_levels, 1), np.int64)
    earner, fen = np.empty_like(row_of), np.empty_like(row_of)
    for k in paying[:n_paying]:
        row = first + k
        total_fen = amounts[orders.merchant[row], 1, SENDER]
        if total_fen <= 0:
            continue
        sharer, buyer = orders.sharer[row], orders.consumer[row]
        n_earners = _divide_reward(
            s, posts[k], sharer, buyer, total_fen, level_weights, chain, parts
        )
        for level in range(n_earners):
            row_of[n], earner[n], fen[n] = row, chain[level], parts[level]
            n += 1
    # Copies, so that the room for more rows is given back.
    return row_of[:n].copy(), earner[:n].copy(), fen[:n].copy()


@compiled
def _draw_refunds(s: Situation, orders: OrderColumns, first: int, end: int) -> None:
    """Put down which of these orders the buyers send back."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    quality, worst, luck = s.merchants.quality, s.refund_prob_worst, np.empty(end - first)
    on_first, on_last, side = s.market.refunds, s.last_side.refunds, s.merchants.side
    for k in range(end - first):
        luck[k] = draws.uniform(seed, buyers[first + k], merchants[first + k], week, draws.REFUND)
    for k in range(end - first):
        merchant = merchants[first + k]
        answers = on_first if side[merchant] == SHARING_SIDE else on_last
        is_sent_back = luck[k] < refund_prob(quality[merchant], worst)
        orders.refunded[first + k] = is_sent_back & (answers != 0)


@compiled
def _rewarded_posts(s: Situation, orders: OrderColumns, first: int, end: int) -> tuple[I8, int]:
    """Return the row of the rewarded post that brought each order, -1 where there is none.

    Also how many orders came through one, those by the own post included that earn nothing.
    """
    posts, rows, n, n_rewarded = (
        np.empty(end - first, np.int64),
        np.empty(end - first, np.int64),
        0,
        0,
    )
    guarded = s.market.self_referral_guard
    for k in range(end - first):
        posts[k] = NOBODY
        rows[n] = k
        n += orders.share[first + k] != NOBODY
    for k in rows[:n]:
        row = first + k
        post = orders.share[row] - s.posts.first_share
        is_own = orders.sharer[row] == orders.consumer[row]
        is_rewarded = s.posts.rewarded[post]
        n_rewarded += is_rewarded
        posts[k] = post if is_rewarded and not (guarded and is_own) else NOBODY
    return posts, n_rewarded


@compiled(nogil=True)
def add_to(column: I8, rows: I8, amounts: I8) -> None:
    """Add each amount to its row; a row may occur several times."""
    for k in range(len(rows)):
        column[rows[k]] += amounts[k]


@compiled
def _divide_reward(
    s: Situation,
    post: int,
    sharer: int,
    buyer: int,
    total_fen: int,
    weights: I8,
    earners: I8,
    parts: I8,
) -> int:
    """Put who earns what of a reward into ``earners`` and ``parts``; return how many there are.

    What nobody above can have is the sharer's; who stands twice in the chain is paid once.
    """
    weight_sum = 0
    for weight in weights:
        weight_sum += weight
    earners[0], parts[0] = sharer, total_fen
    n = 1
    for level in range(1, len(weights)):
        above = s.posts.upline[post, level - 1]
        if above == NOBODY or (s.market.self_referral_guard and above == buyer):
            continue
        part = part_of_fen(total_fen, weights[level], weight_sum)
        place = 0
        while place < n and earners[place] != above:
            place += 1
        if place == n:
            earners[n], parts[n] = above, 0
            n += 1
        parts[0] -= part
        parts[place] += part
    return n
