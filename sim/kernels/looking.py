"""Looking around, for several choices at once: as ``sim.agents.shopper`` does.

All take the same step at the same time: first all look at what they bought last, then at what
friends told them of, and so on. So a step is one short loop over many rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.leaders import Lookups
from sim.kernels.listing import AT_ONCE as LISTED_AT_ONCE
from sim.kernels.listing import list_rows
from sim.kernels.looks import Looks, Waiting, clear, look_at
from sim.kernels.recalling import Choices, Heard, Recalled
from sim.kernels.searching import look_down_the_list, look_into_catalogue
from sim.kernels.situation import Situation, room_before_catalogue
from sim.world.columns import AD, F8, HABIT, HOURS_PER_WEEK, I4, I8, LEADER, NOBODY, SHARE


class Luck(NamedTuple):
    """What is drawn, for several choices at once, before anybody looks around."""

    hour: I8
    """Of the week, at which the slots are seen."""
    nothing: F8
    """Luck of the option to buy nothing."""
    shopper: I8
    """[n_slots · choices] who may click: all choices at the first slot, then at the second ..."""
    winner: I8
    """[n_slots · choices] who won the slot at the hour of the visit."""
    click: F8
    """[n_slots · choices]"""
    would_click: I4
    """[choices] 1 where there is a click on the slot in turn, should there be room, else 0."""
    candidate: I4
    """Those choices, one after the other."""


class LookedUp(NamedTuple):
    """Leaders' posts that are looked up."""

    choice: I8
    post: I8
    """Row in ``PostColumns``."""
    merchant: I8
    tie: I8
    """To the leader, -1 none."""


class Clicked(NamedTuple):
    """Looks that come of paid clicks, at the choices that are taken together."""

    choice: I8
    look: I8
    merchant: I8
    price_fen: I8


class Clicks(NamedTuple):
    """Paid clicks of a range of consumers, where their rows are kept."""

    choice_row: I8
    merchant: I8
    price_fen: I8


def nothing_drawn(n_choices: int, n_slots: int) -> Luck:
    """Return room for what so many choices draw."""
    hour, nothing = np.empty(n_choices, np.int64), np.empty(n_choices)
    shopper, winner = np.empty((2, n_choices * n_slots), dtype=np.int64)
    would_click, candidate = np.empty((2, n_choices + LISTED_AT_ONCE), dtype=np.int32)
    click = np.empty(n_choices * n_slots)
    return Luck(hour, nothing, shopper, winner, click, would_click, candidate)


def nothing_clicked(n_choices: int, n_slots: int) -> Clicked:
    """Return room for the clicks of so many choices, and for one that is none after all."""
    return Clicked(*np.empty((4, n_choices * n_slots + 1), dtype=np.int64))


def nothing_looked_up(n_choices: int) -> LookedUp:
    """Return room for what is looked up in so many choices."""
    return LookedUp(*np.empty((4, n_choices), dtype=np.int64))


@compiled
def draw_luck(s: Situation, choices: Choices, n: int, luck: Luck) -> None:
    """Fill in the luck of the first ``n`` choices.

    What is drawn for lies in columns before anything is drawn: so the loops become vectors.
    """
    seed, week, n_slots = s.seed, s.week, len(s.shop.slot_click_prob)
    shoppers, categories = choices.shopper, choices.category
    nothing, hour = luck.nothing, luck.hour
    for k in range(n):
        nothing[k] = draws.uniform(
            seed, shoppers[k], NOBODY, week, draws.CHOICE_SHOCK, categories[k]
        )
    if n_slots == 0:
        return
    for k in range(n):
        luck_of_hour = draws.uniform(seed, shoppers[k], categories[k], week, draws.ARRIVAL_HOUR)
        hour[k] = int(luck_of_hour * HOURS_PER_WEEK)
    winner, click, shopper_of = luck.winner, luck.click, luck.shopper
    for slot in range(n_slots):
        for k in range(n):
            shopper_of[slot * n + k] = shoppers[k]
            winner[slot * n + k] = s.shop.slot_winner[choices.shelf[k], hour[k], slot]
    for row in range(n * n_slots):
        click[row] = draws.uniform(seed, shopper_of[row], winner[row], week, draws.SLOT_CLICK)


@compiled
def look_around(
    s: Situation,
    choices: Choices,
    n_choices: int,
    luck: Luck,
    heard: Heard,
    looks: Looks,
    looked_up: LookedUp,
    waiting: Waiting,
    clicked: Clicked,
    recalled: Recalled,
    begin: int,
    lookups: Lookups,
    n_lookups: int,
) -> tuple[int, int, int]:
    """Fill in the looks of the first choices, and the posts of leaders that are looked up.

    The choices are those from ``begin`` on of all that are recalled. Return how many posts are
    looked up, how many paid clicks there are of these choices, and how many of the ``lookups`` are
    over, of which ``n_lookups`` were over before.
    """
    clear(s, looks, n_choices)
    _look_at_habits(s, choices, n_choices, looks)
    _look_at_recommended(s, choices, n_choices, heard, looks)
    n_looked_up, n_lookups = _look_up_leaders(
        s, choices, n_choices, lookups, n_lookups, begin, looks, looked_up
    )
    n_clicked = _look_at_slots(s, choices, n_choices, luck, looks, clicked)
    look_down_the_list(s, choices, n_choices, looks, waiting, recalled, begin + n_choices)
    look_into_catalogue(s, choices, n_choices, looks, waiting)
    return n_looked_up, n_clicked, n_lookups


@compiled(forceinline=True)
def _look_at_habits(s: Situation, choices: Choices, n_choices: int, looks: Looks) -> None:
    room, active, list_place = room_before_catalogue(s), s.merchants.active, s.list_place
    for k in range(n_choices):
        merchant = max(choices.habit[k], 0)
        wanted = choices.member[k] & (choices.habit[k] != NOBODY) & active[merchant]
        look = look_at(looks, k, room, wanted, merchant, list_place[merchant])
        looks.channel[look, k], looks.post[look, k], looks.tie[look, k] = HABIT, NOBODY, NOBODY


@compiled(forceinline=True)
def _look_at_recommended(
    s: Situation, choices: Choices, n_choices: int, heard: Heard, looks: Looks
) -> None:
    room, active, list_place = room_before_catalogue(s), s.merchants.active, s.list_place
    for j in range(choices.heard_until[n_choices - 1]):
        k, merchant = heard.choice[j], heard.merchant[j]
        # Warnings send nobody to look.
        wanted = (heard.stated_quality[j] >= choices.market[k]) & active[merchant]
        look = look_at(looks, k, room, wanted, merchant, list_place[merchant])
        looks.channel[look, k] = SHARE
        looks.post[look, k], looks.tie[look, k] = heard.post[j], heard.tie[j]


@compiled(forceinline=True)
def _look_up_leaders(
    s: Situation,
    choices: Choices,
    n_choices: int,
    lookups: Lookups,
    first: int,
    begin: int,
    looks: Looks,
    looked_up: LookedUp,
) -> tuple[int, int]:
    """Return how many posts of leaders are looked up, and the first lookup of later choices.

    Those of these choices, ``begin`` and so on, are the ``first`` and so on.
    """
    room, list_place, n, j = room_before_catalogue(s), s.list_place, 0, first
    while j < len(lookups.choice) and lookups.choice[j] < begin + n_choices:
        k, post = lookups.choice[j] - begin, lookups.post[j]
        if choices.member[k] and looks.n[k] < room:
            merchant, wanted = lookups.merchant[j], lookups.stated_quality[j] >= choices.market[k]
            look = look_at(looks, k, room, wanted, merchant, list_place[merchant])
            looks.channel[look, k], looks.post[look, k] = LEADER, post
            looks.tie[look, k] = lookups.tie[j]
            looked_up.choice[n], looked_up.post[n] = k, post
            looked_up.merchant[n], looked_up.tie[n] = merchant, lookups.tie[j]
            n += 1
        j += 1
    return n, j


@compiled(forceinline=True)
def _look_at_slots(
    s: Situation,
    choices: Choices,
    n_choices: int,
    luck: Luck,
    looks: Looks,
    clicked: Clicked,
) -> int:
    """Put down the paid clicks; return how many there are."""
    room, list_place, n_slots = room_before_catalogue(s), s.list_place, len(s.shop.slot_click_prob)
    member, winner, click, would_click = choices.member, luck.winner, luck.click, luck.would_click
    n = 0
    for slot in range(n_slots):
        prob, begin = s.shop.slot_click_prob[slot], slot * n_choices
        for k in range(n_choices):
            is_sold = winner[begin + k] != NOBODY
            would_click[k] = member[k] & is_sold & (click[begin + k] < prob)
        n_candidates = list_rows(would_click, 1, n_choices, luck.candidate)
        for j in range(n_candidates):
            k = int(luck.candidate[j])
            merchant, hour = winner[begin + k], luck.hour[k]
            look = look_at(looks, k, room, True, merchant, list_place[merchant])
            looks.channel[look, k], looks.post[look, k], looks.tie[look, k] = AD, NOBODY, NOBODY
            # Written before it is known to be a click: no choice is made.
            clicked.choice[n], clicked.look[n], clicked.merchant[n] = k, look, merchant
            clicked.price_fen[n] = s.shop.slot_price_fen[choices.shelf[k], hour, slot]
            n += looks.n[k] > look
    return n
