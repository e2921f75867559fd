"""Both engines on scenarios drawn at random, within what is allowed."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.markets import MARKETS
from sim.parameters import PLATFORMS
from sim.rules.auction import MECHANISMS
from tests.engines.same import assert_same, lived, lively


def share():
    return st.one_of(st.just(0.0), st.just(1.0), st.floats(0.0, 1.0))


#: Values that can change what the engines do, each over more than its plausible range.
ANYTHING = {
    "population.n_consumers": st.integers(200, 300),
    "population.initial_member_share": st.floats(0.05, 1.0),
    "population.join_rate_per_week": st.floats(0.0, 0.3),
    "network.mean_degree": st.floats(0.0, 30.0),
    "network.max_followed": st.integers(0, 4),
    "demand.n_categories": st.integers(1, 6),
    "demand.purchase_rate_per_week": st.floats(0.2, 3.0),
    "demand.looks": st.integers(0, 9),
    "demand.catalogue_looks": st.integers(0, 4),
    "demand.ranked_examine_prob": share(),
    "demand.price_sensitivity": st.floats(0.05, 1.0),
    "demand.risk_aversion": st.floats(0.0, 40.0),
    "belief.initial_market_belief": share(),
    "belief.own_precision": st.floats(0.5, 200.0),
    "belief.friend_precision": st.floats(0.0, 100.0),
    "belief.market_belief_rate": share(),
    "belief.ad_lift_rate": share(),
    "sharing.posting_intercept": st.floats(-3.0, 3.0),
    "sharing.money_response": st.floats(0.0, 2.0),
    "sharing.attention": st.integers(0, 12),
    "sharing.memory_weeks": st.integers(0, 4),
    "sharing.opportunist_share": st.floats(0.0, 0.5),
    "sharing.annoyance": st.floats(0.0, 0.5),
    "sharing.inflation_max": share(),
    "sharing.leader_lookup_prob": share(),
    "sharing.mute_threshold_mean": share(),
    "sharing.invite_prob": st.floats(0.0, 0.5),
    "sharing.join_prob": share(),
    "sharing.follow_prob": share(),
    "trust.general_trust_rate": share(),
    "trust.forgetting": share(),
    "trust.tolerance": share(),
    "trust.credit_half_life_weeks": st.floats(0.5, 60.0),
    "trust.streak_length": st.integers(1, 4),
    "trust.leader_share": share(),
    "trust.leader_min_points": st.integers(0, 4),
    "merchants.n_applicants": st.integers(0, 80),
    "merchants.initial_per_category": st.integers(1, 8),
    "merchants.cash_weeks": st.floats(0.0, 10.0),
    "merchants.price_interval_weeks": st.integers(1, 4),
    "merchants.quality_interval_weeks": st.integers(1, 4),
    "merchants.entry_pace": share(),
    "screening.markets": st.lists(st.sampled_from(PLATFORMS), unique=True),
    "screening.admit_share": st.floats(0.1, 1.0),
    "hybrid.first_ads_share": share(),
    "hybrid.reconsider_prob": share(),
    "hybrid.gain_rate": share(),
    "hybrid.merchant_reconsider_prob": share(),
    "hybrid.merchant_inertia": st.floats(0.0, 2.0),
    "screening.recheck_share": share(),
    "screening.delist_quality": share(),
    "screening.refund_prob_worst": share(),
    "reviews.review_prob": share(),
    "reviews.fake_share": st.floats(0.0, 0.9),
    "ads.mechanism": st.sampled_from(MECHANISMS),
    "ads.n_slots": st.integers(0, 7),
    "ads.reserve_price_fen": st.integers(0, 200),
    "ads.quality_exponent": share(),
    "ads.commission_rate": share(),
    "ads.external_link_friction": share(),
    "ads.budget_share": share(),
    "referral.reward_rate": share(),
    "referral.receiver_share": share(),
    "referral.rebate_rate": share(),
    "referral.levels": st.integers(0, 4),
    "referral.level_decay": share(),
    "referral.symbolic": st.booleans(),
    "referral.disclosed": st.booleans(),
    "referral.fee_rate": share(),
    "referral.self_referral_guard": st.booleans(),
    "shocks.host_ban_week": st.integers(0, 3),
    "shocks.host_ban_weeks": st.integers(0, 3),
}
scenarios = st.fixed_dictionaries({}, optional=ANYTHING)
anything = given(
    values=scenarios,
    market=st.sampled_from(list(MARKETS)),
    seed=st.integers(0, 2**63 - 1),
    threads=st.sampled_from([1, 2]),
    order=st.one_of(st.none(), st.integers(0, 99)),
)
one_at_a_time = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


def check(values, market, seed, threads, order, weeks):
    """At least 200 people, whatever is drawn; `order` shuffles who acts first."""
    scenario = lively({"population.n_consumers": 200} | values)
    people = list(range(scenario.population.n_consumers))
    if order is not None:
        random.Random(order).shuffle(people)
    readable = lived(scenario, market, weeks, seed, engine="mesa", activation=people)
    compiled = lived(scenario, market, weeks, seed, engine="array", threads=threads)
    assert_same(readable, compiled)


@settings(max_examples=12, **one_at_a_time)
@anything
def test_a_few(values, market, seed, threads, order):
    check(values, market, seed, threads, order, weeks=4)


@pytest.mark.slow
@settings(max_examples=150, **one_at_a_time)
@anything
def test_many(values, market, seed, threads, order):
    check(values, market, seed, threads, order, weeks=8)
