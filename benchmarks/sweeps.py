"""What many runs cost beside the engine's own time: python benchmarks/sweeps.py [--runs 200].

Prints a line a bar: the overhead of a packed run, two jobs against one with start-up excluded, and
the listing and a query of 10,000 stored runs. Needs two idle cores and takes about three minutes.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import mean, median

import duckdb

from sim.experiments.finished import finished_run
from sim.experiments.packs import outcomes_of, packs_of
from sim.experiments.progress import Silence
from sim.experiments.replicate import RunOptions, simulate
from sim.experiments.store import RunSpec, RunStore
from sim.scenario import Scenario, load_scenario

OPTIONS = RunOptions(threads=1)
LEAST_SECONDS = 0.2


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
    options.add_argument("--stored", type=int, default=10_000)
    given = options.parse_args()
    measure_overhead()
    measure_jobs(given.runs)
    measure_listing(given.stored)


def measure_overhead() -> None:
    """What packing up and storing a run takes, beside a folder a run."""
    scenario = load_scenario("quick")
    tables, facts = simulate(RunSpec(scenario, "referral", 0), OPTIONS)
    weekly = {"weekly": tables["weekly"]}
    packing, storing, folders = [], [], []
    with store_beside() as store:
        packs = packs_of(store, scenario.name)
        for seed in range(200):
            spec = RunSpec(scenario, "referral", seed)
            started = time.perf_counter()
            run = finished_run(spec, weekly, tables["weekly"], facts)
            packed = time.perf_counter()
            packs.add([run])
            packing.append(packed - started)
            storing.append(time.perf_counter() - packed)
        for seed in range(30):
            started = time.perf_counter()
            store.save(RunSpec(scenario, "referral", seed), tables, facts)
            folders.append(time.perf_counter() - started)
    tell("outcomes and packing up, a run", 1e3 * mean(packing), "ms")
    tell("storing in packs with fsync, a run", 1e3 * mean(storing), "ms")
    tell("overhead of a packed run (bar: 30)", 1e3 * mean([*map(sum, zip(packing, storing))]), "ms")
    tell("a folder a run with all tables, a run", 1e3 * mean(folders), "ms")


def measure_jobs(n_runs: int) -> None:
    """Two jobs against one."""
    scenario = sized()
    specs = [
        RunSpec(scenario, market, seed)
        for seed in range(n_runs // 2)
        for market in ("referral", "ads")
    ]
    times = []
    for spec in specs[:10]:
        started = time.perf_counter()
        simulate(spec, OPTIONS)
        times.append(time.perf_counter() - started)
    tell("the engine alone, a run", 1e3 * median(times), "ms")
    paces = {jobs: pace(specs, jobs) for jobs in (1, 2)}
    tell(f"{n_runs} runs with one job, a run", 1e3 * paces[1], "ms")
    tell(f"{n_runs} runs with two jobs, a run", 1e3 * paces[2], "ms")
    tell("two jobs against one (bar: 1.8)", paces[1] / paces[2], "times")


def pace(specs: list[RunSpec], jobs: int) -> float:
    """Seconds a run, from when every worker has made its first run."""
    with store_beside() as store:
        clock = Clock()
        outcomes_of(specs, store, specs[0].scenario.name, OPTIONS, jobs, clock)
        ends = clock.ends[jobs:]
        return (ends[-1] - ends[0]) / (len(ends) - 1)


def sized() -> Scenario:
    """A small scenario whose runs take at least `LEAST_SECONDS`."""
    consumers = 500
    while True:
        scenario = load_scenario("quick").with_values({"population.n_consumers": consumers})
        times = []
        for market in ("referral", "ads", "referral", "ads"):
            started = time.perf_counter()
            simulate(RunSpec(scenario, market, 1), OPTIONS)
            times.append(time.perf_counter() - started)
        if min(times[2:]) >= LEAST_SECONDS:
            return scenario
        consumers *= 2


def measure_listing(n_runs: int) -> None:
    """Listing and a query of many stored runs, in a fresh look at the store."""
    scenario = load_scenario("quick").with_values({"run.weeks": 16, "population.n_consumers": 200})
    tables, facts = simulate(RunSpec(scenario, "referral", 0), OPTIONS)
    weekly = {"weekly": tables["weekly"]}
    with store_beside() as store:
        packs = packs_of(store, scenario.name)
        for start in range(0, n_runs, 500):
            specs = [RunSpec(scenario, "referral", seed) for seed in range(start, start + 500)]
            packs.add([finished_run(spec, weekly, tables["weekly"], facts) for spec in specs])
        started = time.perf_counter()
        listed = packs_of(store, scenario.name).runs()
        tell(f"listing {len(listed):,} stored runs", time.perf_counter() - started, "s")
        place = f"{store.root}/*/packed/*"
        for table in ("runs", "weekly"):
            started = time.perf_counter()
            duckdb.sql(
                f"SELECT market, avg(orders) FROM '{place}/{table}-*.parquet' GROUP BY market"
            ).fetchall()
            tell(f"a query of their table {table}", time.perf_counter() - started, "s")


@contextmanager
def store_beside() -> Iterator[RunStore]:
    """A store in a folder that goes away again."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        yield RunStore(Path(folder) / "results")


def tell(what: str, number: float, unit: str) -> None:
    """One line."""
    print(f"{what:42} {number:9.3f} {unit}", flush=True)


if __name__ == "__main__":
    main()
