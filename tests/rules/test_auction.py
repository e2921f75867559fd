"""Slot auctions: known answers, and the faults that textbook checks found in other packages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.auction import FIRST_PRICE, GSP, MECHANISMS, VCG, allocate


def auction(mechanism, bids, slot_clicks, quality=None, reserve=0.0):
    """Winners, prices and total payments as plain lists; only the slots sold."""
    quality = [1.0] * len(bids) if quality is None else quality
    winner, price, n_won = allocate(
        mechanism,
        np.array(bids, dtype=float),
        np.array(quality, dtype=float),
        np.array(slot_clicks, dtype=float),
        float(reserve),
    )
    payments = price * np.array(slot_clicks, dtype=float)
    return winner[:n_won].tolist(), price[:n_won].tolist(), payments[:n_won].tolist()


def test_under_gsp_each_winner_pays_the_bid_below():
    # Bids of 10, 4 and 2 for slots with 200 and 100 clicks (Edelman, Ostrovsky, Schwarz 2007).
    assert auction(GSP, [10, 4, 2], [200, 100]) == ([0, 1], [4.0, 2.0], [800.0, 200.0])


def test_under_vcg_each_winner_pays_the_harm_done_and_losing_bids_count():
    # The loser's bid of 2 is what the second winner pays: a VCG that forgets it would charge 0.
    winners, price, payments = auction(VCG, [10, 4, 2], [200, 100])
    assert winners == [0, 1]
    assert price == pytest.approx([3.0, 2.0])
    assert payments == pytest.approx([600.0, 200.0])


def test_under_first_price_each_winner_pays_the_own_bid():
    assert auction(FIRST_PRICE, [7, 3, 5], [80, 40]) == ([0, 2], [7.0, 5.0], [560.0, 200.0])


@pytest.mark.parametrize("mechanism", [GSP, VCG])
def test_with_as_few_bidders_as_slots_the_last_one_wins_at_the_reserve(mechanism):
    assert auction(mechanism, [5], [100, 50], reserve=1)[:2] == ([0], [1.0])
    winners, price, _ = auction(mechanism, [5, 3], [100, 50], reserve=1)
    assert winners == [0, 1]
    assert price[-1] == 1.0


@pytest.mark.parametrize("mechanism", range(len(MECHANISMS)))
def test_a_bid_equal_to_the_reserve_is_sold(mechanism):
    assert auction(mechanism, [3], [10], reserve=3) == ([0], [3.0], [30.0])
    assert auction(mechanism, [2.99], [10], reserve=3)[0] == []


@pytest.mark.parametrize("mechanism", range(len(MECHANISMS)))
def test_ties_go_to_the_lower_index(mechanism):
    assert auction(mechanism, [2, 2, 2], [10, 5])[0] == [0, 1]


def test_a_better_product_needs_to_bid_less():
    # Scores .40, .25, .24: the first pays .25/.1, the second .24/.05.
    winners, price, payments = auction(GSP, [4, 5, 3], [100, 60], quality=[0.1, 0.05, 0.08])
    assert winners == [0, 1]
    assert price == pytest.approx([2.5, 4.8])
    assert payments == pytest.approx([250.0, 288.0])


def test_nobody_bids_and_nothing_is_sold():
    assert auction(GSP, [], [10, 5]) == ([], [], [])
    assert auction(GSP, [4.0], []) == ([], [], [])


bids = st.lists(st.integers(0, 60), min_size=0, max_size=8)
falling_clicks = st.lists(st.integers(0, 90), min_size=1, max_size=4).map(
    lambda clicks: sorted(clicks, reverse=True)
)


def best_welfare(bids, slot_clicks):
    """Most that slots can be worth to these bidders: high bids on good slots."""
    return sum(b * c for b, c in zip(sorted(bids, reverse=True), slot_clicks))


@given(bids, falling_clicks)
def test_a_vcg_payment_is_what_the_others_lose_by_the_winner_being_there(bids, slot_clicks):
    winners, _, payments = auction(VCG, bids, slot_clicks)
    for slot, (winner, payment) in enumerate(zip(winners, payments, strict=True)):
        others = [bid for bidder, bid in enumerate(bids) if bidder != winner]
        with_me = best_welfare(bids, slot_clicks) - bids[winner] * slot_clicks[slot]
        assert payment == pytest.approx(best_welfare(others, slot_clicks) - with_me, abs=1e-9)


@given(bids, falling_clicks, st.integers(0, 30), st.sampled_from([GSP, VCG, FIRST_PRICE]))
def test_prices_lie_between_reserve_and_bid_and_winners_are_the_highest(
    bids, slot_clicks, reserve, mechanism
):
    winners, price, _ = auction(mechanism, bids, slot_clicks, reserve=reserve)
    eligible = [bid for bid in bids if bid >= reserve]
    assert len(winners) == len(set(winners)) == min(len(eligible), len(slot_clicks))
    assert [bids[i] for i in winners] == sorted(eligible, reverse=True)[: len(slot_clicks)]
    for winner, cost in zip(winners, price, strict=True):
        assert reserve <= cost <= bids[winner]


@given(bids, falling_clicks, st.integers(0, 30))
def test_vcg_takes_no_more_than_gsp_from_the_same_bids(bids, slot_clicks, reserve):
    vcg, gsp = (sum(auction(m, bids, slot_clicks, reserve=reserve)[2]) for m in (VCG, GSP))
    assert vcg <= gsp + 1e-9


@given(st.lists(st.integers(1, 60), min_size=1, max_size=6), falling_clicks, st.integers(0, 30))
def test_under_vcg_with_a_reserve_nobody_gains_by_misreporting(values, slot_clicks, reserve):
    def gain(bids):
        winners, _, payments = auction(VCG, bids, slot_clicks, reserve=reserve)
        if 0 not in winners:
            return 0.0
        slot = winners.index(0)
        return values[0] * slot_clicks[slot] - payments[slot]

    honest = gain(values)
    assert honest >= -1e-9
    for lie in range(0, 61, 5):
        assert gain([lie, *values[1:]]) <= honest + 1e-9
