"""The engine in the limits in which theory knows the answer: scenarios of ``scenarios/limits/``.

Nothing of the week is left out or replaced in a limit: the same stages run, with parameters at
values at which only one force remains. What a limit needs beyond that (a graph, probabilities, who
begins) is set here; the answers are read from the tables of the runs.

For comparisons with other programs, `independent_cascades` runs the independent cascade on any
graph and says how many ties were tried.
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.kernels.threads import cores
from sim.model import MarketModel
from sim.scenario import Scenario, load_scenario
from sim.world.columns import F8, I8

#: People whom one run of copies holds at most, so that memory stays small.
PEOPLE_IN_RUN = 500_000
#: The market of all limits: no reward, no rebate, no slots.
MARKET = "control"

Edge = tuple[int, int, float]
Tables = dict[str, pd.DataFrame]


class Cascades(NamedTuple):
    """What became of many independent cascades on one graph."""

    sizes: I8
    """Adopters of each cascade, those who began included."""
    adopters: I8
    """Cascades in which each person adopted."""
    ties_tried: int
    """Reads: times that somebody who had adopted told somebody else, whether or not in vain."""
    seconds: float
    """Time spent in the weeks of the runs, without building worlds and tables."""

    @property
    def adopted_share(self) -> F8:
        """Share of the cascades in which each person adopted."""
        return self.adopters / len(self.sizes)


def independent_cascades(
    n_people: int,
    edges: Iterable[Edge],
    initial_adopters: Sequence[int],
    copies: int,
    seed: int = 1,
    threads: int | None = None,
) -> Cascades:
    """Return what becomes of ``copies`` independent cascades on a graph, run by the engine.

    An edge (a, b, p) lets b adopt with probability p, once, after a has; for ties that work both
    ways with coins of their own give both directions. Several edges from a to b are several
    chances. The copies live side by side in the scenario ``limits/independent_cascade``; no cascade
    knows of another.
    """
    chances = _chances(n_people, edges)
    beginners = sorted(set(initial_adopters))
    if not all(0 <= person < n_people for person in beginners):
        raise ValueError(f"initial adopters must be people from 0 to {n_people - 1}")
    if not beginners:
        return Cascades(np.zeros(copies, dtype=np.int64), np.zeros(n_people, dtype=np.int64), 0, 0)
    trusted_by = np.bincount([reader for _, reader in chances], minlength=n_people)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ties.csv"
        file.write_text(_file_of(n_people, chances), encoding="utf-8")
        scenario = load_scenario("limits/independent_cascade").with_values(
            {
                "network.file": str(file),
                "population.initial_members": [str(person) for person in beginners],
                "sharing.attention": max(1, int(trusted_by.max())),
            }
        )
        in_run = max(1, PEOPLE_IN_RUN // n_people)
        batches = [min(in_run, copies - first) for first in range(0, copies, in_run)]

        def run(batch: int) -> Cascades:
            some = scenario.with_values({"network.copies": batches[batch]})
            return _cascades_of(some, seed + batch, n_people, batches[batch], threads)

        parts = in_threads(run, range(len(batches)))
    return Cascades(
        np.concatenate([part.sizes for part in parts]),
        np.sum([part.adopters for part in parts], axis=0),
        sum(part.ties_tried for part in parts),
        sum(part.seconds for part in parts),
    )


def run_until_silent(scenario: Scenario, seed: int, threads: int | None = None) -> Tables:
    """Return the tables of a run, event log included, that goes on until a week brings no post."""
    return _until_silent(scenario, seed, threads)[0]


def in_threads[T](task: Callable[[int], T], numbers: Sequence[int]) -> list[T]:
    """Return what ``task`` gives for each number, several at a time, in their order.

    A model refers to itself through its agents, so that its columns wait for the collector of
    garbage; frozen, all that was there before makes it quick enough to be called after each task.
    """

    def clean(number: int) -> T:
        result = task(number)
        gc.collect()
        return result

    gc.collect()
    gc.freeze()
    try:
        with ThreadPoolExecutor(min(len(numbers), cores())) as pool:
            return list(pool.map(clean, numbers))
    finally:
        gc.unfreeze()


def _chances(n_people: int, edges: Iterable[Edge]) -> dict[tuple[int, int], float]:
    """Return the probability with which each person brings each other one to adopt."""
    chances: dict[tuple[int, int], float] = {}
    for source, target, prob in edges:
        if not (0 <= source < n_people and 0 <= target < n_people):
            raise ValueError(f"an edge from {source} to {target} leaves the {n_people} people")
        if not 0.0 <= prob <= 1.0:
            raise ValueError(f"an edge has the probability {prob}, not one from 0 to 1")
        if source != target and prob > 0.0:
            before = chances.get((source, target), 0.0)
            chances[source, target] = 1.0 - (1.0 - before) * (1.0 - prob)
    return chances


def _file_of(n_people: int, chances: Mapping[tuple[int, int], float]) -> str:
    """Return a file of ties; a tie of everybody with themselves, dropped, names all people."""
    lines = [f"{person},{person},1" for person in range(n_people)]
    lines += [f"{reader},{trusted},{prob!r}" for (trusted, reader), prob in chances.items()]
    return "\n".join(lines) + "\n"


def _cascades_of(
    scenario: Scenario, seed: int, n_people: int, copies: int, threads: int | None
) -> Cascades:
    tables, seconds = _until_silent(scenario, seed, threads)
    cascades, shares, orders = tables["cascades"], tables["shares"], tables["orders"]
    root = cascades["root_share"].to_numpy()
    copy = shares["sharer"].to_numpy()[root] // n_people
    sizes = np.bincount(copy, cascades["size"], minlength=copies).astype(np.int64)
    adopters = np.bincount(orders["consumer"] % n_people, minlength=n_people)
    return Cascades(sizes, adopters, int(tables["weekly"]["reads"].sum()), seconds)


def _until_silent(scenario: Scenario, seed: int, threads: int | None) -> tuple[Tables, float]:
    model = MarketModel(scenario, MARKET, rng=seed, threads=threads, trace=True, whole_log=True)
    begun = time.perf_counter()
    model.step()
    while model.weekly[-1]["posts"] > 0:
        model.step()
    return model.tables(), time.perf_counter() - begun
