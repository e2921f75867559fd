"""Analyses of many runs that pages read: published ones first, then those made on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts.stored import PUBLISHED, results_root
from sim.experiments.analyses import open_analysis
from sim.experiments.errors import StoreError
from sim.experiments.files import read_table

if TYPE_CHECKING:
    import pandas as pd

_LISTED = 24


@dataclass(frozen=True)
class Stored:
    """An analysis on disk."""

    folder: Path
    command: str
    published: bool

    @property
    def name(self) -> str:
        """A name that stays, also in links: its place under the results root."""
        return self.folder.relative_to(results_root()).as_posix()

    @property
    def document(self) -> Mapping[str, Any]:
        """What the command found, as it prints it with `--json`."""
        path = self.folder / f"{self.command}.json"
        return _document(str(self.folder), self.command, path.stat().st_mtime_ns)

    def table(self, name: str) -> "pd.DataFrame":
        """One of its tables; StoreError if it has none of that name. Not to be changed."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise StoreError(f"{self.folder}: has no table {name}")
        return _table(str(path), path.stat().st_mtime_ns)


def analyses(command: str) -> list[Stored]:
    """Every readable analysis of that command, the published first, then the newest."""
    root = results_root()
    published = sorted((root / PUBLISHED).glob(f"**/{command}.json"))
    own = sorted(
        (path for path in root.glob(f"*/{command}-*/{command}.json") if path not in published),
        key=lambda path: -path.stat().st_mtime_ns,
    )
    found = [Stored(path.parent, command, True) for path in published]
    found += [Stored(path.parent, command, False) for path in own[:_LISTED]]
    return [each for each in found if _readable(each)]


def first_analysis(command: str) -> Stored | None:
    """The analysis to show where there is no choice."""
    return next(iter(analyses(command)), None)


def _readable(stored: Stored) -> bool:
    try:
        return bool(stored.document)
    except (StoreError, OSError):
        return False


@st.cache_resource(max_entries=32, show_spinner=False)
def _document(folder: str, command: str, age: int) -> Mapping[str, Any]:
    return open_analysis(folder, command).document


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(path: str, age: int) -> "pd.DataFrame":
    return read_table(Path(path))
