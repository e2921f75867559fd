"""Runs on a Dask cluster of this machine: equal tables, whatever of the cluster is killed."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from sim.api import sweep
from sim.experiments.errors import RunError
from sim.scenario import Scenario

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATHS = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
TINY = Scenario(name="tiny").with_values({"run.weeks": 4, "run.seed": 5})
MANY = {"grid": {"referral.reward_rate": [0.0, 0.1, 0.2, 0.3]}, "replicates": 5}
#: Workers make runs of the fake model.
PRELOAD = """
import sys
sys.path.insert(0, {here!r})
from fake import code_version, fake_room
from sim.experiments import store
sys.modules["sim.model"] = fake_room()
store.code_version = code_version
"""

pytest.importorskip("distributed", reason="the extra `dask` is not installed")
pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("fake_model")]


class Cluster:
    """A scheduler and workers, started as the documentation says."""

    def __init__(self, folder):
        self.folder = folder
        self.processes = []
        self.preload = folder / "preload.py"
        self.preload.write_text(PRELOAD.format(here=str(HERE)))
        self.environment = {**os.environ, "PYTHONPATH": PATHS, "FAKE_TROUBLE": "slow 0.05"}
        self.address = ""

    def start(self, *words):
        log = self.folder / f"log-{len(self.processes)}"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *words],
                env=self.environment,
                cwd=self.folder,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.processes.append(process)
        return process, log

    def start_scheduler(self, port="0"):
        process, log = self.start(
            "scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            found = re.search(r"Scheduler at: +(tcp://\S+)", log.read_text())
            if found:
                self.address = found[1]
                return process
            time.sleep(0.1)
        raise AssertionError(log.read_text())

    def start_worker(self):
        words = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--preload", str(self.preload)]
        return self.start("worker", self.address, *words)[0]

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def cluster(tmp_path):
    made = Cluster(tmp_path)
    yield made
    made.stop()


@contextmanager
def started_sweep(cluster, out):
    """A sweep in a process of its own, on that cluster."""
    code = (
        PRELOAD.format(here=str(HERE))
        + f"""
from test_cluster import MANY, TINY
from sim.api import sweep
from sim.parameters.problems import InputError
try:
    print(sweep(TINY, MANY, dask={cluster.address!r}, out={str(out)!r}).failures)
except InputError as error:
    print(*error.lines, file=sys.stderr)
    sys.exit(2)
"""
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=cluster.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def n_packed(out):
    return len(list(out.glob("tiny/packed/[!.]*/runs-*.parquet")))


def await_packs(out, n):
    deadline = time.monotonic() + 90
    while n_packed(out) < n and time.monotonic() < deadline:
        time.sleep(0.02)
    assert n_packed(out) >= n


def assert_same(made, whole):
    assert made.failures == whole.failures == []
    pd.testing.assert_frame_equal(made.points, whole.points)
    pd.testing.assert_frame_equal(made.means, whole.means)


def test_a_cluster_gives_the_same_tables_although_a_worker_is_killed(cluster, tmp_path):
    cluster.start_scheduler()
    doomed = cluster.start_worker()
    cluster.start_worker()
    out = tmp_path / "results"
    with started_sweep(cluster, out) as process:
        await_packs(out, 3)
        os.killpg(doomed.pid, signal.SIGKILL)
        told, wrong = process.communicate(timeout=120)
    assert (process.returncode, told.strip()) == (0, "[]"), wrong
    whole = sweep(TINY, MANY, jobs=1, out=tmp_path / "other")
    assert_same(sweep(TINY, MANY, jobs=1, out=out), whole)


def test_after_a_lost_scheduler_the_sweep_started_again_goes_on(cluster, tmp_path):
    scheduler = cluster.start_scheduler()
    cluster.start_worker()
    out = tmp_path / "results"
    with started_sweep(cluster, out) as process:
        await_packs(out, 3)
        os.killpg(scheduler.pid, signal.SIGKILL)
        _, wrong = process.communicate(timeout=120)
    assert process.returncode == 2
    last = wrong.strip().splitlines()[-1]
    assert "the scheduler was lost; finished runs are kept: start again to go on" in last
    kept = n_packed(out)
    cluster.start_scheduler()
    cluster.start_worker()
    again = sweep(TINY, MANY, dask=cluster.address, out=out)
    assert kept >= 3
    assert_same(again, sweep(TINY, MANY, jobs=1, out=tmp_path / "other"))


def test_no_scheduler_and_no_worker_are_told_in_a_line_each(cluster, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.cluster._WORKERS_WITHIN", 0.5)
    with pytest.raises(RunError, match="no scheduler answers there"):
        sweep(TINY, MANY, dask="tcp://127.0.0.1:1", out=tmp_path / "results")
    cluster.start_scheduler()
    with pytest.raises(RunError, match="the cluster has no workers"):
        sweep(TINY, MANY, dask=cluster.address, out=tmp_path / "results")
