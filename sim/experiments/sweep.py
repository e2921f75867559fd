"""A sweep: a design of points, each run in every market on the same worlds.

Replicate r has the seed `run.seed + r` in every market and at every point, so that points and
markets differ by what was set and not by luck. Runs are packed; a sweep started again makes only
those that are missing, and ends with the same tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.analyses import Analysis, keep_analysis, open_analysis
from sim.experiments.checks import settings_not_heard
from sim.experiments.designs import points_of
from sim.experiments.errors import RunFailed
from sim.experiments.files import plain_rows
from sim.experiments.long_waits import refuse_too_many, warn_of_a_long_wait
from sim.experiments.packs import Maker, outcomes_of
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore, plain_values
from sim.experiments.workers import make_all
from sim.parameters.problems import ScenarioError
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

DEFAULT_MARKETS = ("referral", "ads")
"""Markets of a sweep that names none."""


@dataclass(frozen=True)
class Sweep:
    """A sweep on disk."""

    analysis: Analysis

    @property
    def folder(self) -> Path:
        """Where the sweep lies."""
        return self.analysis.folder

    @property
    def document(self) -> dict[str, Any]:
        """What the sweep is and what came out, as `--json` prints it beside the folder."""
        return self.analysis.document

    @property
    def keys(self) -> list[str]:
        """Keys that are varied."""
        return list(self.document["keys"])

    @property
    def failures(self) -> list[str]:
        """One line on each run that failed."""
        return [str(each["problem"]) for each in self.document["failed"]]

    @cached_property
    def points(self) -> "pd.DataFrame":
        """One row a point, market and seed: the varied keys, run_key, failed and all outcomes."""
        return self.analysis.table("points")

    @cached_property
    def means(self) -> "pd.DataFrame":
        """One row a point, market and outcome: the mean over seeds with its 95 % interval.

        Rows with a `second` market are of the paired difference, first less second.
        """
        return self.analysis.table("means")


def make_sweep(
    scenario: Scenario,
    sweep: Mapping[str, Any],
    store: RunStore,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
    make: Maker = make_all,
) -> Sweep:
    """The sweep, its missing runs made; runs that failed are listed in its document.

    `sweep` is what a [sweep] section says, checked. Raises what `planned` does.
    """
    markets = _markets(sweep)
    points, places = planned(scenario, sweep)
    replicates = places[0].run.replicates
    scenario = scenario.with_values({"run.replicates": replicates})
    store.prepare(scenario.name)
    if make is make_all:  # how fast a cluster is nobody knows
        examples = [RunSpec(at, market, at.run.seed) for at in places for market in markets]
        warn_of_a_long_wait(examples, len(examples) * replicates, options, jobs)
    placed = [
        (number, RunSpec(at, market, at.run.seed + replicate))
        for number, at in enumerate(places)
        for replicate in range(replicates)
        for market in markets
    ]
    specs = [spec for _, spec in placed]
    reasons: Mapping[str, str] = {}
    try:
        outcomes = outcomes_of(specs, store, scenario.name, options, jobs, progress, make=make)
    except RunFailed as error:
        if error.outcomes is None:
            raise
        outcomes, reasons = error.outcomes, error.reasons
    rows = _rows([number for number, _ in placed], points, outcomes, reasons, markets)
    means = means_of(rows, markets)
    document = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "design": sweep.get("design", "grid"),
        "keys": _keys(points),
        "points": [{"point": number, **_shown(point)} for number, point in enumerate(points)],
        "markets": list(markets),
        "replicates": replicates,
        "interval": "95 % (Student) of the mean over seeds; with a second market of the mean "
        "paired difference, first less second",
        "failed": _failed(placed, points, reasons),
        "means": plain_rows(means),
        "runs": plain_rows(rows[["point", "market", "seed", "run_key"]]),
    }
    tables = {"points": rows, "means": means}
    return Sweep(keep_analysis(store, scenario.name, "sweep", document, tables))


def planned(
    scenario: Scenario, sweep: Mapping[str, Any]
) -> tuple[list[dict[str, Any]], list[Scenario]]:
    """The points of a sweep, and the scenario at each.

    Raises RunError for more points or runs than anybody waits for, and ScenarioError where values
    of the design cannot go together or have no effect.
    """
    replicates = sweep.get("replicates", scenario.run.replicates)
    scenario = scenario.with_values({"run.replicates": replicates})
    points = points_of(sweep, scenario.run.seed)
    refuse_too_many("sweep", len(points) * replicates * len(_markets(sweep)))
    unheard = settings_not_heard(_markets(sweep), _keys(points))
    problems = [replace(problem, file="sweep") for problem in unheard]
    try:
        places = [scenario.with_values(point, "sweep") for point in points]
    except ScenarioError as error:
        raise ScenarioError([*problems, *error.problems]) from None
    if problems:
        raise ScenarioError(problems)
    return points, places


def open_sweep(folder: str | Path) -> Sweep:
    """The sweep in that folder."""
    return Sweep(open_analysis(folder, "sweep"))


def means_of(points: "pd.DataFrame", markets: Sequence[str]) -> "pd.DataFrame":
    """Means over seeds with intervals, and paired differences, one row a point and outcome."""
    import pandas as pd

    from sim.measures.differences import student_interval
    from sim.measures.summary import OUTCOMES

    rows = []
    for point, of_point in points.groupby("point", sort=True):
        by_market = {
            market: of_point[of_point["market"] == market].set_index("seed")[list(OUTCOMES)]
            for market in markets
        }
        samples = [(market, "", by_market[market]) for market in markets]
        samples += [
            (first, second, by_market[first] - by_market[second])
            for first, second in combinations(markets, 2)
        ]
        for first, second, sample in samples:
            for outcome, unit in OUTCOMES.items():
                known = sample[outcome].dropna().to_list()
                estimate, low, high = student_interval(known)
                rows.append((point, first, second, outcome, unit, estimate, low, high, len(known)))
    names = ["point", "first", "second", "outcome", "unit", "estimate", "low", "high", "n"]
    return pd.DataFrame(rows, columns=pd.Index(names))


def _rows(
    numbers: Sequence[int],
    points: Sequence[Mapping[str, Any]],
    outcomes: "pd.DataFrame",
    reasons: Mapping[str, str],
    markets: Sequence[str],
) -> "pd.DataFrame":
    """The table `points`, sorted by point, market as named, and seed."""
    rows = outcomes.copy()
    varied = [_shown(points[number]) for number in numbers]
    for place, key in enumerate(_keys(points)):
        rows.insert(place, key, [settings.get(key) for settings in varied])
    rows.insert(0, "point", list(numbers))
    seed_place = list(rows.columns).index("seed")
    rows.insert(seed_place + 1, "failed", rows["run_key"].isin(reasons.keys()))
    order = rows["market"].map({market: place for place, market in enumerate(markets)})
    rows = rows.assign(_order=order).sort_values(["point", "_order", "seed"])
    return rows.drop(columns="_order").reset_index(drop=True)


def _markets(sweep: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sweep.get("markets", DEFAULT_MARKETS))


def _keys(points: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(key for point in points for key in point))


def _shown(point: Mapping[str, Any]) -> dict[str, Any]:
    """Settings as they stand in a table: lists as words with commas."""
    return {
        key: ",".join(map(str, value)) if isinstance(value, list | tuple) else value
        for key, value in point.items()
    }


def _failed(
    placed: Sequence[tuple[int, RunSpec]],
    points: Sequence[Mapping[str, Any]],
    reasons: Mapping[str, str],
) -> list[dict[str, Any]]:
    failed = []
    for number, spec in placed:
        if spec.key in reasons:
            at = ", ".join(f"{key} = {value}" for key, value in _shown(points[number]).items())
            problem = f"{spec.market}, seed {spec.seed}, {at}: {reasons[spec.key]}"
            failed.append({"point": number, "run_key": spec.key, "problem": problem})
    return failed
