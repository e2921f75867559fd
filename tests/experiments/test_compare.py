"""Comparisons: pairs of equal seed, reused runs, a folder with the table and the runs behind it."""

import json
import math
import os

import pandas as pd
import pytest

from sim.api import compare, run
from sim.experiments.compare import open_comparison
from sim.experiments.errors import RunError, RunFailed, StoreError
from sim.experiments.store import RunStore
from sim.parameters.problems import InputError, ScenarioError
from sim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("fake_model")
TINY = Scenario(name="tiny").with_values(
    {"run.weeks": 20, "run.seed": 5, "run.replicates": 3, "population.n_consumers": 50}
)


@pytest.fixture
def out(tmp_path):
    return tmp_path / "results"


def test_replicates_are_paired_by_seed(out):
    pair = compare(TINY, jobs=1, out=out)
    assert sorted(zip(pair.runs["market"], pair.runs["seed"], strict=True)) == [
        (market, seed) for market in ("ads", "referral") for seed in (5, 6, 7)
    ]


def test_difference_is_first_less_second_over_counted_weeks(out):
    # the fake referral market has 200 more of every flow in each week; 15 of 20 weeks count
    pair = compare(TINY, jobs=1, out=out)
    difference = pair.difference("consumer_surplus_fen")
    assert difference == (200 * 15 / 50,) * 3 + (3,)
    assert difference.estimate == 60
    assert (difference.low, difference.high, difference.n) == (60, 60, 3)
    turned = pair.difference("consumer_surplus_fen", ("ads", "referral"))
    assert turned.estimate == -60


def test_folder_holds_table_document_and_runs(out):
    pair = compare(TINY, jobs=1, out=out)
    assert pair.folder.parent == out / "tiny"
    assert pair.folder.name.startswith("compare-")
    assert sorted(path.name for path in pair.folder.glob("*.*")) == [
        "compare.json",
        "compare.parquet",
        "runs.parquet",
    ]
    document = json.loads((pair.folder / "compare.json").read_text())
    assert document == pair.document
    assert document["markets"] == ["referral", "ads"]
    assert document["counted_weeks"] == {"first": 5, "end": 20}
    for key in pair.run_keys:
        assert (out / "tiny" / key / "run.json").exists()
    assert open_comparison(pair.folder).document == document
    table = pd.read_parquet(pair.folder / "compare.parquet")
    assert list(table["outcome"]) == [row["outcome"] for row in document["differences"]]


def test_same_comparison_again_makes_no_run_and_gives_the_same_bytes(out, monkeypatch):
    first = compare(TINY, jobs=1, out=out)
    before = {path.name: path.read_bytes() for path in first.folder.glob("*.*")}
    monkeypatch.setattr("sim.experiments.replicate.simulate", None)
    again = compare(TINY, jobs=1, out=out)
    assert again.folder == first.folder
    assert {path.name: path.read_bytes() for path in again.folder.glob("*.*")} == before
    assert len(list((out / "tiny").glob("compare-*"))) == 1


def test_a_run_made_before_is_reused(out, monkeypatch):
    made = run(TINY, "referral", seed=6, out=out)
    again = compare(TINY, jobs=1, out=out)
    assert made.key in again.run_keys
    assert RunStore(out).find(made.spec()).manifest["started"] == made.manifest["started"]


def test_traced_comparison_replaces_untraced_runs(out):
    compare(TINY, jobs=1, out=out)
    assert not any(stored.traced for stored in RunStore(out).runs())
    compare(TINY, jobs=1, out=out, trace=True)
    assert all(stored.traced for stored in RunStore(out).runs())


def test_three_markets_are_compared_two_by_two(out):
    pair = compare(TINY, ("referral", "ads", "control"), replicates=2, jobs=1, out=out)
    pairs = set(zip(pair.table["first"], pair.table["second"], strict=True))
    assert pairs == {("referral", "ads"), ("referral", "control"), ("ads", "control")}
    assert pair.difference("orders", ("ads", "control")).estimate == 100 * 15 / 50


def test_one_replicate_has_an_estimate_and_no_interval(out):
    pair = compare(TINY, replicates=1, jobs=1, out=out)
    difference = pair.difference("orders")
    assert difference.n == 1
    assert math.isnan(difference.low)
    rows = {row["outcome"]: row for row in pair.document["differences"]}
    assert rows["orders"]["low"] is None


def test_runs_of_no_weeks_can_be_compared(out):
    pair = compare(TINY.with_values({"run.weeks": 0}), jobs=1, out=out)
    assert pair.difference("orders").estimate == 0
    assert pair.difference("members").n == 0


def test_unknown_outcome_names_those_there_are(out):
    pair = compare(TINY, replicates=1, jobs=1, out=out)
    with pytest.raises(RunError, match="consumer_surplus_fen"):
        pair.difference("surplus")
    with pytest.raises(RunError, match="markets are referral, ads"):
        pair.difference("orders", ("referral", "control"))


@pytest.mark.parametrize(
    ("wrong", "lines"),
    [
        ({"markets": ["referral"]}, 1),
        ({"markets": []}, 1),
        ({"markets": ["ads", "ads"]}, 1),
        ({"markets": ["referal", "ads"]}, 1),
        ({"replicates": 0}, 1),
        ({"jobs": 0}, 1),
        ({"threads": 0}, 1),
        ({"engine": "steam"}, 1),
        ({"outcome": "orders"}, 1),
        ({"until_width": 0, "outcome": "household_gian"}, 2),
        ({"replicates": -1, "jobs": -1, "engine": "", "markets": ["a", "b"]}, 5),
    ],
)
def test_wrong_comparisons_are_told_at_once_and_leave_nothing(out, wrong, lines):
    with pytest.raises(InputError) as raised:
        compare(TINY, out=out, **wrong)
    assert len(raised.value.lines) == lines
    assert not out.exists()


def test_the_outcome_whose_interval_is_wanted_goes_by_its_name_without_unit_too(out):
    pair = compare(TINY, jobs=1, out=out, until_width=1e9, outcome="household_gain")
    assert pair.document["precision"]["outcome"] == "household_gain_fen"
    with pytest.raises(RunError, match=r"^household_gian: unknown outcome: did you mean househ"):
        compare(TINY, out=out, until_width=1e9, outcome="household_gian")


def test_seeds_beyond_the_highest_are_wrong_input(out):
    with pytest.raises(ScenarioError):
        compare(TINY.with_values({"run.seed": 2**63 - 4}), replicates=9, out=out)
    assert not out.exists()


def test_failed_runs_give_no_table_and_keep_the_others(out, monkeypatch):
    monkeypatch.setenv("FAKE_TROUBLE", "fail ads 6")
    with pytest.raises(RunFailed):
        compare(TINY, jobs=1, out=out)
    assert len(list(RunStore(out).runs())) == 5
    assert not list((out / "tiny").glob("compare-*"))


def test_a_root_that_cannot_be_written_is_told_before_any_run(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.experiments.replicate.simulate", None)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is not a folder"):
        compare(TINY, jobs=1, out=tmp_path / "file")
    assert os.listdir(tmp_path) == ["file"]
