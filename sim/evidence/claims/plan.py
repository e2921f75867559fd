"""Which runs the claims need: a union over all of them, so that each run is made once.

The arms of every claim are run whole on all seeds; again, on the first seeds, with each assumption
that favours a claim neutralised, and in every cell of its maps; and, in a smaller world, with every
parameter at each end of its plausible range.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.evidence.assumed import one_at_a_time, smaller
from sim.evidence.claims.arms import ARMS
from sim.evidence.claims.grid import Settings, maps_of, places
from sim.evidence.claims.statement import Claim, Part
from sim.evidence.measured_runs import MeasuredRuns, Wanted
from sim.experiments.store import RunSpec
from sim.scenario import Scenario

AS_IT_IS: Settings = ()


@dataclass(frozen=True)
class Sizes:
    """How much is run."""

    replicates: int = 10
    """Seeds of every arm."""
    repeats: int = 6
    """Seeds, the first of these, with an assumption neutralised."""
    map_replicates: int = 4
    """Seeds, the first of these, in every cell of the maps; 0 leaves them out."""
    screening_people: int = 2_000
    screening_weeks: int = 52
    screening_replicates: int = 2
    """Seeds with one parameter at an end of its range; 0 leaves this out."""
    base_replicates: int = 8
    """Seeds of the smaller world as it is."""

    @property
    def of_maps(self) -> int:
        """Seeds in every cell of the maps: no more than of every arm."""
        return min(self.map_replicates, self.replicates)


class Cell(NamedTuple):
    """A world, what differs in it, and an arm of it: to be run on some seeds."""

    world: str
    settings: Settings
    arm: str
    seeds: range


class Plan:
    """The runs of some claims on a scenario."""

    def __init__(self, scenario: Scenario, claims: Sequence[Claim], sizes: Sizes) -> None:
        self.claims = [claim for claim in claims if claim.needs is None]
        self.sizes = sizes
        self.worlds = {
            "whole": scenario,
            "small": smaller(scenario, sizes.screening_people, sizes.screening_weeks),
        }
        self.one_at_a_time = one_at_a_time(self.worlds["small"])
        self._wanted: dict[tuple[str, Settings, str, int], Wanted] = {}

    def cells(self) -> list[Cell]:
        """Everything that has to be run, each cell once."""
        sizes = self.sizes
        whole, few = self.seeds(sizes.replicates), self.seeds(min(sizes.repeats, sizes.replicates))
        mapped = self.seeds(sizes.of_maps)
        cells: dict[tuple[str, Settings, str], Cell] = {}

        def add(world: str, settings: Settings, parts: Sequence[Part], seeds: range) -> None:
            for arm in arms_of(parts):
                before = cells.get((world, settings, arm))
                longer = seeds if before is None or len(before.seeds) < len(seeds) else before.seeds
                cells[world, settings, arm] = Cell(world, settings, arm, longer)

        for claim in self.claims:
            add("whole", AS_IT_IS, claim.parts, whole)
            for neutral in claim.favoured_by:
                add("whole", self.neutral_settings(neutral.settings), claim.judged, few)
            for asked in maps_of(claim, self.worlds["whole"]) if mapped else ():
                for place in places(asked, self.worlds["whole"]):
                    add("whole", place.settings, [asked.part], mapped)
                    if place.reference is not None:
                        add("whole", place.reference, [asked.part], mapped)
            add("small", AS_IT_IS, [claim.main], self.seeds(self.base_seeds))
            for key, value in self.one_at_a_time:
                one = self.seeds(sizes.screening_replicates)
                add("small", ((key, value),), [claim.main], one)
        return list(cells.values())

    @property
    def base_seeds(self) -> int:
        """Seeds of the smaller world as it is; none where nothing is screened."""
        screened = self.sizes.screening_replicates
        return max(screened, self.sizes.base_replicates) if screened else 0

    def neutral_settings(self, settings: object) -> Settings:
        """The settings that neutralise an assumption, in the whole world."""
        assert callable(settings)
        return tuple(sorted(settings(self.worlds["whole"]).items()))

    def seeds(self, n: int) -> range:
        """The first n seeds."""
        first = self.worlds["whole"].run.seed
        return range(first, first + n)

    def wanted(self, cell: Cell, seed: int) -> Wanted:
        """One run of a cell. What an arm sets outweighs what differs in its world."""
        key = (cell.world, cell.settings, cell.arm, seed)
        if key not in self._wanted:
            arm = ARMS[cell.arm]
            changed = self.worlds[cell.world].with_values(dict(cell.settings))
            changed = changed.with_values(dict(arm.settings(changed)))
            self._wanted[key] = Wanted(RunSpec(changed, arm.market, seed), arm.traced)
        return self._wanted[key]

    def make(self, runs: MeasuredRuns, jobs: int | None, progress: object) -> None:
        """Make the runs that are not known yet."""
        wanted = [self.wanted(cell, seed) for cell in self.cells() for seed in cell.seeds]
        runs.make(wanted, jobs, progress)  # type: ignore[arg-type]


class Values:
    """Numbers of the runs of a plan, by world, settings, arm and seed."""

    def __init__(self, plan: Plan, runs: MeasuredRuns) -> None:
        self.plan = plan
        self._runs = runs
        self._known: dict[tuple[str, Settings, str, int], Mapping[str, float]] = {}

    def of(
        self, part: Part, seeds: range, world: str = "whole", settings: Settings = AS_IT_IS
    ) -> list[float]:
        """The part's number on each seed: the sum of its terms."""
        return [
            math.fsum(
                term.weight * self._number(world, settings, term.arm, seed, term.number)
                for term in part.terms
            )
            for seed in seeds
        ]

    def _number(self, world: str, settings: Settings, arm: str, seed: int, number: str) -> float:
        key = (world, settings, arm, seed)
        if key not in self._known:
            wanted = self.plan.wanted(Cell(world, settings, arm, range(0)), seed)
            self._known[key] = self._runs.of(wanted) or {}
        return self._known[key].get(number, math.nan)


def arms_of(parts: Sequence[Part]) -> list[str]:
    """The arms that parts speak of, each once."""
    return list(dict.fromkeys(term.arm for part in parts for term in part.terms))
