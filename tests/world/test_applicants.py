"""Applicants: who they are, what they cost, and that nobody else's arrival changes them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario
from sim.world.applicants import applicants, start_price_fen, unit_cost_fen


def sellers(seed=1, **merchants):
    values = {f"merchants.{name}": value for name, value in merchants.items()}
    return applicants(Scenario().with_values(values), seed)


def test_quality_is_binomial_and_dearer_to_make():
    columns = sellers(n_applicants=40_000)
    share = np.bincount(columns.quality_level, minlength=5) / 40_000
    assert share == pytest.approx([1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16], abs=0.01)
    assert columns.unit_cost_fen.mean() == pytest.approx(5_000, rel=0.01)
    assert columns.unit_cost_fen.std() == pytest.approx(600, rel=0.03)
    correlation = np.corrcoef(columns.quality, columns.unit_cost_fen)[0, 1]
    assert correlation == pytest.approx(0.6, abs=0.02)
    assert columns.long_term.mean() == pytest.approx(0.8, abs=0.01)


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(1, 64))
def test_categories_are_sorted_and_as_even_as_can_be(n, n_categories):
    scenario = Scenario().with_values(
        {"merchants.n_applicants": n, "demand.n_categories": n_categories}
    )
    category = applicants(scenario, 1).category
    sizes = np.bincount(category, minlength=n_categories)
    assert len(category) == n
    assert (np.diff(category) >= 0).all()
    assert sizes.max() - sizes.min() <= 1


def test_one_more_applicant_leaves_all_others_what_they_were():
    few, more = sellers(n_applicants=160), sellers(n_applicants=161)
    for before, after in zip(few, more, strict=True):
        assert np.array_equal(before, after[:160])


def test_nobody_sells_or_owns_anything_yet():
    columns = sellers(n_applicants=50)
    assert not columns.active.any()
    assert not columns.admitted.any()
    assert (columns.cash_fen == 0).all()
    assert (columns.entered_week == -1).all()


def test_start_prices_cover_the_cuts():
    # Cost 47.50 yuan, 5 % cuts: 50 yuan only just cover them, and the even margin comes on top.
    price = start_price_fen(Scenario(), 4_750, 0.95)
    assert price == pytest.approx(5_000 + 100 / (0.42 * 6 / 7), abs=1)


def test_a_better_product_of_the_same_merchant_costs_more():
    costs = [unit_cost_fen(Scenario(), level, 0.3) for level in range(5)]
    assert costs == sorted(costs)
    assert costs[0] < costs[4]
