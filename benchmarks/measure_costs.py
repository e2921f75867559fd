"""Measures what runs cost, and writes sim/experiments/costs.json, from which estimates are made.

    .venv/bin/python benchmarks/measure_costs.py        about three minutes on an idle machine

Every run below is made in a process of its own. Costs are the non-negative numbers with the least
squared relative error of memory and of time. Times are processor times, so that other work on the
machine matters little; that threads share what they can share is what the features say.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import nnls

from sim.experiments.bench.machine import machine
from sim.experiments.costs import COSTS, memory_features, probe_seconds, time_features
from sim.experiments.estimate import columns_bytes, size_of
from sim.experiments.measured_run import DEFAULTS, measured_apart
from sim.scenario import load_scenario

WEEKS = 16
RAW = Path(__file__).with_name("costs_measured.json")


def run(n: int, degree: float = 85.0, weeks: int = WEEKS, values: Any = None, **how: Any) -> Any:
    """What one run is asked to be."""
    given = {
        "population.n_consumers": n,
        "network.mean_degree": min(degree, n - 1),
        "run.weeks": weeks,
        "sharing.memory_weeks": 1,
        "sharing.posting_intercept": -2.0,
    }
    return {"values": given | (values or {}), **how}


FEW_MERCHANTS = {
    "demand.n_categories": 4,
    "merchants.n_applicants": 240,
    "merchants.initial_per_category": 8,
}
RUNS = [
    run(300, 30.0, 60, FEW_MERCHANTS),
    run(2_000, 30.0),
    run(10_000),
    run(10_000, market="ads"),
    run(10_000, values={"demand.purchase_rate_per_week": 3.0, "sharing.memory_weeks": 3}),
    run(40_000),
    run(40_000, 20.0, market="ads"),
    run(150_000, 40.0, 8),
    run(300_000, 10.0, 6, market="ads"),
    run(30_000, 300.0, 6, market="ads"),
    run(100_000, 100.0, 4),
    run(1_000, 30.0, trace=True),
    run(20_000, 50.0, 10, trace=True),
    run(20_000, 30.0, 20, market="ads", trace=True),
    run(100, 30.0, engine="mesa"),
    run(400, 30.0, 10, FEW_MERCHANTS, engine="mesa"),
    run(500, 60.0, 8, engine="mesa", market="ads"),
]


def main() -> None:
    """Measure every run, find the costs, write them, and tell how far off they are."""
    rows = []
    for asked in RUNS:
        values = asked["values"] | {"run.weeks": 2, "run.seed": 2}  # another network
        measured_apart(**asked | {"values": values})  # compiles what is not in the cache
        found = measured_apart(**asked)
        rows.append({"asked": asked, **found})
        print(asked, found, file=sys.stderr, flush=True)
    RAW.write_text(json.dumps(rows, indent=1) + "\n")
    write(rows)


def write(rows: list[Any]) -> None:
    """Find the costs in what was measured and write them."""
    memory, seconds = [], []
    for row in rows:
        given = DEFAULTS | row["asked"]
        scenario = load_scenario("baseline").with_values(given["values"])
        n, n_ties = size_of(scenario)
        about = (scenario, given["market"])
        how = (given["trace"], given["engine"], n, n_ties)
        counted = columns_bytes(scenario, n, n_ties)
        memory.append((memory_features(*about, *how), counted, row["peak_bytes"]))
        seconds.append((time_features(*about, 1, *how), 0.0, row["processor_seconds"]))
    document = {
        "measured_on": machine(),
        "probe": probe_seconds(),
        "memory": fitted(memory, "memory"),
        "seconds": fitted(seconds, "seconds"),
    }
    COSTS.write_text(json.dumps(document, indent=2) + "\n")


def fitted(rows: list[Any], kind: str) -> dict[str, float]:
    """The non-negative cost of each feature, with the least squared relative error."""
    names = list(dict.fromkeys(name for features, _, _ in rows for name in features))
    table = np.array([[features.get(name, 0.0) for name in names] for features, _, _ in rows])
    known, measured = (np.array([row[k] for row in rows], dtype=float) for k in (1, 2))
    scale = table.max(axis=0)
    costs, _ = nnls(table / scale / measured[:, None], 1.0 - known / measured)
    predicted = (known + (table / scale) @ costs) / measured
    print(f"{kind}: estimated over measured {np.round(predicted, 2).tolist()}", file=sys.stderr)
    return dict(zip(names, (costs / scale).tolist()))


if __name__ == "__main__":
    if "--again" in sys.argv:
        write(json.loads(RAW.read_text()))
    else:
        main()
