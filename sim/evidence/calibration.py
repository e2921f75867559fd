"""Fitting parameters to targets: a stored search on paired seeds, and how far the fit is spread.

A point is judged by Σ miss² + Σ move²: misses in half-widths of a target's band, moves from the
middle of a parameter's range in half-widths of the range. So a fit pays for leaving what was
plausible before, and two parameters for one target have one answer, not a ridge of equal ones.
The spread weighs all points tried by exp(−½ · that sum), as a posterior with normal errors.
Points are a Sobol sequence over the ranges, then over boxes around the best, each half as wide.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.stats import qmc

from sim.evidence.assumed import smaller
from sim.evidence.measured_runs import MeasuredRuns, Wanted
from sim.evidence.run_numbers import NUMBERS
from sim.evidence.targets import Target, Wish
from sim.experiments.errors import RunError
from sim.experiments.progress import Progress, Silence
from sim.experiments.store import RunSpec, plain_values
from sim.parameters import PARAMETERS, Value
from sim.scenario import Scenario

#: Points of the first round and of each later one, powers of two as Sobol sequences want them.
FIRST, LATER, ROUNDS = 16, 8, 2
#: Size of the worlds in which points are tried.
PEOPLE, WEEKS = 3_000, 52
#: A range of two thirds around the middle of weights, as usual for a standard deviation.
_TAIL = 0.16

Point = dict[str, Value]


class Tried(NamedTuple):
    """A point, the mean over seeds of each target's number there, and the sum it is judged by."""

    point: Point
    values: dict[str, float]
    loss: float
    run_keys: list[str]


class Group(NamedTuple):
    """Targets that share parameters, and those parameters: they are fitted together."""

    targets: tuple[Target, ...]
    ranges: dict[str, tuple[float, float]]


def calibrate(
    wish: Wish,
    runs: MeasuredRuns,
    replicates: int = 2,
    people: int = PEOPLE,
    rounds: int = ROUNDS,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """What fits the targets best and how well: the document of `sharesim calibrate`.

    Runs are stored as they end, so a search that was interrupted goes on where it stopped.
    RunError names targets that no point defines: there is nothing to fit to them.
    """
    world = smaller(wish.scenario, people, WEEKS)
    to_fit = groups_of(wish)
    points = sum(1 + (FIRST + LATER * (rounds - 1)) * bool(one.ranges) for one in to_fit)
    as_one = _AsOne(progress or Silence(), points * replicates, world.run.weeks)
    search = _Search(world, runs, replicates, jobs, as_one)
    fitted: Point = {}
    groups: list[dict[str, Any]] = []
    unknown: list[str] = []
    with runs.processes_staying():
        all_tried = [search.fit(group, rounds) for group in to_fit]
    for group, tried in zip(to_fit, all_tried, strict=True):
        best = min(tried, key=lambda one: one.loss)
        if not math.isfinite(best.loss):
            unknown += [target.name for target in group.targets]
            continue
        fitted |= best.point
        groups.append(_told(group, tried, best))
    if unknown:
        hint = "try more people, or other targets"
        raise RunError(
            f"calibrate: {', '.join(unknown)}: not defined at any point that was tried: {hint}"
        )
    return {
        "scenario": wish.scenario.name,
        "values": plain_values(wish.scenario),
        "world": {"n_consumers": world.population.n_consumers, "weeks": world.run.weeks},
        "replicates": replicates,
        "criterion": "sum over targets of (miss in half-widths of the band)² + sum over parameters "
        "of (move from the middle of the range in half-widths)²",
        "fitted": fitted,
        "groups": groups,
        "runs": [
            {"market": spec.market, "seed": spec.seed, "run_key": spec.key} for spec in search.made
        ],
    }


def groups_of(wish: Wish) -> list[Group]:
    """Targets by the parameters they share; what `fit` names besides belongs to all of a group."""
    own = {
        target.name: {key for key in target.parameters if key in wish.ranges}
        for target in wish.targets
    }
    extra = set(wish.ranges) - set().union(*own.values())
    groups: list[tuple[list[Target], set[str]]] = []
    for target in wish.targets:
        keys = own[target.name] | extra
        joined = [group for group in groups if group[1] & keys]
        for group in joined:
            groups.remove(group)
        members = [one for group in joined for one in group[0]]
        groups.append(([*members, target], keys.union(*(group[1] for group in joined))))
    return [
        Group(tuple(members), {key: wish.ranges[key] for key in wish.ranges if key in keys})
        for members, keys in groups
    ]


class _AsOne:
    """Progress of a search as of one piece of work, at most as long as was told at first."""

    def __init__(self, progress: Progress, runs: int, weeks: int) -> None:
        self.progress = progress
        self.done = 0
        progress.start(runs, 0, weeks)

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """A round begins, of which so many runs are known."""
        for _ in range(stored):
            self.end_run(0)

    def week(self, run: int, week: int) -> None:
        """Nothing: a search tells whole runs."""

    def end_run(self, run: int) -> None:
        """One more run is known."""
        self.progress.end_run(self.done)
        self.done += 1


class _Search:
    def __init__(
        self,
        world: Scenario,
        runs: MeasuredRuns,
        replicates: int,
        jobs: int | None,
        progress: Progress,
    ) -> None:
        self.world = world
        self.runs = runs
        self.seeds = range(world.run.seed, world.run.seed + replicates)
        self.jobs = jobs
        self.progress = progress
        self.made: list[RunSpec] = []

    def fit(self, group: Group, rounds: int) -> list[Tried]:
        """Every point that was tried for a group, the present values first."""
        now = self.world.values()
        tried = self.tried([{key: now[key] for key in group.ranges}], group)
        boxes = dict(group.ranges)
        for number in range(rounds if group.ranges else 0):
            n = FIRST if number == 0 else LATER
            tried += self.tried(_points(boxes, n, number), group)
            best = min(tried, key=lambda one: one.loss)
            boxes = {
                key: _around(best.point[key], group.ranges[key], 0.5 ** (number + 1))
                for key in group.ranges
            }
        return tried

    def tried(self, points: Sequence[Point], group: Group) -> list[Tried]:
        """The points with the numbers of their runs, which are made where they are not known."""
        wanted = [self.wanted(point, group.targets) for point in points]
        self.runs.make(
            [one for by_market in wanted for ones in by_market.values() for one in ones],
            self.jobs,
            self.progress,
        )
        found = []
        for point, by_market in zip(points, wanted, strict=True):
            values = {
                target.name: self.mean(by_market[target.market], target.number)
                for target in group.targets
            }
            keys = [one.spec.key for ones in by_market.values() for one in ones]
            self.made += [one.spec for ones in by_market.values() for one in ones]
            found.append(Tried(point, values, loss(group, point, values), keys))
        return found

    def wanted(self, point: Point, targets: Sequence[Target]) -> dict[str, list[Wanted]]:
        scenario = self.world.with_values(point)
        if all(target.weeks is not None for target in targets):
            scenario = scenario.with_values(
                {"run.weeks": max(target.weeks or 0 for target in targets)}
            )
        by_market: dict[str, list[Wanted]] = {}
        for target in targets:
            traced = NUMBERS[target.number].traced or any(
                NUMBERS[one.number].traced for one in targets if one.market == target.market
            )
            by_market[target.market] = [
                Wanted(RunSpec(scenario, target.market, seed), traced) for seed in self.seeds
            ]
        return by_market

    def mean(self, wanted: Sequence[Wanted], number: str) -> float:
        values = [(self.runs.of(one) or {}).get(number, math.nan) for one in wanted]
        return math.fsum(values) / len(values)


def loss(group: Group, point: Mapping[str, Value], values: Mapping[str, float]) -> float:
    """Σ miss² over targets + Σ move² over parameters; ∞ where a target is not defined."""
    misses = [target.miss(values[target.name]) for target in group.targets]
    moves = [_place(point[key], ends) for key, ends in group.ranges.items()]
    return math.fsum([miss * miss for miss in misses] + [move * move for move in moves])


def _place(value: Value, ends: tuple[float, float]) -> float:
    """Place of a value in a range, from −1 to 1."""
    assert isinstance(value, int | float)
    low, high = ends
    return (2.0 * value - low - high) / (high - low)


def _around(value: Value, ends: tuple[float, float], share: float) -> tuple[float, float]:
    """A box around a value that has that share of a range's width, moved to lie within it."""
    assert isinstance(value, int | float)
    low, high = ends
    width = share * (high - low)
    first = min(max(value - width / 2.0, low), high - width)
    return first, first + width


def _points(boxes: Mapping[str, tuple[float, float]], n: int, seed: int) -> list[Point]:
    """Points of a scrambled Sobol sequence in a box; whole numbers where parameters have them."""
    sample = qmc.Sobol(len(boxes), rng=seed).random(n)
    points: list[Point] = []
    for row in sample:
        point: Point = {}
        for share, (key, (low, high)) in zip(row, boxes.items(), strict=True):
            value = low + float(share) * (high - low)
            whole = PARAMETERS[key].type == "integer"
            point[key] = round(value) if whole else float(f"{value:.3g}")
        if point not in points:
            points.append(point)
    return points


def _told(group: Group, tried: Sequence[Tried], best: Tried) -> dict[str, Any]:
    finite = [one for one in tried if math.isfinite(one.loss)]
    weights = np.array([math.exp(-0.5 * (one.loss - best.loss)) for one in finite])
    return {
        "targets": [
            {
                "target": target.name,
                "row": target.row,
                "market": target.market,
                "unit": NUMBERS[target.number].unit,
                "low": target.low,
                "high": target.high,
                "before": _plain(tried[0].values[target.name]),
                "fitted": _plain(best.values[target.name]),
                "spread": _spread([one.values[target.name] for one in finite], weights),
                "hit": abs(target.miss(best.values[target.name])) <= 1.0,
            }
            for target in group.targets
        ],
        "parameters": [
            {
                "parameter": key,
                "range": list(ends),
                "before": tried[0].point[key],
                "fitted": best.point[key],
                "spread": _spread([float(one.point[key]) for one in finite], weights),  # type: ignore[arg-type]
            }
            for key, ends in group.ranges.items()
        ],
        "loss_before": _plain(tried[0].loss),
        "loss": _plain(best.loss),
        "points": len(tried),
    }


def _spread(values: Sequence[float], weights: np.ndarray) -> list[float]:
    """The middle two thirds of values under their weights."""
    order = np.argsort(values, kind="stable")
    shares = np.cumsum(weights[order]) / weights.sum()
    ascending = np.asarray(values, dtype=float)[order]
    ends = np.searchsorted(shares, [_TAIL, 1.0 - _TAIL])
    return [float(ascending[min(int(end), len(values) - 1)]) for end in ends]


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
