"""Levers, objectives and constraints as they are written, and what is said of wrong ones."""

import math

import pandas as pd
import pytest

from sim.experiments.errors import RunError
from sim.experiments.tuning.levers import lever_of, levers_of
from sim.experiments.tuning.quantities import (
    check_together,
    constraint_of,
    objective_of,
    quantities_at,
)
from sim.measures.summary import COUNTS, FLOWS, STOCKS


def test_an_objective_is_a_weighted_sum():
    objective = objective_of("2*consumer_surplus + platform_profit - 0.5*gmv")
    known = {"consumer_surplus_fen": 10.0, "platform_profit_fen": 3.0, "gmv_fen": 4.0}
    assert objective.of(known) == 21.0
    assert objective.unit == "fen per consumer"
    assert objective_of("mean_tie_trust+gmv").unit == "weighted sum"


def test_a_constraint_has_a_direction():
    low, high = constraint_of("mean_tie_trust >= 0.5"), constraint_of("reward_budget<0.03")
    assert (low.quantity, low.sign, low.bound) == ("mean_tie_trust", 1.0, 0.5)
    assert (high.quantity, high.sign, high.bound) == ("reward_budget", -1.0, 0.03)


@pytest.mark.parametrize(
    ("make", "text", "says"),
    [
        (objective_of, "consumer_surplsu", "did you mean consumer_surplus?"),
        (objective_of, "gmv platform_profit", "no weighted sum"),
        (objective_of, "", "names no outcome"),
        (objective_of, "2*", "no weighted sum"),
        (objective_of, "gmv-1e999*gmv", "the weight inf is too large"),
        (objective_of, "1e308*gmv", "the weight 1e+308 is too large: stay between"),
        (objective_of, "1e-300*gmv", "the weight 1e-300 is too small: stay between"),
        (constraint_of, "gmv>=1e300", "no outcome comes near its bound"),
        (constraint_of, "mean_tie_trust=0.5", "is no bound"),
        (constraint_of, "mean_tie_trust>=much", "is no bound"),
        (constraint_of, "mean_tie_trust>=nan", "is no bound"),
        (constraint_of, "tie_trust>=0.5", "unknown outcome"),
        (lever_of, "referral.reward_rat", "did you mean referral.reward_rate?"),
        (lever_of, "referral.symbolic", "has no range"),
        (lever_of, "run.weeks", "it is no lever"),
        (lever_of, "referral.reward_rate=0.3:0.1", "not below"),
        (lever_of, "referral.reward_rate=0.3", "expected a range"),
        (lever_of, "referral.reward_rate=0:1e-7", "narrower than 0.0001"),
        (lever_of, "referral.reward_rate=0:3", "above the highest value"),
    ],
)
def test_wrong_words_are_told_in_one_line(make, text, says):
    with pytest.raises(RunError) as error:
        make(text)
    assert len(error.value.lines) == 1 and says in error.value.lines[0]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["mean_tie_trust>=0.6", "mean_tie_trust<=0.5"], "contradict each other"),
        (["muted_share<=-0.1"], "can never hold"),
        (["mean_tie_trust>=1.5"], "can never hold"),
    ],
)
def test_constraints_that_nothing_can_keep_are_refused(texts, says):
    with pytest.raises(RunError, match=says):
        check_together([constraint_of(text) for text in texts])


def test_all_wrong_levers_are_told_at_once():
    with pytest.raises(RunError) as error:
        levers_of(["referral.reward_rat", "ads.mechanism", "ads.n_slots", "ads.n_slots=1:9"])
    assert len(error.value.lines) == 3


def test_a_lever_of_whole_numbers_stays_whole():
    lever = lever_of("ads.n_slots=2:10")
    assert [lever.at(place) for place in (0.0, 0.3, 1.0)] == [2.0, 4.0, 10.0]
    assert isinstance(lever.setting(4.0), int)


REFERRAL = {
    "referral.rebate_rate": 0.25,
    "referral.receiver_share": 0.0,
    "referral.symbolic": False,
    "referral.levels": 3,
}


def test_the_first_weeks_of_a_run_are_its_short_run():
    weeks = 20
    weekly = pd.DataFrame(dict.fromkeys([*FLOWS, *COUNTS, *STOCKS], [1.0] * weeks))
    weekly["week"] = range(weeks)
    weekly["members"] = 40.0
    merchants = pd.DataFrame(
        {"week": [0, 11, 12, 19], "quality": [1.0, 0.75, 1.0, 0.5], "profit_fen": [7, 20, 30, 9]}
    )
    values = {"run.warm_up_weeks": 2, **REFERRAL}
    short = quantities_at(12, weekly, merchants, values, 10)
    assert short["gmv_fen"] == pytest.approx(1.0)  # 10 counted weeks over 10 people
    assert short["good_merchant_profit_fen"] == 2.0
    assert short["reward_budget"] == pytest.approx(1.0)  # all of it to senders
    assert short["pyramid"] == 1.0
    assert short["total_welfare_fen"] == pytest.approx(3.0)
    assert math.isnan(quantities_at(12, weekly, None, values, 10)["good_merchant_profit_fen"])


@pytest.mark.parametrize(
    ("changed", "budget"),
    [
        ({"referral.receiver_share": 0.75}, 4.0),  # 1 to senders, a quarter of all
        ({"referral.receiver_share": 1.0}, 1.0),  # of 1 credited, no rebate: sales are refunded
        ({"referral.receiver_share": 1.0, "refund_fen": 0.5}, 0.875),  # rebate 1/4 of 1/2
        ({"referral.receiver_share": 0.5, "referral.symbolic": True}, 0.0),
    ],
)
def test_the_reward_budget_counts_what_receivers_get(changed, budget):
    weekly = pd.DataFrame(dict.fromkeys([*FLOWS, *COUNTS, *STOCKS], [1.0] * 4))
    weekly["week"], weekly["members"] = range(4), 40.0
    values = {"run.warm_up_weeks": 0, **REFERRAL, **changed}
    weekly["refund_fen"] = values.pop("refund_fen", 1.0)
    if values["referral.receiver_share"] == 1.0 or values["referral.symbolic"]:
        weekly["sharer_income_fen"] = 0.0
    assert quantities_at(4, weekly, None, values, 4)["reward_budget"] == pytest.approx(budget)
