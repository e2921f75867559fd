"""Posting, for a range of consumers at once: what ``sim.agents.sharer`` does, by the same rules."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.rules import demand, membership, reputation, sharing
from sim.rules.rewards import is_rewarded, sender_cut
from sim.world.columns import F8, I8, INVITATION, NOBODY, PRODUCT, OrderColumns

#: Whole numbers of a post: sharer, category, merchant, kind, rewarded, source order, parent share.
POST_FIELDS = 7


@compiled(nogil=True)
def write_posts(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    first_row: int,
    orders_per_rewarded_post: float,
) -> tuple[I8, F8]:
    """Let consumers ``first:end`` post; their orders begin at row ``first_row``.

    ``orders_per_rewarded_post`` is what sharers know of the going rate. Return posts sorted by
    (sharer, category), as whole numbers, and the qualities they state.
    """
    last_row = first_row
    while last_row < len(orders.consumer) and orders.consumer[last_row] < end:
        last_row += 1
    # An invitation and an opportunist's post each, beside the orders.
    most = last_row - first_row + 2 * (end - first)
    posts, stated = np.empty((most, POST_FIELDS), np.int64), np.empty(most)
    n = 0
    luck = np.empty(end - first)
    seed, week = s.seed, s.week
    for k in range(end - first):
        luck[k] = draws.uniform(seed, first + k, NOBODY, week, draws.INVITE)
    invite_prob = s.terms.sharing.invite_prob
    member, opportunist = s.consumers.member, s.consumers.opportunist
    row = first_row
    for consumer in range(first, end):
        begin = row
        while row < len(orders.consumer) and orders.consumer[row] == consumer:
            row += 1
        if not member[consumer]:
            continue
        if membership.invites(luck[consumer - first], invite_prob) and _knows_outsider(s, consumer):
            parent = NOBODY
            if s.consumers.joined_root[consumer] != NOBODY:
                parent = s.consumers.joined_share[consumer]
            _put(posts[n], consumer, NOBODY, NOBODY, INVITATION, False, NOBODY, parent)
            stated[n] = 0.0
            n += 1
        if opportunist[consumer]:
            n = _post_what_pays(s, consumer, posts, stated, n)
        else:
            for order in range(begin, row):
                n = _post_about(s, orders, order, orders_per_rewarded_post, posts, stated, n)
    return posts[:n], stated[:n]


@compiled
def _put(
    post: I8,
    sharer: int,
    category: int,
    merchant: int,
    kind: int,
    rewarded: bool,
    source_order: int,
    parent_share: int,
) -> None:
    post[0] = sharer
    post[1] = category
    post[2] = merchant
    post[3] = kind
    post[4] = rewarded
    post[5] = source_order
    post[6] = parent_share


@compiled
def _knows_outsider(s: Situation, consumer: int) -> bool:
    for place in range(s.ties.follower_start[consumer], s.ties.follower_start[consumer + 1]):
        if not s.consumers.member[s.ties.reader[place]]:
            return True
    return False


@compiled
def _post_what_pays(s: Situation, consumer: int, posts: I8, stated: F8, n: int) -> int:
    if not is_rewarded(s.market):
        return n
    u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.OPPORTUNIST_CATEGORY)
    category = demand.need_category(u, s.n_categories)
    merchant = s.shop.best_paying[category]
    if merchant == NOBODY:
        return n
    _put(posts[n], consumer, category, merchant, PRODUCT, True, NOBODY, NOBODY)
    stated[n] = sharing.BOAST
    return n + 1


@compiled
def _post_about(
    s: Situation,
    orders: OrderColumns,
    row: int,
    orders_per_rewarded_post: float,
    posts: I8,
    stated: F8,
    n: int,
) -> int:
    consumer, merchant = orders.consumer[row], orders.merchant[row]
    people, terms = s.consumers, s.terms.sharing
    x = orders.experienced_quality[row]
    gap = x - people.market_belief[consumer]
    propensity = people.sharing_propensity[consumer]
    says, rewarded = sharing.stated_quality(x, 0.0, terms.inflation_max), False
    if gap >= 0.0:
        if orders.refunded[row]:
            return n
        income = sharing.expected_income_yuan(
            sender_cut(s.market),
            orders.price_fen[row] / 100.0,
            orders_per_rewarded_post,
            people.followers[consumer],
            s.mean_degree,
        )
        money = sharing.money_motive(people.money_response[consumer], income)
        z = sharing.posting_index_satisfied(
            propensity,
            terms.delight_slope,
            gap,
            money,
            people.credit_concern[consumer],
            reputation.credit_at_risk(people.credit_milli[consumer]),
        )
        says = sharing.stated_quality(x, money, terms.inflation_max)
        rewarded = is_rewarded(s.market)
    else:
        z = sharing.posting_index_warning(propensity, terms.warning_slope, -gap)
    u = draws.uniform(s.seed, consumer, merchant, s.week, draws.POSTING)
    if u >= sharing.logistic(z):
        return n
    _put(
        posts[n],
        consumer,
        orders.category[row],
        merchant,
        PRODUCT,
        rewarded,
        s.first_order + row,
        orders.share[row],
    )
    stated[n] = says
    return n + 1
