"""Standard streams that whoever reads them may leave: work goes on, results are still written."""

import os
import sys
from collections.abc import Buffer
from errno import EPIPE
from io import BufferedReader, BufferedWriter, FileIO, TextIOWrapper

from sim.parameters.problems import InputError


class _Outlet(FileIO):
    """A standard stream; what can reach nobody any more is dropped."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._lost = False

    def write(self, data: Buffer, /) -> int:
        """How much was written or dropped; InputError where results cannot be put out."""
        if not self._lost:
            try:
                return super().write(data)
            except OSError as error:
                self._lost = True
                if self.fileno() == 1 and error.errno != EPIPE:
                    reason = (error.strerror or "").lower()
                    raise InputError(f"standard output: cannot be written: {reason}") from None
        return memoryview(data).nbytes


def outlive_readers() -> None:
    """Let this process, and those it starts, go on where a standard stream is or gets closed."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:  # else the next file that is opened would be taken for the stream
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdin = sys.stdin or TextIOWrapper(BufferedReader(FileIO(0, closefd=False)))
    sys.stdout, sys.stderr = _outlet(1, sys.stdout), _outlet(2, sys.stderr)


def _outlet(descriptor: int, before: object) -> TextIOWrapper:
    return TextIOWrapper(
        BufferedWriter(_Outlet(descriptor)),
        encoding=getattr(before, "encoding", "utf-8"),
        errors="backslashreplace",  # what it has no letters for is told all the same
        line_buffering=getattr(before, "line_buffering", True),
        write_through=getattr(before, "write_through", False),
    )
