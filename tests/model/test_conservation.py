"""Two years of whatever is allowed: money is conserved to the fen, every week, in every market.

Each week the model itself checks its invariants and raises when one is broken.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.ledger import CONSUMER, MERCHANT, PLATFORM
from sim.markets import MARKETS
from sim.measures.invariants import check_week
from sim.measures.money_flow import where_each_yuan_goes
from tests.engines.same import lived, lively
from tests.engines.test_random_scenarios import scenarios

TWO_YEARS = 104
random_worlds = given(
    values=scenarios,
    n_consumers=st.integers(0, 60),
    market=st.sampled_from(list(MARKETS)),
    seed=st.integers(0, 2**63 - 1),
)
freely = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def check_two_years(values, n_consumers, market, seed):
    scenario = lively(values | {"population.n_consumers": n_consumers})
    model = lived(scenario, market, TWO_YEARS, seed, engine="array", threads=1)
    check_week(model, model.flows)
    world, tables = model.world, model.tables()
    cash = {
        CONSUMER: world.consumers.cash_fen,
        MERCHANT: world.merchants.cash_fen,
        PLATFORM: world.platform.cash_fen,
    }
    assert sum(int(part.sum()) for part in cash.values()) + world.platform.outside_fen[0] == 0
    transfers = tables["transfers"]
    for kind, name in ((CONSUMER, "consumer"), (MERCHANT, "merchant"), (PLATFORM, "platform")):
        paid = transfers.loc[transfers["payer_kind"] == name, "amount_fen"].sum()
        received = transfers.loc[transfers["payee_kind"] == name, "amount_fen"].sum()
        assert received - paid == cash[kind].sum()
    assert (transfers["amount_fen"] > 0).all()
    assert len(tables["weekly"]) == TWO_YEARS
    gmv = tables["weekly"]["gmv_fen"].sum()
    assert where_each_yuan_goes(tables["ledger"], "keeper")["amount_fen"].sum() == gmv
    refunded = tables["orders"].loc[tables["orders"]["refunded"], "order"]
    rewards = transfers.loc[transfers["purpose"] == "reward", "order"]
    assert not rewards.isin(refunded).any()


@settings(max_examples=6, **freely)
@random_worlds
def test_a_few_worlds(values, n_consumers, market, seed):
    check_two_years(values, n_consumers, market, seed)


@pytest.mark.slow
@settings(max_examples=80, **freely)
@random_worlds
def test_many_worlds(values, n_consumers, market, seed):
    check_two_years(values, n_consumers, market, seed)


@pytest.mark.parametrize("market", MARKETS)
def test_the_lively_world(market):
    check_two_years({}, 100, market, 0)
