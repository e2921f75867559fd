"""Every assumed parameter is varied, in `validate` and in `claims`."""

import pytest

from sim.evidence.assumed import (
    NOT_COMPARED,
    NOT_VARIED,
    all_at_once,
    assumed_parameters,
    one_at_a_time,
    plausible_ranges,
    smaller,
    varied_ranges,
)
from sim.evidence.claims.arms import ARMS
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.plan import Plan, Sizes
from sim.evidence.patterns import PATTERNS
from sim.evidence.validation import Reach, Validation
from sim.parameters import OF_THE_GENERATOR, PARAMETERS
from sim.scenario import Scenario, load_scenario

#: Constants frame a run; those without a range are files, lists of people and the seed.
ASSUMED = [
    key
    for key, parameter in PARAMETERS.items()
    if parameter.source.startswith("assumed:")
    and (parameter.kind != "constant" or parameter.plausible is not None)
    and key not in NOT_VARIED
    and parameter.section not in NOT_COMPARED
]


def test_what_is_not_varied_is_a_constant():
    assert all(PARAMETERS[key].kind == "constant" for key in NOT_VARIED)
    assert [parameter.key for parameter in assumed_parameters()] == ASSUMED


@pytest.mark.parametrize("key", ASSUMED)
def test_validate_varies_every_assumption(key):
    points = Validation(load_scenario("quick")).points
    assert len({point[key] for point in points}) > 1


@pytest.mark.parametrize("key", ASSUMED)
def test_claims_vary_every_assumption(key):
    plan = Plan(load_scenario("quick"), CLAIMS, Sizes())
    values = {
        plan.wanted(cell, 1).spec.scenario.values()[key]
        for cell in plan.cells()
        if cell.world == "small" and key in dict(cell.settings)
    }
    if key == "screening.markets":  # set by the arms themselves
        values = {arm.settings(Scenario()).get(key) for arm in ARMS.values()}
    assert len(values) > 1 or values - {Scenario().values()[key]}


def test_points_are_the_same_every_time_and_runnable():
    assert all_at_once(4) == all_at_once(4)
    for point in all_at_once(4):
        Scenario().with_values(point)


def test_ends_of_ranges_are_runnable():
    scenario = Scenario()
    for key, value in one_at_a_time(scenario):
        assert scenario.with_values({key: value}).values()[key] == value
    varied = {key for key, _ in one_at_a_time(scenario)}
    assert varied == {each.key for each in varied_ranges(scenario)}
    assert varied > {each.key for each in plausible_ranges()}


def test_ends_of_numbers_of_merchants_shrink_with_people():
    ends = {each.key: each.values for each in varied_ranges(smaller(Scenario(), 1_000, 26))}
    usual = {each.key: each.values for each in plausible_ranges()}
    assert ends["merchants.n_applicants"] == (50, 500)
    assert ends["merchants.initial_per_category"] == (3, 6)
    assert ends["network.mean_degree"] == usual["network.mean_degree"]
    assert {each.key: each.values for each in varied_ranges(Scenario())}.items() >= usual.items()


def test_on_ties_from_a_file_nothing_of_the_generator_is_varied(tmp_path):
    (tmp_path / "ties.csv").write_text("1,2\n")
    on_file = Scenario().with_values({"network.file": str(tmp_path / "ties.csv")})
    small = smaller(on_file, 1_000, 26)
    assert small.merchants.n_applicants == 400
    keys = {each.key for each in varied_ranges(small)}
    assert keys == {each.key for each in varied_ranges(Scenario())} - set(OF_THE_GENERATOR)
    (point,) = all_at_once(1, small)
    (usual,) = all_at_once(1)
    assert point == {key: value for key, value in usual.items() if key not in OF_THE_GENERATOR}
    assert point.keys() < usual.keys()
    asked = Validation(on_file, Reach(replicates=1, points=1))
    assert all(len(asked.in_region(pattern)) == 1 for pattern in PATTERNS)


def test_a_smaller_world_keeps_people_to_a_merchant():
    small = smaller(Scenario(), 1_000, 26)
    assert small.population.n_consumers == 1_000
    assert small.run.weeks == 26
    assert small.merchants.n_applicants == 400
    assert smaller(small, 5_000, 104) == small


def test_a_validation_asks_every_seed_and_point():
    asked = Validation(load_scenario("quick"), Reach(replicates=3, points=5))
    for pattern in PATTERNS:
        assert len(asked.at_scenario(pattern)) == 3
        assert len(asked.in_region(pattern)) == 5
