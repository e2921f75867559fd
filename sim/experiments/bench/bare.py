"""The bare work of a week: a yardstick of what the machine can do, the same for every engine.

One pass over all ties, each of which reads an index and looks up one bit; and one loop that draws
as many keyed Gumbel shocks as the timed week weighed options (the engine decides by the race that
such shocks stand for, with one logarithm an option). How long these take on the same network and
threads is what a whole week is held against.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import numpy as np
from numba import njit

from sim import draws
from sim.network import Network

PARTS = 64
"""Parts into which the work is cut, so that all threads are busy to the end."""
CHOICE_SHOCK = draws.CHOICE_SHOCK
SHOCKS_PER_CONSUMER = 8
EVERY_BIT = 5


# The bench is the only one to use these, so they are not kept in the cache of compiled code.
@njit(nogil=True)
def _look_up_bits(reader: Any, bits: Any, first: int, last: int) -> int:
    found = 0
    for tie in range(first, last):
        person = np.uint32(reader[tie])
        found += (bits[person >> np.uint32(5)] >> (person & np.uint32(31))) & np.uint32(1)
    return found


@njit(nogil=True)
def _draw_shocks(seed: int, week: int, first: int, last: int) -> float:
    total = 0.0
    for number in range(first, last):
        consumer, merchant = number // SHOCKS_PER_CONSUMER, number % SHOCKS_PER_CONSUMER
        total += draws.gumbel_of(draws.uniform(seed, consumer, merchant, week, CHOICE_SHOCK, 0))
    return total


def ties_seconds(network: Network, threads: int, repeats: int) -> float:
    """Return the median seconds of a pass over all ties that looks up a bit of each reader."""
    bits = np.zeros(network.n_people // 32 + 1, dtype=np.uint32)
    posted = np.arange(0, network.n_people, EVERY_BIT)
    np.bitwise_or.at(bits, posted >> 5, np.uint32(1) << (posted & 31).astype(np.uint32))
    reader = network.reader
    _look_up_bits(reader, bits, 0, 0)
    return _median(
        lambda first, last: _look_up_bits(reader, bits, first, last),
        network.n_ties,
        threads,
        repeats,
    )


def shocks_seconds(n_shocks: int, threads: int, repeats: int) -> float:
    """Return the median seconds in which so many keyed Gumbel shocks are drawn."""
    _draw_shocks(1, 0, 0, 0)
    return _median(lambda first, last: _draw_shocks(1, 0, first, last), n_shocks, threads, repeats)


def _median(work: Callable[[int, int], Any], n: int, threads: int, repeats: int) -> float:
    cuts = np.linspace(0, n, PARTS + 1).astype(int).tolist()
    parts = list(pairwise(cuts))
    taken = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(repeats):
            start = time.perf_counter()
            list(pool.map(lambda part: work(*part), parts))
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)
