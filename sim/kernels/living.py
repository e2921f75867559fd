"""Living what was bought, for a range of orders at once: what ``sim.agents.judge`` does."""

from __future__ import annotations

import math

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation, add_evidence, match_of, tie_to
from sim.rules import attention, belief, choice, reputation, trust
from sim.world.columns import AD, I8, MICRO, NOBODY, OrderColumns

MOST_TIMES_COUNTED = 32767


@compiled(nogil=True)
def experience_orders(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    review_count: I8,
    review_sum_micro: I8,
) -> tuple[I8, I8]:
    """Live orders ``first:end``; reviews are added to the two given columns.

    Return (order row, useful) of every referred order, and the leaders whom buyers begin to follow.
    The orders of one consumer must lie in one range.
    """
    outcomes = np.empty((end - first, 2), np.int64)
    newly_followed = np.empty(end - first, np.int64)
    n_outcomes = n_followed = 0
    terms = s.terms.belief
    for row in range(first, end):
        consumer, merchant = orders.consumer[row], orders.merchant[row]
        z = draws.normal_of(draws.uniform(s.seed, consumer, merchant, s.week, draws.EXPERIENCE))
        x = belief.experience(
            s.merchants.quality[merchant],
            terms.own_precision * s.consumers.insight[consumer],
            z,
        )
        orders.experienced_quality[row] = x
        orders.surplus_fen[row] = _surplus_fen(s, orders, row)
        market = s.consumers.market_belief[consumer]
        if orders.channel[row] == AD:
            s.consumers.ad_lift[consumer] = belief.move_towards(
                s.consumers.ad_lift[consumer], x - market, terms.ad_lift_rate
            )
        s.consumers.market_belief[consumer] = belief.move_towards(
            market, x, terms.market_belief_rate
        )
        _learn_product(s, consumer, orders.category[row], merchant, x)
        _review(s, consumer, merchant, x, review_count, review_sum_micro)
        if orders.share[row] != NOBODY:
            useful, followed = _judge_sharer(s, orders, row, x)
            outcomes[n_outcomes, 0], outcomes[n_outcomes, 1] = row, useful
            n_outcomes += 1
            if followed != NOBODY:
                newly_followed[n_followed] = followed
                n_followed += 1
    return outcomes[:n_outcomes], newly_followed[:n_followed]


@compiled
def _surplus_fen(s: Situation, orders: OrderColumns, row: int) -> int:
    if orders.refunded[row]:
        return 0
    consumer, merchant = orders.consumer[row], orders.merchant[row]
    alpha = s.consumers.price_sensitivity[consumer]
    paid = (orders.price_fen[row] - orders.rebate_used_fen[row]) / 100.0
    value = choice.true_utility(
        alpha, paid, s.merchants.quality[merchant], match_of(s, consumer, merchant), s.terms.choice
    )
    yuan = choice.surplus_yuan(alpha, value, orders.shock_gain[row])
    return math.floor(yuan * 100.0 + 0.5)


@compiled
def _learn_product(s: Situation, consumer: int, category: int, merchant: int, x: float) -> None:
    memory = s.memory
    if memory.last_merchant[consumer, category] == merchant:
        times = memory.times[consumer, category]
        memory.mean_experience[consumer, category] = belief.running_mean(
            memory.mean_experience[consumer, category], times, x
        )
        memory.times[consumer, category] = min(times + 1, MOST_TIMES_COUNTED)
    else:
        memory.last_merchant[consumer, category] = merchant
        memory.mean_experience[consumer, category] = x
        memory.times[consumer, category] = 1


@compiled
def _review(
    s: Situation, consumer: int, merchant: int, x: float, review_count: I8, review_sum_micro: I8
) -> None:
    u = draws.uniform(s.seed, consumer, merchant, s.week, draws.REVIEW)
    if u >= s.review_prob:
        return
    review_count[merchant] += 1
    review_sum_micro[merchant] += belief.review_score_micro(x)
    u = draws.uniform(s.seed, consumer, merchant, s.week, draws.FAKE_REVIEW)
    if u < belief.fake_review_prob(s.fake_share, s.merchants.quality[merchant]):
        review_count[merchant] += 1
        review_sum_micro[merchant] += MICRO


@compiled
def _judge_sharer(s: Situation, orders: OrderColumns, row: int, x: float) -> tuple[bool, int]:
    """Return whether the recommendation proved useful, and the leader newly followed or -1."""
    consumer, terms = orders.consumer[row], s.terms.trust
    post = orders.share[row] - s.posts.first_share
    useful = trust.outcome_useful(x, s.posts.stated_quality[post], terms.tolerance)
    good, bad = trust.evidence_of(useful, 0, terms)
    sharer, tie = s.posts.sharer[post], orders.tie[row]
    followed = NOBODY
    if sharer == consumer:
        return useful, followed
    if tie != NOBODY:
        add_evidence(s, tie, good, bad)
    elif useful:
        followed = _follow(s, consumer, sharer)
    s.consumers.general_trust[consumer] = trust.general_trust_after(
        s.consumers.general_trust[consumer], useful, terms.general_trust_rate
    )
    return useful, followed


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
def credit_sharers(s: Situation, orders: OrderColumns, outcomes: I8) -> None:
    """Settle what referred orders say about their sharers, in order of the orders."""
    people = s.consumers
    for k in range(len(outcomes)):
        sharer = orders.sharer[outcomes[k, 0]]
        people.credit_milli[sharer], people.streak[sharer] = reputation.credit_after(
            people.credit_milli[sharer],
            people.streak[sharer],
            outcomes[k, 1],
            s.terms.reputation.streak_length,
        )
