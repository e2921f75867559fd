"""Memory and time of a run before it starts, and the refusal of what cannot fit.

Memory is counted, not guessed, where it can be: the columns of tiny worlds of the same scenario
tell how many bytes each consumer and each tie takes. What comes on top (the process, what a week
needs for a while, what building needs) and the time follow from measured costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass
from functools import lru_cache
from typing import Any

from sim.experiments.costs import (
    cost,
    engine_threads,
    memory_features,
    slowness,
    time_features,
)
from sim.experiments.errors import RunError
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec
from sim.memory import free_bytes
from sim.scenario import Scenario

#: People and ties of the tiny worlds whose columns are counted.
_TINY = ((64, 0), (128, 0), (64, 64))
#: What makes a tiny world of any scenario: nothing that names people of a file.
_NO_FILE = {
    "network.file": "",
    "network.directed": "auto",
    "network.weights": "closeness",
    "network.copies": 1,
    "population.initial_members": [],
    "run.seed": 1,
}
#: A run that would take less even at a generous count is not held against the free memory.
_SMALL_BYTES = 600e6
_GENEROUS_PER_CONSUMER, _GENEROUS_PER_TIE, _GENEROUS_PER_TRACED = 3_000, 60, 600
_GB = 1e9


@dataclass(frozen=True)
class Estimate:
    """What one run is expected to take."""

    memory_bytes: int
    """Most memory the process holds at any moment, itself included."""
    seconds: float
    """From building the world to the last week, on this machine if it is idle."""
    n_consumers: int
    n_ties: int
    columns_bytes: int
    """Memory of the columns of the world alone."""

    @property
    def fits(self) -> bool:
        """Whether so much memory is free now; true where nobody knows."""
        free = free_bytes()
        return free is None or self.memory_bytes <= free


def estimate_run(
    scenario: Scenario,
    market: str = "referral",
    threads: int | None = None,
    trace: bool = False,
    engine: str = "array",
) -> Estimate:
    """Return the memory in bytes, the time in seconds and the size of one run.

    A network file is read for its numbers of people and ties.
    """
    n, n_ties = size_of(scenario)
    columns = columns_bytes(scenario, n, n_ties)
    more = cost("memory", memory_features(scenario, market, trace, engine, n, n_ties))
    return Estimate(
        memory_bytes=round(columns + more),
        seconds=reference_seconds(scenario, market, threads, trace, engine) * slowness(),
        n_consumers=n,
        n_ties=n_ties,
        columns_bytes=columns,
    )


def reference_seconds(
    scenario: Scenario, market: str, threads: int | None, trace: bool, engine: str
) -> float:
    """Return the time that one run takes on the machine on which costs were measured."""
    n, n_ties = size_of(scenario)
    work = time_features(scenario, market, engine_threads(threads, n), trace, engine, n, n_ties)
    return cost("seconds", work)


def estimate_document(scenario: Scenario, market: str, options: RunOptions) -> dict[str, Any]:
    """Return the estimate of one run beside what is free now, for JSON."""
    found = estimate_run(scenario, market, options.threads, options.trace, options.engine)
    return {
        "command": "estimate",
        "scenario": scenario.name,
        "market": market,
        "weeks": scenario.run.weeks,
        "engine": options.engine,
        "threads": engine_threads(options.threads, found.n_consumers),
        "trace": options.trace,
        **asdict(found),
        "free_bytes": free_bytes(),
        "fits": found.fits,
    }


def size_of(scenario: Scenario) -> tuple[int, int]:
    """Return the numbers of consumers and of directed ties that a run would have."""
    given = scenario.network
    if given.file:
        n, n_ties = _size_of_file(given.file, given.directed)
        return n * given.copies, n_ties * given.copies
    n = scenario.population.n_consumers
    return n, round(n * min(given.mean_degree, max(n - 1, 0)))


@lru_cache(maxsize=8)
def _size_of_file(file: str, directed: str) -> tuple[int, int]:
    from sim.network.joining import joined
    from sim.network.loader import read_ties

    ties = joined(read_ties(file), directed)
    return ties.n_people, ties.n_ties


def columns_bytes(scenario: Scenario, n: int, n_ties: int) -> int:
    """Return the bytes of all columns of a world, worked out from those of three tiny ones."""
    counted = _counted_bytes(scenario.with_values(_NO_FILE | {"population.n_consumers": 64}))
    few, twice, tied = counted
    per_consumer = (twice - few) / (_TINY[1][0] - _TINY[0][0])
    per_tie = (tied - few) / _TINY[2][1]
    return round(few + (n - _TINY[0][0]) * per_consumer + n_ties * per_tie)


@lru_cache(maxsize=32)
def _counted_bytes(scenario: Scenario) -> tuple[int, ...]:
    from sim.world.world import build_world

    return tuple(
        sum(_arrays(build_world(scenario, _tiny_network(n, n_ties), 1), {}).values())
        for n, n_ties in _TINY
    )


def _tiny_network(n: int, n_ties: int) -> Any:
    import numpy as np

    from sim.network import Network
    from sim.network.ties import layers_packed

    return Network(
        n_people=n,
        follower_start=np.minimum(np.arange(n + 1), n_ties),
        reader=(np.arange(n_ties, dtype=np.int32) + 1) % n,
        packed_layer=layers_packed(np.zeros(n_ties, dtype=np.int8)),
        taste_x=np.zeros(n),
        taste_y=np.zeros(n),
        community=np.zeros(n, dtype=np.int32),
    )


def _arrays(thing: Any, found: dict[int, int]) -> dict[int, int]:
    """Bytes of every array in a world, each once, by identity; views take none of their own."""
    if hasattr(thing, "nbytes"):
        while getattr(thing, "base", None) is not None and hasattr(thing.base, "nbytes"):
            thing = thing.base
        found[id(thing)] = int(thing.nbytes)
    elif is_dataclass(thing):
        for field in fields(thing):
            _arrays(getattr(thing, field.name), found)
    elif hasattr(thing, "_fields"):
        for part in thing:
            _arrays(part, found)
    return found


def refuse_what_cannot_fit(specs: Sequence[RunSpec], options: RunOptions, jobs: int = 1) -> None:
    """Raise RunError, with the numbers, if the largest of the runs cannot fit in free memory.

    So many `jobs` of that size run at once. Nothing has been allocated yet.
    """
    free = free_bytes()
    if options.force or free is None:
        return
    seen: set[tuple[Any, ...]] = set()
    for spec in specs:
        scenario = spec.scenario
        kind = (spec.market, *_what_takes_memory(scenario))
        if kind in seen or _generous_bytes(scenario, options.trace) * jobs < _SMALL_BYTES:
            continue
        seen.add(kind)
        found = estimate_run(scenario, spec.market, options.threads, options.trace, options.engine)
        if found.memory_bytes * jobs > free:
            raise RunError(_refusal(found, jobs, free))


def _what_takes_memory(scenario: Scenario) -> tuple[Any, ...]:
    return (
        scenario.population.n_consumers,
        scenario.network,
        scenario.demand,
        scenario.sharing,
        scenario.merchants.n_applicants,
        scenario.run.weeks,
    )


def _generous_bytes(scenario: Scenario, trace: bool) -> float:
    """More than a small generated world takes; a file may hold anything."""
    if scenario.network.file:
        return float("inf")
    n = scenario.population.n_consumers
    traced = n * scenario.run.weeks * _GENEROUS_PER_TRACED if trace else 0
    width = scenario.demand.n_categories + scenario.sharing.attention
    per_consumer = _GENEROUS_PER_CONSUMER + 20 * width * scenario.sharing.memory_weeks
    return n * (per_consumer + scenario.network.mean_degree * _GENEROUS_PER_TIE) + traced


def _refusal(found: Estimate, jobs: int, free: int) -> str:
    at_once = f" for each of {jobs} runs at once" if jobs > 1 else ""
    fewer = "fewer --jobs, " if jobs > 1 else ""
    return (
        f"memory: about {found.memory_bytes / _GB:.1f} GB{at_once} would be needed for "
        f"{found.n_consumers:,} consumers with {found.n_ties:,} ties, and "
        f"{free / _GB:.1f} GB are free: give {fewer}fewer --consumers or a smaller "
        "network.mean_degree; --force tries it all the same"
    )
