"""Many runs, stored in few files: what is missing is made, what is there is read.

The packs of a scenario lie in `<root>/<scenario>/packed/`; see `sim.experiments.pack_files`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.errors import RunFailed, StoreError
from sim.experiments.files import read_document
from sim.experiments.keeping import IntoPacks
from sim.experiments.pack_files import Packs
from sim.experiments.progress import Progress, Silence
from sim.experiments.replicate import RunOptions
from sim.experiments.store import (
    FORMAT_VERSION,
    MANIFEST,
    MANIFEST_FORM,
    RunSpec,
    RunStore,
    StoredRun,
    open_run,
    whole_run,
)
from sim.experiments.workers import failure, make_all

if TYPE_CHECKING:
    import pandas as pd

PACKED = "packed"
"""Folder of the packs of a scenario."""

Maker = Callable[
    [Sequence[RunSpec], IntoPacks, RunOptions, int | None, Progress],
    dict[int, str],
]
"""Makes runs and hands them over; returned is what went wrong with which, by its place."""


@dataclass(frozen=True)
class PackedRun(StoredRun):
    """A run in a pack; `folder` is where it would lie if it had one of its own."""

    packs: Packs

    def table(self, name: str, columns: list[str] | None = None) -> "pd.DataFrame":
        """The table of that name, or some columns of it."""
        if name not in self.manifest["tables"]:
            raise StoreError(f"{self.folder}: has no table {name}: it was packed without")
        table = self.packs.table(name, [self.key]).drop(columns="run_key")
        return table if columns is None else table[columns]


def packs_of(store: RunStore, name: str) -> Packs:
    """The packs of the scenario of that name."""
    return Packs(store.folder_of(name) / PACKED)


def outcomes_of(
    specs: Sequence[RunSpec],
    store: RunStore,
    name: str,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
    tables: Sequence[str] = ("weekly",),
    make: Maker = make_all,
) -> "pd.DataFrame":
    """Outcomes of the runs, one row a spec in their order; those not stored are made and packed.

    Columns are run_key, market, seed and all outcomes. `name` is that of the scenario whose packs
    are used. A run that fails does not stop the others: at the end RunFailed has the reasons, and
    the outcomes with that row not a number. Whatever interrupts, finished runs stay.
    """
    import pandas as pd

    from sim.measures.summary import OUTCOMES

    progress = progress or Silence()
    packs = packs_of(store, name)
    wanted = {spec.key: spec for spec in specs}
    rows = _stored(packs, store.folder_of(name), wanted, tables)
    missing = [spec for key, spec in wanted.items() if key not in rows]
    weeks = max((spec.scenario.run.weeks for spec in missing), default=0)
    progress.start(len(wanted), len(rows), weeks)
    reasons: dict[str, str] = {}
    if missing:
        store.prepare(name)
        packs.tidy()
        try:
            failed = make(missing, IntoPacks(packs, tuple(tables)), options, jobs, progress)
        finally:
            packs.tidy()
        reasons = {missing[run].key: failed[run] for run in sorted(failed)}
        rows = _stored(packs, store.folder_of(name), wanted, tables)
    nothing = dict.fromkeys(OUTCOMES, float("nan"))
    table = pd.DataFrame(
        [
            {"run_key": spec.key, "market": spec.market, "seed": spec.seed}
            | rows.get(spec.key, nothing)
            for spec in specs
        ],
        columns=pd.Index(["run_key", "market", "seed", *OUTCOMES]),
    )
    if reasons:
        failures = [failure(wanted[key], reason) for key, reason in reasons.items()]
        raise RunFailed(failures, table, reasons)
    return table


def packed_table(store: RunStore, name: str, table: str, run_keys: Sequence[str]) -> "pd.DataFrame":
    """That table of those runs, one after the other, after a column `run_key`.

    Runs that have a folder of their own are read from there.
    """
    import pandas as pd

    packs, place = packs_of(store, name), store.folder_of(name)
    packed = packs.having([table])
    outside = [key for key in run_keys if key not in packed and (place / key / MANIFEST).exists()]
    inside = [key for key in run_keys if key not in outside]
    parts = [packs.table(table, inside)] if inside else []
    for key in outside:
        whole = open_run(place / key).table(table)
        parts.append(whole.assign(run_key=key)[["run_key", *whole.columns]])
    if not parts:
        raise StoreError(f"{place}: no run was named")
    found = pd.concat(parts, ignore_index=True)
    order = found["run_key"].map({key: number for number, key in enumerate(run_keys)})
    return found.iloc[order.argsort(kind="stable")].reset_index(drop=True)


def find_run(folder: str | Path) -> StoredRun:
    """The run in that folder, or the packed one that is named as if it lay there."""
    folder = Path(folder)
    try:
        return open_run(folder)
    except StoreError:
        packs = Packs(folder.parent / PACKED)
        manifest = packs.manifest(folder.name) if packs.folder.is_dir() else None
        if manifest is None:
            raise
    place = packs.folder / MANIFEST
    described = read_document(manifest, place, "run", FORMAT_VERSION, MANIFEST_FORM)
    return PackedRun(folder, described, packs)


def _stored(
    packs: Packs, place: Path, wanted: Mapping[str, RunSpec], tables: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Outcomes of those of the runs that are stored with those tables, by run key."""
    from sim.measures.summary import OUTCOMES

    packed = packs.having(tables)
    listed = packs.runs()
    listed = listed[listed["run_key"].isin(wanted.keys() & packed)]
    rows = {}
    if len(listed):
        keys = listed["run_key"].to_list()
        known = listed.reindex(columns=list(OUTCOMES)).to_dict("records")
        rows = dict(zip(keys, known, strict=True))
    for key in wanted.keys() - rows.keys():
        run = whole_run(place / key, key)
        if run is not None and set(tables) <= run.manifest["tables"].keys():
            rows[key] = run.outcomes()
    return rows
