"""A sensitivity study: Sobol indices of a paired difference, luck among the inputs.

Every point is run in both markets with the same seed. Many inputs are first screened by elementary
effects (Morris 1991; along a trajectory the seed stays, so that effects are paired); those that
move the difference least are then held at the scenario's values, and named. Indices after Saltelli
et al. (2010), intervals by the bootstrap, both from SALib.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.analyses import Analysis, keep_analysis
from sim.experiments.checks import Mistakes, check_lived, check_pair, checked_options
from sim.experiments.crew import Crew
from sim.experiments.errors import RunError
from sim.experiments.files import plain_rows
from sim.experiments.long_waits import refuse_too_many, warn_of_a_long_wait
from sim.experiments.progress import Progress, Silence
from sim.experiments.sensitivity.inputs import (
    SEED,
    Input,
    inputs_of,
    problem_of,
    settings_of,
)
from sim.experiments.sensitivity.region import rule_of
from sim.experiments.store import RunSpec, RunStore, plain_values
from sim.experiments.tuning.evaluate import Counted, Runs
from sim.experiments.tuning.quantities import Objective, objective_of
from sim.measures.differences import student_interval
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Differ = Callable[[Sequence[tuple[Mapping[str, Any], int]]], Floats]
"""The difference of the markets for settings and the number of a seed; NaN where a run failed."""

_LEVELS = 4
_RESAMPLES = 400
_FIFTH = 5


@dataclass(frozen=True)
class Request:
    """What is asked of a study, as it is written on the command line."""

    parameters: Sequence[str] = ()
    """By default all levers and uncertainties that have a plausible range."""
    outcome: str = "consumer_surplus"
    markets: Sequence[str] = ("referral", "ads")
    samples: int = 32
    """Base samples; points are samples · (inputs + 2)."""
    keep: int = 6
    """Inputs left by the screening, if there are more."""
    trajectories: int = 3
    """Trajectories of the screening; points are trajectories · (inputs + 1)."""
    smallest: float = 0.0
    """By how much the first market must lead to win, in units of the outcome."""


def study_sensitivity(
    scenario: Scenario,
    request: Request,
    store: RunStore,
    engine: str | None = None,
    threads: int | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Analysis:
    """The study of a scenario, kept; runs already stored are reused."""
    inputs, objective = checked_request(scenario, request)
    options = checked_options(engine, threads, False, request.markets, jobs=jobs)
    store.prepare(scenario.name)
    screened, n_runs = len(inputs) > request.keep, _n_runs(request, len(inputs))
    examples = [RunSpec(scenario, market, scenario.run.seed) for market in request.markets]
    warn_of_a_long_wait(examples, n_runs, options, jobs)
    with Crew() as crew:
        runs = Runs(
            scenario,
            request.markets[0],
            request.markets[1],
            (),
            (scenario.run.weeks,),
            frozenset(name for _, name in objective.terms),
            store,
            options,
            jobs,
            Counted(progress or Silence(), n_runs),
            crew,
        )

        def differ(points: Sequence[tuple[Mapping[str, Any], int]]) -> Floats:
            asked = [(at, number) for _, number in points for at in ((), None)]
            changes = [values for values, _ in points for _ in range(2)]
            found = [
                objective.of(each[scenario.run.weeks]) if each else np.nan
                for each in runs.measure(asked, changes)
            ]
            return np.array(found[::2]) - np.array(found[1::2])

        fixed: list[dict[str, Any]] = []
        if screened:
            effects = screening(inputs, differ, request.trajectories, scenario.run.seed)
            order = sorted(inputs, key=lambda each: -effects[each.key])
            fixed = [{"parameter": e.key, "effect": effects[e.key]} for e in order[request.keep :]]
            kept = {each.key for each in order[: request.keep]}
            inputs = [each for each in inputs if each.key in kept]
        indices, samples = sobol(inputs, differ, request.samples, scenario.run.seed)
    document, tables = _told(request, objective, inputs, indices, samples)
    return keep_analysis(
        store,
        scenario.name,
        "sensitivity",
        {
            "scenario": scenario.name,
            "values": plain_values(scenario),
            **document,
            "fixed": fixed,
            "notes": [f"left out: {line}" for line in runs.failures],
            "runs": list(runs.made.values()),
        },
        tables,
    )


def _n_runs(request: Request, n_inputs: int) -> int:
    n_runs = 2 * request.samples * (min(n_inputs, request.keep) + 3)
    if n_inputs > request.keep:
        n_runs += 2 * request.trajectories * (n_inputs + 1)
    return n_runs


def checked_request(scenario: Scenario | None, request: Request) -> tuple[list[Input], Objective]:
    """The inputs that are varied, and the outcome; RunError tells all mistakes at once.

    Where mistakes leave open which scenario is meant, there is none, and the rest is checked.
    """
    mistakes = Mistakes()
    tried = mistakes.tried
    inputs: list[Input] = (
        tried(inputs_of, list(request.parameters), scenario, request.markets) or []
    )
    objective = tried(objective_of, request.outcome)
    tried(check_pair, request.markets)
    tried(refuse_too_many, "sensitivity", _n_runs(request, len(inputs)))
    tried(check_lived, scenario)
    if request.samples < 4 or request.samples & (request.samples - 1):
        mistakes.append(f"samples: {request.samples} is no power of two from 4 on, like 64")
    for name, count in (("keep", request.keep), ("trajectories", request.trajectories)):
        if count < 1:
            mistakes.append(f"{name}: {count} is below the lowest value 1")
    if not math.isfinite(request.smallest):
        mistakes.append(f"smallest effect: {request.smallest:g} is no amount: give a number")
    if len(request.markets) > 2:
        mistakes.append(f"markets: {','.join(request.markets)}: give two")
    if mistakes or objective is None:
        raise RunError(*mistakes)
    return inputs, objective


def screening(
    inputs: Sequence[Input], differ: Differ, trajectories: int, seed: int
) -> dict[str, float]:
    """Mean absolute elementary effect of each input over its range (Morris's mu*), by key."""
    from SALib.sample import morris as sampling

    problem = problem_of(inputs, with_seed=False)
    rows = sampling.sample(problem, trajectories, num_levels=_LEVELS, seed=_salib_seed(seed))
    length = len(inputs) + 1
    points = [
        (values, place // length) for place, (values, _) in enumerate(settings_of(inputs, rows))
    ]
    heights = differ(points)
    moved = np.diff(rows.reshape(trajectories, length, -1), axis=1)
    steps = np.abs(np.diff(heights.reshape(trajectories, length), axis=1))
    effect: dict[str, list[float]] = {each.key: [] for each in inputs}
    for trajectory in range(trajectories):
        for step in range(length - 1):
            column = int(np.abs(moved[trajectory, step]).argmax())
            low, high = inputs[column].bounds
            share = abs(moved[trajectory, step, column]) / (high - low)
            if not np.isnan(steps[trajectory, step]):
                effect[inputs[column].key].append(float(steps[trajectory, step] / share))
    return {key: float(np.mean(sizes)) if sizes else 0.0 for key, sizes in effect.items()}


def _salib_seed(seed: int) -> int:
    """A seed SALib keeps to: it takes 0 for none and draws as it likes."""
    return seed % (2**32 - 1) + 1


def sobol(
    inputs: Sequence[Input], differ: Differ, n_samples: int, seed: int
) -> "tuple[pd.DataFrame, pd.DataFrame]":
    """Indices of every input and of luck with 95 % intervals, and the points behind them.

    Points whose runs failed take the mean, which makes them say nothing. RunError where fewer than
    two base samples say anything.
    """
    import pandas as pd
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem = problem_of(inputs, with_seed=True)
    rng = _salib_seed(seed)
    rows = sampling.sample(problem, n_samples, calc_second_order=False, seed=rng)
    points = settings_of(inputs, rows)
    heights = differ(points)
    n_known = len(set(np.nonzero(~np.isnan(heights))[0] // (len(inputs) + 3)))
    if n_known < 2:
        hint = "ask for more weeks, more consumers or another outcome"
        told = f"the outcome is defined in {n_known} of {n_samples} samples"
        raise RunError(f"sensitivity: {told}: {hint}")
    known = np.where(np.isnan(heights), np.nanmean(heights), heights)
    if np.ptp(known) > 0.0:
        found = analysis.analyze(
            problem, known, calc_second_order=False, num_resamples=_RESAMPLES, seed=rng
        )
    else:  # nothing varies, so nothing explains it
        found = {name: np.zeros(len(inputs) + 1) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    indices = pd.DataFrame(
        {
            "parameter": problem["names"],
            "first": found["S1"],
            "first_low": found["S1"] - found["S1_conf"],
            "first_high": found["S1"] + found["S1_conf"],
            "total": found["ST"],
            "total_low": found["ST"] - found["ST_conf"],
            "total_high": found["ST"] + found["ST_conf"],
        }
    )
    samples = pd.DataFrame([{**values, SEED: number} for values, number in points])
    samples["difference"] = heights
    return indices, samples


def _told(
    request: Request,
    objective: Objective,
    inputs: Sequence[Input],
    indices: "pd.DataFrame",
    samples: "pd.DataFrame",
) -> "tuple[dict[str, Any], dict[str, pd.DataFrame]]":

    known = samples.dropna(subset=["difference"])
    names = [each.key for each in inputs]
    won = (known["difference"] > request.smallest).to_numpy()
    base = base_of(known, len(inputs))
    first = request.markets[0]
    rule = rule_of(
        names,
        known[names].to_numpy(dtype=np.float64),
        won,
        (base % 2).astype(np.int64),
        f"The {first} market",
    )
    mean, low, high = student_interval(_means_by(base, known["difference"]))
    effects = effects_of(known, inputs)
    indices.insert(1, "outcome", objective.name)
    document = {
        "markets": list(request.markets),
        "outcome": objective.name,
        "unit": objective.unit,
        "n_samples": request.samples,
        "n_points": len(known),
        "smallest_effect": request.smallest,
        "mean": mean,
        "mean_low": low,
        "mean_high": high,
        "share_won": float(won.mean()),
        "inputs": [{"parameter": e.key, "low": e.low, "high": e.high} for e in inputs],
        "indices": plain_rows(indices),
        "luck": float(indices.loc[indices["parameter"] == SEED, "total"].iloc[0]),
        "rule": rule,
    }
    return document, {"indices": indices, "samples": samples, "effects": effects}


def base_of(samples: "pd.DataFrame", n_inputs: int) -> NDArray[np.int64]:
    """Which base sample each of the points that `sobol` returns belongs to, by its row there.

    The points of a base sample share all inputs but one, mostly luck as well: they stand and fall
    together, and count as one where an interval is told.
    """
    return samples.index.to_numpy(dtype=np.int64) // (n_inputs + 3)


def effects_of(samples: "pd.DataFrame", inputs: Sequence[Input]) -> "pd.DataFrame":
    """Mean difference with each input in the lowest and in the highest fifth of its range.

    One row an input: `at_low`, `at_high`, their 95 % intervals `low_from` to `low_to` and
    `high_from` to `high_to`, Student's over base samples, and how many of these are behind them,
    `n_low` and `n_high`.
    """
    import pandas as pd

    base = base_of(samples, len(inputs))
    rows = []
    for each in inputs:
        span, value = (each.high - each.low) / _FIFTH, samples[each.key].to_numpy()
        row: dict[str, Any] = {"parameter": each.key}
        for end, inside in (
            ("low", value <= each.low + span),
            ("high", value >= each.high - span),
        ):
            means = _means_by(base[inside], samples.loc[inside, "difference"])
            mean, below, above = student_interval(means)
            row |= {f"at_{end}": mean, f"{end}_from": below, f"{end}_to": above}
            row[f"n_{end}"] = len(means)
        rows.append(row)
    return pd.DataFrame(rows)


def _means_by(base: NDArray[np.int64], values: "pd.Series") -> list[float]:
    """Mean of the values of each base sample."""
    return values.groupby(base).mean().tolist()
