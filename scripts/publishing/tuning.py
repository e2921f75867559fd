"""What is published of tuning: the reward rate tuned and swept, a map, what decides.

Worlds are smaller than the baseline so that all of it takes minutes: 3,000 people for the tunings,
the sweep and the map, 1,000 people and a year for the study of sensitivity. Documents and tables
are kept in `results/published/<name>/`; the runs behind them stay in `results/`.
"""

import shutil
from pathlib import Path

from sim.api import sensitivity, sweep, tune
from sim.experiments.folders import write_whole
from sim.experiments.progress import ProgressShown
from sim.scenario import Scenario

RATE, LEVER = "referral.reward_rate", "referral.reward_rate=0:0.3"
TUNED = ("household_gain", "consumer_surplus", "platform_profit")
PEOPLE, TUNE_RUNS, TUNE_WEEKS = 3_000, 90, 104
#: Uncertainties whose ends are tried, to see whether they move the best rate.
MOVED = (
    "screening.audit_correlation",
    "merchants.quality_cost_correlation",
    "sharing.annoyance",
    "sharing.money_response",
)
#: Those for the sharing platform that stands beside an ad platform.
MOVED_BESIDE = (
    "hybrid.reconsider_prob",
    "hybrid.first_ads_share",
    "merchants.quality_cost_correlation",
    "screening.audit_correlation",
)
RATES = [0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3]
DECISIVE, DECISIVE_VALUES = "screening.audit_correlation", [0.1, 0.3, 0.5, 0.7, 0.9]
STUDY = {"population.n_consumers": 1_000, "run.weeks": 52}
STUDIED = (
    RATE,
    DECISIVE,
    "sharing.annoyance",
    "ads.external_link_friction",
    "reviews.fake_share",
    "merchants.quality_cost_correlation",
)
STUDY_SAMPLES = 16


def publish_beside(scenario: Scenario, published: Path, root: Path) -> None:
    """Tune for the sharing platform of the hybrid, and write what pages read into `published`."""
    with ProgressShown("tune sharing_profit") as progress:
        found = tune(
            _small(scenario),
            LEVER,
            "sharing_profit",
            market="hybrid",
            against="referral",
            runs=TUNE_RUNS,
            uncertainties=MOVED_BESIDE,
            out=root,
            progress=progress,
        )
    _publish(found.folder, published / "tune-sharing-profit")


def publish_tuning(scenario: Scenario, published: Path, root: Path) -> None:
    """Tune, sweep and study, and write what pages read into `published`."""
    small = _small(scenario)
    for objective in TUNED:  # the runs of one serve the others
        with ProgressShown(f"tune {objective}") as progress:
            found = tune(
                small,
                LEVER,
                objective,
                runs=TUNE_RUNS,
                uncertainties=MOVED,
                out=root,
                progress=progress,
            )
        _publish(found.folder, published / f"tune-{objective.replace('_', '-')}")
    designs = {
        "sweep-reward-rate": ({RATE: RATES}, 8),
        "map-reward-rate": ({RATE: [0.0, 0.05, 0.1, 0.2, 0.3], DECISIVE: DECISIVE_VALUES}, 4),
    }
    for name, (grid, replicates) in designs.items():
        of_map = small.with_values({"run.weeks": 52}) if len(grid) > 1 else small
        design = {"grid": grid, "markets": ["referral", "ads"], "replicates": replicates}
        with ProgressShown(name) as progress:
            made = sweep(of_map, design, out=root, progress=progress)
        _publish(made.folder, published / name)
    with ProgressShown("sensitivity") as progress:
        study = sensitivity(
            scenario.with_values(STUDY), STUDIED, samples=STUDY_SAMPLES, out=root,
            progress=progress,
        )  # fmt: skip
    _publish(study.folder, published / "sensitivity")


def _small(scenario: Scenario) -> Scenario:
    return scenario.with_values({"population.n_consumers": PEOPLE, "run.weeks": TUNE_WEEKS})


def _publish(folder: Path, target: Path) -> None:
    def write(part: Path) -> None:
        for file in folder.iterdir():
            if file.is_file():
                shutil.copyfile(file, part / file.name)

    write_whole(target, write)
    print(f"published {target.name} from {folder.name}")
