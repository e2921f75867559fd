"""The ad platform: merchants bid for slots and pay a commission; links from outside work badly."""

from __future__ import annotations

from sim.markets import base
from sim.rules.rewards import MarketTerms
from sim.scenario import Scenario


class Ads(base.OneSided):
    """A market that sells places before people's eyes, by auction."""

    name = "ads"

    def terms(self, scenario: Scenario, week: int) -> MarketTerms:
        """Slots on sale, commission as a share of the price, share of friends' links cut off."""
        ads = scenario.ads
        return base.free_terms(scenario, self.name)._replace(
            n_slots=ads.n_slots,
            commission_rate=ads.commission_rate,
            post_friction=ads.external_link_friction,
        )

    def screens(self, scenario: Scenario) -> bool:
        """Whether the scenario has the ad platform screen its merchants."""
        return base.screens(scenario, self.name)

    def running_cost_fen(self, scenario: Scenario, members: int, orders: int) -> int:
        """Cost of running the ad platform for a week, in fen."""
        ads = scenario.ads
        return base.cost_fen(
            ads.running_cost_week_yuan, ads.running_cost_order_yuan, members, orders
        )
