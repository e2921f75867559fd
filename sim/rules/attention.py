"""Which posts are read and which of them remembered."""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

from sim.arithmetic import ln

#: Layer of ties that were made by following: the outermost. Reads without a tie count as it.
OUTERMOST = 3


class AttentionTerms(NamedTuple):
    """How much is read, and how long it is remembered."""

    attention: int  # most posts read in a week
    memory_weeks: int  # weeks
    fatigue: float  # per post read before over the same tie


@register_jitable
def reading_weight(layer: int, trust: float) -> float:
    """Return the weight of a post in the competition for attention: (4, 2, 1, 1/2) by layer·trust.

    After Dunbar's layers of 5, 15, 50 and 150 people, of which the inner two get most of the
    attention a person has to give (about 60 %, recalled).
    """
    if layer == 0:
        return 4.0 * trust
    if layer == 1:
        return 2.0 * trust
    if layer == 2:
        return trust
    return 0.5 * trust


@register_jitable
def reading_priority(u: float, weight: float) -> float:
    """Return the rank of a post in this week's reading; the smallest are read.

    -ln(u)/weight: an exponential race, so that posts are drawn without replacement with chances in
    proportion to their weights. Source: Efraimidis & Spirakis 2006. Weight 0 is never first.
    """
    return -ln(u) / weight if weight > 0.0 else math.inf


@register_jitable
def freshness(earlier_reads: int, fatigue: float) -> float:
    """Return what is left of the attention for one more post over a tie: 1/(1 + fatigue·reads).

    ``earlier_reads`` are the posts read over this tie before, whatever they were about. That a
    further recommendation by the same person sells less is found by Leskovec, Adamic, Huberman
    2007, ACM Transactions on the Web 1(1); the form and the size are assumed.
    """
    return 1.0 / (1.0 + fatigue * earlier_reads)


@register_jitable
def remembers(u: float, trust: float, sincerity: float, freshness: float) -> bool:
    """Return whether a read post is remembered: with probability trust·sincerity·freshness."""
    return u < trust * sincerity * freshness


@register_jitable
def link_is_cut(u: float, friction: float) -> bool:
    """Return whether the platform cuts a friend's link off: with probability ``friction``."""
    return friction > u


@register_jitable
def looks_up(u: float, leader_lookup_prob: float) -> bool:
    """Return whether somebody with a need looks up a leader: with ``leader_lookup_prob``."""
    return u < leader_lookup_prob


@register_jitable
def follows(u: float, follow_prob: float) -> bool:
    """Return whether who was served well by a leader begins to follow: with ``follow_prob``."""
    return u < follow_prob
