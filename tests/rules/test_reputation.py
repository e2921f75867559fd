"""Public credit: points, streaks, tiers, credibility."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import reputation
from sim.rules.terms import terms_of
from sim.scenario import Scenario

TERMS = terms_of(Scenario()).reputation
CREDIT = st.integers(0, 2**45)


def test_useful_recommendations_earn_one_point_and_two_from_the_third_in_a_row_on():
    credit, streak, history = 0, 0, []
    for useful in (1, 1, 1, 1, 0, 1):
        credit, streak = reputation.credit_after(credit, streak, useful, 3)
        history.append((credit, streak))
    assert history == [(1000, 1), (2000, 2), (4000, 3), (6000, 4), (4000, 0), (5000, 1)]


def test_credit_does_not_go_below_nothing():
    assert reputation.credit_after(500, 2, 0, 3) == (0, 0)


@given(CREDIT, st.integers(0, 2**31 - 1), st.integers(0, 1), st.integers(1, 1000))
def test_credit_moves_by_at_most_two_points(credit, streak, useful, length):
    after, streak_after = reputation.credit_after(credit, streak, useful, length)
    assert abs(after - credit) <= 2000
    assert after >= 0
    assert 0 <= streak_after < 2**31
    assert (after > credit) if useful else (after <= credit)


def test_what_is_at_risk_is_what_a_useless_recommendation_would_take():
    assert reputation.credit_at_risk(20_000) == 2.0
    assert reputation.credit_at_risk(1500) == 1.5
    assert reputation.credit_at_risk(0) == 0.0


def test_half_of_the_credit_is_left_after_the_half_life():
    keep = reputation.keep_of_half_life(26.0)
    credit = 1_000_000
    for _ in range(26):
        credit = reputation.credit_decayed(credit, keep)
    assert credit == pytest.approx(500_000, rel=0.001)
    assert reputation.keep_of_half_life(1.0) == 32768


@given(CREDIT, st.integers(0, 65536))
def test_credit_never_grows_by_fading_and_columns_fade_alike(credit, keep):
    after = reputation.credit_decayed(credit, keep)
    assert 0 <= after <= credit
    assert reputation.credit_decayed(np.array([credit]), keep).tolist() == [after]


def test_tiers_begin_at_two_and_eight_points_and_leaders_stand_above():
    assert [reputation.tier_of(milli, 0) for milli in (0, 1999, 2000, 7999, 8000, 10**9)] == [
        0, 0, 1, 1, 2, 2,
    ]  # fmt: skip
    assert reputation.tier_of(8000, 1) == 3


def test_a_leader_is_a_fifth_more_credible_than_a_nobody_of_the_same_insight():
    assert reputation.credibility(1.0, 0, TERMS) == 1.0
    assert reputation.credibility(1.0, 3, TERMS) == pytest.approx(1.2)
    assert reputation.credibility(np.e, 0, TERMS) == pytest.approx(1.1)


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300), st.integers(0, 2))
def test_insight_and_standing_never_cost_credibility(insight, other, tier):
    insight, better = sorted((insight, other))
    value = reputation.credibility(insight, tier, TERMS)
    assert 0.5 <= value <= reputation.credibility(better, tier, TERMS) <= 1.5
    assert value <= reputation.credibility(insight, tier + 1, TERMS)
