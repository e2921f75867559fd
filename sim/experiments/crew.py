"""Worker processes of this machine, each with one run at a time.

To start one takes seconds, as long as many a small run: a crew waits for the next runs until it is
dismissed.
"""

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Self

from sim.experiments.estimate import refuse_what_cannot_fit, size_of
from sim.experiments.keeping import Keeping
from sim.experiments.processors import shared_cores
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec
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


class Crew:
    """Workers on the processors of this machine; leaving its block dismisses them."""

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._command = command
        self._threads = 1
        self._processes: list[subprocess.Popen[str]] = []
        #: Who answered, and what; nothing where there will be no more answers.
        self._answers: queue.SimpleQueue[tuple[subprocess.Popen[str], dict[str, Any] | None]] = (
            queue.SimpleQueue()
        )

    def __enter__(self) -> Self:
        """Begin without workers: they are started when there are runs for them."""
        return self

    def __exit__(self, *_: object) -> None:
        """Dismiss all workers."""
        self._dismiss()

    def make_all(
        self,
        specs: Sequence[RunSpec],
        keeping: Keeping,
        options: RunOptions,
        jobs: int | None,
        progress: Progress,
    ) -> dict[int, str]:
        """Make all the runs; returned is what went wrong with which of them, by its place."""
        largest = max(size_of(spec.scenario)[0] for spec in specs)
        jobs, threads = shared_cores(jobs, options.threads, len(specs), largest)
        options = replace(options, threads=threads)
        try:
            refuse_what_cannot_fit(specs, options, jobs)
        except InputError:
            if not self._processes:
                raise
            self._dismiss()  # what they still hold may be what is missing
            refuse_what_cannot_fit(specs, options, jobs)
        if threads != self._threads:
            self._dismiss()
            self._threads = threads
        if jobs == 1 and not self._processes:
            return _one_after_another(specs, keeping, options, progress)
        try:
            return self._make(specs, keeping, options, jobs, progress)
        except BaseException:
            self._dismiss()
            raise
        finally:
            keeping.clear()

    def _make(
        self,
        specs: Sequence[RunSpec],
        keeping: Keeping,
        options: RunOptions,
        jobs: int,
        progress: Progress,
    ) -> dict[int, str]:
        waiting = Waiting(specs)
        under_way: dict[int, int] = {}
        reasons: dict[int, str] = {}
        more = keeping.task()
        #: Those from the round before of whom nothing was heard in this one.
        unheard = set(range(min(jobs, len(self._processes))))

        def give(worker: int, run: int) -> None:
            under_way[worker] = run
            with suppress(OSError):  # a dead worker is noticed by the end of its answers
                self._input(worker).write(task_line(specs[run], options, more))
                self._input(worker).flush()

        def start(worker: int) -> None:
            unheard.discard(worker)
            self._start(worker)

        for worker in range(jobs):
            if worker == len(self._processes) or self._processes[worker].poll() is not None:
                start(worker)
            give(worker, waiting.next_for(worker))
        # Who asked for the runs needs them afterwards, and would wait for them then.
        import pandas.io.parquet  # noqa: F401
        import scipy.stats  # noqa: F401

        while under_way:
            process, answer = self._answers.get()
            if process not in self._processes:
                continue  # one that was replaced
            worker = self._processes.index(process)
            run = under_way.get(worker)
            if run is None:
                continue
            if answer is None:
                process.kill()  # if it only fell silent
                process.wait()
                if worker in unheard:  # it had died while it waited: another one makes the run
                    start(worker)
                    give(worker, run)
                    continue
            unheard.discard(worker)
            if answer is not None and "week" in answer:
                progress.week(run, answer["week"])
                continue
            if answer is not None and "wrong" in answer:
                raise InputError(*answer["wrong"])
            del under_way[worker]
            if waiting:  # the worker goes on while its answer is kept
                if answer is None:
                    start(worker)
                give(worker, waiting.next_for(worker))
            if answer is None:
                reasons[run] = "its process was killed"
            elif "failed" in answer:
                reasons[run] = answer["failed"]
            else:
                keeping.receive(answer)
            progress.end_run(run)
        return reasons

    def _start(self, worker: int) -> None:
        count = str(self._threads)
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
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=environment,
                text=True,
                encoding="utf-8",
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        self._processes[worker:] = [process, *self._processes[worker + 1 :]]
        threading.Thread(target=self._listen, args=(process,), daemon=True).start()

    def _listen(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdout is not None
        with process.stdout as lines, suppress(ValueError):  # a line torn by its end
            for line in lines:
                self._answers.put((process, json.loads(line)))
        self._answers.put((process, None))

    def _input(self, worker: int) -> Any:
        return self._processes[worker].stdin

    def _dismiss(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            with suppress(OSError):
                assert process.stdin is not None
                process.stdin.close()
        self._processes = []


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
