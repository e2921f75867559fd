"""The bare work of a week, timed: what a whole week is held against.

One pass over all ties, each of which reads an index and looks up one bit; and one loop that draws
as many keyed Gumbel shocks as the timed week weighed options (the engine decides by the race that
such shocks stand for, with one logarithm an option), on the same network and threads.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from sim.kernels.bare import draw_shocks, look_up_bits
from sim.kernels.threads import begun_at_once
from sim.network import Network

PARTS = 64
"""Parts into which the work is cut, so that all threads are busy to the end."""
EVERY_BIT = 5
SEED = 1


class BareSeconds(NamedTuple):
    """How long the bare work of one week took."""

    ties: float
    shocks: float


class BareWork:
    """The bare work on one network."""

    def __init__(self, network: Network):
        self._network = network
        self._bits = np.zeros(network.n_people // 32 + 1, dtype=np.uint32)
        posted = np.arange(0, network.n_people, EVERY_BIT)
        np.bitwise_or.at(self._bits, posted >> 5, np.uint32(1) << (posted & 31).astype(np.uint32))

    def seconds(self, n_shocks: int, threads: int) -> BareSeconds:
        """Return how long all ties and so many shocks take on these threads."""
        reader, bits = self._network.reader, self._bits
        return BareSeconds(
            _seconds(
                lambda first, last: look_up_bits(reader, bits, first, last),
                self._network.n_ties,
                threads,
            ),
            _seconds(lambda first, last: draw_shocks(SEED, 0, first, last), n_shocks, threads),
        )


def _seconds(work: Callable[[int, int], Any], n: int, threads: int) -> float:
    parts = list(pairwise(np.linspace(0, n, PARTS + 1).astype(int).tolist()))
    start = time.perf_counter()
    list(begun_at_once(threads, lambda number: work(*parts[number]), range(PARTS)))
    return time.perf_counter() - start
