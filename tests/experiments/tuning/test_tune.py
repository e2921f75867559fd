"""A tuning of a true small world, from the runs to the sentences and figures."""

import pandas as pd
import pytest

from sim import load_scenario, tune
from sim.__main__ import main
from sim.experiments.analyses import open_analysis
from sim.figures import analysis_figures
from sim.report.tuned import tuning_text

TINY = {"population.n_consumers": 120, "run.weeks": 13, "network.mean_degree": 15.0}
ASKED = ("referral.fee_rate=0:0.4", ["platform_profit", "consumer_surplus"])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def found(store):
    scenario = load_scenario("quick").with_values(TINY)
    return tune(scenario, *ASKED, ["mean_tie_trust>=0.2"], runs=24, moves=0, jobs=1, out=store)


def test_a_tuning_tells_all_it_should(found):
    told = found.document
    assert told["verdict"] in ("optimum", "no clear optimum", "at the edge")
    assert told["n_runs"] <= 24 and len(told["runs"]) >= told["n_runs"]
    low, high = told["interval"]["referral.fee_rate"]
    assert 0.05 < low <= told["recommended"]["referral.fee_rate"] <= high < 0.35
    assert told["short_run"]["horizon"] == 12 and told["long_run"]["horizon"] == 13
    assert told["break_even"]["none"]["value"] == 0.0
    front = [row["second_estimate"] for row in told["pareto"]]
    assert front == sorted(front) and len(front) > 3


def test_its_tables_are_data_frames_and_lie_on_disk(found):
    again = open_analysis(found.folder, "tune")
    response = again.table("response")
    assert set(response["horizon"]) == {12, 13}
    assert (response["low"] <= response["estimate"]).all()
    assert {"objective", "referral.fee_rate", "high", "n"} <= set(response)
    assert len(again.table("trials"))


def test_its_figures_come_with_their_tables_in_both_languages(found):
    for lang in ("en", "zh"):
        drawn = analysis_figures(found.folder, lang)
        assert not [line for line in drawn.left_out if "could not" in line]
        assert {"response-curve", "response-curve-2", "pareto-front"} == {
            file.name.split(".")[0] for file in drawn.files
        }
    table = pd.read_csv(found.folder / "figures" / "response-curve.csv")
    assert {"referral.fee_rate", "estimate", "low", "high"} <= set(table)


def test_it_is_told_in_sentences(found):
    text = tuning_text(found.document, found.folder)
    assert "platform_profit after 13 weeks" in text
    assert "Break-even" in text and "at once" in text


def test_asked_again_it_makes_no_run(found, store, monkeypatch):
    def none_is_made(*_, **__):
        raise AssertionError("a run was made again")

    monkeypatch.setattr("sim.experiments.packs.IntoPacks", none_is_made)
    scenario = load_scenario("quick").with_values(TINY)
    again = tune(scenario, *ASKED, ["mean_tie_trust>=0.2"], runs=24, moves=0, jobs=1, out=store)
    assert again.folder == found.folder
    assert again.document == found.document


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--lever", "referral.reward_rat"], "did you mean referral.reward_rate?"),
        (["--lever", "ads.mechanism"], "has no range"),
        (["--lever", "ads.n_slots", "--objective", "gm"], "unknown outcome"),
        (
            [
                *("--lever", "ads.n_slots", "--constraint", "muted_share<=0.1"),
                *("--constraint", "muted_share>=0.2"),
            ],
            "contradict each other",
        ),
        (["--lever", "ads.n_slots", "--horizon", "99"], "is no week from 1 to 52"),
        (["--lever", "ads.n_slots", "--horizon", "soon"], "no list of weeks"),
        (["--lever", "ads.n_slots", "--runs", "3"], "below the lowest value"),
        (["--lever", "ads.n_slots", "--uncertainty", "sharing.anoyance"], "sharing.annoyance"),
        (["--lever", "ads.n_slots", "--market", "adz"], "market"),
        (["--lever", "ads.n_slots", "--market", "referral"], "tune ads or hybrid, or leave it out"),
        ([], "name a lever"),
    ],
)
def test_wrong_input_is_told_in_one_line_and_writes_nothing(words, says, tmp_path, capsys):
    out = tmp_path / "results"
    given = words if "--objective" in words else [*words, "--objective", "gmv"]
    with pytest.raises(SystemExit) as end:
        main(["tune", "quick", *given, "--out", str(out)])
    lines = capsys.readouterr().err.splitlines()
    assert end.value.code == 2
    assert len(lines) == 1 and says in lines[0]
    assert not out.exists()


@pytest.mark.slow
def test_uncertainties_move_the_recommendation(store):
    scenario = load_scenario("quick").with_values({**TINY, "run.weeks": 8})
    found = tune(
        scenario, "referral.fee_rate=0:0.5", "platform_profit", runs=24, jobs=1, out=store,
        uncertainties=["demand.price_sensitivity"],
    )  # fmt: skip
    (move,) = found.document["moves"]
    assert move["at_low"]["recommended"] > move["at_high"]["recommended"]
    assert "demand.price_sensitivity: " in tuning_text(found.document, found.folder)
    assert (found.folder / "figures" / "recommendation-moves.png").exists()
