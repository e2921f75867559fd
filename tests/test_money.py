"""Money: exact to the fen, nothing lost, the same in plain Python and compiled."""

from fractions import Fraction
from math import floor

import numba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import money

AMOUNT = st.integers(-(10**15), 10**15)
RATE = st.floats(0.0, 1.0)

share_compiled = numba.njit(money.share_of_fen)
part_compiled = numba.njit(money.part_of_fen)


def test_six_percent_of_49_yuan_is_2_yuan_94():
    assert money.share_of_fen(4900, 0.06) == 294


def test_half_a_fen_is_rounded_up():
    assert money.share_of_fen(50, 0.01) == 1
    assert money.share_of_fen(49, 0.01) == 0
    assert money.share_of_fen(150, 0.05) == 8  # 7.5


@pytest.mark.parametrize(
    ("yuan", "fen"), [(0.0, 0), (49.0, 4900), (0.125, 13), (0.004, 0), (-0.125, -12), (-0.004, 0)]
)
def test_yuan_in_whole_fen(yuan, fen):
    assert money.whole_fen(yuan) == numba.njit(money.whole_fen)(yuan) == fen


def test_the_ends_of_the_scale():
    assert money.share_of_fen(123_456_789, 0.0) == 0
    assert money.share_of_fen(123_456_789, 1.0) == 123_456_789
    assert money.share_of_fen(0, 0.3) == 0


@given(AMOUNT, RATE)
def test_a_share_is_the_exact_one_rounded(amount, rate):
    parts = Fraction(money.parts_of(rate), money.PARTS)
    assert money.share_of_fen(amount, rate) == floor(amount * parts + Fraction(1, 2))
    assert share_compiled(amount, rate) == money.share_of_fen(amount, rate)


def test_no_amount_overflows():
    largest = 2**62
    assert share_compiled(largest, 1.0) == largest
    assert share_compiled(largest, 0.333333) == money.share_of_fen(largest, 0.333333)


@given(AMOUNT, RATE, RATE)
def test_a_higher_rate_is_never_a_lower_share(amount, a, b):
    low, high = sorted((a, b))
    first, second = money.share_of_fen(abs(amount), low), money.share_of_fen(abs(amount), high)
    assert first <= second <= abs(amount)


def test_ten_yuan_and_a_fen_over_three_levels():
    # 6:3:1 of 1001 fen would be 600.6, 300.3 and 100.1; the odd fen goes to the first.
    assert money.split_fen(1001, (6, 3, 1)) == (601, 300, 100)


def test_one_level_gets_all_and_weights_of_nothing_leave_all_to_the_first():
    assert money.split_fen(777, [1]) == (777,)
    assert money.split_fen(777, [0, 0]) == (777, 0)


@pytest.mark.parametrize("weights", [(), (3, -1)])
def test_weights_that_make_no_sense_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        money.split_fen(100, weights)


@given(
    st.integers(0, 10**15),
    st.lists(st.integers(0, 10**6), min_size=1, max_size=10),
)
def test_a_split_loses_nothing_and_follows_the_weights(total, weights):
    parts = money.split_fen(total, weights)
    assert sum(parts) == total
    assert min(parts) >= 0
    if sum(weights) > 0:
        exact = [Fraction(total * weight, sum(weights)) for weight in weights]
        assert all(part == floor(e) for part, e in zip(parts[1:], exact[1:], strict=True))
        assert 0 <= parts[0] - exact[0] < len(weights)
        assert [part_compiled(total, w, sum(weights)) for w in weights] == [floor(e) for e in exact]


def test_a_yuan_has_a_hundred_fen():
    assert money.yuan(4_950) == 49.5
    assert money.FEN_PER_YUAN == 100
