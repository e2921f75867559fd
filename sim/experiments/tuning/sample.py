"""What was measured: quantities of runs at points of the levers, for each seed and horizon."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sim.experiments.errors import RunError
from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.optimum import Response
from sim.experiments.tuning.paired import Means, paired_means
from sim.experiments.tuning.quantities import Constraint, Objective
from sim.experiments.tuning.smoothing import smoother

Floats = NDArray[np.float64]
Point = tuple[float, ...]
"""A value for every lever."""
Quantities = Mapping[int, Mapping[str, float]]
"""By horizon and name, what one run came to."""


@dataclass
class Sample:
    """Runs at points of the levers, and runs of the market compared with, by seed."""

    of_points: dict[Point, dict[int, Quantities]] = field(default_factory=dict)
    of_other: dict[int, Quantities] = field(default_factory=dict)

    def add(self, point: Point | None, seed: int, quantities: Quantities) -> None:
        """Take in a run at a point, or of the other market where there is no point."""
        place = self.of_other if point is None else self.of_points.setdefault(point, {})
        place[seed] = quantities

    @property
    def n_runs(self) -> int:
        """Runs taken in."""
        return len(self.of_other) + sum(map(len, self.of_points.values()))

    def seeds_of(self, point: Point) -> int:
        """Seeds tried at a point."""
        return len(self.of_points.get(point, {}))


@dataclass(frozen=True)
class Measured:
    """Paired means of a sample at one horizon, for the objective and each constraint."""

    points: tuple[Point, ...]
    means: Means
    """Points × (objective, slack of each constraint); the other market comes last if there."""
    has_other: bool

    @property
    def of_points(self) -> Means:
        """The means of the points alone."""
        n = len(self.points)
        whole = self.means
        return Means(whole.estimate[:n], whole.draws[:, :n], whole.n[:n])


def measured(
    sample: Sample,
    horizon: int,
    objective: Objective,
    constraints: Sequence[Constraint],
    seed: int,
) -> Measured:
    """Paired means with their draws; equal `seed` gives equal draws of the same sample.

    RunError where no run defines the objective and all that is constrained.
    """
    by_point = {
        point: runs
        for point, runs in sorted(sample.of_points.items())
        if any(_row(run, horizon, objective, constraints) for run in runs.values())
    }
    if not by_point:
        texts = " with ".join([objective.text, *(each.text for each in constraints)])
        hint = "ask for more weeks, more consumers or another outcome"
        raise RunError(f"{texts}: is not defined in any run of {horizon} weeks: {hint}")
    rows = [*by_point.values(), *([sample.of_other] if sample.of_other else [])]
    seeds = sorted({number for runs in rows for number in runs})
    values = np.full((len(rows), len(seeds), 1 + len(constraints)), np.nan)
    for place, runs in enumerate(rows):
        for column, number in enumerate(seeds):
            if number in runs:
                known = _row(runs[number], horizon, objective, constraints)
                values[place, column] = known or np.nan
    means = paired_means(values, np.random.default_rng(seed))
    return Measured(tuple(by_point), means, bool(sample.of_other))


def _row(
    run: Quantities, horizon: int, objective: Objective, constraints: Sequence[Constraint]
) -> list[float]:
    """The objective and the slacks of a run; empty where one of them is not defined."""
    known = run.get(horizon, {})
    if not known:
        return []
    slacks = [each.sign * (known[each.quantity] - each.bound) for each in constraints]
    row = [objective.of(known), *slacks]
    return [] if np.isnan(row).any() else row


def response_of(found: Measured, levers: Sequence[Lever], places: Floats, seed: int) -> Response:
    """The smooth response at `places` (shares of the ranges) through the means of the points."""
    rng = np.random.default_rng(seed)
    points = np.array(
        [[lever.place(value) for lever, value in zip(levers, point)] for point in found.points]
    )
    means = found.of_points
    estimates, draws = [], []
    for column in range(means.estimate.shape[1]):
        heights, drawn = means.estimate[:, column], means.draws[..., column]
        # what moves all points alike moves no best place
        moved = drawn - drawn.mean(axis=1, keepdims=True)
        smooth = smoother(points, heights, moved.var(axis=0), places)
        estimates.append(smooth.response(heights))
        draws.append(smooth.draws(drawn, rng))
    slack = list(zip(estimates[1:], draws[1:]))
    return Response(places, estimates[0], draws[0], slack)


def places_of(levers: Sequence[Lever], points: Sequence[Point] = (), seed: int = 0) -> Floats:
    """Places at which a response is looked at: a fine grid of one lever, a spread of several."""
    from scipy.stats import qmc

    if len(levers) == 1:
        steps = np.linspace(0.0, 1.0, 201)
        if levers[0].whole:
            whole = np.arange(np.ceil(levers[0].low), np.floor(levers[0].high) + 1)
            steps = np.array([levers[0].place(value) for value in whole])
        return np.asarray(steps[:, None])
    own = [[lever.place(value) for lever, value in zip(levers, point)] for point in points]
    spread = qmc.Sobol(len(levers), rng=np.random.default_rng(seed)).random_base2(10)
    spread = np.clip((spread - 0.5) * 1.1 + 0.5, 0.0, 1.0)  # some places lie at the ends
    for column, lever in enumerate(levers):
        if lever.whole:
            spread[:, column] = [lever.place(lever.at(place)) for place in spread[:, column]]
    return np.unique(np.vstack([spread, *([own] if own else [])]), axis=0)
