"""Consumers: they read, weigh, buy, live what they bought, and learn whom to believe.

An agent is a row and verbs over the columns of that row. Every verb reads values frozen at the
start of its stage and writes only what belongs to this consumer (and, for whole-number sums that
do not depend on order, the counters of merchants).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim.agents.judge import Judge
from sim.agents.reader import Reader
from sim.agents.sharer import Sharer
from sim.agents.shopper import Shopper

if TYPE_CHECKING:
    from sim.model import MarketModel


class ConsumerAgent(mesa.Agent, Reader, Shopper, Judge, Sharer):
    """One consumer in all roles: reader, shopper, judge of what was bought, sharer."""

    def __init__(self, model: MarketModel, row: int):
        super().__init__(model)
        self.row = row
