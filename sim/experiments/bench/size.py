"""One size, measured in a process of its own, so that peak memory is that of this size alone."""

from __future__ import annotations

import gc
import json
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

from sim.experiments.bench.bare import BareWork
from sim.experiments.bench.weeks import time_weeks
from sim.memory import peak_bytes
from sim.network import Network, made_network
from sim.scenario import Scenario, load_scenario
from sim.world.world import build_world

SCENARIO = "bench/week"
MARKETS = ("referral", "ads")
THREADS = (1, 2)


@dataclass(frozen=True)
class Size:
    """What one process is asked to measure."""

    n_consumers: int
    mean_degree: float
    timed_weeks: int = 12
    """Weeks timed for each number of threads; a disturbed one or two move no median of so many."""
    builds: int = 1
    """Times that the network and the world are built."""
    engine: str = "array"


def scenario_of(size: Size) -> Scenario:
    """Return the scenario of the bench at this size."""
    return load_scenario(SCENARIO).with_values(
        {
            "population.n_consumers": size.n_consumers,
            "network.mean_degree": min(size.mean_degree, max(size.n_consumers - 1, 0)),
        }
    )


def order_of_threads(size: Size) -> list[int]:
    """Return the threads of each timed week: 1, 2, 2, 1 and again, so that drift cancels out."""
    if size.engine != "array":
        return [1] * size.timed_weeks
    one, two = THREADS
    return [one, two, two, one] * (size.timed_weeks // 2) + [one, two] * (size.timed_weeks % 2)


def measure(size: Size) -> dict[str, Any]:
    """Return everything there is to say about one size, for JSON."""
    scenario = scenario_of(size)
    small = made_network(scenario.with_values({"population.n_consumers": 1_000}), 1)  # compiles
    BareWork(small).seconds(1_000, 1)
    network, network_seconds, world_seconds = _built(size, scenario)
    network_peak = peak_bytes()
    markets = {}
    for market in MARKETS:
        found = time_weeks(scenario, market, network, order_of_threads(size), size.engine)
        gc.collect()  # a model refers to itself through its agents: its world goes only now
        markets[market] = found
    return {
        **asdict(size),
        "n_ties": network.n_ties,
        "n_categories": scenario.demand.n_categories,
        "markets": markets,
        "build": {
            "threads": max(THREADS),
            "network_seconds": network_seconds,
            "world_seconds": world_seconds,
            "seconds": network_seconds + world_seconds,
            "peak_bytes": network_peak,
        },
        "peak_bytes": peak_bytes(),
    }


def _built(size: Size, scenario: Scenario) -> tuple[Network, float, float]:
    """The network, and the median seconds of building it and a world on it."""
    network_seconds, world_seconds = [], []
    for _ in range(size.builds):
        network = None  # never two of them at once
        start = time.perf_counter()
        network = made_network(scenario, scenario.run.seed, max(THREADS))
        between = time.perf_counter()
        build_world(scenario, network, scenario.run.seed)
        network_seconds.append(between - start)
        world_seconds.append(time.perf_counter() - between)
    assert network is not None
    return network, statistics.median(network_seconds), statistics.median(world_seconds)


if __name__ == "__main__":
    print(json.dumps(measure(Size(**json.loads(sys.argv[1])))))
