"""The shop window: ranking, slots with paced budgets, what pays opportunists."""

import numpy as np
import pytest

from sim.agents.shop import best_paying, ranked, slot_click_prob
from sim.kernels.auctions import auction_week, bids_at_rest
from sim.rules.auction import GSP
from sim.scenario import Scenario
from sim.world.columns import HOURS_PER_WEEK, MerchantColumns
from tests.small_columns import small

CLICKS = np.array([0.5, 0.3])


def week(bids, budgets, arrivals=100.0, reserve=5.0):
    """Winners and prices of one category, [hour, slot]."""
    n = len(bids)
    winner, price = auction_week(
        GSP,
        np.array([0, n]),
        np.arange(n, dtype=np.int32) + 10,
        np.array(bids),
        np.array(budgets),
        np.ones(n),
        CLICKS,
        arrivals,
        reserve,
    )
    return winner[0], price[0]


def test_with_ample_budgets_every_hour_is_the_same():
    winner, price = week([50, 40, 30], [10**6] * 3)
    assert winner.tolist() == [[10, 11]] * HOURS_PER_WEEK
    assert price.tolist() == [[40, 30]] * HOURS_PER_WEEK


def test_without_a_budget_nobody_takes_part():
    winner, price = week([50, 40], [0, 10**6])
    assert winner.tolist() == [[11, -1]] * HOURS_PER_WEEK
    assert price.tolist() == [[5, 0]] * HOURS_PER_WEEK


def test_a_small_budget_is_spread_over_the_week_and_lets_the_next_bidder_in():
    # An hour in the first slot costs 50 clicks x 40 fen = 20 yuan, twice what the budget allows.
    winner, _ = week([50, 40, 30], [1_000 * HOURS_PER_WEEK, 10**6, 10**6])
    hours_on_top = (winner[:, 0] == 10).tolist()
    assert hours_on_top == [True, False] * (HOURS_PER_WEEK // 2)
    assert set(winner[:, 0].tolist()) == {10, 11}


def test_nobody_overspends_by_more_than_the_last_hour():
    for budget in (1, 500, 3_000, 9_999):
        winner, price = week([50, 40, 30, 20], [budget] * 4)
        for bidder in range(10, 14):
            spent = (price * CLICKS * 100 * (winner == bidder)).sum()
            assert spent <= budget + 50 * 50


def test_a_bid_of_nothing_is_no_bid_even_without_a_reserve():
    winner, _ = week([0, 7], [10**6] * 2, reserve=0.0)
    assert winner.tolist() == [[11, -1]] * HOURS_PER_WEEK


def test_categories_bid_apart_from_each_other():
    bids = bids_at_rest(
        GSP,
        np.array([0, 3, 3, 4]),
        np.array([10.0, 4.0, 2.0, 9.0]),
        np.zeros(4),
        np.ones(4),
        np.array([200.0, 100.0]),
        0.0,
        1_000,
    )
    assert bids == pytest.approx([6.5, 3.0, 2.0, 4.5])


def three_sellers(**given):
    return small(MerchantColumns, 3, **{"price_fen": [5_000] * 3} | given)


def list_of(merchants, recent):
    start = np.array([0, 3])
    return ranked(
        Scenario(), merchants, np.arange(3, dtype=np.int32), start, np.array(recent)
    ).tolist()


def test_what_sells_what_is_praised_and_what_is_cheap_comes_first():
    assert list_of(three_sellers(), [1, 9, 3]) == [1, 2, 0]
    praised = three_sellers(review_count=[4, 4, 0], review_sum_micro=[1_000_000, 3_900_000, 0])
    assert list_of(praised, [0, 0, 0]) == [1, 2, 0]
    assert list_of(three_sellers(price_fen=[5_200, 5_000, 4_900]), [5, 5, 5]) == [2, 1, 0]


def test_ties_in_the_list_go_to_the_lower_id():
    assert list_of(three_sellers(), [2, 2, 2]) == [0, 1, 2]


def test_opportunists_post_the_greatest_turnover_while_it_pays():
    merchants = three_sellers(price_fen=[5_000, 6_000, 5_500])
    catalogue, start = np.arange(3, dtype=np.int32), np.array([0, 3, 3])
    recent = np.array([10, 8, 9])
    assert best_paying(merchants, catalogue, start, recent, 0.06).tolist() == [0, -1]
    assert best_paying(merchants, catalogue, start, recent, 0.0).tolist() == [-1, -1]
    assert best_paying(merchants, catalogue, start, 0 * recent, 0.06).tolist() == [-1, -1]


def test_slots_are_seen_less_the_lower_they_are():
    assert slot_click_prob(Scenario(), 3) == pytest.approx([0.5, 0.325, 0.21125])
    assert len(slot_click_prob(Scenario(), 0)) == 0
