"""Options that take a number; a text that is none is told together with all other mistakes.

The parser of the command line stops at the first such text. Here the option counts as not given,
and the mistake waits.
"""

from collections.abc import Callable
from typing import Any

import typer

from sim.commands.mistakes import wait_to_be_told
from sim.parameters.problems import Problem
from sim.scenario.values import shown


def whole_number(name: str, metavar: str, text: str) -> Any:
    """Return the option `name` that takes a whole number."""
    parser = _reader(int, name, "a whole number", "write it in digits, like 12")
    return typer.Option(name, metavar=metavar, help=text, parser=parser)


def number(name: str, metavar: str, text: str) -> Any:
    """Return the option `name` that takes a number."""
    parser = _reader(float, name, "a number", "for example 0.5")
    return typer.Option(name, metavar=metavar, help=text, parser=parser)


def given(**numbers: Any) -> dict[str, Any]:
    """Return those of the numbers that are there: the others wait as mistakes or have a default."""
    return {name: number for name, number in numbers.items() if number is not None}


def _reader(kind: type, name: str, expected: str, hint: str) -> Callable[[Any], Any]:
    def read(given: Any) -> Any:
        try:
            return kind(given)
        except ValueError:
            problem = f"expected {expected}, got {shown(given)}"
            wait_to_be_told(Problem(file=name, problem=problem, hint=hint))
            return None

    return read
