"""Slow decisions of merchants: level of quality, entry, fixed cost, advertising budget."""

from __future__ import annotations

import math

from numba.extending import register_jitable

from sim.money import share_of_fen

#: Profit counts up to this many times the fixed cost in drawing newcomers.
MOST_ATTRACTION = 2.0
#: Fewer sellers than this in a category always draw one more.
FEW_SELLERS = 3


@register_jitable
def learnt_share(prior_precision: float, evidence_precision: float) -> float:
    """Share, 0..1, of a change of quality that ends up in what buyers believe.

    evidence / (prior + evidence), the weight of evidence in normal learning: quality that nobody
    gets to know of is not paid for.
    """
    return evidence_precision / (prior_precision + evidence_precision)


@register_jitable
def quality_gain(
    learnt: float,
    quality_value: float,
    price_sensitivity: float,
    quality_step: float,
    extra_cost: float,
    kept_share: float,
    margin: float,
) -> float:
    """Gain of profit, as a share of it, expected from a change of quality; -1 loses all.

    exp((learnt x v x step / alpha - extra cost / kept share) / margin) - 1: the extra cost goes on
    the price, and demand answers to what buyers gain on balance with the logit semi-elasticity
    1 / margin. Money in yuan.
    """
    worth = learnt * quality_value * quality_step / price_sensitivity - extra_cost / kept_share
    return math.expm1(min(worth / margin, 50.0))


@register_jitable
def n_drawn(n_active: int, profit: float, fixed_cost: float, pace: float) -> int:
    """Merchants whom profit draws in a round: pace x active x clip(profit / fixed cost, 0, 2).

    Rounded half up. Profit and fixed cost are sums over those active since the last round, in the
    same unit.
    """
    if profit <= 0.0:
        attraction = 0.0
    elif profit >= MOST_ATTRACTION * fixed_cost:
        attraction = MOST_ATTRACTION
    else:
        attraction = profit / fixed_cost
    return math.floor(pace * n_active * attraction + 0.5)


@register_jitable
def is_deserted(n_active: int) -> bool:
    """Whether so few sell in a category that one more enters, whatever the profit: fewer than 3."""
    return n_active < FEW_SELLERS


@register_jitable
def mean_revenue_fen(
    member_rate_micro: int, order_prob: float, price_fen: int, n_merchants: int
) -> int:
    """Revenue in fen that an average merchant may expect of a week.

    Summed purchase rates of members (in millionths a week) x chance that a need ends in an order x
    price / merchants; in whole numbers, so that it scales with members and with nothing else.
    """
    full = member_rate_micro * price_fen // (1_000_000 * max(n_merchants, 1))
    return share_of_fen(full, order_prob)


@register_jitable
def start_cash_fen(fixed_cost_fen: int, cash_weeks: float, u: float) -> int:
    """Cash in fen that a merchant brings: weeks of fixed cost, from half to one and a half times.

    Even between the two by ``u``: otherwise all who lose from the start would give up in the same
    quarter, which would look like a collapse.
    """
    return share_of_fen(fixed_cost_fen * 1_000, cash_weeks * (0.5 + u) / 1_000.0)


@register_jitable
def fixed_cost_fen(revenue_fen: int, fixed_cost_share: float) -> int:
    """Fixed cost of a merchant in a week, in fen: a share of the revenue of an average one."""
    return share_of_fen(revenue_fen, fixed_cost_share)


@register_jitable
def ad_budget_fen(revenue_fen: int, budget_share: float, cash_fen: int) -> int:
    """Budget for clicks in a week, in fen: a share of weekly revenue, never more than the cash."""
    return max(0, min(share_of_fen(revenue_fen, budget_share), cash_fen))
