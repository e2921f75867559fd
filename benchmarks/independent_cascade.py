"""The independent-cascade limit: ties tried a second, by our engine, NDlib and cynetdiff.

    .venv/bin/python benchmarks/independent_cascade.py [--json FILE] [--people 100000]

All run on one random graph with the same first adopters and the same chance on every tie. A tie is
tried when somebody who has adopted tells somebody else, whether or not in vain, so the ties tried
are those that lead out of the adopters; only the cascade itself is timed, not the making of the
graph. Like the other programs, `sim.engines.cascade` knows nothing but cascades: it is what is left
of the market's week in that limit, with the same draws. Beside it stands the array engine with its
ordinary weeks, all stages of them, in the scenario limits/independent_cascade; it has to find the
very same adopters. A plain breadth-first cascade, compiled by Numba, stands for what loops reach.
"""

from __future__ import annotations

import argparse
import array
import hashlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numba import njit

from sim.engines.cascade import NEVER, independent_cascade
from sim.experiments.bench.machine import machine
from sim.model import MarketModel
from sim.network import Network, made_network
from sim.scenario import Scenario, load_scenario
from sim.world.columns import NOBODY
from sim.world.world import build_world

DEGREE, CHANCE, N_FIRST, SEED = 20, 0.15, 10, 1
REPEATS = 7
ALONE, WEEKS = "the limit by itself, {}", "whole weeks of the array engine, {}"
OURS = [what.format(threads) for what in (ALONE, WEEKS) for threads in ("1 thread", "2 threads")]


class Graph(NamedTuple):
    """Everybody tells the people ``reader[start[i]:start[i + 1]]``, with the same chance each."""

    n: int
    start: Any
    reader: Any
    first: list[int]


class Cascade(NamedTuple):
    """One cascade: who adopted, the ties tried, the seconds it took."""

    adopters: int
    ties: int
    seconds: float
    digest: str = ""
    """Of who adopted."""


def random_graph(n: int) -> Graph:
    """A graph in which everybody tells about as many others, picked at random, none twice."""
    rng = np.random.default_rng(SEED)
    source = np.repeat(np.arange(n), DEGREE)
    key = np.unique(source * n + rng.integers(0, n, n * DEGREE))
    source, reader = np.divmod(key[key // n != key % n], n)
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))])
    return Graph(n, start, reader.astype(np.int32), rng.choice(n, N_FIRST, replace=False).tolist())


def limit_on(graph: Graph) -> tuple[Scenario, Network]:
    """The scenario in which the market is a cascade on that graph, and its network."""
    scenario = load_scenario("limits/independent_cascade")
    source = np.repeat(np.arange(graph.n), np.diff(graph.start))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ties.csv"
        with open(file, "w") as lines:
            lines.writelines(f"{person},{person},1\n" for person in range(graph.n))
            ties = zip(graph.reader.tolist(), source.tolist())
            lines.writelines(f"{reader},{teller},{CHANCE}\n" for reader, teller in ties)
        scenario = scenario.with_values(
            {
                "network.file": str(file),
                "network.copies": 1,
                "population.initial_members": [str(person) for person in graph.first],
                "sharing.attention": int(np.bincount(graph.reader).max()),
            }
        )
        return scenario, made_network(scenario, SEED)


def by_itself(graph: Graph, network: Network, threads: int) -> Callable[[int], Cascade]:
    """The limit by itself; every repeat has other luck."""

    def run(seed: int) -> Cascade:
        begun = time.perf_counter()
        adoption = independent_cascade(network, graph.first, seed, threads)
        seconds = time.perf_counter() - begun
        adopted = adoption.week != NEVER
        return Cascade(int(adopted.sum()), adoption.ties_tried, seconds, _digest(adopted))

    return run


def by_whole_weeks(scenario: Scenario, network: Network, threads: int) -> Callable[[int], Cascade]:
    """The ordinary weeks of the array engine, with the same luck."""

    def run(seed: int) -> Cascade:
        world = build_world(scenario, network, SEED)
        model = MarketModel(scenario, "control", rng=seed, threads=threads, world=world)
        begun = time.perf_counter()
        model.step()
        while model.weekly[-1]["posts"] > 0:
            model.step()
        seconds = time.perf_counter() - begun
        ties = sum(row["reads"] for row in model.weekly)
        adopted = world.memory.last_merchant[:, 0] != NOBODY
        return Cascade(int(adopted.sum()), int(ties), seconds, _digest(adopted))

    return run


def by_cynetdiff(graph: Graph) -> Callable[[int], Cascade]:
    """Its compiled model on the same graph."""
    from cynetdiff.models import IndependentCascadeModel

    model = IndependentCascadeModel(
        array.array("I", graph.start[:-1].tolist()),
        array.array("I", graph.reader.tolist()),
        activation_prob=CHANCE,
    )
    model.set_seeds(graph.first)

    def run(seed: int) -> Cascade:
        model.set_rng(np.random.default_rng(seed))
        model.reset_model()
        begun = time.perf_counter()
        model.advance_until_completion()
        seconds = time.perf_counter() - begun
        adopters = list(model.get_activated_nodes())
        return Cascade(len(adopters), _ties_of(graph, adopters), seconds)

    return run


def by_ndlib(graph: Graph) -> Callable[[int], Cascade]:
    """Its plain-Python model on the same graph; told not to report the status of every node."""
    import networkx as nx
    from ndlib.models.epidemics import IndependentCascadesModel
    from ndlib.models.ModelConfig import Configuration

    source = np.repeat(np.arange(graph.n), np.diff(graph.start)).tolist()
    ties = list(zip(source, graph.reader.tolist()))
    web = nx.DiGraph()
    web.add_nodes_from(range(graph.n))
    web.add_edges_from(ties)
    model = IndependentCascadesModel(web)
    configuration = Configuration()
    configuration.add_model_initial_configuration("Infected", graph.first)
    for tie in ties:
        configuration.add_edge_configuration("threshold", tie, CHANCE)
    model.set_initial_status(configuration)

    def run(seed: int) -> Cascade:
        np.random.seed(seed)  # noqa: NPY002  what NDlib draws from
        model.reset(graph.first)
        begun = time.perf_counter()
        while True:
            counts = model.iteration(node_status=False)["node_count"]
            if counts[1] == 0:
                break
        seconds = time.perf_counter() - begun
        adopters = [person for person, status in model.status.items() if status == 2]
        return Cascade(len(adopters), _ties_of(graph, adopters), seconds)

    return run


@njit  # type: ignore[untyped-decorator, unused-ignore]
def _breadth_first(start: Any, reader: Any, first: Any, chance: float, seed: int) -> Any:
    np.random.seed(seed)  # noqa: NPY002  the only stream that compiled code has
    adopted = np.zeros(len(start) - 1, np.bool_)
    queue = np.empty(len(start) - 1, np.int64)
    head, tail = 0, 0
    for person in first:
        adopted[person] = True
        queue[tail] = person
        tail += 1
    while head < tail:
        for tie in range(start[queue[head]], start[queue[head] + 1]):
            other = reader[tie]
            if not adopted[other] and np.random.random() < chance:  # noqa: NPY002
                adopted[other] = True
                queue[tail] = other
                tail += 1
        head += 1
    return queue[:tail]


def by_plain_loops(graph: Graph) -> Callable[[int], Cascade]:
    """A queue, compiled: no week, no stages, no keyed draws."""
    first = np.array(graph.first)
    _breadth_first(graph.start, graph.reader, first[:0], CHANCE, 0)

    def run(seed: int) -> Cascade:
        begun = time.perf_counter()
        adopters = _breadth_first(graph.start, graph.reader, first, CHANCE, seed)
        seconds = time.perf_counter() - begun
        return Cascade(len(adopters), _ties_of(graph, adopters.tolist()), seconds)

    return run


def _digest(adopted: Any) -> str:
    return hashlib.sha256(np.packbits(adopted).tobytes()).hexdigest()


def _ties_of(graph: Graph, adopters: list[int]) -> int:
    return int(np.diff(graph.start)[adopters].sum())


def measured(n: int) -> dict[str, Any]:
    """Ties a second of everybody on one graph, medians of repeats, for JSON."""
    graph = random_graph(n)
    scenario, network = limit_on(graph)
    makers: dict[str, Callable[[], Callable[[int], Cascade]]] = {
        OURS[0]: lambda: by_itself(graph, network, 1),
        OURS[1]: lambda: by_itself(graph, network, 2),
        OURS[2]: lambda: by_whole_weeks(scenario, network, 1),
        OURS[3]: lambda: by_whole_weeks(scenario, network, 2),
        "plain loops, Numba": lambda: by_plain_loops(graph),
        "cynetdiff": lambda: by_cynetdiff(graph),
        "NDlib": lambda: by_ndlib(graph),
    }
    found, told_by = {}, {}
    for name, make in makers.items():
        try:
            run = make()
        except ImportError as error:
            print(f"{name}: not installed: {error}", file=sys.stderr)
            continue
        repeats = 1 if name == "NDlib" else REPEATS
        if name != "NDlib":
            run(SEED)  # compiles, and brings the graph near
        cascades = [run(SEED + number) for number in range(repeats)]
        told_by[name] = [(each.digest, each.ties) for each in cascades]
        found[name] = {
            "adopters": statistics.median(each.adopters for each in cascades),
            "ties_tried": statistics.median(each.ties for each in cascades),
            "seconds": statistics.median(each.seconds for each in cascades),
            "ties_per_second": statistics.median(each.ties / each.seconds for each in cascades),
        }
        print(
            f"{name}: {found[name]['adopters']:,.0f} adopters, "
            f"{found[name]['ties_per_second']:,.0f} ties a second",
            file=sys.stderr,
            flush=True,
        )
    if any(told_by[name] != told_by[OURS[0]] for name in OURS):
        raise AssertionError("the limit by itself and whole weeks did not find the same adopters")
    return {
        "machine": machine(),
        "n_people": n,
        "n_ties": len(graph.reader),
        "chance": CHANCE,
        "found": found,
        "bars": bars(found),
    }


def bars(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Our engine against the others, beside what it is to reach."""
    told: list[dict[str, Any]] = []
    for ours, bars_of in ((ALONE, (200.0, 1.0)), (WEEKS, (None, None))):
        ours = ours.format("2 threads")
        for other, bar in zip(("NDlib", "cynetdiff"), bars_of):
            if other not in found:
                continue
            ratio = found[ours]["ties_per_second"] / found[other]["ties_per_second"]
            told.append(
                {
                    "what": f"independent cascade, ties a second, {ours}, over {other}",
                    "measured": ratio,
                    "sense": "at least",
                    "bar": bar,
                    "aim": 5.0 if bar == 1.0 else None,
                    "unit": "times",
                    "met": None if bar is None else ratio >= bar,
                }
            )
    return told


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--people", type=int, default=100_000)
    options.add_argument("--json", type=Path, help="file in which the numbers are kept")
    given = options.parse_args()
    document = measured(given.people)
    if given.json:
        given.json.write_text(json.dumps(document, indent=1) + "\n")
    for bar in document["bars"]:
        verdict = {None: "reported", True: "met", False: "MISSED"}[bar["met"]]
        asked = "" if bar["bar"] is None else f"at least {bar['bar']:g}: "
        print(f"{bar['what']}: {bar['measured']:.3g}; {asked}{verdict}")
