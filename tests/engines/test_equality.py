"""The compiled engine against the readable one: every market, every file, every edge."""

import random
from pathlib import Path

import pytest

from sim.markets import MARKETS
from sim.parameters import PLATFORMS
from sim.scenario import load_scenario
from tests.engines.same import LIVELY, WEEKS, assert_same, lived, lively

ROOT = Path(__file__).parents[2]
SCENARIOS = sorted(file.stem for file in (ROOT / "scenarios").glob("*.toml"))
every_market = pytest.mark.parametrize("market", MARKETS)

#: What makes the world of a scenario file small, and nothing of what it is about.
SMALL = {
    "population.n_consumers": 120,
    "network.mean_degree": 15.0,
    "demand.n_categories": 3,
    "merchants.n_applicants": 45,
    "merchants.initial_per_category": 4,
}
VARIANTS = {
    "as it is": {},
    "three levels, remembered for three weeks": {
        "referral.levels": 3,
        "referral.reward_rate": 0.3,
        "sharing.memory_weeks": 3,
    },
    "ten levels without a guard": {
        "referral.levels": 10,
        "referral.level_decay": 1.0,
        "referral.self_referral_guard": False,
        "sharing.memory_weeks": 6,
    },
    "no level": {"referral.levels": 0},
    "attention for two posts": {"sharing.attention": 2, "sharing.memory_weeks": 3},
    "attention for none": {"sharing.attention": 0},
    "attention for more posts than are asked about at once": {
        "network.mean_degree": 60.0,
        "network.community_size": 80,
        "sharing.attention": 60,
        "sharing.memory_weeks": 3,
    },
    "half for the receiver": {"referral.receiver_share": 0.5, "referral.reward_rate": 0.25},
    "all for the receiver": {"referral.receiver_share": 1.0, "referral.disclosed": False},
    "symbolic": {"referral.symbolic": True},
    "links mostly cut": {"ads.external_link_friction": 0.9},
    "links all cut": {"ads.external_link_friction": 1.0},
    "all markets screen": {
        "screening.markets": list(PLATFORMS),
        "screening.refund_prob_worst": 1.0,
        "screening.recheck_share": 0.7,
        "screening.delist_quality": 0.6,
    },
    "no market screens": {"screening.markets": []},
    "truthful auction": {"ads.mechanism": "vcg", "ads.n_slots": 3},
    "first price, the bid alone decides": {
        "ads.mechanism": "first_price",
        "ads.quality_exponent": 0.0,
    },
    "no slots": {"ads.n_slots": 0},
    "every slot is clicked": {"ads.top_click_prob": 1.0, "ads.click_ratio": 1.0, "ads.n_slots": 9},
    "nobody can be followed": {"network.max_followed": 0},
    "fewer looks than the catalogue has": {"demand.looks": 2, "demand.catalogue_looks": 5},
    "no looks": {"demand.looks": 0},
    "more looks than products": {"demand.looks": 64, "demand.n_categories": 64},
    "cuts of more than the price": {
        "referral.reward_rate": 0.6,
        "referral.fee_rate": 0.3,
        "referral.rebate_rate": 0.4,
        "ads.commission_rate": 1.0,
    },
    "growth": {
        "population.initial_member_share": 0.05,
        "population.join_rate_per_week": 0.05,
        "sharing.invite_prob": 0.6,
        "sharing.join_prob": 0.9,
    },
    "no members": {"population.initial_member_share": 0.0},
    "nobody at all": {"population.n_consumers": 0},
    "one person": {"population.n_consumers": 1},
    "two people": {"population.n_consumers": 2},
    "nobody trusts anybody": {"network.mean_degree": 0.0},
    "everybody trusts everybody": {"population.n_consumers": 30, "network.mean_degree": 29.0},
    "nobody applies": {"merchants.n_applicants": 0},
    "one applicant": {"merchants.n_applicants": 1, "screening.admit_share": 1.0},
    "nobody needs anything": {"demand.purchase_rate_per_week": 0.0},
    "many needs": {"demand.purchase_rate_per_week": 10.0},
    "all are opportunists": {"sharing.opportunist_share": 1.0, "referral.reward_rate": 0.3},
    "ties wear out": {
        "sharing.annoyance": 1.0,
        "sharing.mute_threshold_mean": 0.6,
        "referral.reward_rate": 0.3,
        "trust.forgetting": 0.6,
    },
    "nothing is forgotten": {"trust.forgetting": 1.0, "trust.tolerance": 0.0},
    "all is forgotten": {"trust.forgetting": 0.0, "trust.credit_half_life_weeks": 0.1},
    "trust in nobody": {"trust.general_trust_mean": 0.0, "trust.general_trust_sd": 0.0},
    "everybody can lead": {
        "trust.leader_share": 1.0,
        "trust.leader_min_points": 0,
        "sharing.leader_lookup_prob": 1.0,
        "sharing.follow_prob": 1.0,
        "sharing.memory_weeks": 2,
    },
    "sides are changed whenever they can be": {
        "hybrid.reconsider_prob": 1.0,
        "hybrid.gain_rate": 0.9,
        "hybrid.merchant_reconsider_prob": 1.0,
        "hybrid.merchant_inertia": 0.0,
    },
    "all begin on the ad side": {"hybrid.first_ads_share": 1.0},
    "a ban": {"shocks.host_ban_week": 2, "shocks.host_ban_weeks": 2},
    "everybody reviews, most are fake": {"reviews.review_prob": 1.0, "reviews.fake_share": 0.9},
    "no precision": {
        "belief.friend_precision": 0.0,
        "belief.review_precision": 0.0,
        "belief.ad_precision": 0.0,
    },
}


def assert_engines_agree(scenario, market, weeks=WEEKS, seed=3):
    """Live the scenario with the readable engine, and compiled on one and on two threads."""
    readable = lived(scenario, market, weeks, seed, engine="mesa")
    for threads in (1, 2):
        assert_same(readable, lived(scenario, market, weeks, seed, engine="array", threads=threads))
    return readable


@every_market
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_files(name, market):
    assert_engines_agree(load_scenario(name).with_values(SMALL), market, weeks=6)


@every_market
@pytest.mark.parametrize("variant", VARIANTS)
def test_variants(variant, market):
    assert_engines_agree(lively(VARIANTS[variant]), market)


@every_market
def test_no_weeks(market):
    model = assert_engines_agree(lively(), market, weeks=0)
    assert model.tables()["weekly"].empty


@every_market
def test_a_weekly_table_does_not_depend_on_the_event_log(market):
    traced = lived(lively(), market, engine="array")
    plain = type(traced)(lively(), market=market, rng=3, engine="array")
    plain.run_for(WEEKS)
    tables = traced.tables()
    assert all(table.equals(tables[name]) for name, table in plain.tables().items())


@every_market
@pytest.mark.parametrize("threads", [3, 7, 200])
def test_any_number_of_threads(market, threads):
    one = lived(lively(), market, engine="array", threads=1)
    assert_same(one, lived(lively(), market, engine="array", threads=threads))


@every_market
@pytest.mark.parametrize("order", ["backwards", "shuffled"])
def test_people_may_act_in_any_order(market, order):
    scenario = lively(VARIANTS["three levels, remembered for three weeks"])
    people = list(range(LIVELY["population.n_consumers"]))
    if order == "backwards":
        people.reverse()
    else:
        random.Random(5).shuffle(people)
    changed = lived(scenario, market, engine="mesa", activation=people)
    assert_same(lived(scenario, market, engine="array", threads=2), changed)


@pytest.mark.slow
@pytest.mark.parametrize("market", MARKETS)
def test_a_real_network(market):
    file = ROOT.parent / "shared" / "data" / "ciao_trust.csv.gz"
    if not file.exists():
        pytest.skip("the network of Ciao is not there")
    scenario = load_scenario("baseline").with_values({"network.file": str(file)})
    assert_engines_agree(scenario, market, weeks=6)


@pytest.mark.slow
@pytest.mark.parametrize("market", MARKETS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_scenario_files_for_half_a_year(name, market):
    changes = SMALL | {"population.n_consumers": 400, "merchants.n_applicants": 120}
    assert_engines_agree(load_scenario(name).with_values(changes), market, weeks=26, seed=11)
