"""Estimates and intervals on made-up units with known answers."""

import numpy as np
import pytest

from sim.evidence.measurements.estimation import (
    bootstrap,
    maximum_likelihood,
    ratio_of_units,
    share_of_units,
    with_numeric_gradient,
)


def test_a_share_of_single_trials_has_wilsons_interval():
    hits = np.array([1.0] * 10 + [0.0] * 90)
    share = share_of_units(hits, np.ones(100))
    assert share == pytest.approx((0.1, 0.05523, 0.17437), abs=1e-5)  # Wilson (1927)


def test_trials_that_come_in_bundles_count_as_bundles():
    bundles = share_of_units(np.array([100.0] * 10 + [0.0] * 90), np.full(100, 100.0))
    single = share_of_units(np.array([1.0] * 10 + [0.0] * 90), np.ones(100))
    assert bundles == pytest.approx(single)


@pytest.mark.parametrize("hits", [0.0, 5.0])
def test_a_share_of_none_or_all_stays_within_zero_and_one(hits):
    share = share_of_units(np.array([hits]), np.array([5.0]))
    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.high - share.low > 0.3


def test_no_trials_say_nothing():
    share = share_of_units(np.zeros(3), np.zeros(3))
    assert np.isnan(share.value) and (share.low, share.high) == (0, 1)


def test_the_mean_of_normal_values_has_the_textbook_error():
    values = np.random.default_rng(1).normal(3.0, 2.0, 400)
    found = maximum_likelihood(
        with_numeric_gradient(lambda v: -0.5 * (values - v[0]) ** 2), np.zeros(1)
    )
    mean, low, high = found.interval_of(lambda v: float(v[0]))
    assert mean == pytest.approx(values.mean())
    assert (high - low) / 2 == pytest.approx(1.96 * values.std() / 20, rel=1e-3)


def test_a_likelihood_without_a_maximum_is_refused():
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        maximum_likelihood(with_numeric_gradient(lambda v: np.zeros(5) * v[0]), np.zeros(1))


def test_ratio_and_bootstrap_agree():
    random = np.random.default_rng(2)
    below = random.poisson(50, 300).astype(float)
    above = random.poisson(0.2 * below).astype(float)
    ratio = ratio_of_units(above, below)
    drawn = bootstrap(lambda w: float(w @ above / (w @ below)), 300, 1_000, seed=3)
    assert ratio.value == pytest.approx(drawn.value)
    assert (ratio.low, ratio.high) == pytest.approx((drawn.low, drawn.high), rel=0.02)
    assert ratio.low < 0.2 < ratio.high
