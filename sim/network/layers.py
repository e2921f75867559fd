"""How close the people are whom one trusts: Dunbar's circles of 5, 15, 50 and 150."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.draws import NETWORK_CLOSENESS, uniform
from sim.network.ties import F4, I1, I4, I8, NO_COMMUNITY, in_parts, out_degrees, starts

LAYER_ENDS = (5, 15, 50)
"""People in the one, two and three innermost circles; the rest is layer 3."""
CLASSES = 4
"""Of own community or not, returned or not."""
TIES_IN_PART = 1 << 22
MOST_PARTS = 16
"""Readers are ranked in parts, so that a large network is never held twice."""


def closeness_layers(
    follower_start: I8,
    reader: I4,
    community: I4,
    weight: F4 | None,
    seed: int,
    threads: int | None = None,
) -> I1:
    """Return the layer of each tie, 0 innermost to 3, as its reader ranks those whom they trust.

    The heavier the tie the closer (where weights are known); then people of the own community,
    then people who trust the reader in turn, then by a keyed draw. The circles are those of Dunbar
    (Zhou, Sornette, Hill, Dunbar 2005, "Discrete hierarchical organization of social group sizes").
    """
    n_people = len(follower_start) - 1
    layer = np.empty(len(reader), dtype=np.int8)
    out_start = starts(out_degrees(n_people, reader))
    step = max(TIES_IN_PART, len(reader) // MOST_PARTS)
    cuts = np.searchsorted(out_start, np.arange(0, len(reader), step)).tolist()
    parts = [(first, last) for first, last in zip(cuts, [*cuts[1:], n_people]) if first < last]
    weights = np.empty(0, dtype=np.float32) if weight is None else weight
    in_parts(
        _rank_ties,
        parts,
        threads,
        seed,
        follower_start,
        reader,
        community,
        weights,
        out_start,
        layer,
    )
    return layer


@compiled(nogil=True)
def _rank_ties(
    first: int,
    last: int,
    seed: int,
    follower_start: I8,
    reader: I4,
    community: I4,
    weight: F4,
    out_start: I8,
    layer: I1,
) -> None:
    start = out_start[first : last + 1] - out_start[first]
    rows = np.empty(start[-1], dtype=np.int64)
    whom = np.empty(start[-1], dtype=np.int32)
    _collect(first, last, follower_start, reader, start[:-1].copy(), rows, whom)
    for person in range(first, last):
        own = rows[start[person - first] : start[person - first + 1]]
        trusted_people = whom[start[person - first] : start[person - first + 1]]
        closeness = np.empty(len(own))
        follower, end = follower_start[person], follower_start[person + 1]
        for k in range(len(own)):
            trusted = int(trusted_people[k])
            closeness[k] = uniform(seed, person, trusted, 0, NETWORK_CLOSENESS, 0)
            while follower < end and reader[follower] < trusted:
                follower += 1
            if follower < end and reader[follower] == trusted:
                closeness[k] += 1.0
            if community[person] != NO_COMMUNITY and community[person] == community[trusted]:
                closeness[k] += 2.0
        if len(weight) > 0:
            own_weights = weight[own]
            closeness += CLASSES * np.searchsorted(np.sort(own_weights), own_weights)
        farthest_first = np.sort(closeness)
        for k in range(len(own)):
            layer[own[k]] = len(LAYER_ENDS)
        for circle in range(len(LAYER_ENDS) - 1, -1, -1):
            least = farthest_first[max(len(own) - LAYER_ENDS[circle], 0)] if len(own) > 0 else 0.0
            for k in range(len(own)):
                if closeness[k] >= least:
                    layer[own[k]] = circle


@compiled(nogil=True)
def _collect(
    first: int,
    last: int,
    follower_start: I8,
    reader: I4,
    next_place: I8,
    rows: I8,
    whom: I4,
) -> None:
    """Write the ties of a range of readers, and whom they trust, in the order of the latter."""
    for trusted in range(len(follower_start) - 1):
        for row in range(follower_start[trusted], follower_start[trusted + 1]):
            person = reader[row]
            if first <= person < last:
                place = next_place[person - first]
                rows[place] = row
                whom[place] = trusted
                next_place[person - first] = place + 1
