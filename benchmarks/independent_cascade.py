"""The independent-cascade limit: ties tried a second, by the array engine, NDlib and cynetdiff.

    .venv/bin/python benchmarks/independent_cascade.py [--json FILE] [--people 100000]

All run on one random graph with the same first adopters and the same chance on every tie. A tie is
tried when somebody who has adopted tells somebody else, whether or not in vain, so the ties tried
are those that lead out of the adopters; only the cascade itself is timed, not the making of the
graph. The array engine walks its ordinary week, all stages of it, in the scenario
limits/independent_cascade; the others know nothing but cascades. A plain breadth-first cascade,
compiled by Numba, stands for what the machine could do.
"""

from __future__ import annotations

import argparse
import array
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

from sim.experiments.bench.machine import machine
from sim.model import MarketModel
from sim.network import made_network
from sim.scenario import load_scenario
from sim.world.world import build_world

DEGREE, CHANCE, N_FIRST, SEED = 20, 0.15, 10, 1
REPEATS = 3


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


def random_graph(n: int) -> Graph:
    """A graph in which everybody tells about as many others, picked at random, none twice."""
    rng = np.random.default_rng(SEED)
    source = np.repeat(np.arange(n), DEGREE)
    key = np.unique(source * n + rng.integers(0, n, n * DEGREE))
    source, reader = np.divmod(key[key // n != key % n], n)
    start = np.concatenate([[0], np.cumsum(np.bincount(source, minlength=n))])
    return Graph(n, start, reader.astype(np.int32), rng.choice(n, N_FIRST, replace=False).tolist())


def by_the_array_engine(graph: Graph, threads: int) -> Callable[[int], Cascade]:
    """The ordinary week in its limit; every repeat is a world with other luck."""
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
        network = made_network(scenario, SEED)

    def run(seed: int) -> Cascade:
        world = build_world(scenario, network, SEED)
        model = MarketModel(scenario, "control", rng=seed, threads=threads, world=world)
        begun = time.perf_counter()
        model.step()
        while model.weekly[-1]["posts"] > 0:
            model.step()
        seconds = time.perf_counter() - begun
        ties = sum(row["reads"] for row in model.weekly)
        return Cascade(sum(row["orders"] for row in model.weekly), int(ties), seconds)

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


def _ties_of(graph: Graph, adopters: list[int]) -> int:
    return int(np.diff(graph.start)[adopters].sum())


def measured(n: int) -> dict[str, Any]:
    """Ties a second of everybody on one graph, medians of repeats, for JSON."""
    graph = random_graph(n)
    makers: dict[str, Callable[[], Callable[[int], Cascade]]] = {
        "array engine, 1 thread": lambda: by_the_array_engine(graph, 1),
        "array engine, 2 threads": lambda: by_the_array_engine(graph, 2),
        "plain loops, Numba": lambda: by_plain_loops(graph),
        "cynetdiff": lambda: by_cynetdiff(graph),
        "NDlib": lambda: by_ndlib(graph),
    }
    found = {}
    for name, make in makers.items():
        try:
            run = make()
        except ImportError as error:
            print(f"{name}: not installed: {error}", file=sys.stderr)
            continue
        repeats = 1 if name == "NDlib" else REPEATS
        if "engine" in name:
            run(SEED)  # compiles
        cascades = [run(SEED + number) for number in range(repeats)]
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
    return {
        "machine": machine(),
        "n_people": n,
        "n_ties": len(graph.reader),
        "chance": CHANCE,
        "found": found,
        "bars": bars(found),
    }


def bars(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The array engine against the others, beside what it is to reach."""
    ours = found.get("array engine, 2 threads")
    told = []
    for name, bar, aim in (("NDlib", 200.0, None), ("cynetdiff", 1.0, 5.0)):
        if ours and name in found:
            ratio = ours["ties_per_second"] / found[name]["ties_per_second"]
            what = f"independent cascade, ties a second, array engine with two threads over {name}"
            told.append(
                {
                    "what": what,
                    "measured": ratio,
                    "sense": "at least",
                    "bar": bar,
                    "aim": aim,
                    "unit": "times",
                    "met": ratio >= bar,
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
        verdict = "met" if bar["met"] else "MISSED"
        print(f"{bar['what']}: {bar['measured']:.3g}; at least {bar['bar']:g}: {verdict}")
