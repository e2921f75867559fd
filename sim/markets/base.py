"""What a market has to say: how money moves and what is sold, never how people choose.

A market has one side, or two that stand side by side: platforms with terms of their own, between
which people and merchants choose.
"""

from __future__ import annotations

from typing import Protocol

from sim.money import FEN_PER_YUAN
from sim.rules.rewards import MarketTerms
from sim.scenario import Scenario

#: Running costs of a platform are stated for this many members.
MEMBERS_PER_RUNNING_COST = 10_000


class Side(Protocol):
    """One platform; the tests in ``tests/markets`` hold for every one."""

    @property
    def name(self) -> str:
        """Name of the platform, as in ``screening.markets``."""

    def terms(self, scenario: Scenario, week: int) -> MarketTerms:
        """Rates, slots and frictions of ``week``, as shares of the price where they are rates."""

    def screens(self, scenario: Scenario) -> bool:
        """Whether merchants are audited before and after admission, and bad orders refunded."""

    def running_cost_fen(self, scenario: Scenario, members: int, orders: int) -> int:
        """Cost of running the platform for a week, in fen."""


class Market(Protocol):
    """One way for goods to find people; the tests in ``tests/markets`` hold for every one."""

    @property
    def name(self) -> str:
        """Name of the market, as in ``--market`` and in the tables."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """Its platforms: one, or a sharing side and an ad side."""


class OneSided:
    """A market that is one platform."""

    @property
    def sides(self) -> tuple[Side, ...]:
        """The platform."""
        return (self,)  # type: ignore[return-value]


def free_terms(scenario: Scenario, name: str) -> MarketTerms:
    """Terms of a market that takes and gives nothing; each market replaces what it does.

    Refunds go with screening, which the scenario can give to any market.
    """
    return MarketTerms(
        sender_rate=0.0,
        receiver_rate=0.0,
        rebate_rate=0.0,
        levels=0,
        level_decay=1.0,
        disclosed=0,
        post_friction=0.0,
        n_slots=0,
        fee_rate=0.0,
        commission_rate=0.0,
        refunds=int(screens(scenario, name)),
        self_referral_guard=1,
    )


def screens(scenario: Scenario, name: str) -> bool:
    """Whether the scenario has the market of that name screen its merchants."""
    return name in scenario.screening.markets


def cost_fen(week_yuan: float, order_yuan: float, members: int, orders: int) -> int:
    """Running cost of a week, in fen: per 10,000 members, and per order."""
    yuan = week_yuan * members / MEMBERS_PER_RUNNING_COST + order_yuan * orders
    return round(yuan * FEN_PER_YUAN)
