"""Room in whole cache lines, so that no vector of one lies across two of them.

A vector of 64 bytes that does takes twice as long to read or write, and NumPy begins most columns
in the middle of a line. What kernels make for themselves begins with one: see `sim.compiled`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import LINE_BYTES


def in_lines[Room: tuple[Any, ...]](room: Room) -> Room:
    """Return as much room in a named tuple of columns, each of which begins with a cache line."""
    return type(room)(*map(_in_lines, room))


def _in_lines(column: Any) -> Any:
    memory = np.empty(column.nbytes + LINE_BYTES, dtype=np.uint8)
    begin = -memory.ctypes.data % LINE_BYTES
    moved = memory[begin : begin + column.nbytes].view(column.dtype).reshape(column.shape)
    moved[...] = column
    return moved
