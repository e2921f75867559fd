"""From points of levers to quantities: the runs behind them, made or found in the store."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.crew import Crew
from sim.experiments.errors import RunFailed
from sim.experiments.packs import find_run, outcomes_of, packed_table
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore, plain_values
from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.quantities import GOOD_MERCHANTS, quantities_at
from sim.experiments.tuning.sample import Point, Quantities
from sim.scenario import Scenario


class Counted:
    """Progress of rounds of runs, told as that of one long series."""

    def __init__(self, progress: Progress, runs: int) -> None:
        self.progress, self.runs = progress, runs
        self._begun = 0
        self._wanted = 0

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """Another round begins."""
        if not self._wanted:
            self.progress.start(max(self.runs, runs), 0, weeks)
        self._begun = self._wanted
        self._wanted += runs
        for run in range(stored):
            self.progress.end_run(self._begun + runs - stored + run)

    def week(self, run: int, week: int) -> None:
        """So many weeks of a run of this round are done."""
        self.progress.week(self._begun + run, week)

    def end_run(self, run: int) -> None:
        """A run of this round is stored."""
        self.progress.end_run(self._begun + run)


@dataclass
class Runs:
    """Makes runs of a scenario and reads their quantities at the horizons."""

    scenario: Scenario
    market: str
    against: str | None
    levers: tuple[Lever, ...]
    horizons: tuple[int, ...]
    names: frozenset[str]
    """Quantities that are asked for."""
    store: RunStore
    options: RunOptions
    jobs: int | None
    progress: Progress
    crew: Crew
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What each run is, by run key."""
    failures: list[str] = field(default_factory=list)

    def measure(
        self,
        asked: Sequence[tuple[Point | None, int]],
        changes: Sequence[Mapping[str, Any]] | None = None,
    ) -> list[Quantities]:
        """Quantities of runs at points with seed numbers; empty for a run that failed.

        No point stands for the market compared with. `changes` are settings besides, run by run.
        """
        settings = changes or [{}] * len(asked)
        specs = [
            self._spec(point, number, change)
            for (point, number), change in zip(asked, settings, strict=True)
        ]
        with_merchants = GOOD_MERCHANTS in self.names
        tables = ("weekly", "merchants") if with_merchants else ("weekly",)
        name = self.scenario.name
        failed: set[str] = set()
        try:
            outcomes_of(
                specs,
                self.store,
                name,
                self.options,
                self.jobs,
                self.progress,
                tables,
                self.crew.make_all,
            )
        except RunFailed as error:
            failed = set(error.reasons)
            if failed >= {spec.key for spec in specs}:
                raise
            self.failures += error.failures
        keys = list(dict.fromkeys(spec.key for spec in specs if spec.key not in failed))
        read = {
            table: dict(list(packed_table(self.store, name, table, keys).groupby("run_key")))
            for table in tables
        }
        n_consumers = find_run(self.store.folder_of(name) / keys[0]).manifest["n_consumers"]
        found: list[Quantities] = []
        for spec, (point, _), change in zip(specs, asked, settings, strict=True):
            self._keep(spec, point, change, spec.key in failed)
            values = plain_values(spec.scenario)
            merchants = read["merchants"].get(spec.key) if with_merchants else None
            found.append(
                {}
                if spec.key in failed
                else {
                    horizon: quantities_at(
                        horizon, read["weekly"][spec.key], merchants, values, n_consumers
                    )
                    for horizon in self.horizons
                }
            )
        return found

    def _spec(self, point: Point | None, number: int, change: Mapping[str, Any]) -> RunSpec:
        values = dict(change)
        if point is not None:
            values |= {lever.key: lever.setting(value) for lever, value in zip(self.levers, point)}
        market = self.market if point is not None else str(self.against)
        scenario = self.scenario.with_values(values) if values else self.scenario
        return RunSpec(scenario, market, self.scenario.run.seed + number)

    def _keep(
        self, spec: RunSpec, point: Point | None, change: Mapping[str, Any], failed: bool
    ) -> None:
        self.made[spec.key] = {
            "market": spec.market,
            "seed": spec.seed,
            "run_key": spec.key,
            **({"failed": True} if failed else {}),
            **({lever.key: v for lever, v in zip(self.levers, point)} if point else {}),
            **change,
        }
