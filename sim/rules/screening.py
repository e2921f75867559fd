"""What an audit sees of quality, and what it is worth to admit by it."""

from __future__ import annotations

import math

from numba.extending import register_jitable


@register_jitable
def audit_signal(quality_sd: float, noise: float, correlation: float) -> float:
    """Finding of an audit, standard normal where quality and noise are.

    rho x quality + sqrt(1 - rho^2) x noise, quality in standard deviations from its mean. Admitting
    the top share f by it lifts quality by rho x phi(z_f) / f standard deviations.
    """
    return correlation * quality_sd + math.sqrt(1.0 - correlation * correlation) * noise


@register_jitable
def audit_score(signal: float, correlation: float, mean: float, sd: float) -> float:
    """Quality to expect after an audit, 0..1: mean + sd x rho x signal, kept within the scale.

    An audit that tells nothing (rho = 0) gives everybody the mean, so it delists nobody.
    """
    return min(1.0, max(0.0, mean + sd * correlation * signal))


@register_jitable
def acceptance_rate(prior_good: float, accept_good: float, accept_bad: float) -> float:
    """Share of applicants accepted, when good and bad ones have these chances."""
    return prior_good * accept_good + (1.0 - prior_good) * accept_bad


@register_jitable
def posterior_good(prior_good: float, accept_good: float, accept_bad: float) -> float:
    """Share of good ones among the accepted (Bayes); the prior where nobody is accepted."""
    accepted = acceptance_rate(prior_good, accept_good, accept_bad)
    if accepted <= 0.0:
        return prior_good
    return prior_good * accept_good / accepted
