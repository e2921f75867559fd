"""Merchants who would sell, before any platform has looked at them."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.money import FEN_PER_YUAN
from sim.rules.pricing import best_price, even_margin, unit_cost
from sim.scenario import Scenario
from sim.world.columns import F8, I2, I8, NOBODY, RECENT_WEEKS, MerchantColumns

#: True quality has the levels 0..4; over applicants they are binomial(4, 1/2): mean 2, variance 1.
BEST_LEVEL = 4
MEAN_LEVEL = 2.0
LEVEL_SD = 1.0
_LEVEL_BOUNDS = np.cumsum([1, 4, 6, 4]) / 16


def applicants(scenario: Scenario, seed: int) -> MerchantColumns:
    """Columns of ``merchants.n_applicants`` merchants by category, evenly; none sells yet.

    Traits are keyed draws of each merchant's own. Where categories cannot be even, the last ones
    have one more, so that one further applicant leaves all others what they were.
    """
    n = scenario.merchants.n_applicants
    merchant = np.arange(n, dtype=np.int64)

    def uniform(purpose: int) -> F8:
        return draws.uniform_column(seed, merchant, NOBODY, 0, purpose)

    def normal(purpose: int, part: int = 0) -> F8:
        return draws.normal_column(seed, merchant, NOBODY, 0, purpose, part)

    level = np.searchsorted(_LEVEL_BOUNDS, uniform(draws.QUALITY), side="right")
    cost_noise = normal(draws.COST)
    cost_fen = np.array(
        [unit_cost_fen(scenario, int(k), float(z)) for k, z in zip(level, cost_noise, strict=True)],
        dtype=np.int64,
    )

    def zeros() -> I8:
        return np.zeros(n, dtype=np.int64)

    return MerchantColumns(
        category=_categories(n, scenario.demand.n_categories),
        side=np.zeros(n, dtype=np.int8),
        quality_level=level.astype(np.int8),
        quality=level / BEST_LEVEL,
        taste_x=normal(draws.MERCHANT_TASTE, 0),
        taste_y=normal(draws.MERCHANT_TASTE, 1),
        cost_noise=cost_noise,
        long_term=uniform(draws.LONG_TERM) < scenario.merchants.long_term_share,
        unit_cost_fen=cost_fen,
        price_fen=np.array(
            [start_price_fen(scenario, int(cost), 1.0) for cost in cost_fen], dtype=np.int64
        ),
        bid_fen=zeros(),
        budget_fen=zeros(),
        cash_fen=zeros(),
        audit_score=np.zeros(n),
        admitted=np.zeros(n, dtype=np.bool_),
        active=np.zeros(n, dtype=np.bool_),
        entered_week=np.full(n, NOBODY, dtype=np.int32),
        exited_week=np.full(n, NOBODY, dtype=np.int32),
        review_count=zeros(),
        review_sum_micro=zeros(),
        recent_orders=np.zeros((n, RECENT_WEEKS), dtype=np.int32),
        week_orders=zeros(),
        week_revenue_fen=zeros(),
        week_start_cash_fen=zeros(),
        quarter_profit_fen=zeros(),
        demand_prob_sum=zeros(),
        demand_slope_sum=zeros(),
        period_orders=zeros(),
        period_referred=zeros(),
        period_clicks=zeros(),
        period_ad_orders=zeros(),
    )


def unit_cost_fen(scenario: Scenario, quality_level: int, cost_noise: float) -> int:
    """Cost of a unit of that quality to a merchant with that luck in cost, in fen, at least 1."""
    merchants = scenario.merchants
    yuan = unit_cost(
        merchants.mean_cost_yuan,
        merchants.cost_cv,
        merchants.quality_cost_correlation,
        (quality_level - MEAN_LEVEL) / LEVEL_SD,
        cost_noise,
    )
    return max(1, fen(yuan))


def even_margin_yuan(scenario: Scenario) -> float:
    """Margin in yuan at which all products looked at and buying nothing are equally likely."""
    demand = scenario.demand
    return even_margin(demand.price_sensitivity, max(demand.looks, 1) - 1)


def start_price_fen(scenario: Scenario, cost_fen: int, kept_share: float) -> int:
    """First price of a merchant, in fen: what the price rule gives before anything is known.

    ``kept_share``: what fees and expected rewards leave of the price, so that a market does not
    begin with losses that are no fault of its own.
    """
    yuan = best_price(cost_fen / FEN_PER_YUAN, kept_share, even_margin_yuan(scenario))
    return fen(yuan)


def fen(yuan: float) -> int:
    """Whole fen, halves up."""
    return int(np.floor(yuan * FEN_PER_YUAN + 0.5))


def _categories(n: int, n_categories: int) -> I2:
    size, larger = divmod(n, n_categories)
    sizes = [size + (category >= n_categories - larger) for category in range(n_categories)]
    return np.repeat(np.arange(n_categories, dtype=np.int16), sizes)
