"""Sweeps: paired seeds at every point, only what is missing is made, equal tables at the end."""

import pandas as pd
import pytest

from sim.api import open_sweep, sweep
from sim.experiments.store import RunStore
from sim.measures.summary import OUTCOMES
from sim.parameters import PARAMETERS
from sim.parameters.problems import InputError, ScenarioError
from sim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("fake_model")
TINY = Scenario(name="tiny").with_values(
    {"run.weeks": 20, "run.seed": 5, "run.replicates": 3, "population.n_consumers": 50}
)
SEEDS = PARAMETERS["run.seed"].high - 1
GRID = {"grid": {"referral.reward_rate": [0.0, 0.1]}, "replicates": 3}


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


def test_every_point_has_the_same_seeds_in_every_market(out):
    made = sweep(TINY, GRID, jobs=1, out=out)
    rows = made.points
    assert list(rows.columns) == [
        "point", "referral.reward_rate", "run_key", "market", "seed", "failed", *OUTCOMES
    ]  # fmt: skip
    assert list(rows["referral.reward_rate"]) == [0.0] * 6 + [0.1] * 6
    assert list(rows["market"]) == (["referral"] * 3 + ["ads"] * 3) * 2
    assert list(rows["seed"]) == [5, 6, 7] * 4
    assert not rows["failed"].any()
    assert made.folder.parent == out / "tiny"
    assert open_sweep(made.folder).document == made.document


def test_means_and_paired_differences_have_intervals(out):
    made = sweep(TINY, GRID, jobs=1, out=out)
    means = made.means.set_index(["point", "first", "second", "outcome"])
    row = means.loc[(0, "referral", "ads", "consumer_surplus_fen")]
    # the fake referral market has 200 more of every flow in each week; 15 of 20 weeks count
    assert (row["estimate"], row["low"], row["high"], row["n"]) == (60, 60, 60, 3)
    alone = means.loc[(1, "ads", "", "hhi")]
    assert alone["low"] < alone["estimate"] < alone["high"]
    assert len(means) == 2 * 3 * len(OUTCOMES)


def test_started_again_it_makes_only_what_is_missing_and_ends_with_the_same_bytes(
    out, tmp_path, monkeypatch
):
    whole = sweep(TINY, GRID, jobs=1, out=tmp_path / "other")
    sweep(TINY, {"grid": {"referral.reward_rate": [0.1]}, "replicates": 2}, jobs=1, out=out)
    made = []
    simulate = __import__("sim.experiments.finished").experiments.finished.simulate

    def counted(spec, *others):
        made.append(spec.seed)
        return simulate(spec, *others)

    monkeypatch.setattr("sim.experiments.finished.simulate", counted)
    again = sweep(TINY, GRID, jobs=1, out=out)
    assert len(made) == 12 - 4
    assert again.folder.name == whole.folder.name
    for name in ("points.parquet", "means.parquet", "sweep.json"):
        assert (again.folder / name).read_bytes() == (whole.folder / name).read_bytes()


def test_a_failure_is_listed_and_its_row_has_no_outcomes(out, monkeypatch):
    monkeypatch.setenv("FAKE_TROUBLE", "fail ads 6")
    made = sweep(TINY, GRID, jobs=1, out=out)
    lost = made.points[made.points["failed"]]
    assert list(zip(lost["market"], lost["seed"], strict=True)) == [("ads", 6)] * 2
    assert lost["orders"].isna().all()
    assert made.failures == [
        f"ads, seed 6, referral.reward_rate = {rate}: ZeroDivisionError: planted"
        for rate in (0.0, 0.1)
    ]
    difference = made.means[(made.means["second"] == "ads") & (made.means["outcome"] == "orders")]
    assert list(difference["n"]) == [2, 2]
    monkeypatch.delenv("FAKE_TROUBLE")
    assert sweep(TINY, GRID, jobs=1, out=out).failures == []


def test_lists_and_other_kinds_of_values_stand_in_the_table_as_words(out):
    entries = [{"screening.markets": ["referral", "ads"]}, {"ads.mechanism": "vcg"}]
    design = {"design": "list", "list": entries, "markets": ["ads"], "replicates": 1}
    rows = sweep(TINY, design, jobs=1, out=out).points
    assert list(rows["screening.markets"].fillna("")) == ["referral,ads", ""]
    assert list(rows["ads.mechanism"].fillna("")) == ["", "vcg"]


def test_wrong_designs_are_told_all_at_once_before_anything_is_made(out):
    with pytest.raises(ScenarioError) as raised:
        sweep(TINY, {"grid": {"referral.reward": [0.1], "ads.n_slots": []}}, out=out)
    assert len(raised.value.lines) == 2
    with pytest.raises(InputError, match="has no design"):
        sweep(TINY, out=out)
    with pytest.raises(ScenarioError, match="beyond the highest value"):
        sweep(TINY, {"list": [{"run.seed": SEEDS}], "design": "list"}, out=out)
    assert not out.exists()


def test_the_packs_of_a_sweep_have_every_week_of_every_run(out):
    made = sweep(TINY, GRID, jobs=1, out=out)
    files = list(RunStore(out).folder_of("tiny").glob("packed/*/weekly-*.parquet"))
    weekly = pd.concat([pd.read_parquet(path) for path in files])
    assert len(weekly) == 12 * 20
    assert set(weekly["run_key"]) == set(made.points["run_key"])
