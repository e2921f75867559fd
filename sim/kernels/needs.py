"""Who needs what this week, for a range of consumers at once: as ``sim.agents.shopper`` does."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.rules import demand
from sim.world.columns import I8, NOBODY


@compiled
def needs_of(s: Situation, first: int, end: int) -> tuple[I8, I8]:
    """Return who of the consumers ``first:end`` needs something, and the categories.

    One row a choice, by consumer and category.
    """
    n_needs = _count_needs(s, first, end)
    most, n = n_needs.sum(), 0
    who, number = np.empty(most, np.int64), np.empty(most, np.int64)
    across, along = np.empty(most), np.empty(most)
    seed, week = s.seed, s.week
    for consumer in range(first, end):
        for k in range(n_needs[consumer - first]):
            who[n], number[n] = consumer, k
            n += 1
    for k in range(n):
        across[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number[k])
    for k in range(n):
        along[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number[k] + 1)
    spread, n_categories = s.category_spread, s.n_categories
    categories = np.empty(n, np.int64)
    # Needs of one category are one need: a choice takes the place of a need before it.
    n_choices = k = 0
    while k < n:
        consumer, begin = who[k], n_choices
        taste_x, taste_y = s.consumers.taste_x[consumer], s.consumers.taste_y[consumer]
        while k < n and who[k] == consumer:
            category = demand.category_of_need(
                taste_x, taste_y, across[k], along[k], spread, n_categories
            )
            k += 1
            place = n_choices
            while place > begin and categories[place - 1] > category:
                place -= 1
            known = place > begin and categories[place - 1] == category
            if known or not _is_wanted(s, consumer, category):
                continue
            for other in range(n_choices, place, -1):
                categories[other] = categories[other - 1]
            categories[place] = category
            who[n_choices] = consumer
            n_choices += 1
    return who[:n_choices], categories[:n_choices]


@compiled
def _count_needs(s: Situation, first: int, end: int) -> I8:
    luck, n_needs = np.empty(end - first), np.empty(end - first, np.int64)
    seed, week = s.seed, s.week
    for k in range(end - first):
        luck[k] = draws.uniform(seed, first + k, NOBODY, week, draws.NEED_COUNT)
    for k in range(end - first):
        n_needs[k] = 0
        if _can_choose(s, first + k):
            n_needs[k] = demand.n_needs(luck[k], s.consumers.purchase_rate[first + k])
    return n_needs


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
