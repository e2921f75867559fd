"""How documents of evidence write numbers, values and what a run is called by."""

from __future__ import annotations

import math
from typing import Any

from sim.evidence.assumed import changes
from sim.parameters import Value
from sim.parameters.problems import ScenarioError
from sim.scenario import Scenario, load_scenario

#: What a run is called by besides its settings.
_OF_EACH_RUN = ("run.seed", "run.replicates")


def set_beside_name(scenario: Scenario) -> dict[str, Any]:
    """What differs from the shipped scenario of that name, or from the defaults without one."""
    try:
        named = load_scenario(scenario.name)
    except ScenarioError:
        named = Scenario()
    usual = named.values()
    return changes(
        {
            key: value
            for key, value in scenario.values().items()
            if value != usual[key] and key not in _OF_EACH_RUN
        }
    )


def or_none(value: float) -> float | None:
    """The value, or None where it is not finite."""
    return value if math.isfinite(value) else None


def plain_value(value: Value) -> Any:
    """The value as it stands in JSON."""
    return list(value) if isinstance(value, tuple) else value
