"""Files that visitors bring, and the event logs that live runs left."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from app_parts.brought import LARGEST_BYTES, WrongFile
from app_parts.limits import MOST_PEOPLE
from app_parts.stored import Place, read_stored, results_root
from sim.experiments.errors import StoreError
from sim.experiments.files import hash_of
from sim.experiments.folders import write_whole
from sim.experiments.store import StoredRun, open_run
from sim.network.loader import GZIP_MAGIC, NetworkError, read_ties

_MOST_TIES = 1_000_000
_FILE = "ties.csv"


class Network(NamedTuple):
    """A list of ties that was brought: where it is kept, and how much is in it."""

    path: str
    people: int
    ties: int


def network_from(data: bytes) -> Network:
    """Keep an uploaded list of ties, read as the engine reads files; WrongFile where it is none.

    Names are replaced by numbers: nothing of a visitor's text is kept but who trusts whom.
    """
    if len(data) > LARGEST_BYTES:
        raise WrongFile("wrong.size")
    if data.startswith(GZIP_MAGIC):  # a small one can hold more than any memory
        raise WrongFile("wrong.network")
    with TemporaryDirectory() as folder_of_upload:
        brought = Path(folder_of_upload) / _FILE
        brought.write_bytes(data)
        try:
            read = read_ties(brought)
        except NetworkError as error:
            raise WrongFile("wrong.network") from error
    people, n_ties = len(read.labels), len(read.truster)
    if people > MOST_PEOPLE or n_ties > _MOST_TIES:
        raise WrongFile("wrong.network_size", most=f"{MOST_PEOPLE:,}")
    weights = [1.0] * n_ties if read.weight is None else read.weight.tolist()
    ends = zip(read.truster.tolist(), read.trusted.tolist(), weights, strict=True)
    ties = [f"{first},{second},{weight:.9g}" for first, second, weight in ends]
    text = "\n".join(ties) + "\n"
    folder = results_root() / "uploads" / hash_of(text)
    if not (folder / _FILE).exists():

        def write(part: Path) -> None:
            (part / _FILE).write_text(text, encoding="utf-8")

        write_whole(folder, write)
    return Network(str((folder / _FILE).absolute()), people, n_ties)


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
