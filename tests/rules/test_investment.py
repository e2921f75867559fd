"""Slow decisions: what quality is worth, who is drawn in, what it costs to be there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import investment


def gain(learnt, step=0.25, extra_cost=3.6, margin=3.0):
    # One level up: a quarter of 9.5 / .42 = 22.6 yuan if all of it is believed, for 3.60 of cost.
    return investment.quality_gain(learnt, 9.5, 0.42, step, extra_cost, 1.0, margin)


def test_quality_that_everybody_learns_of_is_worth_its_cost():
    assert gain(learnt=1.0) > 0.5


def test_quality_that_nobody_learns_of_is_only_a_cost():
    assert gain(learnt=0.0) < -0.5
    assert gain(learnt=0.0, step=-0.25, extra_cost=-3.6) > 1.0


def test_at_the_break_even_of_learning_nothing_is_gained():
    assert gain(learnt=3.6 / (0.25 * 9.5 / 0.42)) == pytest.approx(0.0, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(-10, 10), st.floats(0.01, 50))
def test_the_more_is_learnt_the_more_a_step_up_gains(a, b, extra_cost, margin):
    low, high = sorted((a, b))
    assert -1.0 <= gain(low, 0.25, extra_cost, margin) <= gain(high, 0.25, extra_cost, margin)


def test_what_buyers_learn_is_the_weight_of_evidence():
    assert investment.learnt_share(8.0, 24.0) == 0.75
    assert investment.learnt_share(8.0, 0.0) == 0.0


def test_profit_draws_newcomers():
    # 20 sellers whose profit equals their fixed cost, pace .15: 3 newcomers; at most twice that.
    assert investment.n_drawn(20, 1000.0, 1000.0, 0.15) == 3
    assert investment.n_drawn(20, 9000.0, 1000.0, 0.15) == 6
    assert investment.n_drawn(20, -500.0, 1000.0, 0.15) == 0
    assert investment.n_drawn(20, 500.0, 0.0, 0.15) == 6


def test_an_almost_empty_category_always_draws_one():
    assert [investment.is_deserted(n) for n in range(5)] == [True, True, True, False, False]


def test_fixed_cost_grows_with_members_and_with_nothing_else():
    # Members who buy 6 of the 8 thousand things they need at 54 yuan from 400 merchants: 810 yuan.
    revenue = investment.mean_revenue_fen(8_000 * 1_000_000, 0.75, 5_400, 400)
    assert revenue == 81_000
    assert investment.fixed_cost_fen(revenue, 0.05) == 4_050
    assert investment.mean_revenue_fen(0, 0.75, 5_400, 400) == 0


def test_start_cash_lasts_from_half_to_one_and_a_half_times_the_weeks():
    # 26 weeks of 40.50 yuan on average.
    assert investment.start_cash_fen(4_050, 26.0, 0.5) == 26 * 4_050
    assert investment.start_cash_fen(4_050, 26.0, 0.0) == 13 * 4_050
    assert investment.start_cash_fen(4_050, 0.0, 0.9) == 0


def test_nobody_spends_money_on_ads_that_is_not_there():
    assert investment.ad_budget_fen(100_000, 0.1, 50_000) == 10_000
    assert investment.ad_budget_fen(100_000, 0.1, 4_000) == 4_000
    assert investment.ad_budget_fen(100_000, 0.1, -4_000) == 0
