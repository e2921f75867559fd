"""Designs: the points each makes of a [sweep] section."""

import pytest

from sim.experiments import designs
from sim.experiments.designs import points_of
from sim.experiments.errors import RunError

RANGES = {"referral.reward_rate": [0.0, 0.2], "ads.n_slots": [0, 3]}


def test_a_grid_is_every_combination_the_last_key_fastest():
    grid = {"referral.reward_rate": [0.0, 0.1], "ads.n_slots": [2, 4]}
    assert points_of({"grid": grid}, 1) == [
        {"referral.reward_rate": 0.0, "ads.n_slots": 2},
        {"referral.reward_rate": 0.0, "ads.n_slots": 4},
        {"referral.reward_rate": 0.1, "ads.n_slots": 2},
        {"referral.reward_rate": 0.1, "ads.n_slots": 4},
    ]


def test_a_list_is_as_written_each_point_once():
    entries = [{"ads.n_slots": 2}, {}, {"ads.n_slots": 2}]
    assert points_of({"design": "list", "list": entries}, 1) == [{"ads.n_slots": 2}, {}]


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_samples_fill_their_ranges_and_depend_on_the_seed_alone(design):
    sweep = {"design": design, "samples": 24, "ranges": RANGES}
    points = points_of(sweep, 3)
    assert points == points_of(sweep, 3) != points_of(sweep, 4)
    rates = sorted(point["referral.reward_rate"] for point in points)
    assert len(points) == 24
    assert rates[0] < 0.02 and rates[-1] > 0.18
    assert {point["ads.n_slots"] for point in points} == {0, 1, 2, 3}
    assert all(isinstance(point["ads.n_slots"], int) for point in points)


def test_a_latin_hypercube_has_one_value_in_each_slice():
    sweep = {"design": "latin_hypercube", "samples": 20, "ranges": RANGES}
    rates = sorted(point["referral.reward_rate"] for point in points_of(sweep, 3))
    assert [int(rate / 0.01) for rate in rates] == list(range(20))


def test_a_design_without_end_is_refused(monkeypatch):
    monkeypatch.setattr(designs, "MOST_POINTS", 3)
    with pytest.raises(RunError, match="4 points are more than 3"):
        points_of({"grid": {"ads.n_slots": [1, 2, 3, 4]}}, 1)
