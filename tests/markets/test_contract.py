"""What every registered market must keep to; a new market gets these tests for nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.markets import MARKETS, market_named
from sim.parameters import MARKETS as NAMES
from sim.parameters import PLATFORMS
from sim.rules.rewards import MarketTerms, is_rewarded
from sim.scenario import Scenario
from sim.world.columns import NOBODY
from tests.agents.stand import Stand

every_market = pytest.mark.parametrize("name", MARKETS)
every_platform = pytest.mark.parametrize("name", PLATFORMS)
SMALL = Scenario().with_values(
    {
        "demand.n_categories": 2,
        "merchants.n_applicants": 40,
        "merchants.initial_per_category": 6,
        "merchants.price_interval_weeks": 2,
        "merchants.quality_interval_weeks": 4,
    }
)
#: Everything by which a market differs from the control, switched off.
OFF = {
    "screening.markets": [],
    "referral.reward_rate": 0.0,
    "referral.rebate_rate": 0.0,
    "referral.fee_rate": 0.0,
    "referral.running_cost_week_yuan": 0.0,
    "referral.running_cost_order_yuan": 0.0,
    "ads.n_slots": 0,
    "ads.external_link_friction": 0.0,
    "ads.commission_rate": 0.0,
    "ads.running_cost_week_yuan": 0.0,
    "ads.running_cost_order_yuan": 0.0,
}


def test_the_markets_are_those_that_the_parameters_name():
    assert tuple(MARKETS) == NAMES


def test_an_unknown_market_is_named_with_those_there_are():
    with pytest.raises(ValueError, match=r"'refferal'.*control, referral, ads, hybrid"):
        market_named("refferal")


@every_market
def test_a_market_answers_to_its_name(name):
    assert market_named(name).name == name


@every_market
def test_a_market_is_a_platform_or_two(name):
    sides = market_named(name).sides
    assert [side.name for side in sides] == ([name] if name in PLATFORMS else ["referral", "ads"])


@every_platform
@settings(deadline=None, max_examples=25)
@given(
    week=st.integers(0, 200),
    reward=st.floats(0, 1),
    receiver=st.floats(0, 1),
    rate=st.floats(0, 1),
    n_slots=st.integers(0, 10),
    ban=st.integers(0, 200),
)
def test_terms_are_shares_and_counts(name, week, reward, receiver, rate, n_slots, ban):
    scenario = Scenario().with_values(
        {
            "referral.reward_rate": reward,
            "referral.receiver_share": receiver,
            "referral.fee_rate": rate,
            "ads.commission_rate": rate,
            "ads.external_link_friction": rate,
            "ads.n_slots": n_slots,
            "shocks.host_ban_week": ban,
            "shocks.host_ban_weeks": 4,
        }
    )
    terms = market_named(name).terms(scenario, week)
    assert isinstance(terms, MarketTerms)
    for share in (
        "sender_rate",
        "receiver_rate",
        "rebate_rate",
        "fee_rate",
        "commission_rate",
        "post_friction",
        "level_decay",
    ):
        assert 0.0 <= getattr(terms, share) <= 1.0
    assert terms.sender_rate + terms.receiver_rate <= 1.0 + 1e-12
    assert terms.n_slots >= 0
    assert {terms.disclosed, terms.refunds, terms.self_referral_guard} <= {0, 1}


@every_platform
def test_terms_do_not_depend_on_what_was_asked_before(name):
    market = market_named(name)
    first = market.terms(SMALL, 0)
    market.terms(SMALL.with_values({"referral.reward_rate": 0.3}), 50)
    assert market.terms(SMALL, 0) == first


@every_platform
def test_any_market_can_screen_and_then_answers_for_bad_goods(name):
    market = market_named(name)
    screened = SMALL.with_values({"screening.markets": [name]})
    unscreened = SMALL.with_values({"screening.markets": []})
    assert market.screens(screened)
    assert market.terms(screened, 0).refunds
    assert not market.screens(unscreened)
    assert not market.terms(unscreened, 0).refunds


@every_platform
def test_running_costs_are_whole_fen_and_grow_with_members_and_orders(name):
    cost = market_named(name).running_cost_fen
    assert cost(SMALL, 0, 0) == 0
    sizes = (0, 1, 999, 10_000, 1_000_000)
    by_members = [cost(SMALL, n, 100) for n in sizes]
    by_orders = [cost(SMALL, 100, n) for n in sizes]
    assert by_members == sorted(by_members)
    assert by_orders == sorted(by_orders)
    assert all(isinstance(fen, int) for fen in by_members + by_orders)


@every_platform
def test_switched_off_a_market_is_the_control(name):
    scenario = SMALL.with_values(OFF)
    terms = market_named(name).terms(scenario, 3)
    assert not is_rewarded(terms)
    assert terms.n_slots == terms.post_friction == terms.commission_rate == terms.fee_rate == 0
    ours = Stand(scenario, name).live(9).world
    control = Stand(scenario, "control").live(9).world
    for mine, theirs in zip(ours.merchants, control.merchants, strict=True):
        assert np.array_equal(mine, theirs)
    assert ours.platform.cash_fen[0] == control.platform.cash_fen[0] == 0


@every_market
def test_the_shop_shows_every_active_merchant_once_and_nobody_else(name):
    stand = Stand(SMALL, name).live(5)
    stand.offer()
    shop, merchants = stand.world.shop, stand.world.merchants
    active = np.flatnonzero(merchants.active)
    assert sorted(shop.catalogue.tolist()) == active.tolist()
    shelves = [(s, c) for s in range(len(market_named(name).sides)) for c in range(2)]
    assert len(shop.catalogue_start) == len(shelves) + 1
    for shelf, (side, category) in enumerate(shelves):
        rows = slice(shop.catalogue_start[shelf], shop.catalogue_start[shelf + 1])
        here = active[(merchants.side[active] == side) & (merchants.category[active] == category)]
        assert shop.catalogue[rows].tolist() == sorted(shop.ranked[rows].tolist()) == here.tolist()
        winners = shop.slot_winner[shelf]
        assert set(winners[winners != NOBODY].tolist()) <= set(here.tolist())
        assert shop.best_paying[shelf] in {NOBODY, *here.tolist()}
    assert (shop.slot_price_fen[shop.slot_winner == NOBODY] == 0).all()


@every_market
def test_a_quarter_conserves_money_and_another_order_of_merchants_changes_nothing(name):
    # The ledger raises when the balances do not add up to the fen.
    forwards = Stand(SMALL, name).live(13).world
    backwards = Stand(SMALL, name).live(13, backwards=True).world
    for mine, theirs in zip(forwards.merchants, backwards.merchants, strict=True):
        assert np.array_equal(mine, theirs)
    money = [forwards.consumers.cash_fen, forwards.merchants.cash_fen]
    money += [forwards.platform.cash_fen, forwards.platform.outside_fen]
    assert sum(int(cash.sum()) for cash in money) == 0
