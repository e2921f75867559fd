"""Where runs go as soon as they are made: a folder each, or packs of many."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sim.experiments.finished import FinishedRun, finish, from_plain
from sim.experiments.pack_files import Packs
from sim.experiments.replicate import OnWeek, RunOptions, replicate
from sim.experiments.store import RunSpec, RunStore


class Keeping(Protocol):
    """Makes a run here, or tells a worker how to and takes what it answers."""

    def task(self) -> dict[str, Any]:
        """What a worker must know besides the run."""

    def make(self, spec: RunSpec, options: RunOptions, on_week: OnWeek) -> None:
        """Make and keep the run in this process."""

    def receive(self, answer: Mapping[str, Any]) -> None:
        """Keep what a worker answered when it was done."""

    def clear(self) -> None:
        """Remove what workers that are no more left half-written."""


@dataclass(frozen=True)
class IntoFolders:
    """A folder each; a worker writes it."""

    store: RunStore
    name: str

    def task(self) -> dict[str, Any]:
        """The root of the store."""
        return {"root": str(self.store.root.absolute())}

    def make(self, spec: RunSpec, options: RunOptions, on_week: OnWeek) -> None:
        """Make and keep the run in this process."""
        replicate(spec, options, self.store, on_week)

    def receive(self, answer: Mapping[str, Any]) -> None:
        """Nothing: the folder is there."""

    def clear(self) -> None:
        """Remove folders that dead workers left half-written."""
        self.store.clear(self.name)


@dataclass(frozen=True)
class IntoPacks:
    """Packs, written by this process alone, a run as soon as it is there."""

    packs: Packs
    tables: tuple[str, ...]

    def task(self) -> dict[str, Any]:
        """Names of the tables wanted."""
        return {"tables": list(self.tables)}

    def make(self, spec: RunSpec, options: RunOptions, on_week: OnWeek) -> None:
        """Make and keep the run in this process."""
        self.packs.add([finish(spec, options, self.tables, on_week)])

    def receive(self, answer: Mapping[str, Any]) -> None:
        """Keep the run that came with the answer."""
        self.take(from_plain(answer["run"]))

    def take(self, run: FinishedRun) -> None:
        """Keep a finished run."""
        self.packs.add([run])

    def clear(self) -> None:
        """Nothing: workers write nothing."""
