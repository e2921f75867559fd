"""What the Story shows besides comparisons: cascades to play, lives to follow, shares that die.

One traced run of the baseline's referral market is followed; numbers with intervals are means over
several traced runs of it. Both are written to `results/published/<scenario>/`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.experiments.files import plain_rows, write_json, write_table
from sim.experiments.folders import write_whole
from sim.experiments.following import follow
from sim.experiments.replicate import RunOptions, replicate_unless_stored, simulate
from sim.experiments.store import RunSpec, RunStore, StoredRun, plain_values
from sim.measures.over_runs import means_over_runs
from sim.network import build_network
from sim.report.followed import choose, extract_tables, write_extract
from sim.report.player import noteworthy_roots, player_document
from sim.report.sharing_facts import facts_of_run
from sim.scenario import Scenario

MARKET = "referral"


def publish_story(scenario: Scenario, target: Path, store: RunStore, replicates: int) -> None:
    """Write `player/`, `followed/` and `sharing/` of that scenario into `target`.

    The first run is kept with its event log; of the others only the facts are, because logs are
    large.
    """
    first = scenario.run.seed
    specs = [RunSpec(scenario, MARKET, seed) for seed in range(first, first + replicates)]
    store.prepare(scenario.name)
    run = replicate_unless_stored(specs[0], RunOptions(trace=True), store)
    _publish_one(run, target)
    facts = [facts_of_run(run), *(facts_of_run(_lived(spec)) for spec in specs[1:])]
    together = pd.concat(facts, ignore_index=True)
    means = means_over_runs(together, ["market", "fact"], "value")

    def write(part: Path) -> None:
        write_table(means, part / "facts.parquet")
        document = {
            "format_version": 1,
            "command": "sharing",
            "scenario": scenario.name,
            "values": plain_values(scenario),
            "by_run": plain_rows(together),
            "runs": plain_rows(together[["market", "seed", "run_key"]].drop_duplicates()),
        }
        write_json(document, part / "sharing.json")

    write_whole(target / "sharing", write)


class Lived(NamedTuple):
    """A traced run that is not kept."""

    key: str
    manifest: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        """The table of that name."""
        return self.tables[name]


def _lived(spec: RunSpec) -> Lived:
    tables, facts = simulate(spec, RunOptions(trace=True))
    told = {"market": spec.market, "seed": spec.seed, "values": plain_values(spec.scenario)}
    return Lived(spec.key, {**told, **facts}, tables)


def _publish_one(run: StoredRun, target: Path) -> None:
    tables = {
        name: run.table(name)
        for name in ("cascades", "shares", "orders", "exposures", "transfers", "merchants")
    }
    network = build_network(run.scenario(), run.spec().seed)

    def play(part: Path) -> None:
        for which, root in noteworthy_roots(tables["cascades"], tables["shares"]).items():
            document = player_document(tables, network, root)
            told = {"command": "player", "which": which, "run_key": run.key}
            told |= {name: run.manifest[name] for name in ("scenario", "market", "seed")}
            write_json({**told, **document}, part / f"{which}.json")

    def keep(part: Path) -> None:
        chosen = choose(run)
        seen = follow(run.spec(), chosen.people.tolist())
        extract = extract_tables(run, chosen)
        write_extract(
            part, run, chosen, {**extract, "looks": seen.looks, "standing": seen.standing}
        )

    write_whole(target / "player", play)
    write_whole(target / "followed", keep)
