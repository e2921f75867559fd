"""Columns seen element by element: the same memory, read and written as plain Python numbers.

Indexing a NumPy array in plain Python gives NumPy scalars, which are slow and keep narrow types;
a memory view of the same array gives exact Python numbers and writes through.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


def view_of(columns: Any) -> Any:
    """Return the same named tuple with every array replaced by a memory view of it."""
    return type(columns)(
        *(memoryview(column) if isinstance(column, np.ndarray) else column for column in columns)
    )


class Views(NamedTuple):
    """Element views of everything that keeps its place for the whole run."""

    consumers: Any
    memory: Any
    ties: Any
    merchants: Any
    trusted: Any
    """The trusted person of each network tie."""
    out_start: Any
    out_tie: Any
    """Ties of reader i: ``out_tie[out_start[i]:out_start[i + 1]]``, sorted by trusted person."""
