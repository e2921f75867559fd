"""The command line: a thin layer over the rest; each group of commands has a file beside this.

Heavy imports stand inside the functions, so that help and mistakes are answered at once. Results
go to standard output, everything else to standard error. Exit codes: 0 good, 1 a check came out
false, 2 wrong input, 130 interrupted.
"""

import errno
import gc
import os
import signal
import sys
import time
import warnings
from collections.abc import Sequence
from contextlib import suppress
from io import TextIOWrapper
from typing import Annotated, TextIO

import typer
from typer.main import get_command

from sim import __version__
from sim.commands import evidence, inputs, results, runs, sweeps, tuning
from sim.commands.interrupts import INTERRUPTED, leave_when_interrupted
from sim.commands.mistakes import taken_mistakes
from sim.commands.once import OnceEach
from sim.experiments.errors import LongWait, RunFailed
from sim.parameters.problems import InputError, one_line

_ENVIRONMENT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES)
"""What the machine may refuse to anybody: it is told in one line, like wrong input."""

_TOGETHER = 1.0
"""Seconds within which signals count as one."""

app = typer.Typer(
    name="sharesim",
    cls=OnceEach,
    help="Referral rewards against ad bidding: two markets on one world, compared in pairs.",
    epilog="Example: sharesim compare quick --replicates 4",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["--help", "-h"]},
)
for group in (inputs, runs, sweeps, tuning, evidence, results):
    app.add_typer(group.commands)


@app.callback(invoke_without_command=True)
def _start(
    version: Annotated[
        bool, typer.Option("--version", metavar="", help="Print the version.")
    ] = False,
) -> None:
    if version:
        print(f"sharesim {__version__}")
        raise typer.Exit


_show_warning_of_library = warnings.showwarning


def _show_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Tell in one line what the product warns of; what libraries warn of, as ever."""
    if issubclass(category, LongWait):
        _tell(str(message))
    else:
        _show_warning_of_library(message, category, filename, lineno, file, line)


class _Interrupts:
    """Stops what is done; signals that come together, as from `timeout`, are one."""

    def __init__(self) -> None:
        self._last = -_TOGETHER

    def __call__(self, *_: object) -> None:
        now = time.monotonic()
        if now - self._last >= _TOGETHER:
            self._last = now
            raise KeyboardInterrupt


def _tell(*lines: str) -> None:
    for line in lines:
        print(one_line(line), file=sys.stderr, flush=True)


def _look_where_we_are() -> None:
    """Raise InputError where the working directory was removed: no path could be read."""
    try:
        os.getcwd()
    except OSError:
        raise InputError("sharesim: the working directory is gone: change to another") from None


def run_command(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code; without arguments the process ends with it."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = 0
    with suppress(ValueError):  # not in the main thread: nobody can terminate it alone
        interrupts = _Interrupts()
        signal.signal(signal.SIGINT, interrupts)
        signal.signal(signal.SIGTERM, interrupts)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what it has no letters for is told all the same
            stream.reconfigure(errors="backslashreplace")
    try:
        _look_where_we_are()
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            outcome = get_command(app).main(
                given or ["--help"], prog_name="sharesim", standalone_mode=False
            )
        code = outcome if isinstance(outcome, int) else 0
        sys.stdout.flush()  # where it cannot be written, that is told
    except InputError as error:
        _tell(*error.lines)
        code = 2
    except typer.TyperException as error:
        message = " ".join(error.format_message().split())
        context = getattr(error, "ctx", None)
        place = context.command_path if context else "sharesim"
        _tell(f"{place}: {message} (see {place} --help)")
        code = 2
    except RunFailed as error:
        _tell(*error.failures)
        code = 1
    except OSError as error:
        if error.errno not in _ENVIRONMENT:
            raise
        place = error.filename or "the disk"
        _tell(f"{place}: cannot be written: {(error.strerror or '').lower()}")
        code = 2
    except KeyboardInterrupt:
        code = 130
    if arguments is None and code != 130:
        leave_when_interrupted()
    for mistake in taken_mistakes():
        _tell(str(mistake))
        code = 2
    if code == 130:
        _tell(INTERRUPTED)
    if arguments is None:  # the process ends: to look through all that goes takes half a second
        gc.freeze()
        if code == 130:  # nor for what threads are still at
            os._exit(code)
    sys.exit(code)
