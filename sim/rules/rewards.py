"""What a market charges and pays, as scalars, and how a referral reward is divided."""

from __future__ import annotations

from typing import NamedTuple

from numba.extending import register_jitable

from sim.money import parts_of, split_fen

#: Thresholds of the rule on pyramid selling.
PYRAMID_PEOPLE = 30
PYRAMID_LEVELS = 3


class MarketTerms(NamedTuple):
    """What a market does to offers and money in one week; rates are shares of the price."""

    sender_rate: float  # reward to the sharer and those above
    receiver_rate: float  # reward to the buyer
    rebate_rate: float  # credited to the buyer on every order
    levels: int  # sharers up the chain who divide the sender's part
    level_decay: float  # weight of a level relative to the one below it
    disclosed: int  # 1: readers are told that a post is rewarded
    post_friction: float  # share of friends' links that the platform cuts off
    n_slots: int  # sponsored slots per category
    fee_rate: float
    commission_rate: float
    refunds: int  # 1: bad orders are refunded
    self_referral_guard: int  # 1: a purchase through the own post earns nothing


@register_jitable
def sender_cut(terms: MarketTerms) -> float:
    """Return the senders' reward as a share of the price; 0 where nobody is paid."""
    return terms.sender_rate if terms.levels > 0 else 0.0


@register_jitable
def reward_cut(terms: MarketTerms) -> float:
    """Return what a sale through a rewarded post costs in rewards, as a share of the price."""
    return sender_cut(terms) + terms.receiver_rate


@register_jitable
def receiver_share(terms: MarketTerms) -> float:
    """Return the buyer's part of the whole reward, 0 to 1; 0 where there is no reward."""
    total = terms.sender_rate + terms.receiver_rate
    if total <= 0.0:
        return 0.0
    return terms.receiver_rate / total


@register_jitable
def is_rewarded(terms: MarketTerms) -> bool:
    """Return whether a recommendation can earn money, for the sharer or for the buyer."""
    return reward_cut(terms) > 0.0


@register_jitable
def uses_own_link(self_referral_guard: int, came_by_post: int) -> bool:
    """Return whether a buyer orders through an own rewarded post about the product.

    Who has one that is still remembered, and was brought by nobody else's, takes the reward where
    no guard forbids it. A second account of the same person would earn no more than that.
    """
    return not self_referral_guard and not came_by_post


@register_jitable
def level_weight(level: int, level_decay: float) -> int:
    """Return the weight of a level, 0 for the sharer who brought the sale: decay^level·10^6."""
    weight = 1.0
    for _ in range(level):
        weight *= level_decay
    return parts_of(weight)


def split_over_levels(total_fen: int, n_present: int, level_decay: float) -> tuple[int, ...]:
    """Return what each level gets of the senders' reward, in fen, the nearest sharer first.

    The levels that are there divide the whole amount by their weights, so that a reward costs the
    merchant the same however long the chain is; nothing is lost.
    """
    return split_fen(total_fen, [level_weight(level, level_decay) for level in range(n_present)])


@register_jitable
def pyramid_threshold(participants: int, levels: int) -> bool:
    """Return whether a scheme meets the legal threshold of pyramid selling.

    30 or more people and 3 or more levels. Source: joint opinion of the Supreme People's Court, the
    Supreme People's Procuratorate and the Ministry of Public Security of China, 2013.
    """
    return participants >= PYRAMID_PEOPLE and levels >= PYRAMID_LEVELS
