"""Beliefs: signals weighed by their precision."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import belief

UNIT = st.floats(0.0, 1.0)
PRECISION = st.floats(0.01, 1e4)
SIGNAL = st.tuples(UNIT, st.floats(0.0, 1e4))


def test_a_prior_and_a_signal_of_equal_precision_meet_in_the_middle():
    assert belief.combine(0.5, 4.0, 0.9, 4.0) == (pytest.approx(0.7), 8.0)


def test_a_friend_trusted_at_80_percent_who_says_90_moves_an_expectation_of_50_by_two_thirds():
    # Precision of the post 20 x 0.8 x 1 = 16 against a prior of 8: weight 16/24.
    precision = belief.post_precision(20.0, 0.8, 1.0)
    mean, total = belief.combine(0.5, 8.0, 0.9, precision)
    assert precision == 16.0
    assert mean == pytest.approx(0.5 + 0.4 * 2 / 3)
    assert total == 24.0


def test_nobody_is_believed_who_is_not_trusted_or_not_sincere():
    assert belief.post_precision(20.0, 0.0, 1.0) == 0.0
    assert belief.post_precision(20.0, 1.0, 0.0) == 0.0


@given(UNIT, PRECISION, UNIT)
def test_a_signal_of_no_precision_changes_not_a_bit(mean, precision, value):
    assert belief.combine(mean, precision, value, 0.0) == (mean, precision)


def test_no_precision_at_all_leaves_the_mean():
    assert belief.combine(0.4, 0.0, 0.9, 0.0) == (0.4, 0.0)


@given(UNIT, PRECISION, SIGNAL)
def test_a_belief_moves_towards_a_signal_and_not_past_it(mean, precision, signal):
    value, weight = signal
    moved, total = belief.combine(mean, precision, value, weight)
    low, high = sorted((mean, value))
    assert low - 1e-15 <= moved <= high + 1e-15
    assert total >= precision


@given(UNIT, PRECISION, st.permutations([(0.9, 3.0), (0.2, 5.0), (0.7, 0.5)]))
def test_the_order_of_signals_hardly_matters(mean, precision, signals):
    belief_now = (mean, precision)
    for value, weight in signals:
        belief_now = belief.combine(*belief_now, value, weight)
    total = precision + 8.5
    exact = (precision * mean + 0.9 * 3.0 + 0.2 * 5.0 + 0.7 * 0.5) / total
    assert belief_now == (pytest.approx(exact, abs=1e-12), pytest.approx(total))


def test_having_used_something_three_times_tells_three_times_as_much():
    assert belief.own_signal_precision(25.0, 1.2, 3) == pytest.approx(90.0)
    assert belief.own_signal_precision(25.0, 1.2, 0) == 0.0


def test_ten_reviews_tell_half_of_what_very_many_tell():
    assert belief.review_precision(8.3, 10, 10.0, 1.0) == pytest.approx(4.15)
    assert belief.review_precision(8.3, 10**9, 10.0, 1.0) == pytest.approx(8.3)
    assert belief.review_precision(8.3, 10, 10.0, 0.5) == pytest.approx(2.075)
    assert belief.review_precision(8.3, 0, 10.0, 1.0) == 0.0


@given(st.integers(0, 2**40), st.integers(0, 2**40), st.floats(0.01, 1e5))
def test_more_reviews_never_tell_less(n, m, saturation):
    n, m = sorted((n, m))
    few = belief.review_precision(8.3, n, saturation, 1.0)
    many = belief.review_precision(8.3, m, saturation, 1.0)
    assert 0.0 <= few <= many <= 8.3


def test_if_16_of_100_reviews_are_fake_an_average_seller_adds_16_to_84():
    lucks = [(k + 0.5) / 8_400 for k in range(8_400)]
    assert sum(belief.fake_reviews(luck, 0.16, 0.5) for luck in lucks) == 1_600
    assert sum(belief.fake_reviews(luck, 0.16, 0.0) for luck in lucks) == 3_200
    assert belief.fake_reviews(0.0, 0.16, 1.0) == belief.fake_reviews(0.0, 0.0, 0.0) == 0


def test_if_80_of_100_reviews_are_fake_an_average_seller_adds_four_to_one():
    assert {belief.fake_reviews(luck, 0.8, 0.5) for luck in (0.1, 0.5, 0.9)} == {4}


@given(UNIT, st.floats(0.0, 0.9), UNIT, UNIT)
def test_worse_sellers_fake_more(luck, share, a, b):
    worse, better = sorted((a, b))
    many, few = (belief.fake_reviews(luck, share, q) for q in (worse, better))
    assert 0 <= few <= many <= 18


def test_ads_in_a_market_of_50_that_proved_20_worse_suggest_30():
    assert belief.advertised_quality(0.5, -0.2) == pytest.approx(0.3)
    assert belief.advertised_quality(0.5, -0.9) == 0.0
    assert belief.advertised_quality(0.5, 0.9) == 1.0


def test_an_experience_is_the_quality_give_or_take_a_fifth_at_precision_25():
    assert belief.experience(0.6, 25.0, 0.0) == 0.6
    assert belief.experience(0.6, 25.0, 1.0) == pytest.approx(0.8)
    assert belief.experience(0.6, 25.0, -4.0) == pytest.approx(-0.2)  # not cut off


@given(UNIT, st.floats(-10.0, 10.0), st.floats(0.01, 1e6))
def test_an_experience_is_finite(quality, z, precision):
    assert math.isfinite(belief.experience(quality, precision, z))


def test_a_belief_of_50_moves_by_a_twentieth_of_the_way_to_90():
    assert belief.move_towards(0.5, 0.9, 0.05) == pytest.approx(0.52)
    assert belief.move_towards(0.5, 0.9, 0.0) == 0.5


def test_after_experiences_of_mean_60_twice_one_of_90_makes_the_mean_70():
    assert belief.running_mean(0.6, 2, 0.9) == pytest.approx(0.7)


@given(st.lists(st.floats(-1.0, 2.0), min_size=1, max_size=30))
def test_a_running_mean_is_the_mean(values):
    mean = 0.0
    for times, value in enumerate(values):
        mean = belief.running_mean(mean, times, value)
    assert mean == pytest.approx(sum(values) / len(values), abs=1e-12)
