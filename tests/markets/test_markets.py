"""What sets the markets apart, in worked examples."""

import pytest

from sim.markets import market_named
from sim.rules.rewards import is_rewarded, receiver_share, sender_cut
from sim.scenario import Scenario

REFERRAL, ADS, CONTROL = (market_named(name) for name in ("referral", "ads", "control"))


def test_the_sharing_platform_rewards_and_the_others_do_not():
    scenario = Scenario().with_values({"referral.reward_rate": 0.1})
    assert sender_cut(REFERRAL.terms(scenario, 0)) == 0.1
    assert not is_rewarded(ADS.terms(scenario, 0))
    assert not is_rewarded(CONTROL.terms(scenario, 0))


def test_a_split_reward_costs_the_merchant_the_same():
    scenario = Scenario().with_values(
        {"referral.reward_rate": 0.1, "referral.receiver_share": 0.25}
    )
    terms = REFERRAL.terms(scenario, 0)
    assert terms.sender_rate == pytest.approx(0.075)
    assert terms.receiver_rate == pytest.approx(0.025)
    assert receiver_share(terms) == pytest.approx(0.25)


def test_a_ban_of_the_host_network_stops_rewards_while_it_lasts_and_nothing_else():
    scenario = Scenario().with_values({"shocks.host_ban_week": 10, "shocks.host_ban_weeks": 4})
    rewarded = [week for week in range(20) if is_rewarded(REFERRAL.terms(scenario, week))]
    assert rewarded == [*range(10), *range(14, 20)]
    during, before = REFERRAL.terms(scenario, 12), REFERRAL.terms(scenario, 9)
    assert during == before._replace(sender_rate=0.0, receiver_rate=0.0)


def test_a_ban_from_week_0_is_none():
    scenario = Scenario().with_values({"shocks.host_ban_week": 0, "shocks.host_ban_weeks": 4})
    assert is_rewarded(REFERRAL.terms(scenario, 0))


def test_only_the_ad_platform_sells_slots_and_cuts_links():
    for market, n_slots in ((ADS, 6), (REFERRAL, 0), (CONTROL, 0)):
        terms = market.terms(Scenario(), 0)
        assert terms.n_slots == n_slots
        assert (terms.post_friction > 0) == (terms.commission_rate > 0) == (n_slots > 0)


def test_the_heavy_and_the_light_platform():
    # 20,000 members and 1,000 orders: 2 x 2,000 + 500 yuan against 2 x 500 + 200.
    scenario = Scenario()
    assert ADS.running_cost_fen(scenario, 20_000, 1_000) == 450_000
    assert REFERRAL.running_cost_fen(scenario, 20_000, 1_000) == 120_000
    assert CONTROL.running_cost_fen(scenario, 20_000, 1_000) == 0
