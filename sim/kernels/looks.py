"""Products under examination, in columns: those that several choices look at first, second ..."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.situation import PLACE_BITS, PLACES, Situation, steps_of_lists
from sim.world.columns import CATALOGUE, F8, I8, ORGANIC


class Looks(NamedTuple):
    """Tables [looks, choices]: choices that take the same step lie side by side.

    Behind the looks of a choice may stand any product: so nothing needs to be decided before it is
    written.
    """

    n: I8
    """[choices] how many products are looked at."""
    n_before_list: I8
    """[choices] how many of them before the ranked list."""
    n_before_catalogue: I8
    """[choices] how many of them before the catalogue."""
    merchant: I8
    channel: I8
    """This and the columns below: of looks before the ranked list only."""
    post: I8
    """Row in ``PostColumns`` of the post through which the product was found, -1 none."""
    tie: I8
    """Over which it was, -1 none."""
    seen: I8
    """[steps of the ranked lists + 1, choices] the products that are looked at: a bit for each
    place of a step."""


def no_looks(n_choices: int, n_looks: int, n_places: int, n_sides: int) -> Looks:
    """Return room for so many looks in each of so many choices, at so many products a category.

    Each of the sides of the market may sell all of them.
    """
    n, n_before_list, n_before_catalogue = np.zeros((3, n_choices), dtype=np.int64)
    # Down the list as many looks are written as a choice has, however many it had before.
    merchant = np.zeros((2 * n_looks + 1, n_choices), dtype=np.int64)
    channel, post, tie = np.empty((3, n_looks + 1, n_choices), dtype=np.int64)
    seen = np.empty((n_sides * -(-n_places // PLACES) + 1, n_choices), dtype=np.int64)
    return Looks(n, n_before_list, n_before_catalogue, merchant, channel, post, tie, seen)


@compiled
def clear(s: Situation, looks: Looks, n_choices: int) -> None:
    """Forget the looks of the first choices."""
    for k in range(n_choices):
        looks.n[k] = 0
    for step in range(steps_of_lists(s) + 1):
        for k in range(n_choices):
            looks.seen[step, k] = 0


@compiled(forceinline=True)
def looks_at(looks: Looks, k: int, place: int) -> int:
    """Return whether the k-th choice looks at the product of this place in the list, 1 or 0."""
    return looks.seen[place >> PLACE_BITS, k] >> (place & (PLACES - 1)) & 1


@compiled(forceinline=True)
def look_of(looks: Looks, n_looks: int, k: int, merchant: int) -> int:
    """Return which look of the k-th choice is at this product; there must be one."""
    found = 0
    # The first one: behind the looks of the choice there may be anything.
    for look in range(n_looks - 1, -1, -1):
        found = look if looks.merchant[look, k] == merchant else found
    return found


@compiled(forceinline=True)
def look_at(looks: Looks, k: int, room: int, wanted: bool, merchant: int, place: int) -> int:
    """Let the k-th choice look at a product, if that is wanted, new, and there is room for it.

    ``place`` is that in the ranked list. Return which look it is, or else would be.
    """
    n, step, bit = looks.n[k], place >> PLACE_BITS, place & (PLACES - 1)
    seen = looks.seen[step, k]
    fits = int(wanted & (n < room) & (seen >> bit & 1 == 0))
    looks.merchant[n, k] = merchant
    looks.seen[step, k] = seen | fits << bit
    looks.n[k] = n + fits
    return n


@compiled(forceinline=True)
def channel_of(looks: Looks, look: int, k: int) -> int:
    """Return how the k-th choice found the product of a look."""
    if look < looks.n_before_list[k]:
        return looks.channel[look, k]
    return ORGANIC if look < looks.n_before_catalogue[k] else CATALOGUE


class Waiting(NamedTuple):
    """Choices that still have room for looks, and what they come across next."""

    choice: I8
    """[choices]"""
    shopper: I8
    """[choices]"""
    category: I8
    """[choices]"""
    shelf: I8
    """[choices]"""
    merchant: I8
    """[choices]"""
    place: I8
    """[choices] of the merchant in the ranked list."""
    luck: F8
    """[choices · candidates]"""


def nobody_waiting(n_choices: int, n_candidates: int) -> Waiting:
    """Return room for so many choices, that come across so many products at a time."""
    choice = np.empty(n_choices + 1, dtype=np.int64)
    shopper, category, shelf, merchant, place = np.empty((5, n_choices), dtype=np.int64)
    luck = np.empty(n_choices * n_candidates)
    return Waiting(choice, shopper, category, shelf, merchant, place, luck)
