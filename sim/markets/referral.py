"""The sharing platform: rewards for recommending, a rebate for buying, a fee for selling."""

from __future__ import annotations

from sim.markets import base
from sim.rules.rewards import MarketTerms
from sim.scenario import Scenario


class Referral(base.OneSided):
    """A market that pays people, not slots, for bringing buyers."""

    name = "referral"

    def terms(self, scenario: Scenario, week: int) -> MarketTerms:
        """Reward, rebate and fee as shares of the price; no reward while it is banned.

        Thanks in place of money are no reward: nobody here answers to them.
        """
        referral = scenario.referral
        paid = not (referral.symbolic or banned(scenario, week))
        reward_rate = referral.reward_rate if paid else 0.0
        return base.free_terms(scenario, self.name)._replace(
            sender_rate=reward_rate * (1.0 - referral.receiver_share),
            receiver_rate=reward_rate * referral.receiver_share,
            rebate_rate=referral.rebate_rate,
            levels=referral.levels,
            level_decay=referral.level_decay,
            disclosed=int(referral.disclosed),
            fee_rate=referral.fee_rate,
            self_referral_guard=int(referral.self_referral_guard),
        )

    def screens(self, scenario: Scenario) -> bool:
        """Whether the scenario has the sharing platform screen its merchants."""
        return base.screens(scenario, self.name)

    def running_cost_fen(self, scenario: Scenario, members: int, orders: int) -> int:
        """Cost of running the sharing platform for a week, in fen."""
        referral = scenario.referral
        return base.cost_fen(
            referral.running_cost_week_yuan, referral.running_cost_order_yuan, members, orders
        )


def banned(scenario: Scenario, week: int) -> bool:
    """Whether the host network bans rewarded sharing in ``week``; a ban from week 0 is none."""
    shocks = scenario.shocks
    first = shocks.host_ban_week
    return first > 0 and first <= week < first + shocks.host_ban_weeks
