"""Known answers: cases with a proven result, answered by the product's own code and judged.

A case is ``{family, case, inputs, expected, tolerance, source}``. `FAMILIES` says which function
answers a family; a family without one is unsupported. The shipped cases lie in ``cases/``, one file
a family.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Literal, NamedTuple

from sim.evidence.limit_answers import LIMIT_FAMILIES
from sim.evidence.market_answers import MARKET_FAMILIES
from sim.evidence.measure_answers import MEASURE_FAMILIES
from sim.evidence.rule_answers import RULE_FAMILIES, Family
from sim.parameters.problems import InputError

Status = Literal["passed", "failed", "unsupported"]

_KEYS = ("family", "case", "inputs", "expected", "tolerance", "source")
#: Keys whose values are probabilities, each a frequency over the samples.
_PROBABILITY_MARKS = ("prob", "pmf", "P_")
#: Allowed error of what is computed in closed form beside simulated frequencies.
_CLOSED_FORM = 1e-9


class Answer(NamedTuple):
    """What the product says, and over how many independent samples where it was simulated."""

    got: dict[str, Any]
    samples: int | None = None


#: The function that answers each family from the inputs of a case.
FAMILIES: dict[str, Family] = {
    **RULE_FAMILIES,
    **MARKET_FAMILIES,
    **MEASURE_FAMILIES,
    **LIMIT_FAMILIES,
}


class CaseError(ValueError):
    """A case that is not in the normal form."""


class CasesFileError(InputError):
    """A file of cases that cannot be read."""


@dataclass(frozen=True)
class Verdict:
    """What became of one case."""

    family: str
    case: str
    status: Status
    expected: Any = None
    got: dict[str, Any] = field(default_factory=dict)
    samples: int | None = None
    message: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as a JSON object."""
        return dict(vars(self))


def shipped_cases() -> list[Any]:
    """Return every case that comes with the product, by family."""
    folder = resources.files("sim.evidence") / "cases"
    files = sorted(
        (entry for entry in folder.iterdir() if entry.name.endswith(".json")),
        key=lambda entry: entry.name,
    )
    return [case for file in files for case in json.loads(file.read_text(encoding="utf-8"))]


def read_cases(path: Path) -> list[Any]:
    """Return the cases of a file, not yet looked at; a `CasesFileError` where there are none."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text, parse_int=_whole, parse_float=_finite, parse_constant=_finite)
    except OSError as error:
        raise CasesFileError(
            f"{path}: cannot be read: {(error.strerror or str(error)).lower()}"
        ) from None
    except (ValueError, RecursionError) as error:
        raise CasesFileError(f"{path}: not valid JSON: {error}") from None
    if not isinstance(content, list):
        raise CasesFileError(f"{path}: must be a list of cases, not a single {_kind(content)}")
    return content


def answer_case(case: Mapping[str, Any]) -> Answer:
    """Return the product's answer to a case of a supported family."""
    return Answer(*FAMILIES[case["family"]](case["inputs"]))


def judge(case: Any) -> Verdict:
    """Return whether the product answers a case rightly; a malformed case fails in one line."""
    try:
        _check_form(case)
    except CaseError as error:
        found = case if isinstance(case, dict) else {}
        name = (str(found.get("family", "?")), str(found.get("case", "?")))
        return Verdict(*name, "failed", found.get("expected"), message=f"malformed case: {error}")
    name = (case["family"], case["case"])
    expected = case["expected"]
    if case["family"] not in FAMILIES:
        known = ", ".join(sorted(FAMILIES))
        message = f"no code answers this family; there is: {known}"
        return Verdict(*name, "unsupported", expected, message=message)
    try:
        answer = answer_case(case)
    except Exception as error:  # a case can be wrong in any way its family knows
        return Verdict(*name, "failed", expected, message=f"inputs: {_in_one_line(error)}")
    wrong = misses(expected, answer.got, case["tolerance"], answer.samples)
    status: Status = "failed" if wrong else "passed"
    return Verdict(*name, status, expected, *answer, message="; ".join(wrong))


def read_all(paths: Sequence[Path]) -> list[Any]:
    """Return the cases of several files; one error for all that cannot be read."""
    cases: list[Any] = []
    lines: list[str] = []
    for path in paths:
        try:
            cases += read_cases(path)
        except CasesFileError as error:
            lines += error.lines
    if lines:
        raise CasesFileError(*lines)
    return cases


def judge_all(
    cases: Sequence[Any], tell: Callable[[dict[str, Any]], None] | None = None
) -> dict[str, Any]:
    """Return how many cases passed, failed and are unsupported, and the verdict on each.

    ``tell`` is given every verdict as soon as it is there.
    """
    counts = dict.fromkeys(("passed", "failed", "unsupported"), 0)
    verdicts = []
    for case in cases:
        verdict = judge(case).as_dict()
        counts[verdict["status"]] += 1
        verdicts.append(verdict)
        if tell:
            tell(verdict)
    return {**counts, "cases": verdicts}


def within(
    expected: Mapping[str, Any], got: Mapping[str, Any], tolerance: Any, samples: int | None
) -> bool:
    """Return whether an answer has every expected key within the tolerance."""
    return not misses(expected, got, tolerance, samples)


def misses(
    expected: Mapping[str, Any], got: Mapping[str, Any], tolerance: Any, samples: int | None
) -> list[str]:
    """Return what is wrong with an answer, one line for each expected key that is missed.

    A number t allows t·max(1, |expected|). ``monte_carlo`` allows a mean z·sd/√n, a probability
    p z·√(p(1-p)/n) + 1/n. ``absolute`` allows what it says for each key.
    """
    wrong = []
    for key, value in expected.items():
        if key not in got:
            wrong.append(f"{key}: no answer")
            continue
        try:
            place = _first_miss(key, value, got[key], _allowance(key, tolerance, samples))
        except CaseError as error:
            wrong.append(f"{key}: {error}")
            continue
        if place:
            wrong.append(place)
    return wrong


def _allowance(key: str, tolerance: Any, samples: int | None) -> Callable[[float], float]:
    """Return the error allowed at an expected number."""
    if not isinstance(tolerance, dict):
        return lambda value: tolerance * max(1.0, abs(value))
    if tolerance["kind"] == "absolute":
        if key not in tolerance:
            raise CaseError("the tolerance does not name this key")
        return lambda value: float(tolerance[key])
    z, sd = tolerance["z"], tolerance.get("sd")
    is_prob = any(mark in key for mark in _PROBABILITY_MARKS)
    if not is_prob and sd is None:
        return lambda value: _CLOSED_FORM * max(1.0, abs(value))
    if not samples:
        raise CaseError("a Monte-Carlo tolerance needs an answer with samples")
    n = samples
    if is_prob:
        return lambda p: z * math.sqrt(max(0.0, p * (1.0 - p)) / n) + 1.0 / n
    return lambda value: z * sd / math.sqrt(n)


def _first_miss(place: str, expected: Any, got: Any, allowed: Callable[[float], float]) -> str:
    """Return the first place where an answer is wrong, in words; nothing where it is right."""
    if isinstance(expected, list):
        if not isinstance(got, (list, tuple)) or len(got) != len(expected):
            return f"{place}: expected {len(expected)} values, got {got}"
        for number, (one, other) in enumerate(zip(expected, got, strict=True)):
            wrong = _first_miss(f"{place}[{number}]", one, other, allowed)
            if wrong:
                return wrong
        return ""
    if _is_number(expected) and _is_number(got):
        error, most = abs(got - expected), allowed(expected)
        if error <= most:
            return ""
        return f"{place}: expected {expected:.9g}, got {got:.9g}, allowed error {most:.2g}"
    if type(expected) is type(got) and expected == got:
        return ""
    return f"{place}: expected {expected}, got {got}"


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _check_form(case: Any) -> None:
    """Raise a `CaseError` unless a case has the normal form."""
    if not isinstance(case, dict):
        raise CaseError(f"must be an object, not a {_kind(case)}")
    missing = [key for key in _KEYS if key not in case]
    if missing:
        raise CaseError(f"lacks {', '.join(missing)}")
    for key in ("family", "case", "source"):
        if not isinstance(case[key], str):
            raise CaseError(f"{key} must be a text, not a {_kind(case[key])}")
    for key in ("inputs", "expected"):
        if not isinstance(case[key], dict):
            raise CaseError(f"{key} must be an object, not a {_kind(case[key])}")
    if not case["expected"]:
        raise CaseError("expected is empty")
    _check_tolerance(case["tolerance"])


def _check_tolerance(tolerance: Any) -> None:
    if _is_number(tolerance):
        if not 0 <= tolerance <= sys.float_info.max:
            raise CaseError("tolerance must be 0 or more, and finite")
        return
    if not isinstance(tolerance, dict):
        raise CaseError(f"tolerance must be a number or an object, not a {_kind(tolerance)}")
    kind = tolerance.get("kind")
    if kind not in ("monte_carlo", "absolute"):
        raise CaseError(f"tolerance kind must be monte_carlo or absolute, not {kind}")
    if kind == "monte_carlo" and not _is_number(tolerance.get("z")):
        raise CaseError("a Monte-Carlo tolerance needs a number z")
    wrong = [
        key
        for key, value in tolerance.items()
        if key != "kind" and not (_is_number(value) or (key == "sd" and value is None))
    ]
    if wrong:
        raise CaseError(f"tolerance of {wrong[0]} must be a number")


def _finite(text: str) -> float:
    """The number that a text in JSON stands for; ValueError where it is none, or too large."""
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{text} is not a finite number")
    return value


def _whole(text: str) -> int:
    _finite(text)  # larger ones cannot be compared with what is computed
    return int(text)


def _kind(value: Any) -> str:
    if value is None:
        return "null"
    names = {dict: "object", list: "list", str: "text", bool: "boolean"}
    return names.get(type(value), "number")


def _in_one_line(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"{error.args[0]} is missing"
    text = " ".join(str(error).split()) or type(error).__name__
    return text if len(text) <= 200 else f"{text[:200]}…"
