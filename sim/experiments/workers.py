"""Many runs on the processors of this machine."""

from collections.abc import Iterable, Sequence

from sim.experiments.crew import WORKER, Crew
from sim.experiments.errors import RunFailed
from sim.experiments.keeping import IntoFolders, Keeping
from sim.experiments.progress import Progress, Silence
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore


def make_runs(
    specs: Iterable[RunSpec],
    store: RunStore,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
    crew: Crew | None = None,
) -> None:
    """Make those of the runs that are not in the store, and store them, a folder each.

    A run that fails does not stop the others; at the end RunFailed names them all. Wrong input
    stops everything. Whatever interrupts, runs already stored stay. Without a crew one is called
    for these runs alone.
    """
    specs = list(specs)
    progress = progress or Silence()
    missing = [spec for spec in specs if store.find(spec, traced=options.trace) is None]
    weeks = max((spec.scenario.run.weeks for spec in missing), default=0)
    progress.start(len(specs), len(specs) - len(missing), weeks)
    if missing:
        keeping = IntoFolders(store, missing[0].scenario.name)
        reasons = (crew.make_all if crew else make_all)(missing, keeping, options, jobs, progress)
        if reasons:
            raise RunFailed([failure(missing[run], reasons[run]) for run in sorted(reasons)])


def make_all(
    specs: Sequence[RunSpec],
    keeping: Keeping,
    options: RunOptions,
    jobs: int | None,
    progress: Progress,
    command: Sequence[str] = WORKER,
) -> dict[int, str]:
    """Make all the runs; returned is what went wrong with which of them, by its place."""
    with Crew(command) as crew:
        return crew.make_all(specs, keeping, options, jobs, progress)


def failure(spec: RunSpec, reason: str) -> str:
    """One line on a run that failed."""
    return f"{spec.scenario.name}, {spec.market}, seed {spec.seed}: {reason}"
