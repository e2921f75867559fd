"""The hybrid: in its limits it is one of its sides; in between, people and merchants choose."""

import numpy as np
import pytest

from sim.measures.sides import ends_of_sides
from sim.rules.sides import AD_SIDE, SHARING_SIDE
from sim.scenario import Scenario
from tests.agents.stand import Stand
from tests.engines.same import lived, lively

ALL_ON = {"referral": 0.0, "ads": 1.0}
#: Nobody leaves the side on which they begin, and nothing tells the sides' posts apart.
SMALL = Scenario().with_values(
    {"demand.n_categories": 2, "merchants.n_applicants": 160, "merchants.initial_per_category": 8}
)
APART = {"hybrid.reconsider_prob": 0.0, "ads.external_link_friction": 0.0}


@pytest.mark.parametrize("alone", ALL_ON)
@pytest.mark.parametrize("screening", [[], ["referral"], ["ads"]])
def test_with_everybody_on_one_side_it_is_that_market_in_every_column(alone, screening):
    values = APART | {
        "screening.markets": screening,
        "hybrid.first_ads_share": ALL_ON[alone],
        "ads.n_slots": 3,
    }
    ours = lived(lively(values), "hybrid", 13).tables()
    theirs = lived(lively(values), alone, 13).tables()
    sides = ours.pop("sides")
    assert set(sides.loc[sides["merchants"] > 0, "side"]) == {alone}
    for name, table in theirs.items():
        told = table.columns.drop("market", errors="ignore")  # not the market, nor the side
        assert table[told].equals(ours[name][told]), name


def test_each_side_pays_and_takes_by_its_own_terms():
    stay = {"hybrid.merchant_reconsider_prob": 0.0, "referral.reward_rate": 0.2}
    model = lived(lively(stay), "hybrid", 13)
    side, transfers = model.world.merchants.side, model.tables()["transfers"]
    for purpose, where in (
        ("fee", SHARING_SIDE),
        ("reward", SHARING_SIDE),
        ("rebate_funding", SHARING_SIDE),
        ("refund_recovery", SHARING_SIDE),
        ("commission", AD_SIDE),
        ("ad_click", AD_SIDE),
    ):
        is_of = (transfers["purpose"] == purpose) & (transfers["payer_kind"] == "merchant")
        assert set(side[transfers.loc[is_of, "payer"]].tolist()) == {where}, purpose


def test_the_sides_together_are_the_market():
    model = lived(lively(), "hybrid", 13)
    tables = model.tables()
    sides, weekly = tables["sides"].groupby("week").sum(numeric_only=True), tables["weekly"]
    for ours, whole in (
        ("orders", "orders"),
        ("gmv_fen", "gmv_fen"),
        ("consumer_surplus_fen", "consumer_surplus_fen"),
        ("merchants", "merchants_active"),
        ("members", "members"),
    ):
        assert sides[ours].tolist() == weekly[whole].tolist(), ours
    first, second = ends_of_sides(tables["sides"], 0)
    assert (first["side"], second["side"]) == ("referral", "ads")
    for share in ("member_share", "merchant_share", "order_share"):
        assert first[share] + second[share] == pytest.approx(1.0)
    last = weekly["gmv_fen"].sum() / weekly["orders"].sum()
    mean = sum(s["order_share"] * s["mean_price_fen"] for s in (first, second))
    assert mean == pytest.approx(last)


def test_each_side_has_its_own_profit():
    values = {"merchants.quality_interval_weeks": 3, "hybrid.merchant_reconsider_prob": 1.0}
    tables = lived(lively(values), "hybrid", 13).tables()
    weekly, ledger = tables["weekly"].set_index("week"), tables["ledger"]
    sides = tables["sides"].set_index(["week", "side"])
    for column in ("platform_revenue_fen", "platform_cost_fen"):
        assert sides[column].groupby("week").sum().equals(weekly[column]), column
    fees = ledger[ledger["purpose"] == "fee"].set_index("week")["amount_fen"]
    assert sides["platform_revenue_fen"].xs("referral", level="side").sum() == fees.sum() > 0
    audits = ledger[ledger["purpose"] == "audit"].groupby("week")["amount_fen"].sum()
    assert len(audits) > 1  # at the founding and later
    cost = sides["platform_cost_fen"].unstack()
    assert (cost["ads"] > 0).all() and (cost.loc[audits.index, "referral"] >= audits).all()
    sharing = sides.xs("referral", level="side")
    assert weekly["sharing_members"].equals(sharing["members"])
    assert weekly["sharing_orders"].equals(sharing["orders"])
    profit = sharing["platform_revenue_fen"] - sharing["platform_cost_fen"]
    assert weekly["sharing_profit_fen"].equals(profit.rename("sharing_profit_fen"))


def test_a_side_without_orders_has_no_means():
    model = lived(lively(APART | {"hybrid.first_ads_share": 0.0}), "hybrid", 3)
    _, ads = ends_of_sides(model.tables()["sides"], 0)
    assert ads["order_share"] == 0.0
    assert np.isnan([ads["mean_quality_sold"], ads["mean_price_fen"]]).all()
    assert ends_of_sides(lived(lively(), "hybrid", 0).tables()["sides"], 0) == []


def test_half_of_the_people_and_of_the_applicants_are_on_the_ad_side_at_first():
    model = lived(Scenario().with_values({"population.n_consumers": 10_000}), "hybrid", 0)
    people, merchants = model.world.consumers, model.world.merchants
    assert people.side.mean() == pytest.approx(0.5, abs=0.02)
    assert merchants.side.mean() == pytest.approx(0.5, abs=0.03)
    by_side = np.bincount(merchants.side[merchants.admitted])
    assert by_side == pytest.approx(0.25 * np.bincount(merchants.side), abs=0.51)
    # 25 founders in each of 16 categories, the odd one here and there by turns.
    assert np.bincount(merchants.side[merchants.active]).tolist() == [200, 200]
    assert np.bincount(merchants.category[merchants.active]).tolist() == [25] * 16


def test_neither_side_has_the_first_choice_of_applicants():
    both = Scenario().with_values({"screening.markets": ["referral", "ads"]})
    own = Stand(both, "hybrid").world.merchants
    on_sharing, on_ads = (own.quality[own.admitted & (own.side == side)] for side in (0, 1))
    assert on_sharing.mean() == pytest.approx(on_ads.mean(), abs=0.03)


def test_one_newcomer_and_not_two_comes_to_a_deserted_category():
    few = {
        "demand.n_categories": 1,
        "merchants.n_applicants": 40,
        "merchants.initial_per_category": 2,
        "merchants.cash_weeks": 0.0,
        "merchants.fixed_cost_share": 1.0,
    }
    for market in ("hybrid", "control"):
        stand = Stand(Scenario().with_values(few), market)
        stand.offer()
        stand.platform.collect_fixed_costs()
        stand.platform.let_enter()
        assert stand.flows.entries == 1, market


def test_only_the_side_that_screens_sends_goods_back_and_audits():
    screened = Stand(SMALL.with_values({"screening.markets": ["referral"]}), "hybrid")
    own = screened.world.merchants
    on_sharing, on_ads = (own.quality[own.admitted & (own.side == side)] for side in (0, 1))
    assert on_sharing.mean() > on_ads.mean() + 0.15
    assert [bool(terms.refunds) for terms in screened.side_terms] == [True, False]


def moving(inertia=1.0, **values):
    """A market in which merchant after merchant asks where its goods sell better."""
    always = {"hybrid.merchant_reconsider_prob": 1.0, "hybrid.merchant_inertia": inertia}
    model = Stand(SMALL.with_values({"screening.markets": []} | always | values), "hybrid")
    model.offer()
    model.serve()
    model.settle()
    model.platform.collect_fixed_costs()
    own = model.world.merchants
    own.quarter_profit_fen[own.active] = np.where(own.side[own.active] == AD_SIDE, 9_000_000, 0)
    return model


def test_merchants_go_where_those_of_their_category_earn_more():
    model = moving()
    own = model.world.merchants
    before = own.side.copy()
    model.platform.let_enter()
    moved = before != own.side
    assert moved.any() and (own.side[moved] == AD_SIDE).all()
    assert (own.side[own.active & (own.entered_week <= 0)] == AD_SIDE).all()


def test_who_went_over_bids_at_once():
    model = moving()
    own = model.world.merchants
    went = np.flatnonzero(own.active & (own.side == SHARING_SIDE))
    assert (own.bid_fen[went] == 0).all()
    model.platform.let_enter()
    assert (own.bid_fen[went] > 0).all()


@pytest.mark.parametrize(
    "values", [{"hybrid.merchant_inertia": 1_000.0}, {"hybrid.merchant_reconsider_prob": 0.0}]
)
def test_inertia_keeps_them_where_they_are(values):
    model = moving()
    model.scenario = model.scenario.with_values(values)
    before = model.world.merchants.side.copy()
    model.platform.let_enter()
    assert np.array_equal(model.world.merchants.side, before)


def test_a_side_that_screens_takes_nobody_worse_than_the_last_it_admitted():
    perfect = {"screening.markets": ["ads"], "screening.audit_correlation": 1.0}
    model = moving(**perfect)
    own = model.world.merchants
    asked = own.active & (own.side == SHARING_SIDE)
    on_ads = own.admitted & (own.side == AD_SIDE)
    least = [own.quality[on_ads & (own.category == category)].min() for category in (0, 1)]
    good = own.quality >= np.array(least)[own.category]
    assert (asked & good).any() and (asked & ~good).any()
    model.platform.let_enter()
    assert np.array_equal(own.side[asked] == AD_SIDE, good[asked])
