"""Trust ties as columns: who listens to whom, how close they are, and what they like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numba import get_num_threads
from numpy.typing import NDArray

from sim.compiled import compiled

B1 = NDArray[np.bool_]
F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I1 = NDArray[np.int8]
I4 = NDArray[np.int32]
I8 = NDArray[np.int64]
U1 = NDArray[np.uint8]

NO_COMMUNITY = -1
PEOPLE_LIMIT = 2**31 - 1
"""Most people a network can hold: their ids are stored in 32 bits."""


class Dropped(NamedTuple):
    """Lines of a network file that make no tie, counted by the first reason that applies."""

    self_ties: int = 0
    duplicates: int = 0
    nonpositive_weights: int = 0


@dataclass(kw_only=True)
class Ties:
    """Who trusts whom, sorted by the trusted person, then by the truster (who reads their posts).

    The followers of person j are the rows ``follower_start[j]:follower_start[j + 1]`` of
    ``reader`` and ``weight``. People are numbered 0 to ``n_people - 1``.
    """

    n_people: int
    follower_start: I8
    reader: I4
    weight: F4 | None = None
    labels: list[str] | None = None
    """The people's names in the file they came from, those of one copy."""
    copies: int = 1
    """How many times the people of the file live side by side: person k of copy c is c·n + k."""
    dropped: Dropped = field(default_factory=Dropped)
    directed: bool = True
    """Whether a tie may go one way only. In an undirected network each friendship is two ties."""

    @property
    def n_ties(self) -> int:
        """Directed ties: each is one reader who trusts one person."""
        return len(self.reader)

    @property
    def ties_per_person(self) -> float:
        """Directed ties per person who has any; 0 without ties.

        People without ties are left out, so that one more of them changes nothing.
        """
        has_ties = np.diff(self.follower_start) > 0
        has_ties |= out_degrees(self.n_people, self.reader) > 0
        return self.n_ties / max(int(has_ties.sum()), 1)

    @cached_property
    def trusted(self) -> I4:
        """The trusted person of each tie."""
        return np.repeat(np.arange(self.n_people, dtype=np.int32), np.diff(self.follower_start))

    @cached_property
    def out_start(self) -> I8:
        """Where each reader's ties start in ``out_tie``, with the end of the last."""
        return starts(out_degrees(self.n_people, self.reader))

    @cached_property
    def out_tie(self) -> NDArray[np.int32] | I8:
        """The ties (rows) of each reader, reader after reader, sorted by the trusted person."""
        small = self.n_ties <= np.iinfo(np.int32).max
        rows: NDArray[Any] = np.empty(self.n_ties, dtype=np.int32 if small else np.int64)
        _place_ties(self.reader, 0, self.n_people, self.out_start[:-1].copy(), rows)
        return rows


@dataclass(kw_only=True)
class Network(Ties):
    """Ties with their closeness, and the people's communities and tastes."""

    packed_layer: U1
    """The layers of all ties, four to a byte: see `layers_packed`."""
    weights_are_trust: bool = False
    """Whether ``weight`` is the trust in each tie before any evidence; else the layers tell."""
    taste_x: F8
    taste_y: F8
    community: I4
    """Community of each person; -1 where none are known."""

    @property
    def layer(self) -> I1:
        """Closeness of the trusted person to the reader: 0 (innermost 5 people), 1, 2 or 3."""
        layer = np.empty(self.n_ties, dtype=np.int8)
        _unpack(self.packed_layer, 0, layer)
        return layer

    def layer_of_rows(self, first: int, end: int) -> I1:
        """Return the layers of the ties ``first:end``."""
        layer = np.empty(end - first, dtype=np.int8)
        _unpack(self.packed_layer, first, layer)
        return layer


def layers_packed(layer: I1) -> U1:
    """Return the layers of ties, each 0 to 3, four to a byte, the first of them lowest."""
    packed = np.zeros((len(layer) + 3) // 4, dtype=np.uint8)
    _pack(layer, packed)
    return packed


@compiled(nogil=True)
def _pack(layer: I1, packed: U1) -> None:
    for tie in range(len(layer)):
        packed[tie >> 2] |= int(layer[tie]) << ((tie & 3) << 1)


@compiled(nogil=True)
def _unpack(packed: U1, first: int, layer: I1) -> None:
    for k in range(len(layer)):
        layer[k] = packed_layer_of(packed, first + k)


@compiled(inline="always")
def packed_layer_of(packed: U1, tie: int) -> int:
    """Return the layer of one tie, 0 to 3."""
    return (int(packed[tie >> 2]) >> ((tie & 3) << 1)) & 3


def starts(counts: I8) -> I8:
    """Return where each of consecutive groups starts, and where the last one ends."""
    ends = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=ends[1:])
    return ends


def distinct(keys: I8) -> I8:
    """Return each of the keys once, by size (sorting, which is faster than ``np.unique``)."""
    ordered = np.sort(keys)
    return ordered[np.diff(ordered, prepend=ordered[:1] - 1) > 0]


def out_degrees(n_people: int, reader: I4) -> I8:
    """Return the number of people each person trusts."""
    degrees = np.zeros(n_people, dtype=np.int64)
    count_values(reader, degrees)
    return degrees


def in_parts(
    kernel: Callable[..., Any],
    parts: Iterable[tuple[int, int]],
    threads: int | None,
    *columns: object,
) -> list[Any]:
    """Return ``kernel(first, last, *columns)`` for each part, called on several threads.

    The kernel must release the interpreter lock and write only what belongs to its own part, so
    that the number of threads changes nothing.
    """
    with ThreadPoolExecutor(threads or get_num_threads()) as pool:
        calls = [pool.submit(kernel, first, last, *columns) for first, last in parts]
        return [call.result() for call in calls]


@compiled(nogil=True)
def count_values(values: I4, counts: I8) -> None:
    """Add to ``counts[value]`` the number of times that each value occurs."""
    for value in values:
        counts[value] += 1


@compiled(nogil=True)
def _place_ties(
    reader: I4, first: int, last: int, next_place: I8, rows: NDArray[np.int32] | I8
) -> None:
    for row in range(len(reader)):
        person = reader[row]
        if first <= person < last:
            rows[next_place[person - first]] = row
            next_place[person - first] += 1
