"""Who needs what this week, for a range of consumers at once: as ``sim.agents.needs`` does.

Needs are gone through number by number: the first needs of all who have any, the second needs of
all who have two, and so on. So every step is a short loop over many people.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.bits import lowest_bit, n_bits
from sim.kernels.listing import AT_ONCE, list_rows
from sim.kernels.situation import Situation
from sim.rules import demand
from sim.world.columns import F8, I8, NOBODY


class Needy(NamedTuple):
    """People who need something, one row each, by consumer."""

    who: I8
    luck: F8
    """Of which the number of needs is the Poisson count."""
    prob: F8
    """Of as many needs as are counted so far."""
    total: F8
    """Of the probabilities of as many needs and fewer."""
    wanted: I8
    """The categories of those needs, a bit each: needs of one category are one need."""


class Places(NamedTuple):
    """Where the needs of one number lie among the tastes, and so in which category."""

    who: I8
    luck: F8
    x: F8
    y: F8
    category: I8
    tails: draws.Tails


@compiled
def _room_for_places(n: int) -> Places:
    return Places(
        np.empty(n, np.int64),
        np.empty(n),
        np.empty(n),
        np.empty(n),
        np.empty(n, np.int64),
        draws.room_for_tails(),
    )


@compiled
def needs_of(s: Situation, first: int, end: int) -> tuple[I8, I8]:
    """Return who of the consumers ``first:end`` needs something, and the categories.

    One row a choice, by consumer and category; what they need must be foreseen.
    """
    needed, row = s.needed, s.week % len(s.needed)
    always, n, n_needs, n_choices = s.repeat_share >= 1.0, 0, 0, 0
    size, most = end - first, end - first + AT_ONCE
    marks, needy = np.empty(most, np.int32), np.empty(most, np.int32)
    for k in range(size):
        marks[k] = needed[row, first + k] != 0
    n_needy = list_rows(marks, 1, size, needy)
    who = np.empty(n_needy, np.int64)
    for j in range(n_needy):
        # Written before it is known to be one: no choice is made.
        who[n] = consumer = first + int(needy[j])
        can_choose = int(_can_choose(s, consumer))
        n += can_choose
        n_needs += can_choose * n_bits(needed[row, consumer])
    # One place more than there are needs: written before it is known to be needed.
    shoppers, categories = np.empty(n_needs + 1, np.int64), np.empty(n_needs + 1, np.int64)
    for k in range(n):
        consumer, wanted = who[k], int(needed[row, who[k]])
        while wanted != 0:
            category = lowest_bit(wanted)
            wanted &= wanted - 1
            shoppers[n_choices], categories[n_choices] = consumer, category
            n_choices += 1 if always else int(_is_wanted(s, consumer, category))
    return shoppers[:n_choices], categories[:n_choices]


@compiled
def put_asked_while_remembered(s: Situation, first: int, n: int, categories: I8) -> None:
    """Fill in the categories of which posts read now can be asked while they are remembered.

    A bit each, for ``n`` consumers from ``first`` on: any one, where posts are remembered for
    longer than needs are foreseen.
    """
    needed, weeks = s.needed, s.terms.attention.memory_weeks
    for k in range(n):
        categories[k] = -1 if weeks > len(needed) else 0
    for row in range(min(weeks, len(needed))):
        for k in range(n):
            categories[k] |= needed[row, first + k]


@compiled(nogil=True)
def foresee_needs(s: Situation, week: int, first: int, end: int) -> None:
    """Note what consumers ``first:end`` will need in a week: luck and traits alone tell."""
    needed, row = s.needed, week % len(s.needed)
    needy = _who_needs(s, week, first, end)
    _put_wanted(s, week, needy)
    for consumer in range(first, end):
        needed[row, consumer] = 0
    for k in range(len(needy.who)):
        needed[row, needy.who[k]] = needy.wanted[k]


@compiled
def _who_needs(s: Situation, week: int, first: int, end: int) -> Needy:
    """Return who has any need, nothing of it known yet."""
    n = end - first
    luck, none = np.empty(n), np.empty(n)
    marks, needy = np.empty(n + AT_ONCE, np.int32), np.empty(n + AT_ONCE, np.int32)
    seed, rate = s.seed, s.consumers.purchase_rate
    for k in range(n):
        luck[k] = draws.uniform(seed, first + k, NOBODY, week, draws.NEED_COUNT)
    for k in range(n):
        none[k] = demand.no_need_prob(rate[first + k])
    for k in range(n):
        marks[k] = demand.needs_more(luck[k], rate[first + k], 0, none[k], none[k])
    n_needy = list_rows(marks, 1, n, needy)
    who, lucky, prob = np.empty(n_needy, np.int64), np.empty(n_needy), np.empty(n_needy)
    for j in range(n_needy):
        k = needy[j]
        who[j], lucky[j], prob[j] = first + k, luck[k], none[k]
    return Needy(who, lucky, prob, prob.copy(), np.zeros(n_needy, np.int64))


@compiled
def _put_wanted(s: Situation, week: int, needy: Needy) -> None:
    """Fill in the categories of all needs."""
    n, number = len(needy.who), 0
    if s.n_categories == 1:
        needy.wanted[:] = 1
        return
    waiting, room = np.arange(n), _room_for_places(n)
    who, categories = room.who, room.category
    rate = s.consumers.purchase_rate
    while n > 0:
        for w in range(n):
            who[w] = needy.who[waiting[w]]
        _put_categories(s, week, n, number, room)
        for w in range(n):
            needy.wanted[waiting[w]] |= 1 << categories[w]
        number += 1
        n_waiting, n = n, 0
        for w in range(n_waiting):
            k = waiting[w]
            mean = rate[np.uint64(who[w])]
            prob = demand.n_needs_prob(mean, number, needy.prob[k])
            total = needy.total[k] + prob
            needy.prob[k], needy.total[k] = prob, total
            waiting[n] = k
            n += demand.needs_more(needy.luck[k], mean, number, prob, total)


@compiled
def _put_categories(s: Situation, week: int, n: int, number: int, room: Places) -> None:
    """Fill in the category of the need of this number that each of ``n`` people has."""
    who, categories, luck, x, y = room.who, room.category, room.luck, room.x, room.y
    seed, spread, n_categories = s.seed, s.category_spread, s.n_categories
    taste_x, taste_y = s.consumers.taste_x, s.consumers.taste_y
    for k in range(n):
        luck[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number)
    draws.put_normals(luck[:n], x, room.tails)
    for k in range(n):
        luck[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number + 1)
    draws.put_normals(luck[:n], y, room.tails)
    for k in range(n):
        x[k] = demand.place_of_need(taste_x[np.uint64(who[k])], spread, x[k])
        y[k] = demand.place_of_need(taste_y[np.uint64(who[k])], spread, y[k])
    for k in range(n):
        categories[k] = demand.category_at(x[k], y[k], n_categories)


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
