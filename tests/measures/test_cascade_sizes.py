"""Shares of cascades that reach a size, by counting."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.measures.cascade_sizes import (
    alone_percent,
    largest_size,
    share_reaching,
    shares_reaching_by_run,
)


def test_share_reaching_counts_cascades_at_least_as_large():
    assert share_reaching([1, 1, 2, 5], [1, 2, 3, 5, 6]).tolist() == [1, 0.5, 0.25, 0.25, 0]


def test_no_cascades_reach_no_size():
    assert np.isnan(share_reaching([], [1, 2])).all()


def test_share_reaching_falls_from_one():
    sizes = np.random.default_rng(1).zipf(2.0, 500)
    shares = share_reaching(sizes, np.unique(sizes))
    assert shares[0] == 1
    assert (np.diff(shares) < 0).all()
    assert shares[-1] >= 1 / 500


def cascades(*rows):
    return pd.DataFrame(rows, columns=["market", "seed", "kind", "size"])


TWO_RUNS = cascades(
    ("ads", 1, "product", 1),
    ("ads", 1, "product", 4),
    ("ads", 2, "product", 1),
    ("ads", 2, "invitation", 3),
)


def test_runs_share_the_sizes_at_which_they_are_counted():
    table = shares_reaching_by_run(TWO_RUNS)
    product = table[table["kind"] == "product"].set_index(["seed", "size"])["share"]
    assert product.to_dict() == {(1, 1): 1.0, (1, 4): 0.5, (2, 1): 1.0, (2, 4): 0.0}


def test_run_without_cascades_of_a_kind_is_left_out_of_it():
    table = shares_reaching_by_run(TWO_RUNS)
    assert table.loc[table["kind"] == "invitation", "seed"].tolist() == [2]


def test_no_cascades_at_all_give_an_empty_table():
    assert shares_reaching_by_run(cascades()).empty


def test_cascades_that_stay_alone_are_those_of_one():
    alone = alone_percent(TWO_RUNS, "product").set_index("seed")["alone_percent"]
    assert alone.to_dict() == {1: 50.0, 2: 100.0}
    assert alone_percent(TWO_RUNS.head(0), "product").empty


def test_largest_cascade_is_of_its_kind():
    assert (largest_size(TWO_RUNS, "product"), largest_size(TWO_RUNS, "invitation")) == (4, 3)
    assert largest_size(cascades(), "product") == 0


@pytest.mark.parametrize("kind", ["product", "invitation"])
def test_shares_are_never_beyond_one(kind):
    shares = shares_reaching_by_run(TWO_RUNS)
    assert shares["share"].between(0, 1).all()
    assert not math.isnan(shares["share"].sum())
