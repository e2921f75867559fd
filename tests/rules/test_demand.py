"""Needs: how many, and of what."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim import draws
from sim.rules import demand

U = st.floats(2.0**-53, 1 - 2.0**-53)


def test_someone_with_one_need_a_week_has_none_in_37_weeks_of_100():
    # P(0) = exp(-1) = 0.368, P(0 or 1) = 0.736.
    assert demand.n_needs(0.36, 1.0) == 0
    assert demand.n_needs(0.37, 1.0) == 1
    assert demand.n_needs(0.73, 1.0) == 1
    assert demand.n_needs(0.74, 1.0) == 2


def test_someone_without_needs_needs_nothing():
    assert demand.n_needs(1 - 2.0**-53, 0.0) == 0


def test_needs_are_capped():
    assert demand.n_needs(1 - 2.0**-53, 30.0) == demand.MOST_NEEDS


@given(U, U, st.floats(0.0, 10.0), st.floats(0.0, 10.0))
def test_more_luck_or_a_higher_rate_is_never_fewer_needs(u, v, a, b):
    (u, v), (a, b) = sorted((u, v)), sorted((a, b))
    assert 0 <= demand.n_needs(u, a) <= demand.n_needs(v, b) <= demand.MOST_NEEDS


def test_over_people_and_weeks_purchases_are_negative_binomial():
    people = np.arange(40_000)
    rates = -0.8 * np.log(draws.uniform_column(1, people, -1, 0, draws.PURCHASE_RATE))
    luck = draws.uniform_column(1, people, -1, 3, draws.NEED_COUNT)
    counts = [demand.n_needs(float(u), float(r)) for u, r in zip(luck, rates, strict=True)]
    # Exponential rates of mean 0.8: geometric counts with P(0) = 1/(1 + 0.8).
    seen = np.bincount(counts, minlength=6)
    expected = stats.nbinom.pmf(np.arange(5), 1, 1 / 1.8)
    observed = np.array([*seen[:5], seen[5:].sum()])
    wanted = np.array([*expected, 1 - expected.sum()]) * people.size
    assert stats.chisquare(observed, wanted).pvalue > 1e-4


def test_every_category_is_as_likely():
    assert demand.need_category(0.0001, 16) == 0
    assert demand.need_category(0.5, 16) == 8
    assert demand.need_category(0.9999, 16) == 15


@given(U, st.integers(1, 64))
def test_a_category_is_always_one_that_exists(u, n_categories):
    assert 0 <= demand.need_category(u, n_categories) < n_categories
