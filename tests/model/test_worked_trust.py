"""How trust in a tie rises, falls and is muted, and who leads, counted by hand for three people."""

import pytest

from sim.world.columns import MUTED, NOBODY
from tests.model.three_people import ANN, BAD, BO, CY, TIE_TO_ANN


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


def test_a_friend_trusted_too_little_is_muted_though_rewards_annoy_nobody(story):
    doubtful = {"trust__layer_trust_outer": 0.9, "trust__layer_trust_inner": 0.9}
    doubtful |= {"sharing__mute_threshold_mean": 1.0, "sharing__mute_threshold_sd": 0.0}
    for market, muted in (("referral", True), ("control", False)):
        then = story(market, sharing__annoyance=0.0, **doubtful).week(ANN).week(BO)
        assert len(then.tables["exposures"]) == 1
        assert bool(then.ties.marks[TIE_TO_ANN] & MUTED) == muted


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
