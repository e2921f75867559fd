"""Many runs of which only the numbers are kept: made once, side by side, and never lost.

A run is made in a process of its own, its numbers are taken while its tables are in memory, and one
line is added to a file in the store. So thousands of runs with event logs take little room, and
whatever interrupts, the lines that stand are not computed again. `sharesim run` makes the tables of
any of them from the scenario, the settings, the market and the seed that stand with its key.
"""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from sim.experiments.errors import RunFailed
from sim.experiments.files import hash_of
from sim.experiments.folders import storing
from sim.experiments.processors import cores
from sim.experiments.progress import Progress, Silence
from sim.experiments.store import RunSpec, RunStore, scenario_of

#: Modules that decide what is measured of a run; their content is part of what a line is for.
_MEASURING = ("lived_run.py", "run_numbers.py")
Numbers = dict[str, float]


class Wanted(NamedTuple):
    """A run to be measured, with its event log or without."""

    spec: RunSpec
    traced: bool = False


class MeasuredRuns:
    """Numbers of runs in one file of the store, by run."""

    def __init__(self, store: RunStore, name: str) -> None:
        self._folder = store.folder_of(name) / "measured"
        self._file = self._folder / f"{_measuring()}.jsonl"
        self._known: dict[str, Numbers] = {}
        self._pool: ProcessPoolExecutor | None = None
        self._pool_stays = False

    def of(self, wanted: Wanted) -> Numbers | None:
        """The numbers of a run, if they are known; those of a traced run serve an untraced one."""
        traced = self._known.get(_line_key(wanted.spec.key, True))
        return traced or self._known.get(_line_key(wanted.spec.key, wanted.traced))

    @contextmanager
    def processes_staying(self) -> Iterator[None]:
        """Within it, as many processes as first asked for wait from one `make` to the next.

        To begin one takes seconds.
        """
        self._pool_stays = True
        try:
            yield
        finally:
            self._pool_stays = False
            self._dismiss()

    def make(
        self,
        wanted: Iterable[Wanted],
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Make the runs whose numbers are not known; at the end RunFailed names what broke off."""
        progress = progress or Silence()
        self._read()
        asked: dict[str, Wanted] = {}
        for one in wanted:
            before = asked.get(one.spec.key)
            asked[one.spec.key] = one._replace(traced=one.traced or bool(before and before.traced))
        missing = [one for one in asked.values() if self.of(one) is None]
        weeks = max((one.spec.scenario.run.weeks for one in missing), default=0)
        progress.start(len(asked), len(asked) - len(missing), weeks)
        # the longest first, so that no process is left alone with them at the end
        missing.sort(key=_work, reverse=True)
        jobs = jobs or cores()
        failures = (
            self._one_by_one(missing, progress)
            if min(jobs, len(missing)) <= 1
            else self._side_by_side(missing, jobs, progress)
        )
        if failures:
            raise RunFailed(failures)

    def _one_by_one(self, missing: Sequence[Wanted], progress: Progress) -> list[str]:
        failures = []
        for number, one in enumerate(missing):
            try:
                self._keep(one, _measure(_task(one)))
            except OSError:
                raise
            except Exception as error:
                failures.append(f"{_told(one)}: {type(error).__name__}: {error}")
            progress.end_run(number)
        return failures

    def _side_by_side(self, missing: Sequence[Wanted], jobs: int, progress: Progress) -> list[str]:
        failures: list[str] = []
        finished = False
        try:
            under_way = self._begun(missing, jobs)
            for done in as_completed(under_way):
                one = missing[under_way[done]]
                try:
                    self._keep(one, done.result())
                except BrokenProcessPool:
                    raise RunFailed([*failures, f"{_told(one)}: its process was killed"]) from None
                except OSError:
                    raise
                except Exception as error:
                    failures.append(f"{_told(one)}: {type(error).__name__}: {error}")
                progress.end_run(under_way[done])
            finished = True
        finally:
            if not (finished and self._pool_stays):
                self._dismiss(at_once=not finished)
        return failures

    def _begun(self, missing: Sequence[Wanted], jobs: int) -> dict[Future[Numbers], int]:
        """The runs, handed out to so many processes, each with its place."""
        if self._pool is not None:
            with suppress(BrokenProcessPool):  # one has died while it waited
                return _handed_out(missing, self._pool)
            self._dismiss()
        self._pool = ProcessPoolExecutor(
            jobs, multiprocessing.get_context("spawn"), _begin, (os.getpid(),)
        )
        return _handed_out(missing, self._pool)

    def _dismiss(self, at_once: bool = False) -> None:
        if self._pool is not None:
            if at_once:
                for process in list((self._pool._processes or {}).values()):
                    process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None

    def _keep(self, one: Wanted, numbers: Numbers) -> None:
        key = _line_key(one.spec.key, one.traced)
        line = json.dumps({"key": key, "numbers": _without_nan(numbers)}) + "\n"
        with storing(self._file):
            self._folder.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                size = os.lseek(descriptor, 0, os.SEEK_END)
                torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
                os.write(descriptor, (b"\n" if torn else b"") + line.encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        self._known[key] = numbers

    def _read(self) -> None:
        if not self._file.exists():
            return
        for line in self._file.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                kept = json.loads(line)
                self._known[kept["key"]] = {
                    name: math.nan if value is None else float(value)
                    for name, value in kept["numbers"].items()
                }
            except (ValueError, KeyError, TypeError, AttributeError):
                continue  # the line that a killed process left half-written


def _measure(task: dict[str, Any]) -> Numbers:
    from sim.evidence.lived_run import live
    from sim.evidence.run_numbers import numbers_of

    spec = RunSpec(scenario_of(task["scenario"], task["values"]), task["market"], task["seed"])
    return numbers_of(live(spec, task["traced"]), task["traced"])


def _handed_out(missing: Sequence[Wanted], pool: ProcessPoolExecutor) -> dict[Future[Numbers], int]:
    return {pool.submit(_measure, _task(one)): i for i, one in enumerate(missing)}


def _task(one: Wanted) -> dict[str, Any]:
    spec = one.spec
    return {
        "scenario": spec.scenario.name,
        "values": spec.scenario.values(),
        "market": spec.market,
        "seed": spec.seed,
        "traced": one.traced,
    }


def _begin(parent: int) -> None:
    """A process that ends with its parent and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def _work(one: Wanted) -> float:
    scenario = one.spec.scenario
    return scenario.population.n_consumers * scenario.run.weeks * (2 if one.traced else 1)


def _told(one: Wanted) -> str:
    return f"{one.spec.scenario.name}, {one.spec.market}, seed {one.spec.seed}"


def _line_key(run_key: str, traced: bool) -> str:
    return f"{run_key}-traced" if traced else run_key


def _without_nan(numbers: Numbers) -> dict[str, float | None]:
    return {
        name: value if math.isfinite(value) else (None if math.isnan(value) else repr(value))  # type: ignore[misc]
        for name, value in numbers.items()
    }


@lru_cache(maxsize=1)
def _measuring() -> str:
    here = Path(__file__).parent
    return hash_of([(here / name).read_text(encoding="utf-8") for name in _MEASURING])
