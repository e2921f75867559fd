"""Conversion by source and errors of belief, by hand."""

import math

import pandas as pd
import pytest

from sim.measures.sources import (
    belief_errors,
    conversion_by,
    conversion_over_ties,
    errors_at_true_quality,
)
from tests.measures.small_run import two_weeks


@pytest.fixture(scope="module")
def tables():
    return two_weeks().tables_so_far.tables()


def test_conversion_leaves_invitations_out(tables):
    table = conversion_by(tables["exposures"], ["channel"])
    assert table.to_dict("records") == [
        {"channel": "share", "reads": 3, "orders": 2, "conversion_per_read": pytest.approx(2 / 3)}
    ]


def test_conversion_by_layer(tables):
    table = conversion_by(tables["exposures"], ["channel", "tie_layer"])
    assert table["tie_layer"].tolist() == [0, 1, 2]
    assert table["conversion_per_read"].tolist() == [0.0, 1.0, 1.0]


def test_errors_of_belief(tables):
    table = belief_errors(tables["orders"]).set_index("channel")
    assert table.loc["share", "orders"] == 2
    assert table.loc["share", "bias"] == pytest.approx((0.1 + 0.7) / 2)
    assert table.loc["share", "rms_error"] == pytest.approx(0.5)
    assert table.loc["organic", "bias"] == pytest.approx(-0.3)


def test_nothing_read_or_bought(tables):
    assert conversion_by(tables["exposures"].head(0), ["channel"]).empty
    empty = belief_errors(tables["orders"].head(0))
    assert isinstance(empty, pd.DataFrame)
    assert empty.empty


def test_conversion_over_ties_leaves_leaders_and_invitations_out(tables):
    assert conversion_over_ties(tables["exposures"]) == pytest.approx(2 / 3)
    assert math.isnan(conversion_over_ties(tables["exposures"].head(0)))


def test_errors_at_true_quality_are_free_of_the_noise_of_experience():
    orders = pd.DataFrame(
        {
            "week": [0, 0, 1],
            "merchant": [3, 3, 3],
            "channel": ["share", "organic", "share"],
            "expected_quality": [0.5, 0.9, 0.8],
        }
    )
    merchants = pd.DataFrame({"week": [0, 1], "merchant": [3, 3], "quality": [0.5, 1.0]})
    errors = errors_at_true_quality(orders, merchants).set_index("channel")["rms_error"]
    assert errors["organic"] == pytest.approx(0.4)
    assert errors["share"] == pytest.approx((0.04 / 2) ** 0.5)
