"""Files that visitors bring, and the event logs that live runs left."""

import csv
import io
from pathlib import Path

from app_parts.limits import MOST_PEOPLE
from app_parts.saved import LARGEST_BYTES, WrongFile
from app_parts.stored import Place, read_stored, results_root
from sim.experiments.errors import StoreError
from sim.experiments.files import hash_of
from sim.experiments.folders import write_whole
from sim.experiments.store import StoredRun, open_run

_MOST_TIES = 1_000_000
_LONGEST_NAME = 80
_FILE = "ties.csv"


def network_from(data: bytes) -> str:
    """Path under which an uploaded list of ties is kept; WrongFile where it is none.

    Names are replaced by numbers: nothing of a visitor's text is kept but who trusts whom.
    """
    if len(data) > LARGEST_BYTES:
        raise WrongFile("wrong.size")
    try:
        lines = [row for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise WrongFile("wrong.network") from error
    numbers: dict[str, int] = {}
    ties = []
    for place, row in enumerate(lines):
        names = [name.strip() for name in row[:2]]
        good = 2 <= len(row) <= 3 and all(0 < len(name) <= _LONGEST_NAME for name in names)
        weight = _weight(row[2]) if len(row) == 3 else 1.0
        if place == 0 and good and len(row) == 3 and weight is None:
            continue  # a line of headings
        if not good or weight is None:
            raise WrongFile("wrong.network")
        first, second = (numbers.setdefault(name, len(numbers)) for name in names)
        ties.append(f"{first},{second},{weight:.9g}")
    if not ties:
        raise WrongFile("wrong.network")
    if len(numbers) > MOST_PEOPLE or len(ties) > _MOST_TIES:
        raise WrongFile("wrong.network_size", most=f"{MOST_PEOPLE:,}")
    text = "\n".join(ties) + "\n"
    folder = results_root() / "uploads" / hash_of(text)
    if not (folder / _FILE).exists():

        def write(part: Path) -> None:
            (part / _FILE).write_text(text, encoding="utf-8")

        write_whole(folder, write)
    return str((folder / _FILE).absolute())


def first_traced(place: Place) -> StoredRun | None:
    """The first run of the referral market behind a comparison, if its event log is there."""
    try:
        for run in read_stored(place).document["runs"]:
            folder = place.folder.parent / str(run["run_key"])
            if run["market"] == "referral" and (folder / "run.json").exists():
                stored = open_run(folder)
                return stored if stored.traced else None
    except (StoreError, KeyError, OSError):
        return None
    return None


def _weight(text: str) -> float | None:
    try:
        weight = float(text)
    except ValueError:
        return None
    return weight if abs(weight) < 1e9 else None
