"""Searching the ranked list and the catalogue, for several choices at once.

All who still have room take the same step at the same time, so that luck is drawn for many in
vector instructions; who has found enough drops out.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.bits import below_bits, lowest_bit, n_bits
from sim.kernels.looks import Looks, Waiting, look_at
from sim.kernels.recalling import Choices, Recalled, fetch_ahead_of
from sim.kernels.situation import PLACES, Situation, room_before_catalogue

#: The last place of a step, as a bit.
LAST_PLACE = 1 << PLACES - 1


@compiled
def look_down_the_list(
    s: Situation,
    choices: Choices,
    n_choices: int,
    looks: Looks,
    waiting: Waiting,
    recalled: Recalled,
    following: int,
) -> None:
    """Let members go down the ranked list until they have no room, or the list ends.

    Meanwhile what the choices from ``following`` on recall is fetched.
    """
    next_post = recalled.until[following]
    start, listed, prob = s.shop.catalogue_start, s.listed, s.ranked_examine_prob
    room, seed, week, luck = room_before_catalogue(s), s.seed, s.week, waiting.luck
    step, n = 0, _who_has_room(s, choices, n_choices, looks, room, waiting)
    for k in range(n_choices):
        looks.n_before_list[k] = looks.n[k]
    while n > 0:
        for w in range(n):
            k = waiting.choice[w]
            shopper, shelf = choices.shopper[k], choices.shelf[k]
            fetch_ahead_of(s, recalled, following + w, next_post + w)
            # A loop of a length the compiler knew would be no vector instructions, but many others.
            for place in range(listed.shape[2]):
                luck[w * PLACES + place] = draws.uniform(
                    seed, shopper, listed[shelf, step, place], week, draws.RANKED_LOOK
                )
        n_waiting, n = n, 0
        for w in range(n_waiting):
            k = waiting.choice[w]
            shelf, before, seen_step = choices.shelf[k], looks.n[k], choices.first_step[k] + step
            seen = looks.seen[seen_step, k]
            n_left = start[shelf + 1] - start[shelf] - step * PLACES
            on_list = (1 << min(n_left, PLACES)) - 1
            found = rest = below_bits(luck, w * PLACES, prob) & on_list & ~seen
            n_new = min(n_bits(found), room - before)
            # As often as there may be looks, not as often as there are: no choice is made.
            for more in range(room):
                place = lowest_bit(rest | LAST_PLACE)
                looks.merchant[before + more, k] = listed[shelf, step, place]
                rest &= rest - int(more < n_new)
            looks.seen[seen_step, k] = seen | found ^ rest
            looks.n[k] = before + n_new
            waiting.choice[n] = k
            n += int(before + n_new < room) & int(n_left > PLACES)
        step += 1


@compiled
def look_into_catalogue(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, waiting: Waiting
) -> None:
    """Let members open the catalogue at random, until they have all looks or tried often enough."""
    start, catalogue, list_place = s.shop.catalogue_start, s.shop.catalogue, s.list_place
    n_looks, seed, week = s.n_looks, s.seed, s.week
    shopper, category_of, shelves = waiting.shopper, waiting.category, waiting.shelf
    luck, merchants, places = waiting.luck, waiting.merchant, waiting.place
    n = _who_has_room(s, choices, n_choices, looks, n_looks, waiting)
    for k in range(n_choices):
        looks.n_before_catalogue[k] = looks.n[k]
    for attempt in range(2 * n_looks):
        for w in range(n):
            row = np.uint64(waiting.choice[w])
            shopper[w], category_of[w] = choices.shopper[row], choices.category[row]
            shelves[w] = choices.shelf[row]
        for w in range(n):
            luck[w] = draws.uniform(
                seed, shopper[w], category_of[w], week, draws.CATALOGUE_LOOK, attempt
            )
        for w in range(n):
            shelf = np.uint64(shelves[w])
            first, end = start[shelf], start[shelf + np.uint64(1)]
            merchants[w] = catalogue[np.uint64(first + int(luck[w] * (end - first)))]
        for w in range(n):
            places[w] = list_place[np.uint64(merchants[w])]
        n_waiting, n = n, 0
        for w in range(n_waiting):
            k = waiting.choice[w]
            look_at(looks, k, n_looks, True, merchants[w], places[w])
            waiting.choice[n] = k
            n += looks.n[k] < n_looks


@compiled(forceinline=True)
def _who_has_room(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, room: int, waiting: Waiting
) -> int:
    """Let those members wait who have room for looks, where something is sold; return how many."""
    start, n = s.shop.catalogue_start, 0
    for k in range(n_choices):
        shelf = choices.shelf[k]
        waiting.choice[n] = k
        n += choices.member[k] & (looks.n[k] < room) & (start[shelf] < start[shelf + 1])
    return n
