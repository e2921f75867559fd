"""What is published is whole, small, and what its own code makes again."""

import json
from pathlib import Path

import pandas as pd
import pytest
from publishing.manifest import NAME, digests

from sim import run
from sim.measures.summary import OUTCOMES, outcomes_of_run
from sim.scenario import Scenario

PUBLISHED = Path(__file__).parents[1] / "results" / "published"


def test_every_file_is_the_one_in_the_manifest():
    manifest = json.loads((PUBLISHED / NAME).read_text())
    assert manifest["sha256"] == digests(PUBLISHED)


def test_what_is_published_is_small():
    assert sum(file.stat().st_size for file in PUBLISHED.rglob("*")) < 8_000_000


@pytest.mark.parametrize("market", ["referral", "ads"])
@pytest.mark.parametrize("name", ["quick", "unscreened"])
def test_a_sample_run_again_gives_the_same_numbers(name, market):
    document = json.loads((PUBLISHED / name / "compare.json").read_text())
    published = pd.read_parquet(PUBLISHED / name / "runs.parquet")
    row = published[published["market"] == market].iloc[-1]
    scenario = Scenario().with_values(document["values"])
    weekly = run(scenario, market=market, seed=int(row["seed"])).weekly
    n = scenario.population.n_consumers
    again = outcomes_of_run(weekly, scenario.run.warm_up_weeks, n)
    for outcome in OUTCOMES:
        assert pd.Series([again[outcome]]).equals(pd.Series([row[outcome]])), outcome
