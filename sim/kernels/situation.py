"""What a kernel sees of a week: all columns and constants in one named tuple."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.rules import belief, choice, sharing, trust
from sim.rules.belief import BeliefTerms
from sim.rules.rewards import MarketTerms, receiver_share, sender_cut
from sim.rules.terms import Terms
from sim.world.aligned import aligned_empty
from sim.world.columns import (
    ASKED_AT_ONCE,
    F8,
    I1,
    I2,
    I4,
    I8,
    LAYER_BITS,
    MICRO,
    NOBODY,
    U1,
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    PostColumns,
    ReadColumns,
    RememberedColumns,
    ShopWindow,
    TieColumns,
)

#: Columns of ``goods``, eight to a row, so that a product lies in one cache line.
TASTE_X, TASTE_Y, REVIEW_MEAN, REVIEW_PRECISION, PRICE_YUAN, QUALITY, GOODS_FIELDS = range(7)
GOODS_WIDTH = 8
#: Places of the ranked list that are gone through in one step.
PLACES = ASKED_AT_ONCE
PLACE_BITS = PLACES.bit_length() - 1
#: Columns of the table of reads, all whole numbers while it is filled in.
READ_FIELDS = len(ReadColumns._fields)
#: What is asked of a post lies together, two posts to a cache line.
POST_FACT = np.dtype(
    {
        "names": ["credibility", "stated_quality", "sharer", "merchant", "category", "rewarded"]
        # Several of them as one whole number: see ``sim.kernels.packed_posts``.
        + ["side", "packed_ends", "packed_kind"],
        "formats": ["f8", "f8", "i4", "i4", "i2", "?", "i1", "i8", "i4"],
        "offsets": [0, 8, 16, 20, 24, 26, 27, 16, 24],
        "itemsize": 32,
    }
)


class PostFacts(NamedTuple):
    """What readers and buyers ask of the posts within memory, row by row as in ``PostColumns``."""

    credibility: F8  # factor on the first impression of the sharer, this week
    stated_quality: F8
    sharer: I4
    merchant: I4
    category: I2
    rewarded: U1
    side: I1  # on which the merchant sells, the first one where there is no merchant
    packed_ends: I8  # sharer and merchant
    packed_kind: I4  # category, rewarded and side


class Situation(NamedTuple):
    """Everything the stages of people read; named as in ``World`` and ``MarketModel``."""

    seed: int
    week: int
    n_categories: int
    n_looks: int
    n_catalogue_looks: int
    category_spread: float
    repeat_share: float
    ranked_examine_prob: float
    review_prob: float
    fake_share: float
    refund_prob_worst: float
    join_rate_per_week: float
    mean_degree: float
    first_order: int
    consumers: ConsumerColumns
    memory: MemoryColumns
    ties: TieColumns
    merchants: MerchantColumns
    posts: PostColumns
    shop: ShopWindow
    goods: F8
    """[n_merchants, GOODS_WIDTH] what a buyer weighs of a product, as it is before anybody buys."""
    list_place: I4
    """[n_merchants] place in the ranked lists of its category, those of one side behind those of
    the other; behind all of them where nothing is sold."""
    listed: I8
    """[n_shelves, steps, PLACES] the ranked list; behind its end its last merchant again."""
    facts: PostFacts
    kept_shares: F8
    """What is left of evidence after 0, 1, 2 ... weeks."""
    leader_start: I8
    """[n_categories + 1] into ``leader_posts``."""
    leader_posts: I8
    """Rows of leaders' posts, by category."""
    own_post: I8
    """Rows of posts through which their sharers may buy themselves, by sharer."""
    own_post_sharer: I8
    remembered: RememberedColumns
    needed: I8
    """[weeks, n_consumers] categories needed, a bit each; a week's row is week % weeks."""
    terms: Terms
    market: MarketTerms
    """Of the first side of the market: by them rewarded posts are read and rewards are divided."""
    last_side: MarketTerms
    """Of the last one, the same where there is one."""


def goods_of(merchants: MerchantColumns, terms: BeliefTerms) -> F8:
    """Return what buyers weigh of every product this week, product by product."""
    goods = aligned_empty((len(merchants.category), GOODS_WIDTH), np.float64)
    goods[:] = 0.0
    goods[:, PRICE_YUAN] = merchants.price_fen / 100.0
    goods[:, QUALITY] = merchants.quality
    goods[:, TASTE_X], goods[:, TASTE_Y] = merchants.taste_x, merchants.taste_y
    _put_reviews(goods, merchants.review_count, merchants.review_sum_micro, terms)
    return goods


def list_places(shop: ShopWindow, n_merchants: int, n_categories: int) -> I4:
    """Return the place of each merchant in the ranked lists of its category.

    The list of each side begins with a step of its own; behind all steps is who sells nothing.
    """
    sizes = np.diff(shop.catalogue_start)
    n_steps, n_sides = _n_steps(sizes), len(sizes) // n_categories
    places = np.full(n_merchants, n_sides * n_steps * PLACES, dtype=np.int32)
    first = shop.catalogue_start[:-1] - np.arange(len(sizes)) // n_categories * n_steps * PLACES
    places[shop.ranked] = np.arange(len(shop.ranked)) - np.repeat(first, sizes)
    return places


def listed_of(shop: ShopWindow) -> I8:
    """Return the ranked list of each shelf, filled up with its last merchant to whole steps."""
    sizes = np.diff(shop.catalogue_start)
    n_steps = _n_steps(sizes)
    places = np.minimum(np.arange(n_steps * PLACES), sizes[:, np.newaxis] - 1)
    rows = shop.catalogue_start[:-1, np.newaxis] + places
    listed = shop.ranked[np.maximum(rows, 0)].astype(np.int64)
    return listed.reshape(len(sizes), n_steps, PLACES)


def _n_steps(sizes: I8) -> int:
    """Return in how many steps the longest ranked list is gone through."""
    return int(-(-sizes.max(initial=0) // PLACES))


@compiled
def _put_reviews(goods: F8, count: I8, sum_micro: I8, terms: BeliefTerms) -> None:
    for merchant in range(len(goods)):
        if count[merchant] > 0:
            goods[merchant, REVIEW_MEAN] = sum_micro[merchant] / (count[merchant] * MICRO)
            goods[merchant, REVIEW_PRECISION] = belief.review_precision(
                terms.review_precision,
                count[merchant],
                terms.review_saturation,
                terms.stranger_credibility,
            )


@register_jitable
def room_before_catalogue(s: Situation) -> int:
    """Return the most looks of a choice before the catalogue is opened at random."""
    return s.n_looks - s.n_catalogue_looks


@register_jitable
def steps_of_lists(s: Situation) -> int:
    """Return in how many steps the ranked lists of a category are gone through, all sides'."""
    return len(s.listed) // s.n_categories * s.listed.shape[1]


@register_jitable
def layer_of(s: Situation, tie: int) -> int:
    """Return the closeness layer of a tie; followed leaders are outermost."""
    return s.ties.marks[tie] & LAYER_BITS


@register_jitable
def of_layer(layer: int, values: tuple[float, float, float, float]) -> float:
    """Return the value that belongs to a closeness layer, 0 to 3.

    Picked bit by bit: of a question after the layer the compiler would make a jump, which stands in
    the way of vector instructions.
    """
    inner = values[1] if layer & 1 else values[0]
    outer = values[3] if layer & 1 else values[2]
    return outer if layer & 2 else inner


@register_jitable
def kept_since(s: Situation, week: int) -> float:
    """Return what is left of evidence that was last added to in this week."""
    return s.kept_shares[min(s.week - week, len(s.kept_shares) - 1)]


@register_jitable
def add_evidence(s: Situation, tie: int, useful: float, useless: float) -> None:
    """Let the evidence of a tie fade to this week and add to it."""
    ties, kept = s.ties, kept_since(s, s.ties.touched[tie])
    ties.useful_milli[tie] = trust.evidence_after(ties.useful_milli[tie], kept, useful)
    ties.useless_milli[tie] = trust.evidence_after(ties.useless_milli[tie], kept, useless)
    ties.touched[tie] = s.week


@register_jitable
def sincerities_at_first(s: Situation, solicited: int) -> tuple[float, float, float, float]:
    """Return how sincere a rewarded post is taken to be before anything is known, by layer."""
    return (
        _sincerity_at_first(s, 0, solicited),
        _sincerity_at_first(s, 1, solicited),
        _sincerity_at_first(s, 2, solicited),
        _sincerity_at_first(s, 3, solicited),
    )


@register_jitable
def _sincerity_at_first(s: Situation, layer: int, solicited: int) -> float:
    return sharing.sincerity(
        sender_cut(s.market),
        layer,
        solicited,
        receiver_share(s.market),
        s.market.disclosed,
        s.terms.sharing,
    )


@register_jitable
def distance2_of(s: Situation, consumer: int, merchant: int) -> float:
    """Return the squared distance of a merchant's product from a consumer's taste."""
    return choice.taste_distance2(
        s.consumers.taste_x[consumer],
        s.consumers.taste_y[consumer],
        s.goods[merchant, TASTE_X],
        s.goods[merchant, TASTE_Y],
    )


@register_jitable
def match_of(s: Situation, consumer: int, merchant: int) -> float:
    """Return how well a merchant's product meets a consumer's taste, 0 to 1."""
    return choice.match_value(distance2_of(s, consumer, merchant))


@register_jitable
def would_want(s: Situation, consumer: int, merchant: int) -> bool:
    """Return whether a consumer who knew its true quality would rather have it than nothing."""
    alpha, goods, terms = s.consumers.price_sensitivity[consumer], s.goods, s.terms.choice
    price, quality = goods[merchant, PRICE_YUAN], goods[merchant, QUALITY]
    # A match is worth something between nothing and all: mostly one need not ask which.
    if choice.wants_at_true_quality(alpha, price, quality, 0.0, terms):
        return True
    if not choice.wants_at_true_quality(alpha, price, quality, 1.0, terms):
        return False
    return choice.wants_at_true_quality(
        alpha, price, quality, match_of(s, consumer, merchant), terms
    )


@register_jitable
def tie_to(s: Situation, consumer: int, person: int) -> int:
    """Return the tie over which ``consumer`` trusts ``person``, -1 where there is none."""
    start, end = s.ties.follower_start[person], s.ties.follower_start[person + 1]
    return tie_at(s, consumer, person, first_reader_from(s.ties.reader, start, end, consumer))


@register_jitable
def tie_at(s: Situation, consumer: int, person: int, place: int) -> int:
    """Return `tie_to`, where ``place`` is the first of the person's followers from there on."""
    ties = s.ties
    if place < ties.follower_start[person + 1] and ties.reader[place] == consumer:
        return ties.row_start[consumer] + np.int64(ties.nth[place])
    width = ties.followed.shape[1]
    for k in range(width):
        if ties.followed[consumer, k] == person:
            return ties.row_start[consumer + 1] - width + k
    return NOBODY


@register_jitable
def first_reader_from(reader: NDArray[Any], start: int, end: int, consumer: int) -> int:
    """Return the first of the rows ``start:end`` whose reader is ``consumer`` or later."""
    low, high = start, end
    while low < high:
        middle = (low + high) // 2
        if reader[middle] < consumer:
            low = middle + 1
        else:
            high = middle
    return low
