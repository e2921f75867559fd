"""What is known of a run only before its first week."""

import pandas as pd
import pytest

from sim.evidence.lived_run import LivedRun, live
from sim.evidence.run_numbers import NUMBERS
from sim.experiments.store import RunSpec
from sim.measures.quality import GOOD_QUALITY
from sim.model import MarketModel
from sim.scenario import load_scenario

#: Quality changes and all merchants are audited again every other week.
RESTLESS = load_scenario("quick").with_values(
    {
        "population.n_consumers": 60,
        "run.weeks": 6,
        "merchants.n_applicants": 24,
        "merchants.initial_per_category": 3,
        "merchants.quality_interval_weeks": 2,
        "screening.recheck_share": 1.0,
    }
)
SPEC = RunSpec(RESTLESS, "referral", 1)


def turned_away(model):
    merchants = model.world.merchants
    return 1.0 - merchants.admitted[merchants.quality >= GOOD_QUALITY].mean()


def test_the_good_turned_away_are_those_of_the_founding():
    model = MarketModel(RESTLESS, market="referral", rng=1, threads=1)
    at_the_founding = turned_away(model)
    model.run_for(RESTLESS.run.weeks)
    assert turned_away(model) != at_the_founding
    assert live(SPEC, traced=False).good_turned_away == at_the_founding


def test_the_audits_at_the_founding_are_told_apart_from_later_ones():
    run = live(SPEC, traced=False)
    assert run.founding_audits_fen == 24 * 200_00  # every applicant, at 200 yuan
    ledger = run.tables["ledger"]
    audits = int(ledger.loc[ledger["purpose"] == "audit", "amount_fen"].sum())
    assert audits > run.founding_audits_fen
    weekly = run.tables["weekly"]
    yuan = (int(weekly["platform_cost_fen"].sum()) - 24 * 200_00) / 100.0
    without = NUMBERS["platform_cost_without_founding"].of(run)
    assert without == pytest.approx(yuan / int(weekly["orders"].sum()))
    unscreened = RunSpec(RESTLESS, "ads", 1)
    assert live(unscreened, traced=False).founding_audits_fen == 0


def test_the_cost_without_the_founding_does_not_hang_on_the_weeks():
    # no audits after the founding: 1 yuan a week to run it and 2 orders a week, whatever the weeks
    costs = {}
    for weeks in (4, 8):
        weekly = pd.DataFrame({"week": range(weeks), "orders": 2, "platform_cost_fen": 100})
        weekly.loc[0, "platform_cost_fen"] += 4_800
        run = LivedRun(RESTLESS, "referral", 60, {"weekly": weekly}, pd.DataFrame(), 0.4, 4_800)
        costs[weeks] = [
            NUMBERS[name].of(run)
            for name in ("platform_cost_per_order", "platform_cost_without_founding")
        ]
    assert costs[4] == [pytest.approx(6.5), pytest.approx(0.5)]
    assert costs[8] == [pytest.approx(3.5), pytest.approx(0.5)]
