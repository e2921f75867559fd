"""How many reviews are fake, and whose, on sellers made up for a few weeks."""

import math

import pandas as pd
import pytest

from sim.measures.fakes import fake_review_share, fakes_of_low_rated

COLUMNS = ["week", "merchant", "orders", "n_reviews", "mean_review", "active"]
#: Every second order is reviewed. In week 1 seller 0, rated worst, adds 3 fake reviews to 2 honest
#: ones, 1 and 2 add none, 3, rated best, adds 1 to 1. Seller 4 left before.
WEEKS = [
    (0, 0, 4, 2, 0.2, True),
    (0, 1, 4, 2, 0.4, True),
    (0, 2, 4, 2, 0.6, True),
    (0, 3, 4, 2, 0.8, True),
    (0, 4, 4, 9, 0.1, True),
    (1, 0, 4, 7, 0.9, True),
    (1, 1, 2, 3, 0.4, True),
    (1, 2, 2, 3, 0.6, True),
    (1, 3, 2, 4, 0.8, True),
    (1, 4, 0, 9, 0.1, False),
]


def low_share(rows, first=1):
    return fakes_of_low_rated(pd.DataFrame(rows, columns=COLUMNS), 0.5, first)


def test_fake_reviews_are_those_beyond_what_orders_explain():
    merchants = pd.DataFrame({"week": [0, 1, 1], "orders": [50, 40, 10], "n_reviews": [9, 30, 10]})
    assert fake_review_share(merchants, review_prob=0.3) == pytest.approx(0.25)
    assert math.isnan(fake_review_share(merchants.assign(n_reviews=0), 0.3))


def test_fakes_are_told_by_the_rating_before_them():
    # by the rating that they made, seller 0 would be of the upper half
    assert low_share(WEEKS) == pytest.approx(3 / 4)


def test_fakes_of_good_sellers_are_not_of_the_lower_half():
    turned = [(w, m, n, r, 1.0 - rating, active) for w, m, n, r, rating, active in WEEKS]
    assert low_share(turned) == pytest.approx(1 / 4)


def test_equals_in_the_middle_count_in_part():
    alike = [(w, m, n, r, 0.5, active) for w, m, n, r, _, active in WEEKS]
    assert low_share(alike) == pytest.approx(1 / 2)
    # of three the middle one counts half: seller 0 is low, 1 in the middle, 3 high
    three = [row for row in WEEKS if row[1] in (0, 1, 3)]
    assert low_share(three) == pytest.approx(3 / 4)
    middle_fakes = [row if row[:2] != (1, 1) else (1, 1, 2, 5, 0.4, True) for row in three]
    assert low_share(middle_fakes) == pytest.approx((3 + 2 / 2) / 6)


def test_sellers_without_a_rating_rank_lowest():
    # two newcomers of week 1: one with 2 fake reviews beside 1 honest one, one with no order yet
    new = [(1, 5, 2, 3, 0.9, True), (1, 6, 0, 0, math.nan, True)]
    # of six the lower three are the newcomers and seller 0
    assert low_share(WEEKS + new) == pytest.approx((3 + 2) / 6)


def test_weeks_before_the_first_are_left_out_and_sellers_who_left_are_in_no_half():
    # in week 0 nobody has a rating: all are equals, half of whose 7 fakes count as low
    assert low_share(WEEKS, first=0) == pytest.approx((7 / 2 + 3) / 11)


def test_without_fakes_there_is_no_share():
    honest = [(w, m, n, (w + 1) * 2, rating, True) for w, m, n, _, rating, _ in WEEKS[:4]]
    assert math.isnan(low_share(honest, first=0))
    assert math.isnan(low_share([]))
