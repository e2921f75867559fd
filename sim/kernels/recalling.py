"""What shoppers bring along to several choices at once: habits, expectations, what friends said.

What lies far apart is fetched for all choices one after the other, so that the processor waits for
many of them at the same time and not for each in turn.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.bits import WIDTH, equal_bits, highest_bit, n_bits
from sim.kernels.fetching import fetch_ahead
from sim.kernels.situation import Situation
from sim.rules import sides
from sim.world.columns import F8, I4, I8, NOBODY, U1


class Recalled(NamedTuple):
    """What shoppers recall at all choices of a range, in the order in which these are taken."""

    shopper: I8
    category: I8
    habit: I4
    """Merchant bought from last, -1 none."""
    until: I8
    """[choices + 1] behind the last post of the choices before."""
    choice: I4
    """At which a post is recalled."""
    post: I4
    """Rows in ``PostColumns``, of one choice after the other, the last one read first."""
    tie: I8
    """Over which they were read."""


class Choices(NamedTuple):
    """Choices that are taken together, one row each."""

    row: I8
    """Among the choices of the week."""
    shopper: I8
    category: I8
    shelf: I8
    """Of that category, on the side of the market on which the shopper looks."""
    first_step: I8
    """Of the ranked list of that shelf, among those of the lists of the category."""
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
    habitual: I8
    """[choices + 1] those that have a habit, one after the other."""
    buyer: I8
    """[choices + 1] those at which something is bought, one after the other."""
    spent: I8
    """Fen of rebates that are spent on it."""
    heard_until: I8
    """Row behind the last one in ``Heard``."""


class Heard(NamedTuple):
    """Posts that shoppers remember in the category of their choice, the last one read first."""

    choice: I8
    """Row in ``Choices``."""
    post: I8
    """Row in ``PostColumns``."""
    tie: I8
    merchant: I8
    stated_quality: F8


def no_choices(n_rows: int) -> Choices:
    """Return room for so many choices."""
    row, shopper, category, shelf, first_step = np.empty((5, n_rows), np.int64)
    wallet, habit, spent, heard_until = np.empty((4, n_rows), np.int64)
    member = np.empty(n_rows, np.bool_)
    habitual, buyer = np.empty((2, n_rows + 1), np.int64)
    alpha, taste_x, taste_y, wallet_yuan, market = np.empty((5, n_rows))
    return Choices(
        row,
        shopper,
        category,
        shelf,
        first_step,
        member,
        alpha,
        taste_x,
        taste_y,
        wallet,
        wallet_yuan,
        market,
        habit,
        habitual,
        buyer,
        spent,
        heard_until,
    )


def nothing_heard(n_rows: int) -> Heard:
    """Return room for so many posts."""
    choice, post, tie, merchant = np.empty((4, n_rows), dtype=np.int64)
    return Heard(choice, post, tie, merchant, np.empty(n_rows))


@compiled
def recall_all(s: Situation, shoppers: I8, categories: I8, rows: I8) -> Recalled:
    """Return what is recalled at the choices of these rows."""
    n = len(rows)
    shopper, category, until = (
        np.empty(n, np.int64),
        np.empty(n, np.int64),
        np.empty(n + 1, np.int64),
    )
    for k in range(n):
        shopper[k], category[k] = shoppers[rows[k]], categories[rows[k]]
    choice, week, place = _find_remembered(s, shopper, category, until)
    habit = np.empty(n, np.int32)
    for k in range(n):
        habit[k] = s.memory.last_merchant[np.uint64(shopper[k]), np.uint64(category[k])]
    post, tie = np.empty(len(choice), np.int32), np.empty(len(choice), np.int64)
    share, nth, first_share = s.remembered.share, s.remembered.nth, s.posts.first_share
    for j in range(len(choice)):
        post[j] = share[np.uint64(week[j]), np.uint64(place[j])] - first_share
    for j in range(len(choice)):
        first = s.ties.row_start[shopper[choice[j]]]
        tie[j] = first + np.int64(nth[np.uint64(week[j]), np.uint64(place[j])])
    return Recalled(shopper, category, habit, until, choice, post, tie)


@compiled
def _find_remembered(s: Situation, shopper: I8, category: I8, until: I8) -> tuple[I4, I4, I4]:
    """Find the remembered posts in the category of each choice, the last ones first.

    Return the choice of each, and its row and column in ``RememberedColumns``; fill in ``until``.
    """
    start, category_of = s.remembered.start, s.remembered.category
    n_weeks, most_runs = len(start), -(-s.terms.attention.attention // WIDTH)
    newest, room = s.week % max(n_weeks, 1), len(shopper) * n_weeks * most_runs + 1
    # Runs of remembered posts, and which of each are in the category.
    choices, weeks = np.empty(room, np.int32), np.empty(room, np.int32)
    places, found = np.empty(room, np.int32), np.empty(room, np.int32)
    n = until[0] = 0
    for k in range(len(shopper)):
        consumer, week, n_found = shopper[k], newest, 0
        fetch_ahead(s.memory.last_merchant, (consumer, category[k]))
        for _ in range(n_weeks):
            first, end = start[week, consumer], start[week, consumer + 1]
            # As many runs as anybody remembers in a week: no choice is made.
            for run in range(most_runs - 1, -1, -1):
                place = min(first + run * WIDTH, end)
                bits = equal_bits(category_of, week, place, category[k])
                bits &= (1 << min(end - place, WIDTH)) - 1
                # Written before it is known to hold anything.
                choices[n], weeks[n], places[n], found[n] = k, week, place, bits
                n_found += n_bits(bits)
                n += bits != 0
            week = week - 1 if week > 0 else n_weeks - 1
        until[k + 1] = until[k] + n_found
    n_posts = until[len(shopper)]
    choice, row = np.empty(n_posts, np.int32), np.empty(n_posts, np.int32)
    column = np.empty(n_posts, np.int32)
    found[n] = run = 0
    bits = int(found[0])
    for j in range(n_posts):
        last = highest_bit(bits)
        choice[j], row[j], column[j] = choices[run], weeks[run], places[run] + last
        bits ^= 1 << last
        run += int(bits == 0)
        bits = int(found[run]) if bits == 0 else bits
    _begin_anywhere(s, shopper, category, choice, row, column)
    return choice, row, column


@compiled
def _begin_anywhere(
    s: Situation, shopper: I8, category: I8, choice: I4, row: I4, column: I4
) -> None:
    """Turn the posts of each week at each choice around, so that any of them was the last read."""
    n_weeks, first = len(s.remembered.start), 0
    for end in range(1, len(choice) + 1):
        if end < len(choice) and choice[end] == choice[first] and row[end] == row[first]:
            continue
        if end - first > 1:
            k, weeks_ago = choice[first], (s.week - np.int64(row[first])) % n_weeks
            u = draws.uniform(s.seed, shopper[k], category[k], s.week - weeks_ago, draws.LAST_READ)
            last = first + int(u * (end - first))
            # Each part turned round, then both: in place.
            _reverse(column, first, last)
            _reverse(column, last, end)
            _reverse(column, first, end)
        first = end


@compiled(forceinline=True)
def _reverse(column: I4, first: int, end: int) -> None:
    last = end - 1
    while first < last:
        column[first], column[last] = column[last], column[first]
        first, last = first + 1, last - 1


@compiled
def recall(
    s: Situation,
    recalled: Recalled,
    rows: I8,
    spent: I8,
    begin: int,
    end: int,
    choices: Choices,
    heard: Heard,
) -> tuple[int, int]:
    """Fill in the choices ``begin:end`` of a range, as far as there is room.

    ``spent`` is what each shopper spent of the rebates before the choice. Return how many choices
    these are, and how many of them have a habit.
    """
    n, n_habitual, first_post = end - begin, 0, recalled.until[begin]
    while recalled.until[begin + n] - first_post > len(heard.post):
        n -= 1
    for k in range(n):
        choices.row[k], choices.habit[k] = rows[begin + k], recalled.habit[begin + k]
        choices.shopper[k] = recalled.shopper[begin + k]
        choices.category[k] = recalled.category[begin + k]
        choices.heard_until[k] = recalled.until[begin + k + 1] - first_post
    people, who_of = s.consumers, choices.shopper
    if people.side_gain.shape[1] > 0:
        _reconsider_sides(s, choices, n)
    for k in range(n):
        side = np.int64(people.side[np.uint64(who_of[k])])
        choices.shelf[k] = sides.shelf_at(side, choices.category[k], s.n_categories)
        choices.first_step[k] = side * s.listed.shape[1]
    for k in range(n):
        who = np.uint64(who_of[k])
        choices.member[k], choices.alpha[k] = people.member[who], people.price_sensitivity[who]
        choices.taste_x[k], choices.taste_y[k] = people.taste_x[who], people.taste_y[who]
        choices.wallet[k] = people.wallet_fen[who] - spent[choices.row[k]]
        choices.market[k] = people.market_belief[who]
    for k in range(n):
        choices.wallet_yuan[k] = choices.wallet[k] / 100.0
    for k in range(n):
        # Written before it is known to be one: no choice is made.
        choices.habitual[n_habitual] = k
        n_habitual += choices.habit[k] != NOBODY
    for j in range(recalled.until[begin + n] - first_post):
        heard.choice[j] = recalled.choice[first_post + j] - begin
        heard.post[j], heard.tie[j] = recalled.post[first_post + j], recalled.tie[first_post + j]
    for j in range(recalled.until[begin + n] - first_post):
        post = np.uint64(heard.post[j])
        heard.merchant[j] = s.facts.merchant[post]
        heard.stated_quality[j] = s.facts.stated_quality[post]
    return n, n_habitual


@compiled
def _reconsider_sides(s: Situation, choices: Choices, n: int) -> None:
    """Let members think over, now and then, on which side of the market to look.

    Whoever chooses twice in a week comes to the same answer both times.
    """
    people, prob = s.consumers, s.terms.sides.reconsider_prob
    for k in range(n):
        who = choices.shopper[k]
        u = draws.uniform(s.seed, who, NOBODY, s.week, draws.RECONSIDER)
        if people.member[who] and sides.reconsiders(u, prob):
            people.side[who] = sides.side_to_look(
                draws.uniform(s.seed, who, NOBODY, s.week, draws.SIDE),
                people.side_gain[who, sides.SHARING_SIDE],
                people.side_gain[who, sides.AD_SIDE],
            )


@compiled(forceinline=True)
def fetch_ahead_of(s: Situation, recalled: Recalled, choice: int, post: int) -> None:
    """Begin to fetch what will be asked at a later choice, and about a post that is recalled."""
    if choice < len(recalled.shopper):
        who, what = recalled.shopper[choice], recalled.category[choice]
        # No experience is asked for where there is none: that of the first consumer is at hand.
        who *= recalled.habit[choice] != NOBODY
        fetch_ahead(s.memory.mean_experience, (who, what))
        fetch_ahead(s.memory.times, (who, what))
    if post < len(recalled.post):
        fetch_ahead(s.facts.merchant, np.int64(recalled.post[post]))
        fetch_ahead(s.ties.packed, recalled.tie[post])
