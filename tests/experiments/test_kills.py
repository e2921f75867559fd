"""A sweep killed twenty times at random moments: nothing torn, nothing lost but runs in flight."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from sim.api import sweep
from sim.experiments.packs import packs_of
from sim.experiments.store import RunStore
from sim.scenario import Scenario

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fake_model")]
HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TINY = Scenario(name="tiny").with_values({"run.weeks": 4, "run.seed": 5})
MANY = {"grid": {"referral.reward_rate": [n / 100 for n in range(10)]}, "replicates": 10}
KILLS, RUNS, JOBS, WEEKS = 20, 200, 2, 4

SCRIPT = """
import sys
sys.path.insert(0, {here!r})
from fake import code_version, fake_room
sys.modules["sim.model"] = fake_room()
from sim.experiments import pack_files, store, workers
store.code_version = code_version
pack_files.MOST_SMALL = 16
workers.make_all.__defaults__ = ({worker!r},)
from test_kills import JOBS, MANY, TINY
from sim.api import sweep
print("begun", flush=True)
sweep(TINY, MANY, jobs=JOBS, out={out!r})
"""


def started(out, fake_worker, log):
    code = SCRIPT.format(here=str(HERE), worker=fake_worker, out=str(out))
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "FAKE_TROUBLE": "slow 0.02",
        "FAKE_LOG": str(log),
    }
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def await_a_run(log, process):
    """Wait until one more run is made."""
    before = n_lines(log)
    deadline = time.monotonic() + 120
    while n_lines(log) == before and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)


def n_lines(log):
    return len(log.read_text().splitlines()) if log.exists() else 0


def kept(out):
    """Keys of the runs in the store; every table of every pack can be read."""
    found = set(packs_of(RunStore(out), "tiny").runs()["run_key"])
    files = f"{out}/*/packed/[!.]*/weekly-*.parquet"
    if found:
        rows = duckdb.sql(f"SELECT DISTINCT run_key, week FROM '{files}'").df()
        assert set(rows["run_key"]) == found
        assert len(rows) == WEEKS * len(found)
    return found


def test_twenty_kills_lose_nothing_but_runs_in_flight(tmp_path, fake_worker, capsys):
    out, log = tmp_path / "results", tmp_path / "made"
    luck, before, kills = random.Random(1), set(), 0
    while kills < KILLS:
        process = started(out, fake_worker, log)
        if kills % 4:  # amid runs; every fourth kill comes at some moment of the start
            await_a_run(log, process)
            time.sleep(luck.uniform(0, 0.5))
        else:
            time.sleep(luck.uniform(0, 3))
        assert process.poll() is None, "the sweep came to its end: make its runs slower"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        kills += 1
        now = kept(out)
        assert before <= now
        before = now
    process = started(out, fake_worker, log)
    assert process.wait(600) == 0
    assert len(kept(out)) == RUNS
    n_made = n_lines(log)
    whole = sweep(TINY, MANY, jobs=1, out=tmp_path / "other")
    again = sweep(TINY, MANY, jobs=1, out=out)
    pd.testing.assert_frame_equal(again.points, whole.points)
    pd.testing.assert_frame_equal(again.means, whole.means)
    assert (again.folder / "sweep.json").read_bytes() == (whole.folder / "sweep.json").read_bytes()
    assert list(out.rglob(".part-*")) == []
    with capsys.disabled():
        print(f"\n{kills} kills of a sweep of {RUNS} runs: {n_made - RUNS} made twice, 0 lost")
    # of each worker one run may be under way, and one finished and not yet stored
    assert n_made - RUNS <= kills * JOBS * 2
