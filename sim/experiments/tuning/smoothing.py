"""A smooth response through means that are known with error: a Gaussian process.

Matérn 5/2 covariance with a length of its own for each lever, constant mean by generalised least
squares, noise as known from the replicates (Rasmussen and Williams 2006, chapters 2 and 4). The
lengths and the size of the signal are those of highest posterior density; draws of the means take
others in proportion to their density, so that what is not known about smoothness is not hidden.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

Floats = NDArray[np.float64]

_LENGTHS = np.geomspace(0.08, 3.0, 10)
"""Lengths over which the response may change, as shares of the range of a lever."""
_SIGNALS = np.geomspace(0.05, 50.0, 8)
"""Variances of the signal, in variances of the means."""
_USUAL_LENGTH, _SPREAD_OF_LENGTH = 0.5, 0.8
"""Median and log standard deviation of the prior on lengths."""
_SWEEPS = 2
_FLOOR = 1e-9


@dataclass(frozen=True)
class Smoother:
    """Weights with which the means of the points make the response at other places."""

    best: Floats
    """Places × points."""
    others: tuple[Floats, ...]
    """The same with other lengths and signals."""
    chances: Floats
    """Posterior weight of each of `others`."""

    def response(self, means: Floats) -> Floats:
        """The response at every place, from the means of the points."""
        return self.best @ means

    def draws(self, means: Floats, rng: np.random.Generator) -> Floats:
        """Draws × places, from draws × points of means."""
        which = rng.choice(len(self.others), size=len(means), p=self.chances)
        return np.stack([self.others[k] @ draw for k, draw in zip(which, means, strict=True)])


def smoother(points: Floats, means: Floats, variances: Floats, places: Floats) -> Smoother:
    """The smoother for means at `points`, known with those variances, onto `places`.

    Points and places are rows of shares of the ranges of the levers (0 to 1).
    """
    spread = float(np.var(means))
    if len(points) < 3 or spread <= _FLOOR * max(float(np.abs(means).max()) ** 2, _FLOOR):
        weights = np.full((len(places), len(points)), 1.0 / len(points))
        return Smoother(weights, (weights,), np.ones(1))
    tried: dict[tuple[float, ...], float] = {}

    def density(lengths: tuple[float, ...], signal: float) -> float:
        key = (*lengths, signal)
        if key not in tried:
            tried[key] = _log_posterior(points, means, variances, np.array(lengths), signal, spread)
        return tried[key]

    n_levers = points.shape[1]
    for length, signal in product(_LENGTHS.tolist(), _SIGNALS.tolist()):
        density((length,) * n_levers, signal)
    if n_levers > 1:
        for _, lever in product(range(_SWEEPS), range(n_levers)):
            *lengths, signal = max(tried, key=tried.__getitem__)
            for length in _LENGTHS.tolist():
                density((*lengths[:lever], length, *lengths[lever + 1 :]), signal)
    ranked = sorted(tried, key=tried.__getitem__, reverse=True)[:12]
    chances = np.exp(np.array([tried[key] - tried[ranked[0]] for key in ranked]))
    ways = tuple(
        _weights(points, variances, places, np.array(key[:-1]), key[-1] * spread) for key in ranked
    )
    return Smoother(ways[0], ways, chances / chances.sum())


def _covariance(a: Floats, b: Floats, lengths: Floats, signal: float) -> Floats:
    steps = (a[:, None, :] - b[None, :, :]) / lengths
    distance = np.sqrt(5.0 * (steps**2).sum(axis=2))
    return np.asarray(signal * (1.0 + distance + distance**2 / 3.0) * np.exp(-distance))


def _log_posterior(
    points: Floats,
    means: Floats,
    variances: Floats,
    lengths: Floats,
    signal: float,
    spread: float,
) -> float:
    matrix = _covariance(points, points, lengths, signal * spread) + np.diag(
        variances + _FLOOR * spread
    )
    factor = cho_factor(matrix, lower=True)
    ones = np.ones(len(means))
    weighted = cho_solve(factor, ones)
    total = float(ones @ weighted)
    rest = means - float(weighted @ means) / total
    fit = float(rest @ cho_solve(factor, rest))
    log_det = 2.0 * float(np.log(np.diag(factor[0])).sum())
    prior = (np.log(lengths / _USUAL_LENGTH) ** 2).sum() / (2.0 * _SPREAD_OF_LENGTH**2)
    return -0.5 * (fit + log_det + np.log(total)) - float(prior)


def _weights(
    points: Floats, variances: Floats, places: Floats, lengths: Floats, signal: float
) -> Floats:
    matrix = _covariance(points, points, lengths, signal)
    matrix = matrix + np.diag(variances + _FLOOR * signal)
    factor = cho_factor(matrix, lower=True)
    across = _covariance(places, points, lengths, signal)
    ones = np.ones(len(points))
    weighted = cho_solve(factor, ones)
    mean = weighted / float(ones @ weighted)
    centred = np.eye(len(points)) - np.outer(ones, mean)
    return np.asarray(across @ cho_solve(factor, centred) + mean)
