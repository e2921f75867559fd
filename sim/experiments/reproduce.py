"""A stored run made again from its description and compared bit by bit."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.experiments.checks import checked_options
from sim.experiments.errors import RunError
from sim.experiments.files import hash_of_file, read_table, write_table
from sim.experiments.replicate import OnWeek, lived
from sim.experiments.store import StoredRun, network_file
from sim.experiments.versions import code_version, libraries


@dataclass(frozen=True)
class Reproduction:
    """What came of making a run again."""

    run: StoredRun
    tables: dict[str, str]
    """For each table `same bytes`, `same values` or what differs."""

    @property
    def identical(self) -> bool:
        """Whether every value of every table is the same."""
        return all(answer.startswith("same ") for answer in self.tables.values())

    @property
    def remarks(self) -> list[str]:
        """What is not as it was when the run was made, one line each."""
        manifest = self.run.manifest
        remarks = []
        if manifest["code_version"] != code_version():
            remarks.append(
                f"the code differs: {manifest['code_version']} then, {code_version()} now"
            )
        if manifest["git"]["dirty"]:
            remarks.append("the working tree had changes that were in no commit then")
        remarks += [
            f"{name} {manifest['libraries'].get(name)} then, {now} now"
            for name, now in libraries().items()
            if manifest["libraries"].get(name) != now
        ]
        return remarks

    def document(self) -> dict[str, Any]:
        """All of it for JSON."""
        return {
            "run_key": self.run.key,
            "identical": self.identical,
            "tables": self.tables,
            "remarks": self.remarks,
        }


def reproduce_run(
    run: StoredRun,
    engine: str | None = None,
    threads: int | None = None,
    on_week: OnWeek | None = None,
) -> Reproduction:
    """The run made again from its description alone, its tables compared with those on disk."""
    spec = run.spec()
    if network_file(spec.scenario) != run.manifest["network"]:
        raise RunError(
            f"{run.folder}: cannot be made again: the content of "
            f"{run.manifest['network']['file']} has changed"
        )
    options = checked_options(
        engine or run.manifest["engine"], threads, run.manifest["trace"], [spec.market]
    )
    tables, _ = lived(spec, options, on_week)
    answers = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in run.manifest["tables"]:
            if name not in tables:
                answers[name] = "is not among the tables now"
                continue
            again = Path(folder) / f"{name}.parquet"
            write_table(tables[name], again)
            answers[name] = _answer(run, name, again)
    return Reproduction(run, answers)


def _answer(run: StoredRun, name: str, again: Path) -> str:
    stored = run.folder / again.name
    apart = stored.exists()  # a packed run has no files of its own
    if apart and hash_of_file(stored) == hash_of_file(again):
        return "same bytes"
    before = read_table(stored) if apart else run.table(name)  # as it lies, whatever was written
    now = read_table(again)
    if list(before.columns) != list(now.columns):
        return "differs in its columns"
    if len(before) != len(now):
        return f"differs in length: {len(before)} rows then, {len(now)} now"
    different = [name for name in now.columns if not before[name].equals(now[name])]
    return f"differs in {', '.join(different)}" if different else "same values"
