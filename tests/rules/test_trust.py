"""Trust in a tie and in recommendations at large."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import trust
from sim.rules.terms import terms_of
from sim.scenario import Scenario

TERMS = terms_of(Scenario()).trust
UNIT = st.floats(0.0, 1.0)
EVIDENCE = st.floats(0.0, 1e6)


def test_a_close_friend_starts_at_90_and_a_distant_one_at_50():
    assert trust.prior_trust(0, 1.0, 1.0, TERMS) == pytest.approx(0.9)
    assert trust.prior_trust(3, 1.0, 1.0, TERMS) == pytest.approx(0.5)
    assert trust.prior_trust(-1, 1.0, 1.0, TERMS) == pytest.approx(0.6)  # a leader, no tie


def test_whoever_distrusts_recommendations_by_half_trusts_every_friend_by_half():
    assert trust.prior_trust(0, 0.5, 1.0, TERMS) == pytest.approx(0.45)


@given(st.integers(-1, 9), UNIT, st.floats(0.0, 10.0))
def test_a_first_impression_is_between_0_and_1(layer, general, credibility):
    assert 0.0 <= trust.prior_trust(layer, general, credibility, TERMS) <= 1.0


def test_one_useless_recommendation_takes_a_friend_from_80_to_53():
    # (4 x 0.8 + 0)/(4 + 2) = 0.533; a useful one instead: (3.2 + 1)/5 = 0.84.
    assert trust.tie_trust(0.8, 4.0, 0.0, 2.0) == pytest.approx(3.2 / 6)
    assert trust.tie_trust(0.8, 4.0, 1.0, 0.0) == pytest.approx(0.84)
    assert trust.tie_trust(0.8, 4.0, 0.0, 0.0) == pytest.approx(0.8)


def test_without_evidence_or_strength_the_first_impression_stands():
    assert trust.tie_trust(0.8, 0.0, 0.0, 0.0) == 0.8


@given(UNIT, st.floats(0.01, 1e4), EVIDENCE, EVIDENCE, st.floats(0.0, 10.0))
def test_trust_rises_with_useful_and_falls_with_useless(prior, strength, useful, useless, more):
    now = trust.tie_trust(prior, strength, useful, useless)
    assert 0.0 <= trust.tie_trust(prior, strength, useful, useless + more) <= now + 1e-12
    assert now - 1e-12 <= trust.tie_trust(prior, strength, useful + more, useless) <= 1.0


def test_seven_of_eight_useful_make_80_percent_when_nothing_was_known_before():
    # A uniform prior has mean 1/2 and strength 2.
    assert trust.tie_trust(0.5, 2.0, 7, 1) == pytest.approx(0.8, abs=1e-12)
    assert trust.tie_trust(0.5, 2.0, 0, 0) == 0.5


def test_at_95_percent_a_week_half_of_the_evidence_is_gone_after_13_weeks_and_a_half():
    assert trust.faded(1.0, 0.95, 13) > 0.5 > trust.faded(1.0, 0.95, 14)
    assert trust.faded(1.0, 0.95, 0) == 1.0
    assert trust.faded(1.0, 0.0, 0) == 1.0
    assert trust.faded(1.0, 0.0, 1) == 0.0
    assert trust.faded(1.0, 1.0, 10_000) == 1.0


@given(EVIDENCE, UNIT, st.integers(0, 100), st.integers(0, 100))
def test_evidence_fades_week_by_week(evidence, forgetting, weeks, more):
    later = trust.faded(evidence, forgetting, weeks + more)
    assert 0.0 <= later <= trust.faded(evidence, forgetting, weeks) <= evidence
    in_steps = trust.faded(trust.faded(evidence, forgetting, weeks), forgetting, more)
    assert later == pytest.approx(in_steps, rel=1e-12, abs=1e-300)


def test_too_little_of_evidence_to_count_is_none():
    assert trust.share_kept(0.95, 0) == 1.0
    assert trust.share_kept(0.95, 13) == trust.faded(1.0, 0.95, 13)
    assert trust.share_kept(0.1, 299) == pytest.approx(1e-299)
    assert trust.share_kept(0.1, 301) == 0.0 < trust.faded(1.0, 0.1, 301)


def test_old_evidence_is_faded_before_the_new_is_added():
    assert trust.evidence_after(2000, 0.9, 1.0) == 2800


def test_a_friend_who_said_90_is_useful_at_75_but_not_at_74():
    assert trust.outcome_useful(0.751, 0.9, 0.15)
    assert not trust.outcome_useful(0.749, 0.9, 0.15)


def test_who_knows_better_finds_a_warning_useful_only_if_it_was_not_too_harsh():
    # Of a market where .6 is expected, .3 is a warning: right for who lived .44, not for .46.
    assert trust.statement_useful(0.44, 0.3, 0.6, 0.15)
    assert not trust.statement_useful(0.46, 0.3, 0.6, 0.15)
    # What is expected or better recommends: right for who lived .45 or more.
    assert trust.statement_useful(0.46, 0.6, 0.6, 0.15)
    assert not trust.statement_useful(0.44, 0.6, 0.6, 0.15)


def test_an_honest_friend_would_fail_half_the_time_without_tolerance_on_equal_noise():
    # Statement and experience are the quality and independent luck; the tolerance of 0.15 against a
    # noise of 0.2 x sqrt(2) brings failures from one half to three in ten.
    from statistics import NormalDist

    assert NormalDist(0.0, 0.2 * 2**0.5).cdf(-TERMS.tolerance) == pytest.approx(0.3, abs=0.01)


def test_bad_news_counts_double_and_a_product_one_knows_counts_half():
    assert trust.evidence_of(1, 0, TERMS) == (1.0, 0.0)
    assert trust.evidence_of(0, 0, TERMS) == (0.0, 2.0)
    assert trust.evidence_of(1, 1, TERMS) == (0.5, 0.0)
    assert trust.evidence_of(0, 1, TERMS) == (0.0, 1.0)


def test_a_friend_below_the_own_threshold_is_muted():
    assert trust.is_muted(0.24, 0.25)
    assert not trust.is_muted(0.25, 0.25)


def test_a_hundred_useless_outcomes_in_a_row_cost_all_sharers_most_of_their_credit():
    general = 0.8
    for _ in range(100):
        general = trust.general_trust_after(general, 0, 0.01)
    assert general == pytest.approx(0.8 * 0.99**100)
    assert trust.general_trust_after(0.8, 1, 0.01) == pytest.approx(0.802)


@given(UNIT, st.integers(0, 1), UNIT)
def test_general_trust_stays_between_0_and_1(general, useful, rate):
    after = trust.general_trust_after(general, useful, rate)
    assert -1e-15 <= after <= 1.0 + 1e-15
    assert (after >= general) if useful else (after <= general)


def test_evidence_is_kept_in_thousandths_of_a_piece():
    assert trust.evidence_left(2000, 0.95) == pytest.approx(1.9)
    assert trust.evidence_after(2000, 0.95, 0.012) == 1912
    assert trust.evidence_after(0, 1.0, 0.0004) == 0
    assert trust.evidence_after(65_000, 1.0, 1.0) == trust.MOST_EVIDENCE_MILLI


@given(st.integers(0, 60_000), UNIT, st.floats(0.0, 5.0))
def test_kept_evidence_follows_the_rule_to_half_a_thousandth(milli, forgetting, added):
    kept_share = trust.share_kept(forgetting, 1)
    pieces = trust.faded(milli / 1000.0, forgetting, 1) + added
    assert trust.evidence_after(milli, kept_share, added) / 1000.0 == pytest.approx(
        pieces, abs=0.000_501
    )
