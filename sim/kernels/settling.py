"""Settling a week's orders in one pass: as ``PlatformAgent.settle_order`` does.

The pass is serial, in the order of the orders; the amounts it returns go to the ledger in bulk.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.money import part_of_fen
from sim.rules.settlement import refund_prob, settle_amounts
from sim.world.columns import AD, I8, NOBODY, RECENT_WEEKS, OrderColumns


class SettledOrders(NamedTuple):
    """Fen by order row, for the ledger; and who joined by a first purchase through a post."""

    cost_fen: I8
    fee_fen: I8
    commission_fen: I8
    wallet_credit_fen: I8
    recovered_fen: I8
    refund_fen: I8
    reward_row: I8
    """Order row of each transfer of a reward."""
    reward_earner: I8
    reward_fen: I8
    joined: I8


@compiled
def settle_orders(s: Situation, orders: OrderColumns, level_weights: I8) -> SettledOrders:
    """Draw refunds, divide the money of every order, count it with its merchant, fill wallets."""
    n = len(orders.consumer)
    cost, fee, commission = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    credit, recovered, refund = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    n_levels = len(level_weights)
    reward_row = np.empty(n * max(n_levels, 1), np.int64)
    earner, amount = np.empty_like(reward_row), np.empty_like(reward_row)
    chain, parts = np.empty(n_levels, np.int64), np.empty(n_levels, np.int64)
    joined = np.empty(n, np.int64)
    n_rewards = n_joined = 0
    own = s.merchants
    for row in range(n):
        consumer, merchant, price = (
            orders.consumer[row],
            orders.merchant[row],
            orders.price_fen[row],
        )
        if s.market.refunds:
            prob = refund_prob(own.quality[merchant], s.refund_prob_worst)
            u = draws.uniform(s.seed, consumer, merchant, s.week, draws.REFUND)
            orders.refunded[row] = u < prob
        post = _rewarded_post(s, orders, row)
        used = orders.rebate_used_fen[row]
        amounts = settle_amounts(
            price, used, int(post != NOBODY), int(orders.refunded[row]), s.market
        )
        cost[row] = own.unit_cost_fen[merchant]
        fee[row] = amounts.fee_fen
        commission[row] = amounts.commission_fen
        credit[row] = amounts.rebate_credit_fen + amounts.receiver_fen
        recovered[row] = amounts.recovered_fen
        refund[row] = amounts.refund_fen
        s.consumers.wallet_fen[consumer] += credit[row] + amounts.restored_fen - used
        if amounts.sender_fen > 0:
            n_earners = _divide_reward(
                s, post, consumer, amounts.sender_fen, level_weights, chain, parts
            )
            for k in range(n_earners):
                reward_row[n_rewards] = row
                earner[n_rewards], amount[n_rewards] = chain[k], parts[k]
                n_rewards += 1
        own.week_orders[merchant] += 1
        own.week_revenue_fen[merchant] += price
        own.recent_orders[merchant, s.week % RECENT_WEEKS] += 1
        own.period_orders[merchant] += 1
        own.period_referred[merchant] += amounts.sender_fen + amounts.receiver_fen > 0
        own.period_ad_orders[merchant] += orders.channel[row] == AD
        if not s.consumers.member[consumer]:
            s.consumers.member[consumer] = True
            s.consumers.joined_week[consumer] = s.week
            s.consumers.joined_share[consumer] = orders.share[row]
            s.consumers.joined_root[consumer] = NOBODY
            joined[n_joined] = consumer
            n_joined += 1
    return SettledOrders(
        cost,
        fee,
        commission,
        credit,
        recovered,
        refund,
        reward_row[:n_rewards],
        earner[:n_rewards],
        amount[:n_rewards],
        joined[:n_joined],
    )


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
