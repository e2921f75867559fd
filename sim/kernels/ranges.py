"""Ranges of consumers: the tasks into which a stage of people is divided."""

from __future__ import annotations

from sim.kernels.inbox import READER_BITS

#: Consumers of a range, as a power of two: many ranges keep all threads busy to the end, and what
#: a range needs stays in the processor's cache.
RANGE_BITS = 14
#: Ranges that a thread should have at least, in small worlds.
RANGES_A_THREAD = 2
#: Ranges whose orders are settled, lived and posted about in one task: of these, little is worked
#: out in a row, and to hand out a task takes as long as a few hundred of them.
RANGES_A_BLOCK = 4


def ranges_of(n_consumers: int, threads: int) -> list[tuple[int, int]]:
    """Return the first consumer and the end of each range; nobody at all is one empty range.

    All but the last one are of the same size, a power of two.
    """
    size = 1 << _range_bits(n_consumers, threads)
    return [
        (first, min(first + size, n_consumers)) for first in range(0, max(n_consumers, 1), size)
    ]


def _range_bits(n_consumers: int, threads: int) -> int:
    """Return the size of a range as a power of two, small enough for all threads to have work."""
    if threads == 1:
        fitting = max(n_consumers - 1, 1).bit_length()
    else:
        fitting = max(1, n_consumers // (threads * RANGES_A_THREAD)).bit_length() - 1
    return min(RANGE_BITS, READER_BITS, fitting)


def blocks_of(n_ranges: int, threads: int) -> list[range]:
    """Return the numbers of the ranges of each block: several, where all threads have work."""
    size = max(1, min(RANGES_A_BLOCK, n_ranges // (threads * RANGES_A_THREAD)))
    return [range(first, min(first + size, n_ranges)) for first in range(0, n_ranges, size)]
