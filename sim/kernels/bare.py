"""The bare work of a week, a yardstick of what the machine can do, the same for every engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim import draws
from sim.compiled import compiled
from sim.world.columns import I4

SHOCKS_PER_CONSUMER = 8


@compiled(nogil=True)
def look_up_bits(reader: I4, bits: NDArray[np.uint32], first: int, last: int) -> int:
    """Return how many of the ties ``first:last`` have a reader whose bit is set."""
    found = 0
    for tie in range(first, last):
        person = np.uint32(reader[tie])
        found += (bits[person >> np.uint32(5)] >> (person & np.uint32(31))) & np.uint32(1)
    return found


@compiled(nogil=True)
def draw_shocks(seed: int, week: int, first: int, last: int) -> float:
    """Return the sum of the keyed Gumbel shocks ``first:last``."""
    total = 0.0
    for number in range(first, last):
        consumer, merchant = number // SHOCKS_PER_CONSUMER, number % SHOCKS_PER_CONSUMER
        u = draws.uniform(seed, consumer, merchant, week, draws.CHOICE_SHOCK, 0)
        total += draws.gumbel_of(u)
    return total
