"""Networks to test, and what there is to say about them."""

from pathlib import Path
from typing import Any

import igraph
import numpy as np
import pytest

from sim.network import Network, made_network
from sim.scenario import Scenario, load_scenario

DATA = Path(__file__).parents[3] / "shared" / "data"


def generated(
    n_consumers: int, seed: int = 1, threads: int | None = None, **values: Any
) -> Network:
    """The network of the baseline with other settings of the section `network`."""
    scenario: Scenario = load_scenario("baseline").with_values(
        {
            "population.n_consumers": n_consumers,
            **{f"network.{name}": value for name, value in values.items()},
        }
    )
    return made_network(scenario, seed, threads)


def given(name: str) -> Path:
    """The path of a given data file; the test is skipped where there is none."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"{name} is not beside the repository")
    return path


def ties_by_name(network: Network) -> dict[tuple[str, str], int]:
    """The layer of each tie by the names of the reader and of the trusted person."""
    names = network.labels or [str(person) for person in range(network.n_people)]
    return {
        (names[reader], names[trusted]): int(layer)
        for reader, trusted, layer in zip(network.reader, network.trusted, network.layer)
    }


def mean_degree(network: Network) -> float:
    """Directed ties per person."""
    return network.n_ties / network.n_people


def reciprocity(network: Network) -> float:
    """Share of ties that go both ways."""
    forth = network.reader.astype(np.int64) * network.n_people + network.trusted
    back = network.trusted.astype(np.int64) * network.n_people + network.reader
    return float(np.isin(forth, back).mean())


def local_clustering(network: Network) -> float:
    """Mean share of pairs of neighbours who are tied, of every fifth person."""
    graph = igraph.Graph(network.n_people, np.column_stack([network.reader, network.trusted]))
    people = range(0, network.n_people, 5)
    return float(np.mean(graph.simplify().transitivity_local_undirected(people, mode="zero")))


def check_whole(network: Network) -> None:
    """Everything that holds of any network."""
    n = network.n_people
    start, reader, trusted = network.follower_start, network.reader, network.trusted
    assert (start[0], start[-1], len(start)) == (0, len(reader), n + 1)
    assert (np.diff(start) >= 0).all()
    assert ((reader >= 0) & (reader < n)).all()
    assert (reader != trusted).all(), "nobody has a tie to themselves"
    key = trusted.astype(np.int64) * max(n, 1) + reader
    assert (np.diff(key) > 0).all(), "sorted by trusted person, then reader; no tie twice"
    assert (start.dtype, reader.dtype, network.layer.dtype) == (np.int64, np.int32, np.int8)
    for reader_id in range(min(n, 300)):
        rows = network.out_tie[network.out_start[reader_id] : network.out_start[reader_id + 1]]
        assert (reader[rows] == reader_id).all()
        assert (np.diff(trusted[rows]) > 0).all()
        circles = np.bincount(network.layer[rows], minlength=4).cumsum()
        expected = np.minimum([5, 15, 50, len(rows)], len(rows))
        assert circles.tolist() == expected.tolist(), "circles of 5, 15, 50 and all"
    assert sorted(network.out_tie.tolist()) == list(range(len(reader)))
    for taste in (network.taste_x, network.taste_y):
        assert taste.shape == (n,)
        assert np.isfinite(taste).all()
    assert network.community.shape == (n,)
