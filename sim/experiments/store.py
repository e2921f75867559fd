"""The result store: one folder a run, named by what makes the run what it is.

The key of a run is a hash of the resolved scenario, the seed, the market and the code that can
change outputs. How fast it was made, by which engine or on how many threads, is not in the key,
because it is not in the tables. A folder holds `run.json` and one Parquet file a table, and is
there whole or not at all. Equal runs give equal bytes: no time stands inside a table.
"""

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.errors import MEND, BrokenFile, StoreError
from sim.experiments.files import (
    hash_of,
    hash_of_file,
    read_json,
    read_table,
    write_json,
    write_table,
)
from sim.experiments.folders import check_writable, is_whole, remove_leftovers, write_whole
from sim.experiments.versions import code_version, libraries, working_tree
from sim.scenario import Scenario, ScenarioError

if TYPE_CHECKING:
    import pandas as pd

    from sim.measures.spool import Table

FORMAT_VERSION = 1
"""Format of run folders; a store of a newer format is refused."""

TABLES = ("weekly", "merchants", "ledger", "people")
"""Tables of every run."""
TRACED_TABLES = ("orders", "shares", "exposures", "transfers", "cascades")
"""Tables that a run has besides when it is traced."""

MANIFEST, PARTIAL = "run.json", "partial.json"
#: Keys of a scenario that say how runs are made of it, not what happens in one.
_NOT_IN_A_RUN = ("run.seed", "run.replicates")
#: What is read of a manifest, also of one that is packed.
MANIFEST_FORM = {
    "key": str,
    "scenario": str,
    "market": str,
    "seed": int,
    "values": {"run.weeks": int, "run.warm_up_weeks": int, "population.n_consumers": int},
    "network": (type(None), {"file": str, "sha256": str}),
    "code_version": str,
    "git": {"dirty": (bool, type(None))},
    "libraries": {str: str},
    "n_consumers": int,
    "ties": {"dropped": {str: int}},
    "engine": str,
    "trace": bool,
    "log_sampling_rate": (int, float),
    "tables": {str: {"rows": int}},
}
#: What is read of that of a run in a folder of its own, where tables are files.
_FORM = {**MANIFEST_FORM, "tables": {str: {"rows": int, "sha256": str}}}
#: What lines of a network file that make no tie are called.
_DROPPED = {
    "self_ties": "to oneself",
    "duplicates": "repeated",
    "nonpositive_weights": "of weight 0 or less",
}


@dataclass(frozen=True)
class RunSpec:
    """One run that could be made: a scenario, a market and a seed."""

    scenario: Scenario
    market: str
    seed: int

    @cached_property
    def key(self) -> str:
        """Hash of everything that can change the tables of this run, 16 hexadecimal digits."""
        values = plain_values(self.scenario)
        for key in _NOT_IN_A_RUN:
            del values[key]
        network = network_file(self.scenario)
        if network is not None:
            values["network.file"] = f"sha256:{network['sha256']}"
        return hash_of(
            {"scenario": values, "market": self.market, "seed": self.seed, "code": code_version()}
        )


@dataclass(frozen=True)
class StoredRun:
    """A whole run on disk."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Key of the run."""
        return str(self.manifest["key"])

    @property
    def traced(self) -> bool:
        """Whether the run has its event log."""
        return all(name in self.manifest["tables"] for name in TRACED_TABLES)

    def table(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """The table of that name, or some columns of it."""
        if name not in self.manifest["tables"]:
            hint = ": run it again with --trace" if name in TRACED_TABLES else ""
            raise StoreError(f"{self.folder}: has no table {name}{hint}")
        path = self.folder / f"{name}.parquet"
        table, written = read_table(path, columns), self.manifest["tables"][name]
        if len(table) != written["rows"] or hash_of_file(path) != written["sha256"]:
            raise BrokenFile(f"{path}: is not the table that was written: {MEND}")
        return table

    @cached_property
    def weekly(self) -> "pd.DataFrame":
        """One row a week."""
        return self.table("weekly")

    @cached_property
    def merchants(self) -> "pd.DataFrame":
        """One row a week and active merchant."""
        return self.table("merchants")

    @cached_property
    def ledger(self) -> "pd.DataFrame":
        """Money moved, summed by week, kinds of payer and payee, and purpose."""
        return self.table("ledger")

    @cached_property
    def people(self) -> "pd.DataFrame":
        """What groups of people got in the counted weeks."""
        return self.table("people")

    @cached_property
    def sides(self) -> "pd.DataFrame":
        """One row a week and side of the market (runs of the hybrid)."""
        return self.table("sides")

    @cached_property
    def orders(self) -> "pd.DataFrame":
        """One row an order (traced runs)."""
        return self.table("orders")

    @cached_property
    def shares(self) -> "pd.DataFrame":
        """One row a share (traced runs)."""
        return self.table("shares")

    @cached_property
    def exposures(self) -> "pd.DataFrame":
        """One row a read post (traced runs)."""
        return self.table("exposures")

    @cached_property
    def transfers(self) -> "pd.DataFrame":
        """One row a movement of money (traced runs)."""
        return self.table("transfers")

    @cached_property
    def cascades(self) -> "pd.DataFrame":
        """One row a tree of shares (traced runs)."""
        return self.table("cascades")

    @property
    def notes(self) -> list[str]:
        """What the run did with its input that people should know, one line each."""
        from sim.measures.rates import meets_pyramid_rule
        from sim.rules.rewards import PYRAMID_PEOPLE

        given, dropped = self.manifest["network"], self.manifest["ties"]["dropped"]
        left_out = [f"{n:,} {_DROPPED[name]}" for name, n in dropped.items() if n]
        notes = []
        if given and left_out:
            notes.append(f"{given['file']}: ties left out: {', '.join(left_out)}")
        levels = self.manifest["values"]["referral.levels"]
        if meets_pyramid_rule(self.outcomes(), levels):
            notes.append(
                f"referral.levels: rewards over {levels} levels among {PYRAMID_PEOPLE} people or "
                "more meet the legal threshold of pyramid selling"
            )
        return notes

    def outcomes(self) -> dict[str, float]:
        """Every outcome of the run, by the names and in the units of `sim.measures.summary`."""
        from sim.measures.summary import outcomes_of_run

        warm_up = self.manifest["values"]["run.warm_up_weeks"]
        return outcomes_of_run(self.weekly, warm_up, self.manifest["n_consumers"])

    def document(self) -> dict[str, Any]:
        """What the run is and how it came out, for JSON."""
        told = ("scenario", "market", "seed", "n_consumers", "engine", "seconds")
        return {
            "command": "run",
            "run_key": self.key,
            "folder": str(self.folder),
            **{name: self.manifest[name] for name in told},
            "weeks": self.manifest["values"]["run.weeks"],
            "notes": self.notes,
            "tables": {name: table["rows"] for name, table in self.manifest["tables"].items()},
            "outcomes": {
                name: None if value != value else value for name, value in self.outcomes().items()
            },
            "sides": [
                {name: None if value != value else value for name, value in side.items()}
                for side in self.ends_of_sides()
            ],
        }

    def ends_of_sides(self) -> list[dict[str, Any]]:
        """What each side of the market came to at the end; nothing where it has one."""
        from sim.measures.sides import ends_of_sides

        if "sides" not in self.manifest["tables"]:
            return []
        return ends_of_sides(self.sides, self.manifest["values"]["run.warm_up_weeks"])

    def scenario(self) -> Scenario:
        """The resolved scenario of the run; StoreError where its values make none now."""
        try:
            return scenario_of(self.manifest["scenario"], self.manifest["values"])
        except ScenarioError as error:
            lines = (f"{self.folder / MANIFEST}: {line}" for line in error.lines)
            raise StoreError(*lines) from error

    def spec(self) -> RunSpec:
        """What would be run to make this run again."""
        return RunSpec(self.scenario(), self.manifest["market"], self.manifest["seed"])


class RunStore:
    """Runs under one root folder, `<root>/<scenario>/<key>/`."""

    def __init__(self, root: str | Path = "results") -> None:
        self.root = Path(os.path.expanduser(root))

    def folder_of(self, name: str) -> Path:
        """Folder of everything made from the scenario of that name."""
        return self.root / (re.sub(r"[^\w.-]+", "-", name).strip(".-") or "scenario")

    def folder(self, spec: RunSpec) -> Path:
        """Where that run lies, or would lie."""
        return self.folder_of(spec.scenario.name) / spec.key

    def prepare(self, name: str) -> None:
        """Refuse a root that cannot be written; clear what killed processes left of `name`."""
        check_writable(self.folder_of(name))
        self.clear(name)

    def clear(self, name: str) -> None:
        """Remove what killed processes left half-written of `name`."""
        remove_leftovers(self.folder_of(name))

    def find(self, spec: RunSpec, traced: bool = False) -> StoredRun | None:
        """The stored run of that description, with its event log if `traced`, or nothing."""
        stored = whole_run(self.folder(spec), spec.key)
        return stored if stored is not None and (stored.traced or not traced) else None

    def save(
        self, spec: RunSpec, tables: Mapping[str, "Table"], facts: Mapping[str, Any]
    ) -> StoredRun:
        """Keep a run and return it from disk; `facts` (times, engine) go into its manifest.

        A folder already there with the same bytes, and perhaps more tables, is left alone.
        """
        target = self.folder(spec)

        def write(part: Path) -> None:
            write_json(manifest_of(spec, facts, _write_tables(part, tables)), part / MANIFEST)

        write_whole(target, write, keep=_is_as_good)
        return open_run(target)

    def save_partial(
        self, spec: RunSpec, tables: Mapping[str, "Table"], facts: Mapping[str, Any]
    ) -> Path:
        """Keep the weeks that a stopped run came to, in a folder that nothing reads by itself.

        It is named `partial-<key>` and described by `partial.json`, which is no manifest of a run.
        """
        target = self.folder_of(spec.scenario.name) / f"partial-{spec.key}"

        def write(part: Path) -> None:
            told = {**facts, "weeks_done": len(tables["weekly"])}
            write_json(manifest_of(spec, told, _write_tables(part, tables)), part / PARTIAL)

        write_whole(target, write)
        return target

    def runs(self) -> Iterator[StoredRun]:
        """Every whole run under the root, in the order of their folders."""
        for manifest in sorted(self.root.glob(f"*/*/{MANIFEST}")):
            if is_whole(manifest.parent):
                yield open_run(manifest.parent)


def _write_tables(folder: Path, tables: Mapping[str, "Table"]) -> dict[str, dict[str, int | str]]:
    """What each file that was written holds."""
    for name, table in tables.items():
        write_table(table, folder / f"{name}.parquet")
    return {
        name: {"rows": len(table), "sha256": hash_of_file(folder / f"{name}.parquet")}
        for name, table in tables.items()
    }


def open_run(folder: str | Path) -> StoredRun:
    """The run in that folder."""
    folder = Path(folder)
    return StoredRun(folder, read_json(folder / MANIFEST, "run", FORMAT_VERSION, _FORM))


def whole_run(folder: Path, key: str) -> StoredRun | None:
    """The run of that key in that folder; nothing where it is not there or was damaged."""
    if not (folder / MANIFEST).exists():
        return None
    try:
        stored = open_run(folder)
    except BrokenFile:
        return None
    return stored if stored.key == key and _has_all_files(stored) else None


def manifest_of(
    spec: RunSpec, facts: Mapping[str, Any], tables: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """What made a run and what its tables hold, for `run.json`."""
    return {
        "format_version": FORMAT_VERSION,
        "key": spec.key,
        "scenario": spec.scenario.name,
        "market": spec.market,
        "seed": spec.seed,
        "values": plain_values(spec.scenario),
        "network": network_file(spec.scenario),
        "code_version": code_version(),
        "git": working_tree(),
        "libraries": libraries(),
        **facts,
        "tables": dict(tables),
    }


def scenario_of(name: str, values: Mapping[str, Any]) -> Scenario:
    """The scenario of that name with those values, as they stand in a manifest.

    What an older one leaves out has its default.
    """
    return Scenario(name=name).with_values({**Scenario().values(), **values})


def plain_values(scenario: Scenario) -> dict[str, Any]:
    """All values of a scenario by key, as they stand in JSON."""
    values = scenario.values().items()
    return {key: list(value) if isinstance(value, tuple) else value for key, value in values}


def network_file(scenario: Scenario) -> dict[str, str] | None:
    """Path and hash of the content of the scenario's network file, if it has one."""
    path = str(scenario.values()["network.file"])
    if not path:
        return None
    return {"file": path, "sha256": hash_of_file(Path(path))}


def _has_all_files(stored: StoredRun) -> bool:
    names = {"weekly", *stored.manifest["tables"]}  # no run is without its weeks
    paths = [stored.folder / f"{name}.parquet" for name in names]
    return all(path.is_file() and path.stat().st_size for path in paths)


def _is_as_good(old: Path, new: Path) -> bool:
    try:
        there, fresh = open_run(old), open_run(new)
    except StoreError:
        return False
    return _has_all_files(there) and all(
        there.manifest["tables"].get(name, {}).get("sha256") == table["sha256"]
        for name, table in fresh.manifest["tables"].items()
    )
