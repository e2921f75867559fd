"""Many runs on a Dask cluster that is there already.

Nothing but finished runs matters: each is packed here as soon as it comes back. So a lost worker
costs the runs it had, which others make again, and after a lost scheduler the same command started
again goes on. A worker process makes one run at a time, for compiled threads cannot share one.
"""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import islice
from typing import Any

from sim.experiments.errors import RunError
from sim.experiments.finished import FinishedRun, finish
from sim.experiments.keeping import IntoPacks
from sim.experiments.packs import Maker
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, scenario_of
from sim.parameters.problems import InputError

_PATIENCE = "5s"
"""How long the scheduler may be silent when asked, before it counts as lost."""
_WORKERS_WITHIN = 10.0
"""Seconds within which a cluster must show a worker."""
_AHEAD = 2
"""Runs handed out per thread of the cluster, so that none waits for work."""
_ONE_AT_A_TIME = threading.Lock()


def make_on(address: str) -> Maker:
    """What makes runs on the cluster whose scheduler has that address."""

    def make(
        specs: Sequence[RunSpec],
        keeping: IntoPacks,
        options: RunOptions,
        jobs: int | None,
        progress: Progress,
    ) -> dict[int, str]:
        options = replace(options, threads=options.threads or 1)
        with _client(address) as client:
            try:
                return _make(client, specs, keeping, options, jobs, progress)
            except Lost as error:
                raise RunError(
                    f"--dask {address}: the scheduler was lost; finished runs are kept: "
                    "start again to go on"
                ) from error

    return make


class Lost(Exception):
    """The scheduler does not answer any more."""


def make_run(task: Mapping[str, Any]) -> FinishedRun | list[str]:
    """The run of a task, or the lines that say why it is wrong input. Runs on a worker."""
    with _ONE_AT_A_TIME:
        try:
            scenario = scenario_of(task["scenario"], task["values"])
            spec = RunSpec(scenario, task["market"], task["seed"])
            if spec.key != task["key"]:
                raise RunError("the workers have other code or another network file than this")
            return finish(spec, RunOptions(**task["options"]), task["tables"])
        except InputError as error:
            return list(error.lines)


def _make(
    client: Any,
    specs: Sequence[RunSpec],
    keeping: IntoPacks,
    options: RunOptions,
    jobs: int | None,
    progress: Progress,
) -> dict[int, str]:
    from distributed import as_completed

    def submit(run: int) -> Any:
        spec = specs[run]
        task = {
            "scenario": spec.scenario.name,
            "values": spec.scenario.values(),
            "market": spec.market,
            "seed": spec.seed,
            "key": spec.key,
            "options": asdict(options),
            "tables": keeping.tables,
        }
        future = client.submit(make_run, task, key=f"sharesim-{spec.key}", pure=False)
        places[future.key] = run
        return future

    places: dict[str, int] = {}
    reasons: dict[int, str] = {}
    waiting = iter(range(len(specs)))
    ahead = jobs or _AHEAD * max(1, sum(client.nthreads().values()))
    first = [submit(run) for run in islice(waiting, ahead)]
    under_way = as_completed(first, loop=client.loop)
    for future in under_way:
        run = places.pop(future.key)
        if future.status in ("cancelled", "lost"):
            raise Lost
        if future.status == "error":
            error = future.exception()
            reasons[run] = f"{type(error).__name__}: {error}"
        else:
            result = future.result()
            if isinstance(result, list):
                raise InputError(*result)
            keeping.take(result)
        progress.end_run(run)
        future.release()
        for further in waiting:
            under_way.add(submit(further))
            break
    return reasons


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        import dask
        from distributed import Client
    except ImportError as error:
        raise RunError('--dask: Dask is not installed: pip install "sharesim[dask]"') from error
    settings = {"distributed.comm.timeouts.connect": _PATIENCE}
    with dask.config.set(settings):
        try:
            client = Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            raise RunError(f"--dask {address}: no scheduler answers there") from error
        try:
            _await_workers(client, address)
            yield client
        finally:
            client.close(timeout=1)


def _await_workers(client: Any, address: str) -> None:
    try:
        client.wait_for_workers(1, timeout=_WORKERS_WITHIN)
    except TimeoutError as error:
        raise RunError(
            f"--dask {address}: the cluster has no workers: start one with `dask worker {address}`"
        ) from error
