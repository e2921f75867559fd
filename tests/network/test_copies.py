"""A file of ties several times side by side, weights that are trust, degrees left to chance."""

import numpy as np
import pytest

from sim.network import build_network
from sim.parameters.problems import InputError
from sim.scenario import Scenario, ScenarioError
from sim.world.world import build_world

PLAIN = {
    "network.within_community_share": 0.0,
    "network.in_degree_log_sd": 0.0,
    "network.hub_share": 0.0,
    "network.reciprocity": 0.0,
}


def scenario_on(tmp_path, content, changes=None):
    file = tmp_path / "ties.csv"
    file.write_text(content)
    return Scenario().with_values({"network.file": str(file), **(changes or {})})


def test_copies_are_the_file_again_and_again_without_ties_between(tmp_path):
    scenario = scenario_on(tmp_path, "1,0,0.5\n2,1,0.25\n", {"network.copies": 3})
    network = build_network(scenario, 1)
    assert network.n_people == 9
    assert network.trusted.tolist() == [0, 1, 1, 2, 3, 4, 4, 5, 6, 7, 7, 8]
    assert network.reader.tolist() == [1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7]
    assert network.weight.tolist() == [0.5, 0.5, 0.25, 0.25] * 3


def test_named_members_are_members_in_every_copy_and_nobody_else_is(tmp_path):
    changes = {"network.copies": 2, "population.initial_members": ["c", "a"]}
    scenario = scenario_on(tmp_path, "a,b\nb,c\n", changes)
    members = build_world(scenario, build_network(scenario, 1), 1).consumers.member
    assert members.tolist() == [True, False, True] * 2


def test_without_a_file_members_are_named_by_their_numbers():
    changes = {"population.n_consumers": 4, "population.initial_members": ["3"]}
    scenario = Scenario().with_values(changes)
    members = build_world(scenario, build_network(scenario, 1), 1).consumers.member
    assert members.tolist() == [False, False, False, True]


def test_members_who_are_nobody_are_wrong_input(tmp_path):
    scenario = scenario_on(tmp_path, "a,b\n", {"population.initial_members": ["a", "x", "y"]})
    with pytest.raises(ScenarioError) as error:
        build_world(scenario, build_network(scenario, 1), 1)
    assert [problem.problem for problem in error.value.problems] == [
        'nobody is "x"',
        'nobody is "y"',
    ]


def test_weights_that_are_trust_must_be_there(tmp_path):
    with pytest.raises(InputError, match="no weights"):
        build_network(scenario_on(tmp_path, "a,b\n", {"network.weights": "trust"}), 1)


@pytest.mark.parametrize(
    "key, value",
    [("network.copies", 2), ("network.weights", "trust"), ("network.directed", "yes")],
)
def test_what_is_said_about_a_file_needs_one(key, value):
    with pytest.raises(ScenarioError, match="there is no file of ties"):
        Scenario().with_values({key: value})


def test_degrees_left_to_chance_are_poisson_on_both_sides():
    changes = {"population.n_consumers": 20_000, "network.mean_degree": 3.0}
    chance = PLAIN | {"network.chance_degrees": True}
    network = build_network(Scenario().with_values(changes | chance), 5)
    followers = np.diff(network.follower_start)
    trusted = np.bincount(network.reader, minlength=20_000)
    for degrees in (followers, trusted):
        assert degrees.mean() == pytest.approx(3.0, abs=0.05)
        assert degrees.var() == pytest.approx(3.0, rel=0.05)
        assert (degrees == 0).mean() == pytest.approx(np.exp(-3.0), abs=0.006)
    even = build_network(Scenario().with_values(changes | PLAIN), 5)
    assert np.diff(even.follower_start).var() < 0.01
