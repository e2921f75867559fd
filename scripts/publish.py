"""Make the published comparisons again: run what is not stored yet, keep what the app reads.

Each is an ordinary comparison in `results/`: the baseline at its full size, the presets on the
small world of the scenario `quick`, so that they differ from it in nothing else. Its tables and the
overview made of its runs are copied to `results/published/<scenario>/`; the runs themselves and the
pictures stay out.
"""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from publishing.evidence import publish_claims, publish_validation
from publishing.known import publish_known
from publishing.manifest import write_manifest
from publishing.rates import publish_rates
from publishing.story import publish_story
from publishing.tuning import publish_tuning
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
    """Make all of it, part by part, and a manifest of what made it."""
    seconds: dict[str, float] = {}
    for name, publish in PARTS.items():
        start = time.monotonic()
        publish()
        seconds[name] = time.monotonic() - start
        print(f"published {name} after {seconds[name]:.0f} s")
    write_evidence()
    write_manifest(PUBLISHED, seconds)


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
                replicates=replicates,
                out=ROOT / "results",
                progress=progress,
                figures=False,
            )
        folder = comparison.folder

        def write(part: Path, folder: Path = folder) -> None:
            for file in FILES:
                shutil.copyfile(folder / file, part / file)
            write_overview(folder, part)

        write_whole(PUBLISHED / name, write)


def stories() -> None:
    """Keep what the Story shows."""
    for name, replicates in TRACED.items():
        publish_story(load_scenario(name), PUBLISHED / name, RunStore(ROOT / "results"), replicates)


PARTS: dict[str, Callable[[], None]] = {
    "comparisons": comparisons,
    "stories": stories,
    "known answers": lambda: publish_known(PUBLISHED / "verify"),
    "rates": lambda: publish_rates(
        Scenario(), PUBLISHED / "rates", ROOT / "results", RATE_REPLICATES
    ),
    "tuning": lambda: publish_tuning(Scenario(), PUBLISHED, ROOT / "results"),
    "validation": lambda: publish_validation(
        Scenario(), PUBLISHED / "baseline", RunStore(ROOT / "results")
    ),
    "claims": lambda: publish_claims(
        Scenario(), PUBLISHED / "baseline", RunStore(ROOT / "results")
    ),
}


if __name__ == "__main__":
    main()
