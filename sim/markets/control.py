"""The control: reviews, ranked list, catalogue and unpaid word of mouth, and nothing else."""

from __future__ import annotations

from sim.markets import base
from sim.rules.rewards import MarketTerms
from sim.scenario import Scenario


class Control(base.OneSided):
    """A market with neither rewards nor ads, which costs nothing to use or to run."""

    name = "control"

    def terms(self, scenario: Scenario, week: int) -> MarketTerms:
        """Nothing is taken, nothing is paid."""
        return base.free_terms(scenario, self.name)

    def screens(self, scenario: Scenario) -> bool:
        """Whether the scenario has the control screen its merchants."""
        return base.screens(scenario, self.name)

    def running_cost_fen(self, scenario: Scenario, members: int, orders: int) -> int:
        """0 fen: the control is a yardstick, not a business."""
        return 0
