"""From the lines of a file to ties in order: what is dropped, and which ways a tie goes."""

from __future__ import annotations

import numpy as np

from sim.network.loader import TieTable
from sim.network.ties import F4, F8, I8, Dropped, Ties, distinct, starts


def joined(table: TieTable, directed: str = "auto", keep_nonpositive: bool = False) -> Ties:
    """Return the ties of a table, each once, none from a person to themselves.

    The first line of a pair counts; later ones are duplicates. Whether the file is directed
    (``auto``): if any pair occurs both ways. In an undirected one every line is two ties. Ties
    with a weight of 0 or less are counted, and dropped unless they are to be kept.
    """
    n_people = len(table.labels)
    truster, trusted = table.truster, table.trusted
    line = np.flatnonzero(truster != trusted)
    self_ties = len(truster) - len(line)
    key = trusted[line] * n_people + truster[line]
    is_directed = _both_ways(key, n_people) if directed == "auto" else directed == "yes"
    if not is_directed:
        low, high = np.minimum(truster, trusted)[line], np.maximum(truster, trusted)[line]
        key = low * n_people + high
    key, first = np.unique(key, return_index=True)
    duplicates = len(line) - len(key)
    weight = None if table.weight is None else table.weight[line[first]]
    nonpositive = 0
    if weight is not None:
        positive = weight > 0
        nonpositive = len(weight) - int(np.count_nonzero(positive))
        if not keep_nonpositive:
            key, weight = key[positive], weight[positive]
    if not is_directed:
        key = np.concatenate([key, _turned(key, n_people)])
        order = np.argsort(key)
        key = key[order]
        weight = None if weight is None else np.concatenate([weight, weight])[order]
    counts = np.bincount(key // n_people, minlength=n_people)
    return Ties(
        n_people=n_people,
        follower_start=starts(counts),
        reader=(key % n_people).astype(np.int32),
        weight=_in_single_precision(weight),
        labels=table.labels,
        dropped=Dropped(self_ties, duplicates, nonpositive),
        directed=is_directed,
    )


def _in_single_precision(weight: F8 | None) -> F4 | None:
    if weight is None:
        return None
    with np.errstate(over="ignore"):  # the heaviest of ties are then equally heavy
        return weight.astype(np.float32)


def _turned(key: I8, n_people: int) -> I8:
    """The keys of the ties the other way."""
    trusted, truster = np.divmod(key, n_people)
    return truster * n_people + trusted


def _both_ways(key: I8, n_people: int) -> bool:
    key = distinct(key)
    return len(np.intersect1d(key, _turned(key, n_people), assume_unique=True)) > 0
