"""What a unit costs and what is asked for it: the Bertrand-logit price, approached by halves.

The same functions give a merchant's next price in a run and, repeated until nothing moves, the
equilibrium that theory knows (`prices_at_rest`). Amounts are in whatever unit the caller uses for
money (the model: yuan).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from numba.extending import register_jitable

#: Where less than this share of the price is kept, prices stop following: none would cover it.
LEAST_KEEP_SHARE = 0.05
#: Shares do not vanish altogether, so that a margin can be told from them.
TINY = 1e-300


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
def demand_slope(price_sensitivity: float, prob: float, other_prob: float) -> float:
    """Loss of choice probability per unit of price: alpha x P x P(others).

    ``other_prob`` is the chance of buying from another owner or not at all: with one good to an
    owner 1 - P, which gives the logit slope alpha P (1 - P).
    """
    return price_sensitivity * prob * other_prob


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
    if slope <= 0.0 or prob_sum + shrinkage <= 0.0:
        return category_margin
    return (prob_sum + shrinkage) / slope


@register_jitable
def best_price(cost: float, kept_share: float, margin: float) -> float:
    """Price that a merchant would like to ask: cost / kept share + margin."""
    return cost / kept_share + margin


@register_jitable
def next_price(price: float, wanted: float, margin: float, price_sensitivity: float) -> float:
    """Price after one revision: half way from the present one to the one wanted.

    A seller of nearly all (1 - P = 1 / (alpha x margin) below a half) goes only 1 - P of the way:
    its margin answers so strongly to its own price that half-steps would overshoot for ever
    (Newton's step for the first-order condition).
    """
    step = min(0.5, 1.0 / (price_sensitivity * margin))
    return price + step * (wanted - price)


def prices_at_rest(
    quality: Sequence[float],
    unit_cost: Sequence[float],
    scale: float,
    outside_quality: float | None,
    owner: Sequence[int],
    tolerance: float = 1e-13,
    max_rounds: int = 100_000,
) -> tuple[list[float], list[float]]:
    """Prices and shares of the market when every merchant revises with known demand until still.

    Demand is logit: share proportional to exp((quality - price) / scale), outside option (None:
    there is none) to exp(outside quality / scale). An owner of several goods cares for them all.
    At rest these are the Bertrand-Nash prices.
    """
    alpha = 1.0 / scale
    n = len(quality)
    start = even_margin(alpha, n - 1)
    price = [best_price(cost, 1.0, start) for cost in unit_cost]
    for _ in range(max_rounds):
        share, other_share = _logit_shares(quality, price, scale, outside_quality, owner)
        moved = 0.0
        revised = []
        for j in range(n):
            slope = demand_slope(alpha, share[j], other_share[j])
            margin = logit_margin(share[j], slope, start, 0.0)
            wanted = best_price(unit_cost[j], 1.0, margin)
            revised.append(next_price(price[j], wanted, margin, alpha))
            moved = max(moved, abs(revised[j] - price[j]) / max(1.0, abs(price[j])))
        price = revised
        if moved <= tolerance:
            return price, _logit_shares(quality, price, scale, outside_quality, owner)[0]
    raise ArithmeticError(f"prices do not come to rest within {max_rounds} rounds")


def _logit_shares(
    quality: Sequence[float],
    price: Sequence[float],
    scale: float,
    outside_quality: float | None,
    owner: Sequence[int],
) -> tuple[list[float], list[float]]:
    """Share of each good, and share of everything its owner does not own, exact where tiny."""
    utility = [(q - p) / scale for q, p in zip(quality, price)]
    outside = [] if outside_quality is None else [outside_quality / scale]
    top = max(utility + outside)
    weight = [math.exp(u - top) for u in utility]
    outside_weight = sum(math.exp(u - top) for u in outside)
    total = sum(weight) + outside_weight
    other = [
        outside_weight + sum(w for w, theirs in zip(weight, owner) if theirs != own)
        for own in owner
    ]
    return [max(w / total, TINY) for w in weight], [max(w / total, TINY) for w in other]
