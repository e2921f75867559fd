"""The public face: load a scenario, run a market, compare markets, sweep over settings.

The main names can be imported from `sim` itself. Runs are kept in the result store under `out`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.analyses import Analysis, open_analysis
from sim.experiments.checks import checked_options
from sim.experiments.compare import (
    Comparison,
    Difference,
    compare_markets,
    open_comparison,
    wanted_of,
)
from sim.experiments.estimate import Estimate, estimate_run, refuse_what_cannot_fit
from sim.experiments.long_waits import warn_of_a_long_wait
from sim.experiments.packs import Maker, find_run
from sim.experiments.progress import Progress, Silence
from sim.experiments.replicate import replicate
from sim.experiments.reproduce import Reproduction, reproduce_run
from sim.experiments.store import RunSpec, RunStore, StoredRun, open_run
from sim.experiments.sweep import Sweep, make_sweep, open_sweep
from sim.experiments.tracing import money_of_order, tree_of_share
from sim.experiments.workers import make_all
from sim.figures import analysis_figures, compare_figures, run_figures
from sim.scenario import InputError, Scenario, load_scenario, load_sweep, sweep_of

if TYPE_CHECKING:
    from sim.model import MarketModel

__all__ = [
    "Analysis",
    "Comparison",
    "Difference",
    "Estimate",
    "MarketModel",
    "Reproduction",
    "Scenario",
    "StoredRun",
    "Sweep",
    "compare",
    "estimate_run",
    "load_scenario",
    "money_of_order",
    "open_analysis",
    "open_comparison",
    "open_run",
    "open_sweep",
    "reproduce",
    "run",
    "sensitivity",
    "sweep",
    "tree_of_share",
    "tune",
]


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        """`MarketModel`, looked up on first use: who only reads results does not wait for it."""
        if name == "MarketModel":
            from sim.model import MarketModel

            return MarketModel
        raise AttributeError(f"module 'sim.api' has no attribute {name!r}")


def _scenario(given: Any) -> Scenario:
    """The scenario itself, or the one of that name or in that file."""
    if isinstance(given, Scenario):
        return given
    if isinstance(given, str | Path):
        return load_scenario(given)
    kind = type(given).__name__
    raise InputError(f"scenario: expected a Scenario, its name or its file, got a {kind}")


def _names(given: str | Sequence[str]) -> Sequence[str]:
    """Names given one by one, or in one text with commas between them."""
    return given.split(",") if isinstance(given, str) else given


def run(
    scenario: Scenario | str | Path,
    market: str = "referral",
    seed: int | None = None,
    trace: bool = False,
    engine: str | None = None,
    threads: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    figures: bool = False,
    force: bool = False,
) -> StoredRun:
    """One market with one seed, computed now and stored; its tables are attributes of the result.

    `scenario` may be the name or the file of one, here and in the other functions.
    `seed` replaces `run.seed`. With `trace` the result has the event log as well. What cannot fit
    in memory raises RunError before anything is made, unless `force`. What takes longer than a day
    warns of it, here and in the other functions.
    """
    scenario = _scenario(scenario)
    options = checked_options(engine, threads, trace, [market], force)
    if seed is not None:
        scenario = scenario.with_values({"run.seed": seed, "run.replicates": 1})
    spec = RunSpec(scenario, market, scenario.run.seed)
    refuse_what_cannot_fit([spec], options)
    warn_of_a_long_wait([spec], 1, options)
    store = RunStore(out)
    store.prepare(scenario.name)
    progress = progress or Silence()
    progress.start(1, 0, scenario.run.weeks)
    result = replicate(spec, options, store, lambda week: progress.week(0, week))
    progress.end_run(0)
    if figures:
        run_figures(result.folder)
    return result


def compare(
    scenario: Scenario | str | Path,
    markets: str | Sequence[str] = ("referral", "ads"),
    replicates: int | None = None,
    jobs: int | None = None,
    trace: bool = False,
    engine: str | None = None,
    threads: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    figures: bool = True,
    until_width: float | None = None,
    outcome: str | None = None,
    with_incrementality: bool = False,
    force: bool = False,
) -> Comparison:
    """Markets compared in pairs: replicate r has the seed `run.seed + r` in every market.

    `replicates` replaces `run.replicates`. `jobs` runs are made at once, by default one a
    processor. Runs already stored are reused. With `until_width`, pairs are added until the 95 %
    interval of `outcome` (`household_gain_fen` if left out) is at most that wide, in the unit of
    the outcome; an `outcome` without it raises RunError. `with_incrementality` also runs the
    referral market at a reward of 0, for what the rewards caused.
    Runs that cannot fit in memory raise RunError before anything is made, unless `force`.
    """
    scenario, markets = _scenario(scenario), _names(markets)
    replicates = scenario.run.replicates if replicates is None else replicates
    options = checked_options(
        engine, threads, trace, markets, force, replicates=replicates, jobs=jobs
    )
    comparison = compare_markets(
        scenario,
        markets,
        replicates,
        RunStore(out),
        options,
        jobs,
        progress,
        wanted_of(markets, until_width, outcome),
        with_incrementality,
    )
    if figures:
        compare_figures(comparison.folder)
    return comparison


def sweep(
    source: Scenario | str | Path,
    design: Mapping[str, Any] | None = None,
    jobs: int | None = None,
    dask: str | None = None,
    engine: str | None = None,
    threads: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    figures: bool = True,
    force: bool = False,
) -> Sweep:
    """A design of points, each run in every market with the same seeds; tables as DataFrames.

    `source` is a file with a [sweep] section, or its name, or a scenario; `design` says what such a
    section would: `{"grid": {"referral.reward_rate": [0.0, 0.1]}, "markets": ["referral", "ads"],
    "replicates": 4}`. Runs already stored are reused. `dask` is the address of the scheduler of a
    cluster that makes the runs; else `jobs` are made at once on this machine. Runs that fail are
    listed in `failures` and have no outcomes. Runs that cannot fit in memory raise RunError before
    anything is made, unless `force`.
    """
    if isinstance(source, Scenario):
        if design is None:
            raise InputError("sweep: a scenario alone has no design: give one, or a sweep file")
        scenario, checked = source, sweep_of(design)
    else:
        scenario = load_scenario(source, sweep=True)
        checked = load_sweep(source) if design is None else sweep_of(design)
    markets = checked.get("markets", ())
    options = checked_options(engine, threads, False, markets, force, jobs=jobs)
    make: Maker = make_all
    if dask is not None:
        from sim.experiments.cluster import make_on

        make = make_on(dask)
    made = make_sweep(scenario, checked, RunStore(out), options, jobs, progress, make)
    if figures:
        analysis_figures(made.folder)
    return made


def tune(
    scenario: Scenario | str | Path,
    levers: str | Sequence[str],
    objectives: str | Sequence[str],
    constraints: str | Sequence[str] = (),
    horizons: Sequence[int] = (),
    market: str | None = None,
    against: str | None = None,
    runs: int = 200,
    moves: int = 3,
    uncertainties: Sequence[str] = (),
    smallest_effect: float | None = None,
    engine: str | None = None,
    threads: int | None = None,
    jobs: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    figures: bool = True,
) -> Analysis:
    """The best values of levers with their uncertainty, from at most `runs` runs.

    A lever is a key, or ``key=low:high``; an objective an outcome or a weighted sum of some. Two
    objectives give a Pareto front. `document` of the result tells what was found; its tables are
    `trials`, `response` and `moves`. Asked again it goes on with what is stored.
    """
    from sim.experiments.tuning.tune import Request, tune_levers

    request = Request(
        [levers] if isinstance(levers, str) else levers,
        [objectives] if isinstance(objectives, str) else objectives,
        [constraints] if isinstance(constraints, str) else constraints,
        horizons,
        market,
        against,
        runs,
        moves,
        uncertainties,
        smallest_effect,
    )
    found = tune_levers(
        _scenario(scenario), request, RunStore(out), engine, threads, jobs, progress
    )
    if figures:
        analysis_figures(found.folder)
    return found


def sensitivity(
    scenario: Scenario | str | Path,
    parameters: Sequence[str] = (),
    outcome: str = "consumer_surplus",
    markets: str | Sequence[str] = ("referral", "ads"),
    samples: int = 32,
    keep: int = 6,
    trajectories: int = 3,
    smallest_effect: float = 0.0,
    engine: str | None = None,
    threads: int | None = None,
    jobs: int | None = None,
    out: str | Path = "results",
    progress: Progress | None = None,
    figures: bool = True,
) -> Analysis:
    """What decides the difference between two markets, and in which region the first wins.

    Without `parameters` all levers and uncertainties that act in either market are screened and
    the `keep` that move the difference most are studied. Tables of the result: `indices` (Sobol,
    with luck as an input), `samples`, `effects`; the rule in words stands in `document["rule"]`.
    Where the interval of an index is wider than half of the variance, `samples` were too few to
    tell large from small.
    """
    from sim.experiments.sensitivity.study import Request, study_sensitivity

    scenario, markets = _scenario(scenario), _names(markets)
    request = Request(parameters, outcome, markets, samples, keep, trajectories, smallest_effect)
    found = study_sensitivity(scenario, request, RunStore(out), engine, threads, jobs, progress)
    if figures:
        analysis_figures(found.folder)
    return found


def reproduce(
    folder: str | Path,
    engine: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Reproduction:
    """The run in that folder, made again from its description and compared bit by bit."""
    stored = find_run(folder)
    progress = progress or Silence()
    progress.start(1, 0, stored.scenario().run.weeks)
    return reproduce_run(stored, engine, threads, lambda week: progress.week(0, week))
