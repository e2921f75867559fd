"""What a file that somebody brings says: an exported run, or settings, checked piece by piece.

Nothing of the file is executed, no file of this machine is named by it, and what pages will show of
it has the form of the product.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app_parts.stored import FORMAT_VERSION, MARKETS
from sim.parameters import PARAMETERS
from sim.parameters.problems import Problem
from sim.scenario.values import accepted

if TYPE_CHECKING:
    import pandas as pd

FORMAT, VERSION = "sharesim run", 1
"""What an exported file says of itself."""
LARGEST_BYTES = 5_000_000
"""Largest file that is read."""
LONGEST_NAME = 80
NETWORK = "network.file"
"""The setting that names a file of this machine."""
DIFFERENCE = ("first_mean", "second_mean", "estimate", "low", "high", "n")
"""Numbers of a difference between two markets."""
_MOST_ROWS = 20_000
#: Tables that travel with a run: their columns of text, and the table is needed or not.
TABLES: Mapping[str, tuple[tuple[str, ...], bool]] = {
    "runs": (("market", "run_key"), True),
    "money": (("market", "part", "holder"), True),
    "weeks": (("market", "outcome"), True),
    "gaps": (("outcome",), False),
    "quality": (("market", "kind"), False),
    "side_weeks": (("side", "outcome"), False),
}
_NEEDED = {
    "runs": ("market", "seed", "run_key"),
    "money": ("market", "part", "mean", "low", "high", "n"),
    "weeks": ("market", "outcome", "week", "mean", "low", "high", "n"),
    "gaps": ("outcome", "week", "mean", "low", "high", "n"),
    "quality": ("market", "kind", "quality", "mean", "low", "high", "n"),
    "side_weeks": ("side", "outcome", "week", "mean", "low", "high", "n"),
}


class WrongFile(ValueError):
    """A file cannot be taken; `reason` is the key of the text that says why."""

    def __init__(self, reason: str, **places: object) -> None:
        super().__init__(reason)
        self.reason, self.places = reason, places


def parsed(data: bytes) -> dict[str, Any]:
    """The JSON object in a file; WrongFile where it is too large or something else."""
    if len(data) > LARGEST_BYTES:
        raise WrongFile("wrong.size")
    try:
        content = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise WrongFile("wrong.json") from error
    if not isinstance(content, dict):
        raise WrongFile("wrong.json")
    return content


def run_in(content: Mapping[str, Any]) -> "tuple[dict[str, Any], dict[str, pd.DataFrame]]":
    """The document and the tables of an exported run; WrongFile where it is none."""
    if content.get("format") != FORMAT:
        raise WrongFile("wrong.format")
    if content.get("version") != VERSION:
        raise WrongFile("wrong.version")
    document = _document(content.get("comparison"))
    tables = content.get("tables")
    if not isinstance(tables, dict):
        raise WrongFile("wrong.table", table="runs")
    frames = {
        name: _frame(name, tables.get(name))
        for name, (_, is_needed) in TABLES.items()
        if is_needed or name in tables
    }
    return document, frames


def values_in(data: bytes) -> dict[str, Any]:
    """Settings in an uploaded JSON file: an exported run, or an object of keys and values."""
    raw = _raw_values(parsed(data))
    if not raw:
        raise WrongFile("wrong.settings")
    return _values(raw)


def network_in(data: bytes) -> str:
    """Name of the file of ties behind the settings in an uploaded JSON file; empty without one."""
    return one_line(file_named(_raw_values(parsed(data))))


def one_line(name: str) -> str:
    """A name as it is kept: printable, one line, not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[:LONGEST_NAME]


def file_named(values: Mapping[str, Any]) -> str:
    """Name of the file of ties in such values, without the way to it; empty without one."""
    return re.split(r"[/\\]", str(values.get(NETWORK) or ""))[-1]


def _raw_values(content: Mapping[str, Any]) -> Mapping[str, Any]:
    comparison = content.get("comparison") if content.get("format") == FORMAT else content
    raw = comparison.get("values", comparison) if isinstance(comparison, dict) else {}
    return raw if isinstance(raw, dict) else {}


def _document(raw: Any) -> dict[str, Any]:
    """The part of a comparison that pages read, checked."""
    if not isinstance(raw, dict) or raw.get("command") != "compare":
        raise WrongFile("wrong.format")
    try:
        if tuple(raw["markets"][:2]) != MARKETS:
            raise WrongFile("wrong.format")
        counted = {name: int(raw["counted_weeks"][name]) for name in ("first", "end")}
        replicates = int(raw["replicates"])
        differences = [_difference(row) for row in raw["differences"]]
        runs = [
            {
                "market": _name(row["market"]),
                "seed": int(row["seed"]),
                "run_key": _name(row["run_key"]),
            }
            for row in raw["runs"]
        ]
        document = {
            "format_version": FORMAT_VERSION,
            "command": "compare",
            "scenario": one_line(str(raw["scenario"])),
            "values": _values(raw["values"]),
            "markets": list(MARKETS),
            "replicates": replicates,
            "counted_weeks": counted,
            "differences": differences,
            "runs": runs,
        }
        if "sides" in raw:
            document["sides"] = _sides(raw["sides"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, WrongFile):
            raise
        raise WrongFile("wrong.comparison") from error
    good = 0 <= counted["first"] < counted["end"] <= 100_000 and 1 <= replicates <= 100_000
    if not good or not differences or len(runs) > _MOST_ROWS:
        raise WrongFile("wrong.comparison")
    return document


def _difference(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"first": _name(row["first"]), "second": _name(row["second"]), **_numbers(row)}


def _sides(raw: Mapping[str, Any]) -> dict[str, Any]:
    """What the two sides of the hybrid came to; every number that pages show must be there."""
    from sim.measures.sides import SIDE_UNITS

    first, second = map(_name, raw["names"])
    differences = [_numbers(row) for row in raw["differences"]]
    if not {row["outcome"] for row in differences} >= set(SIDE_UNITS):
        raise WrongFile("wrong.comparison")
    return {"names": [first, second], "differences": differences}


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: _number(row[name]) for name in DIFFERENCE}
    numbers["n"] = int(numbers["n"] or 0)
    return {"outcome": _name(row["outcome"]), "unit": one_line(str(row["unit"])), **numbers}


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values of known parameters, each within its limits; a file of the server is never named."""
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in PARAMETERS:
            raise WrongFile("wrong.key", key=one_line(str(key)))
        if key == NETWORK:
            continue
        good = accepted(PARAMETERS[key], value)
        if isinstance(good, Problem):
            raise WrongFile("wrong.value", key=key)
        values[key] = list(good) if isinstance(good, tuple) else good
    return values


def _frame(name: str, raw: Any) -> "pd.DataFrame":
    import pandas as pd

    texts, _ = TABLES[name]
    try:
        columns, rows = [_name(column) for column in raw["columns"]], raw["rows"]
        if not set(_NEEDED[name]) <= set(columns) or len(set(columns)) < len(columns):
            raise ValueError(name)
        if not 0 < len(rows) <= _MOST_ROWS or any(len(row) != len(columns) for row in rows):
            raise ValueError(name)
        table = {
            column: [_name(row[k]) if column in texts else _number(row[k]) for row in rows]
            for k, column in enumerate(columns)
        }
    except (KeyError, TypeError, ValueError) as error:
        raise WrongFile("wrong.table", table=name) from error
    frame = pd.DataFrame(table)
    numbers = [column for column in columns if column not in texts]
    frame[numbers] = frame[numbers].astype(float)
    whole = [column for column in ("seed", "week", "n") if column in columns]
    try:
        frame[whole] = frame[whole].astype("int64")
    except ValueError as error:
        raise WrongFile("wrong.table", table=name) from error
    return frame


def _name(value: Any) -> str:
    """A name as the product writes them: letters, digits and a few signs."""
    if not isinstance(value, str) or not re.fullmatch(r"[\w.-]{1,80}", value):
        raise ValueError("no name")
    return value


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError("no number")
    if not math.isfinite(value) or abs(value) > 1e15:
        raise ValueError("no finite number")
    return value
