"""The ranked list and the weights of bids."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import ranking


def score(sold=10, review=0.5, gap=0.0):
    return ranking.rank_score(sold, review, gap, 2.0, 0.3, 0.42)


def test_a_product_nobody_bought_or_reviewed_at_the_usual_price_scores_the_log_of_a_half():
    assert score(sold=0) == pytest.approx(math.log(0.5))


def test_a_yuan_cheaper_lifts_the_score_by_a_third_of_its_utility():
    assert score(gap=-1.0) - score() == pytest.approx(0.3 * 0.42)


def test_better_reviews_lift_the_score():
    assert score(review=0.9) - score(review=0.4) == pytest.approx(1.0)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_sales_never_lower_the_score(a, b):
    low, high = sorted((a, b))
    assert score(sold=low) <= score(sold=high)


def test_few_reviews_say_little():
    # Two perfect reviews against ten that would have said a half: 7/12.
    assert ranking.shrunk_review(2_000_000, 2, 10.0) == pytest.approx(7 / 12)
    assert ranking.shrunk_review(0, 0, 10.0) == 0.5


def test_without_an_exponent_the_bid_alone_decides():
    assert ranking.click_quality(0.2, 0.0) == ranking.click_quality(0.9, 0.0) == 1.0
    assert ranking.click_quality(0.2, 1.0) == 0.2
    assert ranking.click_quality(0.0, 1.0) > 0.0
