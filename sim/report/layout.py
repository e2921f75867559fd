"""Where people stand in a picture of their ties: communities apart, friends near each other."""

from __future__ import annotations

import random

import igraph
import numpy as np
from numpy.typing import NDArray

#: Steps of the spring layout, within a community and between communities.
_STEPS_WITHIN, _STEPS_BETWEEN = 300, 600
#: Room around a community, as a share of its radius.
_MARGIN = 0.22


def communities(n_people: int, pairs: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Community of each person, the largest 0, found in the undirected pairs of friends.

    Source: Blondel et al. (2008), Fast unfolding of communities in large networks.
    """
    with _SameLuck(seed):
        graph = igraph.Graph(n=n_people, edges=pairs.tolist()).simplify()
        found = np.asarray(graph.community_multilevel().membership, dtype=np.int64)
    sizes = np.bincount(found)
    rank = np.empty(len(sizes), dtype=np.int64)
    rank[np.argsort(-sizes, kind="stable")] = np.arange(len(sizes))
    return rank[found]


def community_layout(
    community: NDArray[np.int64], pairs: NDArray[np.int64], seed: int
) -> NDArray[np.float64]:
    """Place (x, y) of each person in a square from 0 to 1: a disc for each community.

    The area of a disc grows with its people. Springs place the discs by the ties between them and
    the people of a disc by the ties within it; discs that overlap are pushed apart.
    """
    n_groups = int(community.max(initial=-1)) + 1
    sizes = np.bincount(community, minlength=n_groups)
    radius = np.sqrt(np.maximum(sizes, 1.0))
    with _SameLuck(seed):
        centre = _centres(community, pairs, radius)
        place = np.zeros((len(community), 2))
        for group in range(n_groups):
            people = np.flatnonzero(community == group)
            place[people] = centre[group] + radius[group] * _within(people, pairs)
    low, high = place.min(axis=0), place.max(axis=0)
    return (place - (low + high) / 2) / max(float((high - low).max()), 1e-9) + 0.5


def _centres(
    community: NDArray[np.int64], pairs: NDArray[np.int64], radius: NDArray[np.float64]
) -> NDArray[np.float64]:
    n_groups = len(radius)
    if n_groups < 2:
        return np.zeros((n_groups, 2))
    ends = np.sort(community[pairs], axis=1)
    between = ends[ends[:, 0] != ends[:, 1]]
    edges, weight = np.unique(between, axis=0, return_counts=True)
    graph = igraph.Graph(n=n_groups, edges=edges.tolist())
    springs = graph.layout_fruchterman_reingold(
        weights=np.sqrt(weight).tolist() or None, niter=_STEPS_BETWEEN
    )
    centre = np.asarray(springs.coords, dtype=np.float64)
    spread = np.abs(centre - centre.mean(axis=0)).max() or 1.0
    centre = (centre - centre.mean(axis=0)) / spread * radius.sum() ** 0.5
    return _apart(centre, radius)


def _apart(centre: NDArray[np.float64], radius: NDArray[np.float64]) -> NDArray[np.float64]:
    """Discs pushed apart until none overlap, drawn a little to the middle at each step."""
    reach = (radius[:, None] + radius[None, :]) * (1 + _MARGIN)
    upper = np.triu_indices(len(radius), 1)
    for _ in range(400):
        gap = centre[upper[0]] - centre[upper[1]]
        distance = np.sqrt((gap**2).sum(axis=1)) + 1e-9
        push = np.maximum(reach[upper] - distance, 0.0)
        step = gap / distance[:, None] * push[:, None] * 0.5
        np.add.at(centre, upper[0], step)
        np.add.at(centre, upper[1], -step)
        if push.max(initial=0.0) < 1e-3:
            break
        centre *= 0.995
    return centre


def _within(people: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    """Places of people within a disc of radius 1."""
    if len(people) < 2:
        return np.zeros((len(people), 2))
    inner = np.isin(pairs, people).all(axis=1)
    graph = igraph.Graph(n=len(people), edges=np.searchsorted(people, pairs[inner]).tolist())
    springs = graph.layout_fruchterman_reingold(niter=_STEPS_WITHIN)
    place = np.asarray(springs.coords, dtype=np.float64)
    place -= place.mean(axis=0)
    # Equal area for equal numbers: springs alone crowd the middle and leave stragglers far out.
    order = np.argsort(np.argsort((place**2).sum(axis=1), kind="stable"), kind="stable")
    angle = np.arctan2(place[:, 1], place[:, 0])
    far = np.sqrt((order + 0.5) / len(people))
    return np.stack([far * np.cos(angle), far * np.sin(angle)], axis=1)


class _SameLuck:
    """Within it igraph draws the same numbers each time; afterwards, Python's own again."""

    def __init__(self, seed: int) -> None:
        self._luck = random.Random(seed)

    def __enter__(self) -> None:
        igraph.set_random_number_generator(self._luck)

    def __exit__(self, *_: object) -> None:
        igraph.set_random_number_generator(random)
