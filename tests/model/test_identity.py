"""With its own cells switched off, each market is the control.

In every column but `market` and those of the side where sharing pays, which the control has not.
"""

import pytest

from sim.measures.sides import SHARING
from tests.engines.same import assert_same_state, assert_same_tables, lived, lively

NOTHING = {
    "referral": {
        "referral.reward_rate": 0.0,
        "referral.rebate_rate": 0.0,
        "referral.fee_rate": 0.0,
        "referral.running_cost_week_yuan": 0.0,
        "referral.running_cost_order_yuan": 0.0,
        "screening.markets": [],
    },
    "ads": {
        "ads.n_slots": 0,
        "ads.external_link_friction": 0.0,
        "ads.commission_rate": 0.0,
        "ads.running_cost_week_yuan": 0.0,
        "ads.running_cost_order_yuan": 0.0,
        "screening.markets": [],
    },
}
#: What is left of a market's own settings when its cells are off must not matter either.
BESIDES = {
    "as they are": {},
    "levels, shares and mechanisms": {
        "referral.levels": 3,
        "referral.receiver_share": 0.5,
        "referral.self_referral_guard": False,
        "referral.disclosed": False,
        "sharing.memory_weeks": 3,
        "ads.mechanism": "vcg",
        "ads.quality_exponent": 0.0,
        "ads.reserve_price_fen": 500,
    },
    "growth": {
        "population.initial_member_share": 0.1,
        "population.join_rate_per_week": 0.05,
        "sharing.invite_prob": 0.5,
    },
}


def of_any_market(tables):
    own = ["market", *SHARING]
    return {name: table.drop(columns=own, errors="ignore") for name, table in tables.items()}


@pytest.mark.parametrize("engine", ["mesa", "array"])
@pytest.mark.parametrize("besides", BESIDES)
@pytest.mark.parametrize("market", NOTHING)
def test_with_nothing_of_its_own_a_market_is_the_control(market, besides, engine):
    scenario = lively(BESIDES[besides] | NOTHING[market])
    ours = lived(scenario, market, weeks=10, engine=engine)
    control = lived(scenario, "control", weeks=10, engine=engine)
    tables = ours.tables()
    assert set(tables["weekly"]["market"]) == {market}
    assert len(tables["orders"]) > 100
    assert_same_tables(of_any_market(tables), of_any_market(control.tables()))
    assert_same_state(ours.world, control.world)


@pytest.mark.parametrize("market", NOTHING)
def test_each_cell_of_a_market_changes_something(market):
    usual = lively({"screening.markets": [market]}).values()
    off = lively(NOTHING[market])
    nothing = lived(off, market, engine="array").tables()
    for key in NOTHING[market]:
        tables = lived(off.with_values({key: usual[key]}), market, engine="array").tables()
        assert not all(table.equals(nothing[name]) for name, table in tables.items()), key
