"""What a post that sells earns, and whom, counted by hand for three people."""

import math

import pytest

from sim import draws
from sim.measures.summary import outcomes_of_run
from sim.money import share_of_fen, split_fen
from sim.world.columns import NOBODY, SHARE
from tests.model.three_people import ANN, BAD, BO, CY, SHOP, TIE_TO_ANN


def test_anns_post_makes_bo_buy(story):
    then = story().week(ANN)
    (share,) = then.tables["shares"].itertuples()
    assert (share.sharer, share.kind, share.rewarded, share.source_order) == (
        ANN,
        "product",
        True,
        0,
    )
    assert then.paid("reward") == []
    then.week(BO)
    (read,) = then.tables["exposures"].itertuples()
    assert (read.week, read.consumer, read.sharer, read.share, read.bought) == (1, BO, ANN, 0, True)
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.merchant, order.channel) == (BO, SHOP, "share")
    assert (order.share, order.sharer) == (share.share, ANN)
    assert then.paid("reward") == [(ANN, share_of_fen(order.price_fen, 0.1))]
    assert then.paid("fee") == [(NOBODY, share_of_fen(order.price_fen, 0.05))]
    assert then.people.cash_fen[ANN] == (
        share_of_fen(order.price_fen, 0.1) - then.tables["orders"]["price_fen"][0]
    )
    # The experience bore out the statement: one piece of useful evidence, one point of credit.
    assert then.ties.useful_milli[TIE_TO_ANN] == 1000
    assert then.ties.useless_milli[TIE_TO_ANN] == 0
    assert then.people.streak[ANN] == 1
    assert then.people.member[BO]
    assert then.people.joined_share[BO] == share.share
    cascade = then.tables["cascades"].set_index("root_share").loc[share.share]
    assert (cascade["size"], cascade["depth"], cascade["orders"]) == (2, 1, 1)


def test_a_post_takes_the_least_reward_for_which_it_would_have_been_written(story):
    then = story()
    people, platform = then.people, then.world.platform
    people.sharing_propensity[ANN], people.money_response[ANN] = -10.0, 5.0
    platform.rewarded_posts[0] = platform.rewarded_orders[0] = 1000  # an order a post of late
    then.week(ANN)
    (share,), (order,) = (then.tables[name].itertuples() for name in ("shares", "orders"))
    gap = order.experienced_quality - people.market_belief[ANN]
    unpaid = -10.0 + then.model.terms.sharing.delight_slope * gap
    u = draws.uniform(5, ANN, SHOP, 0, draws.POSTING)
    # The reward at which the log-odds of posting are those of the luck drawn.
    reward = math.exp((math.log(u / (1.0 - u)) - unpaid) / 5.0) - 1.0
    assert share.effort_fen == round(100.0 * reward) > 0
    assert then.tables["weekly"]["posting_effort_fen"].tolist() == [share.effort_fen]


def test_without_a_reward_households_gain_net_what_they_gain_gross(story):
    then = story(referral__reward_rate=0.0).week(ANN).week(BO)
    assert len(then.tables["shares"]) == 2
    found = outcomes_of_run(then.tables["weekly"], 0, 3)
    assert found["household_gain_net_fen"] == found["household_gain_fen"] != 0


def test_a_refunded_order_earns_nothing(story):
    then = story(
        screening__markets=["referral"],
        screening__refund_prob_worst=1.0,
        referral__rebate_rate=0.05,
    ).week(ANN)
    assert not then.last("orders")["refunded"].any()
    spent = then.people.cash_fen[ANN]
    then.make(BAD)
    then.week(BO)
    (order,) = then.last("orders").itertuples()
    assert order.refunded
    assert (order.sharer, order.surplus_fen) == (ANN, 0)
    for purpose in ("reward", "fee", "rebate_funding"):
        assert then.paid(purpose) == []
    assert then.paid("refund") == [(BO, order.price_fen)]
    assert then.people.cash_fen[[ANN, BO]].tolist() == [spent, 0]
    assert then.people.wallet_fen[BO] == 0
    # Who sent the goods back warns of them, for nothing.
    (warning,) = then.last("shares").itertuples()
    assert not warning.rewarded
    assert warning.stated_quality < 0.05


def test_a_rebate_is_credited_and_spent_on_the_next_purchase(story):
    then = story(referral__rebate_rate=0.05).week(ANN)
    price = int(then.tables["orders"]["price_fen"][0])
    credit = share_of_fen(price, 0.05)
    assert then.people.wallet_fen[ANN] == credit
    then.week(ANN)
    assert then.paid("rebate") == [(ANN, credit)]
    assert then.people.wallet_fen[ANN] == credit  # that of the second purchase
    assert then.people.cash_fen[ANN] == -price - (price - credit)


def test_the_receiver_has_a_part_of_the_reward(story):
    then = story(referral__receiver_share=0.5).week(ANN).week(BO)
    (order,) = then.last("orders").itertuples()
    half = share_of_fen(order.price_fen, 0.05)
    assert then.paid("reward") == [(ANN, half)]
    assert then.people.wallet_fen[BO] == half


def test_two_levels_divide_the_reward_between_bo_and_ann(story):
    then = story(referral__levels=2, referral__level_decay=0.5).week(ANN).week(BO).week(CY)
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.sharer) == (CY, BO)
    parts = split_fen(share_of_fen(order.price_fen, 0.1), [2, 1])
    assert dict(then.paid("reward")) == {BO: parts[0], ANN: parts[1]}
    cascade = then.tables["cascades"].set_index("root_share").loc[0]
    assert (cascade["size"], cascade["depth"], cascade["max_breadth"]) == (3, 2, 1)
    assert cascade["structural_virality"] == pytest.approx(4 / 3)


@pytest.mark.parametrize("market", ["control", "ads"])
def test_elsewhere_the_same_post_brings_the_same_purchase_and_no_money(story, market):
    then = story(market).week(ANN).week(BO)
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.channel, order.sharer) == (BO, "share", ANN)
    assert not then.tables["shares"]["rewarded"].any()
    assert then.paid("reward") == []
    assert then.ties.useful_milli[TIE_TO_ANN] == 1000


def test_a_ban_stops_rewards_and_not_the_post(story):
    then = story(shocks__host_ban_week=1, shocks__host_ban_weeks=1).week(ANN).week(BO)
    (order,) = then.last("orders").itertuples()
    assert order.sharer == ANN
    assert then.paid("reward") == []
    assert not then.last("shares")["rewarded"].any()


def test_without_the_guard_ann_buys_through_her_own_post(story):
    for guard, reward in ((True, 0), (False, 1)):
        then = story(referral__self_referral_guard=guard).week(ANN).week(ANN)
        (order,) = then.last("orders").itertuples()
        assert (order.sharer == ANN) == bool(reward)
        assert len(then.paid("reward")) == reward
        assert then.people.credit_milli[BO] == 0


def test_orders_stand_in_the_world_as_in_the_table(story):
    then = story().week(ANN).week(BO)
    orders = then.model.flows.orders
    assert orders.channel.tolist() == [SHARE]
    assert orders.tie.tolist() == [TIE_TO_ANN]
