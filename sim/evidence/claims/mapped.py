"""Where a claim holds: one of its parts judged in every cell of a map.

Each cell is judged by itself, at 95 %: a map tells where a boundary runs, not that what all its
cells say holds at once.
"""

from __future__ import annotations

from typing import Any

from sim.evidence.assumed import changes
from sim.evidence.claims.grid import Place, Settings, places
from sim.evidence.claims.plan import Cell, Plan, Values, arms_of
from sim.evidence.claims.statement import Map
from sim.evidence.claims.verdicts import judge_part
from sim.evidence.told import or_none


class Mapped:
    """One map: `document` of its cells, `table` with every seed."""

    def __init__(self, claim: str, asked: Map, plan: Plan, values: Values) -> None:
        self._asked, self._plan, self._values = asked, plan, values
        self._seeds = plan.seeds(plan.sizes.of_maps)
        self.table: list[dict[str, Any]] = []
        part, axes = asked.part, asked.axes
        self.document: dict[str, Any] = {
            "over": asked.over,
            "outcome": part.outcome,
            "unit": part.unit,
            "smallest_effect": part.smallest,
            "at_least": part.at_least,
            "why": part.why,
            "axes": [
                {"name": axis.name, "steps": [step.words for step in axis.steps]} for axis in axes
            ],
            "cells": [self._cell(claim, place) for place in places(asked, plan.worlds["whole"])],
        }

    def _cell(self, claim: str, place: Place) -> dict[str, Any]:
        part, sample = self._asked.part, self._sample(place)
        runs = [self._keys(place, seed) for seed in self._seeds]
        for seed, value, keys in zip(self._seeds, sample, runs, strict=True):
            self.table.append(
                {
                    "claim": claim,
                    "outcome": part.outcome,
                    "cell": " ".join(map(str, place.at)),
                    "seed": seed,
                    "value": value,
                    "runs": " ".join(keys),
                }
            )
        judged = judge_part(part, sample, self._plan.worlds["whole"].population.n_consumers)
        return {
            "at": list(place.at),
            "settings": changes(dict(place.settings)),
            "estimate": or_none(judged.estimate),
            "low": or_none(judged.low),
            "high": or_none(judged.high),
            "n": judged.n,
            "verdict": judged.verdict if place.is_judged else "told",
            "runs": [key for keys in runs for key in keys],
        }

    def _sample(self, place: Place) -> list[float]:
        """The number of each seed in a cell, less so much of that in what it is held against."""
        here = self._values.of(self._asked.part, self._seeds, settings=place.settings)
        if self._asked.reference is None or place.reference is None:
            return here
        there = self._values.of(self._asked.part, self._seeds, settings=place.reference)
        weight = self._asked.reference.weight
        return [one - weight * other for one, other in zip(here, there, strict=True)]

    def _keys(self, place: Place, seed: int) -> list[str]:
        """Keys of the runs behind one seed of a cell, each once."""
        settings: tuple[Settings, ...] = (place.settings,)
        if place.reference is not None:
            settings += (place.reference,)
        keys = [
            self._plan.wanted(Cell("whole", each, arm, self._seeds), seed).spec.key
            for each in settings
            for arm in arms_of([self._asked.part])
        ]
        return list(dict.fromkeys(keys))
