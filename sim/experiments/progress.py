"""How far many runs have come, and how long the rest will take."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

#: Seconds between two lines where no bar can be drawn.
_EVERY = 10.0


class Progress(Protocol):
    """Told how far many runs have come."""

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """So many runs are wanted, so many of them are stored; each has so many weeks."""

    def week(self, run: int, week: int) -> None:
        """So many weeks of the run of that number are done."""

    def end_run(self, run: int) -> None:
        """The run of that number is stored."""


class Silence:
    """Tells nobody."""

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """Nothing."""

    def week(self, run: int, week: int) -> None:
        """Nothing."""

    def end_run(self, run: int) -> None:
        """Nothing."""


class ProgressShown:
    """Shows progress with the time left: a bar on a terminal, a line now and then elsewhere."""

    def __init__(self, title: str, stream: TextIO | None = None, every: float = _EVERY) -> None:
        self.title = title
        self.stream = stream or sys.stderr
        self.every = every
        self.wanted = self.stored = self.finished = self.weeks = 0
        self._weeks_of: dict[int, int] = {}
        self._told = time.monotonic()
        self._first: tuple[float, int] | None = None
        self._bar: Bar | None = None

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave the screen in order, whatever happened."""
        if self._bar is not None:
            self._bar.stop()

    def start(self, runs: int, stored: int, weeks: int) -> None:
        """So many runs are wanted, so many of them are stored; each has so many weeks."""
        if self._bar is not None:
            self._bar.stop()
        self.wanted, self.stored, self.weeks = runs, stored, weeks
        self.finished, self._weeks_of, self._first, self._bar = 0, {}, None, None
        self._told = time.monotonic()
        if stored:
            self._line(f"{stored} of {runs} runs are stored already")
        if runs > stored:
            import sim.compiled  # with Numba, for which who only reads should not wait

            if reason := sim.compiled.compiles_first():
                self._line(f"{reason}: up to a minute")
        if self.stream.isatty() and runs > stored:
            self._bar = _bar(self.stream)
            self._bar.add_task(self._words(), total=(runs - stored) * max(weeks, 1))
            self._bar.start()

    def week(self, run: int, week: int) -> None:
        """So many weeks of the run of that number are done."""
        self._begin()
        self._weeks_of[run] = week
        self._show()

    def end_run(self, run: int) -> None:
        """The run of that number is stored."""
        self.finished += 1
        self._weeks_of[run] = max(self.weeks, 1)
        self._show()

    def _begin(self) -> None:
        """Let the pace count from the first week on; before it come starting and compiling."""
        if not self._weeks_of:
            self._began = time.monotonic()

    @property
    def seconds_left(self) -> float | None:
        """Time the rest will take at the pace since the first sign of progress, if there is one.

        What comes before that sign is start-up (compiling, building the world): it tells nothing.
        """
        done = sum(self._weeks_of.values())
        if self._first is None or done == self._first[1]:
            return None
        began, at_first = self._first
        total = (self.wanted - self.stored) * max(self.weeks, 1)
        # What asks for its runs in rounds may have done more weeks than it first told.
        return (time.monotonic() - began) * max(total - done, 0) / (done - at_first)

    def _show(self) -> None:
        done = sum(self._weeks_of.values())
        if self._first is None:
            self._first = time.monotonic(), done
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=done, description=self._words())
            return
        now = time.monotonic()
        left = self.seconds_left
        if left is not None and now - self._told >= self.every:
            self._told = now
            self._line(f"{self._words()}, {_duration(left)} left")

    def _words(self) -> str:
        return f"{self.finished + self.stored} of {self.wanted} runs"

    def _line(self, words: str) -> None:
        print(f"{self.title}: {words}", file=self.stream, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _bar(stream: TextIO) -> "Bar":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeftColumn

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TimeLeftColumn(compact=True),
        TextColumn("left"),
        console=Console(file=stream),
        transient=True,
    )
