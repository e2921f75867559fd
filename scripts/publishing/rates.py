"""The stored sweep behind the first page: both markets compared at each of some reward rates.

Each rate is an ordinary comparison with its overview, in `results/published/rates/<per mille>/`, so
that the page shows at every rate what it shows of any comparison.
"""

import shutil
from pathlib import Path

from sim import compare
from sim.experiments.folders import write_whole
from sim.experiments.progress import ProgressShown
from sim.report.overview import write_overview
from sim.scenario import Scenario

RATES = (0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.25, 0.3)
"""Reward rates of the slider; the default of the model is among them."""
FILES = ("compare.json", "compare.parquet", "runs.parquet")


def publish_rates(scenario: Scenario, target: Path, root: Path, replicates: int) -> None:
    """Compare at every rate and write what the page reads into `target`."""
    # All comparisons come first: they are written too, and one folder is written at a time.
    found = {
        f"{round(1000 * rate):03d}": _compare_at(scenario, rate, root, replicates) for rate in RATES
    }

    def write(part: Path) -> None:
        for name, comparison in found.items():
            folder = part / name
            folder.mkdir()
            for file in FILES:
                shutil.copyfile(comparison / file, folder / file)
            write_overview(comparison, folder)

    write_whole(target, write)


def _compare_at(scenario: Scenario, rate: float, root: Path, replicates: int) -> Path:
    """The folder of the comparison at that reward rate."""
    chosen = scenario.with_values({"referral.reward_rate": rate})
    with ProgressShown(f"compare at {rate:g}") as progress:
        return compare(
            chosen, replicates=replicates, out=root, progress=progress, figures=False
        ).folder
