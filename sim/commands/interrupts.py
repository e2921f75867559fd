"""Ctrl-C where nothing is being made: while the program starts, and when it ends."""

import os
import signal
from contextlib import suppress

INTERRUPTED = "sharesim: interrupted; runs already finished are kept"


def leave_when_interrupted() -> None:
    """From here on SIGINT and SIGTERM end the process with that line and exit code 130."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _leave)


def _leave(*_: object) -> None:
    with suppress(OSError):
        os.write(2, f"{INTERRUPTED}\n".encode())
    os._exit(130)
