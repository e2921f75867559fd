"""Mistakes on the command line wait for each other, so that all are told at once."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from sim.parameters.problems import InputError, Problem, ScenarioError

_waiting: ContextVar[tuple[Problem, ...]] = ContextVar("waiting", default=())


def wait_to_be_told(*mistakes: Problem) -> None:
    """Keep mistakes until they are taken; whoever keeps one goes on to look for others."""
    _waiting.set((*_waiting.get(), *mistakes))


def mistakes_wait() -> bool:
    """Return whether mistakes wait to be told: what was asked is not known in full then."""
    return bool(_waiting.get())


def taken_mistakes() -> list[Problem]:
    """Return the mistakes that wait to be told, each once; from here on none does."""
    waiting = _waiting.get()
    _waiting.set(())
    return list(dict.fromkeys(waiting))


@contextmanager
def told_together() -> Iterator[None]:
    """Let the mistakes found inside wait for others."""
    try:
        yield
    except ScenarioError as error:
        wait_to_be_told(*error.problems)
    except InputError as error:
        wait_to_be_told(*(Problem(problem=line) for line in error.lines))


def refuse_mistakes() -> None:
    """Raise ScenarioError if mistakes wait to be told: nothing is begun with any."""
    mistakes = taken_mistakes()
    if mistakes:
        raise ScenarioError(mistakes)
