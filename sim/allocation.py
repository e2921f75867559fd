"""How the C library hands out memory: large blocks go back as soon as they are free.

The C library learns from every large block that is freed to keep the next ones, up to 32 MB, for
itself. Columns of a million people are of that size: those of a week would leave gaps between those
of the world, and a process would hold a quarter more than it uses. Nor need each thread have a heap
of its own: compiled code asks for memory a few times a range, and what one thread frees another
one may use.
"""

from __future__ import annotations

import ctypes
import sys
from functools import lru_cache

LARGE_BYTES = 1 << 20
"""Blocks of this size come from the system each by itself, and leave no gaps behind."""
KEPT_BYTES = 32 << 20
"""Free memory that is kept for smaller blocks."""
LARGE_WORLD = 200_000
"""People of a world in which memory counts more than the time to get it again."""
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # numbers in malloc.h
_SETTINGS = ((_MMAP_THRESHOLD, LARGE_BYTES), (_TRIM_THRESHOLD, KEPT_BYTES), (_ARENA_MAX, 1))


@lru_cache(maxsize=1)
def return_large_blocks() -> bool:
    """Let freed blocks of `LARGE_BYTES` go back to the system, and threads share one heap.

    Return whether the C library can be told.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):  # another C library
        return False
    return sum(mallopt(name, value) for name, value in _SETTINGS) == len(_SETTINGS)


def return_free_memory(n_people: int, week: int) -> bool:
    """Let what lies free between smaller blocks go back to the system, in a large world.

    Only in weeks 0, 1, 2, 4, 8 and so on: while a market settles its room grows and leaves gaps;
    later weeks use the same room again. Return whether anything went back.
    """
    if n_people < LARGE_WORLD or week & (week - 1) != 0:
        return False
    try:
        return bool(ctypes.CDLL(None).malloc_trim(0))
    except (AttributeError, OSError, TypeError):  # another C library
        return False
