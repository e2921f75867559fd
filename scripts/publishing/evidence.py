"""What is published of the evidence: the fit, the table of patterns, the claims board.

Only documents and small tables are kept in `results/published/<scenario>/<command>/`; the runs
behind them stay in `results/`, from which a second call takes them.
"""

import shutil
from pathlib import Path

from sim.evidence.calibration import calibrate
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes
from sim.evidence.measured_runs import MeasuredRuns
from sim.evidence.targets import default_wish
from sim.evidence.validation import Reach, Validation
from sim.experiments.analyses import Analysis, keep_analysis
from sim.experiments.folders import write_whole
from sim.experiments.progress import ProgressShown
from sim.experiments.store import RunStore
from sim.scenario import Scenario

#: People of the worlds in which claims are judged; their merchants are as many as everywhere.
CLAIMS_PEOPLE = 4_000
SIZES = Sizes()
REACH = Reach()


def publish_calibration(scenario: Scenario, target: Path, store: RunStore) -> None:
    """The fit of the rows that are fitted, from the scenario as it is."""
    runs = MeasuredRuns(store, scenario.name)
    with ProgressShown("calibrate") as progress:
        document = calibrate(default_wish(scenario), runs, progress=progress)
    _publish(keep_analysis(store, scenario.name, "calibrate", document, {}), target)


def publish_validation(scenario: Scenario, target: Path, store: RunStore) -> None:
    """The table of patterns."""
    with ProgressShown("validate") as progress:
        document, tables = Validation(scenario, REACH).judge(
            MeasuredRuns(store, scenario.name), progress=progress
        )
    _publish(keep_analysis(store, scenario.name, "validate", document, tables), target)


def publish_claims(scenario: Scenario, target: Path, store: RunStore) -> None:
    """The claims board."""
    judged = scenario.with_values({"population.n_consumers": CLAIMS_PEOPLE})
    with ProgressShown("claims") as progress:
        document, tables = judge_claims(
            judged, MeasuredRuns(store, scenario.name), SIZES, progress=progress
        )
    _publish(keep_analysis(store, scenario.name, "claims", document, tables), target)


def _publish(kept: Analysis, target: Path) -> None:
    command = str(kept.document["command"])

    def write(part: Path) -> None:
        for file in kept.folder.iterdir():
            if file.is_file():
                shutil.copyfile(file, part / file.name)

    write_whole(target / command, write)
