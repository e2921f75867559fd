"""All sizes of the bench, one after the other, each in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sim.experiments.bench.bars import bars, demands
from sim.experiments.bench.machine import machine
from sim.experiments.bench.size import SCENARIO, Size
from sim.experiments.bench.weeks import STEADY_AFTER
from sim.experiments.errors import RunFailed

FORMAT_VERSION = 1
MILLION = 1_000_000
QUICK = (Size(10_000, 50.0, timed_weeks=2),)
NORMAL = (Size(MILLION // 10, 50.0, builds=3), Size(MILLION, 50.0))
LARGE = (
    Size(MILLION // 10, 20.0, builds=3),
    Size(MILLION, 20.0),
    Size(10 * MILLION, 20.0, timed_weeks=2),
)
MESA_QUICK = (Size(100, 50.0, timed_weeks=1, engine="mesa"),)
MESA = (
    Size(500, 50.0, timed_weeks=3, engine="mesa"),
    Size(2_000, 50.0, timed_weeks=3, engine="mesa"),
)


def bench(
    quick: bool = False, large: bool = False, say: Callable[[str], None] = lambda _: None
) -> dict[str, Any]:
    """Return what was measured of all sizes, and the bars beside it, for JSON.

    `quick` measures one small size; `large` goes on to ten million people, which takes minutes and
    gigabytes.
    """
    started = datetime.now(UTC)
    on = machine()
    sizes = _measured(QUICK if quick else (*NORMAL, *(LARGE if large else ())), say)
    mesa = _measured(MESA_QUICK if quick else MESA, say)
    return {
        "format_version": FORMAT_VERSION,
        "command": "bench",
        "scenario": SCENARIO,
        "steady_after_weeks": STEADY_AFTER,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": on,
        "sizes": sizes,
        "mesa": mesa,
        "demands": demands(sizes),
        "bars": bars(sizes, mesa),
    }


def _measured(sizes: Sequence[Size], say: Callable[[str], None]) -> list[dict[str, Any]]:
    found = []
    for size in sizes:
        say(f"{size.engine} engine, {size.n_consumers:,} consumers of degree {size.mean_degree:g}")
        found.append(measured_apart(size))
    return found


def measured_apart(size: Size) -> dict[str, Any]:
    """Return what a process of its own measured of one size.

    Raises RunFailed where it ended badly, for want of memory, say.
    """
    command = [sys.executable, "-m", "sim.experiments.bench.size", json.dumps(asdict(size))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        reason = f"ended with {done.returncode}" if done.returncode > 0 else "was killed"
        raise RunFailed([f"bench: {size.n_consumers:,} consumers: the process {reason}"])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
