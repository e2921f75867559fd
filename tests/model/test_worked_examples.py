"""Two or three people and one merchant, so that every consequence can be counted by hand.

Ann (0) is a member and buys in week 0. Bo (1) trusts Ann, is no member and needs things from
week 1 on; Cy (2) trusts Bo and needs things from week 2 on. Everybody wants whatever they see,
and luck is all but taken out: posts are always written, read, believed and remembered.
"""

import numpy as np
import pytest

from sim.markets import MARKETS
from sim.model import MarketModel
from sim.money import share_of_fen, split_fen
from sim.network import build_network
from sim.scenario import Scenario
from sim.world.columns import MUTED, NOBODY, SHARE
from sim.world.world import build_world, rate_micro

ANN, BO, CY = range(3)
SHOP = 0
TIE_TO_ANN = 3  # behind the rows in which Ann, who trusts nobody, may follow leaders
ALWAYS, NEVER = 10.0, 0.0
CERTAIN = {
    "network.directed": "yes",
    "demand.n_categories": 1,
    "demand.base_value_yuan": 1000.0,
    "demand.price_sensitivity_log_sd": 0.0,
    "belief.initial_market_belief": 0.5,
    "belief.own_precision": 10_000.0,
    "belief.insight_log_sd": 0.0,
    "sharing.posting_intercept": 20.0,
    "sharing.memory_weeks": 1,
    "sharing.posting_intercept_sd": 0.0,
    "sharing.opportunist_share": 0.0,
    "sharing.annoyance": 0.0,
    "sharing.fatigue": 0.0,
    "sharing.inflation_max": 0.0,
    "sharing.sincerity_kappa_inner": 0.0,
    "sharing.sincerity_kappa_outer": 0.0,
    "sharing.invite_prob": 0.0,
    "trust.general_trust_mean": 1.0,
    "trust.general_trust_sd": 0.0,
    "trust.layer_trust_inner": 1.0,
    "trust.layer_trust_outer": 1.0,
    "merchants.n_applicants": 1,
    "merchants.initial_per_category": 1,
    "merchants.cash_weeks": 1000.0,
    "merchants.price_interval_weeks": 1000,
    "merchants.quality_interval_weeks": 1000,
    "screening.markets": [],
    "screening.admit_share": 1.0,
    "referral.reward_rate": 0.1,
    "referral.fee_rate": 0.05,
    "referral.rebate_rate": 0.0,
    "ads.external_link_friction": 0.0,
    "ads.n_slots": 0,
}
BAD, GOOD = 0.0, 1.0


class Story:
    """A model to be stepped by hand, told each week who needs something."""

    def __init__(self, folder, engine, market="referral", quality=GOOD, **values):
        file = folder / "ties.csv"
        file.write_text("1,0\n2,1\n")  # Bo trusts Ann, Cy trusts Bo
        changes = {key.replace("__", "."): value for key, value in values.items()}
        scenario = Scenario().with_values(CERTAIN | {"network.file": str(file)} | changes)
        self.world = build_world(scenario, build_network(scenario, 5), 5)
        self.people, self.ties = self.world.consumers, self.world.ties
        self.people.member[:] = [True, False, False]
        self.people.joined_week[:] = [0, -1, -1]
        self.make(quality)
        self.world.platform.member_rate_micro[0] = rate_micro(np.array([ALWAYS]))[0]
        self.model = MarketModel(
            scenario, market=market, rng=5, engine=engine, trace=True, world=self.world
        )
        assert self.world.merchants.active.tolist() == [True]

    def make(self, quality):
        """Let the merchant sell this quality from now on."""
        self.world.merchants.quality[:] = quality
        self.world.merchants.quality_level[:] = round(4 * quality)

    def silence(self, person):
        """Let this person never post."""
        self.people.sharing_propensity[person] = -100.0

    def week(self, *needy):
        """Live a week in which these people need something."""
        rates = self.people.purchase_rate
        rates[:] = NEVER
        rates[list(needy)] = ALWAYS
        self.model.step()
        self.tables = self.model.tables()
        return self

    def last(self, name, week=None):
        """Rows of a table that the last week left."""
        table = self.tables[name]
        return table[table["week"] == (self.model.week if week is None else week)]

    def paid(self, purpose):
        """(payee, fen) of every transfer of the last week for that purpose."""
        rows = self.last("transfers")
        rows = rows[rows["purpose"] == purpose]
        return list(zip(rows["payee"].tolist(), rows["amount_fen"].tolist(), strict=True))


@pytest.fixture(params=["mesa", "array"])
def story(request, tmp_path):
    def begin(market="referral", quality=GOOD, **values):
        return Story(tmp_path, request.param, market, quality, **values)

    return begin


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


def test_trust_rises_with_a_useful_recommendation(story):
    then = story(trust__layer_trust_outer=0.6, trust__layer_trust_inner=0.6).week(ANN).week(BO)
    (order,) = then.last("orders").itertuples()
    assert order.sharer == ANN
    before, after = then.tables["weekly"]["mean_tie_trust"]
    # Of the two ties, Bo's to Ann rises from .6 to (4 x .6 + 1)/(4 + 1), all but a little that
    # general trust cannot rise further from 1.
    assert before == pytest.approx(0.6)
    assert after == pytest.approx((0.6 + 3.4 / 5) / 2)


def test_who_recommends_what_turns_out_bad_is_trusted_less_and_loses_credit(story):
    then = story(trust__streak_length=1).week(ANN)
    then.people.credit_milli[ANN] = 5000
    then.make(BAD)
    then.week(BO)
    (order,) = then.last("orders").itertuples()
    assert order.sharer == ANN
    assert then.ties.useful_milli[TIE_TO_ANN] == 0
    assert then.ties.useless_milli[TIE_TO_ANN] == 2000  # one useless recommendation weighs twice
    assert then.people.credit_milli[ANN] == 3000 * then.model.terms.reputation.keep_65536 >> 16
    assert then.people.general_trust[BO] < 1.0
    # Bo now warns Cy, unpaid.
    warning = then.last("shares").iloc[-1]
    assert (warning["sharer"], warning["rewarded"]) == (BO, False)


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


def test_a_muted_friends_rewarded_post_is_not_read(story):
    # Trust is .9 and below the threshold of Bo, who muted Ann's commercial posts before.
    doubtful = {"trust__layer_trust_outer": 0.9, "trust__layer_trust_inner": 0.9}
    doubtful |= {"sharing__mute_threshold_mean": 1.0, "sharing__mute_threshold_sd": 0.0}
    for market, n_reads in (("referral", 0), ("control", 1)):
        then = story(market, **doubtful).week(ANN)
        then.ties.marks[TIE_TO_ANN] |= MUTED
        then.week(BO)
        assert len(then.tables["exposures"]) == n_reads
        assert len(then.last("orders")) == n_reads
        assert then.ties.marks[TIE_TO_ANN] & MUTED


def test_a_muted_friend_is_heard_again_when_trusted_again(story):
    then = story(sharing__mute_threshold_mean=0.5, sharing__mute_threshold_sd=0.0).week(ANN)
    then.ties.marks[TIE_TO_ANN] |= MUTED
    then.week(BO)
    assert len(then.tables["exposures"]) == 1
    assert not then.ties.marks[TIE_TO_ANN] & MUTED


def test_rewarded_posts_wear_a_tie_until_it_is_muted(story):
    then = story(
        sharing__annoyance=1.0, sharing__mute_threshold_mean=0.85, sharing__mute_threshold_sd=0.0
    ).week(ANN)
    then.week(ANN)
    # One read at a cut of 10 %: one piece of useless evidence, trust 4/(4 + 1) = .8.
    assert then.ties.useless_milli[TIE_TO_ANN] == 1000
    assert then.ties.marks[TIE_TO_ANN] & MUTED
    then.week()
    assert len(then.tables["exposures"]) == 1


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


def test_a_ban_stops_rewards_and_not_the_post(story):
    then = story(shocks__host_ban_week=1, shocks__host_ban_weeks=1).week(ANN).week(BO)
    (order,) = then.last("orders").itertuples()
    assert order.sharer == ANN
    assert then.paid("reward") == []
    assert not then.last("shares")["rewarded"].any()


def test_leaders_appear_are_looked_up_and_lose_their_rank(story):
    then = story(
        trust__leader_share=0.5,
        trust__leader_min_points=1,
        trust__streak_length=1,
        trust__credit_half_life_weeks=2.0,
        sharing__leader_lookup_prob=1.0,
        demand__looks=3,
        demand__catalogue_looks=0,
        demand__ranked_examine_prob=0.0,
    ).week(ANN)
    then.silence(BO)
    assert then.people.tier.tolist() == [0, 0, 0]
    then.week(ANN, BO)
    assert then.people.tier.tolist() == [3, 0, 0]  # two points, of which most are left
    # Cy does not trust Ann, but looks her up as soon as a member.
    then.people.member[CY], then.people.joined_week[CY] = True, 1
    then.week(CY)
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.sharer) == (CY, ANN)
    assert (order.channel, order.tie_layer) == ("leader", NOBODY)
    assert then.people.tier[ANN] == 3
    for _ in range(12):
        then.week()
    assert then.people.tier.tolist() == [0, 0, 0]


@pytest.mark.parametrize("catalogue_looks", [0, 1])
def test_a_leaders_warning_sends_nobody_and_informs_who_looks_anyway(story, catalogue_looks):
    then = story(
        quality=BAD,
        sharing__leader_lookup_prob=1.0,
        demand__looks=3,
        demand__catalogue_looks=catalogue_looks,
        demand__ranked_examine_prob=0.0,
        reviews__review_prob=0.0,
    ).week(ANN)
    then.people.tier[ANN] = 3
    then.people.member[CY], then.people.joined_week[CY] = True, 0
    then.week(CY)
    by_friend, by_stranger = then.last("exposures").itertuples()
    assert (by_friend.consumer, by_friend.channel) == (BO, "share")
    assert (by_stranger.consumer, by_stranger.channel) == (CY, "leader")
    assert not (by_friend.bought or by_stranger.bought)
    # Nothing else is on sale, so the catalogue leads Cy to it all the same.
    (order,) = then.last("orders").itertuples()
    assert (order.consumer, order.channel, order.share) == (CY, "catalogue", NOBODY)
    assert order.expected_quality < 0.25  # without the warning 0.5


def test_a_useful_leader_is_followed(story):
    then = story(
        trust__leader_share=0.5,
        trust__leader_min_points=1,
        trust__streak_length=1,
        sharing__leader_lookup_prob=1.0,
        sharing__follow_prob=1.0,
        demand__ranked_examine_prob=0.0,
        demand__catalogue_looks=0,
    )
    then.silence(BO)
    then.week(ANN).week(ANN, BO)
    then.people.member[CY], then.people.joined_week[CY] = True, 1
    then.week(ANN, CY)
    assert then.ties.followed[CY].tolist() == [ANN, NOBODY, NOBODY]
    assert then.people.followers.tolist() == [2, 1, 0]
    then.week()
    followed = then.last("exposures").query("consumer == @CY and sharer == @ANN")
    assert followed["tie_layer"].tolist() == [3]


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
