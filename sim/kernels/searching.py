"""Searching the ranked list and the catalogue, for several choices at once.

All who still have room take the same step at the same time, so that luck is drawn for many in
vector instructions; who has found enough drops out.
"""

from __future__ import annotations

from sim import draws
from sim.compiled import compiled
from sim.kernels.bits import below_bits, lowest_bit
from sim.kernels.looks import Looks, Waiting, look_at
from sim.kernels.recalling import Choices
from sim.kernels.situation import PLACES, Situation, room_before_catalogue
from sim.world.columns import CATALOGUE


@compiled
def look_down_the_list(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, waiting: Waiting
) -> None:
    """Let members go down the ranked list until they have no room, or the list ends."""
    start, listed, prob = s.shop.catalogue_start, s.listed, s.ranked_examine_prob
    room, n_looks, seed, week = room_before_catalogue(s), s.n_looks, s.seed, s.week
    listed_place, seen, before, luck = s.listed_place, looks.seen, looks.before[0], waiting.luck
    step, n = 0, _who_has_room(s, choices, n_choices, looks, room, waiting)
    while n > 0:
        for w in range(n):
            k = waiting.choice[w]
            shopper, category = choices.shopper[k], choices.category[k]
            # A loop of a length the compiler knew would be no vector instructions, but many others.
            for place in range(listed.shape[2]):
                luck[w * PLACES + place] = draws.uniform(
                    seed, shopper, listed[category, step, place], week, draws.RANKED_LOOK
                )
        n_waiting, n = n, 0
        for w in range(n_waiting):
            k = waiting.choice[w]
            category, row, end = choices.category[k], k * n_looks + looks.n[k], k * n_looks + room
            found = below_bits(luck, w * PLACES, prob)
            while found != 0 and row < end:
                place = lowest_bit(found)
                found &= found - 1
                in_catalogue = listed_place[category, step, place]
                # Written before it is known to be new: no choice is made.
                looks.merchant[row], known = listed[category, step, place], seen[k, in_catalogue]
                is_new = int(known < before)
                seen[k, in_catalogue] = known + is_new * (before + row - known)
                row += is_new
            looks.n[k] = row - k * n_looks
            waiting.choice[n] = k
            is_over = start[category] + (step + 1) * PLACES >= start[category + 1]
            n += (row < end) & (not is_over)
        step += 1


@compiled
def look_into_catalogue(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, waiting: Waiting
) -> None:
    """Let members open the catalogue at random, until they have all looks or tried often enough."""
    start, catalogue = s.shop.catalogue_start, s.shop.catalogue
    n_looks, before, seed, week = s.n_looks, looks.before[0], s.seed, s.week
    shopper, category_of, luck = waiting.shopper, waiting.category, waiting.luck
    n = _who_has_room(s, choices, n_choices, looks, n_looks, waiting)
    for attempt in range(2 * n_looks):
        for w in range(n):
            k = waiting.choice[w]
            shopper[w], category_of[w] = choices.shopper[k], choices.category[k]
        for w in range(n):
            luck[w] = draws.uniform(
                seed, shopper[w], category_of[w], week, draws.CATALOGUE_LOOK, attempt
            )
        n_waiting, n = n, 0
        for w in range(n_waiting):
            k, first = waiting.choice[w], start[category_of[w]]
            size = start[category_of[w] + 1] - first
            place = int(luck[w] * size)
            merchant = catalogue[first + place]
            row = look_at(looks, n_looks, before, k, n_looks, True, merchant, place)
            looks.channel[row] = CATALOGUE
            waiting.choice[n] = k
            n += looks.n[k] < n_looks


@compiled(forceinline=True)
def _who_has_room(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, room: int, waiting: Waiting
) -> int:
    """Let those members wait who have room for looks, where something is sold; return how many."""
    start, n = s.shop.catalogue_start, 0
    for k in range(n_choices):
        category = choices.category[k]
        waiting.choice[n] = k
        n += choices.member[k] & (looks.n[k] < room) & (start[category] < start[category + 1])
    return n
