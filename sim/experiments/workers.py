"""Many runs on the processors of this machine."""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from sim.experiments.errors import RunFailed
from sim.experiments.estimate import refuse_what_cannot_fit
from sim.experiments.keeping import IntoFolders, Keeping
from sim.experiments.processors import shared_cores
from sim.experiments.progress import Progress, Silence
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore
from sim.experiments.versions import PACKAGE
from sim.experiments.waiting import Waiting
from sim.experiments.worker import task_line
from sim.parameters.problems import InputError

WORKER = (sys.executable, "-P", "-m", "sim.experiments.worker")
#: Variables by which libraries are told how many threads to start.
_THREAD_VARIABLES = (
    "NUMBA_NUM_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
)
_PATIENCE = 2.0


def make_runs(
    specs: Iterable[RunSpec],
    store: RunStore,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
    command: Sequence[str] = WORKER,
) -> None:
    """Make those of the runs that are not in the store, and store them, a folder each.

    A run that fails does not stop the others; at the end RunFailed names them all. Wrong input
    stops everything. Whatever interrupts, runs already stored stay.
    """
    specs = list(specs)
    progress = progress or Silence()
    missing = [spec for spec in specs if store.find(spec, traced=options.trace) is None]
    weeks = max((spec.scenario.run.weeks for spec in missing), default=0)
    progress.start(len(specs), len(specs) - len(missing), weeks)
    if missing:
        keeping = IntoFolders(store, missing[0].scenario.name)
        reasons = make_all(missing, keeping, options, jobs, progress, command)
        if reasons:
            raise RunFailed([failure(missing[run], reasons[run]) for run in sorted(reasons)])


def make_all(
    specs: Sequence[RunSpec],
    keeping: Keeping,
    options: RunOptions,
    jobs: int | None,
    progress: Progress,
    command: Sequence[str] = WORKER,
) -> dict[int, str]:
    """Make all the runs; returned is what went wrong with which of them, by its place."""
    jobs, threads = shared_cores(jobs, options.threads, len(specs))
    options = replace(options, threads=threads)
    refuse_what_cannot_fit(specs, options, jobs)
    if jobs == 1:
        return _one_after_another(specs, keeping, options, progress)
    return _Crew(jobs, threads, command).make(specs, keeping, options, progress)


def failure(spec: RunSpec, reason: str) -> str:
    """One line on a run that failed."""
    return f"{spec.scenario.name}, {spec.market}, seed {spec.seed}: {reason}"


def _one_after_another(
    specs: Sequence[RunSpec], keeping: Keeping, options: RunOptions, progress: Progress
) -> dict[int, str]:
    reasons = {}
    for run, spec in enumerate(specs):
        try:
            keeping.make(spec, options, lambda week, run=run: progress.week(run, week))  # type: ignore[misc]
        except (InputError, OSError):
            raise
        except Exception as error:
            reasons[run] = f"{type(error).__name__}: {error}"
        progress.end_run(run)
    return reasons


@dataclass
class _Crew:
    """Worker processes, each with one run at a time."""

    jobs: int
    threads: int
    command: Sequence[str]
    processes: list["subprocess.Popen[str]"] = field(default_factory=list)
    answers: "queue.SimpleQueue[tuple[int, dict[str, Any] | None]]" = field(
        default_factory=queue.SimpleQueue
    )

    def make(
        self, specs: Sequence[RunSpec], keeping: Keeping, options: RunOptions, progress: Progress
    ) -> dict[int, str]:
        """What became of the runs that failed, after all are done."""
        waiting = Waiting(specs)
        under_way: dict[int, int] = {}
        reasons: dict[int, str] = {}
        more = keeping.task()

        def give(worker: int) -> None:
            if waiting:
                run, spec = waiting.next_for(worker)
                under_way[worker] = run
                with suppress(OSError):  # a dead worker is noticed by the end of its answers
                    self._input(worker).write(task_line(spec, options, more))
                    self._input(worker).flush()

        try:
            for worker in range(self.jobs):
                self._start(worker)
                give(worker)
            # Who asked for the runs needs them afterwards, and would wait for them then.
            import pandas.io.parquet  # noqa: F401
            import scipy.stats  # noqa: F401

            while under_way:
                worker, answer = self.answers.get()
                run = under_way.get(worker)
                if run is None:
                    continue
                if answer is not None and "week" in answer:
                    progress.week(run, answer["week"])
                    continue
                if answer is not None and "wrong" in answer:
                    raise InputError(*answer["wrong"])
                del under_way[worker]
                if answer is None and waiting:
                    self._start(worker)
                give(worker)  # the worker goes on while its answer is kept
                if answer is None:
                    reasons[run] = "its process was killed"
                elif "failed" in answer:
                    reasons[run] = answer["failed"]
                else:
                    keeping.receive(answer)
                progress.end_run(run)
        finally:
            self._stop()
            keeping.clear()
        return reasons

    def _start(self, worker: int) -> None:
        count = str(self.threads)
        paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {
            **os.environ,
            **dict.fromkeys(_THREAD_VARIABLES, count),
            "PYTHONPATH": os.pathsep.join(paths),
        }
        # Ctrl-C reaches the whole process group; only this process answers it
        before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
        try:
            process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                text=True,
                encoding="utf-8",
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self.processes[worker:] = [process, *self.processes[worker + 1 :]]
        threading.Thread(target=self._listen, args=(worker, process), daemon=True).start()

    def _listen(self, worker: int, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines:
            for line in lines:
                self.answers.put((worker, json.loads(line)))
        self.answers.put((worker, None))

    def _input(self, worker: int) -> Any:
        return self.processes[worker].stdin

    def _stop(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(OSError):
                assert process.stdin is not None
                process.stdin.close()
