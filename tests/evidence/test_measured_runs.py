"""Numbers of runs are kept line by line: nothing is computed twice, nothing half-written counts."""

import os
import signal

import pytest

from sim.evidence import measured_runs
from sim.evidence.measured_runs import MeasuredRuns, Wanted
from sim.experiments.errors import RunFailed
from sim.experiments.store import RunSpec, RunStore
from sim.scenario import load_scenario

SCENARIO = load_scenario("quick").with_values(
    {"population.n_consumers": 60, "run.weeks": 6, "merchants.n_applicants": 60}
)


def wanted(seed=1, market="referral", traced=False):
    return Wanted(RunSpec(SCENARIO, market, seed), traced)


@pytest.fixture
def counted(monkeypatch):
    """Runs are not lived: their number is their seed; who asked is written down."""
    asked = []

    def measure(task):
        asked.append((task["market"], task["seed"], task["traced"]))
        if task["seed"] == 13:
            raise ZeroDivisionError("bad luck")
        return {"posts": float(task["seed"]), "price_yuan": float("nan")}

    monkeypatch.setattr(measured_runs, "_measure", measure)
    return asked


def test_what_is_known_is_not_made_again(tmp_path, counted):
    for _ in range(2):
        runs = MeasuredRuns(RunStore(tmp_path), "quick")
        runs.make([wanted(1), wanted(2), wanted(1)], jobs=1)
        assert runs.of(wanted(2))["posts"] == 2.0
        assert runs.of(wanted(2))["price_yuan"] != runs.of(wanted(2))["price_yuan"]
    assert len(counted) == 2


def test_a_traced_run_serves_an_untraced_one_and_not_the_other_way(tmp_path, counted):
    runs = MeasuredRuns(RunStore(tmp_path), "quick")
    runs.make([wanted(1), wanted(1, traced=True)], jobs=1)
    runs.make([wanted(1), wanted(2)], jobs=1)
    runs.make([wanted(2, traced=True)], jobs=1)
    assert counted == [
        ("referral", 1, True),
        ("referral", 2, False),
        ("referral", 2, True),
    ]


def test_a_line_that_a_killed_process_left_is_made_again(tmp_path, counted):
    runs = MeasuredRuns(RunStore(tmp_path), "quick")
    runs.make([wanted(1), wanted(2)], jobs=1)
    (file,) = tmp_path.glob("quick/measured/*.jsonl")
    file.write_bytes(file.read_bytes()[:-20])
    again = MeasuredRuns(RunStore(tmp_path), "quick")
    again.make([wanted(1), wanted(2), wanted(3)], jobs=1)
    assert len(counted) == 4
    last = MeasuredRuns(RunStore(tmp_path), "quick")
    last.make([wanted(1), wanted(2), wanted(3)], jobs=1)
    assert len(counted) == 4


def test_a_failure_is_told_at_the_end_and_the_rest_is_kept(tmp_path, counted):
    runs = MeasuredRuns(RunStore(tmp_path), "quick")
    with pytest.raises(RunFailed, match="seed 13: ZeroDivisionError: bad luck"):
        runs.make([wanted(13), wanted(14)], jobs=1)
    assert runs.of(wanted(14))["posts"] == 14.0
    assert runs.of(wanted(13)) is None


def test_a_real_run_has_every_number_and_the_same_again(tmp_path):
    first = MeasuredRuns(RunStore(tmp_path / "a"), "quick")
    first.make([wanted(1, traced=True), wanted(1, "ads")], jobs=1)
    second = MeasuredRuns(RunStore(tmp_path / "b"), "quick")
    second.make([wanted(1, traced=True)], jobs=1)
    numbers = first.of(wanted(1, traced=True))
    assert {name: repr(value) for name, value in numbers.items()} == {
        name: repr(value) for name, value in second.of(wanted(1, traced=True)).items()
    }
    assert numbers["orders"] > 0
    assert 0.0 <= numbers["good_turned_away"] <= 1.0
    assert "purchases_per_read" in numbers
    assert "purchases_per_read" not in first.of(wanted(1, "ads"))


@pytest.mark.slow
def test_processes_stay_and_one_that_died_meanwhile_is_replaced(tmp_path):
    runs = MeasuredRuns(RunStore(tmp_path), "quick")
    with runs.processes_staying():
        runs.make([wanted(1), wanted(2)], jobs=2)
        first = set(runs._pool._processes)
        runs.make([wanted(3), wanted(4)], jobs=2)
        assert set(runs._pool._processes) == first
        for pid, process in list(runs._pool._processes.items()):
            os.kill(pid, signal.SIGKILL)
            process.join()
        runs._pool._executor_manager_thread.join()  # it has noticed
        runs.make([wanted(5), wanted(6)], jobs=2)
    assert runs._pool is None
    assert all(runs.of(wanted(seed)) for seed in range(1, 7))
