"""Intervals and paired differences against values worked out by hand."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.measures.differences import paired_differences, student_interval


def test_worked_example_of_four_values():
    # mean 5, squared deviations 9 + 1 + 1 + 9 = 20, s² = 20/3; t(.975, 3) = 3.18245
    mean, low, high = student_interval([2.0, 4.0, 6.0, 8.0])
    reach = 3.18244630528 * math.sqrt(20 / 3) / 2
    assert mean == 5.0
    assert (low, high) == pytest.approx((5 - reach, 5 + reach), rel=1e-10)


def test_interval_agrees_with_scipy():
    sample = np.random.default_rng(5).normal(size=16)
    _, low, high = student_interval(list(sample))
    expected = stats.t.interval(0.95, 15, loc=sample.mean(), scale=stats.sem(sample))
    assert (low, high) == pytest.approx(expected)


def test_interval_covers_the_truth_about_as_often_as_it_says():
    generator = np.random.default_rng(7)
    hits = 0
    for _ in range(2000):
        _, low, high = student_interval(list(generator.normal(3.0, 2.0, size=5)))
        hits += low <= 3.0 <= high
    assert 0.935 <= hits / 2000 <= 0.965


def test_equal_values_give_an_interval_of_no_width():
    assert student_interval([0.1, 0.1, 0.1]) == pytest.approx((0.1, 0.1, 0.1))


def test_one_value_has_no_interval_and_none_has_no_mean():
    mean, low, high = student_interval([3.0])
    assert mean == 3.0
    assert math.isnan(low)
    assert math.isnan(high)
    assert all(math.isnan(value) for value in student_interval([]))


def outcomes():
    return pd.DataFrame(
        {
            "market": ["referral", "ads", "ads", "referral"],
            "seed": [1, 1, 2, 2],
            "run_key": list("abcd"),
            "orders": [10.0, 7.0, 3.0, 8.0],
            "hhi": [0.5, 0.1, math.nan, 0.2],
        }
    )


def test_differences_pair_runs_of_the_same_seed_whatever_their_order():
    table = paired_differences(outcomes(), [("referral", "ads")]).set_index("outcome")
    orders = table.loc["orders"]
    assert (orders["estimate"], orders["n"]) == (4.0, 2)  # 10 - 7 = 3 and 8 - 3 = 5
    assert (orders["first_mean"], orders["second_mean"]) == (9.0, 5.0)
    assert orders["unit"] == "orders per consumer"


def test_pairs_without_the_outcome_are_left_out_of_it():
    hhi = paired_differences(outcomes(), [("referral", "ads")]).set_index("outcome").loc["hhi"]
    assert (hhi["estimate"], hhi["n"]) == (0.4, 1)
    assert math.isnan(hhi["low"])


def test_the_other_way_round_the_sign_turns():
    one = paired_differences(outcomes(), [("referral", "ads")]).set_index("outcome").loc["orders"]
    two = paired_differences(outcomes(), [("ads", "referral")]).set_index("outcome").loc["orders"]
    assert (one["estimate"], one["low"], one["high"]) == (
        -two["estimate"],
        -two["high"],
        -two["low"],
    )
