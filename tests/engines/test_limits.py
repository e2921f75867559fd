"""The engines agree in the limits in which theory knows the answer, and on the way to them."""

import pytest

from sim.scenario import load_scenario
from tests.engines.same import LIVELY, assert_same, lived

ALMOST = {
    "demand.repeat_share": 0.3,
    "demand.n_categories": 2,
    "sharing.memory_weeks": 2,
    "network.chance_degrees": True,
}
TIES = "1,0,0.9\n2,0,0.4\n3,1,0.5\n3,2,0.25\n0,3,1.7\n"


def small_limits():
    cascade = load_scenario("limits/independent_cascade").with_values({"network.copies": 40})
    yield "cascade", cascade, 6
    random = {"population.n_consumers": 300, "population.initial_member_share": 0.02}
    on_random = load_scenario("limits/poisson_cascade").with_values(
        random | {"network.mean_degree": 3.0}
    )
    yield "poisson", on_random, 12
    few = {"population.n_consumers": 150, "network.mean_degree": 20.0, "sharing.join_prob": 0.2}
    yield "bass", load_scenario("limits/bass").with_values(few), 15
    yield "almost", load_scenario("baseline").with_values(LIVELY | ALMOST), 10


@pytest.mark.parametrize("name, scenario, weeks", list(small_limits()), ids=lambda x: str(x)[:8])
def test_the_engines_agree_in_a_limit(name, scenario, weeks):
    readable = lived(scenario, "control", weeks, engine="mesa")
    assert_same(readable, lived(scenario, "control", weeks, engine="array", threads=2))


def test_the_engines_agree_on_ties_that_say_their_trust(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text(TIES)
    given = {"network.file": str(file), "network.weights": "trust", "network.copies": 30}
    changes = {"population.initial_members": ["0", "3"], "demand.repeat_share": 0.5}
    scenario = load_scenario("baseline").with_values(LIVELY).with_values(given | changes)
    readable = lived(scenario, "referral", 10, engine="mesa")
    assert_same(readable, lived(scenario, "referral", 10, engine="array", threads=2))
    assert len(readable.world.consumers.member) == 120
