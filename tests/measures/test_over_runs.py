"""Means, contrasts and relative differences against sums that can be done in the head."""

import math

import pandas as pd
import pytest

from sim.measures.over_runs import (
    Contrast,
    contrast,
    contrasts_of,
    means_over_runs,
    relative_differences,
)

REACH = 12.706204736  # t quantile of 97.5 % with one degree of freedom


def runs(*rows):
    return pd.DataFrame(rows, columns=["market", "seed", "value"])


def test_mean_and_interval_of_two_runs():
    table = means_over_runs(runs(("ads", 1, 4.0), ("ads", 2, 6.0)), ["market"], "value")
    row = table.iloc[0]
    assert (row["mean"], row["n"]) == (5.0, 2)
    assert row["low"] == pytest.approx(5 - REACH)  # s / √2 = 1
    assert row["high"] == pytest.approx(5 + REACH)


def test_groups_are_kept_apart_and_what_is_not_defined_left_out():
    table = means_over_runs(
        runs(("ads", 1, 4.0), ("ads", 2, math.nan), ("control", 1, math.nan)), ["market"], "value"
    )
    by_market = table.set_index("market")
    assert by_market.loc["ads", "mean"] == 4.0
    assert by_market.loc["ads", "n"] == 1
    assert math.isnan(by_market.loc["ads", "low"])
    assert math.isnan(by_market.loc["control", "mean"])


def test_means_of_nothing_are_an_empty_table():
    table = means_over_runs(runs(), ["market"], "value")
    assert list(table.columns) == ["market", "mean", "low", "high", "n"]
    assert table.empty


def test_contrast_pairs_by_seed_and_leaves_out_what_has_no_partner():
    table = runs(
        ("referral", 1, 5.0),
        ("ads", 2, 4.0),
        ("referral", 2, 7.0),
        ("ads", 1, 4.0),
        ("ads", 3, 90.0),
        ("referral", 3, math.nan),
    )
    seen = contrast(table, "value", "referral", "ads")
    assert (seen.first_mean, seen.second_mean, seen.estimate, seen.n) == (6.0, 4.0, 2.0, 2)
    assert seen.low == pytest.approx(2 - REACH)


@pytest.mark.parametrize(
    ("low", "high", "sign"), [(1, 2, 1), (-2, -1, -1), (-1, 1, 0), (0, 1, 0), (0, 0, 0)]
)
def test_difference_is_clear_only_where_the_interval_leaves_out_zero(low, high, sign):
    assert Contrast("a", "b", 1, 1, 0, low, high, 3).sign == sign


def test_one_pair_has_no_interval_and_no_sign():
    seen = contrast(runs(("a", 1, 5.0), ("b", 1, 4.0)), "value", "a", "b")
    assert (seen.estimate, seen.has_interval, seen.sign) == (1.0, False, 0)


def differences(**columns):
    row = {"outcome": "orders", "unit": "x", "first": "a", "second": "b", "first_mean": 6.0}
    row |= {"second_mean": 4.0, "estimate": 2.0, "low": -1.0, "high": 5.0, "n": 3}
    return pd.DataFrame([row | columns])


def test_relative_difference_is_in_percent_of_the_second_mean():
    seen = contrasts_of(relative_differences(differences()))["orders"]
    assert (seen.estimate, seen.low, seen.high) == (50.0, -25.0, 125.0)
    assert (seen.first, seen.second, seen.n) == ("a", "b", 3)


@pytest.mark.parametrize("mean", [0.0, -1.0, math.nan])
def test_nothing_is_relative_to_a_mean_that_is_not_above_zero(mean):
    assert relative_differences(differences(second_mean=mean)).empty
