"""Rank agreement against SciPy; exits and sales counted by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.measures.quality import (
    agreement,
    exit_hazard_ratio,
    exit_hazards,
    sales_by_quality,
    tau_b_within,
)

pairs = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), min_size=2, max_size=25)


@given(pairs)
def test_tau_b_is_that_of_scipy(rows):
    sales, quality = np.array(rows).T
    expected = stats.kendalltau(sales, quality, variant="b").statistic
    assert agreement(np.zeros(len(rows)), sales, quality).tau_b() == pytest.approx(
        expected, abs=1e-12, nan_ok=True
    )


@given(pairs, pairs)
def test_pairs_across_categories_do_not_count(here, there):
    x, y = np.array(here + there).T
    group = np.array([0] * len(here) + [1] * len(there))
    one, other = (agreement(np.ones(len(part)), *np.array(part).T) for part in (here, there))
    score = one.score + other.score
    norm = math.sqrt((one.pairs_x + other.pairs_x) * (one.pairs_y + other.pairs_y))
    expected = score / norm if norm else math.nan
    assert tau_b_within(group, x, y) == pytest.approx(expected, nan_ok=True)
    by = np.random.default_rng(3).permutation(len(x))
    assert tau_b_within(group[by], x[by], y[by]) == pytest.approx(
        tau_b_within(group, x, y), nan_ok=True
    )


def test_the_best_sells_most_in_each_category_though_one_category_is_larger():
    assert tau_b_within([0, 0, 1, 1], [1, 2, 100, 200], [3, 4, 0, 1]) == 1.0
    assert tau_b_within([0, 0, 1, 1], [2, 1, 200, 100], [3, 4, 0, 1]) == -1.0


def test_no_merchants_or_equal_ones_have_no_rank_order():
    assert math.isnan(tau_b_within([], [], []))
    assert math.isnan(tau_b_within([0, 0], [1, 2], [3, 3]))


def merchants(rows):
    names = ["week", "merchant", "quality", "orders", "active"]
    return pd.DataFrame(rows, columns=names)


TABLE = merchants(
    [
        (0, 1, 0.0, 2, True),
        (0, 2, 1.0, 6, True),
        (0, 3, 0.25, 0, True),
        (1, 1, 0.0, 2, True),
        (1, 2, 1.0, 8, True),
        (1, 3, 0.25, 0, False),
        (2, 1, 0.0, 0, False),
        (2, 2, 1.0, 2, True),
        (2, 3, 0.25, 0, False),
    ]
)


def test_exits_by_hand():
    table = exit_hazards(TABLE).set_index("quality")
    assert table.loc["bad"].tolist() == [3, 2, 2 / 3]
    assert table.loc["good"].tolist() == [2, 0, 0.0]
    assert table.loc["middling", "merchant_weeks"] == 0
    assert math.isnan(table.loc["middling", "hazard_per_week"])
    assert math.isnan(exit_hazard_ratio(TABLE))


def test_bad_products_leave_twice_as_fast():
    rows = [(0, m, 0.0, 0, True) for m in range(4)] + [(0, 9 + m, 1.0, 0, True) for m in range(4)]
    rows += [(1, m, 0.0, 0, m > 1) for m in range(4)]
    rows += [(1, 9 + m, 1.0, 0, m > 0) for m in range(4)]
    assert exit_hazard_ratio(merchants(rows)) == 2.0


def test_sales_by_quality_by_hand():
    table = sales_by_quality(TABLE).set_index("quality")
    assert table["orders"].to_dict() == {0.0: 4, 0.25: 0, 1.0: 16}
    assert table["offers"].to_dict() == {0.0: 2, 0.25: 1, 1.0: 3}
    assert table["order_share"].to_dict() == {0.0: 0.2, 0.25: 0.0, 1.0: 0.8}
    assert table["offer_share"].sum() == 1.0
