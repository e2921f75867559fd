"""The public face, used as the documentation shows it."""

import json

import mesa
import pandas as pd
import pytest

import sim
from sim.experiments.store import TABLES, TRACED_TABLES
from sim.parameters.problems import InputError


@pytest.fixture
def scenario(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return sim.load_scenario("quick").with_values(
        {
            "population.n_consumers": 60,
            "run.weeks": 3,
            "merchants.n_applicants": 24,
            "network.mean_degree": 8,
        }
    )


def test_model_is_a_mesa_model_with_one_row_a_week(scenario):
    model = sim.MarketModel(scenario, market="referral", rng=7)
    assert isinstance(model, mesa.Model)
    model.run_for(3)
    assert len(model.datacollector.get_model_vars_dataframe()) == 3


def test_run_has_its_tables_as_attributes(scenario):
    result = sim.run(scenario, market="ads", seed=7, trace=True)
    for name in (*TABLES, *TRACED_TABLES):
        assert isinstance(getattr(result, name), pd.DataFrame)
    assert set(result.weekly["market"]) == {"ads"}
    assert set(result.weekly["seed"]) == {7}


def test_stored_run_equals_the_model_stepped_by_hand(scenario):
    result = sim.run(scenario, seed=7)
    model = sim.MarketModel(scenario, rng=7)
    model.run_for(3)
    by_hand = model.datacollector.get_model_vars_dataframe().reset_index(drop=True)
    pd.testing.assert_frame_equal(by_hand[result.weekly.columns], result.weekly, check_dtype=False)


def test_same_seed_gives_the_same_bytes_in_every_table(scenario):
    one = sim.run(scenario, seed=7, trace=True, out="one")
    two = sim.run(scenario, seed=7, trace=True, out="two")
    for name in (*TABLES, *TRACED_TABLES):
        file = f"{name}.parquet"
        assert (one.folder / file).read_bytes() == (two.folder / file).read_bytes(), name


def test_seed_zero_is_a_seed(scenario):
    assert sim.run(scenario, seed=0).manifest["seed"] == 0
    assert sim.run(scenario, seed=0).key != sim.run(scenario).key


def test_compare_gives_differences_with_intervals(scenario):
    pair = sim.compare(scenario, markets=("referral", "ads"), replicates=2, jobs=1)
    estimate, low, high, n = pair.difference("consumer_surplus_fen")
    assert low <= estimate <= high
    assert n == 2
    by_hand = [
        sum(
            sign * sim.run(scenario, market, seed=seed).weekly["consumer_surplus_fen"].sum() / 60
            for market, sign in (("referral", 1), ("ads", -1))
        )
        for seed in (scenario.run.seed, scenario.run.seed + 1)
    ]
    assert estimate == pytest.approx(sum(by_hand) / 2)
    document = json.loads((pair.folder / "compare.json").read_text())
    assert document == pair.document


def test_compare_on_several_processes_gives_the_same_bytes(scenario):
    one = sim.compare(scenario, replicates=2, jobs=1, figures=False, out="one")
    two = sim.compare(scenario, replicates=2, jobs=2, figures=False, out="two")
    assert one.run_keys == two.run_keys
    for path in sorted(one.folder.parent.glob("*/*.parquet")):
        other = two.folder.parent / path.parent.name / path.name
        assert path.read_bytes() == other.read_bytes(), path


@pytest.mark.parametrize(
    "wrong",
    [{"market": "shops"}, {"seed": -1}, {"seed": 1.5}, {"engine": "steam"}, {"threads": 0}],
)
def test_wrong_input_is_an_input_error_and_leaves_nothing(scenario, tmp_path, wrong):
    with pytest.raises(InputError):
        sim.run(scenario, **wrong)
    assert list(tmp_path.iterdir()) == []


def test_a_scenario_may_be_named_and_markets_told_in_one_text(scenario):
    pair = sim.compare(scenario, markets="control,ads", replicates=2, jobs=1, figures=False)
    assert pair.document["markets"] == ["control", "ads"]
    with pytest.raises(InputError, match="nowhere"):
        sim.run("nowhere")
    with pytest.raises(InputError, match="got a list"):
        sim.tune([], "referral.reward_rate", "platform_profit")


@pytest.mark.parametrize("threads", [0, -1])
def test_a_model_needs_a_thread(scenario, threads):
    with pytest.raises(ValueError, match="below the lowest value 1"):
        sim.MarketModel(scenario, threads=threads)
