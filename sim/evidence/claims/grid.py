"""The cells of a map, in the scenario it is asked in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import product
from typing import NamedTuple

from sim.evidence.assumed import idle_keys
from sim.evidence.claims.statement import Axis, Claim, Map, Setting
from sim.parameters import Value
from sim.scenario import Scenario

#: What differs from the scenario, as pairs in order, so that it can be a key.
Settings = tuple[tuple[str, Value], ...]


class Place(NamedTuple):
    """A cell of a map: its step on every axis, what is set there, and in what it is held against.

    It is judged where the claim speaks of it, and where it is not what it is held against.
    """

    at: tuple[int, ...]
    settings: Settings
    reference: Settings | None
    is_judged: bool


def maps_of(claim: Claim, scenario: Scenario) -> list[Map]:
    """The maps of a claim with the axes and steps that make a difference in the scenario.

    An axis without effect there is left out, and a step that sets what another one sets.
    """
    idle = idle_keys(scenario)
    return [found for asked in claim.maps if (found := _of_effect(asked, scenario, idle)).axes]


def places(asked: Map, scenario: Scenario) -> list[Place]:
    """Every cell of a map, the step on the last axis changing fastest."""
    return [
        _place(asked, at, scenario)
        for at in product(*(range(len(axis.steps)) for axis in asked.axes))
    ]


def _of_effect(asked: Map, scenario: Scenario, idle: set[str]) -> Map:
    kept = [
        number
        for number, axis in enumerate(asked.axes)
        if not any(key in idle for step in axis.steps for key in step.settings(scenario))
    ]
    against = asked.reference
    if against is not None:
        against = against._replace(settings=tuple(against.settings[k] for k in kept))
    axes = tuple(_without_repeats(asked.axes[k], scenario) for k in kept)
    return replace(asked, axes=axes, reference=against)


def _without_repeats(axis: Axis, scenario: Scenario) -> Axis:
    first: dict[Settings, int] = {}
    for number, step in enumerate(axis.steps):
        first.setdefault(_together([step.settings], scenario), number)
    return axis._replace(steps=tuple(axis.steps[number] for number in first.values()))


def _place(asked: Map, at: tuple[int, ...], scenario: Scenario) -> Place:
    steps = [axis.steps[k].settings for axis, k in zip(asked.axes, at, strict=True)]
    settings, reference = _together(steps, scenario), None
    if asked.reference is not None:
        pairs = zip(asked.reference.settings, steps, strict=True)
        reference = _together([step if kept is None else kept for kept, step in pairs], scenario)
    cell, against = (scenario.with_values(dict(each or ())) for each in (settings, reference))
    is_judged = settings != reference and asked.speaks_of(cell, against)
    return Place(at, settings, reference, is_judged)


def _together(steps: Iterable[Setting], scenario: Scenario) -> Settings:
    """What all these set that is not so in the scenario already."""
    usual = scenario.values()
    found = {key: value for step in steps for key, value in step(scenario).items()}
    return tuple(sorted((key, value) for key, value in found.items() if value != usual[key]))
