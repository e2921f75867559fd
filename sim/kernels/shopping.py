"""Choosing, for a range of consumers at once: as ``sim.agents.shopper`` does."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import draws
from sim.compiled import compiled
from sim.kernels.looking import LUCK_AT_ONCE, look_around, remembered
from sim.kernels.situation import (
    PRICE_YUAN,
    REVIEW_MEAN,
    REVIEW_PRECISION,
    Situation,
    first_reader_from,
    layer_of,
    match_of,
    sincerity_over,
    trust_in_stranger,
    trust_over,
)
from sim.rules import belief, choice, demand
from sim.rules.rewards import uses_own_link
from sim.world.columns import (
    AD,
    F8,
    FIXED_POINT,
    I8,
    NOBODY,
    SHARE,
    OrderColumns,
)

#: Whole numbers of an order: consumer, category, merchant, channel, share, sharer, tie, layer,
#: price and rebate used in fen; and its reals: expected quality and shock gain.
ORDER_FIELDS = 10
ORDER_REALS = 2
#: A look: merchant, channel, share, tie.
LOOK_FIELDS = 4
READ_FIELDS = 9
CLICK_FIELDS = 3
#: Options are drawn for in groups of this many, as many as a vector instruction takes.
DRAWN_AT_ONCE = 8


@compiled(nogil=True)
def choose_products(
    s: Situation,
    first: int,
    end: int,
    demand_prob_sum: I8,
    demand_slope_sum: I8,
    keeps_rows: bool,
) -> tuple[I8, F8, I8, I8, int, int, int, int]:
    """Let consumers ``first:end`` choose; demand sums are added to the two given columns.

    Return orders (whole numbers, reals), posts looked up (no rows of them where nobody keeps
    these), paid clicks, choices, products examined, posts looked up and useless ones among them.
    """
    needed_by = np.empty(end - first, np.uint64)
    most = _all_needs(s, first, end, needed_by)
    n_slots = len(s.shop.slot_click_prob)
    orders, reals = np.empty((most, ORDER_FIELDS), np.int64), np.empty((most, ORDER_REALS))
    reads = np.empty((most + 1 if keeps_rows else 1, READ_FIELDS), np.int64)
    clicks = np.empty((most * n_slots, CLICK_FIELDS), np.int64)
    n_orders = n_reads = n_useless = n_clicks = n_choices = n_examined = 0
    looks = np.empty((max(s.n_looks, 1), LOOK_FIELDS), np.int64)
    room = (max(s.n_looks, 1) // DRAWN_AT_ONCE + 1) * DRAWN_AT_ONCE
    # Belief, utility, weight and luck of every option; the one behind the looks is to buy nothing.
    options = np.empty((4, room))
    partners, parts = np.empty(room, np.int64), np.empty(room, np.int64)
    luck = np.empty(LUCK_AT_ONCE)
    # What is remembered, and one post looked up.
    most_heard = s.terms.attention.attention * s.terms.attention.memory_weeks + 1
    heard = np.empty((most_heard, 2), np.int64)
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
            read = reads[n_reads if keeps_rows else 0]
            n_looks, n_looked_up, n_clicked, n_heard = look_around(
                s, consumer, category, heard, n_heard, looks, read, clicks[n_clicks:], luck
            )
            n_reads += n_looked_up
            n_useless += n_looked_up * read[8]
            n_clicks += n_clicked
            if n_looks > 0:
                n_choices += 1
                n_examined += n_looks
                _weigh(s, consumer, category, wallet, heard, n_heard, looks, n_looks, options)
                _leave_demand(
                    s, consumer, looks, n_looks, options, demand_prob_sum, demand_slope_sum
                )
                best = _decide(s, consumer, category, looks, n_looks, options, partners, parts)
                if best >= 0:
                    reals[n_orders, 0] = options[0, best]
                    reals[n_orders, 1] = draws.gumbel_of(options[3, best]) - draws.gumbel_of(
                        options[3, n_looks]
                    )
                    _order(s, consumer, category, wallet, looks[best], orders[n_orders])
                    wallet -= orders[n_orders, 9]
                    n_orders += 1
            needed >>= np.uint64(1)
            category += 1
    return (
        orders[:n_orders],
        reals[:n_orders],
        reads[: n_reads if keeps_rows else 0],
        clicks[:n_clicks],
        n_choices,
        n_examined,
        n_reads,
        n_useless,
    )


@compiled(nogil=True)
def file_orders(rows: I8, reals: F8, at: int, orders: OrderColumns) -> None:
    """Put a range's orders into the columns of the week, from row ``at`` on."""
    for k in range(len(rows)):
        row = at + k
        orders.consumer[row] = rows[k, 0]
        orders.category[row] = rows[k, 1]
        orders.merchant[row] = rows[k, 2]
        orders.channel[row] = rows[k, 3]
        orders.share[row] = rows[k, 4]
        orders.sharer[row] = rows[k, 5]
        orders.tie[row] = rows[k, 6]
        orders.layer[row] = rows[k, 7]
        orders.price_fen[row] = rows[k, 8]
        orders.rebate_used_fen[row] = rows[k, 9]
        orders.expected_quality[row] = reals[k, 0]
        orders.shock_gain[row] = reals[k, 1]


@compiled
def _all_needs(s: Situation, first: int, end: int, needed_by: NDArray[np.uint64]) -> int:
    """Put everybody's needs, one bit a category, into ``needed_by``; return at most how many."""
    luck = np.empty(end - first)
    seed, week = s.seed, s.week
    for k in range(end - first):
        luck[k] = draws.uniform(seed, first + k, NOBODY, week, draws.NEED_COUNT)
    most = 0
    rate = s.consumers.purchase_rate
    for k in range(end - first):
        needed_by[k] = np.uint64(0)
        if not _can_choose(s, first + k):
            continue
        n = demand.n_needs(luck[k], rate[first + k])
        if n > 0:
            needed_by[k] = _needs(s, first + k, n)
        most += n
    return most


@compiled
def _can_choose(s: Situation, consumer: int) -> bool:
    """Return whether a need could lead anywhere: who is no member looks at remembered posts only.

    Where there is one category, a need for what is owned already is asked about at once.
    """
    if not s.consumers.member[consumer]:
        start = s.remembered.start
        n = 0
        for row in range(len(start)):
            n += start[row, consumer + 1] - start[row, consumer]
        return n > 0
    return s.n_categories > 1 or _is_wanted(s, consumer, 0)


@compiled
def _is_wanted(s: Situation, consumer: int, category: int) -> bool:
    if s.repeat_share >= 1.0 or s.memory.last_merchant[consumer, category] == NOBODY:
        return True
    u = draws.uniform(s.seed, consumer, category, s.week, draws.NEED_AGAIN)
    return demand.needed_again(u, s.repeat_share)


@compiled
def _needs(s: Situation, consumer: int, n: int) -> np.uint64:
    """Return the categories in which n things are needed, one bit each."""
    needed = np.uint64(0)
    if s.n_categories == 1:
        return np.uint64(_is_wanted(s, consumer, 0))
    for k in range(n):
        category = demand.category_of_need(
            s.consumers.taste_x[consumer],
            s.consumers.taste_y[consumer],
            draws.uniform(s.seed, consumer, NOBODY, s.week, draws.NEED_CATEGORY, 2 * k),
            draws.uniform(s.seed, consumer, NOBODY, s.week, draws.NEED_CATEGORY, 2 * k + 1),
            s.category_spread,
            s.n_categories,
        )
        if _is_wanted(s, consumer, category):
            needed |= np.uint64(1) << np.uint64(category)
    return needed


@compiled
def _weigh(
    s: Situation,
    consumer: int,
    category: int,
    wallet: int,
    heard: I8,
    n_heard: int,
    looks: I8,
    n_looks: int,
    options: F8,
) -> None:
    """Fill in what is believed of every look, and its utility and weight; and those of nothing."""
    alpha = s.consumers.price_sensitivity[consumer]
    market = s.consumers.market_belief[consumer]
    known, goods, terms = s.memory.last_merchant[consumer, category], s.goods, s.terms.belief
    largest = 0.0
    for k in range(n_looks):
        merchant = looks[k, 0]
        mean, precision = market, terms.prior_precision
        if known == merchant:
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
        if goods[merchant, REVIEW_PRECISION] > 0.0:
            mean, precision = belief.combine(
                mean, precision, goods[merchant, REVIEW_MEAN], goods[merchant, REVIEW_PRECISION]
            )
        for j in range(n_heard):
            if s.facts.merchant[heard[j, 0]] == merchant:
                mean, precision = _hear(s, consumer, mean, precision, heard[j, 0], heard[j, 1])
        if looks[k, 1] == AD:
            mean, precision = belief.combine(
                mean,
                precision,
                belief.advertised_quality(market, s.consumers.ad_lift[consumer]),
                terms.ad_precision,
            )
        options[0, k] = mean
        options[1, k] = choice.utility(
            alpha,
            goods[merchant, PRICE_YUAN],
            min(wallet, s.merchants.price_fen[merchant]) / 100.0,
            mean,
            1.0 / precision,
            match_of(s, consumer, merchant),
            s.terms.choice,
        )
        largest = max(largest, options[1, k])
    for k in range(n_looks):
        options[2, k] = choice.option_weight(options[1, k], largest)
    options[2, n_looks] = choice.option_weight(0.0, largest)


@compiled
def _decide(
    s: Situation,
    consumer: int,
    category: int,
    looks: I8,
    n_looks: int,
    options: F8,
    partners: I8,
    parts: I8,
) -> int:
    """Draw the luck of every option; return the look that is bought, -1 where nothing is best."""
    seed, week = s.seed, s.week
    for k in range(n_looks):
        partners[k], parts[k] = looks[k, 0], 0
    for k in range(n_looks, len(partners)):
        partners[k], parts[k] = NOBODY, category
    for k in range((n_looks // DRAWN_AT_ONCE + 1) * DRAWN_AT_ONCE):
        options[3, k] = draws.uniform(
            seed, consumer, partners[k], week, draws.CHOICE_SHOCK, parts[k]
        )
    best = -1
    earliest = choice.arrival(options[3, n_looks], options[2, n_looks])
    for k in range(n_looks):
        arrival = choice.arrival(options[3, k], options[2, k])
        if arrival < earliest:
            best, earliest = k, arrival
    return best


@compiled
def _order(s: Situation, consumer: int, category: int, wallet: int, look: I8, order: I8) -> None:
    """Fill in the order for the look that is bought."""
    merchant, channel, share, tie = look[0], look[1], look[2], look[3]
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
def _hear(
    s: Situation, consumer: int, mean: float, precision: float, post: int, tie: int
) -> tuple[float, float]:
    credibility = s.facts.credibility[post]
    if tie != NOBODY:
        trusted_at = trust_over(s, consumer, tie, credibility)
    else:
        trusted_at = trust_in_stranger(s, consumer, credibility)
    sincere = 1.0
    if s.facts.rewarded[post]:
        sincere = sincerity_over(s, tie, 1)
    return belief.combine(
        mean,
        precision,
        s.facts.stated_quality[post],
        belief.post_precision(s.terms.belief.friend_precision, trusted_at, sincere),
    )


@compiled
def _leave_demand(
    s: Situation,
    consumer: int,
    looks: I8,
    n_looks: int,
    options: F8,
    demand_prob_sum: I8,
    demand_slope_sum: I8,
) -> None:
    alpha = s.consumers.price_sensitivity[consumer]
    total = options[2, n_looks]
    for k in range(n_looks):
        total += options[2, k]
    for k in range(n_looks):
        prob = options[2, k] / total
        merchant = looks[k, 0]
        demand_prob_sum[merchant] += int(prob * FIXED_POINT + 0.5)
        demand_slope_sum[merchant] += int(alpha * prob * (1.0 - prob) * FIXED_POINT + 0.5)
