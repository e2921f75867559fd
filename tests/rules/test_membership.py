"""Membership: who invites, who joins."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import membership

U = st.floats(2.0**-53, 1 - 2.0**-53)
UNIT = st.floats(0.0, 1.0)


def test_two_members_in_a_hundred_invite_in_a_week():
    assert membership.invites(0.019, 0.02)
    assert not membership.invites(0.02, 0.02)


def test_an_invitation_by_a_friend_trusted_at_half_works_half_as_often():
    assert membership.joins(0.14, 0.3, 0.5)
    assert not membership.joins(0.16, 0.3, 0.5)


@given(U, UNIT, UNIT, UNIT)
def test_more_trust_never_keeps_anybody_out(u, prob, trust, more):
    trust, more = sorted((trust, more))
    assert membership.joins(u, prob, trust) <= membership.joins(u, prob, more)


def test_nobody_joins_alone_where_nobody_does():
    assert not membership.joins_alone(2.0**-53, 0.0)


@pytest.mark.parametrize("rate", [0.02, 1.0])
def test_weeks_without_joining_are_exponential(rate):
    prob = 1.0 - math.exp(-rate)
    assert membership.joins_alone(prob - 1e-9, rate)
    assert not membership.joins_alone(prob + 1e-9, rate)
