"""Runs held against patterns of the field: the document of `sharesim validate`.

At the scenario as it is, with an interval over seeds; and over its plausible region, a Latin
hypercube of all assumed parameters, of which the share is told that hits each band.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from sim.evidence.assumed import all_at_once, changes, smaller
from sim.evidence.measured_runs import MeasuredRuns, Wanted
from sim.evidence.patterns import PATTERNS, SHOWN, Pattern
from sim.evidence.run_numbers import NUMBERS
from sim.evidence.told import or_none, set_beside_name
from sim.experiments.progress import Progress
from sim.experiments.store import RunSpec, plain_values
from sim.experiments.versions import code_version
from sim.measures.differences import student_interval
from sim.scenario import Scenario


@dataclass(frozen=True)
class Reach:
    """How much is run."""

    replicates: int = 4
    """Seeds of the scenario as it is."""
    points: int = 32
    """Points of the plausible region, one seed each."""
    people: int = 6_000
    """Size of the world at these points, enough for V3."""
    weeks: int = 52
    """Length of the run there."""


class Asked(NamedTuple):
    """What a pattern asks of one seed: a run, and one of a second world where it names that."""

    as_it_is: Wanted
    changed: Wanted | None

    def value(self, runs: MeasuredRuns, number: str) -> float:
        """The number of the run; of two, how much more it is in the second; NaN undefined."""
        value = _number(runs, self.as_it_is, number)
        return value if self.changed is None else _number(runs, self.changed, number) - value


class Validation:
    """The runs of a validation, and what is made of them."""

    def __init__(
        self,
        scenario: Scenario,
        reach: Reach | None = None,
        patterns: Sequence[Pattern] = PATTERNS,
    ) -> None:
        self.scenario = scenario
        self.reach = reach or Reach()
        self.patterns = patterns
        self.region = smaller(scenario, self.reach.people, self.reach.weeks)
        self.points = all_at_once(self.reach.points, self.region) if self.reach.points else []

    def at_scenario(self, pattern: Pattern) -> list[Asked]:
        """What a pattern asks of each seed of the scenario as it is."""
        first = self.scenario.run.seed
        return [
            self._asked(pattern, self.scenario, seed)
            for seed in range(first, first + self.reach.replicates)
        ]

    def in_region(self, pattern: Pattern) -> list[Asked]:
        """What a pattern asks of each point of the plausible region."""
        return [
            self._asked(pattern, self.region.with_values(point), self.region.run.seed + number)
            for number, point in enumerate(self.points)
        ]

    def _asked(self, pattern: Pattern, world: Scenario, seed: int) -> Asked:
        market, traced = pattern.market, NUMBERS[pattern.number].traced
        as_it_is = Wanted(RunSpec(world, market, seed), traced)
        if pattern.changed is None:
            return Asked(as_it_is, None)
        other = world.with_values(pattern.changed(world))
        return Asked(as_it_is, Wanted(RunSpec(other, market, seed), traced))

    def judge(
        self, runs: MeasuredRuns, jobs: int | None = None, progress: Progress | None = None
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        """The document and its tables; the runs that are not known yet are made."""
        at_scenario = self._runs_of(self.at_scenario)
        runs.make([*at_scenario, *self._runs_of(self.in_region)], jobs, progress)
        rows = [self._row(pattern, runs) for pattern in self.patterns]
        counted = [row["hit"] for row in rows if row["use"] != SHOWN and row["hit"] is not None]
        document = {
            "scenario": self.scenario.name,
            "values": plain_values(self.scenario),
            "code": code_version(),
            "replicates": self.reach.replicates,
            "region": {
                "points": len(self.points),
                "n_consumers": self.region.population.n_consumers,
                "weeks": self.region.run.weeks,
                "design": "Latin hypercube over the plausible ranges of all assumed parameters",
            },
            "hits": sum(counted),
            "of": len(counted),
            "rows": rows,
            "runs": [
                {
                    "market": one.spec.market,
                    "seed": one.spec.seed,
                    "run_key": one.spec.key,
                    "traced": one.traced,
                    "settings": set_beside_name(one.spec.scenario),
                }
                for one in at_scenario
            ],
        }
        table = self._region_table(runs)
        return document, {"region": table} if len(table) else {}

    def _runs_of(self, asked_by: Callable[[Pattern], list[Asked]]) -> list[Wanted]:
        """Each run that a pattern asks for, once; traced where any of them needs the event log."""
        found: dict[str, Wanted] = {}
        for pattern in self.patterns:
            for one in _runs(asked_by(pattern)):
                before = found.get(one.spec.key, one)
                found[one.spec.key] = one._replace(traced=one.traced or before.traced)
        return list(found.values())

    def _row(self, pattern: Pattern, runs: MeasuredRuns) -> dict[str, Any]:
        asked = self.at_scenario(pattern)
        values = [one.value(runs, pattern.number) for one in asked]
        known = [value for value in values if not math.isnan(value)]
        value, low, high = student_interval(known)
        can_show = _can_show(self.scenario, pattern)
        return {
            "row": pattern.row,
            "name": pattern.name,
            "unit": pattern.unit,
            "market": pattern.market,
            "low": pattern.low,
            "high": pattern.high,
            "use": pattern.use,
            "source": pattern.source,
            "estimate": or_none(value),
            "interval_low": or_none(low),
            "interval_high": or_none(high),
            "n": len(known),
            "hit": pattern.low <= value <= pattern.high if can_show else None,
            "sentence": _sentence(pattern, value, can_show),
            "share_of_region_hitting": self._share(pattern, runs),
            "runs": [one.spec.key for one in _runs(asked)],
            "by_seed": [or_none(value) for value in values],
        }

    def _share(self, pattern: Pattern, runs: MeasuredRuns) -> float | None:
        """Share of the points at which the row hits; where nothing is sold it misses."""
        if not self.points or not _can_show(self.region, pattern):
            return None
        values = [one.value(runs, pattern.number) for one in self.in_region(pattern)]
        return sum(pattern.low <= value <= pattern.high for value in values) / len(values)

    def _region_table(self, runs: MeasuredRuns) -> pd.DataFrame:
        """One row a point and pattern that these worlds can show: value, whether it hits, runs."""
        rows = []
        for pattern in self.patterns:
            if not _can_show(self.region, pattern):
                continue
            asked = self.in_region(pattern)
            for number, (point, one) in enumerate(zip(self.points, asked, strict=True)):
                value = one.value(runs, pattern.number)
                rows.append(
                    {
                        "point": number,
                        "row": pattern.row,
                        "value": value,
                        "hit": pattern.low <= value <= pattern.high,
                        "market": pattern.market,
                        "seed": one.as_it_is.spec.seed,
                        "run_key": " ".join(run.spec.key for run in _runs([one])),
                        "settings": str(changes(point)),
                    }
                )
        return pd.DataFrame(rows)


def _runs(asked: Sequence[Asked]) -> list[Wanted]:
    """The runs of the world as it is, and after them those of a second one."""
    changed = [one.changed for one in asked if one.changed is not None]
    return [one.as_it_is for one in asked] + changed


def _number(runs: MeasuredRuns, one: Wanted, number: str) -> float:
    return (runs.of(one) or {}).get(number, math.nan)


def _can_show(scenario: Scenario, pattern: Pattern) -> bool:
    return scenario.population.n_consumers > pattern.least_people


def _sentence(pattern: Pattern, value: float, can_show: bool) -> str:
    if not can_show:
        return f"A world of at most {pattern.least_people:,} people cannot show it."
    if math.isnan(value):
        return "It is not defined here: nothing of the kind happened."
    if value < pattern.low:
        return pattern.too_low
    return pattern.too_high if value > pattern.high else pattern.within
