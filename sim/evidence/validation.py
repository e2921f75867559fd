"""Runs held against patterns of the field: the document of `sharesim validate`.

At the scenario as it is, with an interval over seeds; and over its plausible region, a Latin
hypercube of all assumed parameters, of which the share is told that hits each band.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
        self.markets = list(dict.fromkeys(pattern.market for pattern in patterns))
        self.region = smaller(scenario, self.reach.people, self.reach.weeks)
        self.points = all_at_once(self.reach.points, self.region) if self.reach.points else []

    def at_scenario(self, market: str) -> list[Wanted]:
        """The runs of a market with the scenario as it is."""
        first = self.scenario.run.seed
        return [
            Wanted(RunSpec(self.scenario, market, seed), self._traced(market))
            for seed in range(first, first + self.reach.replicates)
        ]

    def in_region(self, market: str) -> list[Wanted]:
        """The runs of a market at the points of the plausible region."""
        return [
            Wanted(
                RunSpec(self.region.with_values(point), market, self.region.run.seed + number),
                self._traced(market),
            )
            for number, point in enumerate(self.points)
        ]

    def _traced(self, market: str) -> bool:
        asked = [pattern for pattern in self.patterns if pattern.market == market]
        return any(NUMBERS[pattern.number].traced for pattern in asked)

    def judge(
        self, runs: MeasuredRuns, jobs: int | None = None, progress: Progress | None = None
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        """The document and its tables; the runs that are not known yet are made."""
        wanted = [
            one
            for market in self.markets
            for one in (*self.at_scenario(market), *self.in_region(market))
        ]
        runs.make(wanted, jobs, progress)
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
                for market in self.markets
                for one in self.at_scenario(market)
            ],
        }
        table = self._region_table(runs)
        return document, {"region": table} if len(table) else {}

    def _row(self, pattern: Pattern, runs: MeasuredRuns) -> dict[str, Any]:
        wanted = self.at_scenario(pattern.market)
        values = [_number(runs, one, pattern.number) for one in wanted]
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
            "runs": [one.spec.key for one in wanted],
            "by_seed": [or_none(value) for value in values],
        }

    def _share(self, pattern: Pattern, runs: MeasuredRuns) -> float | None:
        """Share of the points at which the row hits; where nothing is sold it misses."""
        if not self.points or not _can_show(self.region, pattern):
            return None
        values = [_number(runs, one, pattern.number) for one in self.in_region(pattern.market)]
        return sum(pattern.low <= value <= pattern.high for value in values) / len(values)

    def _region_table(self, runs: MeasuredRuns) -> pd.DataFrame:
        """One row a point and pattern that these worlds can show: value, whether it hits, run."""
        rows = []
        for pattern in self.patterns:
            if not _can_show(self.region, pattern):
                continue
            wanted = self.in_region(pattern.market)
            for number, (point, one) in enumerate(zip(self.points, wanted, strict=True)):
                value = _number(runs, one, pattern.number)
                rows.append(
                    {
                        "point": number,
                        "row": pattern.row,
                        "value": value,
                        "hit": pattern.low <= value <= pattern.high,
                        "market": pattern.market,
                        "seed": one.spec.seed,
                        "run_key": one.spec.key,
                        "settings": str(changes(point)),
                    }
                )
        return pd.DataFrame(rows)


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
