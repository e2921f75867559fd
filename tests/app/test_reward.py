"""The page on the reward rate: every number on it stands in a stored tuning."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from app_pages.reward import _moved
from app_parts.limits import cost_of
from app_parts.numbers import percent
from sim.commands.job import tuning_line
from sim.experiments.analyses import keep_analysis
from sim.experiments.store import RunStore, plain_values
from sim.scenario import load_scenario
from tests.app.conftest import draw, open_page
from tests.app.test_jobs import TINY, Office, wait
from tests.app.test_pages import CHINESE, text_of

LEVER = "referral.reward_rate"


def at(objective, horizon, verdict="optimum", best=0.11, low=10.0):
    return {
        "objective": objective,
        "horizon": horizon,
        "verdict": verdict,
        "reason": "",
        "recommended": None if best is None else {LEVER: best},
        "interval": {LEVER: [None, None] if best is None else [best - 0.02, best + 0.03]},
        "flat_region": {LEVER: [None, None] if best is None else [0.05, 0.2]},
        "gain_over_present": {"estimate": 50.0, "low": low, "high": 90.0},
    }


def keep(root, verdict="optimum", best=0.11, low=10.0, against="ads", market="referral"):
    """Write a tuning with two objectives in the form of the product."""
    scenario = load_scenario("quick")
    names = ("platform_profit", "consumer_surplus")
    each = [at(name, weeks, verdict, best, low) for name in names for weeks in (12, 52)]
    move = {"verdict": "optimum", "recommended": [0.08], "interval": {LEVER: [0.06, 0.1]}}
    front = [
        {LEVER: rate}
        | {
            f"{k}_{name}": rate + 1
            for k in ("first", "second")
            for name in ("estimate", "low", "high")
        }
        for rate in (0.1, 0.2)
    ]
    document = {
        "scenario": "quick",
        "values": plain_values(scenario),
        "levers": [{"key": LEVER, "unit": "", "low": 0.0, "high": 0.3, "present": 0.06}],
        "objectives": [{"text": name, "unit": "fen per consumer"} for name in names],
        "constraints": [{"text": "muted_share<=0.05", "unit": "share"}],
        "horizons": [12, 52],
        "n_runs": 100,
        **each[1],
        "each_objective": each,
        "market": market,
        "against": against,
        "break_even": {
            "none": {"state": "crosses", "at": 0.21, "low": 0.2, "high": 0.23},
            "market": {"state": "crosses", "at": 0.27, "low": 0.25, "high": 0.28},
        },
        "moves": [
            {
                "parameter": "sharing.annoyance",
                "at_low": {"set_to": 0.0, **move},
                "at_high": {
                    "set_to": 0.1,
                    **move,
                    "recommended": [],
                    "interval": {LEVER: [None] * 2},
                },
            }
        ],
        "pareto": front,
        "runs": [],
    }
    response = pd.DataFrame(
        {"objective": name, "horizon": weeks, LEVER: rate / 100, "estimate": 100.0 - rate}
        | {"low": 90.0 - rate, "high": 110.0 - rate, "allowed": True, "n": 4}
        for name in names
        for weeks in (12, 52)
        for rate in range(31)
    )
    return keep_analysis(RunStore(root), "quick", "tune", document, {"response": response})


def open_reward(lang="en"):
    app = open_page("reward", lang)
    assert not app.warning
    return app


@pytest.mark.parametrize("against", ["ads", "referral"])
def test_no_other_market_is_taken_for_the_ad_market(results, against):
    keep(results, against=against)
    assert ("Up to a reward of 27 %" in text_of(open_reward())) == (against == "ads")


def test_the_sentence_is_the_stored_recommendation(results):
    keep(results)
    text = text_of(open_reward())
    assert "Platform's profit is highest at a reward of 11 % after 52 weeks" in text
    assert "leave 9 % to 14 % open" in text
    assert "Judged after 12 weeks only, it would be 11 %" in text
    assert "Up to a reward of 21 % (20 % – 23 %)" in text
    assert len(open_reward().get("plotly_chart")) == 3


@pytest.mark.parametrize(
    ("verdict", "best", "said"),
    [
        ("no clear optimum", 0.11, "no reward rate stands out"),
        ("at the edge", 0.3, "at the edge of what was tried"),
        ("impossible", None, "no reward rate keeps the constraint"),
    ],
)
def test_the_sentence_follows_the_verdict(results, verdict, best, said):
    keep(results, verdict, best)
    assert said in text_of(open_reward())


def test_it_is_said_whether_a_fact_would_change_the_recommendation(results):
    keep(results)
    assert "It would change with: Annoyance." in text_of(open_reward())
    stay = {"recommended": [0.11], "interval": {LEVER: [0.1, 0.12]}}
    moved = _moved([("Annoyance", {"at_low": stay, "at_high": stay})], 0.11)
    assert "11" in moved and "Annoyance" not in moved


@pytest.mark.parametrize(
    ("low", "said"), [(10.0, "that gains +0.0"), (-10.0, "no clear difference: +0.0")]
)
def test_a_gain_whose_interval_holds_zero_is_no_gain(results, low, said):
    keep(results, low=low)
    assert said in text_of(open_reward())


def test_without_a_tuning_it_names_the_command(results):
    assert open_reward().code[0].value.startswith("sharesim tune quick")


def test_both_languages_stay_by_themselves(results):
    keep(results)
    assert not CHINESE.search(text_of(open_reward("en")))
    assert "平台利润" in text_of(open_reward("zh")) and percent(0.11, 1)


@pytest.mark.slow
def test_a_tuning_runs_as_a_job(tmp_path):
    office = Office()
    request = {"levers": [LEVER], "objectives": ["platform_profit"], "runs": 20, "moves": 0}
    scenario = load_scenario("quick").with_values({**TINY, "run.weeks": 14})
    key = office.start(tuning_line(scenario, request, RunStore(tmp_path)), "reward")
    job = wait(office, key, lambda job: job.over, 240)
    assert job.phase == "done" and (job.folder / "tune.json").exists()


def test_a_tuning_beside_an_ad_platform_says_so(results):
    keep(results, against="referral", market="hybrid")
    text = text_of(open_reward())
    assert "Platform's profit beside an ad platform is highest at a reward of 11 %" in text


@pytest.mark.parametrize(
    ("market", "objective", "against"),
    [
        ("referral", "platform_profit", "ads"),
        ("hybrid", "sharing_profit", "referral"),
        ("hybrid", "household_gain", "ads"),
    ],
)
def test_what_is_tuned_is_what_was_chosen(results, monkeypatch, market, objective, against):
    begun = []
    monkeypatch.setattr("app_parts.jobs.Office.start", lambda _, line, page: begun.append(line))
    app = AppTest.from_function(draw, args=("reward",), default_timeout=60)
    app.query_params["lang"] = "zh"  # AppTest names options in Chinese
    app.session_state["tuned_market"], app.session_state["objective"] = market, objective
    app.run()
    app.button(key="reward_run").click().run()
    request = json.loads(begun[0])["tune"]
    assert (request["market"], request["objectives"]) == (market, [objective])
    assert request["against"] == against


def test_an_objective_of_the_other_place_is_not_kept(results):
    app = AppTest.from_function(draw, args=("reward",), default_timeout=60)
    app.query_params["lang"] = "zh"  # AppTest names options in Chinese
    app.session_state["tuned_market"] = "hybrid"
    app.session_state["objective"] = "platform_profit"  # of both platforms together there
    app.run()
    assert not app.exception
    assert app.session_state["objective"] == "sharing_profit"


def test_a_tuning_that_takes_too_long_is_not_begun(results, monkeypatch):
    monkeypatch.setattr("app_parts.jobs.Office.start", None)  # nothing may be started
    app = AppTest.from_function(draw, args=("reward",), default_timeout=60)
    app.query_params["lang"] = "zh"  # AppTest names options in Chinese
    app.session_state["lab_values"] = load_scenario("baseline").values()
    app.session_state["lab_preset"] = "baseline"
    app.run()
    assert not app.exception
    assert "120 次运行，约" in text_of(app)
    app.session_state["lab_values"] = {**app.session_state["lab_values"], "run.weeks": 156}
    app.session_state["lab_values"]["population.n_consumers"] = 20_000
    app.button(key="reward_run").click().run()
    assert not app.exception and "超出网页可运行的时长" in app.warning[0].value


def test_the_cost_counts_the_people_of_a_network_that_was_brought(tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("0,1,1\n1,9999,1\n")
    small = load_scenario("quick")
    brought = small.with_values({"network.file": str(ties)})
    large = small.with_values({"population.n_consumers": 10_000})
    assert cost_of(brought, 10) == cost_of(large, 10) != cost_of(small, 10)


def test_a_tuning_is_shown_when_its_run_ends_and_another_can_be_chosen_then(results):
    keep(results, best=0.11)
    app = open_reward("zh")  # AppTest names options in Chinese
    before = app.session_state["study"]
    made = keep(results, best=0.2).folder
    app.session_state["reward_result"] = str(made)
    app.run()
    assert not app.exception and made.name in app.session_state["study"]
    app.session_state["study"] = before
    app.run()
    assert not app.exception and app.session_state["study"] == before
