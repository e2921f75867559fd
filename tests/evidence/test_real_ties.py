"""Runs on real ties: the recent curve by hand, and the whole where Ciao's ties are at hand."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.evidence.measurements.ciao import Ties
from sim.evidence.real_ties import recent_counts, shape_of_run

TRUST = Path(__file__).parents[2] / "../shared/data/ciao_trust.csv.gz"


def events(*rows):
    """(person, time, adopts, shows) about one item, unless a fifth names another."""
    columns = ["person", "time", "adopts", "shows"]
    table = pd.DataFrame([row[:4] for row in rows], columns=columns)
    return table.assign(item=[row[4] if len(row) > 4 else 0 for row in rows])


def test_who_shared_the_week_before_counts_and_nobody_else():
    """0 trusts 1 and 2, 3 trusts 1. In week 0 person 1 shows, in week 1 person 2; 0 buys in 2."""
    ties = Ties(np.array([0, 0, 3]), np.array([1, 2, 1]))
    counts = recent_counts(
        ties,
        events((1, 0, False, True), (2, 1, False, True), (0, 2, True, False), (3, 3, True, False)),
        1.0,
    )
    # 0 stands at 1 in weeks 1 and 2, adopting in 2; 3 stands at 1 in week 1, then at 0.
    assert counts.exposed[:, 1].tolist() == [2.0, 0.0, 0.0, 1.0]
    assert counts.adopted[:, 1].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert counts.exposed[3, 0] == 2.0
    assert counts.adopted[:, 0].tolist() == [0.0, 0.0, 0.0, 1.0]
    assert not counts.exposed[:, 2:].any()


def test_two_friends_in_one_week_are_two_and_one_friend_twice_is_one():
    ties = Ties(np.array([0, 0]), np.array([1, 2]))
    both = events((1, 0, False, True), (2, 0, False, True), (0, 1, True, False))
    twice = events((1, 0, False, True), (1, 0, False, True), (0, 1, True, False))
    assert recent_counts(ties, both, 1.0).adopted[0].tolist() == [0, 0, 1, 0, 0]
    assert recent_counts(ties, twice, 1.0).adopted[0].tolist() == [0, 1, 0, 0, 0]


@pytest.mark.slow
@pytest.mark.skipif(not TRUST.exists(), reason="Ciao's ties are not here")
def test_on_real_ties_adoption_rises_with_friends_who_shared_of_late_less_and_less():
    shape = shape_of_run(TRUST, weeks=52)
    prob = shape.recent["prob"]
    assert prob[0] < prob[1] < prob[2]
    assert shape.recent_exponent.high < 1.0
    assert abs(shape.homophily.agreement) < 0.05
    assert shape.homophily.common_items > 1.0
