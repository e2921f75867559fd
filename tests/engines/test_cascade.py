"""The cascade by itself is the market in its limit: the same people adopt in the same weeks."""

from dataclasses import replace

import numpy as np
import pytest

from sim.engines import cascade
from sim.engines.cascade import NEVER, independent_cascade
from sim.model import MarketModel
from sim.network import made_network
from sim.scenario import load_scenario
from sim.world.world import build_world

FIRST = [0, 7]


def limit(tmp_path, n=260, degree=9.0, strongest=0.6, seed=5):
    """The scenario of the limit on a random graph whose ties have chances of their own."""
    rng = np.random.default_rng(seed)
    ties = np.argwhere(rng.random((n, n)) < degree / n)
    file = tmp_path / "ties.csv"
    with open(file, "w") as lines:
        lines.writelines(f"{person},{person},1\n" for person in range(n))
        lines.writelines(
            f"{reader},{teller},{strongest * rng.random()}\n" for reader, teller in ties
        )
    return load_scenario("limits/independent_cascade").with_values(
        {
            "network.file": str(file),
            "network.copies": 1,
            "population.initial_members": [str(person) for person in FIRST],
        }
    )


def adopted_in_the_market(scenario, network, seed, **how):
    model = MarketModel(
        scenario, "control", rng=seed, trace=True, world=build_world(scenario, network, 1), **how
    )
    model.step()
    while model.weekly[-1]["posts"] > 0:
        model.step()
    orders = model.tables()["orders"]
    week = np.full(network.n_people, NEVER)
    week[orders["consumer"]] = orders["week"]
    return week, sum(row["reads"] for row in model.weekly)


@pytest.mark.parametrize("engine", ["array", "mesa"])
@pytest.mark.parametrize("seed", [1, 2, 1 << 40])
def test_the_same_people_adopt_in_the_same_weeks_as_in_the_market(tmp_path, engine, seed):
    scenario = limit(tmp_path)
    network = made_network(scenario, 1)
    week, reads = adopted_in_the_market(scenario, network, seed, engine=engine)
    alone = independent_cascade(network, FIRST, seed)
    np.testing.assert_array_equal(alone.week, week)
    assert alone.ties_tried == reads
    assert 50 < (week != NEVER).sum() < 260


def test_threads_and_parts_change_nothing(tmp_path, monkeypatch):
    network = made_network(limit(tmp_path, n=900, degree=40.0), 1)
    whole = independent_cascade(network, FIRST, 3, threads=1)
    monkeypatch.setattr(cascade, "TELLERS_AT_A_TIME", 3)
    in_parts = independent_cascade(network, FIRST, 3, threads=4)
    np.testing.assert_array_equal(in_parts.week, whole.week)
    assert in_parts.ties_tried == whole.ties_tried > 10_000


def test_certain_ties_reach_everybody_step_by_step(tmp_path):
    network = made_network(limit(tmp_path), 1)
    certain = replace(network, weight=np.ones_like(network.weight))
    week = independent_cascade(certain, [0]).week
    for person in range(certain.n_people):
        followers = certain.reader[slice(*certain.follower_start[person : person + 2])]
        assert not len(followers) or week[person] == NEVER or week[followers].min() != NEVER
        assert week[person] == NEVER or week[followers].max(initial=0) <= week[person] + 1


def test_nobody_first_is_no_cascade(tmp_path):
    found = independent_cascade(made_network(limit(tmp_path), 1), [])
    assert (found.week == NEVER).all()
    assert found.ties_tried == 0


def test_wrong_input_is_named(tmp_path):
    network = made_network(limit(tmp_path), 1)
    with pytest.raises(ValueError, match="people from 0 to 259"):
        independent_cascade(network, [260])
    with pytest.raises(TypeError):
        independent_cascade(network, [0.5])
    for none in ({"weight": None}, {"weights_are_trust": False}):
        with pytest.raises(ValueError, match=r'network\.weights = "trust"'):
            independent_cascade(replace(network, **none), FIRST)
