"""One run: the one place where a model is made, walked through its weeks and read."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sim.experiments.errors import Stopped
from sim.experiments.store import RunSpec, RunStore, StoredRun
from sim.kernels.threads import threads_given

if TYPE_CHECKING:
    import pandas as pd

    from sim.measures.spool import Table
    from sim.network import Network

OnWeek = Callable[[int], None]
"""Called after every simulated week with the number of weeks done."""


ENGINES = ("array", "mesa")
"""Engines there are, the default first."""


@dataclass(frozen=True)
class RunOptions:
    """How a run is made; none of it changes a table that is written."""

    engine: str = ENGINES[0]
    """One of `ENGINES`."""
    threads: int | None = None
    """Threads of the engine; None takes as many as pay."""
    trace: bool = False
    """Whether the event log is kept as well."""
    force: bool = False
    """Whether it is tried even if it seems not to fit in memory."""


def simulate(
    spec: RunSpec, options: RunOptions, on_week: OnWeek | None = None
) -> tuple[dict[str, "pd.DataFrame"], dict[str, Any]]:
    """Tables of a run, and the facts of its making for the manifest; see `lived`."""
    from sim.measures.spool import framed

    tables, facts = lived(spec, options, on_week)
    return {name: framed(table) for name, table in tables.items()}, facts


def lived(
    spec: RunSpec, options: RunOptions, on_week: OnWeek | None = None
) -> tuple[dict[str, "Table"], dict[str, Any]]:
    """Tables of a run, the event log still on disk, and the facts of its making.

    `on_week` may raise Stopped; it goes on with the tables and facts of the weeks done so far.
    """
    from sim.model import MarketModel

    started = datetime.now(UTC)
    clock = time.perf_counter()
    model = MarketModel(
        spec.scenario,
        market=spec.market,
        rng=spec.seed,
        threads=options.threads,
        trace=options.trace,
        engine=options.engine,
    )
    stopped = None
    try:
        for week in range(spec.scenario.run.weeks):
            model.step()
            if on_week is not None:
                on_week(week + 1)
    except Stopped as stop:
        stopped = stop
    tables = model.tables_so_far.streamed()
    facts = {
        "n_consumers": model.world.n_consumers,
        "ties": ties_of(model.world.network),
        "engine": options.engine,
        "threads": threads_given(options.threads, model.world.n_consumers),
        "trace": options.trace,
        "log_sampling_rate": model.tables_so_far.log_sampling_rate,
        "started": started.isoformat(timespec="seconds"),
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - clock, 3),
    }
    if stopped is not None:
        stopped.tables, stopped.facts = tables, facts
        raise stopped
    return tables, facts


def ties_of(network: "Network") -> dict[str, Any]:
    """How many ties a run had, and how many lines of its file made none."""
    return {"kept": network.n_ties, "dropped": network.dropped._asdict()}


def replicate(
    spec: RunSpec, options: RunOptions, store: RunStore, on_week: OnWeek | None = None
) -> StoredRun:
    """The run, computed now and stored; what a stopped run came to is kept as a partial one."""
    try:
        tables, facts = lived(spec, options, on_week)
    except Stopped as stop:
        store.save_partial(spec, stop.tables, stop.facts)
        raise
    return store.save(spec, tables, facts)


def replicate_unless_stored(
    spec: RunSpec, options: RunOptions, store: RunStore, on_week: OnWeek | None = None
) -> StoredRun:
    """The run from the store, or computed and stored if it is not there."""
    stored = store.find(spec, traced=options.trace)
    return stored or replicate(spec, options, store, on_week)
