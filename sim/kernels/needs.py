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
    who, categories = _needs(s, first, end)
    always, n, n_choices, k = s.repeat_share >= 1.0, len(who), 0, 0
    # Written before it is known to be needed: one place more than there are needs.
    shoppers, wanted = np.empty(n + 1, np.int64), np.empty(n + 1, np.int64)
    while k < n:
        # Needs of one category are one need.
        consumer, needed = who[k], 0
        while k < n and who[k] == consumer:
            needed |= 1 << categories[k]
            k += 1
        for category in range(s.n_categories):
            shoppers[n_choices], wanted[n_choices] = consumer, category
            is_needed = (needed >> category) & 1
            if not always and is_needed:
                is_needed = int(_is_wanted(s, consumer, category))
            n_choices += is_needed
    return shoppers[:n_choices], wanted[:n_choices]


@compiled
def _needs(s: Situation, first: int, end: int) -> tuple[I8, I8]:
    """Return who needs something and the category of each need, by consumer."""
    n_needs = _count_needs(s, first, end)
    n = n_needs.sum()
    who, number = np.empty(n, np.int64), np.empty(n, np.int64)
    row = 0
    for consumer in range(first, end):
        for k in range(n_needs[consumer - first]):
            who[row], number[row] = consumer, k
            row += 1
    seed, week, spread, n_categories = s.seed, s.week, s.category_spread, s.n_categories
    taste_x, taste_y = s.consumers.taste_x, s.consumers.taste_y
    luck, x, y, categories = np.empty(n), np.empty(n), np.empty(n), np.empty(n, np.int64)
    for k in range(n):
        luck[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number[k])
    draws.put_normals(luck, x)
    for k in range(n):
        luck[k] = draws.uniform(seed, who[k], NOBODY, week, draws.NEED_CATEGORY, 2 * number[k] + 1)
    draws.put_normals(luck, y)
    for k in range(n):
        x[k] = demand.place_of_need(taste_x[np.uint64(who[k])], spread, x[k])
        y[k] = demand.place_of_need(taste_y[np.uint64(who[k])], spread, y[k])
    for k in range(n):
        categories[k] = demand.category_at(x[k], y[k], n_categories)
    return who, categories


@compiled
def _count_needs(s: Situation, first: int, end: int) -> I8:
    n = end - first
    luck, none, n_needs = np.empty(n), np.empty(n), np.empty(n, np.int64)
    seed, week, rate = s.seed, s.week, s.consumers.purchase_rate
    for k in range(n):
        luck[k] = draws.uniform(seed, first + k, NOBODY, week, draws.NEED_COUNT)
    for k in range(n):
        none[k] = demand.no_need_prob(rate[first + k])
    for k in range(n):
        n_needs[k] = demand.n_needs_from(luck[k], rate[first + k], none[k])
    for k in range(n):
        n_needs[k] *= _can_choose(s, first + k)
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
