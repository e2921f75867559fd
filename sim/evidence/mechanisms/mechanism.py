"""What is said of a mechanism."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

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
    counts: Callable[[Tables, Scenario], int]
    """Counts what it does, or what it takes away or adds to, in the tables of a traced run."""
    needs: Mapping[str, Any] = {}
    """Settings without which it has no occasion to fire often."""
    market: str = "referral"
    firing: Literal["counted", "missing", "added"] = "counted"
    """One of what is counted, or of what is less or more of it than where it is switched off."""

    def n_fired(self, on: Tables, off: Tables, scenario: Scenario) -> int:
        """Return how often it fired in a run, beside one on the same seed without it."""
        if self.firing == "counted":
            return self.counts(on, scenario)
        n_added = self.counts(on, scenario) - self.counts(off, scenario)
        return n_added if self.firing == "added" else -n_added
