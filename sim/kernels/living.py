"""Living what was bought, for a range of orders at once: what ``sim.agents.judge`` does.

Orders are taken in short groups: what one step needs of all of them is drawn or fetched in a loop
of its own, in which vectors and many fetches at a time are possible.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.situation import Situation, add_evidence, distance2_of, tie_to
from sim.money import whole_fen
from sim.rules import attention, belief, choice, reputation, sides, trust
from sim.world.columns import AD, F8, I8, MICRO, MOST_TIMES, NOBODY, U1, OrderColumns

#: Columns of ``of_merchant``: reviews, and the sum of their scores in millionths.
REVIEWS, SCORES, N_SUMS = range(3)
#: Orders that are taken together.
GROUP = 256


class Room(NamedTuple):
    """What one step finds out of each order of a group for the next."""

    luck: F8
    normal: F8
    alpha: F8
    quality: F8
    distance2: F8
    mean: F8
    """Of what was lived of the products."""
    times: I8
    """How often each was bought."""
    is_known: U1
    row: I8
    """Rows of some of the orders."""
    tails: draws.Tails


@compiled
def _room() -> Room:
    return Room(
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP, np.int64),
        np.empty(GROUP, np.bool_),
        np.empty(GROUP, np.int64),
        draws.room_for_tails(),
    )


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
    room = _room()
    for begin in range(first, end, GROUP):
        until = min(begin + GROUP, end)
        n_before = n_referred
        for row in range(begin, until):
            referred[n_referred] = row
            n_referred += orders.share[row] != NOBODY
        _fetch(s, orders, begin, until, referred[n_before:n_referred])
        _live(s, orders, begin, until, room)
        _value(s, orders, begin, until, room)
        if s.consumers.side_gain.shape[1] > 0:
            _value_sides(s, orders, begin, until, room)
        _adjust_beliefs(s, orders, begin, until)
        _learn_products(s, orders, begin, until, room)
        _review(s, orders, begin, until, room, of_merchant)
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
def _fetch(s: Situation, orders: OrderColumns, begin: int, until: int, referred: I8) -> None:
    """Ask memory for what is known of these products, and of those who recommended them."""
    memory = s.memory
    for row in range(begin, until):
        known = orders.consumer[row], orders.category[row]
        fetch_ahead(memory.times, known)
        fetch_ahead(memory.mean_experience, known)
        fetch_ahead(memory.last_merchant, known)
    for row in referred:
        fetch_ahead(s.posts.stated_quality, orders.share[row] - s.posts.first_share)
        if orders.tie[row] != NOBODY:
            fetch_ahead(s.ties.packed, orders.tie[row])


@compiled
def _live(s: Situation, orders: OrderColumns, begin: int, until: int, room: Room) -> None:
    """Put down the quality that buyers live."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    n, own_precision = until - begin, s.terms.belief.own_precision
    for k in range(n):
        room.luck[k] = draws.uniform(
            seed, buyers[begin + k], merchants[begin + k], week, draws.EXPERIENCE
        )
    draws.put_normals(room.luck[:n], room.normal, room.tails)
    for k in range(n):
        room.quality[k] = s.merchants.quality[merchants[begin + k]]
    for k in range(n):
        orders.experienced_quality[begin + k] = belief.experience(
            room.quality[k],
            own_precision * s.consumers.insight[buyers[begin + k]],
            room.normal[k],
        )


@compiled
def _value(s: Situation, orders: OrderColumns, begin: int, until: int, room: Room) -> None:
    """Put down what orders are worth to their buyers, over not buying; 0 where refunded."""
    terms, people = s.terms.choice, s.consumers
    for k in range(until - begin):
        consumer, merchant = orders.consumer[begin + k], orders.merchant[begin + k]
        room.alpha[k] = people.price_sensitivity[consumer]
        room.distance2[k] = distance2_of(s, consumer, merchant)
    for k in range(until - begin):
        row = begin + k
        paid = (orders.price_fen[row] - orders.rebate_used_fen[row]) / 100.0
        match = choice.match_value(room.distance2[k])
        value = choice.true_utility(room.alpha[k], paid, room.quality[k], match, terms)
        yuan = choice.surplus_yuan(room.alpha[k], value, orders.shock_gain[row])
        fen = whole_fen(yuan)
        orders.surplus_fen[row] = 0 if orders.refunded[row] else fen


@compiled
def _value_sides(s: Situation, orders: OrderColumns, begin: int, until: int, room: Room) -> None:
    """Move what buying on a side has been worth towards what each order was; 0 if refunded."""
    terms, rate, side_gain = s.terms.choice, s.terms.sides.gain_rate, s.consumers.side_gain
    on_first, on_last = s.market.rebate_rate, s.last_side.rebate_rate
    for k in range(until - begin):
        row = begin + k
        consumer, side = orders.consumer[row], s.merchants.side[orders.merchant[row]]
        rebate_rate = on_first if side == sides.SHARING_SIDE else on_last
        paid = sides.worth_paying(orders.price_fen[row], rebate_rate)
        match = choice.match_value(room.distance2[k])
        x = orders.experienced_quality[row]
        gain = choice.true_utility(room.alpha[k], paid, x, match, terms)
        gain = 0.0 if orders.refunded[row] else gain
        side_gain[consumer, side] = belief.move_towards(side_gain[consumer, side], gain, rate)


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
def _learn_products(s: Situation, orders: OrderColumns, begin: int, until: int, room: Room) -> None:
    """Remember what was lived of each product; nobody orders twice in a category."""
    memory, n = s.memory, until - begin
    times, means, is_known = room.times, room.mean, room.is_known
    for k in range(n):
        consumer, category = orders.consumer[begin + k], orders.category[begin + k]
        times[k] = memory.times[consumer, category]
        means[k] = memory.mean_experience[consumer, category]
        is_known[k] = memory.last_merchant[consumer, category] == orders.merchant[begin + k]
    for k in range(n):
        x = orders.experienced_quality[begin + k]
        means[k] = belief.running_mean(means[k], times[k], x) if is_known[k] else x
        times[k] = min(times[k] + 1, MOST_TIMES) if is_known[k] else 1
    for k in range(n):
        consumer, category = orders.consumer[begin + k], orders.category[begin + k]
        memory.last_merchant[consumer, category] = orders.merchant[begin + k]
        memory.mean_experience[consumer, category] = means[k]
        memory.times[consumer, category] = times[k]


@compiled
def _review(
    s: Situation, orders: OrderColumns, begin: int, until: int, room: Room, of_merchant: I8
) -> None:
    """Let some buyers write reviews, behind which a bad seller may add fake ones."""
    seed, week, buyers, merchants = s.seed, s.week, orders.consumer, orders.merchant
    for k in range(until - begin):
        room.luck[k] = draws.uniform(
            seed, buyers[begin + k], merchants[begin + k], week, draws.REVIEW
        )
    n = 0
    for k in range(until - begin):
        room.row[n] = begin + k
        n += room.luck[k] < s.review_prob
    for k in range(n):
        row = room.row[k]
        room.luck[k] = draws.uniform(seed, buyers[row], merchants[row], week, draws.FAKE_REVIEW)
    for k in range(n):
        row = room.row[k]
        merchant = merchants[row]
        score = belief.review_score_micro(orders.experienced_quality[row])
        fake = belief.fake_reviews(room.luck[k], s.fake_share, s.merchants.quality[merchant])
        of_merchant[merchant, REVIEWS] += 1 + fake
        of_merchant[merchant, SCORES] += score + MICRO * fake


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


@compiled(nogil=True)
def credit_sharers(s: Situation, orders: OrderColumns, rows: I8, useful: U1) -> None:
    """Settle what referred orders say about their sharers, in order of the orders."""
    people, streak_length = s.consumers, s.terms.reputation.streak_length
    for k in range(len(rows)):
        sharer = orders.sharer[rows[k]]
        people.credit_milli[sharer], people.streak[sharer] = reputation.credit_after(
            people.credit_milli[sharer], people.streak[sharer], useful[k], streak_length
        )
