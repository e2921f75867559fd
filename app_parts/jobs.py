"""Live runs: worker processes that pages start, watch and cancel, so many at a time.

A job is a process in a group of its own. Pages poll it from a fragment; every poll renews its
lease, so a job whose page is gone ends by itself. Who comes while all places are taken waits.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from sim.commands.job import CANCEL, LEASE_SECONDS
from sim.kernels.threads import cores

ROOT = Path(__file__).parents[1]
WORKER = (sys.executable, "-P", "-m", "sim.commands.job")
PLACES = max(1, cores() // 2)
"""Jobs under way at once."""
#: Seconds that a cancelled job has to keep what it has before it is killed; it is a polite process,
#: which a busy machine makes wait.
_GRACE = 30.0
#: Jobs remembered after their end.
_REMEMBERED = 32

Phase = Literal["waiting", "starting", "running", "done", "stopped", "failed"]
OVER = ("done", "stopped", "failed")


@dataclass
class Job:
    """A job of a page and how far it is."""

    key: str
    task: str
    page: str
    phase: Phase = "waiting"
    share_done: float = 0.0
    runs_done: int = 0
    runs: int = 0
    seconds_left: float | None = None
    folder: Path | None = None
    """Folder of the result; of a stopped job that of the partial one, if there is any."""
    failures: tuple[str, ...] = ()
    began: float = field(default_factory=time.monotonic)
    polled: float = field(default_factory=time.monotonic)
    process: "subprocess.Popen[str] | None" = None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.phase in OVER

    @property
    def seconds(self) -> float:
        """Seconds since it was asked for."""
        return time.monotonic() - self.began


class Office:
    """All jobs of the server."""

    def __init__(self, places: int = PLACES, worker: tuple[str, ...] = WORKER) -> None:
        self.places = places
        self.worker = worker
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()

    def start(self, task: str, page: str) -> str:
        """Key of a job for that task; one under way with the same task is joined."""
        with self._lock:
            for job in self._jobs.values():
                if job.task == task and not job.over:
                    return job.key
            job = Job(uuid.uuid4().hex[:12], task, page)
            self._jobs[job.key] = job
            over = [key for key, old in self._jobs.items() if old.over]
            for key in over[: max(0, len(over) - _REMEMBERED)]:
                del self._jobs[key]
            self._fill_places()
        return job.key

    def poll(self, key: str) -> Job | None:
        """How far that job is; asking keeps it alive."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                return None
            job.polled = time.monotonic()
            self._fill_places()
        if job.process is not None and not job.over:
            _say(job, "here")
        return job

    def cancel(self, key: str) -> None:
        """Stop that job; what it has so far is kept as a partial result."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None or job.over:
                return
            if job.process is None:
                job.phase = "stopped"
                return
        _say(job, CANCEL)
        threading.Thread(target=_end, args=(job,), daemon=True).start()

    def under_way(self) -> int:
        """Number of jobs that hold a place."""
        return sum(job.process is not None and not job.over for job in self._jobs.values())

    def ahead_of(self, job: Job) -> int:
        """How many jobs wait before that one."""
        waiting = [key for key, other in self._jobs.items() if other.phase == "waiting"]
        return waiting.index(job.key) if job.key in waiting else 0

    def _fill_places(self) -> None:
        for job in self._jobs.values():
            if job.phase != "waiting":
                continue
            if time.monotonic() - job.polled > LEASE_SECONDS:  # its page is gone
                job.phase = "stopped"
            elif self.under_way() < self.places:
                self._send(job)

    def _send(self, job: Job) -> None:
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        job.process = subprocess.Popen(
            self.worker,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        job.phase = "starting"
        threading.Thread(target=_listen, args=(job,), daemon=True).start()
        _say(job, job.task.rstrip("\n"))


def _say(job: Job, line: str) -> None:
    assert job.process is not None and job.process.stdin is not None
    with suppress(OSError, ValueError):  # a process that is gone shows by the end of its answers
        job.process.stdin.write(line + "\n")
        job.process.stdin.flush()


def _listen(job: Job) -> None:
    process = job.process
    assert process is not None and process.stdout is not None
    answer: Mapping[str, Any] = {}
    with process.stdout as lines:
        for line in lines:
            answer = json.loads(line)
            if "done" in answer:
                job.phase = "running"
                job.share_done, job.seconds_left = answer["done"], answer["seconds_left"]
                job.runs_done, job.runs = answer["runs_done"], answer["runs"]
    process.wait()
    with suppress(OSError, ValueError):
        assert process.stdin is not None
        process.stdin.close()
    if answer.get("folder"):
        job.folder = Path(answer["folder"])
    job.failures = tuple(answer.get("failed", ()))
    if job.failures:
        job.phase = "failed"
    elif "stopped" in answer or "folder" not in answer:
        job.phase = "stopped"
    else:
        job.phase, job.share_done, job.runs_done = "done", 1.0, job.runs


def _end(job: Job) -> None:
    """Let a cancelled process keep what it has, then end its whole group."""
    process = job.process
    assert process is not None
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


@st.cache_resource
def office() -> Office:
    """The one office of this server."""
    return Office()
