"""Worked examples and properties of the inequality indices."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.inequality import gini, hhi

incomes = st.lists(st.integers(0, 10**15), min_size=1, max_size=30)


def gini_by_pairs(x):
    """Mean absolute difference over all ordered pairs, over twice the mean."""
    x = np.asarray(x, dtype=float)
    return np.abs(x[:, None] - x[None, :]).sum() / (2 * len(x) ** 2 * x.mean())


def test_four_people_with_the_same_income_are_equal():
    assert gini([5, 5, 5, 5]) == 0.0
    assert hhi([5, 5, 5, 5]) == 0.25


def test_one_of_four_takes_all():
    assert gini([0, 0, 0, 1]) == 0.75
    assert hhi([0, 0, 0, 1]) == 1.0


@given(incomes, st.data())
def test_only_those_chosen_count(amounts, data):
    chosen = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(amounts), max_size=len(amounts)))
    )
    for kind in (np.int64, np.float64):
        values = np.array(amounts, dtype=kind)
        assert gini(values, chosen) == pytest.approx(gini(values[chosen]), abs=0.0, nan_ok=True)


def test_one_to_five():
    assert gini([1, 2, 3, 4, 5]) == pytest.approx(4 / 15, abs=1e-15)
    assert hhi([1, 2, 3, 4, 5]) == pytest.approx(55 / 225, abs=1e-15)


def test_nothing_at_all_is_equal_and_nobody_has_no_index():
    assert (gini([0, 0]), hhi([0, 0])) == (0.0, 0.0)
    assert (gini([0.0]), hhi([0.0])) == (0.0, 0.0)
    assert math.isnan(gini([]))
    assert math.isnan(hhi([]))


@pytest.mark.parametrize("index", [gini, hhi])
def test_debts_have_no_index(index):
    with pytest.raises(ValueError, match="below zero"):
        index([1, -1])
    with pytest.raises(ValueError, match="below zero"):
        index([1.0, math.nan])


def test_sums_beyond_64_bits_stay_exact():
    assert gini([2**59] * 15) == 0.0
    assert gini([0, 2**62]) == 0.5


@given(incomes)
def test_gini_is_half_the_relative_mean_difference(x):
    if sum(x):
        assert gini(x) == pytest.approx(gini_by_pairs(x), abs=1e-9)
    assert gini(np.array(x, dtype=float)) == pytest.approx(gini(x), abs=1e-12)


@given(incomes, st.randoms(use_true_random=False))
def test_bounds_and_order(x, random):
    n = len(x)
    shuffled = random.sample(x, n)
    assert gini(shuffled) == gini(x)
    assert hhi(shuffled) == hhi(x)
    assert 0.0 <= gini(x) <= 1 - 1 / n + 1e-15
    if sum(x):
        assert 1 / n - 1e-12 <= hhi(x) <= 1 + 1e-12


@given(incomes.filter(lambda x: max(x) > 0), st.integers(2, 5))
def test_scale_and_copies_do_not_change_gini(x, k):
    assert gini([k * value for value in x]) == pytest.approx(gini(x), abs=1e-12)
    assert gini(x * k) == pytest.approx(gini(x), abs=1e-12)
    assert hhi(x * k) == pytest.approx(hhi(x) / k, rel=1e-9)


@given(incomes.filter(lambda x: len(set(x)) > 1))
def test_giving_from_the_richest_to_the_poorest_lowers_both(x):
    fairer = sorted(x)
    gift = (fairer[-1] - fairer[0]) // 2
    fairer[0] += gift
    fairer[-1] -= gift
    assert gini(fairer) <= gini(x) + 1e-12
    assert hhi(fairer) <= hhi(x) + 1e-12
