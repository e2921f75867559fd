"""The cells of a map, in the scenario it is asked in."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from sim.evidence.assumed import idle_keys
from sim.evidence.claims.statement import Claim, Map, Values
from sim.parameters import Value
from sim.scenario import Scenario

#: What differs from the scenario, as pairs in order, so that it can be a key.
Settings = tuple[tuple[str, Value], ...]


class Place(NamedTuple):
    """A cell of a map: its step on every axis, what is set there, and without the first axis."""

    at: tuple[int, ...]
    settings: Settings
    usual: Settings


def places(asked: Map, scenario: Scenario) -> list[Place]:
    """Every cell of a map, the step on the last axis changing fastest."""
    found = []
    for at in product(*(range(len(axis.steps)) for axis in asked.axes)):
        steps = [axis.steps[k].settings(scenario) for axis, k in zip(asked.axes, at, strict=True)]
        found.append(Place(at, _together(steps), _together(steps[1:])))
    return found


def maps_of(claim: Claim, scenario: Scenario) -> list[Map]:
    """The maps of a claim of which everything that is varied has an effect in the scenario."""
    idle = idle_keys(scenario)
    return [
        asked
        for asked in claim.maps
        if not any(key in idle for place in places(asked, scenario) for key, _ in place.settings)
    ]


def _together(steps: Sequence[Values]) -> Settings:
    return tuple(sorted({key: value for step in steps for key, value in step.items()}.items()))
