"""Aliasing: which columns share memory, and how the compiler is told that the others share none.

A compiled loop over several columns becomes vector instructions only if what is written to one
column cannot change another. Numba cannot know; here it is looked up where the columns lie, and
told in the terms of LLVM: type-based alias analysis, with a name of memory in place of a type.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]


def memory_of(columns: Any) -> list[str]:
    """Return for each field in whose memory it lies: its own, or that of a field before it.

    What lies in one table of records is one memory, however many rows there are, and so are columns
    that overlap.
    """
    names = list(columns._fields)
    arrays = [(k, column) for k, column in enumerate(columns) if isinstance(column, np.ndarray)]
    records = {_owner(column) for _, column in arrays if is_field(column)}
    first_of: dict[int, str] = {}
    spans = []
    for k, column in arrays:
        owner = _owner(column)
        if owner in records:
            names[k] = first_of.setdefault(owner, names[k])
        elif column.size > 0:
            spans.append((address_of(column), column.nbytes, k))
    last_end = last = 0
    for start, n_bytes, k in sorted(spans):
        last = last if start < last_end else k
        last_end = max(last_end, start + n_bytes)
        names[k] = names[last]
    return names


def _owner(column: Any) -> int:
    """Return a number for the array that owns the memory of a column."""
    while isinstance(column.base, np.ndarray):
        column = column.base
    return id(column)


def is_field(column: Any) -> bool:
    """Return whether a column is one field of a table of records."""
    return column.ndim == 1 and column.strides[0] > column.itemsize


def address_of(column: Any) -> int:
    """Return where the memory of a column begins."""
    return int(column.__array_interface__["data"][0])  # in half the time of ``ctypes``


def memory_tag(builder: Any, memory: str) -> Any:
    """Return the mark of loads and stores in one memory: they touch no memory of another name."""
    module, nothing = builder.module, ir.Constant(ir.IntType(64), 0)
    root = module.add_metadata(["columns"])
    named = module.add_metadata([memory, root, nothing])
    return module.add_metadata([named, named, nothing])
