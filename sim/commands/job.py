"""Comparisons and tunings as jobs: a process each, watched and stopped by whoever asked for it.

The task comes in as one JSON line on standard input; what follows there keeps the job alive. Each
further line renews its lease, `cancel` stops it, and so do an input that ends and a lease that runs
out: whoever asked is gone then. JSON lines go out: how far the job has come, and at the end what
it left. Results travel through the store, like those of the command line.
"""

import contextlib
import json
import os
import select
import sys
import threading
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

from sim.experiments.errors import RunFailed, Stopped
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore, plain_values, scenario_of
from sim.experiments.streams import outlive_readers
from sim.parameters.problems import InputError
from sim.scenario import Scenario

LEASE_SECONDS = 120.0
"""How long a job goes on without a sign of life from whoever started it."""
CANCEL = "cancel"
"""Line that stops a job."""
TRACED_PEOPLE_WEEKS = 300_000
"""Up to this size the first pair of a comparison keeps its event log."""
#: Seconds between two reports of progress.
_EVERY = 0.2
#: Seconds that a job nobody waits for any more has to keep what it has.
_PATIENCE = 5.0
_NICENESS = 10


def task_line(
    scenario: Scenario, markets: tuple[str, ...], store: RunStore, lease: float = LEASE_SECONDS
) -> str:
    """A comparison to be made, as the line that starts the job."""
    task = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "markets": markets,
        "root": str(store.root.absolute()),
        "lease": lease,
    }
    return json.dumps(task) + "\n"


def tuning_line(
    scenario: Scenario, request: Mapping[str, Any], store: RunStore, lease: float = LEASE_SECONDS
) -> str:
    """A tuning to be made; `request` holds the fields of `sim.experiments.tuning.tune.Request`."""
    task = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "tune": dict(request),
        "root": str(store.root.absolute()),
        "lease": lease,
    }
    return json.dumps(task) + "\n"


@dataclass
class _Told:
    """Counts the weeks of all runs of the job, tells how far they are, stops when asked to."""

    answers: TextIO
    stop: threading.Event
    runs: int
    weeks: int
    counts_anew: bool = False
    """Whether who tells knows better how many runs there will be."""
    n_done: int = 0
    _weeks_of: dict[int, int] = field(default_factory=dict)
    _first: tuple[float, int] | None = None
    _last: float = 0.0

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """All runs wanted are counted anew: so many of them are stored."""
        if self.counts_anew:
            self.runs, self.weeks = runs, max(weeks, 1)
        before = sum(self._weeks_of.values())
        self._weeks_of = {-1 - number: self.weeks for number in range(stored)}
        self.n_done = stored
        if self._first is not None:  # what was stored already tells nothing about the pace
            at, done = self._first
            self._first = at, done + stored * self.weeks - before
        self._tell()

    def week(self, run: int, week: int) -> None:
        """So many weeks of a run are done."""
        if self._first is None:
            self._first = time.monotonic(), sum(self._weeks_of.values())
        self._weeks_of[run] = week
        self._tell()

    def end_run(self, run: int) -> None:
        """A run is stored."""
        self.n_done += 1
        self._weeks_of[run] = self.weeks
        self._tell()

    def _tell(self) -> None:
        if self.stop.is_set():
            raise Stopped
        now = time.monotonic()
        done = sum(self._weeks_of.values())
        if now - self._last < _EVERY:
            return
        self._last = now
        total = max(self.runs * self.weeks, 1)
        tell(
            self.answers,
            done=min(done / total, 1.0),
            runs_done=self.n_done,
            runs=self.runs,
            seconds_left=self._left(now, done, total),
        )

    def _left(self, now: float, done: int, total: int) -> float | None:
        """Seconds the rest takes at the pace since the first week; None before there is a pace."""
        if self._first is None or done <= self._first[1]:
            return None
        began, at_first = self._first
        return (now - began) * (total - done) / (done - at_first)


def main() -> None:
    """Make the comparison asked for on standard input."""
    outlive_readers()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write among the answers
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    task = json.loads(_first_line(sys.stdin.fileno()))
    stop = threading.Event()
    threading.Thread(target=_watch, args=(float(task["lease"]), stop), daemon=True).start()
    tell(answers, **_outcome(task, answers, stop))


def tell(answers: TextIO, **content: object) -> None:
    """Write one line for whoever started the job; nobody may be there to read it."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(content), file=answers, flush=True)


def _first_line(source: int) -> bytes:
    """Everything up to the first end of line, and not a byte more: `_watch` reads what follows."""
    line = b""
    while (byte := os.read(source, 1)) not in (b"", b"\n"):
        line += byte
    return line


def _watch(lease: float, stop: threading.Event) -> None:
    """Ask to stop when told to, when the input ends, or when the lease runs out."""
    source = sys.stdin.fileno()
    while select.select([source], [], [], lease)[0]:
        line = os.read(source, 4096)
        if CANCEL.encode() in line:
            stop.set()
            return
        if not line:
            break
    stop.set()
    time.sleep(_PATIENCE)
    os._exit(3)


def _outcome(task: Mapping[str, Any], answers: TextIO, stop: threading.Event) -> dict[str, Any]:
    """What the job left: the folder of a comparison, of a partial one, or why there is none."""
    from sim.experiments.compare import keep_partial

    try:
        scenario = scenario_of(task["scenario"], task["values"])
        store = RunStore(task["root"])
        if "tune" in task:
            told = _Told(answers, stop, 0, scenario.run.weeks, counts_anew=True)
            try:
                return {"folder": str(_tune(scenario, task["tune"], store, told))}
            except Stopped:
                return {"stopped": True, "folder": None}
        markets = tuple(task["markets"])
        told = _Told(answers, stop, scenario.run.replicates * len(markets), scenario.run.weeks)
        try:
            folder = _compare(scenario, markets, store, told)
        except Stopped:
            partial = keep_partial(scenario, markets, scenario.run.replicates, store)
            return {"stopped": True, "folder": str(partial.folder) if partial else None}
    except InputError as error:
        return {"failed": error.lines}
    except RunFailed as error:
        return {"failed": error.failures}
    except Exception as error:
        traceback.print_exc()
        return {"failed": [f"{type(error).__name__}: {error}"]}
    return {"folder": str(folder)}


def _compare(scenario: Scenario, markets: tuple[str, ...], store: RunStore, told: _Told) -> Path:
    """Folder of the comparison; its first pair has the event log unless the world is large."""
    import scipy.stats  # noqa: F401  # at the start: who cancels shall not wait for it at the end

    from sim.experiments.compare import compare_markets
    from sim.experiments.workers import make_runs
    from sim.report.overview import write_overview

    options = RunOptions()
    store.prepare(scenario.name)
    if scenario.population.n_consumers * scenario.run.weeks <= TRACED_PEOPLE_WEEKS:
        first = [RunSpec(scenario, market, scenario.run.seed) for market in markets]
        make_runs(first, store, replace(options, trace=True), jobs=1, progress=told)
    replicates = scenario.run.replicates
    made = compare_markets(scenario, markets, replicates, store, options, 1, told)
    write_overview(made.folder)
    return made.folder


def _tune(scenario: Scenario, request: Mapping[str, Any], store: RunStore, told: _Told) -> Path:
    """Folder of the tuning; the runs of one that is stopped are kept and used by the next."""
    from sim.experiments.tuning.tune import Request, tune_levers

    return tune_levers(scenario, Request(**request), store, jobs=1, progress=told).folder


if __name__ == "__main__":
    main()
