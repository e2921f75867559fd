"""Rows that wait on disk: appended week by week, amended in place, never all held at once."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.parameters.problems import InputError

Rows = NDArray[Any]


class Spool:
    """Rows of one kind in a file without a name, which goes when nobody holds it any more."""

    def __init__(self, kind: np.dtype[Any]):
        self.kind = kind
        with _writing():
            self._file = tempfile.TemporaryFile(prefix="sharesim-", buffering=0)  # noqa: SIM115 (as long as we)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def append(self, rows: Rows) -> None:
        """Add rows at the end."""
        left = memoryview(np.ascontiguousarray(rows, dtype=self.kind).view(np.uint8))
        with _writing():
            self._file.seek(self._length * self.kind.itemsize)
            while len(left):
                left = left[self._file.write(left) :]
        self._length += len(rows)

    def rows(self, first: int = 0, end: int | None = None) -> Rows:
        """Return rows as they lie on the disk: what is written to them is written to the file."""
        n_rows = (self._length if end is None else end) - first
        if n_rows <= 0:
            return np.empty(0, dtype=self.kind)
        offset = first * self.kind.itemsize
        return np.memmap(self._file, self.kind, "r+", offset, (n_rows,)).view(np.ndarray)


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the operating system says against writing to the temporary folder into one line."""
    try:
        yield
    except OSError as error:
        place = tempfile.tempdir or "the temporary folder"
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"{place}: cannot be written: {reason}: the event log of a run waits "
            "there; TMPDIR names another folder"
        ) from error


@dataclass(frozen=True)
class Streamed:
    """A table that is made part by part from rows on disk."""

    length: int
    part: Callable[[int, int], pd.DataFrame]
    """Makes the rows from one number up to another."""

    def __len__(self) -> int:
        return self.length

    def parts(self, n_rows: int) -> Iterator[pd.DataFrame]:
        """Yield the table in parts of so many rows, the last one perhaps shorter; at least one."""
        for first in range(0, max(self.length, 1), n_rows):
            yield self.part(first, min(first + n_rows, self.length))

    def frame(self) -> pd.DataFrame:
        """Return the whole table."""
        return self.part(0, self.length)


type Table = pd.DataFrame | Streamed


def framed(table: Table) -> pd.DataFrame:
    """Return a table as a frame."""
    return table.frame() if isinstance(table, Streamed) else table
