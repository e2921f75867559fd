"""What a trust network looks like in numbers, beside networks that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.network.ties import I8, Ties, distinct

if TYPE_CHECKING:
    import igraph

EXACT_STEPS = 1_000_000_000
"""Up to this many people times pairs with a tie, distances are those of everybody."""
SAMPLED_PEOPLE = 200
"""Above, they are those of this many people."""


def network_statistics(network: Ties) -> dict[str, float | None]:
    """Return the statistics of a network by name; None where undefined.

    Clustering, transitivity, distance and components are those of the undirected projection.
    Local clustering is the mean over people, 0 for those with fewer than two neighbours (Watts,
    Strogatz 1998). Mean distance is within the largest component, in large networks from
    ``SAMPLED_PEOPLE`` people, at equal steps of their ids, to all others.
    """
    n_people, n_ties = network.n_people, network.n_ties
    edges = _undirected(network)
    graph = _graph(n_people, edges)
    component = _largest_component(graph)
    return {
        "nodes": n_people,
        "ties": n_ties if network.directed else len(edges),
        "mean_degree": _ratio(2 * len(edges), n_people),
        "mean_out_degree": _ratio(n_ties, n_people),
        "reciprocity": _ratio(2 * (n_ties - len(edges)), n_ties) if network.directed else None,
        "local_clustering": _local_clustering(graph),
        "transitivity": _number(graph.transitivity_undirected()),
        "in_degree_gini": gini(np.diff(network.follower_start)),
        "out_degree_gini": gini(np.diff(network.out_start)),
        "mean_distance": _mean_distance(graph, component),
        "distance_sources": len(_sources(graph, component)),
        "largest_component_share": _ratio(len(component), n_people),
    }


def gini(counts: I8) -> float | None:
    """Return the Gini coefficient of non-negative counts: 0 all equal, towards 1 one has all.

    Sum of (2·rank - n - 1)·count over (n · total), ranks from 1 for the smallest.
    """
    n, total = len(counts), int(counts.sum())
    if total == 0:
        return None
    weights = 2 * np.arange(1, n + 1) - n - 1
    return float(np.sum(weights * np.sort(counts), dtype=np.float64)) / (n * total)


def _undirected(network: Ties) -> I8:
    """Pairs of people with a tie either way, each once: ``[n, 2]``."""
    low = np.minimum(network.trusted, network.reader).astype(np.int64)
    high = np.maximum(network.trusted, network.reader)
    n_people = max(network.n_people, 1)
    return np.column_stack(np.divmod(distinct(low * n_people + high), n_people))


def _graph(n_people: int, edges: I8) -> igraph.Graph:
    import igraph

    return igraph.Graph(n_people, edges)


def _largest_component(graph: igraph.Graph) -> list[int]:
    return max(graph.connected_components(), key=len, default=[])


def _sources(graph: igraph.Graph, component: list[int]) -> list[int]:
    """The people whose distances are measured: all, or so many at equal steps if that is long."""
    if len(component) * graph.ecount() <= EXACT_STEPS:
        return component
    return [component[k * len(component) // SAMPLED_PEOPLE] for k in range(SAMPLED_PEOPLE)]


def _local_clustering(graph: igraph.Graph) -> float | None:
    if graph.vcount() == 0:
        return None
    return float(np.mean(graph.transitivity_local_undirected(mode="zero")))


def _mean_distance(graph: igraph.Graph, component: list[int]) -> float | None:
    """Mean over pairs of people in the component of the steps between them."""
    if len(component) < 2:
        return None
    closeness = graph.closeness(_sources(graph, component), mode="all", normalized=True)
    return float(np.mean(1 / np.array(closeness)))


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
