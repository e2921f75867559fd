"""The points of a sweep: which settings each design makes of a [sweep] section."""

import math
from collections.abc import Mapping
from itertools import product
from typing import Any

from sim.experiments.errors import RunError
from sim.parameters import PARAMETERS

MOST_POINTS = 100_000
"""A design with more points is refused: it is a slip more often than a wish."""


def points_of(sweep: Mapping[str, Any], seed: int) -> list[dict[str, Any]]:
    """The settings of every point, in the order of the design; a point that comes twice is one.

    grid: every combination, the last key changing fastest. list: as written. latin_hypercube and
    sobol: `samples` points over the ranges, from `seed`; whole numbers are rounded. Sources: McKay,
    Beckman, Conover (1979); Sobol' (1967), scrambled after Owen (1995).
    """
    design = sweep.get("design", "grid")
    if design == "grid":
        grid = sweep["grid"]
        n_points = math.prod(len(values) for values in grid.values())
    else:
        n_points = sweep["samples"] if "ranges" in sweep else len(sweep["list"])
    if n_points > MOST_POINTS:
        raise RunError(f"sweep: {n_points:,} points are more than {MOST_POINTS:,}")
    if design == "grid":
        points = [dict(zip(grid, values, strict=True)) for values in product(*grid.values())]
    elif design == "list":
        points = [dict(settings) for settings in sweep["list"]]
    else:
        points = _sampled(design, sweep["ranges"], n_points, seed)
    return _each_once(points)


def _sampled(
    design: str, ranges: Mapping[str, tuple[float, float]], n_points: int, seed: int
) -> list[dict[str, Any]]:
    from scipy.stats import qmc

    if design == "sobol":
        whole = qmc.Sobol(len(ranges), rng=seed).random_base2(math.ceil(math.log2(n_points)))
        unit = whole[:n_points]
    else:
        unit = qmc.LatinHypercube(len(ranges), rng=seed).random(n_points)
    return [
        {
            key: _between(low, high, float(share), PARAMETERS[key].type == "integer")
            for (key, (low, high)), share in zip(ranges.items(), row, strict=True)
        }
        for row in unit
    ]


def _between(low: float, high: float, share: float, whole: bool) -> float:
    """Whole numbers have equal parts of the range each."""
    return low + math.floor(share * (high - low + 1)) if whole else low + share * (high - low)


def _each_once(points: list[dict[str, Any]]) -> list[dict[str, Any]]:
    kept: dict[tuple[tuple[str, Any], ...], dict[str, Any]] = {}
    for point in points:
        kept.setdefault(tuple(sorted((key, str(value)) for key, value in point.items())), point)
    return list(kept.values())
