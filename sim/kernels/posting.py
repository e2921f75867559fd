"""Posting, for a range of consumers at once: what ``sim.agents.sharer`` does, by the same rules.

Who recommends or warns, who posts whatever pays and who invites is found out apart, each in loops
over short columns of luck; then their posts are put in order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.rules import demand, membership, reputation, sharing
from sim.rules.rewards import is_rewarded, sender_cut
from sim.world.columns import F8, I4, I8, INVITATION, NOBODY, PRODUCT, U1, OrderColumns

#: Consumers, or orders, whose luck is drawn together.
GROUP = 256


@compiled(nogil=True)
def write_posts(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    first_row: int,
    end_row: int,
    orders_per_rewarded_post: float,
) -> tuple[Any, ...]:
    """Let consumers ``first:end``, whose orders are the rows ``first_row:end_row``, post.

    ``orders_per_rewarded_post`` is what sharers know of the going rate. Return the columns of their
    posts, as in ``NewPosts``, sorted by (sharer, category).
    """
    rows, praises, says = _told_orders(s, orders, first_row, end_row, orders_per_rewarded_post)
    inviters = _inviters(s, first, end)
    boasters, boasts = _boasters(s, first, end)
    n_told, n_inviting, n_boasting = len(rows), len(inviters), len(boasters)
    n, pays = n_told + n_inviting + n_boasting, is_rewarded(s.market)
    sharer, category = np.empty(n, np.int32), np.empty(n, np.int16)
    merchant, kind = np.empty(n, np.int32), np.full(n, PRODUCT, np.int8)
    rewarded, stated_quality = np.empty(n, np.bool_), np.empty(n)
    source_order, parent_share = np.empty(n, np.int64), np.empty(n, np.int64)
    told = invited = boasted = 0
    next_inviter = inviters[0] if n_inviting > 0 else end
    next_boaster = boasters[0] if n_boasting > 0 else end
    for k in range(n):
        row = rows[told] if told < n_told else NOBODY
        teller = orders.consumer[row] if told < n_told else end
        if teller < min(next_inviter, next_boaster):
            sharer[k], category[k], merchant[k] = teller, orders.category[row], orders.merchant[row]
            rewarded[k], stated_quality[k] = praises[told] and pays, says[told]
            source_order[k], parent_share[k] = s.first_order + row, orders.share[row]
            told += 1
        elif next_inviter <= min(teller, next_boaster):
            # An invitation comes before the other posts of the same person.
            sharer[k], category[k], merchant[k] = next_inviter, NOBODY, NOBODY
            kind[k], rewarded[k], stated_quality[k] = INVITATION, False, 0.0
            source_order[k], parent_share[k] = NOBODY, NOBODY
            if s.consumers.joined_root[next_inviter] != NOBODY:
                parent_share[k] = s.consumers.joined_share[next_inviter]
            invited += 1
            next_inviter = inviters[invited] if invited < n_inviting else end
        else:
            sharer[k], category[k] = next_boaster, boasts[boasted]
            merchant[k] = s.shop.best_paying[boasts[boasted]]
            rewarded[k], stated_quality[k] = True, sharing.BOAST
            source_order[k], parent_share[k] = NOBODY, NOBODY
            boasted += 1
            next_boaster = boasters[boasted] if boasted < n_boasting else end
    return sharer, category, merchant, kind, rewarded, stated_quality, source_order, parent_share


@compiled
def _told_orders(
    s: Situation, orders: OrderColumns, first: int, end: int, orders_per_rewarded_post: float
) -> tuple[I8, U1, F8]:
    """Return the rows, of ``first:end``, that are posted about; whether to praise; what is said."""
    seed, week, terms, people = s.seed, s.week, s.terms.sharing, s.consumers
    buyers, merchants, cut = orders.consumer, orders.merchant, sender_cut(s.market)
    rows, praises = np.empty(end - first, np.int64), np.empty(end - first, np.bool_)
    says, luck, asked = np.empty(end - first), np.empty(GROUP), np.empty(GROUP, np.bool_)
    index, money, prob = np.empty(GROUP), np.empty(GROUP), np.empty(GROUP)
    n = 0
    for begin in range(first, end, GROUP):
        until = min(begin + GROUP, end)
        for k in range(until - begin):
            luck[k] = draws.uniform(
                seed, buyers[begin + k], merchants[begin + k], week, draws.POSTING
            )
        for row in range(begin, until):
            consumer, k = buyers[row], row - begin
            gap = orders.experienced_quality[row] - people.market_belief[consumer]
            asked[k] = people.member[consumer] and not people.opportunist[consumer]
            # Who sent a product back does not recommend it.
            asked[k] = asked[k] and not (gap >= 0.0 and orders.refunded[row])
            index[k] = money[k] = 0.0
            if not asked[k]:
                continue
            propensity = people.sharing_propensity[consumer]
            if gap >= 0.0:
                income = sharing.expected_income_yuan(
                    cut,
                    orders.price_fen[row] / 100.0,
                    orders_per_rewarded_post,
                    people.followers[consumer],
                    s.mean_degree,
                )
                money[k] = sharing.money_motive(people.money_response[consumer], income)
                index[k] = sharing.posting_index_satisfied(
                    propensity,
                    terms.delight_slope,
                    gap,
                    money[k],
                    people.credit_concern[consumer],
                    reputation.credit_at_risk(people.credit_milli[consumer]),
                )
            else:
                index[k] = sharing.posting_index_warning(propensity, terms.warning_slope, -gap)
        for k in range(until - begin):
            prob[k] = sharing.logistic(index[k])
        for row in range(begin, until):
            k, x = row - begin, orders.experienced_quality[row]
            if asked[k] and luck[k] < prob[k]:
                rows[n], praises[n] = row, x >= people.market_belief[buyers[row]]
                says[n] = sharing.stated_quality(x, money[k], terms.inflation_max)
                n += 1
    return rows[:n], praises[:n], says[:n]


@compiled
def _inviters(s: Situation, first: int, end: int) -> I4:
    """Return the members who invite, of the consumers ``first:end``."""
    seed, week, prob, member = s.seed, s.week, s.terms.sharing.invite_prob, s.consumers.member
    willing, luck = np.empty(end - first, np.int32), np.empty(GROUP)
    n = 0
    for begin in range(first, end, GROUP):
        until = min(begin + GROUP, end)
        for k in range(until - begin):
            luck[k] = draws.uniform(seed, begin + k, NOBODY, week, draws.INVITE)
        for k in range(until - begin):
            if membership.invites(luck[k], prob) and member[begin + k]:
                willing[n] = begin + k
                n += 1
    n_inviting = 0
    for k in range(n):
        if _knows_outsider(s, willing[k]):
            willing[n_inviting] = willing[k]
            n_inviting += 1
    return willing[:n_inviting]


@compiled
def _knows_outsider(s: Situation, consumer: int) -> bool:
    for place in range(s.ties.follower_start[consumer], s.ties.follower_start[consumer + 1]):
        if not s.consumers.member[s.ties.reader[place]]:
            return True
    return False


@compiled
def _boasters(s: Situation, first: int, end: int) -> tuple[I4, I8]:
    """Return the opportunists who post, of the consumers ``first:end``, and their categories."""
    member, opportunist = s.consumers.member, s.consumers.opportunist
    n_opportunists = 0
    if is_rewarded(s.market):
        for consumer in range(first, end):
            n_opportunists += opportunist[consumer]
    boasters, categories = np.empty(n_opportunists, np.int32), np.empty(n_opportunists, np.int64)
    n = 0
    if n_opportunists > 0:
        for consumer in range(first, end):
            if not (opportunist[consumer] and member[consumer]):
                continue
            u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.OPPORTUNIST_CATEGORY)
            category = demand.need_category(u, s.n_categories)
            if s.shop.best_paying[category] != NOBODY:
                boasters[n], categories[n] = consumer, category
                n += 1
    return boasters[:n], categories[:n]
