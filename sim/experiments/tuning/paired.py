"""Means over paired seeds, and how they would have come out with other seeds.

Every seed brings its own luck, the same at each value of a lever. With y = f(value) + luck(seed) +
rest, least squares takes the luck out even where values have unequal numbers of seeds, so that
values that were tried often and values that were tried seldom can be held against each other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from sim.measures.differences import LEVEL

Floats = NDArray[np.float64]

N_DRAWS = 400
"""Number of bootstrap draws."""


@dataclass(frozen=True)
class Means:
    """Means of points over seeds with their draws, each (draws ×) points × quantities."""

    estimate: Floats
    draws: Floats
    n: NDArray[np.int64]
    """Seeds of each point."""


def paired_means(values: Floats, rng: np.random.Generator, n_draws: int = N_DRAWS) -> Means:
    """Means of each point with Bayesian bootstrap draws over seeds (Rubin 1981).

    `values` is points × seeds × quantities, NaN where a point has no run of a seed. The draws are
    spread by what few seeds leave unknown: √((n+1)/(n-1)) · t(n-1) / z, n the seeds of the point,
    so that their percentiles are about Student's interval.
    """
    there = ~np.isnan(values).any(axis=2)
    n = there.sum(axis=1)
    effect, level = _two_way(values, there, np.ones(values.shape[1]))
    weights = rng.exponential(size=(n_draws, values.shape[1]))
    drawn = [_two_way(values, there, weight) for weight in weights]
    # apart, so that the luck all points share never comes between two of them
    moved = _wider(n)[:, None] * (np.stack([each for each, _ in drawn]) - effect)
    shared = _wider(n.max(keepdims=True)) * (np.stack([each for _, each in drawn]) - level)
    estimate = effect + level
    return Means(estimate, estimate + moved + shared[:, None, :], n)


def _wider(n: NDArray[np.int64]) -> Floats:
    """By how much draws are spread for what n seeds leave unknown."""
    known = np.maximum(n, 2)
    student = stdtrit(known - 1, (1 + LEVEL) / 2) / ndtri((1 + LEVEL) / 2)
    return np.asarray(np.sqrt((known + 1) / (known - 1)) * student)


def _two_way(values: Floats, there: NDArray[np.bool_], weights: Floats) -> tuple[Floats, Floats]:
    """Effects of points, which sum to zero, and the mean of seeds, by weighted least squares."""
    known = there.astype(np.float64)
    per_seed = known.sum(axis=0)
    used = per_seed > 0
    known, filled = known[:, used], np.where(there[..., None], values, 0.0)[:, used]
    weight, per_seed = weights[used], per_seed[used]
    of_seed = filled.sum(axis=0) / per_seed[:, None]
    n_points = len(values)
    matrix = np.diag(known @ weight) - (known * (weight / per_seed)) @ known.T
    right = np.einsum("ps,psq->pq", known * weight, filled - of_seed[None])
    # the level is free: fix it by letting the effects sum to zero, then add the seeds' mean
    effect = np.linalg.solve(matrix + 1.0 / n_points, right)
    luck = of_seed - (known.T @ effect) / per_seed[:, None]
    level = (weight[:, None] * luck).sum(axis=0) / weight.sum()
    return effect, level
