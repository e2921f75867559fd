"""Who was useful stays useful: by hand."""

import math

import pandas as pd
import pytest

from sim.measures.usefulness import (
    leaders_lead_later,
    leaders_of,
    leaders_staying,
    referred_outcomes,
    useful_shares,
    usefulness_persists,
)
from tests.measures.small_run import ANN, two_weeks


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
