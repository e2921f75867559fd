"""Ranges of consumers: the tasks into which a stage of people is divided."""

from __future__ import annotations

from sim.kernels.inbox import READER_BITS

#: Consumers of a range, as a power of two: many ranges keep all threads busy to the end, and what
#: a range needs stays in the processor's cache.
RANGE_BITS = 14
#: Ranges that a thread should have at least, in small worlds, and of what is left of a stage.
RANGES_A_THREAD = 2
#: Parts a thread of what takes little to do: nobody waits long, and there is little to hand out.
PARTS_A_THREAD = 2
#: Consumers of the last ranges of a stage: more of them would be more to hand out than to do.
LEAST_LEFT = 4096
#: Dwindling ranges begin with a vector of the narrowest columns.
_WHOLE_VECTORS = 64
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


def equal_parts(n: int, n_parts: int) -> list[tuple[int, int]]:
    """Return the first of ``n`` rows and the end of each of so many parts."""
    return [(n * part // n_parts, n * (part + 1) // n_parts) for part in range(n_parts)]


def dwindling_ranges(n_consumers: int, threads: int) -> list[tuple[int, int]]:
    """Return the first consumer and the end of each range, smaller and smaller towards the end.

    So no thread is long at work when nothing is left for the others to do.
    """
    if threads == 1:
        return ranges_of(n_consumers, threads)
    most, parts = 1 << RANGE_BITS, threads * RANGES_A_THREAD
    least, first = max(1, min(LEAST_LEFT, n_consumers // parts)), 0
    ranges: list[tuple[int, int]] = []
    while first < n_consumers or not ranges:
        size = min(max((n_consumers - first) // parts, least), most)
        size -= size % _WHOLE_VECTORS if size > _WHOLE_VECTORS else 0
        ranges.append((first, min(first + size, n_consumers)))
        first += size
    return ranges


def blocks_of(ranges: list[tuple[int, int]], threads: int) -> list[range]:
    """Return the numbers of the ranges of each block: several, where all threads have work."""
    blocks, first, least = [], 0, min(1 << RANGE_BITS, ranges[0][1])
    while first < len(ranges):
        begin, end = ranges[first][0], first + 1
        most = max((ranges[-1][1] - begin) // (threads * RANGES_A_THREAD), least)
        while end < min(first + RANGES_A_BLOCK, len(ranges)) and ranges[end][1] - begin <= most:
            end += 1
        blocks.append(range(first, end))
        first = end
    return blocks
