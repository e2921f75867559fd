"""Which reads are useless: about a product that the reader would not want, knowing all about it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.listing import AT_ONCE, list_rows
from sim.kernels.reach import InReach, fetch_some
from sim.kernels.situation import PRICE_YUAN, QUALITY, TASTE_X, TASTE_Y, Situation
from sim.rules import choice
from sim.world.columns import F8, I4, NOBODY

#: Marks reads of which only the match tells whether they are useless.
_UNDECIDED = 2


class Wanting(NamedTuple):
    """Whether the reads of a group of readers are about products they would not want."""

    unwanted: I4
    """1 or 0 for each post in reach."""
    undecided: I4
    """Rows of those of which only the match tells."""
    match: F8
    """Of those."""


def room_for_wanting(most: int) -> Wanting:
    """Return room for that many posts."""
    unwanted, undecided = np.empty((2, most + AT_ONCE), dtype=np.int32)
    return Wanting(unwanted, undecided, np.empty(most))


@compiled
def count_useless(
    s: Situation, posts: InReach, n: int, wanting: Wanting, following: InReach
) -> int:
    """Tell which of the first ``n`` posts in reach are read and unwanted; return how many are."""
    goods, terms = s.goods, s.terms.choice
    readers, merchants, left = posts.reader, posts.merchant, posts.left
    sensitivities = posts.sensitivity
    unwanted, undecided, match = wanting.unwanted, wanting.undecided, wanting.match
    n_useless = 0
    if len(goods) == 0:  # then there are invitations only
        for k in range(n):
            unwanted[k] = 0
        return 0
    for k in range(n):
        # A match is worth something between nothing and all: mostly one need not ask which.
        sensitivity = sensitivities[k]
        merchant = np.uint64(max(merchants[k], 0))
        price, quality = goods[merchant, PRICE_YUAN], goods[merchant, QUALITY]
        never = not choice.wants_at_true_quality(sensitivity, price, quality, 1.0, terms)
        always = choice.wants_at_true_quality(sensitivity, price, quality, 0.0, terms)
        asked = left[k] & (merchants[k] != NOBODY)
        unwanted[k] = asked * (never + _UNDECIDED * (never == always))
    fetch_some(s, following)
    n_undecided = list_rows(unwanted, _UNDECIDED, n, undecided)
    fetch_some(s, following)
    taste_x, taste_y = s.consumers.taste_x, s.consumers.taste_y
    for j in range(n_undecided):
        row = np.uint64(undecided[j])
        reader, merchant = np.uint64(readers[row]), np.uint64(merchants[row])
        match[j] = choice.taste_distance2(
            taste_x[reader], taste_y[reader], goods[merchant, TASTE_X], goods[merchant, TASTE_Y]
        )
    fetch_some(s, following)
    for j in range(n_undecided):
        match[j] = choice.match_value(match[j])
    for j in range(n_undecided):
        row = np.uint64(undecided[j])
        merchant = np.uint64(merchants[row])
        price, quality = goods[merchant, PRICE_YUAN], goods[merchant, QUALITY]
        unwanted[row] = not choice.wants_at_true_quality(
            sensitivities[row], price, quality, match[j], terms
        )
    fetch_some(s, following)
    for k in range(n):
        n_useless += unwanted[k]
    return n_useless
