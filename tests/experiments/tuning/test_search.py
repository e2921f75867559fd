"""The search against a grid of ten times as many runs, on a market whose optimum is known."""

import numpy as np
import pytest

from sim.experiments.errors import RunError, StoreError
from sim.experiments.tuning.optimum import judged, last_above
from sim.experiments.tuning.quantities import constraint_of
from sim.experiments.tuning.sample import Sample, measured, places_of, response_of
from sim.experiments.tuning.search import responses_of, search
from tests.experiments.tuning.made_up_market import LEVER, OBJECTIVE, SHAPES, made_up, question


def by_grid(shape, runs=2_000):
    values, sample = np.linspace(0.0, 0.3, 40), Sample()
    asked = [((float(x),), seed) for x in values for seed in range(runs // 40)]
    for (point, seed), found in zip(asked, made_up(shape)(asked), strict=True):
        sample.add(point, seed, found)
    means = measured(sample, 52, OBJECTIVE, (), 1)
    response = response_of(means, (LEVER,), places_of((LEVER,)), 1)
    return response, judged(response)


def by_tuning(shape, **changes):
    asked = question(**changes)
    sample = search(asked, made_up(shape))
    response = responses_of(asked, sample)[0]
    return sample, response, judged(response)


def value(response, place):
    return LEVER.at(response.places[place, 0])


def test_an_objective_that_no_run_defines_is_told():
    def nothing(asked):
        return [{52: {"consumer_surplus_fen": np.nan, "mean_tie_trust": 0.5}} for _ in asked]

    with pytest.raises(RunError, match="consumer_surplus: is not defined in any run of 52 weeks"):
        search(question(), nothing)


def test_two_hundred_runs_find_what_a_grid_of_two_thousand_finds():
    grid, of_grid = by_grid("clear")
    sample, response, found = by_tuning("clear")
    assert sample.n_runs <= 200
    assert found.verdict == of_grid.verdict == "optimum"
    low, high = LEVER.at(found.low[0]), LEVER.at(found.high[0])
    assert high - low <= 0.05
    assert low <= value(grid, of_grid.best) <= high and low <= 0.12 <= high
    top, here = (SHAPES["clear"](x) for x in (0.12, value(response, found.best)))
    assert 1 - here / top <= 0.01


def test_both_say_that_a_flat_response_has_no_optimum():
    assert by_grid("flat")[1].verdict == "no clear optimum"
    assert by_tuning("flat")[2].verdict == "no clear optimum"


def test_a_best_value_at_the_edge_is_said_to_lie_there():
    found = by_tuning("edge", budget=100)[2]
    assert (found.verdict, found.edges) == ("at the edge", ("low",))


def test_runs_gather_where_the_best_may_lie():
    sample, _, _ = by_tuning("clear")
    seeds = {point[0]: len(runs) for point, runs in sample.of_points.items()}
    near = max(n for x, n in seeds.items() if abs(x - 0.12) < 0.03)
    far = max(n for x, n in seeds.items() if abs(x - 0.12) > 0.06 and x != 0.06)
    assert near >= 2 * far
    assert seeds[0.06] == max(seeds.values())  # the present setting is paired with all


def test_a_search_goes_on_where_it_was_broken_off(tmp_path):
    storage = tmp_path / "tune.sqlite3"
    whole = search(question(budget=60), made_up("clear"))

    class Killed(Exception):
        pass

    def breaking(asked, calls=[0]):  # noqa: B006
        calls[0] += 1
        if calls[0] == 3:
            raise Killed
        return made_up("clear")(asked)

    with pytest.raises(Killed):
        search(question(budget=60), breaking, storage)
    resumed = search(question(budget=60), made_up("clear"), storage)
    assert resumed.of_points == whole.of_points
    calls = []
    larger = search(question(budget=75), made_up("clear", calls=calls), storage)
    assert larger.n_runs > whole.n_runs
    for point, runs in whole.of_points.items():
        assert runs.keys() <= larger.of_points[point].keys()


def test_a_constraint_moves_the_best_value_to_its_bound():
    asked = question(budget=100, constraints=(constraint_of("mean_tie_trust>=0.53"),))
    response = responses_of(asked, search(asked, made_up("clear")))[0]
    found = judged(response)
    assert 0.06 <= value(response, found.best) <= 0.0715


def test_constraints_that_no_value_keeps_leave_nothing():
    asked = question(budget=60, constraints=(constraint_of("mean_tie_trust>=0.9"),))
    found = judged(responses_of(asked, search(asked, made_up("clear")))[0])
    assert (found.best, found.reason) == (None, "none allowed")


def test_two_levers_are_found_together():
    from sim.experiments.tuning.levers import lever_of

    levers = (LEVER, lever_of("referral.fee_rate"))

    def measure(asked):
        first = made_up("clear")(asked)
        for (point, _), found in zip(asked, first, strict=True):
            found[52]["consumer_surplus_fen"] -= 1e6 * (point[1] - 0.07) ** 2
        return first

    asked = question(budget=150, levers=levers, present=(0.06, 0.02))
    response = responses_of(asked, search(asked, measure))[0]
    found = judged(response)
    at = [lever.at(p) for lever, p in zip(levers, response.places[found.best])]
    assert found.verdict == "optimum"
    assert at == pytest.approx([0.12, 0.07], abs=0.015)


def test_the_break_even_is_where_the_response_falls_to_the_level():
    places = np.linspace(0, 1, 11)
    above = 0.55 - places
    found = last_above(places, above, np.stack([above - 0.1, above, above + 0.1]))
    assert found.state == "crosses"
    assert found.place == pytest.approx(0.55)
    assert found.low == pytest.approx(0.455, abs=0.01)
    assert last_above(places, 1 + places, places[None]).state == "always"
    assert last_above(places, -1 - places, -1 - places[None]).state == "never"


@pytest.mark.slow
def test_intervals_hold_what_they_promise():
    """Twenty-four lucks: the interval covers the true optimum in at least 90 % of them."""
    covered, widths = 0, []
    for luck in range(24):
        asked = question(seed=luck)
        response = responses_of(asked, search(asked, made_up("clear", 2.0, luck)))[0]
        found = judged(response)
        low, high = LEVER.at(found.low[0]), LEVER.at(found.high[0])
        covered += low <= 0.12 <= high
        widths.append(high - low)
    print(f"coverage {covered}/24, widths up to {100 * max(widths):.1f} points")
    assert covered >= 22
    assert np.median(widths) <= 0.05


def test_a_broken_study_is_one_line(tmp_path):
    storage = tmp_path / "tune.sqlite3"
    storage.write_bytes(bytes(range(256)) * 20)
    with pytest.raises(StoreError, match="delete it"):
        search(question(budget=60), made_up("clear"), storage)
    (tmp_path / "taken").touch()
    with pytest.raises(StoreError, match="cannot be written"):
        search(question(budget=60), made_up("clear"), tmp_path / "taken" / "tune.sqlite3")
