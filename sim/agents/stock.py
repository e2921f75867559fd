"""What the platform lets merchants know of each shelf, frozen when the adapt stage begins."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.agents.shop import shelves_of
from sim.scenario import Scenario
from sim.world.applicants import even_margin_yuan
from sim.world.columns import I8, MerchantColumns


class ShelfStock(NamedTuple):
    """One entry a shelf, over the merchants active when it was taken."""

    margin_yuan: list[float]
    """Sum of P / sum of alpha P (1 - P); the even margin where nobody was looked at."""
    referred_share: list[float]
    """Share of orders that paid a referral reward."""
    conversion_prob: list[float]
    """Orders per paid click; where nobody clicked, an even chance among looks and nothing."""
    n_active: list[int]
    profit_fen: list[int]
    """Profit since the last quarterly round, summed."""


def take_stock(scenario: Scenario, merchants: MerchantColumns, n_sides: int) -> ShelfStock:
    """The state of every shelf now; sums are whole numbers, so no order can matter."""
    active = np.flatnonzero(merchants.active)
    shelf = shelves_of(merchants, active, scenario.demand.n_categories)

    def summed(column: I8) -> list[int]:
        sums = np.zeros(n_sides * scenario.demand.n_categories, dtype=np.int64)
        np.add.at(sums, shelf, column[active])
        return [int(value) for value in sums]

    even_margin = even_margin_yuan(scenario)
    even_prob = 1.0 / (scenario.demand.looks + 1)
    prob, slope = summed(merchants.demand_prob_sum), summed(merchants.demand_slope_sum)
    orders, referred = summed(merchants.period_orders), summed(merchants.period_referred)
    clicks, ad_orders = summed(merchants.period_clicks), summed(merchants.period_ad_orders)
    return ShelfStock(
        margin_yuan=[
            p / d if p > 0 and d > 0 else even_margin for p, d in zip(prob, slope, strict=True)
        ],
        referred_share=[_ratio(r, n, 0.0) for r, n in zip(referred, orders, strict=True)],
        conversion_prob=[_ratio(n, c, even_prob) for n, c in zip(ad_orders, clicks, strict=True)],
        n_active=summed(np.ones_like(merchants.period_orders)),
        profit_fen=summed(merchants.quarter_profit_fen),
    )


def _ratio(part: int, whole: int, otherwise: float) -> float:
    return part / whole if whole > 0 else otherwise
