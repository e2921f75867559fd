"""Markets compared on the same worlds: paired replicates and the differences between them.

Replicate r has the seed `run.seed + r` in every arm, so both markets of a pair have the same
people, ties, merchants and luck, and what differs between them is the market.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.experiments.analyses import Analysis, keep_analysis, open_analysis
from sim.experiments.checks import check_pair
from sim.experiments.errors import RunError
from sim.experiments.files import plain_rows
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore, StoredRun, plain_values
from sim.experiments.workers import make_runs
from sim.measures.differences import paired_differences
from sim.measures.summary import counted_weeks
from sim.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd


class Difference(NamedTuple):
    """Mean paired difference with its 95 % interval (Student) and the number of pairs."""

    estimate: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Comparison:
    """A comparison on disk: the differences, the outcomes of each run, and the runs behind them."""

    analysis: Analysis

    @property
    def folder(self) -> Path:
        """Where the comparison lies."""
        return self.analysis.folder

    @property
    def document(self) -> dict[str, Any]:
        """What the comparison is and what came out, as `--json` prints it."""
        return self.analysis.document

    @property
    def run_keys(self) -> list[str]:
        """Keys of the runs behind the table."""
        return self.analysis.run_keys

    @cached_property
    def table(self) -> "pd.DataFrame":
        """Paired differences, one row an outcome and pair of markets."""
        return self.analysis.table("compare")

    @cached_property
    def runs(self) -> "pd.DataFrame":
        """One row a run: market, seed, run_key and its outcomes."""
        return self.analysis.table("runs")

    def difference(self, outcome: str, pair: tuple[str, str] | None = None) -> Difference:
        """First market less second in that outcome; without `pair`, the first two compared."""
        first, second = pair or self.document["markets"][:2]
        for row in self.document["differences"]:
            if row["outcome"] != outcome:
                continue
            values = [row[name] for name in ("estimate", "low", "high")]
            values = [float("nan") if value is None else value for value in values]
            if (row["first"], row["second"]) == (first, second):
                return Difference(values[0], values[1], values[2], row["n"])
            if (row["first"], row["second"]) == (second, first):
                return Difference(-values[0], -values[2], -values[1], row["n"])
        known = sorted({row["outcome"] for row in self.document["differences"]})
        raise RunError(
            f"{outcome}, {first} against {second}: is not compared here: "
            f"markets are {', '.join(self.document['markets'])}; outcomes are {', '.join(known)}"
        )


def compare_markets(
    scenario: Scenario,
    markets: Sequence[str],
    replicates: int,
    store: RunStore,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Paired differences between the markets; runs already stored are reused."""
    check_pair(markets)
    # replicates must leave room for their seeds
    scenario = scenario.with_values({"run.replicates": replicates})
    store.prepare(scenario.name)
    seeds = [scenario.run.seed + number for number in range(replicates)]
    specs = [RunSpec(scenario, market, seed) for seed in seeds for market in markets]
    make_runs(specs, store, options, jobs, progress)
    return _keep(scenario, markets, [_stored(store, spec) for spec in specs], store)


def keep_partial(
    scenario: Scenario, markets: Sequence[str], replicates: int, store: RunStore
) -> Comparison | None:
    """The comparison of the whole pairs among `replicates` wanted; None without any.

    Its folder is named `partial-<key>` and its document says how many pairs were wanted; nothing
    that lists comparisons reads it.
    """
    pairs = []
    for seed in range(scenario.run.seed, scenario.run.seed + replicates):
        pair = [store.find(RunSpec(scenario, market, seed)) for market in markets]
        if not all(pair):  # pairs are made one after another
            break
        pairs += [run for run in pair if run is not None]
    return _keep(scenario, markets, pairs, store, wanted=replicates) if pairs else None


def _stored(store: RunStore, spec: RunSpec) -> StoredRun:
    stored = store.find(spec)
    if stored is None:
        raise RunError(f"{store.folder(spec)}: was removed while the comparison was made")
    return stored


def _keep(
    scenario: Scenario,
    markets: Sequence[str],
    runs: Sequence[StoredRun],
    store: RunStore,
    wanted: int | None = None,
) -> Comparison:
    import pandas as pd

    rows = [
        {
            "market": run.manifest["market"],
            "seed": run.manifest["seed"],
            "run_key": run.key,
            **run.outcomes(),
        }
        for run in runs
    ]
    outcomes = pd.DataFrame(rows)
    differences = paired_differences(outcomes, list(combinations(markets, 2)))
    first, last = counted_weeks(scenario.run.weeks, scenario.run.warm_up_weeks)
    document: dict[str, Any] = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "markets": list(markets),
        "replicates": len(runs) // len(markets),
        "counted_weeks": {"first": first, "end": last},
        "notes": list(dict.fromkeys(note for run in runs for note in run.notes)),
        "interval": "95 % (Student) of the mean paired difference, first less second",
        "differences": plain_rows(differences),
        "runs": [
            {"market": row["market"], "seed": row["seed"], "run_key": row["run_key"]}
            for row in rows
        ],
    }
    partial = wanted is not None
    if partial:
        document["partial"] = {"pairs_wanted": wanted}
    tables = {"compare": differences, "runs": outcomes}
    return Comparison(keep_analysis(store, scenario.name, "compare", document, tables, partial))


def open_comparison(folder: str | Path) -> Comparison:
    """The comparison in that folder."""
    return Comparison(open_analysis(folder, "compare"))
