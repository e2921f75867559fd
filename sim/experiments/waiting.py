"""Runs that wait for a worker: whoever made a network goes on with other runs on it."""

from collections import deque
from collections.abc import Hashable, Sequence

from sim.experiments.store import RunSpec


class Waiting:
    """Runs by the network they need, in the order in which they were asked for."""

    def __init__(self, specs: Sequence[RunSpec]) -> None:
        self._runs: dict[Hashable, deque[int]] = {}
        for run, spec in enumerate(specs):
            self._runs.setdefault(_network_of(spec), deque()).append(run)
        self._untouched = deque(self._runs)
        self._last: dict[int, Hashable] = {}

    def __len__(self) -> int:
        return len(self._runs)

    def next_for(self, worker: int) -> int:
        """Return the place of the run that this worker shall make next.

        It is one on the network of its last run of these, else on a network that nobody has made
        yet; in the end workers help each other.
        """
        network = self._last.get(worker)
        if network not in self._runs:
            network = self._untouched.popleft() if self._untouched else next(iter(self._runs))
            self._last[worker] = network
        runs = self._runs[network]
        run = runs.popleft()
        if not runs:
            del self._runs[network]
        return run


def _network_of(spec: RunSpec) -> Hashable:
    return spec.scenario.network, spec.scenario.population.n_consumers, spec.seed
