"""Settling a range of a week's orders: as ``PlatformAgent.settle_order`` does.

A range moves the money of its own buyers; what its orders change for merchants, for the platform
and for sharers anywhere is returned in sums and rows, all whole numbers, and added up afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.money import part_of_fen
from sim.rules.settlement import refund_prob, settle_amounts
from sim.world.columns import AD, I8, NOBODY, OrderColumns

#: Purposes in the order in which the money of an order moves: columns of ``paid``.
REBATE, PURCHASE, COST, RECOVERY, REFUND, FEE, COMMISSION, CREDIT, N_PAID = range(9)
#: Columns of ``of_merchant``.
ORDERS, REVENUE, REFERRED, AD_ORDERS, CASH, N_SUMS = range(6)


class SettledOrders(NamedTuple):
    """What a range of orders leaves to be added up; and who joined by a first purchase."""

    paid: I8
    """[rows, N_PAID] fen by order, one row for their sum behind; no others unless kept."""
    n_paid: I8
    """[N_PAID] number of transfers."""
    reward_row: I8
    """Order row of each transfer of a reward."""
    reward_earner: I8
    reward_fen: I8
    joined: I8


@compiled(nogil=True)
def settle_orders(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    level_weights: I8,
    of_merchant: I8,
    keeps_rows: bool,
) -> SettledOrders:
    """Draw refunds of orders ``first:end``, divide their money, fill wallets.

    The orders of one consumer must lie in one range. What they bring merchants is added to
    ``of_merchant``, [n_merchants, N_SUMS].
    """
    n, n_levels, market = end - first, len(level_weights), s.market
    unit_cost, member = s.merchants.unit_cost_fen, s.consumers.member
    cash, wallet = s.consumers.cash_fen, s.consumers.wallet_fen
    if market.refunds:
        _draw_refunds(s, orders, first, end)
    posts = _rewarded_posts(s, orders, first, end)
    paid = np.zeros((n + 1 if keeps_rows else 2, N_PAID), np.int64)
    n_paid = np.zeros(N_PAID, np.int64)
    total = paid[len(paid) - 1]
    reward_row = np.empty(n * max(n_levels, 1), np.int64)
    earner, amount = np.empty_like(reward_row), np.empty_like(reward_row)
    chain, parts = np.empty(n_levels, np.int64), np.empty(n_levels, np.int64)
    joined = np.empty(n, np.int64)
    n_rewards = n_joined = 0
    for k in range(n):
        row, post = first + k, posts[k]
        consumer, merchant = orders.consumer[row], orders.merchant[row]
        price, used = orders.price_fen[row], orders.rebate_used_fen[row]
        amounts = settle_amounts(
            price, used, int(post != NOBODY), int(orders.refunded[row]), market
        )
        cost, credit = unit_cost[merchant], amounts.rebate_credit_fen + amounts.receiver_fen
        here = paid[k if keeps_rows else 0]
        here[REBATE] = used
        here[PURCHASE] = price
        here[COST] = cost
        here[RECOVERY] = amounts.recovered_fen
        here[REFUND] = amounts.refund_fen
        here[FEE] = amounts.fee_fen
        here[COMMISSION] = amounts.commission_fen
        here[CREDIT] = credit
        for purpose in range(N_PAID):
            total[purpose] += here[purpose]
            n_paid[purpose] += here[purpose] > 0
        cash[consumer] += used + amounts.refund_fen - price
        wallet[consumer] += credit + amounts.restored_fen - used
        if amounts.sender_fen > 0:
            n_earners = _divide_reward(
                s,
                post,
                orders.sharer[row],
                consumer,
                amounts.sender_fen,
                level_weights,
                chain,
                parts,
            )
            for level in range(n_earners):
                reward_row[n_rewards] = row
                earner[n_rewards], amount[n_rewards] = chain[level], parts[level]
                n_rewards += 1
        sums = of_merchant[merchant]
        sums[ORDERS] += 1
        sums[REVENUE] += price
        sums[REFERRED] += amounts.sender_fen + amounts.receiver_fen > 0
        sums[AD_ORDERS] += orders.channel[row] == AD
        sums[CASH] += (
            price
            - cost
            - amounts.sender_fen
            - amounts.recovered_fen
            - amounts.fee_fen
            - amounts.commission_fen
            - credit
        )
        if not member[consumer]:
            member[consumer] = True
            s.consumers.joined_week[consumer] = s.week
            s.consumers.joined_share[consumer] = orders.share[row]
            s.consumers.joined_root[consumer] = NOBODY
            joined[n_joined] = consumer
            n_joined += 1
    return SettledOrders(
        paid,
        n_paid,
        # Copies, so that the room for more rows is given back.
        reward_row[:n_rewards].copy(),
        earner[:n_rewards].copy(),
        amount[:n_rewards].copy(),
        joined[:n_joined].copy(),
    )


@compiled
def _draw_refunds(s: Situation, orders: OrderColumns, first: int, end: int) -> None:
    """Put down which of these orders the buyers send back."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    quality, worst, luck = s.merchants.quality, s.refund_prob_worst, np.empty(end - first)
    for k in range(end - first):
        luck[k] = draws.uniform(seed, buyers[first + k], merchants[first + k], week, draws.REFUND)
    for k in range(end - first):
        prob = refund_prob(quality[merchants[first + k]], worst)
        orders.refunded[first + k] = luck[k] < prob


@compiled
def _rewarded_posts(s: Situation, orders: OrderColumns, first: int, end: int) -> I8:
    """Return the row of the rewarded post that brought each order, -1 where there is none."""
    posts = np.empty(end - first, np.int64)
    for row in range(first, end):
        post = NOBODY
        if orders.share[row] != NOBODY:
            post = orders.share[row] - s.posts.first_share
            is_own = orders.sharer[row] == orders.consumer[row]
            if not s.posts.rewarded[post] or (s.market.self_referral_guard and is_own):
                post = NOBODY
        posts[row - first] = post
    return posts


@compiled
def pay_rewards(earner: I8, amount_fen: I8, cash_fen: I8, reward_income_fen: I8) -> None:
    """Pay sharers what they earned."""
    for k in range(len(earner)):
        cash_fen[earner[k]] += amount_fen[k]
        reward_income_fen[earner[k]] += amount_fen[k]


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
