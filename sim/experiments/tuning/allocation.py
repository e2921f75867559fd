"""Which runs to make next: few seeds everywhere at first, then more where the best may lie.

Seeds are nested: a point with n seeds has the first n, so any two points share seeds. The present
setting gets every seed; what is gained against it is always a paired difference. In each round the
points among which the draws of the response have their best places get more seeds than any point
had before, as optimal computing budget allocation does with the contenders (Chen et al. 2000), and
new points are put where those draws lie (Thompson sampling).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.optimum import Response
from sim.experiments.tuning.sample import Point, Sample

_FIRST_SHARE = 0.33
"""Share of the runs made before anything is known."""
_ROUND_SHARE = 0.2
"""Share of the runs of a later round, at most."""
_FEWEST_SEEDS = 3
_GROWTH = 1.5
"""By how much the seeds of the contenders grow in a round."""
_CONTENDERS = 7
"""Points of a round, at most, beside the present setting."""
_GRAIN = 60
"""New points lie on so many steps of the range, so that rounds meet in the same points."""
OTHER_SEEDS = 8
"""Seeds of the market compared with, at most."""


@dataclass(frozen=True)
class Batch:
    """Runs to make: a point (or the other market where there is none) and its first seeds."""

    point: Point | None
    seeds: tuple[int, ...]
    """Numbers from 0."""


def first_batches(
    levers: Sequence[Lever], present: Point, budget: int, other: bool, seed: int
) -> list[Batch]:
    """Points spread over the ranges, with the same few seeds each, and the other market."""
    n_seeds = max(_FEWEST_SEEDS, min(6, round(budget / 33)))
    wanted = max(5 * len(levers), min(11 * len(levers), int(_FIRST_SHARE * budget / n_seeds)))
    points = [present, *_spread(levers, wanted, seed)]
    batches = [Batch(point, tuple(range(n_seeds))) for point in dict.fromkeys(points)]
    while len(batches) > 3 and len(batches) * n_seeds > budget:
        batches = batches[:1] + batches[1::2]
    if other:
        batches.append(Batch(None, tuple(range(n_seeds))))
    return batches


def _spread(levers: Sequence[Lever], n_points: int, seed: int) -> list[Point]:
    if len(levers) == 1:
        return [(levers[0].at(place),) for place in np.linspace(0.0, 1.0, n_points)]
    spread = qmc.Sobol(len(levers), rng=np.random.default_rng(seed))
    places = spread.random_base2(math.ceil(math.log2(n_points)))[:n_points]
    places = np.clip((places - 0.5) * 1.2 + 0.5, 0.0, 1.0)
    return [tuple(lever.at(place) for lever, place in zip(levers, row)) for row in places]


def next_batches(
    sample: Sample,
    levers: Sequence[Lever],
    present: Point,
    responses: Sequence[Response],
    budget: int,
    other: bool,
    seed: int,
) -> list[Batch]:
    """The runs of the next round; nothing once the budget is spent.

    `responses` begins with the one that matters most; the others get fewer points.
    """
    left = budget - sample.n_runs
    if left <= 0:
        return []
    rng = np.random.default_rng([seed, sample.n_runs])
    wanted: list[Point] = []
    for number, response in enumerate(responses):
        count = _CONTENDERS if number == 0 else 3
        wanted += _contenders(response, levers, count, rng)
    points = list(dict.fromkeys(wanted))
    most = max((sample.seeds_of(point) for point in sample.of_points), default=0)
    n_seeds = math.ceil(max(most, 1) * _GROWTH)
    spend = max(min(left, round(_ROUND_SHARE * budget)), 1)

    def cost(n: int) -> int:
        own = max(0, n - sample.seeds_of(present))
        more = max(0, min(n, OTHER_SEEDS) - len(sample.of_other)) if other else 0
        return own + more + sum(max(0, n - sample.seeds_of(point)) for point in points)

    while points and cost(n_seeds) > spend and n_seeds > most + 1:
        n_seeds -= 1
    while len(points) > 1 and cost(n_seeds) > left:
        points.pop()
    while cost(n_seeds) > left and n_seeds > 1:
        n_seeds -= 1
    batches = [
        Batch(point, tuple(range(sample.seeds_of(point), n_seeds)))
        for point in dict.fromkeys([present, *points])
    ]
    if other:
        batches.append(Batch(None, tuple(range(len(sample.of_other), min(n_seeds, OTHER_SEEDS)))))
    return [batch for batch in batches if batch.seeds]


def _contenders(
    response: Response, levers: Sequence[Lever], count: int, rng: np.random.Generator
) -> list[Point]:
    """Points spread over the best places of the draws, the most promising first."""
    best = response.best_of_draws
    if not len(best):
        best = np.array([int(np.argmax(np.min([each for each, _ in response.slack], axis=0)))])
    heights = np.where(response.allowed, response.estimate, -np.inf)
    first = int(heights.argmax()) if response.allowed.any() else int(best[0])
    if len(levers) == 1:
        at = np.percentile(response.places[best, 0], np.linspace(2.5, 97.5, count))
        margin = 1.5 / _GRAIN
        places = [response.places[first, 0], at[0] - margin, at[-1] + margin, *at[1:-1]]
        rows = [[place] for place in places]
    else:
        drawn = rng.choice(best, size=count - 1)
        rows = [response.places[first].tolist(), *response.places[drawn].tolist()]
    return [
        tuple(lever.at(round(place * _GRAIN) / _GRAIN) for lever, place in zip(levers, row))
        for row in rows
    ]
