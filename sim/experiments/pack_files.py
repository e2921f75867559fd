"""Packs on disk: many runs in few files.

A pack is a folder `<packed>/<pack>/` with `runs-<pack>.parquet`, one row a run, and one file a
table, such as `weekly-<pack>.parquet`, with the columns of the table after `run_key`. It is
written beside, flushed and renamed, so that it is there whole or not at all, and never changed.
What was just finished makes a small pack at once; when there are many small ones, one larger pack
takes their place. Writers take turns by a lock; readers need none: of what stands in two packs for
a moment they take one. The name of a pack is a hash of the runs and tables in it.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.errors import MEND, StoreError
from sim.experiments.files import hash_of, write_columns
from sim.experiments.finished import FinishedRun
from sim.experiments.folders import is_whole, remove_leftovers, remove_whole, storing, write_whole

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

try:
    import fcntl
except ImportError:  # not on Windows: there only one process at a time may write to a store
    fcntl = None  # type: ignore[assignment]

FORMAT_VERSION = 1
"""Format of packs; one of a newer format is refused."""

RUNS = "runs"
"""Name of the list of runs of a pack."""

FULL_RUNS, FULL_BYTES = 512, 16 << 20
"""A pack of so many runs, or so large, is left as it is."""
MOST_SMALL = 64
"""Small packs there may be beside full ones while runs are made."""
SMALL_AT_REST = 8
"""Small packs there may be afterwards."""

_ATTEMPTS = 100
_LOCK = ".lock"


@dataclass(frozen=True)
class _Pack:
    """What is in one pack, as far as it is kept in memory."""

    folder: Path
    runs: "pd.DataFrame"
    """The list of runs less their manifests; `tables` says which this pack has of each."""
    n_bytes: int

    @property
    def is_full(self) -> bool:
        return len(self.runs) >= FULL_RUNS or self.n_bytes >= FULL_BYTES

    @property
    def holds(self) -> dict[str, set[str]]:
        """Names of the tables by run key."""
        return {
            key: set(names.split(",")) if names else set()
            for key, names in zip(self.runs["run_key"], self.runs["tables"], strict=True)
        }

    def file(self, table: str) -> Path:
        return self.folder / f"{table}-{self.folder.name}.parquet"


@dataclass
class Packs:
    """The packs in one folder."""

    folder: Path
    _known: dict[str, _Pack] = field(default_factory=dict, repr=False)
    _read: dict[str, _Pack] = field(default_factory=dict, repr=False)
    _where: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    def runs(self) -> "pd.DataFrame":
        """One row a run, sorted by key: tables, run_key, scenario, market, seed, outcomes and more.

        `tables` names those that are stored of it, separated by commas.
        """
        import pandas as pd

        self._look()
        parts = [pack.runs for pack in self._known.values()]
        if not parts:
            return pd.DataFrame({"run_key": [], "tables": []}, dtype="str")
        listed = pd.concat(parts, ignore_index=True).drop_duplicates("run_key")
        tables: dict[str, list[str]] = {key: [] for key in listed["run_key"]}
        for key, table in sorted(self._where):
            tables[key].append(table)
        names = [",".join(tables[key]) for key in listed["run_key"]]
        return listed.assign(tables=names).sort_values("run_key").reset_index(drop=True)

    def having(self, tables: Sequence[str]) -> set[str]:
        """Keys of the runs that are stored with all those tables."""
        self._look()
        keys = {key for key, _ in self._where}
        return {key for key in keys if all((key, table) in self._where for table in tables)}

    def manifest(self, run_key: str) -> str | None:
        """The manifest of a run as JSON, or nothing where the run is not stored."""
        self._look()
        for pack in self._known.values():
            if run_key in set(pack.runs["run_key"]):
                listed = _read(pack.file(RUNS), ["run_key", "manifest"], [run_key])
                return str(listed["manifest"][0].as_py())
        return None

    def table(self, name: str, run_keys: Sequence[str]) -> "pd.DataFrame":
        """That table of those runs in their order, after a column `run_key`.

        StoreError where one is not stored.
        """
        import pyarrow as pa

        for _ in range(_ATTEMPTS):
            self._look()
            packs = {self._where.get((key, name)) for key in run_keys}
            if None in packs:
                lost = next(key for key in run_keys if (key, name) not in self._where)
                raise StoreError(f"{self.folder}: has no table {name} of run {lost}")
            try:
                parts = [self._part(str(pack), name, run_keys) for pack in sorted(map(str, packs))]
            except FileNotFoundError:
                continue  # another process just put a larger pack in its place
            if not parts:
                raise StoreError(f"{self.folder}: no run was named")
            found = pa.concat_tables(parts, promote_options="default").to_pandas()
            place = {key: number for number, key in enumerate(run_keys)}
            order = found["run_key"].map(place).argsort(kind="stable")
            return found.iloc[order].reset_index(drop=True)
        raise StoreError(f"{self.folder}: cannot be read: others keep writing there")

    def add(self, runs: Sequence[FinishedRun]) -> None:
        """Store runs; what is stored of them already is left as it is."""
        with self._locked():
            self._look()
            fresh = [
                run.without([name for name in run.tables if (run.key, name) in self._where])
                for run in runs
            ]
            fresh = [run for run in fresh if run.tables]
            if fresh:
                self._write(_listed(fresh), _tables_of(fresh))
            small = [pack for pack in self._known.values() if not pack.is_full]
            if len(small) > MOST_SMALL:
                self._merge(small)

    def tidy(self) -> None:
        """Put small packs together, and remove what killed processes left."""
        if not self.folder.is_dir():
            return
        with self._locked():
            remove_leftovers(self.folder)
            self._look()
            if sum(map(_n_tables, self._known.values())) > len(self._where):
                self._remove([pack for pack in self._known.values() if self._is_covered(pack)])
            small = [pack for pack in self._known.values() if not pack.is_full]
            if len(small) > SMALL_AT_REST:
                self._merge(small)

    def _part(self, pack: str, name: str, run_keys: Sequence[str]) -> "pa.Table":
        keys = [key for key in run_keys if self._where[key, name] == pack]
        return _read(self._known[pack].file(name), None, keys)

    def _look(self) -> None:
        """Learn which packs there are now."""
        for _ in range(_ATTEMPTS):
            try:
                names = sorted(
                    path.name
                    for path in self.folder.iterdir()
                    if path.is_dir() and is_whole(path) and path.name != _LOCK
                )
            except (FileNotFoundError, NotADirectoryError):
                names = []
            if not set(self._known) <= set(names):
                self._known, self._where = {}, {}
            try:
                for name in names:
                    if name not in self._known:
                        self._learn(name)
            except FileNotFoundError:
                continue  # another process just put a larger pack in its place
            return
        raise StoreError(f"{self.folder / name}: is no whole pack: delete it and ask again")

    def _learn(self, name: str) -> None:
        pack = self._known[name] = self._opened(name)
        for key, tables in pack.holds.items():
            for table in tables:
                self._where.setdefault((key, table), name)

    def _opened(self, name: str) -> _Pack:
        """The pack of that name; one once read is not read again, for packs never change."""
        if name not in self._read:
            self._read[name] = _open_pack(self.folder / name)
        return self._read[name]

    def _write(self, runs: "pa.Table", tables: Mapping[str, "pa.Table"]) -> str:
        """Name of the pack that now has them."""
        runs = runs.sort_by("run_key")
        held = list(zip(runs["run_key"].to_pylist(), runs["tables"].to_pylist(), strict=True))
        pack = hash_of(held)

        def write(part: Path) -> None:
            write_columns(runs, part / f"{RUNS}-{pack}.parquet")
            for name, table in tables.items():
                write_columns(table, part / f"{name}-{pack}.parquet")

        write_whole(self.folder / pack, write, keep=lambda old, new: old.is_dir())
        self._read[pack] = _described(self.folder / pack, runs)
        self._look()
        return pack

    def _merge(self, small: Sequence[_Pack]) -> None:
        """Put packs together into as few as may be; the old ones go when the new are there."""
        group: list[_Pack] = []
        for pack in [*small, None]:
            held = [*group, pack] if pack else []
            fits = sum(len(each.runs) for each in held) <= FULL_RUNS
            fits = fits and sum(each.n_bytes for each in held) <= FULL_BYTES
            if pack is not None and (fits or not group):
                group = held
                continue
            if len(group) > 1:
                new = self._write(*_together(group))
                self._remove([each for each in group if each.folder.name != new])
            group = [pack] if pack else []

    def _remove(self, packs: Sequence[_Pack]) -> None:
        for pack in packs:
            remove_whole(pack.folder)
        self._look()

    def _is_covered(self, pack: _Pack) -> bool:
        """Whether all that is in the pack is taken from others."""
        return all(
            self._where[key, table] != pack.folder.name
            for key, tables in pack.holds.items()
            for table in tables
        )

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let one process write at a time; a lock ends with the process that holds it."""
        with storing(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _open_pack(folder: Path) -> _Pack:
    import pyarrow.parquet as pq

    path = folder / f"{RUNS}-{folder.name}.parquet"
    try:
        with pq.ParquetFile(path) as file:
            names = [name for name in file.schema_arrow.names if name != "manifest"]
            runs = file.read(columns=names)
        version = max(runs["format_version"].to_pylist())
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError) as error:
        raise StoreError(f"{path}: is no list of runs: {MEND}") from error
    if version > FORMAT_VERSION:
        raise StoreError(
            f"{folder}: written by a newer version in format {version}; "
            f"this version reads formats up to {FORMAT_VERSION}"
        )
    return _described(folder, runs)


def _described(folder: Path, runs: "pa.Table") -> _Pack:
    """The pack in that folder with that list of runs."""
    n_bytes = sum(entry.stat().st_size for entry in os.scandir(folder))
    known = [name for name in runs.column_names if name not in ("manifest", "format_version")]
    return _Pack(folder, runs.select(known).to_pandas(), n_bytes)


def _read(path: Path, columns: list[str] | None, keys: Sequence[str] | None = None) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            table = file.read(columns=columns)
        if keys is None:
            return table
        return table.filter(pc.is_in(table["run_key"], pa.array(keys, pa.string())))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, pa.ArrowException) as error:
        reason = str(error).splitlines()[0]
        raise StoreError(f"{path}: cannot be read as a table: {reason}: {MEND}") from error


def _listed(runs: Sequence[FinishedRun]) -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pylist(
        [
            {"format_version": FORMAT_VERSION, "tables": ",".join(sorted(run.tables)), **run.row}
            for run in runs
        ]
    )


def _tables_of(runs: Sequence[FinishedRun]) -> dict[str, "pa.Table"]:
    import pyarrow as pa

    names = sorted({name for run in runs for name in run.tables})
    return {
        name: pa.concat_tables(
            [
                run.table(name)
                for run in sorted(runs, key=lambda run: run.key)
                if name in run.tables
            ],
            promote_options="default",
        )
        for name in names
    }


def _together(packs: Sequence[_Pack]) -> tuple["pa.Table", dict[str, "pa.Table"]]:
    """All runs and tables of the packs, each table of a run once."""
    import pyarrow as pa

    seen: dict[str, set[str]] = {}
    lists: list[pa.Table] = []
    tables: dict[str, list[pa.Table]] = {}
    for pack in packs:
        listed = _read(pack.file(RUNS), None)
        first = [key not in seen for key in listed["run_key"].to_pylist()]
        lists.append(listed.filter(pa.array(first, pa.bool_())))
        fresh = {key: held - seen.get(key, set()) for key, held in pack.holds.items()}
        for key, held in fresh.items():
            seen[key] = seen.get(key, set()) | held
        for name in {table for held in fresh.values() for table in held}:
            chosen = [key for key, held in fresh.items() if name in held]
            tables.setdefault(name, []).append(_read(pack.file(name), None, chosen))
    runs = pa.concat_tables(lists, promote_options="default")
    names = [",".join(sorted(seen[key])) for key in runs["run_key"].to_pylist()]
    place = runs.schema.get_field_index("tables")
    runs = runs.set_column(place, "tables", pa.array(names, pa.string()))
    whole = {
        name: pa.concat_tables(parts, promote_options="default").sort_by("run_key")
        for name, parts in sorted(tables.items())
    }
    return runs, whole


def _n_tables(pack: _Pack) -> int:
    return sum(map(len, pack.holds.values()))
