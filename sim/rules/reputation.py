"""Public credit of sharers: points, tiers, and what standing adds to credibility.

Credit is kept in thousandths of a point, so that it is exact in both engines.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

USEFUL_MILLI = 1000
STREAK_MILLI = 2000
USELESS_MILLI = 2000
#: Credit from which tiers 1 and 2 begin, in thousandths of a point.
TIER_1_MILLI = 2000
TIER_2_MILLI = 8000
LEADER_TIER = 3
_LONGEST_STREAK = 1_000_000
_LEAST_CREDIBILITY = 0.5
_MOST_CREDIBILITY = 1.5


class ReputationTerms(NamedTuple):
    """Constants of credit and of leadership."""

    keep_65536: int  # share of credit kept per week, in 1/65536
    streak_length: int  # useful recommendations in a row from which each earns double
    leader_share: float  # of members
    leader_min_points: int  # points
    standing_gain: float  # credibility of the highest tier above the lowest
    insight_gain: float  # credibility per log unit of insight


@register_jitable
def credit_after(
    credit_milli: int, streak: int, useful: int, streak_length: int
) -> tuple[int, int]:
    """Return (credit in thousandths of a point, streak) after one outcome.

    Useful: +1 point, +2 from the ``streak_length``-th in a row on. Useless: -2 points, not below
    0, and the streak ends.
    """
    if not useful:
        return max(0, credit_milli - USELESS_MILLI), 0
    streak_now = min(streak + 1, _LONGEST_STREAK)
    gain = STREAK_MILLI if streak_now >= streak_length else USEFUL_MILLI
    return credit_milli + gain, streak_now


@register_jitable
def credit_at_risk(credit_milli: int) -> float:
    """Return the points that one useless recommendation would cost: 2, or what there is."""
    return min(credit_milli, USELESS_MILLI) / 1000.0


@register_jitable
def credit_decayed(credit_milli: int, keep_65536: int) -> int:
    """Return credit a week later, in thousandths of a point: credit·keep/65536, rounded down."""
    return (credit_milli * keep_65536) >> 16


def keep_of_half_life(half_life_weeks: float) -> int:
    """Return the share of credit kept per week, in 1/65536: 2^(-1/half-life)."""
    return math.floor(65536.0 * math.pow(2.0, -1.0 / half_life_weeks) + 0.5)


@register_jitable
def tier_of(credit_milli: int, leader: int) -> int:
    """Return the tier of a sharer: 0, 1 from 2 points, 2 from 8 points, 3 for opinion leaders."""
    if leader:
        return LEADER_TIER
    if credit_milli >= TIER_2_MILLI:
        return 2
    return 1 if credit_milli >= TIER_1_MILLI else 0


@register_jitable
def credibility(insight: float, tier: int, terms: ReputationTerms) -> float:
    """Return the factor on the first impression of a sharer, 1 for ordinary people, 0.5 to 1.5.

    1 + standing gain·tier/3 + insight gain·ln(insight).
    """
    return credibility_with(expertise(insight, terms), tier, terms)


@register_jitable
def expertise(insight: float, terms: ReputationTerms) -> float:
    """Return what a sharer's own insight adds to their credibility: insight gain·ln(insight)."""
    return terms.insight_gain * math.log(insight)


@register_jitable
def credibility_with(known_expertise: float, tier: int, terms: ReputationTerms) -> float:
    """Return the same as `credibility`, of a sharer whose expertise is known."""
    value = 1.0 + terms.standing_gain * (tier / 3.0) + known_expertise
    return min(_MOST_CREDIBILITY, max(_LEAST_CREDIBILITY, value))
