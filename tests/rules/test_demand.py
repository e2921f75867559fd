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


def test_someone_whose_needs_lie_at_the_own_taste_always_needs_the_same():
    # A taste straight up lies a quarter turn round: of 16 sectors, number 4.
    for u in (0.01, 0.5, 0.99):
        assert demand.category_of_need(0.0, 2.0, u, u, 0.0, 16) == 4
    assert demand.category_of_need(-1.0, -1e-9, 0.5, 0.5, 0.0, 16) == 8


@given(st.floats(-5, 5), st.floats(-5, 5), U, U, st.floats(0, 1e6), st.integers(1, 64))
def test_every_need_has_a_category(x, y, u_x, u_y, spread, n_categories):
    assert 0 <= demand.category_of_need(x, y, u_x, u_y, spread, n_categories) < n_categories


def test_like_tastes_share_needs_and_every_category_is_needed_as_often():
    people = np.arange(20_000)
    luck = [draws.uniform_column(1, people, -1, 0, 900 + k) for k in range(4)]
    taste = [draws.normal_column(1, people, -1, 0, 910 + k) for k in range(2)]
    needs = [
        np.array(
            [
                demand.category_of_need(x, y, a, b, 0.75, 8)
                for x, y, a, b in zip(*taste, first, second, strict=True)
            ]
        )
        for first, second in (luck[:2], luck[2:])
    ]
    assert np.mean(needs[0] == needs[1]) > 2 / 8
    assert np.all(np.abs(np.bincount(needs[0], minlength=8) / 20_000 - 1 / 8) < 0.01)
