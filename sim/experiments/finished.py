"""A run that was made, in a form that travels between processes and goes into packs.

No time stands in it, nor who made it or on how many threads: equal runs are equal here too.
"""

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.experiments.replicate import OnWeek, RunOptions, simulate
from sim.experiments.store import RunSpec, manifest_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

#: What a manifest says of the making of a run and not of the run.
_OF_THE_MAKING = ("threads", "started", "finished", "seconds")


@dataclass(frozen=True)
class FinishedRun:
    """One run: its row in the list of runs, and its tables as Arrow streams."""

    row: dict[str, Any]
    """run_key, scenario, market, seed, code_version, manifest (JSON) and every outcome."""
    tables: dict[str, bytes]

    @property
    def key(self) -> str:
        """Key of the run."""
        return str(self.row["run_key"])

    def without(self, tables: Collection[str]) -> "FinishedRun":
        """The run less those tables."""
        kept = {name: data for name, data in self.tables.items() if name not in tables}
        return replace(self, tables=kept)

    def table(self, name: str) -> "pa.Table":
        """The table of that name, after a column `run_key`."""
        import pyarrow as pa

        table = pa.ipc.open_stream(self.tables[name]).read_all()
        return table.add_column(0, "run_key", pa.array([self.key] * table.num_rows, pa.string()))

    def plain(self) -> dict[str, Any]:
        """The run as it goes into JSON."""
        coded = {name: base64.b64encode(data).decode() for name, data in self.tables.items()}
        return {"row": self.row, "tables": coded}


def from_plain(content: Mapping[str, Any]) -> FinishedRun:
    """The run that `plain` made this of."""
    tables = {name: base64.b64decode(data) for name, data in content["tables"].items()}
    return FinishedRun(content["row"], tables)


def finish(
    spec: RunSpec, options: RunOptions, tables: Sequence[str], on_week: OnWeek | None = None
) -> FinishedRun:
    """The run, computed now, with those of its tables."""
    made, facts = simulate(spec, options, on_week)
    return finished_run(spec, {name: made[name] for name in tables}, made["weekly"], facts)


def finished_run(
    spec: RunSpec,
    tables: Mapping[str, "pd.DataFrame"],
    weekly: "pd.DataFrame",
    facts: Mapping[str, Any],
) -> FinishedRun:
    """The run of that description with those tables; its outcomes are those of `weekly`."""
    from sim.measures.summary import outcomes_of_run

    lasting = {name: fact for name, fact in facts.items() if name not in _OF_THE_MAKING}
    manifest = manifest_of(spec, lasting, {name: {"rows": len(tables[name])} for name in tables})
    row = {
        "run_key": spec.key,
        "scenario": spec.scenario.name,
        "market": spec.market,
        "seed": spec.seed,
        "code_version": manifest["code_version"],
        "manifest": json.dumps(manifest, ensure_ascii=False, sort_keys=True),
        **outcomes_of_run(weekly, spec.scenario.run.warm_up_weeks, facts["n_consumers"]),
    }
    return FinishedRun(row, {name: _stream(table) for name, table in tables.items()})


def _stream(table: "pd.DataFrame") -> bytes:
    import pyarrow as pa

    columns = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(None)
    plain = pa.schema(
        field.with_type(field.type.value_type) if pa.types.is_dictionary(field.type) else field
        for field in columns.schema
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, plain) as stream:
        stream.write_table(columns.cast(plain))
    return bytes(sink.getvalue())
