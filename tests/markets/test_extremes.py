"""Settings at the edge of what is allowed: every market must live through them, money conserved."""

import numpy as np
import pytest

from sim.markets import MARKETS
from sim.parameters import PLATFORMS
from sim.scenario import Scenario
from tests.agents.stand import Stand

SMALL = {
    "demand.n_categories": 2,
    "merchants.n_applicants": 24,
    "merchants.initial_per_category": 3,
    "merchants.price_interval_weeks": 2,
    "merchants.quality_interval_weeks": 3,
    "screening.admit_share": 0.5,
}
EXTREMES = {
    "nobody applies": {"merchants.n_applicants": 0},
    "one applicant for two categories": {"merchants.n_applicants": 1},
    "nobody is admitted": {"screening.admit_share": 0.0},
    "everybody is admitted": {"screening.admit_share": 1.0},
    "nobody starts": {"merchants.initial_per_category": 0},
    "no cash": {"merchants.cash_weeks": 0.0},
    "all is taken": {
        "referral.reward_rate": 1.0,
        "referral.rebate_rate": 1.0,
        "referral.fee_rate": 1.0,
        "ads.commission_rate": 1.0,
    },
    "hardly any price sensitivity": {
        "demand.price_sensitivity": 0.001,
        "demand.price_sensitivity_log_sd": 0.0,
    },
    "extreme price sensitivity": {"demand.price_sensitivity": 100.0},
    "wild costs": {"merchants.cost_cv": 1.0, "merchants.mean_cost_yuan": 0.01},
    "no looks": {"demand.looks": 0},
    "more slots than merchants": {"ads.n_slots": 50, "ads.click_ratio": 1.0},
    "a slot below the first is never seen": {"ads.click_ratio": 0.0},
    "a reserve nobody meets": {"ads.reserve_price_fen": 10_000_000},
    "no reserve, first price": {"ads.reserve_price_fen": 0, "ads.mechanism": "first_price"},
    "truthful auction": {"ads.mechanism": "vcg", "ads.quality_exponent": 0.0},
    "perfect audits of everybody": {
        "screening.markets": list(PLATFORMS),
        "screening.audit_correlation": 1.0,
        "screening.recheck_share": 1.0,
        "screening.delist_quality": 1.0,
    },
    "no memory of own numbers": {"merchants.shrinkage_orders": 0.0, "ads.bid_shrinkage": 0.0},
}


@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("extreme", EXTREMES)
def test_markets_live_through_extremes(market, extreme):
    scenario = Scenario().with_values(SMALL | EXTREMES[extreme])
    model = Stand(scenario, market, n_consumers=40).live(7)
    own = model.world.merchants
    assert (own.price_fen > 0).all()
    assert (own.price_fen < 10**9).all()
    assert (own.bid_fen >= 0).all()
    assert ((own.quality_level >= 0) & (own.quality_level <= 4)).all()
    assert np.array_equal(own.quality, own.quality_level / 4)
    assert not (own.active & ~own.admitted).any()
    assert not (own.active & (own.exited_week >= 0)).any()
