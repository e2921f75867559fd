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
    of_merchant: I8
    """[n_merchants, N_SUMS]"""
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
    keeps_rows: bool,
) -> SettledOrders:
    """Draw refunds of orders ``first:end``, divide their money, fill wallets.

    The orders of one consumer must lie in one range.
    """
    paid = np.zeros((end - first + 1 if keeps_rows else 2, N_PAID), np.int64)
    last = len(paid) - 1
    n_paid = np.zeros(N_PAID, np.int64)
    of_merchant = np.zeros((len(s.merchants.category), N_SUMS), np.int64)
    n_levels = len(level_weights)
    reward_row = np.empty((end - first) * max(n_levels, 1), np.int64)
    earner, amount = np.empty_like(reward_row), np.empty_like(reward_row)
    chain, parts = np.empty(n_levels, np.int64), np.empty(n_levels, np.int64)
    joined = np.empty(end - first, np.int64)
    n_rewards = n_joined = 0
    quality, unit_cost = s.merchants.quality, s.merchants.unit_cost_fen
    for row in range(first, end):
        consumer, merchant, price = (
            orders.consumer[row],
            orders.merchant[row],
            orders.price_fen[row],
        )
        if s.market.refunds:
            prob = refund_prob(quality[merchant], s.refund_prob_worst)
            u = draws.uniform(s.seed, consumer, merchant, s.week, draws.REFUND)
            orders.refunded[row] = u < prob
        post = _rewarded_post(s, orders, row)
        used = orders.rebate_used_fen[row]
        amounts = settle_amounts(
            price, used, int(post != NOBODY), int(orders.refunded[row]), s.market
        )
        here = paid[row - first if keeps_rows else 0]
        here[REBATE] = used
        here[PURCHASE] = price
        here[COST] = unit_cost[merchant]
        here[RECOVERY] = amounts.recovered_fen
        here[REFUND] = amounts.refund_fen
        here[FEE] = amounts.fee_fen
        here[COMMISSION] = amounts.commission_fen
        here[CREDIT] = amounts.rebate_credit_fen + amounts.receiver_fen
        for k in range(N_PAID):
            paid[last, k] += here[k]
            n_paid[k] += here[k] > 0
        s.consumers.cash_fen[consumer] += used + amounts.refund_fen - price
        s.consumers.wallet_fen[consumer] += here[CREDIT] + amounts.restored_fen - used
        if amounts.sender_fen > 0:
            n_earners = _divide_reward(
                s, post, consumer, amounts.sender_fen, level_weights, chain, parts
            )
            for k in range(n_earners):
                reward_row[n_rewards] = row
                earner[n_rewards], amount[n_rewards] = chain[k], parts[k]
                n_rewards += 1
        sums = of_merchant[merchant]
        sums[ORDERS] += 1
        sums[REVENUE] += price
        sums[REFERRED] += amounts.sender_fen + amounts.receiver_fen > 0
        sums[AD_ORDERS] += orders.channel[row] == AD
        sums[CASH] += price - amounts.sender_fen
        for k in (COST, RECOVERY, FEE, COMMISSION, CREDIT):
            sums[CASH] -= here[k]
        if not s.consumers.member[consumer]:
            s.consumers.member[consumer] = True
            s.consumers.joined_week[consumer] = s.week
            s.consumers.joined_share[consumer] = orders.share[row]
            s.consumers.joined_root[consumer] = NOBODY
            joined[n_joined] = consumer
            n_joined += 1
    return SettledOrders(
        paid,
        n_paid,
        of_merchant,
        reward_row[:n_rewards],
        earner[:n_rewards],
        amount[:n_rewards],
        joined[:n_joined],
    )


@compiled
def pay_rewards(earner: I8, amount_fen: I8, cash_fen: I8, reward_income_fen: I8) -> None:
    """Pay sharers what they earned."""
    for k in range(len(earner)):
        cash_fen[earner[k]] += amount_fen[k]
        reward_income_fen[earner[k]] += amount_fen[k]


@compiled
def _rewarded_post(s: Situation, orders: OrderColumns, row: int) -> int:
    """Return the row of the rewarded post that brought this order, -1 where there is none."""
    if orders.share[row] == NOBODY:
        return NOBODY
    post = orders.share[row] - s.posts.first_share
    if not s.posts.rewarded[post]:
        return NOBODY
    if s.market.self_referral_guard and s.posts.sharer[post] == orders.consumer[row]:
        return NOBODY
    return post


@compiled
def _divide_reward(
    s: Situation, post: int, buyer: int, total_fen: int, weights: I8, earners: I8, parts: I8
) -> int:
    """Put who earns what of a reward into ``earners`` and ``parts``; return how many there are.

    What nobody above can have is the sharer's; who stands twice in the chain is paid once.
    """
    weight_sum = 0
    for weight in weights:
        weight_sum += weight
    sharer = s.posts.sharer[post]
    left = total_fen
    n = 0
    for level in range(len(weights)):
        above = sharer if level == 0 else s.posts.upline[post, level - 1]
        if above == NOBODY or (s.market.self_referral_guard and above == buyer):
            above = sharer
        part = part_of_fen(total_fen, weights[level], weight_sum)
        left -= part
        place = 0
        while place < n and earners[place] != above:
            place += 1
        if place == n:
            earners[n], parts[n] = above, 0
            n += 1
        parts[place] += part
    # The sharer always stands first.
    parts[0] += left
    return n
