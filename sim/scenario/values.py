"""Whether a value suits its parameter: type, hard limits, choices."""

import json
import math
from numbers import Integral, Real
from typing import Any

from sim.parameters import Parameter, Value
from sim.parameters.problems import Problem
from sim.scenario.names import closest

_EXPECTED = {
    "boolean": "true or false",
    "integer": "a whole number",
    "real": "a number",
    "text": "text in quotes",
    "list": "a list of names in quotes",
}


def accepted(parameter: Parameter, raw: Any) -> Value | Problem:
    """`raw` as a value of the parameter, or what is wrong with it.

    An integer is accepted for a real, nothing else is converted; true and false are no numbers.
    """
    match parameter.type:
        case "boolean":
            return raw if isinstance(raw, bool) else _wrong_type(parameter, raw)
        case "integer":
            whole = _is_number(raw) and isinstance(raw, Integral)
            return _within_limits(parameter, raw) if whole else _wrong_type(parameter, raw)
        case "real":
            good = _is_number(raw)
            return _within_limits(parameter, raw) if good else _wrong_type(parameter, raw)
        case "text":
            if not isinstance(raw, str):
                return _wrong_type(parameter, raw)
            return _among_choices(parameter, [raw]) or raw
        case "list":
            if not isinstance(raw, list | tuple):
                return _wrong_type(parameter, raw)
            names = [entry for entry in raw if isinstance(entry, str)]
            if len(names) < len(raw):
                return _wrong_type(parameter, raw)
            return _among_choices(parameter, names) or _once(parameter, names) or tuple(names)


def is_utf8(text: str) -> bool:
    """Whether the text can be kept: names of files may have bytes that stand for no letter."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def shown(value: object) -> str:
    """`value` as it would be written in TOML, shortened to fit into a message."""
    if isinstance(value, list | tuple):
        text = "[" + ", ".join(shown(entry) for entry in value) + "]"
    elif isinstance(value, str | bool):
        text = json.dumps(value, ensure_ascii=False)
    elif isinstance(value, int) and value.bit_length() > 128:
        text = f"a number of {round(value.bit_length() * math.log10(2))} digits"
    elif isinstance(value, dict):
        text = "a table"
    else:
        text = repr(float(value)) if isinstance(value, float) else str(value)
    return text if len(text) <= 60 else text[:57] + "..."


def number_in_words(number: float) -> str:
    """`number` as it stands in a sentence: 10,000 and 0.25."""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.12g}"


def limits_in_words(parameter: Parameter) -> str:
    """Which values the parameter takes, in words."""
    if parameter.choices:
        names = ", ".join(shown(choice) for choice in parameter.choices)
        return f"any of {names}" if parameter.type == "list" else f"one of {names}"
    if parameter.low is None or parameter.high is None:
        return _EXPECTED[parameter.type]
    ends = f"{number_in_words(parameter.low)} to {number_in_words(parameter.high)}"
    return f"{_EXPECTED[parameter.type]} from {ends}"


def _is_number(raw: Any) -> bool:
    return isinstance(raw, Real) and not isinstance(raw, bool)


def _wrong_type(parameter: Parameter, raw: object) -> Problem:
    problem = f"expected {_EXPECTED[parameter.type]}, got {shown(raw)}"
    return Problem(key=parameter.key, problem=problem, hint=f"for example {_example(parameter)}")


def _example(parameter: Parameter) -> str:
    if parameter.type == "text" and not parameter.default:
        return '"ties.csv"'
    return shown(parameter.default)


def _within_limits(parameter: Parameter, number: Any) -> Value | Problem:
    hint = f"give {limits_in_words(parameter)} ({parameter.unit})"
    if isinstance(number, float) and not math.isfinite(number):
        return Problem(key=parameter.key, problem=f"{number} is not a finite number", hint=hint)
    if parameter.low is not None and number < parameter.low:
        problem = f"{shown(number)} is below the lowest value {number_in_words(parameter.low)}"
        return Problem(key=parameter.key, problem=problem, hint=hint)
    if parameter.high is not None and number > parameter.high:
        problem = f"{shown(number)} is above the highest value {number_in_words(parameter.high)}"
        return Problem(key=parameter.key, problem=problem, hint=hint)
    return int(number) if parameter.type == "integer" else float(number)


def _among_choices(parameter: Parameter, names: list[str]) -> Problem | None:
    unknown = [name for name in names if parameter.choices and name not in parameter.choices]
    if not unknown:
        return None
    guess = closest(unknown[0], parameter.choices)
    if guess and len(unknown) == 1:
        hint = f"did you mean {shown(guess)}?"
    else:
        hint = f"give {limits_in_words(parameter)}"
    problem = f"unknown value {', '.join(shown(name) for name in unknown)}"
    return Problem(key=parameter.key, problem=problem, hint=hint)


def _once(parameter: Parameter, names: list[str]) -> Problem | None:
    again = next((name for name in names if names.count(name) > 1), None)
    if again is None:
        return None
    return Problem(
        key=parameter.key, problem=f"{shown(again)} is listed twice", hint="name each once"
    )
