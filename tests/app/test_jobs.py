"""Live runs: they end in the store, can be cancelled and repeated, and leave no orphan."""

import io
import json
import os
import threading
import time

import pytest

from app_parts.jobs import Office
from sim.commands.job import _outcome, task_line
from sim.experiments.compare import open_comparison
from sim.experiments.store import RunStore, open_run
from sim.scenario import load_scenario

TINY = {
    "population.n_consumers": 60,
    "merchants.n_applicants": 40,
    "run.weeks": 6,
    "run.replicates": 2,
}
PAIR = ("referral", "ads")


def task(root, lease=120.0, **changes):
    scenario = load_scenario("quick").with_values({**TINY, **changes})
    return task_line(scenario, PAIR, RunStore(root), lease)


def wait(office, key, until, seconds=60):
    end = time.monotonic() + seconds
    while True:
        job = office.poll(key)
        if until(job):
            return job
        assert time.monotonic() < end, job
        time.sleep(0.05)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def under_way(job):
    return job.runs_done >= 2 or job.over


def test_a_job_ends_in_the_store_and_a_cancelled_one_keeps_its_whole_pairs(tmp_path):
    office = Office(places=1)
    first = office.start(task(tmp_path), "lab")
    assert office.start(task(tmp_path), "lab") == first  # the same task is joined
    second = office.start(task(tmp_path, **{"run.replicates": 400}), "lab")
    assert office.poll(second).phase == "waiting"
    job = wait(office, first, lambda job: job.over)
    assert job.phase == "done" and job.share_done == 1.0
    made = open_comparison(job.folder)
    assert made.document["replicates"] == 2
    assert {path.stem for path in job.folder.glob("*.parquet")} >= {"money", "weeks", "quality"}

    job = wait(office, second, under_way)
    office.cancel(second)
    job = wait(office, second, lambda job: job.over)
    assert not is_alive(job.process.pid)
    assert job.phase == "stopped" and job.folder.name.startswith("partial-")
    document = json.loads((job.folder / "compare.json").read_text())
    assert document["partial"] == {"pairs_wanted": 400} and 2 <= document["replicates"] < 400
    assert len(list(tmp_path.glob("quick/compare-*"))) == 1


@pytest.mark.parametrize("most", [0, 10**9])
def test_only_the_first_pair_of_a_small_world_keeps_its_event_log(tmp_path, monkeypatch, most):
    monkeypatch.setattr("sim.commands.job.TRACED_PEOPLE_WEEKS", most)
    told = _outcome(json.loads(task(tmp_path)), io.StringIO(), threading.Event())
    runs = [open_run(path.parent) for path in tmp_path.glob("quick/*/run.json")]
    assert open_comparison(told["folder"]).document["replicates"] == 2 and len(runs) == 4
    traced = {(run.manifest["market"], run.manifest["seed"]) for run in runs if run.traced}
    seed = load_scenario("quick").run.seed
    assert traced == ({(market, seed) for market in PAIR} if most else set())


def test_a_job_whose_page_is_gone_ends_with_its_lease(tmp_path):
    office = Office()
    key = office.start(task(tmp_path, lease=1.0, **{"run.replicates": 400}), "lab")
    process = office.poll(key).process
    process.wait(30)
    assert not is_alive(process.pid)


def test_a_worker_that_breaks_is_no_result(tmp_path):
    office = Office()
    key = office.start("nonsense", "lab")
    job = wait(office, key, lambda job: job.over)
    assert job.phase in ("stopped", "failed") and job.folder is None


def test_wrong_settings_are_told(tmp_path):
    office = Office()
    wrong = json.loads(task(tmp_path))
    wrong["values"]["referral.reward_rate"] = 7
    job = wait(office, office.start(json.dumps(wrong), "lab"), lambda job: job.over)
    assert job.phase == "failed" and "reward_rate" in job.failures[0]
