"""The hybrid: in its limits it is one of its sides; in between, people and merchants choose."""

import numpy as np
import pytest

from sim.measures.sides import sides_of_run
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
        other = ours[name]
        if "market" in table:
            table, other = table.drop(columns="market"), other.drop(columns="market")
        assert table.equals(other), name


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
    first, second = sides_of_run(tables["sides"])
    assert (first["side"], second["side"]) == ("referral", "ads")
    for share in ("member_share", "merchant_share", "order_share"):
        assert first[share] + second[share] == pytest.approx(1.0)
    last = weekly["gmv_fen"].sum() / weekly["orders"].sum()
    mean = sum(s["order_share"] * s["mean_price_fen"] for s in (first, second))
    assert mean == pytest.approx(last)


def test_a_side_without_orders_has_no_means():
    model = lived(lively(APART | {"hybrid.first_ads_share": 0.0}), "hybrid", 3)
    _, ads = sides_of_run(model.tables()["sides"])
    assert ads["order_share"] == 0.0
    assert np.isnan([ads["mean_quality_sold"], ads["mean_price_fen"]]).all()
    assert sides_of_run(lived(lively(), "hybrid", 0).tables()["sides"]) == []


def test_half_of_the_people_and_of_the_places_are_on_the_ad_side_at_first():
    model = lived(Scenario().with_values({"population.n_consumers": 10_000}), "hybrid", 0)
    people, merchants = model.world.consumers, model.world.merchants
    assert people.side.mean() == pytest.approx(0.5, abs=0.02)
    assert merchants.admitted.sum() == 1_000
    assert np.bincount(merchants.side[merchants.admitted]) == pytest.approx([500, 500], abs=16)
    # 25 founders in each of 16 categories: of 12.5 the half goes to the ad side.
    assert np.bincount(merchants.side[merchants.active]).tolist() == [12 * 16, 13 * 16]


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
    model.platform.let_move()
    assert (own.side[own.active] == AD_SIDE).all()
    assert (before[own.active] == SHARING_SIDE).any()


def test_who_went_over_bids_at_once():
    model = moving()
    own = model.world.merchants
    went = np.flatnonzero(own.active & (own.side == SHARING_SIDE))
    assert (own.bid_fen[went] == 0).all()
    model.platform.let_move()
    model.platform.let_enter()
    assert (own.bid_fen[went] > 0).all()


@pytest.mark.parametrize(
    "values", [{"hybrid.merchant_inertia": 1_000.0}, {"hybrid.merchant_reconsider_prob": 0.0}]
)
def test_inertia_keeps_them_where_they_are(values):
    model = moving()
    model.scenario = model.scenario.with_values(values)
    before = model.world.merchants.side.copy()
    model.platform.let_move()
    assert np.array_equal(model.world.merchants.side, before)


def test_a_side_that_screens_takes_nobody_who_fails_its_audit():
    strict = {
        "screening.markets": ["ads"],
        "screening.audit_correlation": 1.0,
        "screening.delist_quality": 0.6,
    }
    model = moving(**strict)
    own = model.world.merchants
    asked = own.active & (own.side == SHARING_SIDE)
    good = own.quality >= 0.6
    assert (asked & good).any() and (asked & ~good).any()
    model.platform.let_move()
    assert np.array_equal(own.side[asked] == AD_SIDE, good[asked])
