"""Two sides of a market, worked by hand: what is remembered of a side, and who looks where."""

import pytest

from sim.rules import choice
from sim.rules.sides import AD_SIDE, SHARING_SIDE
from tests.model.three_people import ANN, BAD, BO, CY, GOOD, SHOP


@pytest.mark.parametrize("quality", [BAD, GOOD])
def test_a_purchase_is_remembered_of_the_side_where_it_was_made(story, quality):
    then = story("hybrid", quality=quality, hybrid__gain_rate=0.25).week(ANN)
    (order,) = then.tables["orders"].itertuples()
    model, people, shop = then.model, then.people, then.world.merchants
    match = choice.match_value(
        choice.taste_distance2(
            people.taste_x[ANN], people.taste_y[ANN], shop.taste_x[SHOP], shop.taste_y[SHOP]
        )
    )
    lived = choice.true_utility(
        people.price_sensitivity[ANN],
        order.price_fen / 100,
        order.experienced_quality,
        match,
        model.terms.choice,
    )
    gain = model.world.consumers.side_gain
    assert gain[ANN, SHARING_SIDE] == pytest.approx(0.25 * lived, rel=1e-12)
    assert gain[ANN, AD_SIDE] == 0.0
    then.week(ANN)
    again = then.last("orders")["experienced_quality"].item() - order.experienced_quality
    second = lived + model.terms.choice.quality_value * again
    assert gain[ANN, SHARING_SIDE] == pytest.approx(0.4375 * lived + 0.25 * (second - lived))


def test_who_looks_on_the_other_side_does_not_find_what_is_sold_on_this_one(story):
    then = story("hybrid", hybrid__reconsider_prob=0.0)
    then.model.world.consumers.side[ANN] = AD_SIDE
    assert len(then.week(ANN).tables["orders"]) == 0
    then.model.world.consumers.side[ANN] = SHARING_SIDE
    assert len(then.week(ANN).tables["orders"]) == 1


def test_habits_and_friends_lead_across(story):
    then = story("hybrid", hybrid__reconsider_prob=0.0).week(ANN)
    then.model.world.consumers.side[:] = AD_SIDE
    then.week(ANN, 1)
    assert then.last("orders")["channel"].tolist() == ["habit", "share"]


def test_a_side_that_was_worth_more_is_looked_at(story):
    then = story("hybrid", hybrid__reconsider_prob=1.0)
    people = then.model.world.consumers
    people.side_gain[ANN] = [0.0, 100.0]
    then.week(ANN)
    assert people.side[ANN] == AD_SIDE
    people.side_gain[ANN] = [100.0, 0.0]
    then.week(ANN)
    assert people.side[ANN] == SHARING_SIDE
    people.side_gain[ANN] = [0.0, 100.0]
    then.week()  # nobody without a need thinks of it
    assert people.side[ANN] == SHARING_SIDE


@pytest.mark.parametrize("side", [SHARING_SIDE, AD_SIDE])
def test_who_is_invited_looks_where_the_friend_looks(story, side):
    then = story("hybrid", sharing__invite_prob=1.0, sharing__join_prob=1.0)
    people = then.model.world.consumers
    people.side[:] = [side, 1 - side, 1 - side]
    then.week().week()
    assert people.member.tolist() == [True, True, False]
    assert people.side.tolist() == [side, side, 1 - side]
    then.week()
    assert people.side[CY] == side


def test_who_joins_with_a_purchase_looks_where_it_was_made(story):
    then = story("hybrid", hybrid__reconsider_prob=0.0).week(ANN)
    people = then.model.world.consumers
    people.side[:] = AD_SIDE  # the shop is on the sharing side
    then.week(BO)
    assert people.member.tolist() == [True, True, False]
    assert people.side.tolist() == [AD_SIDE, SHARING_SIDE, AD_SIDE]
