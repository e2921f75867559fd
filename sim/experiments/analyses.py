"""What is made of many runs, on disk: a document, tables, and the list of runs behind them.

An analysis lies in `<root>/<name>/<command>-<key>/` with `<command>.json`, one Parquet file a table
and its figures. The key is a hash of the document, so that equal analyses have one place; names of
files in it, which say nothing about the result, are left out of the hash.
"""

import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.files import hash_of, read_json, read_table, write_json, write_table
from sim.experiments.folders import write_whole
from sim.experiments.store import RunStore

if TYPE_CHECKING:
    import pandas as pd

FORMAT_VERSION = 1
"""Format of the folders of analyses."""

#: Parts of a document that name files, whose place makes no other analysis.
_PATHS = ("values", "notes")


@dataclass(frozen=True)
class Analysis:
    """An analysis on disk: `document` is what `--json` prints beside `folder`; it lists `runs`."""

    folder: Path
    document: dict[str, Any]

    def table(self, name: str) -> "pd.DataFrame":
        """The table of that name."""
        return read_table(self.folder / f"{name}.parquet")

    @property
    def run_keys(self) -> list[str]:
        """Keys of the runs behind the analysis."""
        return [run["run_key"] for run in self.document["runs"]]


def keep_analysis(
    store: RunStore,
    name: str,
    command: str,
    document: Mapping[str, Any],
    tables: Mapping[str, "pd.DataFrame"],
    partial: bool = False,
) -> Analysis:
    """The analysis of the scenario of that name, written whole; one already there is replaced.

    `document` needs `runs`, a list of {market, seed, run_key, ...}; `format_version` and `command`
    are put before it. What was stopped lies in `partial-<key>/`, where nobody looks who does not
    ask for it.
    """
    whole = {"format_version": FORMAT_VERSION, "command": command, **document}
    key = hash_of({part: value for part, value in whole.items() if part not in _PATHS})
    folder = store.folder_of(name) / f"{'partial' if partial else command}-{key}"

    def write(part: Path) -> None:
        for table_name, table in tables.items():
            write_table(table, part / f"{table_name}.parquet")
        write_json(whole, part / f"{command}.json")
        for other in folder.glob("*"):  # reports, figures, what people put there themselves
            if not (part / other.name).exists():
                with suppress(FileNotFoundError, shutil.Error):  # another process replaced it
                    if other.is_dir() and not other.is_symlink():
                        shutil.copytree(other, part / other.name, symlinks=True)
                    else:
                        shutil.copyfile(other, part / other.name, follow_symlinks=False)

    write_whole(folder, write)
    return Analysis(folder, whole)


def open_analysis(folder: str | Path, command: str) -> Analysis:
    """The analysis that `command` left in that folder; StoreError where there is none."""
    folder = Path(folder)
    of = f"result of {command}"
    return Analysis(folder, read_json(folder / f"{command}.json", of, FORMAT_VERSION))
