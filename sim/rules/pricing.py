"""What a unit costs and what is asked for it: the Bertrand-logit price, approached by halves.

Amounts are in whatever unit the caller uses for money (the model: yuan).
"""

from __future__ import annotations

import math

from numba.extending import register_jitable

#: Where less than this share of the price is kept, prices stop following: none would cover it.
LEAST_KEEP_SHARE = 0.05
#: No price above this many times the cost: a bound for demand that hardly feels the price.
HIGHEST_MARKUP = 10.0


@register_jitable
def unit_cost(
    mean_cost: float, cost_cv: float, correlation: float, quality_sd: float, noise: float
) -> float:
    """Cost of a unit, at least a tenth of the mean, in the unit of ``mean_cost``.

    c0 x [1 + cv x (r x z_quality + sqrt(1 - r^2) x z)], quality standardised over applicants.
    """
    spread = correlation * quality_sd + math.sqrt(1.0 - correlation * correlation) * noise
    return mean_cost * max(0.1, 1.0 + cost_cv * spread)


@register_jitable
def keep_share(
    fee_rate: float,
    commission_rate: float,
    rebate_rate: float,
    reward_rate: float,
    referred_share: float,
) -> float:
    """Share of the price that stays with the merchant: 1 - fee - commission - rebate - s x reward.

    ``referred_share`` s: share of own orders that pay a reward.
    """
    cuts = fee_rate + commission_rate + rebate_rate + referred_share * reward_rate
    return max(LEAST_KEEP_SHARE, 1.0 - cuts)


@register_jitable
def shrunk_share(part: float, whole: float, category_share: float, shrinkage: float) -> float:
    """Share of ``part`` in ``whole``, 0..1, shrunk towards the category's.

    (part + k x category share) / (whole + k). For orders per click it is the conversion, for
    rewarded orders among all the referred share.
    """
    weight = whole + shrinkage
    if weight <= 0.0:
        return category_share
    return (part + shrinkage * category_share) / weight


@register_jitable
def demand_slope(price_sensitivity: float, prob: float, owner_prob: float) -> float:
    """Loss of choice probability per unit of price, alpha x P x (1 - P of all goods of the owner).

    With one good to an owner alpha x P x (1 - P), the logit slope.
    """
    return price_sensitivity * prob * (1.0 - owner_prob)


@register_jitable
def even_margin(price_sensitivity: float, n_rivals: float) -> float:
    """Margin, in money, where ``n_rivals`` others and the outside option are as likely as oneself.

    The logit margin 1 / (alpha x (1 - P)) at P = 1 / (n_rivals + 2).
    """
    return 1.0 / (price_sensitivity * (1.0 - 1.0 / (n_rivals + 2.0)))


@register_jitable
def logit_margin(
    prob_sum: float, slope_sum: float, category_margin: float, shrinkage: float
) -> float:
    """Best margin, in money: sum of P / sum of alpha P (1 - P), shrunk towards the category's.

    (S + k) / (D + k / category margin): as if k further expected orders had shown the category's.
    In the limit of full information this is the Bertrand-logit margin (Anderson, de Palma, Thisse
    1992).
    """
    slope = slope_sum + shrinkage / category_margin
    if slope <= 0.0:
        return category_margin
    return (prob_sum + shrinkage) / slope


@register_jitable
def best_price(cost: float, kept_share: float, margin: float) -> float:
    """Price that a merchant would like to ask: cost / kept share + margin, within bounds."""
    break_even = cost / kept_share
    return min(break_even + margin, HIGHEST_MARKUP * break_even)


@register_jitable
def next_price(price: float, wanted: float) -> float:
    """Price after one revision: half way from the present one to the one wanted."""
    return 0.5 * (price + wanted)
