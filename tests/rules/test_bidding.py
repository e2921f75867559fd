"""What merchants bid: worth of a click, balanced bidding and where it comes to rest."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.rules.auction import FIRST_PRICE, GSP, VCG, allocate
from sim.rules.bidding import balanced_bid, settle_bids, value_per_click


def settled(values, slot_clicks, mechanism=GSP, reserve=0.0, bids=None, step=1.0):
    values = np.array(values, dtype=float)
    bids = values.copy() if bids is None else np.array(bids, dtype=float)
    rounds = settle_bids(
        mechanism,
        values,
        bids,
        np.ones(len(values)),
        np.array(slot_clicks, dtype=float),
        reserve,
        step,
        10_000,
    )
    return bids, rounds


def test_a_click_is_worth_margin_times_conversion():
    # Of 60 yuan 57 stay, goods cost 50: 7 yuan on each of 10 % of clicks, half as much again later.
    assert value_per_click(60, 50, 0.95, 0.1, 0.0) == pytest.approx(0.7)
    assert value_per_click(60, 50, 0.95, 0.1, 0.5) == pytest.approx(1.05)


def test_a_click_that_can_only_lose_is_worth_nothing():
    assert value_per_click(50, 50, 0.95, 0.1, 0.5) == 0.0


def test_balanced_bids_of_the_textbook_auction():
    # Values 10, 4, 2; slots of 200 and 100 clicks (Cary et al. 2007).
    bids, rounds = settled([10, 4, 2], [200, 100])
    assert bids == pytest.approx([6.5, 3.0, 2.0])
    assert rounds < 10


def test_who_cannot_afford_a_slot_bids_the_value():
    ones = np.ones(2)
    assert balanced_bid(0, 2.0, np.array([0.0, 5.0]), ones, np.array([10.0]), 0.0) == 2.0
    assert balanced_bid(0, 2.0, np.array([0.0, 1.0]), ones, np.array([10.0]), 3.0) == 2.0


def test_bids_come_to_rest_from_anywhere():
    values, clicks = [50, 45, 33, 20, 11, 4], [65, 42, 27, 18]
    at_rest, _ = settled(values, clicks)
    rng = np.random.default_rng(3)
    for _ in range(20):
        bids, rounds = settled(values, clicks, bids=rng.uniform(0, 60, len(values)))
        assert rounds < 1_000
        assert bids == pytest.approx(at_rest)


ladders = st.lists(st.integers(1, 10_000), min_size=1, max_size=9, unique=True)


@settings(deadline=None)
@given(ladders, st.integers(1, 5), st.floats(0.3, 0.9))
def test_where_bids_rest_gsp_takes_what_vcg_would_take_from_the_true_values(values, n_slots, ratio):
    # The bidder-optimal equilibrium of Edelman, Ostrovsky, Schwarz 2007.
    clicks = np.array([1000 * ratio**slot for slot in range(n_slots)])
    bids, rounds = settled(values, clicks)
    assert rounds < 10_000
    ones = np.ones(len(values))
    gsp = allocate(GSP, bids, ones, clicks, 0.0)
    vcg = allocate(VCG, np.array(values, dtype=float), ones, clicks, 0.0)
    assert gsp[0].tolist() == vcg[0].tolist()
    assert gsp[1] == pytest.approx(vcg[1], rel=1e-9, abs=1e-9)


@given(ladders, st.integers(1, 5), st.integers(0, 50), st.sampled_from([GSP, VCG, FIRST_PRICE]))
def test_nobody_bids_more_than_a_click_is_worth(values, n_slots, reserve, mechanism):
    clicks = [10.0 * 0.65**slot for slot in range(n_slots)]
    bids = np.zeros(len(values))
    settle_bids(
        mechanism,
        np.array(values, dtype=float),
        bids,
        np.ones(len(values)),
        np.array(clicks),
        float(reserve),
        1.0,
        5,
    )
    assert (bids <= np.array(values) + 1e-9).all()
    assert (bids >= 0.0).all()


def test_under_vcg_bidders_state_their_values():
    assert settled([9, 5, 7], [10, 6], mechanism=VCG, bids=[0, 0, 0])[0].tolist() == [9, 5, 7]


def test_under_first_price_the_lone_bidder_pays_the_reserve():
    assert settled([9], [10], mechanism=FIRST_PRICE, reserve=2.0)[0].tolist() == [2.0]
