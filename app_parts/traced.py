"""What is published of traced runs: an extract to follow, cascades to play, facts of sharing."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts.numbers import rows_of
from app_parts.stored import FIRST, PUBLISHED, Mean, results_root
from sim.experiments.errors import StoreError
from sim.experiments.files import read_json, read_table
from sim.report.followed import DOCUMENT, Extract, open_extract

if TYPE_CHECKING:
    import pandas as pd

PLAYED = ("largest", "deepest", "usual")
"""Cascades that are published to be played."""


class KeptExtract(Extract):
    """An extract whose tables are read once for all visits."""

    def table(self, name: str) -> "pd.DataFrame":
        """The table of that name; not to be changed."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise StoreError(f"{self.folder}: has no table {name}")
        return _table(str(path), path.stat().st_mtime_ns)


@dataclass(frozen=True)
class Told:
    """What is published of the traced runs of one scenario."""

    folder: Path

    @cached_property
    def extract(self) -> Extract:
        """The run that can be followed."""
        found = open_extract(self.folder / "followed")
        return KeptExtract(found.folder, found.manifest)

    def player(self, which: str) -> Mapping[str, Any]:
        """A cascade to be played."""
        path = self.folder / "player" / f"{which}.json"
        return _document(str(path), path.stat().st_mtime_ns) if path.exists() else {}

    @cached_property
    def facts(self) -> Mapping[str, tuple[Mean, int]]:
        """Means over traced runs with their intervals, and the number of runs, by fact."""
        path = self.folder / "sharing" / "facts.parquet"
        if not path.exists():
            return {}
        return {
            str(row.fact): (Mean(float(row.mean), float(row.low), float(row.high)), int(row.n))
            for row in rows_of(_table(str(path), path.stat().st_mtime_ns))
        }


def told_scenario() -> Told | None:
    """The scenario whose traced runs are published, the first page's first; None without any."""
    for name in FIRST:
        folder = results_root() / PUBLISHED / name
        if (folder / "followed" / DOCUMENT).exists():
            return Told(folder)
    return None


@st.cache_resource(max_entries=32, show_spinner=False)
def _table(path: str, age: int) -> "pd.DataFrame":
    return read_table(Path(path))


@st.cache_resource(max_entries=8, show_spinner=False)
def _document(path: str, age: int) -> Mapping[str, Any]:
    return read_json(Path(path), "played cascade", 1)
