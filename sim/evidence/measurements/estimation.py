"""Estimates with intervals: maximum likelihood, shares and bootstrap, all over independent units.

A unit is whatever is independent of the others: a customer, a household, a person, an ad. What
one unit does many times counts as one piece of evidence, so no interval is too narrow for it.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
PerUnit = Callable[[Floats], tuple[Floats, Floats]]
"""Parameters -> log-likelihood of each unit, and its gradient (units × parameters)."""

Z95 = 1.959963984540054
STEP = 1e-5


class Interval(NamedTuple):
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


class Estimate(NamedTuple):
    """Parameters of greatest likelihood, and their covariance robust to a wrong likelihood."""

    values: Floats
    covariance: Floats
    log_likelihood: float
    n_units: int

    def interval_of(self, function: Callable[[Floats], float], positive: bool = False) -> Interval:
        """A function of the parameters with its interval (delta method).

        `positive`: the interval is symmetric on the log scale, so it never reaches zero.
        """
        value = float(function(self.values))
        steps = np.eye(len(self.values)) * STEP
        slope = np.array(
            [(function(self.values + s) - function(self.values - s)) / (2 * STEP) for s in steps]
        )
        error = float(np.sqrt(slope @ self.covariance @ slope))
        if positive:
            factor = float(np.exp(Z95 * error / value))
            return Interval(value, value / factor, value * factor)
        return Interval(value, value - Z95 * error, value + Z95 * error)


def maximum_likelihood(per_unit: PerUnit, start: Floats) -> Estimate:
    """Parameters that maximise the likelihood, with the sandwich covariance.

    Covariance = H⁻¹ (Σ s sᵀ) H⁻¹, H the Hessian of −log L, s the gradient of each unit.
    """
    from scipy.optimize import minimize

    def loss(values: Floats) -> tuple[float, Floats]:
        each, gradient = per_unit(values)
        return -float(each.sum()), -gradient.sum(axis=0)

    best = minimize(loss, start, jac=True, method="BFGS").x
    hessian = np.array(
        [
            (loss(best + step)[1] - loss(best - step)[1]) / (2e-4)
            for step in np.eye(len(best)) * 1e-4
        ]
    )
    bread = np.linalg.inv((hessian + hessian.T) / 2)
    each, gradient = per_unit(best)
    total = gradient.sum(axis=0)
    if (bread.diagonal() <= 0).any() or total @ bread @ total > 1e-3:
        raise ValueError("the likelihood has no clear maximum for these data")
    covariance = bread @ (gradient.T @ gradient) @ bread
    return Estimate(best, covariance, float(each.sum()), len(each))


def with_numeric_gradient(log_likelihood: Callable[[Floats], Floats]) -> PerUnit:
    """The log-likelihood of each unit together with its gradient by central differences."""

    def per_unit(values: Floats) -> tuple[Floats, Floats]:
        steps = np.eye(len(values)) * STEP
        gradient = [
            (log_likelihood(values + step) - log_likelihood(values - step)) / (2 * STEP)
            for step in steps
        ]
        return log_likelihood(values), np.stack(gradient, axis=1)

    return per_unit


def share_of_units(hits: Floats, trials: Floats) -> Interval:
    """Σ hits / Σ trials with Wilson's interval, for trials that come in independent units.

    The number of trials is divided by the design effect: the variance between units relative to
    that of independent trials, where it is above 1.
    """
    total = float(trials.sum())
    if total == 0:
        return Interval(float("nan"), 0.0, 1.0)
    share = float(hits.sum()) / total
    effective = total
    if 0 < share < 1:
        spread = float(((hits - share * trials) ** 2).sum())
        effective = total / max(1.0, spread / (share * (1 - share) * total))
    middle = (share + Z95**2 / (2 * effective)) / (1 + Z95**2 / effective)
    half = np.sqrt(share * (1 - share) / effective + (Z95 / (2 * effective)) ** 2)
    half *= Z95 / (1 + Z95**2 / effective)
    return Interval(share, max(0.0, float(middle - half)), min(1.0, float(middle + half)))


def ratio_of_units(above: Floats, below: Floats) -> Interval:
    """Σ above / Σ below over independent units, with an interval symmetric on the log scale."""
    ratio = float(above.sum() / below.sum())
    error = float(np.sqrt(((above - ratio * below) ** 2).sum())) / float(below.sum())
    factor = float(np.exp(Z95 * error / ratio))
    return Interval(ratio, ratio / factor, ratio * factor)


def bootstrap(
    statistic: Callable[[Floats], float], n_units: int, n_draws: int, seed: int
) -> Interval:
    """A statistic of weighted units with its 95 % percentile interval.

    `statistic` takes one weight per unit: ones for the value, then how often each unit was drawn.
    """
    random = np.random.default_rng(seed)
    even = np.full(n_units, 1 / n_units)
    drawn = [
        statistic(random.multinomial(n_units, even).astype(np.float64)) for _ in range(n_draws)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(float(statistic(np.ones(n_units))), float(low), float(high))
