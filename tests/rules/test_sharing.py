"""Sharing: sincerity of rewarded posts, motives to post, statements."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import sharing
from sim.rules.terms import terms_of
from sim.scenario import Scenario

TERMS = terms_of(Scenario()).sharing
UNIT = st.floats(0.0, 1.0)
LAYER = st.integers(-1, 3)
BIT = st.integers(0, 1)
ANY = st.floats(-1e300, 1e300)


def discount(cut, layer, *, solicited=1, receiver_share=0.0, disclosed=0):
    return 1.0 - sharing.sincerity(cut, layer, solicited, receiver_share, disclosed, TERMS)


def test_ten_percent_for_the_sender_cost_5_percent_among_close_friends_and_26_far_out():
    assert discount(0.1, 0) == pytest.approx(0.05, abs=0.005)
    assert discount(0.1, 3) == pytest.approx(0.26, abs=0.005)


def test_posts_nobody_asked_for_lose_half_as_much_again():
    assert discount(0.1, 3, solicited=0) == pytest.approx(1 - math.exp(-0.45))


def test_an_even_split_spares_most_of_the_loss_and_half_of_it_half_of_that():
    assert discount(0.1, 3, receiver_share=0.5) == pytest.approx(1 - math.exp(-0.3 * 0.3))
    assert discount(0.1, 3, receiver_share=0.25) == pytest.approx(1 - math.exp(-0.3 * 0.65))
    assert discount(0.1, 3, receiver_share=1.0) == discount(0.1, 3, receiver_share=0.5)


def test_someone_without_a_tie_counts_as_the_most_distant():
    assert discount(0.1, -1) == discount(0.1, 3)


@given(UNIT, UNIT, LAYER, BIT, UNIT, UNIT, BIT)
def test_sincerity_falls_with_the_cut_and_rises_with_the_receivers_share(
    cut, other_cut, layer, solicited, share, other_share, disclosed
):
    cut, larger = sorted((cut, other_cut))
    share, fairer = sorted((share, other_share))

    def sincerity(cut, share):
        return sharing.sincerity(cut, layer, solicited, share, disclosed, TERMS)

    assert 0.0 <= sincerity(larger, share) <= sincerity(cut, share) <= 1.0
    assert sincerity(cut, share) <= sincerity(cut, fairer)
    assert sincerity(0.0, share) == 1.0


@given(UNIT, BIT, UNIT, BIT)
def test_outer_layers_never_believe_more(cut, solicited, share, disclosed):
    values = [
        sharing.sincerity(cut, layer, solicited, share, disclosed, TERMS) for layer in range(4)
    ]
    assert values == sorted(values, reverse=True)


def test_three_yuan_a_sale_half_a_sale_a_post_and_twice_the_usual_followers_make_three_yuan():
    # 6 % of 50 yuan is 3 yuan; 0.5 orders a post; 170 followers where 85 are usual.
    assert sharing.expected_income_yuan(0.06, 50.0, 0.5, 170, 85.0) == pytest.approx(3.0)
    assert sharing.expected_income_yuan(0.06, 50.0, 0.5, 170, 0.0) == 0.0


def test_orders_per_post_are_nothing_before_there_is_a_post():
    assert sharing.orders_per_rewarded_post(0, 0) == 0.0
    assert sharing.orders_per_rewarded_post(300, 1200) == 0.25


def test_money_counts_by_its_logarithm():
    assert sharing.money_motive(0.35, 0.0) == 0.0
    assert sharing.money_motive(0.35, math.e - 1.0) == pytest.approx(0.35)
    # A tenfold reward is far from ten times the motive.
    assert sharing.money_motive(0.35, 30.0) < 3 * sharing.money_motive(0.35, 3.0)


@given(st.floats(0.0, 1e3), st.floats(0.0, 1e9))
def test_the_estimate_of_the_money_motive_is_close_by_far(response, income):
    error = sharing.money_motive_about(response, income) - sharing.money_motive(response, income)
    assert abs(error) < sharing.ABOUT / 10


def test_a_post_written_at_even_odds_of_its_own_takes_the_reward_that_makes_them_three_to_one():
    # Luck 3/4 is odds of three to one. With r = 1 three to one takes ln(1 + E) = ln 3, so 2 yuan;
    # with r = 1/2 the same log-odds take (1 + E)^(1/2) = 3, so 8 yuan.
    assert sharing.effort_yuan(0.75, 0.0, 1.0, 5.0) == pytest.approx(2.0)
    assert sharing.effort_yuan(0.75, 0.0, 0.5, 10.0) == pytest.approx(8.0)
    # Who is readier by ln 2 without money needs half of these odds: 0.5 yuan with r = 1.
    assert sharing.effort_yuan(0.75, math.log(2.0), 1.0, 5.0) == pytest.approx(0.5)


def test_what_would_have_been_written_anyway_costs_nothing():
    assert sharing.effort_yuan(0.49, 0.0, 1.0, 5.0) == 0.0
    assert sharing.effort_yuan(0.5, 0.0, 1.0, 5.0) == 0.0
    assert sharing.effort_yuan(0.51, 0.0, 1.0, 5.0) > 0.0
    assert sharing.effort_yuan(0.3, -2.0, 1.0, 0.0) == 0.0  # no reward: it was written for nothing


LUCK = st.floats(1e-12, 1.0 - 1e-12)
INDEX, RESPONSE, INCOME = st.floats(-20.0, 20.0), st.floats(0.0, 5.0), st.floats(0.0, 1e6)


@given(LUCK, LUCK, INDEX, RESPONSE, INCOME)
def test_effort_is_between_nothing_and_the_reward_and_rises_with_the_luck_it_overcomes(
    u, other_u, index, response, income
):
    u, worse = sorted((u, other_u))
    effort = sharing.effort_yuan(u, index, response, income)
    assert 0.0 <= effort <= sharing.effort_yuan(worse, index, response, income) <= income
    assert sharing.effort_yuan(u, index, response, 0.0) == 0.0


@given(LUCK, st.floats(-5.0, 5.0), st.floats(0.1, 3.0), st.floats(0.01, 500.0))
def test_at_less_than_the_effort_the_post_would_not_have_been_written(u, index, response, income):
    def is_written(reward):
        return u < sharing.logistic(index + sharing.money_motive(response, reward))

    effort = sharing.effort_yuan(u, index, response, income)
    if is_written(income):
        assert is_written(effort + 1e-6 * (1.0 + effort))
        assert effort <= 1e-6 or not is_written(effort - 1e-6 * effort)


def test_someone_delighted_by_a_quarter_posts_with_twice_the_odds_of_one_in_three():
    # -2 + 4 x 0.25 = -1: odds 0.37, probability 27 %.
    z = sharing.posting_index_satisfied(-2.0, 4.0, 0.25, 0.0, 0.05, 0.0)
    assert z == -1.0
    assert sharing.logistic(z) == pytest.approx(0.269, abs=0.001)


def test_the_disappointed_warn_less_readily():
    assert sharing.posting_index_warning(-2.0, 3.0, 0.25) == -1.75


@given(st.floats(-5.0, 5.0), UNIT, UNIT, st.floats(0.0, 5.0), st.floats(0.0, 1.0), UNIT)
def test_delight_and_money_never_hinder_and_credit_at_risk_never_helps(
    a, gap, other_gap, money, concern, risk
):
    gap, larger = sorted((gap, other_gap))
    z = sharing.posting_index_satisfied(a, 4.0, gap, money, concern, risk)
    assert z <= sharing.posting_index_satisfied(a, 4.0, larger, money, concern, risk)
    assert z <= sharing.posting_index_satisfied(a, 4.0, gap, money + 1.0, concern, risk)
    assert z >= sharing.posting_index_satisfied(a, 4.0, gap, money, concern, risk + 1.0)
    warning = sharing.posting_index_warning(a, 3.0, gap)
    assert warning <= sharing.posting_index_warning(a, 3.0, larger)


@given(ANY, ANY)
def test_the_logistic_neither_overflows_nor_falls(z, y):
    z, y = sorted((z, y))
    assert 0.0 <= sharing.logistic(z) <= sharing.logistic(y) <= 1.0
    assert sharing.logistic(0.0) == 0.5
    assert sharing.logistic(z) + sharing.logistic(-z) == pytest.approx(1.0)


def test_an_honest_sharer_states_what_was_lived():
    assert sharing.stated_quality(0.7, 0.0, 0.15) == 0.7
    assert sharing.stated_quality(1.3, 0.0, 0.15) == 1.0
    assert sharing.stated_quality(-0.2, 0.0, 0.15) == 0.0


@given(st.floats(-1.0, 2.0), st.floats(0.0, 1e300), st.floats(0.0, 1e300), UNIT)
def test_more_money_never_makes_a_humbler_statement_but_a_bounded_one(x, money, more, bound):
    money, more = sorted((money, more))
    stated = sharing.stated_quality(x, money, bound)
    assert 0.0 <= stated <= sharing.stated_quality(x, more, bound) <= 1.0
    assert stated <= max(0.0, x + bound) + 1e-12


def test_reading_a_post_that_pays_20_percent_annoys_twice_as_much_as_10():
    assert sharing.annoyance_evidence(0.02, 0.1) == pytest.approx(0.02)
    assert sharing.annoyance_evidence(0.02, 0.2) == pytest.approx(0.04)
    assert sharing.annoyance_evidence(0.02, 0.0) == 0.0


def test_an_opportunist_prefers_what_sells_and_pays():
    assert sharing.lure_fen(50_00, 20) == 1_000_00
    assert sharing.lure_fen(80_00, 10) < sharing.lure_fen(50_00, 20)


def test_four_useful_recommendations_halve_the_discount_in_logs():
    at_first = math.exp(-3.0 * 0.1)
    assert sharing.learned_sincerity(at_first, 4.0, 0.25) == pytest.approx(math.exp(-1.5 * 0.1))
    assert sharing.learned_sincerity(at_first, 0.0, 0.25) == at_first
    assert sharing.learned_sincerity(at_first, 4.0, 0.0) == at_first


@given(st.floats(0.01, 1.0), st.floats(0.0, 50.0), st.floats(0.0, 50.0), st.floats(0.0, 5.0))
def test_more_useful_evidence_never_lowers_sincerity(sincerity, useful, more, learning):
    useful, more = sorted((useful, more))
    learned = sharing.learned_sincerity(sincerity, useful, learning)
    assert sincerity - 1e-12 <= learned <= 1.0
    assert learned <= sharing.learned_sincerity(sincerity, more, learning) + 1e-12
