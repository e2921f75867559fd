"""What the measures read of a running model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from sim.ledger import Ledger
from sim.measures.offer import Offer
from sim.rules.rewards import MarketTerms
from sim.rules.terms import Terms
from sim.scenario import Scenario
from sim.world.columns import F8
from sim.world.world import World

if TYPE_CHECKING:
    from sim.measures.ties import MeasuredTies


class Running(Protocol):
    """A model at the end of a week, its books closed."""

    scenario: Scenario
    seed: int
    week: int
    trace: bool
    market: Any
    """A market, of which the measures need no more than its ``name`` and those of its ``sides``."""
    side_terms: tuple[MarketTerms, ...]
    """What each side of the market takes and gives this week."""
    terms: Terms
    kept_shares: F8
    """What is left of evidence after 0, 1, 2 ... weeks."""
    world: World
    measured_ties: tuple[int, MeasuredTies]
    ledger: Ledger
    offer: Offer
    """What was on offer this week."""
    weekly: list[dict[str, Any]]
    """Rows of the weekly table so far."""
