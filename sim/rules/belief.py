"""What a consumer believes about quality: normal learning from signals of known precision.

Qualities are on a scale from 0 to 1; precisions are 1 / variance on that scale.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

from sim.compiled import as_real


class BeliefTerms(NamedTuple):
    """Precisions of the signals, and how fast general expectations move."""

    initial_market_belief: float  # quality
    prior_precision: float  # of the expectation about an unknown product
    own_precision: float  # of one own experience at median insight
    friend_precision: float  # of a post by a fully trusted friend
    review_precision: float  # of very many reviews
    review_saturation: float  # reviews that give half of that
    stranger_credibility: float  # factor on the precision of reviews
    ad_precision: float  # of a sponsored slot
    market_belief_rate: float  # step per own experience
    ad_lift_rate: float  # step per own experience of advertised goods


@register_jitable
def combine(
    mean: float, precision: float, value: float, value_precision: float
) -> tuple[float, float]:
    """Return (mean, precision) of a belief after one more signal.

    mean + (value - mean)·w/(precision + w) and precision + w, w the precision of the signal; a
    signal of precision 0 changes nothing. Source: normal learning, Erdem & Keane 1996, Marketing
    Science 15(1).
    """
    total = precision + value_precision
    if total <= 0.0:
        return mean, total
    return mean + (value - mean) * (value_precision / total), total


@register_jitable
def own_signal_precision(own_precision: float, insight: float, times: int) -> float:
    """Return the precision of the mean of some own experiences: own precision·insight·times."""
    return own_precision * insight * times


@register_jitable
def review_precision(
    precision: float, n_reviews: int, saturation: float, credibility: float
) -> float:
    """Return the precision of the mean of n reviews by strangers.

    precision·n/(n + saturation)·credibility. It saturates, because reviews share the tastes and
    the errors of those who write them, and because some are bought.
    """
    if n_reviews <= 0:
        return 0.0
    return precision * (n_reviews / (n_reviews + saturation)) * credibility


@register_jitable
def fake_reviews(luck: float, fake_share: float, quality: float) -> int:
    """Return how many fake reviews the seller adds to an honest one, with ``luck`` in [0, 1).

    Their mean is 2·(1 - quality)·s/(1 - s): over sellers whose reviewed qualities spread evenly, a
    share s of all reviews is fake, and it is the worse sellers who buy them. Source: Luca & Zervas
    2016, Management Science 62(12): about 16 %, mostly of sellers of low reputation.
    """
    mean = 2.0 * (1.0 - quality) * fake_share / (1.0 - fake_share)
    surely = math.floor(mean)
    return int(surely) + int(luck < mean - surely)


@register_jitable
def review_score_micro(experienced: float) -> int:
    """Return the score of a review, in millionths: the experience, cut off at 0 and 1."""
    return math.floor(min(max(experienced, 0.0), 1.0) * 1_000_000 + 0.5)


@register_jitable
def post_precision(friend_precision: float, trust: float, sincerity: float) -> float:
    """Return the precision of what a post states: that of a trusted friend·trust·sincerity."""
    return friend_precision * trust * sincerity


@register_jitable
def advertised_quality(market_belief: float, ad_lift: float) -> float:
    """Return the quality that an ad suggests, 0 to 1: belief about the market + learned lift.

    The lift may be of either sign: ads can signal quality (Nelson 1974) or the lack of it.
    """
    return min(1.0, max(0.0, market_belief + ad_lift))


@register_jitable
def experience(quality: float, precision: float, z: float) -> float:
    """Return the quality lived in one use: quality + z/sqrt(precision), z standard normal.

    Not cut off at 0 and 1, so that its mean is the true quality.
    """
    return quality + z / math.sqrt(precision)


@register_jitable
def move_towards(value: float, target: float, rate: float) -> float:
    """Return a value moved towards a target: value + rate·(target - value)."""
    return value + rate * (target - value)


@register_jitable
def running_mean(mean: float, times: int, x: float) -> float:
    """Return the mean after one more value: mean + (x - mean)/(times + 1)."""
    before = as_real(mean)
    return before + (x - before) / (times + 1.0)
