"""What shoppers bring along to several choices at once: habits, expectations, what friends said.

Everything that lies far apart is fetched here, for all choices one after the other, so that the
processor waits for many of them at the same time and not for each in turn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.bits import WIDTH, equal_bits, highest_bit
from sim.kernels.situation import Situation
from sim.world.columns import F8, I8, U1


class Choices(NamedTuple):
    """Choices that are taken together, one row each."""

    row: I8
    """Among the choices of the week."""
    shopper: I8
    category: I8
    member: U1
    alpha: F8
    """Price sensitivity."""
    taste_x: F8
    taste_y: F8
    wallet: I8
    """Fen of rebates that are left."""
    wallet_yuan: F8
    market: F8
    """Believed mean quality of the market."""
    habit: I8
    """Merchant bought from last, -1 none."""
    experienced: F8
    """Mean of own experiences with that product."""
    times: I8
    """How often it was bought in a row."""
    spent: I8
    """Fen of rebates that are spent on it."""
    heard_until: I8
    """Row behind the last one in ``Heard``."""


class Heard(NamedTuple):
    """Posts that shoppers remember in the category of their choice, the last one read first."""

    choice: I8
    """Row in ``Choices``."""
    week: I8
    place: I8
    """Row and column in ``RememberedColumns``."""
    post: I8
    """Row in ``PostColumns``."""
    tie: I8
    merchant: I8
    stated_quality: F8


def no_choices(n_rows: int) -> Choices:
    """Return room for so many choices."""
    row, shopper, category, wallet, habit, times, spent, heard_until = np.empty(
        (8, n_rows), np.int64
    )
    member = np.empty(n_rows, np.bool_)
    alpha, taste_x, taste_y, wallet_yuan, market, experienced = np.empty((6, n_rows))
    return Choices(
        row,
        shopper,
        category,
        member,
        alpha,
        taste_x,
        taste_y,
        wallet,
        wallet_yuan,
        market,
        habit,
        experienced,
        times,
        spent,
        heard_until,
    )


def nothing_heard(n_rows: int) -> Heard:
    """Return room for so many posts."""
    choice, week, place, post, tie, merchant = np.empty((6, n_rows), dtype=np.int64)
    return Heard(choice, week, place, post, tie, merchant, np.empty(n_rows))


@compiled
def recall(
    s: Situation,
    shoppers: I8,
    categories: I8,
    spent: I8,
    rows: I8,
    choices: Choices,
    heard: Heard,
    most_heard: int,
) -> int:
    """Fill in the choices of these rows, as far as there is room; return how many there are.

    ``spent`` is what each shopper spent of the rebates before the choice. Nobody remembers more
    than ``most_heard`` posts.
    """
    n, n_heard = len(rows), 0
    shopper_of, category_of, heard_until = choices.shopper, choices.category, choices.heard_until
    for k in range(n):
        choices.row[k] = rows[k]
        shopper_of[k], category_of[k] = shoppers[rows[k]], categories[rows[k]]
    newest = s.week % max(len(s.remembered.start), 1)
    for k in range(n):
        if n_heard + most_heard > len(heard.post):
            n = k
            break
        n_heard = _remember(s, newest, shopper_of[k], category_of[k], k, heard, n_heard)
        heard_until[k] = n_heard
    people, who_of, what_of = s.consumers, shopper_of, category_of
    for k in range(n):
        who = np.uint64(who_of[k])
        choices.member[k], choices.alpha[k] = people.member[who], people.price_sensitivity[who]
        choices.taste_x[k], choices.taste_y[k] = people.taste_x[who], people.taste_y[who]
        choices.wallet[k] = people.wallet_fen[who] - spent[choices.row[k]]
        choices.market[k] = people.market_belief[who]
    for k in range(n):
        choices.wallet_yuan[k] = choices.wallet[k] / 100.0
    for k in range(n):
        who, what = np.uint64(who_of[k]), np.uint64(what_of[k])
        choices.habit[k] = s.memory.last_merchant[who, what]
        choices.experienced[k] = s.memory.mean_experience[who, what]
        choices.times[k] = s.memory.times[who, what]
    remembered, first_share = s.remembered, s.posts.first_share
    for j in range(n_heard):
        week, place = np.uint64(heard.week[j]), np.uint64(heard.place[j])
        heard.post[j] = np.int64(remembered.share[week, place]) - first_share
        heard.tie[j] = remembered.nth[week, place]
    for j in range(n_heard):
        heard.tie[j] += s.ties.row_start[who_of[heard.choice[j]]]
        heard.merchant[j] = s.facts.merchant[heard.post[j]]
        heard.stated_quality[j] = s.facts.stated_quality[heard.post[j]]
    return n


@compiled(forceinline=True)
def _remember(
    s: Situation, newest: int, consumer: int, category: int, k: int, heard: Heard, n: int
) -> int:
    """Put the remembered posts of this category behind the ``n`` there are; return their number."""
    start, categories, n_weeks = s.remembered.start, s.remembered.category, len(s.remembered.start)
    week = newest
    for _ in range(n_weeks):
        first, end = start[week, consumer], start[week, consumer + 1]
        begin = first + (end - first - 1) // WIDTH * WIDTH
        while begin >= first:
            found = equal_bits(categories, week, begin, category)
            found &= (1 << min(end - begin, WIDTH)) - 1
            while found != 0:
                last = highest_bit(found)
                found ^= 1 << last
                heard.choice[n], heard.week[n], heard.place[n] = k, week, begin + last
                n += 1
            begin -= WIDTH
        week = week - 1 if week > 0 else n_weeks - 1
    return n
