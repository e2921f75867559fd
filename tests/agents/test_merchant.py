"""Merchants' verbs: prices that find their level, bids, quality, profit and giving up."""

import numpy as np
import pytest

from sim.rules.pricing import prices_at_rest
from sim.scenario import Scenario
from tests.agents.stand import Stand

#: One category, six merchants for good: nobody enters, leaves, or changes quality.
STEADY = Scenario().with_values(
    {
        "demand.n_categories": 1,
        "demand.purchase_rate_per_week": 1.0,
        "merchants.n_applicants": 24,
        "merchants.initial_per_category": 6,
        "merchants.fixed_cost_share": 0.0,
        "merchants.quality_interval_weeks": 1_000,
        "merchants.price_interval_weeks": 1,
        "merchants.shrinkage_orders": 1.0,
        "screening.markets": [],
    }
)


def test_with_full_information_prices_become_those_of_theory():
    model = Stand(STEADY, "control", n_consumers=300).live(40)
    own, demand = model.world.merchants, STEADY.demand
    sellers = np.flatnonzero(own.active)
    price, _ = prices_at_rest(
        [demand.quality_value * q / demand.price_sensitivity for q in own.quality[sellers]],
        [cost / 100 for cost in own.unit_cost_fen[sellers]],
        1 / demand.price_sensitivity,
        -demand.base_value_yuan,
        list(range(len(sellers))),
    )
    assert own.price_fen[sellers] / 100 == pytest.approx(price, abs=0.15)


@pytest.mark.parametrize("shrinkage", [0.0, 20.0])
def test_prices_stand_where_hardly_anybody_would_buy(shrinkage):
    values = {"demand.price_sensitivity": 3.0, "merchants.shrinkage_orders": shrinkage}
    model = Stand(STEADY.with_values(values), "control")
    own = model.world.merchants
    own.demand_prob_sum[:] = 0  # a chance below half a millionth, though its slope is not
    own.demand_slope_sum[:] = 1
    model.week = 0
    for merchant in model.active():
        merchant.revise_price()
    assert (own.price_fen[own.active] > own.unit_cost_fen[own.active]).all()


def test_cuts_are_passed_on_in_the_price():
    plain = Stand(STEADY, "ads", n_consumers=200).live(30).world.merchants
    dear = STEADY.with_values({"ads.commission_rate": 0.12})
    taxed = Stand(dear, "ads", n_consumers=200).live(30).world.merchants
    rise = (taxed.price_fen[taxed.active] - plain.price_fen[plain.active]).mean()
    # 10 points more of commission on a price of about 55 yuan: most of 5.50 lands on the price.
    assert 400 < rise < 700


def test_prices_and_bids_are_only_revised_when_due():
    scenario = STEADY.with_values({"merchants.price_interval_weeks": 4})
    model = Stand(scenario, "ads")
    price, bid = (
        column.copy() for column in (model.world.merchants.price_fen, model.world.merchants.bid_fen)
    )
    model.live(3)
    assert np.array_equal(model.world.merchants.price_fen, price)
    assert np.array_equal(model.world.merchants.bid_fen, bid)
    model.live(1)
    assert not np.array_equal(model.world.merchants.price_fen, price)


def test_bids_are_worth_their_while_and_budgets_are_there():
    model = Stand(STEADY, "ads", n_consumers=300).live(12)
    own = model.world.merchants
    sellers = np.flatnonzero(own.active)
    assert (own.bid_fen[sellers] > 0).any()
    assert (own.bid_fen >= 0).all()
    assert (own.budget_fen[sellers] <= np.maximum(own.cash_fen[sellers], 0)).all()
    assert (own.bid_fen[~own.active] == 0).all()


@pytest.mark.parametrize("market", ["referral", "control"])
def test_nobody_bids_where_nothing_is_sold(market):
    own = Stand(STEADY, market).live(4).world.merchants
    assert (own.bid_fen == 0).all()
    assert (own.budget_fen == 0).all()


def test_an_auction_with_one_bidder_is_won_at_the_reserve():
    scenario = STEADY.with_values({"merchants.initial_per_category": 1})
    model = Stand(scenario, "ads")
    model.offer()
    shop = model.world.shop
    seller = np.flatnonzero(model.world.merchants.active)[0]
    sold = shop.slot_winner == seller
    assert sold[:, 0, 0].all()
    assert sold.sum(axis=2).max() == 1
    assert (shop.slot_price_fen[sold] == 5).all()


def quality_after_a_quarter(**values):
    scenario = STEADY.with_values({"merchants.quality_interval_weeks": 1} | values)
    model = Stand(scenario, "control")
    before = model.world.merchants.quality_level.copy()
    sellers = model.active()
    model.offer()
    for merchant in sellers:
        merchant.revise_quality()
    rows = [merchant.row for merchant in sellers]
    return before[rows], model.world.merchants, rows


def test_fly_by_night_merchants_cut_quality_and_with_it_cost():
    before, own, rows = quality_after_a_quarter(**{"merchants.long_term_share": 0.0})
    assert own.quality_level[rows].tolist() == np.maximum(before - 1, 0).tolist()
    assert own.quality[rows].tolist() == (own.quality_level[rows] / 4).tolist()


def test_long_term_merchants_raise_quality_that_is_cheap_to_make():
    before, own, rows = quality_after_a_quarter(
        **{"merchants.long_term_share": 1.0, "merchants.quality_cost_correlation": 0.1}
    )
    assert own.quality_level[rows].tolist() == np.minimum(before + 1, 4).tolist()


def test_a_high_threshold_leaves_everything_as_it_is():
    before, own, rows = quality_after_a_quarter(**{"merchants.quality_step_threshold": 10.0})
    assert own.quality_level[rows].tolist() == before.tolist()


def test_without_cash_a_merchant_gives_up_at_the_end_of_the_quarter():
    model = Stand(STEADY.with_values({"merchants.quality_interval_weeks": 13}), "control")
    poor, rich = model.active()[:2]
    model.world.merchants.cash_fen[poor.row] = 0
    for week, alive in ((5, True), (12, False)):
        model.week = week
        model.adapt()
        assert model.world.merchants.active[poor.row] == alive
    assert model.world.merchants.active[rich.row]
    assert model.flows.exits == 1


def test_profit_is_what_the_week_left_in_the_till():
    scenario = STEADY.with_values({"merchants.fixed_cost_share": 0.05})
    model = Stand(scenario, "control")
    model.offer()
    seller = model.active()[0].row
    price, cost = (
        int(column[seller])
        for column in (model.world.merchants.price_fen, model.world.merchants.unit_cost_fen)
    )
    model.orders(consumer=[0, 1], merchant=[seller, seller], price_fen=[price, price])
    model.settle()
    model.platform.collect_fixed_costs()
    fixed = model.platform.fixed_cost_fen()
    assert fixed > 0
    assert model.world.merchants.quarter_profit_fen[seller] == 2 * (price - cost) - fixed


def test_quality_is_decided_on_the_orders_that_prices_were_decided_on():
    """Where both are due in one week the record of the period lasts until both have seen it."""
    model = Stand(STEADY.with_values({"merchants.quality_interval_weeks": 4}), "control")
    seen, merchant = [], model.active()[0]
    own, quality = model.world.merchants, merchant.revise_quality
    merchant.revise_quality = lambda: (seen.append(int(own.period_orders[merchant.row])), quality())
    model.active = lambda: [merchant]
    own.period_orders[merchant.row], model.week = 7, 3
    model.adapt()
    assert seen == [7]
    assert own.period_orders[merchant.row] == 0
