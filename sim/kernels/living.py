"""Living what was bought, for a range of orders at once: what ``sim.agents.judge`` does.

Orders are taken in short groups: what one step needs of all of them is drawn or fetched in a loop
of its own, in which vectors and many fetches at a time are possible.
"""

from __future__ import annotations

import math

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation, add_evidence, match_of, tie_to
from sim.rules import attention, belief, choice, reputation, trust
from sim.world.columns import AD, F8, I8, MICRO, MOST_TIMES, NOBODY, U1, OrderColumns

#: Columns of ``of_merchant``: reviews, and the sum of their scores in millionths.
REVIEWS, SCORES, N_SUMS = range(3)
#: Orders that are taken together.
GROUP = 256


@compiled(nogil=True)
def experience_orders(
    s: Situation, orders: OrderColumns, first: int, end: int, of_merchant: I8
) -> tuple[I8, U1, I8]:
    """Live orders ``first:end``; reviews are added to ``of_merchant``, [n_merchants, N_SUMS].

    Return the rows of all referred orders, whether these proved useful, and the leaders whom buyers
    begin to follow. The orders of one consumer must lie in one range.
    """
    referred, useful = np.empty(end - first + 1, np.int64), np.empty(end - first, np.bool_)
    newly_followed = np.empty(end - first, np.int64)
    n_referred = n_followed = 0
    luck, normals, is_known = np.empty(GROUP), np.empty(GROUP), np.empty(GROUP, np.bool_)
    for begin in range(first, end, GROUP):
        until = min(begin + GROUP, end)
        _live(s, orders, begin, until, luck[: until - begin], normals)
        _value(s, orders, begin, until)
        _adjust_beliefs(s, orders, begin, until)
        _learn_products(s, orders, begin, until, is_known)
        _review(s, orders, begin, until, luck, of_merchant)
        n_before = n_referred
        for row in range(begin, until):
            referred[n_referred] = row
            n_referred += orders.share[row] != NOBODY
        for k in range(n_before, n_referred):
            row = referred[k]
            stated = s.posts.stated_quality[orders.share[row] - s.posts.first_share]
            useful[k] = trust.outcome_useful(
                orders.experienced_quality[row], stated, s.terms.trust.tolerance
            )
        for k in range(n_before, n_referred):
            followed = _judge_sharer(s, orders, referred[k], useful[k])
            if followed != NOBODY:
                newly_followed[n_followed] = followed
                n_followed += 1
    # Copies, so that the room for more rows is given back.
    return (
        referred[:n_referred].copy(),
        useful[:n_referred].copy(),
        newly_followed[:n_followed].copy(),
    )


@compiled
def _live(
    s: Situation, orders: OrderColumns, begin: int, until: int, luck: F8, normals: F8
) -> None:
    """Put down the quality that buyers live."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    own_precision = s.terms.belief.own_precision
    for k in range(until - begin):
        luck[k] = draws.uniform(
            seed, buyers[begin + k], merchants[begin + k], week, draws.EXPERIENCE
        )
    draws.put_normals(luck, normals)
    for k in range(until - begin):
        orders.experienced_quality[begin + k] = belief.experience(
            s.merchants.quality[merchants[begin + k]],
            own_precision * s.consumers.insight[buyers[begin + k]],
            normals[k],
        )


@compiled
def _value(s: Situation, orders: OrderColumns, begin: int, until: int) -> None:
    """Put down what orders are worth to their buyers, over not buying; 0 where refunded."""
    terms = s.terms.choice
    for row in range(begin, until):
        orders.surplus_fen[row] = 0
        if orders.refunded[row]:
            continue
        consumer, merchant = orders.consumer[row], orders.merchant[row]
        alpha = s.consumers.price_sensitivity[consumer]
        paid = (orders.price_fen[row] - orders.rebate_used_fen[row]) / 100.0
        quality, match = s.merchants.quality[merchant], match_of(s, consumer, merchant)
        value = choice.true_utility(alpha, paid, quality, match, terms)
        yuan = choice.surplus_yuan(alpha, value, orders.shock_gain[row])
        orders.surplus_fen[row] = math.floor(yuan * 100.0 + 0.5)


@compiled
def _adjust_beliefs(s: Situation, orders: OrderColumns, begin: int, until: int) -> None:
    """Move what buyers expect of this market, and of what it advertises, towards what they live."""
    market_belief, ad_lift, terms = s.consumers.market_belief, s.consumers.ad_lift, s.terms.belief
    for row in range(begin, until):
        consumer, x = orders.consumer[row], orders.experienced_quality[row]
        market = market_belief[consumer]
        if orders.channel[row] == AD:
            ad_lift[consumer] = belief.move_towards(
                ad_lift[consumer], x - market, terms.ad_lift_rate
            )
        market_belief[consumer] = belief.move_towards(market, x, terms.market_belief_rate)


@compiled
def _learn_products(
    s: Situation, orders: OrderColumns, begin: int, until: int, is_known: U1
) -> None:
    """Remember what was lived of each product; nobody orders twice in a category."""
    memory = s.memory
    for row in range(begin, until):
        known = memory.last_merchant[orders.consumer[row], orders.category[row]]
        is_known[row - begin] = known == orders.merchant[row]
    for row in range(begin, until):
        consumer, category = orders.consumer[row], orders.category[row]
        x = orders.experienced_quality[row]
        if is_known[row - begin]:
            times = memory.times[consumer, category]
            memory.mean_experience[consumer, category] = belief.running_mean(
                memory.mean_experience[consumer, category], times, x
            )
            memory.times[consumer, category] = min(times + 1, MOST_TIMES)
        else:
            memory.last_merchant[consumer, category] = orders.merchant[row]
            memory.mean_experience[consumer, category] = x
            memory.times[consumer, category] = 1


@compiled
def _review(
    s: Situation, orders: OrderColumns, begin: int, until: int, luck: F8, of_merchant: I8
) -> None:
    """Let some buyers write reviews, behind which a bad seller may add a fake one."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    for k in range(until - begin):
        luck[k] = draws.uniform(seed, buyers[begin + k], merchants[begin + k], week, draws.REVIEW)
    for k in range(until - begin):
        if luck[k] >= s.review_prob:
            continue
        merchant = merchants[begin + k]
        sums = of_merchant[merchant]
        sums[REVIEWS] += 1
        sums[SCORES] += belief.review_score_micro(orders.experienced_quality[begin + k])
        u = draws.uniform(seed, buyers[begin + k], merchant, week, draws.FAKE_REVIEW)
        if u < belief.fake_review_prob(s.fake_share, s.merchants.quality[merchant]):
            sums[REVIEWS] += 1
            sums[SCORES] += MICRO


@compiled
def _judge_sharer(s: Situation, orders: OrderColumns, row: int, useful: bool) -> int:
    """Hold against a sharer how a recommendation proved; return the leader newly followed or -1."""
    consumer, sharer, tie = orders.consumer[row], orders.sharer[row], orders.tie[row]
    general_trust, terms = s.consumers.general_trust, s.terms.trust
    followed = NOBODY
    if sharer == consumer:
        return followed
    if tie != NOBODY:
        good, bad = trust.evidence_of(useful, 0, terms)
        add_evidence(s, tie, good, bad)
    elif useful:
        followed = _follow(s, consumer, sharer)
    general_trust[consumer] = trust.general_trust_after(
        general_trust[consumer], useful, terms.general_trust_rate
    )
    return followed


@compiled
def _follow(s: Situation, consumer: int, leader: int) -> int:
    u = draws.uniform(s.seed, consumer, leader, s.week, draws.FOLLOW)
    willing = attention.follows(u, s.terms.sharing.follow_prob)
    if not willing or tie_to(s, consumer, leader) != NOBODY:
        return NOBODY
    for k in range(s.ties.followed.shape[1]):
        if s.ties.followed[consumer, k] == NOBODY:
            s.ties.followed[consumer, k] = leader
            return leader
    return NOBODY


@compiled
def credit_sharers(s: Situation, orders: OrderColumns, rows: I8, useful: U1) -> None:
    """Settle what referred orders say about their sharers, in order of the orders."""
    people, streak_length = s.consumers, s.terms.reputation.streak_length
    for k in range(len(rows)):
        sharer = orders.sharer[rows[k]]
        people.credit_milli[sharer], people.streak[sharer] = reputation.credit_after(
            people.credit_milli[sharer], people.streak[sharer], useful[k], streak_length
        )
