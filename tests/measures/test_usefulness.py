"""Who was useful stays useful: by hand."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.measures.usefulness import (
    leaders_lead_later,
    leaders_of,
    leaders_staying,
    referred_outcomes,
    useful_shares,
    usefulness_persists,
    usefulness_persists_corrected,
)
from tests.measures.small_run import ANN, two_weeks


def of_counts(useful, n):
    """Outcomes of sharers: how many of n are useful in week 0, and in week 5."""
    return outcomes(
        [
            (sharer, week, k < count)
            for sharer, counts in enumerate(useful)
            for week, count in zip((0, 5), counts, strict=True)
            for k in range(n)
        ]
    )


def outcomes(rows):
    return pd.DataFrame(rows, columns=["sharer", "week", "useful"])


def test_a_purchase_is_useful_if_it_reaches_what_was_stated_less_the_tolerance():
    tables = two_weeks().tables_so_far.tables()
    found = referred_outcomes(tables["orders"], tables["shares"], tolerance=0.0)
    assert found["sharer"].tolist() == [ANN, ANN]
    assert found["week"].tolist() == [1, 1]
    generous = referred_outcomes(tables["orders"], tables["shares"], tolerance=1.0)
    assert generous["useful"].all()


def test_useful_shares_count_the_weeks_asked_for_only():
    shares = useful_shares(outcomes([(7, 0, True), (7, 1, False), (7, 2, True)]), 0, 2)
    assert shares.loc[7].tolist() == [0.5, 2.0]


def test_usefulness_that_stays_correlates():
    stays = [
        (sharer, week, useful)
        for sharer, good in ((1, 3), (2, 2), (3, 0))
        for week in (0, 5)
        for useful in [True] * good + [False] * (3 - good)
    ]
    assert usefulness_persists(outcomes(stays), 0, 10) == pytest.approx(1.0)
    too_few = [row for row in stays if row[0] != 2]
    assert math.isnan(usefulness_persists(outcomes(too_few), 0, 10))


def test_counting_noise_is_taken_out_by_hand():
    # Shares 1, 1/2 and 0 of four in both halves vary by 1/4; (0 + 1/12 + 0)/3 of that is noise, so
    # a share of 8/9 is not, in each half, and r = 1 becomes 9/8.
    found = of_counts([(4, 4), (2, 2), (0, 0)], 4)
    assert usefulness_persists(found, 0, 10) == pytest.approx(1.0)
    assert usefulness_persists_corrected(found, 0, 10) == pytest.approx(9 / 8)


def test_the_correlation_of_what_sharers_are_is_found_behind_the_noise():
    luck = np.random.default_rng(2)
    truly = luck.beta(4, 2, 4_000)  # each sharer is as useful in both halves
    found = of_counts([luck.binomial(5, [good, good]) for good in truly], 5)
    assert usefulness_persists(found, 0, 10) == pytest.approx(5 / (5 + 4 + 2), abs=0.05)
    assert usefulness_persists_corrected(found, 0, 10) == pytest.approx(1.0, abs=0.1)


def test_where_all_that_varies_is_noise_nothing_is_corrected():
    found = of_counts([(1, 1), (2, 2), (1, 2), (2, 1)], 3)
    assert usefulness_persists(found, 0, 10) == pytest.approx(0.0)
    assert math.isnan(usefulness_persists_corrected(found, 0, 10))
    assert math.isnan(usefulness_persists_corrected(found.head(0), 0, 10))


def test_leaders_are_those_looked_up_and_are_held_against_all_others():
    reads = pd.DataFrame(
        {"week": [1, 1, 9], "channel": ["leader", "share", "leader"], "sharer": [4, 5, 6]}
    )
    assert leaders_of(reads, 0, 5) == {4}
    later = outcomes([(4, 6, True), (4, 7, True), (5, 6, True), (6, 7, False)])
    assert leaders_lead_later(later, {4}, 5, 10) == pytest.approx(0.5)
    assert math.isnan(leaders_lead_later(later, set(), 5, 10))
    assert leaders_staying({4, 5}, {5, 6}) == 0.5
    assert math.isnan(leaders_staying(set(), {1}))
