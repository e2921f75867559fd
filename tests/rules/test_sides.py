"""Sides: where people look and merchants sell where there are two."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import sides
from sim.rules.sides import AD_SIDE, SHARING_SIDE

GAIN = st.floats(-50.0, 50.0)
FEN = st.integers(-(10**9), 10**9)


def test_one_in_ten_thinks_it_over():
    assert sides.reconsiders(0.09, 0.1)
    assert not sides.reconsiders(0.1, 0.1)


def test_where_both_sides_were_worth_the_same_a_coin_decides():
    assert sides.side_to_look(0.499, 1.2, 1.2) == AD_SIDE
    assert sides.side_to_look(0.501, 1.2, 1.2) == SHARING_SIDE


def test_a_gain_of_one_more_makes_the_odds_e_to_one():
    share = math.e / (1.0 + math.e)
    assert sides.side_to_look(share - 1e-9, 2.0, 3.0) == AD_SIDE
    assert sides.side_to_look(share + 1e-9, 2.0, 3.0) == SHARING_SIDE


@given(st.floats(2.0**-53, 1.0 - 2.0**-53), GAIN, GAIN, GAIN)
def test_a_side_that_was_worth_more_is_never_left_for_it(u, sharing, ads, more):
    ads, more = sorted((ads, more))
    assert sides.side_to_look(u, sharing, ads) <= sides.side_to_look(u, sharing, more)


def test_a_rebate_counts_where_it_is_earned():
    assert sides.worth_paying(5_000, 0.02) == pytest.approx(49.0)


def test_a_merchant_goes_where_others_earn_more_than_it_by_more_than_its_inertia():
    # Three merchants earned 900 fen over there, 300 each; 100 + 1.5 x 120 = 280 are beaten by it.
    assert sides.moves_over(100, 100, 1, 900, 3, 120, 1.5)
    assert not sides.moves_over(120, 120, 1, 900, 3, 120, 1.5)


def test_whoever_does_badly_on_the_better_side_stays_there():
    assert not sides.moves_over(0, 1_000, 2, 900, 3, 0, 0.0)
    assert sides.moves_over(0, 500, 2, 900, 3, 0, 0.0)


def test_nobody_goes_where_nobody_is():
    assert not sides.moves_over(-(10**9), -(10**9), 1, 0, 0, 100, 0.0)


@given(FEN, FEN, st.integers(1, 50), st.integers(0, 10**6), st.floats(0.0, 10.0))
def test_nobody_would_go_there_and_back_again(own, other, n, fixed_cost, inertia):
    there = sides.moves_over(own, own, 1, other * n, n, fixed_cost, inertia)
    back = sides.moves_over(other, other * n, n, own, 1, fixed_cost, inertia)
    assert not (there and back)


@pytest.mark.parametrize("inertia", [0.0, 1.0])
def test_equal_profits_move_nobody(inertia):
    assert not sides.moves_over(500, 500, 1, 1500, 3, 100, inertia)
