"""Many runs on local processes: all of them, once, and nothing lost when something breaks."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sim.experiments.crew import Crew
from sim.experiments.errors import RunFailed
from sim.experiments.processors import cores, shared_cores
from sim.experiments.progress import Silence
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore
from sim.experiments.tuning.evaluate import Runs
from sim.experiments.tuning.levers import levers_of
from sim.experiments.workers import make_runs
from sim.parameters.problems import InputError
from sim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("fake_model")
HERE = Path(__file__).parent


def specs(n, weeks=3):
    scenario = Scenario(name="tiny").with_values({"run.weeks": weeks})
    return [RunSpec(scenario, market, seed) for seed in range(n) for market in ("referral", "ads")]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "results")


class Recorder:
    def __init__(self):
        self.started, self.ended, self.weeks = None, [], []

    def start(self, runs, stored, weeks):
        self.started = (runs, stored, weeks)

    def week(self, run, week):
        self.weeks.append((run, week))

    def end_run(self, run):
        self.ended.append(run)


def tables_of(store):
    return {
        str(path.relative_to(store.root)): path.read_bytes()
        for path in store.root.rglob("*.parquet")
    }


def with_crew(command, *arguments):
    with Crew(command) as crew:
        make_runs(*arguments, crew)


def left_behind(marker):
    """Processes of this machine whose environment has the marker."""
    found = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


@pytest.mark.parametrize("jobs", [1, 3])
def test_every_run_is_made_once_whatever_the_number_of_jobs(store, fake_worker, jobs, tmp_path):
    seen = Recorder()
    with_crew(fake_worker, specs(3), store, RunOptions(), jobs, seen)
    assert seen.started == (6, 0, 3)
    assert sorted(seen.ended) == list(range(6))
    assert all(store.find(spec) for spec in specs(3))
    other = RunStore(tmp_path / "other")
    make_runs(specs(3), other, RunOptions(), 1)
    assert tables_of(store) == tables_of(other)


def test_stored_runs_are_not_made_again(store, fake_worker):
    make_runs(specs(1), store, RunOptions(), 1)
    seen = Recorder()
    with_crew(fake_worker, specs(2), store, RunOptions(), 2, seen)
    assert seen.started == (4, 2, 3)
    assert len(seen.ended) == 2


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_that_fails_is_named_and_the_others_are_finished(
    store, fake_worker, jobs, monkeypatch
):
    monkeypatch.setenv("FAKE_TROUBLE", "fail ads 1")
    with pytest.raises(RunFailed) as raised:
        with_crew(fake_worker, specs(3), store, RunOptions(), jobs, None)
    assert raised.value.failures == ["tiny, ads, seed 1: ZeroDivisionError: planted"]
    assert len(list(store.runs())) == 5


def test_a_killed_worker_loses_only_its_run(store, fake_worker, monkeypatch):
    monkeypatch.setenv("FAKE_TROUBLE", "die referral 0")
    with pytest.raises(RunFailed, match="tiny, referral, seed 0: its process was killed"):
        with_crew(fake_worker, specs(3), store, RunOptions(), 2, None)
    assert len(list(store.runs())) == 5
    monkeypatch.delenv("FAKE_TROUBLE")
    with_crew(fake_worker, specs(3), store, RunOptions(), 2, None)
    assert len(list(store.runs())) == 6


@pytest.fixture
def marker(monkeypatch):
    if not Path("/proc/self/environ").exists():
        pytest.skip("needs /proc")
    monkeypatch.setenv("MARKER", f"marker-crew-{os.getpid()}-{time.monotonic_ns()}")
    return os.environ["MARKER"]


def test_workers_wait_for_the_next_runs_and_end_with_the_crew(store, fake_worker, marker):
    with Crew(fake_worker) as crew:
        make_runs(specs(2), store, RunOptions(), 2, None, crew)
        first, second = left_behind(marker)
        make_runs(specs(4), store, RunOptions(), 2, None, crew)
        assert left_behind(marker) == [first, second]
        os.kill(first, signal.SIGKILL)  # while it waits: another one takes its place
        deadline = time.monotonic() + 10
        while first in left_behind(marker) and time.monotonic() < deadline:
            time.sleep(0.01)
        make_runs(specs(6), store, RunOptions(), 2, None, crew)
        assert second in left_behind(marker)
    assert left_behind(marker) == []
    assert len(list(store.runs())) == 12


def test_a_crew_goes_on_without_whom_it_lost(store, fake_worker, marker, monkeypatch):
    monkeypatch.setenv("FAKE_TROUBLE", "die ads 1")  # no run waits: nobody follows
    with Crew(fake_worker) as crew:
        with pytest.raises(RunFailed, match="its process was killed"):
            make_runs(specs(2)[2:], store, RunOptions(), 2, None, crew)
        (left,) = left_behind(marker)
        make_runs(specs(4)[4:], store, RunOptions(), 2, None, crew)
        assert left in left_behind(marker)

        def refuse(*_):
            if left_behind(marker):
                raise InputError("memory: planted")

        # who waits may hold the memory that is missing
        monkeypatch.setattr("sim.experiments.crew.refuse_what_cannot_fit", refuse)
        make_runs(specs(5)[8:], store, RunOptions(), 2, None, crew)
        assert left not in left_behind(marker)
    assert len(list(store.runs())) == 1 + 4 + 2


def test_a_worker_killed_in_the_middle_of_an_answer_is_noticed(store):
    code = "import os, sys; sys.stdin.readline(); print('{\"do', end='', flush=True); os.abort()"
    with pytest.raises(RunFailed, match="its process was killed"):
        with_crew((sys.executable, "-c", code), specs(1), store, RunOptions(), 2, None)


def test_rounds_of_any_shape_give_what_one_process_gives(store, fake_worker, tmp_path):
    other = RunStore(tmp_path / "other")
    options = RunOptions()
    with Crew(fake_worker) as crew:
        make_runs(specs(1), store, options, 2, None, crew)
        make_runs(specs(2), other, options, 1, None, crew)
        make_runs(specs(5)[2:], store, options, 3, None, crew)
        make_runs(specs(5), other, replace(options, threads=2), 2, None, crew)
    alone = RunStore(tmp_path / "alone")
    make_runs(specs(5), alone, options, 1)
    assert tables_of(store) == tables_of(other) == tables_of(alone)


def test_a_search_asks_the_same_workers_in_every_round(store, fake_worker, marker):
    scenario = specs(1)[0].scenario
    weeks = scenario.run.weeks
    levers = levers_of(["referral.reward_rate"])
    with Crew(fake_worker) as crew:
        runs = Runs(
            *(scenario, "referral", "ads", levers, (weeks,), frozenset({"orders"}), store),
            *(RunOptions(), 2, Silence(), crew),
        )
        runs.measure([((0.1,), 1), ((0.2,), 1)])
        first = left_behind(marker)
        runs.measure([((0.1,), 2), (None, 2)])
        assert len(first) == 2
        assert left_behind(marker) == first


def test_wrong_input_found_in_a_worker_is_told_as_wrong_input(store, fake_worker, tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("a,b\n")
    scenario = Scenario(name="tiny").with_values({"network.file": str(ties)})
    wrong = [RunSpec(scenario, market, 1) for market in ("referral", "ads")]
    assert [spec.key for spec in wrong]
    code = 'import sys; print(\'{"wrong": ["ties.csv:1: planted"]}\', flush=True); sys.stdin.read()'
    with pytest.raises(InputError, match=r"ties\.csv:1: planted"):
        with_crew((sys.executable, "-c", code), wrong, store, RunOptions(), 2, None)
    assert not store.root.exists()


def test_code_edited_meanwhile_is_told_and_nothing_is_stored(store, fake_worker, monkeypatch):
    monkeypatch.setattr("sim.experiments.store.code_version", lambda: "as it was before")
    with pytest.raises(InputError, match="changed meanwhile"):
        with_crew(fake_worker, specs(2), store, RunOptions(), 2, None)
    assert not store.root.exists()


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from sim.experiments import store
store.code_version = lambda: "fake"
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunStore
from test_workers import specs, with_crew
try:
    with_crew({command!r}, specs(20, 10), RunStore({root!r}), RunOptions(), 2, None)
except KeyboardInterrupt:
    sys.exit(130)
"""


def start_many_slow_runs(store, fake_worker, marker):
    script = SCRIPT.format(here=str(HERE), root=str(store.root), command=fake_worker)
    environment = {**os.environ, "FAKE_TROUBLE": "slow 0.02", "MARKER": marker}
    process = subprocess.Popen(
        [sys.executable, "-c", script], env=environment, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while len(list(store.runs())) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    return process


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
@pytest.mark.parametrize("whom", ["group", "parent"])
def test_interrupting_keeps_what_is_finished_and_leaves_no_worker(store, fake_worker, whom):
    marker = f"marker-{whom}-{os.getpid()}"
    process = start_many_slow_runs(store, fake_worker, marker)
    if whom == "group":
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(10) == 130
    else:
        process.kill()
        process.wait(10)
    deadline = time.monotonic() + 5
    while left_behind(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left_behind(marker) == []
    kept = list(store.runs())
    assert 2 <= len(kept) < 40
    assert all(len(run.weekly) == 10 for run in kept)


def test_what_was_not_asked_for_does_not_crowd_the_processors(monkeypatch):
    monkeypatch.setattr("sim.experiments.processors.cores", lambda: 8)
    assert shared_cores(None, None, 100, 1_000_000) == (8, 1)
    assert shared_cores(2, None, 100, 1_000_000) == (2, 4)
    assert shared_cores(None, 4, 100, 1_000_000) == (2, 4)
    assert shared_cores(None, None, 3, 1_000_000) == (3, 2)
    assert shared_cores(16, 2, 100, 1_000_000) == (16, 2)


def test_small_worlds_get_no_threads_that_do_not_pay(monkeypatch):
    monkeypatch.setattr("sim.experiments.processors.cores", lambda: 8)
    assert shared_cores(1, None, 1, 30_000) == (1, 3)
    assert shared_cores(2, None, 100, 19_999) == (2, 1)
    assert shared_cores(2, 4, 100, 200) == (2, 4)


def test_there_is_a_processor():
    assert cores() >= 1
