"""Paired means and the smooth response through them."""

import numpy as np
import pytest

from sim.experiments.tuning.paired import paired_means
from sim.experiments.tuning.smoothing import smoother
from sim.measures.differences import student_interval


def test_luck_of_seeds_is_taken_out_where_numbers_of_seeds_are_unequal():
    luck = np.array([0.0, 10.0, 100.0, 1000.0])
    effect = np.array([1.0, 2.0, 3.0])
    values = (effect[:, None] + luck)[..., None]
    values[1, 2:] = np.nan
    means = paired_means(values, np.random.default_rng(1))
    assert means.estimate[:, 0] == pytest.approx(effect + luck.mean())
    assert means.n.tolist() == [4, 2, 4]
    differences = means.draws[:, 1, 0] - means.draws[:, 0, 0]
    assert differences == pytest.approx(1.0)


def test_draws_spread_like_students_interval():
    sample = np.random.default_rng(3).normal(size=12)
    values = np.stack([np.zeros(12), sample])[..., None]
    means = paired_means(values, np.random.default_rng(4), 4000)
    drawn = means.draws[:, 1, 0] - means.draws[:, 0, 0]
    _, low, high = student_interval(sample.tolist())
    assert np.percentile(drawn, [2.5, 97.5]) == pytest.approx([low, high], abs=0.12)


def test_the_response_follows_a_curve_and_not_its_noise():
    rng = np.random.default_rng(5)
    points = np.linspace(0, 1, 15)[:, None]
    true = -((points[:, 0] - 0.4) ** 2)
    means = true + 0.01 * rng.normal(size=15)
    places = np.linspace(0, 1, 101)[:, None]
    found = smoother(points, means, np.full(15, 1e-4), places).response(means)
    assert np.abs(found + (places[:, 0] - 0.4) ** 2).max() < 0.02
    assert places[found.argmax(), 0] == pytest.approx(0.4, abs=0.06)


def test_equal_means_have_a_level_response():
    points = np.linspace(0, 1, 5)[:, None]
    means = np.full(5, 3.0)
    assert smoother(points, means, np.zeros(5), points).response(means) == pytest.approx(means)
