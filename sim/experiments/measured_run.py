"""One run in a process of its own, with what it took: `python -m sim.experiments.measured_run`.

The argument is JSON with `values` of the baseline, `market`, `engine`, `threads` and `trace`; so
is the answer, with `seconds`, the `processor_seconds` of all threads together, and `peak_bytes`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from sim.experiments.replicate import RunOptions, replicate
from sim.experiments.store import RunSpec, RunStore
from sim.memory import peak_bytes
from sim.network.kept import CAP_VARIABLE
from sim.scenario import load_scenario

DEFAULTS: dict[str, Any] = {
    "values": {},
    "market": "referral",
    "engine": "array",
    "threads": 1,
    "trace": False,
}


def measured_apart(**asked: Any) -> dict[str, Any]:
    """Return `seconds`, `processor_seconds` and `peak_bytes` of a run made in another process.

    It builds its network, whichever are kept.
    """
    command = [sys.executable, "-m", "sim.experiments.measured_run", json.dumps(asked)]
    keep_none = {**os.environ, CAP_VARIABLE: "0"}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=keep_none)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _measured(asked: Mapping[str, Any]) -> dict[str, Any]:
    import sim.model  # noqa: F401  the clock of a run starts after its imports

    given = DEFAULTS | dict(asked)
    scenario = load_scenario("baseline").with_values(given["values"])
    options = RunOptions(given["engine"], given["threads"], given["trace"])
    with tempfile.TemporaryDirectory() as folder:
        spec = RunSpec(scenario, given["market"], scenario.run.seed)
        start = time.process_time()
        stored = replicate(spec, options, RunStore(folder))
        return {
            "seconds": stored.manifest["seconds"],
            "processor_seconds": time.process_time() - start,
            "peak_bytes": peak_bytes(),
        }


if __name__ == "__main__":
    print(json.dumps(_measured(json.loads(sys.argv[1]))))
