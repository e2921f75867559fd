"""Which reads are useless: about a product that the reader would not want, knowing all about it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.reach import InReach, Spans
from sim.kernels.situation import PRICE_YUAN, QUALITY, TASTE_X, TASTE_Y, Situation
from sim.rules import choice
from sim.world.columns import F8, I8, INVITATION, U1


class Wanting(NamedTuple):
    """Reads of a group of readers that are about a product."""

    reader: I8
    merchant: I8
    read: I8
    """Number among the reads of the group."""
    unwanted: U1
    undecided: I8
    """Reads of which only the match tells whether the product is wanted."""
    match: F8
    """Of those."""


def room_for_wanting(most: int) -> Wanting:
    """Return room for that many reads, and for one that is about no product."""
    reader, merchant, read, undecided = np.empty((4, most + 1), dtype=np.int64)
    unwanted = np.empty(most + 1, dtype=np.bool_)
    return Wanting(reader, merchant, read, unwanted, undecided, np.empty(most + 1))


@compiled
def count_useless(
    s: Situation, first: int, end: int, posts: InReach, spans: Spans, wanting: Wanting, reads: I8
) -> int:
    """Return how many of the posts that readers ``first:end`` read are useless.

    ``reads`` are their rows of reads, none where nobody keeps them.
    """
    n, alpha, goods, terms = 0, s.consumers.price_sensitivity, s.goods, s.terms.choice
    readers, merchants, unwanted = wanting.reader, wanting.merchant, wanting.unwanted
    n = _about_products(s, end - first, posts, spans, wanting)
    n_undecided = 0
    for k in range(n):
        # A match is worth something between nothing and all: mostly one need not ask which.
        sensitivity, merchant = alpha[np.uint64(readers[k])], np.uint64(merchants[k])
        price, quality = goods[merchant, PRICE_YUAN], goods[merchant, QUALITY]
        never = not choice.wants_at_true_quality(sensitivity, price, quality, 1.0, terms)
        always = choice.wants_at_true_quality(sensitivity, price, quality, 0.0, terms)
        unwanted[k] = never
        wanting.undecided[n_undecided] = k
        n_undecided += never == always
    taste_x, taste_y, match = s.consumers.taste_x, s.consumers.taste_y, wanting.match
    for j in range(n_undecided):
        k = wanting.undecided[j]
        reader, merchant = np.uint64(readers[k]), np.uint64(merchants[k])
        match[j] = choice.taste_distance2(
            taste_x[reader], taste_y[reader], goods[merchant, TASTE_X], goods[merchant, TASTE_Y]
        )
    for j in range(n_undecided):
        match[j] = choice.match_value(match[j])
    for j in range(n_undecided):
        k = wanting.undecided[j]
        reader, merchant = np.uint64(readers[k]), np.uint64(merchants[k])
        price, quality = goods[merchant, PRICE_YUAN], goods[merchant, QUALITY]
        unwanted[k] = not choice.wants_at_true_quality(
            alpha[reader], price, quality, match[j], terms
        )
    n_useless = 0
    for k in range(n):
        n_useless += unwanted[k]
        if len(reads) > 0:
            reads[wanting.read[k], 8] = unwanted[k]
    return n_useless


@compiled(forceinline=True)
def _about_products(
    s: Situation, n_readers: int, posts: InReach, spans: Spans, wanting: Wanting
) -> int:
    """Collect the reads that are about a product; return how many there are."""
    kind_of, merchant_of, n, n_reads = s.facts.kind, s.facts.merchant, 0, 0
    for reader in range(n_readers):
        for k in range(spans.first[reader], spans.end[reader]):
            # Written before it is known to be about a product: no choice is made.
            post = np.uint64(posts.post[k])
            wanting.reader[n], wanting.merchant[n] = posts.reader[k], merchant_of[post]
            wanting.read[n] = n_reads
            n += kind_of[post] != INVITATION
            n_reads += 1
    return n
