"""Posting, for a range of consumers at once: what ``sim.agents.sharer`` does, by the same rules.

Who recommends or warns, who posts whatever pays and who invites is found out apart, each in loops
over short columns of luck; then their posts are put in order.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import READERS_OF_LINE, fetch_ahead
from sim.kernels.listing import AT_ONCE, list_rows
from sim.kernels.situation import Situation
from sim.money import whole_fen
from sim.rules import demand, membership, reputation, sharing
from sim.rules.rewards import is_rewarded, sender_cut
from sim.rules.sharing import SharingTerms
from sim.rules.sides import SHARING_SIDE
from sim.world.columns import B1, F8, I4, I8, INVITATION, NOBODY, PRODUCT, U1, OrderColumns

#: Consumers, or orders, whose luck is drawn together.
GROUP = 256
#: Inviters ahead of the one in turn whose followers are fetched from memory, and how many of these.
AHEAD = 8
FETCHED = 64


@compiled(nogil=True)
def write_posts(
    s: Situation,
    orders: OrderColumns,
    first: int,
    end: int,
    first_row: int,
    end_row: int,
    orders_per_rewarded_post: float,
    member_bits: B1,
) -> tuple[Any, ...]:
    """Let consumers ``first:end``, whose orders are the rows ``first_row:end_row``, post.

    ``orders_per_rewarded_post`` is what sharers know of the going rate; ``member_bits`` tells of
    everybody whether they are members, of eight people a byte, the first one in its lowest bit.
    Return the columns of their posts, as in ``NewPosts``, sorted by (sharer, category).
    """
    rows, praises, says, efforts = _told_orders(
        s, orders, first_row, end_row, orders_per_rewarded_post
    )
    inviters = _inviters(s, first, end, member_bits)
    boasters, boasts = _boasters(s, first, end)
    n_told, n_inviting, n_boasting = len(rows), len(inviters), len(boasters)
    n, pays = n_told + n_inviting + n_boasting, (is_rewarded(s.market), is_rewarded(s.last_side))
    sharer, category = np.empty(n, np.int32), np.empty(n, np.int16)
    merchant, kind = np.empty(n, np.int32), np.full(n, PRODUCT, np.int8)
    rewarded, stated_quality = np.empty(n, np.bool_), np.empty(n)
    effort_fen = np.zeros(n, np.int64)
    source_order, parent_share = np.empty(n, np.int64), np.empty(n, np.int64)
    told = invited = boasted = 0
    next_inviter = inviters[0] if n_inviting > 0 else end
    next_boaster = boasters[0] if n_boasting > 0 else end
    for k in range(n):
        row = rows[told] if told < n_told else NOBODY
        teller = orders.consumer[row] if told < n_told else end
        if teller < min(next_inviter, next_boaster):
            sharer[k], category[k], merchant[k] = teller, orders.category[row], orders.merchant[row]
            rewarded[k] = praises[told] and pays[np.int64(s.merchants.side[merchant[k]])]
            stated_quality[k], effort_fen[k] = says[told], efforts[told]
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
    return (
        sharer,
        category,
        merchant,
        kind,
        rewarded,
        stated_quality,
        effort_fen,
        source_order,
        parent_share,
    )


class Buyers(NamedTuple):
    """What the buyers of a group of orders bring along, order by order."""

    luck: F8
    gap: F8
    """Quality lived above the belief about the market."""
    propensity: F8
    concern: F8
    response: F8
    cut: F8
    """Reward to senders, as a share of the price, on the side where it was bought."""
    credit_milli: I8
    followers: I8
    may: I4
    """1 where they may post about what they bought, else 0."""
    income: F8
    """Reward that is expected of a recommendation, in yuan; 0 for warnings."""
    prob: F8
    """Chance to post, to within ``sharing.ABOUT``."""
    teller: I4
    """Which of them may post."""
    money: F8
    """The money motive of those who may."""


class Told(NamedTuple):
    """What the effort of some posts hangs on, post by post."""

    luck: F8
    unpaid: F8
    """Log-odds to post without money."""
    response: F8
    income: F8


@compiled
def _no_buyers() -> Buyers:
    return Buyers(
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP, np.int64),
        np.empty(GROUP, np.int64),
        np.empty(GROUP + AT_ONCE, np.int32),
        np.empty(GROUP),
        np.empty(GROUP),
        np.empty(GROUP + AT_ONCE, np.int32),
        np.empty(GROUP),
    )


@compiled
def _nothing_told() -> Told:
    return Told(np.empty(GROUP), np.empty(GROUP), np.empty(GROUP), np.empty(GROUP))


@compiled
def _told_orders(
    s: Situation, orders: OrderColumns, first: int, end: int, orders_per_rewarded_post: float
) -> tuple[I8, U1, F8, I8]:
    """Return the rows, of ``first:end``, that are posted about; whether to praise; what is said.

    Last comes the effort of it, in fen. Who may post is found out with an estimate of the money
    motive; of these few, who does.
    """
    most = end - first + 1  # one more: written before it is known to be posted about
    rows, praises = np.empty(most, np.int64), np.empty(most, np.bool_)
    says, efforts = np.empty(most), np.empty(most, np.int64)
    of, told, n = _no_buyers(), _nothing_told(), 0
    for begin in range(first, end, GROUP):
        size = min(GROUP, end - begin)
        _look_at_buyers(s, orders, begin, size, of)
        _put_chances(s, orders, begin, size, orders_per_rewarded_post, of)
        for k in range(size):
            of.may[k] &= of.luck[k] < of.prob[k] + sharing.ABOUT
        n_may, n_before = list_rows(of.may, 1, size, of.teller), n
        for j in range(n_may):
            k = of.teller[j]
            of.money[k] = sharing.money_motive(of.response[k], of.income[k])
            rows[n], praises[n] = begin + k, of.gap[k] >= 0.0
            if of.luck[k] < of.prob[k] - sharing.ABOUT:
                n += 1
            else:
                index = _posting_index(s.terms.sharing, of, k, of.money[k])
                n += of.luck[k] < sharing.logistic(index)
        for place in range(n_before, n):
            row = rows[place]
            says[place] = sharing.stated_quality(
                orders.experienced_quality[row],
                of.money[row - begin],
                s.terms.sharing.inflation_max,
            )
        _put_efforts(s, of, rows[n_before:n], begin, told, efforts[n_before:n])
    return rows[:n], praises[:n], says[:n], efforts[:n]


@compiled
def _put_efforts(s: Situation, of: Buyers, rows: I8, begin: int, told: Told, efforts: I8) -> None:
    """Put down the effort of posts about the orders of these rows, in fen."""
    for j in range(len(rows)):
        k = rows[j] - begin
        told.luck[j], told.response[j], told.income[j] = of.luck[k], of.response[k], of.income[k]
        told.unpaid[j] = _posting_index(s.terms.sharing, of, k, 0.0)
    for j in range(len(rows)):
        effort = sharing.effort_yuan(told.luck[j], told.unpaid[j], told.response[j], told.income[j])
        efforts[j] = whole_fen(effort)


@compiled
def _look_at_buyers(s: Situation, orders: OrderColumns, begin: int, size: int, of: Buyers) -> None:
    """Put down the luck of the buyers of these orders, and what they bring along."""
    seed, week, people, side = s.seed, s.week, s.consumers, s.merchants.side
    on_first, on_last = sender_cut(s.market), sender_cut(s.last_side)
    for k in range(size):
        of.luck[k] = draws.uniform(
            seed, orders.consumer[begin + k], orders.merchant[begin + k], week, draws.POSTING
        )
    for k in range(size):
        row, consumer = begin + k, orders.consumer[begin + k]
        gap = orders.experienced_quality[row] - people.market_belief[consumer]
        of.gap[k] = gap
        of.propensity[k] = people.sharing_propensity[consumer]
        of.concern[k] = people.credit_concern[consumer]
        of.response[k] = people.money_response[consumer]
        is_on_first = side[orders.merchant[row]] == SHARING_SIDE
        of.cut[k] = on_first if is_on_first else on_last
        of.credit_milli[k] = people.credit_milli[consumer]
        of.followers[k] = people.followers[consumer]
        # Who sent a product back does not recommend it.
        returned = (gap >= 0.0) & orders.refunded[row]
        of.may[k] = people.member[consumer] & (not people.opportunist[consumer]) & (not returned)


@compiled
def _put_chances(
    s: Situation,
    orders: OrderColumns,
    begin: int,
    size: int,
    orders_per_rewarded_post: float,
    of: Buyers,
) -> None:
    """Put down the income buyers expect and how likely they post, by an estimate of its motive."""
    terms, degree, price_fen = s.terms.sharing, s.mean_degree, orders.price_fen
    for k in range(size):
        income = sharing.expected_income_yuan(
            of.cut[k],
            price_fen[begin + k] / 100.0,
            orders_per_rewarded_post,
            of.followers[k],
            degree,
        )
        of.income[k] = income if of.gap[k] >= 0.0 else 0.0
        money = sharing.money_motive_about(of.response[k], income)
        of.prob[k] = sharing.logistic(_posting_index(terms, of, k, money))


@compiled(forceinline=True)
def _posting_index(terms: SharingTerms, of: Buyers, k: int, money: float) -> float:
    """Return the log-odds that a buyer recommends a product, or warns of it."""
    gap = of.gap[k]
    satisfied = sharing.posting_index_satisfied(
        of.propensity[k],
        terms.delight_slope,
        gap,
        money,
        of.concern[k],
        reputation.credit_at_risk(of.credit_milli[k]),
    )
    warning = sharing.posting_index_warning(of.propensity[k], terms.warning_slope, -gap)
    return satisfied if gap >= 0.0 else warning


@compiled
def _inviters(s: Situation, first: int, end: int, member_bits: B1) -> I4:
    """Return the members who invite, of the consumers ``first:end``."""
    seed, week, prob, member = s.seed, s.week, s.terms.sharing.invite_prob, s.consumers.member
    willing, luck, n = np.empty(end - first, np.int32), np.empty(GROUP), 0
    marks, rows = np.empty(GROUP + AT_ONCE, np.int32), np.empty(GROUP + AT_ONCE, np.int32)
    for begin in range(first, end, GROUP):
        size = min(GROUP, end - begin)
        for k in range(size):
            luck[k] = draws.uniform(seed, begin + k, NOBODY, week, draws.INVITE)
        for k in range(size):
            marks[k] = membership.invites(luck[k], prob) & member[begin + k]
        n_willing = list_rows(marks, 1, size, rows)
        for j in range(n_willing):
            willing[n + j] = begin + rows[j]
        n += n_willing
    n_inviting, follower_start, reader = 0, s.ties.follower_start, s.ties.reader
    for k in range(n):
        fetch_ahead(follower_start, np.int64(willing[min(k + 2 * AHEAD, n - 1)]))
        ahead = np.int64(willing[min(k + AHEAD, n - 1)])
        place, behind = follower_start[ahead], follower_start[ahead + 1]
        for more in range(place, min(place + FETCHED, behind), READERS_OF_LINE):
            fetch_ahead(reader, more)
        if _knows_outsider(s, willing[k], member_bits):
            willing[n_inviting] = willing[k]
            n_inviting += 1
    return willing[:n_inviting]


@compiled
def _knows_outsider(s: Situation, consumer: int, member_bits: B1) -> bool:
    for place in range(s.ties.follower_start[consumer], s.ties.follower_start[consumer + 1]):
        reader = np.uint32(s.ties.reader[place])
        if member_bits[reader >> np.uint32(3)] >> (reader & np.uint32(7)) & 1 == 0:
            return True
    return False


@compiled
def _boasters(s: Situation, first: int, end: int) -> tuple[I4, I8]:
    """Return the opportunists who post, of the consumers ``first:end``, and their categories."""
    people = s.consumers
    size, most = end - first, end - first + AT_ONCE
    marks, boasters = np.empty(most, np.int32), np.empty(most, np.int32)
    categories, n_opportunists, n = np.empty(0, np.int64), 0, 0
    if is_rewarded(s.market):
        for k in range(size):
            marks[k] = people.opportunist[first + k] & people.member[first + k]
        n_opportunists = list_rows(marks, 1, size, boasters)
        categories = np.empty(n_opportunists, np.int64)
    for k in range(n_opportunists):
        consumer = first + int(boasters[k])
        u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.OPPORTUNIST_CATEGORY)
        category = demand.need_category(u, s.n_categories)
        if s.shop.best_paying[category] != NOBODY:
            boasters[n], categories[n] = consumer, category
            n += 1
    return boasters[:n], categories[:n]
