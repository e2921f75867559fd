"""What is published of the evidence: the table of patterns and the claims board.

Only documents and small tables are kept in `results/published/<scenario>/<command>/`; the runs
behind them stay in `results/`, from which a second call takes them. The fit that set the defaults
(`calibrate`) is kept as it was made, before the defaults were frozen: it is not made again.
"""

import shutil
from pathlib import Path

from sim.evidence.assumed import smaller
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes
from sim.evidence.measured_runs import MeasuredRuns
from sim.evidence.validation import Reach, Validation
from sim.experiments.analyses import Analysis, keep_analysis
from sim.experiments.folders import write_whole
from sim.experiments.progress import ProgressShown
from sim.experiments.store import RunStore
from sim.scenario import Scenario

#: People of the worlds in which claims are judged, with merchants in proportion.
CLAIMS_PEOPLE = 4_000
SIZES = Sizes(
    replicates=8,
    repeats=8,
    map_replicates=6,
    screening_people=1_000,
    screening_weeks=39,
    screening_replicates=2,
)
REACH = Reach()


def publish_validation(scenario: Scenario, target: Path, store: RunStore) -> None:
    """Write `validate/` of that scenario into `target`."""
    store.prepare(scenario.name)
    with ProgressShown("validate") as progress:
        document, tables = Validation(scenario, REACH).judge(
            MeasuredRuns(store, scenario.name), progress=progress
        )
    _publish(keep_analysis(store, scenario.name, "validate", document, tables), target)


def publish_claims(scenario: Scenario, target: Path, store: RunStore) -> None:
    """Write `claims/` of that scenario, on fewer people, into `target`."""
    store.prepare(scenario.name)
    judged = smaller(scenario, CLAIMS_PEOPLE, scenario.run.weeks)
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
