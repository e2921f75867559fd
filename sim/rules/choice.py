"""What a product is worth to a consumer, and how likely each of several is chosen."""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

from sim.arithmetic import exp, ln


class ChoiceTerms(NamedTuple):
    """Constants of the utility of a product."""

    base_value_yuan: float  # B: yuan a category is worth before quality and taste
    quality_value: float  # v: utility of quality 1 over quality 0
    match_value: float  # mu: utility of a perfect match of taste
    risk_aversion: float  # rho: utility lost per unit of variance, twice


@register_jitable
def taste_distance2(ax: float, ay: float, bx: float, by: float) -> float:
    """Return the squared distance d² of two points of taste."""
    dx = ax - bx
    dy = ay - by
    return dx * dx + dy * dy


@register_jitable
def match_value(distance2: float) -> float:
    """Return how well a product meets a taste, 0 to 1: exp(-d²/2)."""
    return exp(-0.5 * distance2)


@register_jitable
def utility(
    alpha: float,
    price_yuan: float,
    rebate_yuan: float,
    expected_quality: float,
    variance: float,
    match: float,
    terms: ChoiceTerms,
) -> float:
    """Return the utility a consumer expects of a product, over buying nothing, before the shock.

    U = alpha·(B - price + rebate) + v·E[q] + mu·match - rho·Var[q]/2. Source: random utility,
    McFadden 1974; the loss by variance is that of constant absolute risk aversion under normal
    beliefs, as in Erdem & Keane 1996.
    """
    return (
        alpha * (terms.base_value_yuan - price_yuan + rebate_yuan)
        + terms.quality_value * expected_quality
        + terms.match_value * match
        - 0.5 * terms.risk_aversion * variance
    )


@register_jitable
def true_utility(
    alpha: float, paid_yuan: float, quality: float, match: float, terms: ChoiceTerms
) -> float:
    """Return the utility a product turns out to have, over buying nothing, without the shock.

    alpha·(B - paid) + v·quality + mu·match: no risk is left, and the quality is the true one.
    """
    return (
        alpha * (terms.base_value_yuan - paid_yuan)
        + terms.quality_value * quality
        + terms.match_value * match
    )


@register_jitable
def wants_at_true_quality(
    alpha: float, paid_yuan: float, quality: float, match: float, terms: ChoiceTerms
) -> bool:
    """Return whether a consumer who knew all about a product would rather have it than nothing.

    True utility above that of buying nothing, 0, at shocks alike. A read about a product that one
    would not want is a useless read.
    """
    return true_utility(alpha, paid_yuan, quality, match, terms) > 0.0


@register_jitable
def surplus_yuan(alpha: float, true_utility: float, shock_gain: float) -> float:
    """Return what an order is worth to the buyer over buying nothing, in yuan.

    (true utility + shock of the product - shock of buying nothing) / alpha. Source: Small & Rosen
    1981, Econometrica 49(1). The base value belongs to it: it is part of what made the consumer
    buy, and without it every order would count as a loss of that much.
    """
    return (true_utility + shock_gain) / alpha


@register_jitable
def option_weight(utility: float, largest: float) -> float:
    """Return the weight of an option in a logit choice, at most 1: exp(utility - largest).

    ``largest`` is the largest utility of all options, buying nothing (utility 0) among them. The
    probability of a choice is its weight over the sum of all weights. Source: McFadden 1974.
    """
    return exp(utility - largest)


@register_jitable
def arrival(u: float, weight: float) -> float:
    """Return when an option arrives in the race for the choice; the first one is chosen.

    -ln(u)/weight. The largest utility plus Gumbel shock -ln(-ln u) is the first arrival of this
    exponential race, so that one logarithm an option is enough. Weight 0 never arrives.
    """
    return -ln(u) / weight if weight > 0.0 else math.inf


@register_jitable(forceinline=True)
def shock_gain(u: float, u_nothing: float) -> float:
    """Return the Gumbel shock of a product less that of buying nothing.

    ln(ln u_nothing / ln u), the difference of two shocks -ln(-ln u).
    """
    return ln(ln(u_nothing) / ln(u))
