"""Saved runs: a stored comparison with a name and a note, kept on this machine's disk.

A saved run points to its comparison; it holds no number of its own. What is imported is checked
piece by piece and written anew in the form of the product; nothing of the file is executed.
"""

import json
import math
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app_parts.stored import (
    DOCUMENT,
    MARKETS,
    PUBLISHED,
    Place,
    place_at,
    read_stored,
    results_root,
)
from sim.experiments.errors import StoreError
from sim.experiments.files import hash_of, read_json, read_table, write_json, write_table
from sim.experiments.folders import write_whole
from sim.parameters import PARAMETERS
from sim.parameters.problems import Problem
from sim.scenario.values import accepted

if TYPE_CHECKING:
    import pandas as pd

FORMAT, VERSION = "sharesim run", 1
"""What an exported file says of itself."""
LARGEST_BYTES = 5_000_000
"""Largest file that is read."""
LONGEST_NAME, LONGEST_NOTE = 80, 500
MOST = 200
"""Most runs that are kept saved; the oldest goes first."""
_SAVED, _IMPORTED = "saved", "imported"
_NETWORK = "network.file"
_MOST_ROWS = 20_000
#: Tables that travel with a run: their columns of text, and the table is needed or not.
_TABLES: Mapping[str, tuple[tuple[str, ...], bool]] = {
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
_DIFFERENCE = ("first_mean", "second_mean", "estimate", "low", "high", "n")


class WrongFile(ValueError):
    """A file cannot be taken; `reason` is the key of the text that says why."""

    def __init__(self, reason: str, **places: object) -> None:
        super().__init__(reason)
        self.reason, self.places = reason, places


@dataclass(frozen=True)
class Saved:
    """A saved run."""

    key: str
    name: str
    note: str
    at: str
    folder: str
    """Folder of the comparison under the results root."""
    imported: bool = False

    @property
    def place(self) -> Place:
        """Where its comparison lies."""
        return place_at(results_root() / self.folder)


def saved_runs() -> list[Saved]:
    """All saved runs whose comparison is there, the newest first."""
    found = []
    for path in (results_root() / _SAVED).glob("*.json"):
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            run = Saved(**entry)
            if (run.place.folder / DOCUMENT).exists():
                found.append(run)
        except (OSError, ValueError, TypeError):
            continue
    return sorted(found, key=lambda run: (run.at, run.key), reverse=True)


def save(folder: Path, name: str, note: str = "", imported: bool = False) -> Saved:
    """Save the comparison in that folder under a name."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    inside = folder.relative_to(results_root()).as_posix()
    run = Saved(uuid.uuid4().hex[:12], one_line(name), _text(note), at, inside, imported)
    _write(run)
    for old in saved_runs()[MOST:]:
        forget(old)
    return run


def change(run: Saved, name: str, note: str) -> None:
    """Give a saved run another name and note."""
    _write(replace(run, name=one_line(name), note=_text(note)))


def forget(run: Saved) -> None:
    """Remove a saved run from the list; its comparison stays in the store."""
    (results_root() / _SAVED / f"{run.key}.json").unlink(missing_ok=True)


def one_line(name: str) -> str:
    """A name as it is kept: printable, one line, not too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    return line[:LONGEST_NAME]


def exported(folder: Path, name: str, note: str) -> bytes:
    """The comparison in that folder with everything the pages show of it, as a JSON file.

    A network that was brought stands in it by the name of its file alone, not where it lies here.
    """
    tables = {}
    for table in _TABLES:
        path = folder / f"{table}.parquet"
        if path.exists():
            frame = read_table(path)
            rows = frame.astype(object).where(frame.notna(), None)
            tables[table] = {
                "columns": list(map(str, frame.columns)),
                "rows": [[_plain(cell) for cell in row] for row in rows.to_numpy().tolist()],
            }
    document = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "name": name,
        "note": note,
        "comparison": document,
        "tables": tables,
    }
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    text = named_alone(text, folder, lambda path: json.dumps(path, ensure_ascii=False)[1:-1])
    return text.encode()


def named_alone(text: str, folder: Path, written: Callable[[str], str]) -> str:
    """A text on the comparison in that folder, its network named without the way to the file.

    `written` is the path as such a text writes it.
    """
    values = json.loads((folder / DOCUMENT).read_text(encoding="utf-8"))["values"]
    path = str(values.get(_NETWORK) or "")
    return text.replace(written(path), _file_named(values)) if path else text


def import_run(data: bytes) -> Saved:
    """Save the run in an exported file; WrongFile where it is none."""
    content = parsed(data)
    if content.get("format") != FORMAT:
        raise WrongFile("wrong.format")
    if content.get("version") != VERSION:
        raise WrongFile("wrong.version")
    document = _document(content.get("comparison"))
    tables = content.get("tables")
    if not isinstance(tables, dict):
        raise WrongFile("wrong.table", table="runs")
    frames = {name: _frame(name, tables.get(name)) for name in _TABLES if _wanted(name, tables)}
    folder = results_root() / _IMPORTED / f"compare-{hash_of(document)}"

    def write(part: Path) -> None:
        for name, frame in frames.items():
            write_table(frame, part / f"{name}.parquet")
        write_json(document, part / DOCUMENT)
        try:
            read_stored(place_at(part))  # as pages will
        except StoreError as error:
            raise WrongFile("wrong.comparison") from error

    write_whole(folder, write)
    name = content.get("name")
    note = content.get("note")
    return save(
        folder, name if isinstance(name, str) else "", note if isinstance(note, str) else "", True
    )


def values_in(data: bytes) -> dict[str, Any]:
    """Settings in an uploaded JSON file: an exported run, or an object of keys and values."""
    raw = _raw_values(parsed(data))
    if not raw:
        raise WrongFile("wrong.settings")
    return _values(raw)


def network_in(data: bytes) -> str:
    """Name of the file of ties behind the settings in an uploaded JSON file; empty without one."""
    return one_line(_file_named(_raw_values(parsed(data))))


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


def csv_of(folder: Path) -> bytes:
    """Every difference of the comparison as CSV: outcome, unit, means, estimate, interval, n."""
    document = read_json(folder / DOCUMENT, "comparison", VERSION)
    head = ("outcome", "unit", "first", "second", *_DIFFERENCE)
    rows = [[row.get(name) for name in head] for row in document["differences"]]
    return csv_bytes([head, *rows])


def csv_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    """Rows as CSV that a spreadsheet opens with Chinese text and takes no cell for a formula."""
    lines = [",".join(_cell(cell) for cell in row) for row in rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def published_as_saved() -> list[tuple[str, Place]]:
    """Published comparisons, to stand beside saved ones: name of the scenario and place."""
    folders = sorted((results_root() / PUBLISHED).glob(f"*/{DOCUMENT}"))
    return [(path.parent.name, place_at(path.parent)) for path in folders]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return repr(value)
    text = str(value)
    if text.lstrip().startswith(("=", "+", "-", "@")) or text[:1] in ("\t", "\r", "\n"):
        text = f"'{text}"
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n]', text) else text


def _raw_values(content: Mapping[str, Any]) -> Mapping[str, Any]:
    comparison = content.get("comparison") if content.get("format") == FORMAT else content
    raw = comparison.get("values", comparison) if isinstance(comparison, dict) else {}
    return raw if isinstance(raw, dict) else {}


def _file_named(values: Mapping[str, Any]) -> str:
    return re.split(r"[/\\]", str(values.get(_NETWORK) or ""))[-1]


def _wanted(name: str, tables: Mapping[str, Any]) -> bool:
    return _TABLES[name][1] or name in tables


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
            "format_version": 1,
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
    numbers = {name: _number(row[name]) for name in _DIFFERENCE}
    numbers["n"] = int(numbers["n"] or 0)
    return {"outcome": _name(row["outcome"]), "unit": one_line(str(row["unit"])), **numbers}


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Values of known parameters, each within its limits; a file of the server is never named."""
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in PARAMETERS:
            raise WrongFile("wrong.key", key=one_line(str(key)))
        if key == _NETWORK:
            continue
        good = accepted(PARAMETERS[key], value)
        if isinstance(good, Problem):
            raise WrongFile("wrong.value", key=key)
        values[key] = list(good) if isinstance(good, tuple) else good
    return values


def _frame(name: str, raw: Any) -> "pd.DataFrame":
    import pandas as pd

    texts, _ = _TABLES[name]
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


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and not math.isfinite(cell):
        return None
    return cell.item() if hasattr(cell, "item") else cell


def _text(note: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in note)[:LONGEST_NOTE].strip()


def _write(run: Saved) -> None:
    folder = results_root() / _SAVED
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{run.key}.part"
        part.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1), encoding="utf-8")
        part.replace(folder / f"{run.key}.json")
    except OSError as error:
        raise StoreError(f"{folder}: cannot be written: {error.strerror}") from error
