"""What is said of a mechanism."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sim.evidence.mechanisms.firings import Tables
from sim.scenario import Scenario


class Mechanism(NamedTuple):
    """One thing that the model does, and how to see that it does it."""

    name: str
    rule: Callable[..., Any]
    off: Mapping[str, Any]
    """Values of parameters with which the mechanism does nothing."""
    shows: str
    """Table and column that are another without it, as ``table.column``."""
    fired: Callable[[Tables, Scenario], int]
    """Counts how often it fired, in the tables of a traced run."""
    needs: Mapping[str, Any] = {}
    """Settings without which it has no occasion to fire often."""
    market: str = "referral"
