"""Rewards: who gets what, and when a scheme is a pyramid."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import rewards
from sim.rules.rewards import MarketTerms

TERMS = MarketTerms(
    sender_rate=0.045,
    receiver_rate=0.015,
    rebate_rate=0.02,
    levels=1,
    level_decay=0.5,
    disclosed=1,
    post_friction=0.0,
    n_slots=0,
    fee_rate=0.02,
    commission_rate=0.0,
    refunds=1,
    self_referral_guard=1,
)


def test_a_reward_of_six_percent_of_which_the_buyer_gets_a_quarter():
    assert rewards.sender_cut(TERMS) == 0.045
    assert rewards.reward_cut(TERMS) == pytest.approx(0.06)
    assert rewards.receiver_share(TERMS) == pytest.approx(0.25)
    assert rewards.is_rewarded(TERMS)


@pytest.mark.parametrize("change", [{"levels": 0}, {"sender_rate": 0.0}])
def test_no_levels_or_no_rate_pay_the_sharer_nothing(change):
    terms = TERMS._replace(**change)
    assert rewards.sender_cut(terms) == 0.0
    assert rewards.reward_cut(terms) == terms.receiver_rate
    assert rewards.is_rewarded(terms)  # the buyer still gets a part


def test_a_market_without_rewards():
    terms = TERMS._replace(sender_rate=0.0, receiver_rate=0.0)
    assert not rewards.is_rewarded(terms)
    assert rewards.receiver_share(terms) == 0.0


def test_three_yuan_over_three_levels_that_halve():
    # Weights 4 : 2 : 1 of 300 fen: 171.4, 85.7, 42.9; the two odd fen go to the nearest sharer.
    assert rewards.split_over_levels(300, 3, 0.5) == (173, 85, 42)


def test_a_short_chain_divides_the_whole_reward():
    assert rewards.split_over_levels(300, 1, 0.5) == (300,)
    assert rewards.split_over_levels(300, 2, 0.0) == (300, 0)


@given(st.integers(0, 10**12), st.integers(1, 10), st.floats(0.0, 1.0))
def test_nothing_is_lost_and_nobody_above_gets_more(total, n_present, decay):
    parts = rewards.split_over_levels(total, n_present, decay)
    assert sum(parts) == total
    assert list(parts) == sorted(parts, reverse=True)


def test_thirty_people_in_three_levels_are_a_pyramid():
    assert rewards.pyramid_threshold(30, 3)
    assert not rewards.pyramid_threshold(29, 5)
    assert not rewards.pyramid_threshold(500, 2)


def test_only_without_a_guard_and_without_another_post_does_the_own_link_count():
    assert rewards.uses_own_link(0, 0)
    assert not rewards.uses_own_link(1, 0)
    assert not rewards.uses_own_link(0, 1)
