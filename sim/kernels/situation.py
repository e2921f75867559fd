"""What a kernel sees of a week: all columns and constants in one named tuple."""

from __future__ import annotations

from typing import Any, NamedTuple

from numba.extending import register_jitable
from numpy.typing import NDArray

from sim.rules import choice, reputation, sharing, trust
from sim.rules.attention import OUTERMOST
from sim.rules.rewards import MarketTerms, receiver_share, sender_cut
from sim.rules.terms import Terms
from sim.world.columns import (
    I8,
    NOBODY,
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    PostColumns,
    ShopWindow,
    TieColumns,
)


class Situation(NamedTuple):
    """Everything the stages of people read; named as in ``World`` and ``MarketModel``."""

    seed: int
    week: int
    n_ties: int
    n_categories: int
    n_looks: int
    n_catalogue_looks: int
    category_spread: float
    ranked_examine_prob: float
    review_prob: float
    fake_share: float
    refund_prob_worst: float
    join_rate_per_week: float
    mean_degree: float
    orders_per_rewarded_post: float
    first_order: int
    consumers: ConsumerColumns
    memory: MemoryColumns
    ties: TieColumns
    merchants: MerchantColumns
    posts: PostColumns
    shop: ShopWindow
    leader_start: I8
    """[n_categories + 1] into ``leader_posts``."""
    leader_posts: I8
    """Rows of leaders' posts, by category."""
    own_post: I8
    """Rows of posts through which their sharers may buy themselves, by sharer."""
    own_post_sharer: I8
    remembered_share: I8
    remembered_tie: I8
    n_remembered: I8
    terms: Terms
    market: MarketTerms


@register_jitable
def layer_of(s: Situation, tie: int) -> int:
    """Return the closeness layer of a tie; followed leaders are outermost."""
    if tie < s.n_ties:
        return s.ties.layer[tie]
    return OUTERMOST


@register_jitable
def trust_in(s: Situation, consumer: int, tie: int, person: int) -> float:
    """Return today's trust of ``consumer`` in ``person`` over ``tie``."""
    weeks = s.week - s.ties.touched[tie]
    prior = trust.prior_trust(
        layer_of(s, tie),
        s.consumers.general_trust[consumer],
        reputation.credibility(
            s.consumers.insight[person], s.consumers.tier[person], s.terms.reputation
        ),
        s.terms.trust,
    )
    return trust.tie_trust(
        prior,
        s.terms.trust.prior_strength,
        trust.faded(s.ties.useful[tie], s.terms.trust.forgetting, weeks),
        trust.faded(s.ties.useless[tie], s.terms.trust.forgetting, weeks),
    )


@register_jitable
def trust_in_stranger(s: Situation, consumer: int, leader: int) -> float:
    """Return today's trust in a leader to whom there is no tie."""
    return trust.prior_trust(
        NOBODY,
        s.consumers.general_trust[consumer],
        reputation.credibility(
            s.consumers.insight[leader], s.consumers.tier[leader], s.terms.reputation
        ),
        s.terms.trust,
    )


@register_jitable
def add_evidence(s: Situation, tie: int, useful: float, useless: float) -> None:
    """Let the evidence of a tie fade to this week and add to it."""
    weeks = s.week - s.ties.touched[tie]
    forgetting = s.terms.trust.forgetting
    s.ties.useful[tie] = trust.faded_then_added(s.ties.useful[tie], forgetting, weeks, useful)
    s.ties.useless[tie] = trust.faded_then_added(s.ties.useless[tie], forgetting, weeks, useless)
    s.ties.touched[tie] = s.week


@register_jitable
def sincerity_over(s: Situation, tie: int, solicited: int) -> float:
    """Return how sincere a rewarded post over this tie (-1: none) is taken to be."""
    layer = OUTERMOST
    if tie != NOBODY:
        layer = layer_of(s, tie)
    at_first = sharing.sincerity(
        sender_cut(s.market),
        layer,
        solicited,
        receiver_share(s.market),
        s.market.symbolic,
        s.market.disclosed,
        s.terms.sharing,
    )
    if tie == NOBODY:
        return at_first
    weeks = s.week - s.ties.touched[tie]
    useful = trust.faded(s.ties.useful[tie], s.terms.trust.forgetting, weeks)
    return sharing.learned_sincerity(at_first, useful, s.terms.sharing.sincerity_learning)


@register_jitable
def match_of(s: Situation, consumer: int, merchant: int) -> float:
    """Return how well a merchant's product meets a consumer's taste, 0 to 1."""
    return choice.match_value(
        choice.taste_distance2(
            s.consumers.taste_x[consumer],
            s.consumers.taste_y[consumer],
            s.merchants.taste_x[merchant],
            s.merchants.taste_y[merchant],
        )
    )


@register_jitable
def would_want(s: Situation, consumer: int, merchant: int) -> bool:
    """Return whether a consumer who knew its true quality would rather have it than nothing."""
    return choice.wants_at_true_quality(
        s.consumers.price_sensitivity[consumer],
        s.merchants.price_fen[merchant] / 100.0,
        s.merchants.quality[merchant],
        match_of(s, consumer, merchant),
        s.terms.choice,
    )


@register_jitable
def tie_to(s: Situation, consumer: int, person: int) -> int:
    """Return the tie over which ``consumer`` trusts ``person``, -1 where there is none."""
    start, end = s.ties.follower_start[person], s.ties.follower_start[person + 1]
    place = first_reader_from(s.ties.reader, start, end, consumer)
    if place < end and s.ties.reader[place] == consumer:
        return place
    width = s.ties.followed.shape[1]
    for k in range(width):
        if s.ties.followed[consumer, k] == person:
            return s.n_ties + consumer * width + k
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


@register_jitable
def place_of(sorted_ids: I8, person: int) -> int:
    """Return where ``person`` stands in a sorted column of different ids, -1 where nowhere."""
    place = first_reader_from(sorted_ids, 0, len(sorted_ids), person)
    if place < len(sorted_ids) and sorted_ids[place] == person:
        return place
    return NOBODY
