"""Known directions: what is read of rewards, ties and trust shows in the model, seed by seed."""

from functools import cache

import numpy as np
import pytest

from sim.evidence.real_ties import first_purchases, homophily, ties_of
from sim.model import MarketModel
from sim.rules.reputation import LEADER_TIER
from sim.scenario import Scenario
from sim.world.columns import PRODUCT

WORLD = {
    "population.n_consumers": 600,
    "network.mean_degree": 60.0,
    "network.community_size": 60,
    "demand.n_categories": 4,
    "demand.purchase_rate_per_week": 2.0,
    "merchants.n_applicants": 120,
    "merchants.initial_per_category": 6,
    "sharing.posting_intercept": -1.0,
}
WEEKS = 20


def model(seed, **settings):
    values = {key.replace("__", "."): value for key, value in settings.items()}
    scenario = Scenario().with_values(WORLD | values)
    return MarketModel(scenario, "referral", rng=seed, engine="array", threads=1, trace=True)


@cache
def lived(seed, **settings):
    one = model(seed, **settings)
    one.run_for(WEEKS)
    return one, one.tables()


def n_recommended(tables):
    shares = tables["shares"]
    return int(((shares["kind"] == "product") & (shares["source_order"] >= 0)).sum())


def remembered_share(one, tables):
    """Share of the product posts read that is remembered: trust × sincerity × freshness."""
    exposures = tables["exposures"]
    within_memory = exposures["week"] > one.week - one.terms.attention.memory_weeks
    read = (exposures["channel"] == "share") & (exposures["merchant"] >= 0) & within_memory
    return one.world.remembered.start[:, -1].sum() / read.sum()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_reward_brings_more_posts_that_are_less_sincere(seed):
    """Of every order more is posted the higher the reward; the sum of posts falls again where
    prices carry so high a reward that less is sold."""
    none, some, high = (lived(seed, referral__reward_rate=rate) for rate in (0.0, 0.06, 0.3))
    assert n_recommended(none[1]) < n_recommended(some[1])
    eagerness = [n_recommended(tables) / len(tables["orders"]) for _, tables in (none, some, high)]
    assert eagerness == sorted(eagerness)
    sincerity = [remembered_share(*run) for run in (none, some, high)]
    assert sincerity == sorted(sincerity, reverse=True)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_split_rewards_beat_sender_only_ones_on_weak_ties(seed):
    def sold_per_read(receiver_share):
        _, tables = lived(seed, referral__reward_rate=0.2, referral__receiver_share=receiver_share)
        orders, reads = tables["orders"], tables["exposures"]
        sold = ((orders["tie_layer"] >= 2) & (orders["channel"] == "share")).sum()
        return sold / ((reads["tie_layer"] >= 2) & (reads["channel"] == "share")).sum()

    assert sold_per_read(0.5) > 1.2 * sold_per_read(0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_opportunists_lower_the_trust_in_ties(seed):
    def trust(opportunist_share):
        _, tables = lived(seed, sharing__opportunist_share=opportunist_share)
        return tables["weekly"]["mean_tie_trust"].iloc[-1]

    assert trust(0.15) < trust(0.02) < trust(0.0)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_more_posts_over_a_tie_the_more_ties_are_muted(seed):
    def posts_and_muted(intercept):
        _, tables = lived(
            seed,
            sharing__posting_intercept=intercept,
            sharing__attention=1000,
            network__mean_degree=30.0,
        )
        return tables["weekly"]["reads"].sum(), tables["weekly"]["muted_share"].mean()

    (few, muted_by_few), (many, muted_by_many) = posts_and_muted(-3.0), posts_and_muted(-1.0)
    assert many > 2 * few
    assert muted_by_many > 1.2 * muted_by_few


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_friends_of_alike_tastes_buy_the_same_things_and_agree_no_more_about_quality(seed):
    """Where tastes matter much, so that a small world shows it."""

    def friends(taste_homophily):
        one, tables = lived(
            seed,
            network__taste_homophily=taste_homophily,
            demand__match_value=8.0,
            demand__n_categories=8,
            merchants__n_applicants=480,
            merchants__initial_per_category=15,
        )
        bought = first_purchases(tables["orders"], one.world.n_consumers)
        return homophily(ties_of(one.world.network), bought, seed)

    alike, strange = friends(0.9), friends(0.0)
    assert alike.common_items > max(strange.common_items, 1.0) + 0.02
    assert abs(alike.agreement) < 0.05


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_leaders_who_recommend_rubbish_lose_their_rank(seed):
    """The same leaders on the same seed; in one run their posts praise the worst of the shop."""
    leaders_left = {}
    for rubbish in (False, True):
        one = model(
            seed,
            trust__leader_share=0.03,
            trust__leader_min_points=2,
            sharing__leader_lookup_prob=0.5,
        )
        one.run_for(WEEKS)
        leaders = np.flatnonzero(one.world.consumers.tier == LEADER_TIER)
        for _ in range(8):
            if rubbish:
                _praise_the_worst(one.world, leaders)
            one.step()
        still = one.world.consumers.tier[leaders] == LEADER_TIER
        leaders_left[rubbish] = int(still.sum())
        credit = int(one.world.consumers.credit_milli[leaders].sum())
        leaders_left[rubbish, "credit"] = credit
    assert len(leaders) >= 8
    assert leaders_left[True] < leaders_left[False]
    assert leaders_left[True, "credit"] < leaders_left[False, "credit"]


def _praise_the_worst(world, leaders):
    posts, own = world.posts, world.merchants
    for row in np.flatnonzero(np.isin(posts.sharer, leaders) & (posts.kind == PRODUCT)):
        sellers = np.flatnonzero(own.active & (own.category == posts.category[row]))
        posts.merchant[row] = sellers[np.argmin(own.quality[sellers])]
        posts.stated_quality[row] = 1.0
