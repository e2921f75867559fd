"""Whom a post reaches and whom an invitation brings, counted by hand for three people."""

import pytest

from sim.markets import MARKETS
from sim.world.columns import NOBODY
from tests.model.three_people import ANN, BAD, BO, CY


@pytest.mark.parametrize("market", MARKETS)
def test_a_warning_sends_nobody(story, market):
    then = story(market, quality=BAD).week(ANN)
    (warning,) = then.tables["shares"].itertuples()
    assert not warning.rewarded
    assert 0.0 <= warning.stated_quality < 0.5
    then.week(BO)
    (read,) = then.tables["exposures"].itertuples()
    assert (read.consumer, read.bought) == (BO, False)
    assert then.last("orders").empty
    assert not then.people.member[BO]


def test_who_is_no_member_sees_only_what_friends_pass_on(story):
    then = story().week(CY)
    assert then.tables["weekly"]["choices"].tolist() == [0]
    then.week(ANN).week(CY)  # Bo needed nothing and had nothing to say
    assert then.last("orders").empty


def test_last_weeks_post_is_forgotten_unless_memory_is_longer(story):
    assert story().week(ANN).week().week(BO).last("orders").empty
    then = story(sharing__memory_weeks=2).week(ANN).week().week(BO)
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.share) == (BO, 0)


def test_no_attention_no_reading(story):
    then = story(sharing__attention=0).week(ANN).week(BO)
    assert then.tables["exposures"].empty
    assert then.last("orders").empty


def test_an_invitation_brings_bo_in_and_bos_brings_cy_in(story):
    then = story(sharing__invite_prob=1.0, sharing__join_prob=1.0).week()
    (first,) = then.tables["shares"].itertuples()
    assert (first.kind, first.sharer, first.parent_share) == ("invitation", ANN, NOBODY)
    then.week()
    assert then.people.member.tolist() == [True, True, False]
    then.week()
    assert then.people.member.all()
    assert then.people.joined_share.tolist() == [NOBODY, 0, 1]
    assert then.people.joined_root.tolist() == [NOBODY, 0, 0]
    cascade = then.tables["cascades"].set_index("root_share").loc[0]
    assert (cascade["kind"], cascade["size"], cascade["depth"]) == ("invitation", 3, 2)
    then.week()
    assert then.last("shares").empty  # nobody is left to be invited


def test_invitations_earn_nothing_and_sell_nothing(story):
    then = story(sharing__invite_prob=1.0, sharing__join_prob=1.0).week().week().week()
    assert set(then.tables["exposures"]["channel"]) == {"share"}
    assert then.tables["orders"].empty
    assert then.tables["shares"]["reward_fen"].sum() == 0
