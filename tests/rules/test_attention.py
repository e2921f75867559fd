"""Attention: which posts are read, which remembered."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import attention

U = st.floats(2.0**-53, 1 - 2.0**-53)
UNIT = st.floats(0.0, 1.0)


def test_closest_friends_weigh_eight_times_as_much_as_distant_acquaintances():
    assert [attention.reading_weight(layer, 0.8) for layer in range(4)] == [3.2, 1.6, 0.8, 0.4]
    assert attention.reading_weight(-1, 0.8) == 0.4  # no tie: as the outermost


def test_with_one_place_a_post_of_weight_3_beats_one_of_weight_1_three_times_in_four():
    rng = np.random.default_rng(1)
    n = 20_000
    wins = sum(
        attention.reading_priority(u, 3.0) < attention.reading_priority(v, 1.0)
        for u, v in rng.random((n, 2))
    )
    assert wins / n == pytest.approx(0.75, abs=4.5 * math.sqrt(0.75 * 0.25 / n))


@given(U, U, st.floats(0.0, 4.0), st.floats(0.0, 4.0))
def test_more_weight_is_never_read_later(u, v, a, b):
    a, b = sorted((a, b))
    u, v = sorted((u, v))
    assert attention.reading_priority(u, b) <= attention.reading_priority(u, a)
    assert attention.reading_priority(v, a) <= attention.reading_priority(u, a)
    assert attention.reading_priority(u, a) > 0.0


def test_someone_not_trusted_at_all_is_read_last():
    assert attention.reading_priority(0.5, 0.0) == math.inf


def test_half_of_the_posts_of_a_friend_trusted_at_half_are_remembered():
    assert attention.remembers(0.49, 0.5, 1.0, 1.0)
    assert not attention.remembers(0.51, 0.5, 1.0, 1.0)


def test_after_a_hundred_posts_at_one_percent_each_only_half_of_a_post_registers():
    assert attention.freshness(0, 0.01) == 1.0
    assert attention.freshness(100, 0.01) == pytest.approx(0.5)
    assert attention.freshness(100, 0.0) == 1.0


@given(st.integers(0, 40_000), st.integers(0, 40_000), st.floats(0.0, 10.0))
def test_more_posts_over_a_tie_never_make_the_next_one_fresher(n, more, fatigue):
    n, more = sorted((n, more))
    assert 0.0 < attention.freshness(more, fatigue) <= attention.freshness(n, fatigue) <= 1.0


@given(U, UNIT, UNIT, UNIT)
def test_what_is_remembered_insincere_and_stale_would_be_so_sincere_and_fresh(
    u, trust, sincerity, freshness
):
    if attention.remembers(u, trust, sincerity, freshness):
        assert attention.remembers(u, trust, 1.0, freshness)
        assert attention.remembers(u, trust, sincerity, 1.0)


@pytest.mark.parametrize("happens", [attention.looks_up, attention.follows])
def test_what_has_a_chance_of_a_tenth_happens_below_a_tenth(happens):
    assert happens(0.09, 0.1)
    assert not happens(0.1, 0.1)
    assert not happens(2.0**-53, 0.0)


def test_a_platform_that_cuts_half_of_the_links_lets_the_other_half_through():
    assert attention.link_is_cut(0.49, 0.5)
    assert not attention.link_is_cut(0.51, 0.5)
    assert not attention.link_is_cut(2.0**-53, 0.0)
