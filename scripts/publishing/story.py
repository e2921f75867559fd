"""What the Story shows besides comparisons: cascades to play, lives to follow, shares that die.

One traced run of the baseline's referral market is followed; numbers with intervals are means over
several traced runs of it. Both are written to `results/published/<scenario>/`.
"""

from pathlib import Path

import pandas as pd

from sim.experiments.files import write_json, write_table
from sim.experiments.folders import write_whole
from sim.experiments.following import follow
from sim.experiments.replicate import RunOptions, replicate_unless_stored
from sim.experiments.store import RunSpec, RunStore, StoredRun, plain_values
from sim.measures.over_runs import means_over_runs
from sim.network import build_network
from sim.report.followed import choose, extract_tables, write_extract
from sim.report.player import noteworthy_roots, player_document
from sim.report.sharing_facts import facts_of_run
from sim.scenario import Scenario

MARKET = "referral"
FOLDERS = ("player", "followed", "sharing")


def publish_story(scenario: Scenario, target: Path, store: RunStore, replicates: int) -> None:
    """Write `player/`, `followed/` and `sharing/` of that scenario into `target`."""
    facts = []
    for seed in range(scenario.run.seed, scenario.run.seed + replicates):
        run = _traced(RunSpec(scenario, MARKET, seed), store)
        facts.append(facts_of_run(run))
        if seed == scenario.run.seed:
            _publish_one(run, target)
    together = pd.concat(facts, ignore_index=True)
    means = means_over_runs(together, ["market", "fact"], "value")

    def write(part: Path) -> None:
        write_table(means, part / "facts.parquet")
        write_table(together, part / "facts_by_run.parquet")
        document = {
            "format_version": 1,
            "command": "sharing",
            "scenario": scenario.name,
            "values": plain_values(scenario),
            "runs": together[["market", "seed", "run_key"]].drop_duplicates().to_dict("records"),
        }
        write_json(document, part / "sharing.json")

    write_whole(target / "sharing", write)


def _traced(spec: RunSpec, store: RunStore) -> StoredRun:
    store.prepare(spec.scenario.name)
    return replicate_unless_stored(spec, RunOptions(trace=True), store)


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
