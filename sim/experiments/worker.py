"""A process that makes runs: tasks come in as JSON lines, what became of them goes out likewise.

A run that is kept in a folder is written here; one that goes into a pack travels back whole. The
process ends when its input ends, even in the middle of a run: whoever asked for it is gone then.
A folder that it is writing at that moment it finishes first.
"""

import contextlib
import json
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from sim.experiments.errors import RunError
from sim.experiments.finished import finish
from sim.experiments.folders import nothing_half_written
from sim.experiments.replicate import RunOptions, replicate_unless_stored
from sim.experiments.store import RunSpec, RunStore, scenario_of
from sim.experiments.streams import outlive_readers
from sim.parameters.problems import InputError

#: Seconds between two reports of progress within a run.
_EVERY = 0.2
#: Seconds that a folder being written may take when the input has ended.
_PATIENCE = 5.0


def task_line(spec: RunSpec, options: RunOptions, more: Mapping[str, Any]) -> str:
    """A run to be made, as the line that a worker reads.

    `more` has the `root` of the store or the names of the `tables` that shall come back.
    """
    task = {
        "scenario": spec.scenario.name,
        "values": spec.scenario.values(),
        "market": spec.market,
        "seed": spec.seed,
        "key": spec.key,
        "options": asdict(options),
        **more,
    }
    return json.dumps(task) + "\n"


def main() -> None:
    """Make the runs asked for on standard input until it ends."""
    outlive_readers()
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write among the answers
    tasks: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(sys.stdin, tasks), daemon=True).start()
    while True:
        _answer(answers, **_outcome(tasks.get(), _reporter(answers)))


def _read(lines: TextIO, tasks: "queue.SimpleQueue[str]") -> None:
    for line in lines:
        tasks.put(line)
    with nothing_half_written(_PATIENCE):
        os._exit(0)


def _outcome(line: str, on_week: Callable[[int], None]) -> dict[str, Any]:
    try:
        task = json.loads(line)
        spec = RunSpec(scenario_of(task["scenario"], task["values"]), task["market"], task["seed"])
        if spec.key != task["key"]:
            raise RunError("the code or the network file changed meanwhile: start again")
        options = RunOptions(**task["options"])
        if "tables" in task:
            return {"run": finish(spec, options, task["tables"], on_week).plain()}
        stored = replicate_unless_stored(spec, options, RunStore(task["root"]), on_week)
    except InputError as error:
        return {"wrong": error.lines}
    except Exception as error:
        traceback.print_exc()
        return {"failed": f"{type(error).__name__}: {error}"}
    return {"done": stored.key}


def _reporter(answers: TextIO) -> Callable[[int], None]:
    last = 0.0

    def report(week: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _EVERY:
            last = now
            _answer(answers, week=week)

    return report


def _answer(answers: TextIO, **content: object) -> None:
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(content), file=answers, flush=True)


if __name__ == "__main__":
    main()
