"""Make the published comparisons again: run what is not stored yet, keep what the app reads.

Each is an ordinary comparison in `results/`: the baseline at its full size, the presets on the
small world of the scenario `quick`, so that they differ from it in nothing else. Its tables and the
overview made of its runs are copied to `results/published/<scenario>/`; the runs themselves and the
pictures stay out.
"""

import argparse
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from publishing.evidence import publish_claims, publish_validation
from publishing.known import publish_known
from publishing.manifest import write_manifest
from publishing.rates import publish_rates
from publishing.story import publish_story
from publishing.tuning import publish_beside, publish_tuning
from write_evidence import main as write_evidence

from sim import compare, load_scenario
from sim.experiments.folders import write_whole
from sim.experiments.progress import ProgressShown
from sim.experiments.store import RunStore
from sim.report.overview import write_overview
from sim.scenario import Scenario

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "results" / "published"
FILES = ("compare.json", "compare.parquet", "runs.parquet")

MARKETS = ("referral", "ads", "hybrid")
#: Pairs of runs of each published comparison.
REPLICATES = {
    "baseline": 16,
    "quick": 16,
    "mask-sellers": 8,
    "high-reward": 8,
    "unscreened": 8,
    "ad-fair": 8,
}
#: Traced runs behind what the Story shows, by scenario.
TRACED = {"baseline": 8}
#: Pairs of runs at each reward rate of the first page's slider.
RATE_REPLICATES = 8


def main() -> None:
    """Make the parts that are asked for, or all, and a manifest of what made them."""
    parser = argparse.ArgumentParser(description="make published results again")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of: {', '.join(PARTS)}")
    asked = parser.parse_args().parts
    if unknown := set(asked) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    for name in asked or PARTS:
        start = time.monotonic()
        PARTS[name]()
        write_evidence()
        write_manifest(PUBLISHED, name, time.monotonic() - start)
        print(f"published {name} after {time.monotonic() - start:.0f} s")


def comparisons() -> None:
    """Compare, and keep the tables."""
    usual, quick = Scenario().values(), load_scenario("quick").values()
    small = {key: value for key, value in quick.items() if value != usual[key]}
    for name, replicates in REPLICATES.items():
        scenario = load_scenario(name)
        if name != "baseline":
            scenario = scenario.with_values(small)
        with ProgressShown(f"compare {name}") as progress:
            comparison = compare(
                scenario,
                MARKETS,
                replicates=replicates,
                out=ROOT / "results",
                progress=progress,
                figures=False,
            )
        _publish_comparison(comparison.folder, PUBLISHED / name)


def _publish_comparison(folder: Path, target: Path) -> None:
    """Keep a comparison's tables in `target`, beside what other parts keep there."""

    def write(part: Path) -> None:
        for file in FILES:
            shutil.copyfile(folder / file, part / file)
        write_overview(folder, part)
        for other in target.glob("*/"):
            shutil.copytree(other, part / other.name)

    write_whole(target, write)


def stories() -> None:
    """Keep what the Story shows."""
    for name, replicates in TRACED.items():
        publish_story(load_scenario(name), PUBLISHED / name, RunStore(ROOT / "results"), replicates)


PARTS: dict[str, Callable[[], None]] = {
    "comparisons": comparisons,
    "stories": stories,
    "known": lambda: publish_known(PUBLISHED / "verify"),
    "rates": lambda: publish_rates(
        Scenario(), PUBLISHED / "rates", ROOT / "results", RATE_REPLICATES
    ),
    "tuning": lambda: publish_tuning(Scenario(), PUBLISHED, ROOT / "results"),
    "beside": lambda: publish_beside(Scenario(), PUBLISHED, ROOT / "results"),
    "validation": lambda: publish_validation(
        Scenario(), PUBLISHED / "baseline", RunStore(ROOT / "results")
    ),
    "claims": lambda: publish_claims(
        Scenario(), PUBLISHED / "baseline", RunStore(ROOT / "results")
    ),
}


if __name__ == "__main__":
    main()
