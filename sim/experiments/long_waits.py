"""A warning before what takes days: nobody should find that out by waiting.

More runs than can be listed in memory are a slip, and refused.
"""

import warnings
from collections.abc import Sequence

from sim.experiments.costs import slowness
from sim.experiments.errors import LongWait, RunError
from sim.experiments.estimate import reference_seconds, refuse_what_cannot_fit, size_of
from sim.experiments.processors import shared_cores
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec

LONG = 86_400.0
"""Seconds from which on a wait is told beforehand."""
MOST_RUNS = 10_000_000
"""Runs that may be asked for at once."""
_SLOWEST = 20.0
"""How much longer than the machine of the costs one may take: the time is not measured for less."""
_LOOKED_AT = 64
_UNITS = (("years", 365.25 * 86_400), ("days", 86_400.0), ("hours", 3600.0), ("minutes", 60.0))


def refuse_too_many(what: str, runs: int) -> None:
    """Raise RunError if so many runs are more than anybody waits for."""
    if runs > MOST_RUNS:
        raise RunError(f"{what}: {runs:,} runs are more than {MOST_RUNS:,}: ask for fewer")


def warn_of_a_long_wait(
    examples: Sequence[RunSpec],
    runs: int,
    options: RunOptions,
    jobs: int | None = None,
    were_made: bool = False,
) -> None:
    """Warn if so many runs like the examples, `jobs` at once, take longer than a day, about.

    Runs that take so long and cannot fit in memory either are refused, unless some `were_made`
    already: what made them may still hold that memory.
    """
    largest = max(size_of(spec.scenario)[0] for spec in examples)
    jobs, threads = shared_cores(jobs, options.threads, runs, largest)
    looked_at = examples[:: len(examples) // _LOOKED_AT + 1]
    each = [
        reference_seconds(spec.scenario, spec.market, threads, options.trace, options.engine)
        for spec in looked_at
    ]
    seconds = sum(each) / len(each) * runs / jobs
    if seconds * _SLOWEST < LONG:
        return
    seconds *= slowness()
    if seconds >= LONG:
        if not were_made:
            refuse_what_cannot_fit(examples, options, jobs)
        what, kept = "the run takes", ""
        if runs > 1:
            what, kept = f"{runs:,} runs take", ", less what is stored already"
        warnings.warn(
            f"time: {what} about {duration_in_words(seconds)} on this machine{kept}: "
            "fewer consumers, weeks or runs take less; Ctrl-C stops, finished runs are kept",
            LongWait,
            stacklevel=2,
        )


def duration_in_words(seconds: float) -> str:
    """Return a duration in the largest unit of which it has two or more."""
    for unit, length in _UNITS:
        if seconds >= 2 * length:
            digits = 0 if unit == "minutes" else 1
            return f"{seconds / length:,.{digits}f} {unit}"
    return f"{seconds:.1f} s"
