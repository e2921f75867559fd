"""Choosing, for a range of consumers at once: as ``sim.agents.shopper`` does."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.looking import look_around, remembered
from sim.kernels.situation import (
    Situation,
    first_reader_from,
    layer_of,
    match_of,
    sincerity_over,
    trust_in,
    trust_in_stranger,
)
from sim.rules import belief, choice, demand
from sim.rules.rewards import uses_own_link
from sim.world.columns import (
    AD,
    F8,
    FIXED_POINT,
    I8,
    MICRO,
    NOBODY,
    SHARE,
)

#: Whole numbers of an order: consumer, category, merchant, channel, share, sharer, tie, layer,
#: price and rebate used in fen; and its reals: expected quality and shock gain.
ORDER_FIELDS = 10
ORDER_REALS = 2
#: A look: merchant, channel, share, tie.
LOOK_FIELDS = 4
READ_FIELDS = 9
CLICK_FIELDS = 3


@compiled(nogil=True)
def choose_products(
    s: Situation, first: int, end: int, demand_prob_sum: I8, demand_slope_sum: I8
) -> tuple[I8, F8, I8, I8, int, int]:
    """Let consumers ``first:end`` choose; demand sums are added to the two given columns.

    Return orders (whole numbers, reals), posts looked up, paid clicks, choices, products examined.
    """
    needed_by = np.empty(end - first, np.uint64)
    most = 0
    for consumer in range(first, end):
        needed_by[consumer - first], n_needs = _needs(s, consumer)
        most += n_needs
    n_slots = len(s.shop.slot_click_prob)
    orders, reals = np.empty((most, ORDER_FIELDS), np.int64), np.empty((most, ORDER_REALS))
    reads = np.empty((most + 1, READ_FIELDS), np.int64)
    clicks = np.empty((most * n_slots, CLICK_FIELDS), np.int64)
    n_orders = n_reads = n_clicks = n_choices = n_examined = 0
    looks = np.empty((max(s.n_looks, 1), LOOK_FIELDS), np.int64)
    utilities = np.empty(max(s.n_looks, 1) + 1)
    # What is remembered, and one post looked up.
    heard = np.empty((s.remembered_share.shape[1] + 1, 2), np.int64)
    for consumer in range(first, end):
        needed = needed_by[consumer - first]
        wallet = s.consumers.wallet_fen[consumer]
        category = 0
        while needed:
            if needed & np.uint64(1) == 0:
                needed >>= np.uint64(1)
                category += 1
                continue
            n_heard = remembered(s, consumer, category, heard)
            n_looks, n_looked_up, n_clicked, n_heard = look_around(
                s, consumer, category, heard, n_heard, looks, reads[n_reads], clicks[n_clicks:]
            )
            n_reads += n_looked_up
            n_clicks += n_clicked
            if n_looks > 0:
                n_choices += 1
                n_examined += n_looks
                bought = _decide(
                    s,
                    consumer,
                    category,
                    wallet,
                    heard,
                    n_heard,
                    looks,
                    n_looks,
                    utilities,
                    orders[n_orders],
                    reals[n_orders],
                )
                _leave_demand(
                    s, consumer, looks, n_looks, utilities, demand_prob_sum, demand_slope_sum
                )
                if bought:
                    wallet -= orders[n_orders, 9]
                    n_orders += 1
            needed >>= np.uint64(1)
            category += 1
    return (
        orders[:n_orders],
        reals[:n_orders],
        reads[:n_reads],
        clicks[:n_clicks],
        n_choices,
        n_examined,
    )


@compiled
def _needs(s: Situation, consumer: int) -> tuple[np.uint64, int]:
    """Return the categories in which something is needed, one bit each, and at most how many."""
    n = demand.n_needs(
        draws.uniform(s.seed, consumer, NOBODY, s.week, draws.NEED_COUNT),
        s.consumers.purchase_rate[consumer],
    )
    needed = np.uint64(0)
    for k in range(n):
        category = demand.category_of_need(
            s.consumers.taste_x[consumer],
            s.consumers.taste_y[consumer],
            draws.uniform(s.seed, consumer, NOBODY, s.week, draws.NEED_CATEGORY, 2 * k),
            draws.uniform(s.seed, consumer, NOBODY, s.week, draws.NEED_CATEGORY, 2 * k + 1),
            s.category_spread,
            s.n_categories,
        )
        needed |= np.uint64(1) << np.uint64(category)
    return needed, n


@compiled
def _decide(
    s: Situation,
    consumer: int,
    category: int,
    wallet: int,
    heard: I8,
    n_heard: int,
    looks: I8,
    n_looks: int,
    utilities: F8,
    order: I8,
    real: F8,
) -> bool:
    """Fill in the order for the best product examined; return whether anything is bought."""
    alpha = s.consumers.price_sensitivity[consumer]
    outside = draws.gumbel_of(
        draws.uniform(s.seed, consumer, NOBODY, s.week, draws.CHOICE_SHOCK, category)
    )
    best, best_total, best_belief, best_gain = -1, outside, 0.0, 0.0
    for k in range(n_looks):
        merchant = looks[k, 0]
        mean, precision = _belief_about(s, consumer, category, looks[k], heard, n_heard)
        price = s.merchants.price_fen[merchant]
        utilities[k] = choice.utility(
            alpha,
            price / 100.0,
            min(wallet, price) / 100.0,
            mean,
            1.0 / precision,
            match_of(s, consumer, merchant),
            s.terms.choice,
        )
        shock = draws.gumbel_of(
            draws.uniform(s.seed, consumer, merchant, s.week, draws.CHOICE_SHOCK)
        )
        if utilities[k] + shock > best_total:
            best, best_total, best_belief = k, utilities[k] + shock, mean
            best_gain = shock - outside
    if best < 0:
        return False
    merchant, share, tie = looks[best, 0], looks[best, 2], looks[best, 3]
    channel = looks[best, 1]
    if uses_own_link(s.market.self_referral_guard, share != NOBODY):
        own_post = _own_rewarded_post(s, consumer, merchant)
        if own_post != NOBODY:
            share, channel = s.posts.first_share + own_post, SHARE
    price = s.merchants.price_fen[merchant]
    order[0] = consumer
    order[1] = category
    order[2] = merchant
    order[3] = channel
    order[4] = share
    order[5] = NOBODY
    if share != NOBODY:
        order[5] = s.posts.sharer[share - s.posts.first_share]
    order[6] = tie
    order[7] = NOBODY
    if tie != NOBODY:
        order[7] = layer_of(s, tie)
    order[8] = price
    order[9] = min(wallet, price)
    real[0] = best_belief
    real[1] = best_gain
    return True


@compiled
def _own_rewarded_post(s: Situation, consumer: int, merchant: int) -> int:
    """Return the row of the own last rewarded post about a product within memory, or -1."""
    found = NOBODY
    place = first_reader_from(s.own_post_sharer, 0, len(s.own_post_sharer), consumer)
    while place < len(s.own_post_sharer) and s.own_post_sharer[place] == consumer:
        row = s.own_post[place]
        if s.posts.rewarded[row] and s.posts.merchant[row] == merchant:
            found = row
        place += 1
    return found


@compiled
def _belief_about(
    s: Situation, consumer: int, category: int, look: I8, heard: I8, n_heard: int
) -> tuple[float, float]:
    merchant, terms = look[0], s.terms.belief
    market = s.consumers.market_belief[consumer]
    mean, precision = market, terms.prior_precision
    if s.memory.last_merchant[consumer, category] == merchant:
        mean, precision = belief.combine(
            mean,
            precision,
            np.float64(s.memory.mean_experience[consumer, category]),
            belief.own_signal_precision(
                terms.own_precision,
                s.consumers.insight[consumer],
                s.memory.times[consumer, category],
            ),
        )
    n_reviews = s.merchants.review_count[merchant]
    if n_reviews > 0:
        mean, precision = belief.combine(
            mean,
            precision,
            s.merchants.review_sum_micro[merchant] / (n_reviews * MICRO),
            belief.review_precision(
                terms.review_precision,
                n_reviews,
                terms.review_saturation,
                terms.stranger_credibility,
            ),
        )
    for k in range(n_heard):
        if s.posts.merchant[heard[k, 0]] == merchant:
            mean, precision = _hear(s, consumer, mean, precision, heard[k, 0], heard[k, 1])
    if look[1] == AD:
        mean, precision = belief.combine(
            mean,
            precision,
            belief.advertised_quality(market, s.consumers.ad_lift[consumer]),
            terms.ad_precision,
        )
    return mean, precision


@compiled
def _hear(
    s: Situation, consumer: int, mean: float, precision: float, post: int, tie: int
) -> tuple[float, float]:
    sharer = s.posts.sharer[post]
    if tie != NOBODY:
        trusted_at = trust_in(s, consumer, tie, sharer)
    else:
        trusted_at = trust_in_stranger(s, consumer, sharer)
    sincere = 1.0
    if s.posts.rewarded[post]:
        sincere = sincerity_over(s, tie, 1)
    return belief.combine(
        mean,
        precision,
        s.posts.stated_quality[post],
        belief.post_precision(s.terms.belief.friend_precision, trusted_at, sincere),
    )


@compiled
def _leave_demand(
    s: Situation,
    consumer: int,
    looks: I8,
    n_looks: int,
    utilities: F8,
    demand_prob_sum: I8,
    demand_slope_sum: I8,
) -> None:
    alpha = s.consumers.price_sensitivity[consumer]
    utilities[n_looks] = 0.0
    logsum = choice.logsumexp(utilities, n_looks + 1)
    for k in range(n_looks):
        prob = choice.choice_prob(utilities[k], logsum)
        merchant = looks[k, 0]
        demand_prob_sum[merchant] += int(prob * FIXED_POINT + 0.5)
        demand_slope_sum[merchant] += int(alpha * prob * (1.0 - prob) * FIXED_POINT + 0.5)
