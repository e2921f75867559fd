"""What many runs cost beside the engine's own time: python benchmarks/sweeps.py [--runs 200].

Prints a line a bar: two jobs against one, start-up excluded; the overhead of a packed run; listing
and a query of 10,000 stored runs. `--listing` does the last alone.
"""

import argparse
import json
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

import duckdb
import numpy as np

from sim.experiments.finished import finish, finished_run
from sim.experiments.packs import outcomes_of, packs_of
from sim.experiments.progress import Silence
from sim.experiments.replicate import RunOptions, simulate
from sim.experiments.store import RunSpec, RunStore
from sim.scenario import Scenario, load_scenario

OPTIONS = RunOptions(threads=1)


class Clock(Silence):
    """When each run was there."""

    def __init__(self) -> None:
        self.ends: list[float] = []

    def end_run(self, run: int) -> None:
        """One more is there."""
        self.ends.append(time.perf_counter())


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=200)
    options.add_argument("--listing", action="store_true")
    given = options.parse_args()
    if not given.listing:
        measure_runs(given.runs)
    measure_listing(10_000)


def measure_runs(n_runs: int) -> None:
    """Overhead and speed-up with runs of at least 200 ms."""
    scenario = sized(0.2)
    alone = []
    for seed in range(12):
        clock = time.perf_counter()
        simulate(RunSpec(scenario, "referral", seed), OPTIONS)
        alone.append(time.perf_counter() - clock)
    engine = float(np.median(alone[2:]))
    with store_beside() as store:
        packs = packs_of(store, scenario.name)
        made = [finish(RunSpec(scenario, "referral", seed), OPTIONS, ("weekly",)) for seed in (0,)]
        finishing, adding = [], []
        for seed in range(100):
            tables, facts = simulate(RunSpec(scenario.with_values({"run.weeks": 1}), "referral", 1), OPTIONS)
            break
        spec = RunSpec(scenario, "referral", 0)
        tables, facts = simulate(spec, OPTIONS)
        for seed in range(100):
            spec = RunSpec(scenario, "referral", seed)
            clock = time.perf_counter()
            made = finished_run(spec, {"weekly": tables["weekly"]}, tables["weekly"], facts)
            finishing.append(time.perf_counter() - clock)
            clock = time.perf_counter()
            packs.add([made])
            adding.append(time.perf_counter() - clock)
    with store_beside() as store:
        folders = []
        for seed in range(30):
            clock = time.perf_counter()
            store.save(RunSpec(scenario, "referral", seed), tables, facts)
            folders.append(time.perf_counter() - clock)
    tell("engine alone, a run", engine * 1e3, "ms")
    tell("packing up + storing, a run (mean of 100)", 1e3 * (np.mean(finishing) + np.mean(adding)), "ms")
    tell("a folder a run, for comparison", 1e3 * float(np.mean(folders)), "ms")
    specs = [RunSpec(scenario, market, seed) for seed in range(n_runs // 2) for market in ("referral", "ads")]
    paces = {jobs: pace(specs, jobs) for jobs in (1, 2)}
    tell("a run with one job", 1e3 * paces[1], "ms")
    tell("a run with two jobs", 1e3 * paces[2], "ms")
    tell("two jobs against one (bar: 1.8)", paces[1] / paces[2], "times")


def pace(specs: list[RunSpec], jobs: int) -> float:
    """Seconds a run, from the first finished run to the last."""
    with store_beside() as store:
        clock = Clock()
        outcomes_of(specs, store, specs[0].scenario.name, OPTIONS, jobs, clock)
        first = jobs  # every worker has started and compiled by then
        return (clock.ends[-1] - clock.ends[first]) / (len(clock.ends) - 1 - first)


def measure_listing(n_runs: int) -> None:
    """Listing and a query of many stored runs, in a fresh look at the store."""
    scenario = load_scenario("quick").with_values({"run.weeks": 16, "population.n_consumers": 200})
    spec = RunSpec(scenario, "referral", 0)
    tables, facts = simulate(spec, OPTIONS)
    with store_beside() as store:
        packs = packs_of(store, scenario.name)
        for start in range(0, n_runs, 500):
            packs.add(
                [
                    finished_run(RunSpec(scenario, "referral", seed), {"weekly": tables["weekly"]}, tables["weekly"], facts)
                    for seed in range(start, start + 500)
                ]
            )
        clock = time.perf_counter()
        listed = packs_of(store, scenario.name).runs()
        tell(f"listing {len(listed):,} packed runs", time.perf_counter() - clock, "s")
        clock = time.perf_counter()
        query = f"SELECT market, avg(orders), avg(mean_quality_sold) FROM '{store.root}/*/packed/*/runs-*.parquet' GROUP BY market"
        duckdb.sql(query).fetchall()
        tell(f"a query of their outcomes", time.perf_counter() - clock, "s")
        clock = time.perf_counter()
        query = f"SELECT week, avg(orders) FROM '{store.root}/*/packed/*/weekly-*.parquet' GROUP BY week"
        duckdb.sql(query).fetchall()
        tell(f"a query of their {16 * n_runs:,} weeks", time.perf_counter() - clock, "s")


def sized(seconds: float) -> Scenario:
    """A small scenario whose run takes at least so long."""
    consumers = 500
    while True:
        scenario = load_scenario("quick").with_values({"population.n_consumers": consumers})
        simulate(RunSpec(scenario, "referral", 1), OPTIONS)
        clock = time.perf_counter()
        for market in ("referral", "ads"):
            simulate(RunSpec(scenario, market, 1), OPTIONS)
        if time.perf_counter() - clock >= 2 * seconds:
            return scenario
        consumers *= 2


@contextmanager
def store_beside():
    """A store in a folder that goes away again."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        yield RunStore(Path(folder) / "results")


def tell(what: str, number: float, unit: str) -> None:
    """One line."""
    print(f"{what:45} {number:10.3f} {unit}", flush=True)


if __name__ == "__main__":
    main()
