"""Audits: what they see, what they are worth, and whom they turn away."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.agents.admission import audit_signals, first_by
from sim.rules import screening


def mean_quality_admitted(correlation, admit_share, n=200_000):
    """Mean true quality of those admitted, in standard deviations, by the platform's own audit."""
    merchant = np.arange(n)
    quality = np.array([NormalDist().inv_cdf((i + 0.5) / n) for i in range(n)])
    signal = audit_signals(
        seed=5, week=0, merchant=merchant, quality_sd=quality, audit_correlation=correlation
    )
    return quality[first_by(-signal, round(admit_share * n))].mean()


@pytest.mark.parametrize(("correlation", "admit_share"), [(0.5, 0.04), (0.8, 0.3)])
def test_admitting_the_top_lifts_quality_as_truncation_says(correlation, admit_share):
    # rho phi(z) / f: admitting 4 % on a correlation of .5 lifts quality by 1.077.
    normal = NormalDist()
    lift = correlation * normal.pdf(normal.inv_cdf(1 - admit_share)) / admit_share
    assert mean_quality_admitted(correlation, admit_share) == pytest.approx(lift, abs=0.02)


def test_an_audit_that_sees_nothing_admits_at_random():
    assert mean_quality_admitted(0.0, 0.1) == pytest.approx(0.0, abs=0.02)


def test_a_perfect_audit_sees_the_quality_itself():
    for level in range(5):
        signal = screening.audit_signal(level - 2.0, noise=1.7, correlation=1.0)
        assert screening.audit_score(signal, 1.0, 0.5, 0.25) == level / 4


def test_an_audit_that_tells_nothing_gives_everybody_the_mean():
    assert screening.audit_score(-3.0, 0.0, 0.5, 0.25) == 0.5


@given(st.floats(-6, 6), st.floats(-6, 6), st.floats(0, 1))
def test_scores_stay_on_the_scale_and_follow_the_signal(a, b, correlation):
    low, high = (screening.audit_score(s, correlation, 0.5, 0.25) for s in sorted((a, b)))
    assert 0.0 <= low <= high <= 1.0


def test_bayes_at_the_door():
    # 30 % are good; the door lets in 90 % of the good and 20 % of the bad: 41 % get in, 66 % good.
    assert screening.acceptance_rate(0.3, 0.9, 0.2) == pytest.approx(0.41, abs=1e-12)
    assert screening.posterior_good(0.3, 0.9, 0.2) == pytest.approx(0.27 / 0.41, abs=1e-12)
    assert screening.posterior_good(0.3, 0.0, 0.0) == 0.3


def test_signals_are_standard_normal_when_quality_is():
    rng = np.random.default_rng(1)
    quality = rng.standard_normal(100_000)
    signal = audit_signals(3, 0, np.arange(100_000), quality, 0.7)
    assert signal.std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(signal, quality)[0, 1] == pytest.approx(0.7, abs=0.01)
    assert not math.isclose(signal[0], audit_signals(3, 1, np.arange(1), quality[:1], 0.7)[0])
