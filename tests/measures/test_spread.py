"""Reproduction, dispersion and cascades rooted at an order."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim.measures.spread import (
    gini_of_reach,
    invitations_per_joiner,
    offspring,
    order_rooted_sizes,
    overdispersion,
    poisson_p,
    reproduction_number,
)
from tests.measures.small_run import two_weeks


@pytest.fixture(scope="module")
def tables():
    return two_weeks().tables_so_far.tables()


def test_anns_order_brought_two_others_none(tables):
    counts = offspring(tables["orders"], tables["shares"])
    assert counts.tolist() == [2, 0, 0, 0]
    assert reproduction_number(counts) == 0.5
    assert reproduction_number(counts) == (tables["orders"]["share"] >= 0).mean()


def test_cascades_rooted_at_an_order_include_those_of_the_silent(tables):
    sizes = order_rooted_sizes(tables["orders"], tables["shares"], tables["cascades"])
    assert sizes.tolist() == [3, 1]  # Ann's, and Bo's, who posted nothing about his


def test_eves_cascade_starts_at_no_order(tables):
    orders = tables["orders"].copy()
    orders.loc[3, "share"] = 2
    sizes = order_rooted_sizes(orders, tables["shares"], tables["cascades"])
    assert len(sizes) == 2


@pytest.mark.parametrize(("mean", "k"), [(0.3, 0.03), (0.4, 0.5), (2.0, 3.0)])
def test_dispersion_is_found_again(mean, k):
    counts = stats.nbinom.rvs(k, k / (k + mean), size=200_000, random_state=5)
    assert overdispersion(counts) == pytest.approx(k, rel=0.05)


def test_dispersion_is_the_most_likely_one():
    counts = stats.nbinom.rvs(0.2, 0.2 / 0.7, size=3_000, random_state=6)
    k, mean = overdispersion(counts), counts.mean()

    def likelihood(k):
        return stats.nbinom.logpmf(counts, k, k / (k + mean)).sum()

    assert likelihood(k) > max(likelihood(0.99 * k), likelihood(1.01 * k))


def test_counts_like_poisson_or_steadier_have_no_finite_dispersion():
    assert overdispersion([1, 1, 1, 1]) == math.inf
    assert overdispersion([0, 1]) == math.inf
    assert math.isnan(overdispersion([0, 0]))
    assert math.isnan(overdispersion([]))
    assert math.isnan(reproduction_number(np.zeros(0)))


def test_poisson_counts_are_rejected_as_often_as_is_said():
    drawn = stats.poisson.rvs(0.11, size=(2_000, 2_000), random_state=7)
    found = np.array([poisson_p(counts) for counts in drawn])
    for level in (0.01, 0.05, 0.5):
        assert (found <= level).mean() == pytest.approx(level, rel=0.2, abs=0.005)


def test_poisson_is_rejected_for_counts_that_vary_more():
    uneven = stats.nbinom.rvs(0.04, 0.04 / (0.04 + 0.11), size=2_000, random_state=8)
    assert poisson_p(uneven) < 1e-6
    counts = np.array([0, 0, 0, 1, 4])
    index = ((counts - 1.0) ** 2).sum() / 1.0
    assert poisson_p(counts) == pytest.approx(stats.chi2.sf(index, 4))


def test_steady_counts_are_not_said_to_vary_more_than_poisson():
    assert poisson_p([1, 1, 1, 1]) == 1.0
    for counts in ([], [3], [0, 0]):
        assert math.isnan(poisson_p(counts))


def test_invitations_are_asked_of_the_first_joiners_only():
    joins = pd.DataFrame(
        {"consumer": [1, 2, 3, 4, 5], "week": [0, 0, 1, 1, 2], "inviter": [0, 0, 1, 1, 3]}
    )
    # two of twenty are a tenth: 1 and 2, who brought 3 and 4
    assert invitations_per_joiner(joins, 20) == 1.0
    assert math.isnan(invitations_per_joiner(joins.head(0), 20))


def test_reach_is_anns_alone(tables):
    # Ann's post was read three times, Eve's and Cy's by nobody; Bo's invitation is no such post
    assert gini_of_reach(tables["shares"]) == pytest.approx(2 / 3)
    assert math.isnan(gini_of_reach(tables["shares"].head(0)))
