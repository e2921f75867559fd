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
from sim.experiments.checks import Mistakes, check_pair, outcome_named
from sim.experiments.crew import Crew
from sim.experiments.errors import RunError
from sim.experiments.files import plain_rows
from sim.experiments.long_waits import warn_of_a_long_wait
from sim.experiments.progress import Progress
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore, StoredRun, plain_values
from sim.experiments.workers import make_runs
from sim.measures.differences import paired_differences
from sim.measures.groups import MERCHANT_COLUMNS, group_differences, groups_of_run
from sim.measures.incrementality import incrementality, reward_sums
from sim.measures.precision import deviation_from, pairs_for
from sim.measures.sides import side_differences
from sim.measures.summary import OUTCOMES, counted_weeks
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
        """What the comparison is and what came out, as `--json` prints it beside the folder."""
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


class Wanted(NamedTuple):
    """How narrow an interval shall be: pairs are added until it is."""

    width: float
    """Width of the interval of the first pair of markets, in the unit of the outcome."""
    outcome: str
    """Its name, with or without its unit `_fen`."""
    most: int = 1_000
    """Pairs after which it is given up."""


_FIRST_LOOK = 10
"""Pairs before which no width is trusted: of fewer, the spread itself is hardly known."""


def compare_markets(
    scenario: Scenario,
    markets: Sequence[str],
    replicates: int,
    store: RunStore,
    options: RunOptions,
    jobs: int | None = None,
    progress: Progress | None = None,
    wanted: Wanted | None = None,
    with_incrementality: bool = False,
) -> Comparison:
    """Paired differences between the markets; runs already stored are reused.

    With `wanted`, `replicates` pairs (at least 10) are the beginning, and more follow until the
    interval is narrow enough. Only the width is looked at, never the estimate: of normal samples
    the two are independent, so that stopping does not favour any answer (Chow & Robbins 1965).
    With `with_incrementality` and rewards in a referral market, that market is also run at a reward
    of 0, for what the rewards caused.
    """
    check_pair(markets)
    if wanted is not None:
        wanted = _checked(wanted)
        replicates = min(max(replicates, _FIRST_LOOK), wanted.most)
    store.prepare(scenario.name)
    begun = 0
    with Crew() as crew:
        while True:
            # replicates must leave room for their seeds
            scenario = scenario.with_values({"run.replicates": replicates})
            unrewarded = _unrewarded(scenario, markets) if with_incrementality else None
            first = [RunSpec(scenario, market, scenario.run.seed) for market in markets]
            n_runs = (replicates - begun) * (len(markets) + (unrewarded is not None))
            warn_of_a_long_wait(first, n_runs, options, jobs, were_made=begun > 0)
            seeds = [scenario.run.seed + number for number in range(replicates)]
            specs = [RunSpec(scenario, market, seed) for seed in seeds for market in markets]
            without = (
                [RunSpec(unrewarded, "referral", seed) for seed in seeds] if unrewarded else []
            )
            make_runs([*specs, *without], store, options, jobs, progress, crew)
            runs = [_stored(store, spec) for spec in specs]
            more = _more_pairs(runs, markets, wanted, replicates)
            if more == replicates:
                break  # narrow enough, or no width is wanted
            begun, replicates = replicates, more
    gains = _incrementality(runs, [_stored(store, spec) for spec in without], scenario)
    return _keep(scenario, markets, runs, store, gains, wanted)


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
    return _keep(scenario, markets, pairs, store, pairs_wanted=replicates) if pairs else None


def wanted_of(
    markets: Sequence[str], until_width: float | None, outcome: str | None
) -> Wanted | None:
    """How narrow which interval shall be, if that is asked; RunError tells all mistakes at once."""
    mistakes = Mistakes()
    mistakes.tried(check_pair, markets)
    wanted: Wanted | None = None
    if until_width is not None:
        name = "household_gain_fen" if outcome is None else outcome
        wanted = mistakes.tried(_checked, Wanted(until_width, name))
    elif outcome is not None:
        mistakes.append("outcome: says nothing without until-width: give the width you want")
    if mistakes:
        raise RunError(*mistakes)
    return wanted


def _checked(wanted: Wanted) -> Wanted:
    """What is wanted, with the full name of the outcome; RunError where nothing can be that."""
    mistakes = []
    outcome = ""
    if not 0 < wanted.width < float("inf"):
        mistakes.append(f"until-width: {wanted.width:g} is no width: give a number above 0")
    try:
        outcome = outcome_named(wanted.outcome, OUTCOMES)
    except RunError as error:
        mistakes += error.lines
    if mistakes:
        raise RunError(*mistakes)
    return wanted._replace(outcome=outcome)


def _unrewarded(scenario: Scenario, markets: Sequence[str]) -> Scenario | None:
    """The scenario at a reward of 0, where there is a referral market that pays one."""
    if "referral" not in markets or scenario.referral.reward_rate == 0:
        return None
    return scenario.with_values({"referral.reward_rate": 0.0})


def _more_pairs(
    runs: Sequence[StoredRun], markets: Sequence[str], wanted: Wanted | None, replicates: int
) -> int:
    """How many pairs there must be; as many as there are when it is enough."""
    if wanted is None:
        return replicates
    row = _row_of(_differences(runs, markets)[0], wanted.outcome, markets)
    if row["high"] - row["low"] <= wanted.width or replicates >= wanted.most or row["n"] < 2:
        return replicates
    needed = _needed(row, wanted)
    return min(wanted.most, max(replicates + 2, min(needed, 2 * replicates)))


def _row_of(differences: "pd.DataFrame", outcome: str, markets: Sequence[str]) -> "pd.Series[Any]":
    rows = differences[
        (differences["outcome"] == outcome)
        & (differences["first"] == markets[0])
        & (differences["second"] == markets[1])
    ]
    return rows.iloc[0]


def _needed(row: "pd.Series[Any]", wanted: Wanted) -> int:
    """Pairs that the spread of those at hand asks for."""
    n = int(row["n"])
    reach = (float(row["high"]) - float(row["low"])) / 2
    return pairs_for(deviation_from(reach, n), wanted.width)


def _stored(store: RunStore, spec: RunSpec) -> StoredRun:
    stored = store.find(spec)
    if stored is None:
        raise RunError(f"{store.folder(spec)}: was removed while the comparison was made")
    return stored


def _differences(
    runs: Sequence[StoredRun], markets: Sequence[str]
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Paired differences, and the outcomes of each run."""
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
    return paired_differences(outcomes, list(combinations(markets, 2))), outcomes


def _incrementality(
    runs: Sequence[StoredRun], without: Sequence[StoredRun], scenario: Scenario
) -> "pd.DataFrame | None":
    """What the rewards of the referral market caused, if runs without them were made."""
    import pandas as pd

    if not without:
        return None
    first, _ = counted_weeks(scenario.run.weeks, scenario.run.warm_up_weeks)
    arms = [
        pd.DataFrame([reward_sums(run.weekly, first, run.manifest["n_consumers"]) for run in arm])
        for arm in ([run for run in runs if run.manifest["market"] == "referral"], without)
    ]
    return incrementality(arms[0], arms[1], scenario.run.seed).assign(
        run_keys=",".join(run.key for run in without)
    )


def _groups(
    scenario: Scenario, markets: Sequence[str], runs: Sequence[StoredRun]
) -> "pd.DataFrame | None":
    """Differences by groups of people and merchants, if the runs tell them."""
    import pandas as pd

    first, _ = counted_weeks(scenario.run.weeks, scenario.run.warm_up_weeks)
    if not all("people" in run.manifest["tables"] for run in runs):
        return None
    parts = [
        groups_of_run(run.people, run.table("merchants", MERCHANT_COLUMNS), first).assign(
            market=run.manifest["market"], seed=run.manifest["seed"]
        )
        for run in runs
    ]
    return group_differences(pd.concat(parts, ignore_index=True), list(combinations(markets, 2)))


def _keep(
    scenario: Scenario,
    markets: Sequence[str],
    runs: Sequence[StoredRun],
    store: RunStore,
    gains: "pd.DataFrame | None" = None,
    wanted: Wanted | None = None,
    pairs_wanted: int | None = None,
) -> Comparison:
    """The comparison of these runs, written; a partial one where more pairs were wanted."""
    differences, outcomes = _differences(runs, markets)
    first, last = counted_weeks(scenario.run.weeks, scenario.run.warm_up_weeks)
    tables = {"compare": differences, "runs": outcomes}
    groups = _groups(scenario, markets, runs)
    document: dict[str, Any] = {
        "scenario": scenario.name,
        "values": plain_values(scenario),
        "markets": list(markets),
        "replicates": len(runs) // len(markets),
        "counted_weeks": {"first": first, "end": last},
        "notes": list(dict.fromkeys(note for run in runs for note in run.notes)),
        "interval": "95 % (Student) of the mean paired difference, first less second",
        "differences": plain_rows(differences),
    }
    if wanted is not None:
        row = _row_of(differences, wanted.outcome, markets)
        width = float(row["high"] - row["low"])
        document["precision"] = {
            **wanted._asdict(),
            "unit": OUTCOMES[wanted.outcome],
            "reached": width if width == width else None,
            "n": int(row["n"]),
            "n_needed": _needed(row, wanted) if row["n"] > 1 else None,
        }
    if groups is not None:
        tables["groups"] = groups
        document["groups"] = plain_rows(groups)
    by_side = [sides for run in runs if (sides := run.ends_of_sides())]
    if by_side:
        tables["sides"] = side_differences(by_side)
        document["sides"] = {
            "names": [side["side"] for side in by_side[0]],
            "differences": plain_rows(tables["sides"]),
        }
    if gains is not None:
        tables["incrementality"] = gains.drop(columns="run_keys")
        document["incrementality"] = {
            "measures": plain_rows(tables["incrementality"]),
            "run_keys": gains["run_keys"].iloc[0].split(","),
        }
    document["runs"] = plain_rows(outcomes[["market", "seed", "run_key"]])
    partial = pairs_wanted is not None
    if partial:
        document["partial"] = {"pairs_wanted": pairs_wanted}
    return Comparison(keep_analysis(store, scenario.name, "compare", document, tables, partial))


def open_comparison(folder: str | Path) -> Comparison:
    """The comparison in that folder."""
    return Comparison(open_analysis(folder, "compare"))
