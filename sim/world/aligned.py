"""Columns and tables that begin with a cache line.

Rows of a table that fill a line, or a part of one, never lie across two; nor do the vectors of 64
bytes in which a column is gone through, which would take twice as long to read and to write.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from sim.compiled import CACHE_LINE


def aligned_empty(shape: int | tuple[int, ...], dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of that shape, not filled, that begins where a cache line begins."""
    n_bytes = math.prod(np.atleast_1d(shape).tolist()) * np.dtype(dtype).itemsize
    memory = np.empty(n_bytes + CACHE_LINE, dtype=np.uint8)
    start = -memory.ctypes.data % CACHE_LINE
    return memory[start : start + n_bytes].view(dtype).reshape(shape)


def aligned[Columns: tuple[Any, ...]](columns: Columns) -> Columns:
    """Return the same columns, a named tuple of them, each of which begins with a cache line."""
    moved = [aligned_empty(column.shape, column.dtype) for column in columns]
    for there, here in zip(moved, columns, strict=True):
        there[...] = here
    return type(columns)(*moved)
