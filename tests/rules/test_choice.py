"""Choice: what a product is worth, and how often it is chosen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.draws import gumbel_of
from sim.rules import choice
from sim.rules.choice import ChoiceTerms

TERMS = ChoiceTerms(base_value_yuan=42.0, quality_value=9.5, match_value=1.5, risk_aversion=18.0)
YUAN = st.floats(0.0, 1e6)
SENSITIVITY = st.floats(1e-3, 100.0)
UNIT = st.floats(0.0, 1.0)
VARIANCE = st.floats(0.0, 100.0)
UTILITIES = st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=8)


def test_a_product_worked_out_by_hand():
    # 50 yuan for something worth 42 at 0.4 a yuan: -3.2. Quality 0.8 at 9.5: +7.6. A perfect match:
    # +1.5. A variance of 0.125 at 18, halved: -1.125. Together 4.775.
    assert choice.utility(0.4, 50.0, 0.0, 0.8, 0.125, 1.0, TERMS) == pytest.approx(4.775)


def test_a_rebate_of_one_yuan_is_worth_one_yuan_off_the_price():
    with_rebate = choice.utility(0.4, 50.0, 1.0, 0.8, 0.125, 1.0, TERMS)
    assert with_rebate == pytest.approx(choice.utility(0.4, 49.0, 0.0, 0.8, 0.125, 1.0, TERMS))


def test_once_used_no_risk_is_left_and_the_true_quality_counts():
    # As above with true quality 0.5 and nothing lost to risk: -3.2 + 4.75 + 1.5 = 3.05.
    assert choice.true_utility(0.4, 50.0, 0.5, 1.0, TERMS) == pytest.approx(3.05)


def test_a_read_about_rubbish_at_that_price_is_useless_to_whoever_would_not_buy_it():
    # Quality 0 without match: 0.4 x (42 - 50) = -3.2, worse than nothing.
    assert not choice.wants_at_true_quality(0.4, 50.0, 0.0, 0.0, TERMS)
    assert choice.wants_at_true_quality(0.4, 50.0, 0.5, 1.0, TERMS)
    assert not choice.wants_at_true_quality(0.4, 42.0, 0.0, 0.0, TERMS)  # exactly as good


def test_surplus_turns_utility_into_yuan():
    # 3 units of utility and a lucky shock of 1 at 0.4 units a yuan are worth 10 yuan.
    assert choice.surplus_yuan(0.4, 3.0, 1.0) == pytest.approx(10.0)


def test_two_tastes_a_distance_of_5_apart_do_not_match():
    assert choice.taste_distance2(0.0, 0.0, 3.0, 4.0) == 25.0
    assert choice.match_value(25.0) == pytest.approx(3.7e-6, rel=0.01)
    assert choice.match_value(0.0) == 1.0


@given(SENSITIVITY, YUAN, YUAN, UNIT, UNIT, VARIANCE, VARIANCE, UNIT)
def test_dearer_or_riskier_is_never_better_and_higher_quality_never_worse(
    alpha, price, other_price, quality, other_quality, variance, other_variance, match
):
    (price, dearer) = sorted((price, other_price))
    (worse, better) = sorted((quality, other_quality))
    (surer, riskier) = sorted((variance, other_variance))

    def utility(price, quality, variance):
        return choice.utility(alpha, price, 0.0, quality, variance, match, TERMS)

    assert utility(dearer, better, surer) <= utility(price, better, surer)
    assert utility(price, worse, surer) <= utility(price, better, surer)
    assert utility(price, worse, riskier) <= utility(price, worse, surer)
    assert math.isfinite(utility(dearer, worse, riskier))


@given(st.floats(0.0, 1e300))
def test_a_match_is_between_0_and_1(distance2):
    assert 0.0 <= choice.match_value(distance2) <= 1.0


def weights_of(utilities):
    return [choice.option_weight(utility, max(utilities)) for utility in utilities]


def test_three_options_weigh_as_the_logit_says():
    best, middle, worst = weights_of([1.0, 0.5, 0.0])
    assert best == 1.0
    assert middle == pytest.approx(math.exp(-0.5), rel=1e-15)
    assert worst == pytest.approx(math.exp(-1.0), rel=1e-15)
    # ln(e + exp(1/2) + 1), the expected largest utility less Euler's constant.
    logsum = 1.0 + math.log(best + middle + worst)
    assert logsum == pytest.approx(math.log(math.e + math.exp(0.5) + 1.0), rel=1e-15)


def test_half_the_weight_arrives_after_twice_the_time():
    assert choice.arrival(0.3, 1.0) == pytest.approx(-math.log(0.3))
    assert choice.arrival(0.3, 0.5) == 2.0 * choice.arrival(0.3, 1.0)
    assert choice.arrival(0.3, 0.0) == math.inf


@given(UTILITIES)
def test_weights_are_from_0_to_1_at_any_utility(utilities):
    weights = weights_of(utilities)
    assert 0.0 <= min(weights) <= max(weights) == 1.0
    ranked = [weight for _, weight in sorted(zip(utilities, weights, strict=True))]
    assert ranked == sorted(weights)


@given(UTILITIES, st.integers(1, 2**52 - 2))
def test_the_first_arrival_has_the_largest_utility_after_its_shock(utilities, seed):
    luck = [((seed * 7919 * (k + 1)) % 2**52 + 0.5) / 2**52 for k in range(len(utilities))]
    arrivals = [
        choice.arrival(u, weight) for u, weight in zip(luck, weights_of(utilities), strict=True)
    ]
    totals = [utility + gumbel_of(u) for u, utility in zip(luck, utilities, strict=True)]
    first = arrivals.index(min(arrivals))
    assert totals[first] == pytest.approx(max(totals), rel=1e-9, abs=1e-9)


@given(st.floats(2.0**-53, 1 - 2.0**-53), st.floats(2.0**-53, 1 - 2.0**-53))
def test_the_gain_of_a_shock_is_the_difference_of_two_shocks(u, u_nothing):
    gain = choice.shock_gain(u, u_nothing)
    assert gain == pytest.approx(gumbel_of(u) - gumbel_of(u_nothing), rel=1e-9, abs=1e-9)
