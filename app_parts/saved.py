"""Saved runs: a stored comparison with a name and a note, kept on this machine's disk.

A saved run points to its comparison; it holds no number of its own. What is imported is written
anew in the form of the product.
"""

import json
import math
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app_parts.brought import (
    FORMAT,
    NETWORK,
    TABLES,
    VERSION,
    WrongFile,
    file_named,
    one_line,
    parsed,
    run_in,
)
from app_parts.stored import (
    DOCUMENT,
    PUBLISHED,
    Place,
    place_at,
    read_stored,
    results_root,
)
from sim.experiments.errors import StoreError
from sim.experiments.files import hash_of, read_table, write_json, write_table
from sim.experiments.folders import write_whole

LONGEST_NOTE = 500
MOST = 200
"""Most runs that are kept saved; the oldest goes first."""
_SAVED, _IMPORTED = "saved", "imported"


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


def exported(folder: Path, name: str, note: str) -> bytes:
    """The comparison in that folder with everything the pages show of it, as a JSON file.

    A network that was brought stands in it by the name of its file alone, not where it lies here.
    """
    tables = {}
    for table in TABLES:
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
    path = str(values.get(NETWORK) or "")
    return text.replace(written(path), file_named(values)) if path else text


def import_run(data: bytes) -> Saved:
    """Save the run in an exported file; WrongFile where it is none."""
    content = parsed(data)
    document, frames = run_in(content)
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


def published_as_saved() -> list[tuple[str, Place]]:
    """Published comparisons, to stand beside saved ones: name of the scenario and place."""
    folders = sorted((results_root() / PUBLISHED).glob(f"*/{DOCUMENT}"))
    return [(path.parent.name, place_at(path.parent)) for path in folders]


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
