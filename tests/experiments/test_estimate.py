"""Estimates against what runs really take, and the refusal of what cannot fit."""

import json

import numpy as np
import pytest

from sim import api
from sim.__main__ import main
from sim.experiments import estimate
from sim.experiments.costs import cost, events, measured_costs, slowness
from sim.experiments.errors import RunError
from sim.experiments.estimate import columns_bytes, estimate_run, refuse_what_cannot_fit, size_of
from sim.experiments.measured_run import measured_apart
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec
from sim.experiments.workers import make_all
from sim.memory import free_bytes, peak_bytes
from sim.model import MarketModel
from sim.scenario import load_scenario

MEMORY_WITHIN, TIME_WITHIN = 1.25, 2.0


def scenario(n, degree=30.0, **values):
    given = {"population.n_consumers": n, "network.mean_degree": degree}
    return load_scenario("baseline").with_values(given | values)


def arrays_of(thing, found):
    if hasattr(thing, "nbytes"):
        whole = thing.base if isinstance(thing.base, np.ndarray) else thing
        found[id(whole)] = whole.nbytes
    elif hasattr(thing, "_fields"):
        for part in thing:
            arrays_of(part, found)
    return found


@pytest.mark.parametrize(
    "changed",
    [{}, {"demand.n_categories": 3}, {"sharing.memory_weeks": 4}, {"network.max_followed": 9}],
)
def test_columns_are_counted_exactly(changed):
    chosen = scenario(700, 20.0, **changed)
    world = MarketModel(chosen, rng=1, threads=1).world
    found = {}
    for part in vars(world).values():
        arrays_of(part, found)
    for column in vars(world.network).values():
        arrays_of(column, found)
    true = sum(found.values())
    counted = columns_bytes(chosen, 700, world.network.n_ties)
    assert counted == pytest.approx(true, rel=0.02)


def test_the_size_of_a_file_is_that_of_its_ties(tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("1,2\n2,1\n3,1\n3,3\n3,1\n")
    assert size_of(scenario(999).with_values({"network.file": str(ties)})) == (3, 3)
    assert size_of(scenario(1_000, 20.0)) == (1_000, 20_000)
    assert size_of(scenario(10, 20.0)) == (10, 90)


def test_more_of_anything_takes_no_less():
    least = estimate_run(scenario(20_000), "referral", threads=1)
    for changed in (
        scenario(40_000),
        scenario(20_000, 60.0),
        scenario(20_000, **{"run.weeks": 208}),
        scenario(20_000, **{"demand.purchase_rate_per_week": 3.0}),
        scenario(20_000, **{"sharing.memory_weeks": 5}),
    ):
        more = estimate_run(changed, "referral", threads=1)
        assert more.memory_bytes >= least.memory_bytes
        assert more.seconds >= least.seconds
        assert (more.memory_bytes, more.seconds) != (least.memory_bytes, least.seconds)
    traced = estimate_run(scenario(20_000), "referral", threads=1, trace=True)
    assert traced.memory_bytes > least.memory_bytes
    readable = estimate_run(scenario(20_000), "referral", engine="mesa")
    assert readable.seconds > 20 * least.seconds


def test_what_people_do_is_about_what_they_are_expected_to_do():
    chosen = load_scenario("bench/week").with_values({"population.n_consumers": 2_000})
    for market in ("referral", "ads"):
        model = MarketModel(chosen, market, rng=1, threads=1)
        model.run_for(14)
        row, expected = model.weekly[-1], events(chosen, market)
        for name in ("choices", "reads"):
            assert 0.5 < expected[name] / (row[name] / 2_000) < 2.0, (market, name)


def test_costs_are_of_this_machine():
    assert slowness() > 0.0
    assert cost("memory", {"process": 1.0}) == measured_costs()["memory"]["process"]


CASES = {
    "small": {"values": {"population.n_consumers": 3_000, "network.mean_degree": 40.0}},
    "ads, traced": {
        "values": {"population.n_consumers": 8_000, "network.mean_degree": 60.0, "run.weeks": 30},
        "market": "ads",
        "trace": True,
    },
    "readable": {
        "values": {
            "population.n_consumers": 400,
            "network.mean_degree": 40.0,
            "run.weeks": 12,
            "demand.n_categories": 8,
        },
        "engine": "mesa",
    },
    "fewer categories": {
        "values": {
            "population.n_consumers": 30_000,
            "network.mean_degree": 60.0,
            "run.weeks": 26,
            "demand.n_categories": 6,
        }
    },
    "large": {
        "values": {
            "population.n_consumers": 300_000,
            "network.mean_degree": 35.0,
            "run.weeks": 12,
        }
    },
    "many ties": {
        "values": {
            "population.n_consumers": 60_000,
            "network.mean_degree": 300.0,
            "run.weeks": 12,
        },
        "market": "ads",
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_estimates_are_near_what_a_run_takes(case):
    asked = {"threads": 1} | CASES[case]
    values = asked["values"] | {"run.weeks": 2, "run.seed": 2}
    measured_apart(**asked | {"values": values})  # compiles what is not in the cache
    taken = measured_apart(**asked)
    told = estimate_run(
        load_scenario("baseline").with_values(asked["values"]),
        asked.get("market", "referral"),
        1,
        asked.get("trace", False),
        asked.get("engine", "array"),
    )
    memory = told.memory_bytes / taken["peak_bytes"]
    assert 1 / MEMORY_WITHIN < memory < MEMORY_WITHIN
    # On one thread an idle machine needs as many seconds as processor seconds.
    assert 1 / TIME_WITHIN < told.seconds / taken["processor_seconds"] < TIME_WITHIN


HUGE = 300_000_000


def test_what_cannot_fit_is_refused_before_anything_is_made(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    before = peak_bytes()
    for command in ("run", "compare"):
        with pytest.raises(SystemExit) as ended:
            main([command, "--consumers", str(HUGE), "--quiet"])
        assert ended.value.code == 2
        (line,) = capsys.readouterr().err.splitlines()
        assert "300,000,000 consumers" in line and "GB are free" in line and "--force" in line
    assert not list(tmp_path.iterdir())
    assert peak_bytes() - before < 200e6


def test_from_python_too_unless_forced(tmp_path, monkeypatch):
    monkeypatch.setattr(estimate, "free_bytes", lambda: 100_000_000)
    monkeypatch.setattr(estimate, "_SMALL_BYTES", 0.0)
    quick = load_scenario("quick").with_values({"population.n_consumers": 50, "run.weeks": 1})
    with pytest.raises(RunError, match=r"0\.1 GB are free"):
        api.run(quick, out=tmp_path)
    with pytest.raises(RunError, match="for each of 2 runs at once"):
        specs = [RunSpec(quick, "ads", seed) for seed in (1, 2)]
        make_all(specs, None, RunOptions(), 2, None)
    assert not list(tmp_path.iterdir())
    assert api.run(quick, out=tmp_path, threads=1, force=True).weekly.shape[0] == 1


def test_a_run_that_fits_is_not_held_up():
    refuse_what_cannot_fit([RunSpec(scenario(50_000), "ads", 1)], RunOptions())
    assert (free_bytes() or 1) > 0


def test_the_command_tells_both(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["estimate", "--consumers", str(HUGE), "--json"])
    assert ended.value.code == 0
    told = json.loads(capsys.readouterr().out)
    assert told["n_consumers"] == HUGE and told["fits"] is False
    assert told["memory_bytes"] > told["columns_bytes"] > HUGE * 100
    with pytest.raises(SystemExit):
        main(["estimate", "quick"])
    out = capsys.readouterr().out
    assert "500 consumers" in out and "memory" in out and "time" in out
