"""What shoppers bring along to several choices at once: habits, expectations, what friends said.

Everything that lies far apart is fetched here, for all choices one after the other, so that the
processor waits for many of them at the same time and not for each in turn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.world.columns import F8, I8, U1


class Choices(NamedTuple):
    """Choices that are taken together, one row each."""

    shopper: I8
    category: I8
    member: U1
    market: F8
    """Believed mean quality of the market."""
    habit: I8
    """Merchant bought from last, -1 none."""
    experienced: F8
    """Mean of own experiences with that product."""
    times: I8
    """How often it was bought in a row."""
    heard_until: I8
    """Row behind the last one in ``Heard``."""
    looks_until: I8
    """Row behind the last one in ``Looks``."""


class Heard(NamedTuple):
    """Posts that shoppers remember in the category of their choice, the last one read first."""

    post: I8
    """Row in ``PostColumns``."""
    tie: I8
    merchant: I8
    stated_quality: F8


def no_choices(n_rows: int) -> Choices:
    """Return room for so many choices."""
    shopper, category, habit, times, heard_until, looks_until = np.empty((6, n_rows), np.int64)
    member, (market, experienced) = np.empty(n_rows, np.bool_), np.empty((2, n_rows))
    return Choices(
        shopper, category, member, market, habit, experienced, times, heard_until, looks_until
    )


def nothing_heard(n_rows: int) -> Heard:
    """Return room for so many posts."""
    post, tie, merchant = np.empty((3, n_rows), dtype=np.int64)
    return Heard(post, tie, merchant, np.empty(n_rows))


@compiled
def recall(
    s: Situation, shoppers: I8, categories: I8, choices: Choices, heard: Heard, most_heard: int
) -> int:
    """Fill in the choices of these shoppers, as far as there is room; return how many there are.

    Nobody remembers more than ``most_heard`` posts.
    """
    n, n_heard = len(shoppers), 0
    for k in range(n):
        if n_heard + most_heard > len(heard.post):
            n = k
            break
        choices.shopper[k], choices.category[k] = shoppers[k], categories[k]
        n_heard = _remember(s, shoppers[k], categories[k], heard, n_heard)
        choices.heard_until[k] = n_heard
    for k in range(n):
        choices.member[k] = s.consumers.member[choices.shopper[k]]
        choices.market[k] = s.consumers.market_belief[choices.shopper[k]]
        choices.habit[k] = s.memory.last_merchant[choices.shopper[k], choices.category[k]]
        choices.experienced[k] = s.memory.mean_experience[choices.shopper[k], choices.category[k]]
        choices.times[k] = s.memory.times[choices.shopper[k], choices.category[k]]
    for j in range(n_heard):
        heard.merchant[j] = s.facts.merchant[heard.post[j]]
        heard.stated_quality[j] = s.facts.stated_quality[heard.post[j]]
    return n


@compiled(forceinline=True)
def _remember(s: Situation, consumer: int, category: int, heard: Heard, n: int) -> int:
    """Put the remembered posts of this category behind the ``n`` there are; return their number."""
    n_weeks = len(s.remembered.start)
    week = s.week % max(n_weeks, 1)
    for _ in range(n_weeks):
        first = s.remembered.start[week, consumer]
        place = s.remembered.start[week, consumer + 1]
        while place > first:
            place -= 1
            if s.remembered.category[week, place] == category:
                heard.post[n] = np.int64(s.remembered.share[week, place]) - s.posts.first_share
                heard.tie[n] = s.ties.row_start[consumer] + np.int64(s.remembered.nth[week, place])
                n += 1
        week = week - 1 if week > 0 else n_weeks - 1
    return n
