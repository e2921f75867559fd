"""Outcomes of a run against sums that can be done in the head."""

import math

import pandas as pd
import pytest

from sim.measures.summary import COUNTS, FLOWS, OUTCOMES, STOCKS, counted_weeks, outcomes_of_run


def weekly(weeks):
    """Every flow is 10 a week, every stock equals the number of the week."""
    return pd.DataFrame(
        {
            "week": range(weeks),
            **{name: [10] * weeks for name in [*FLOWS, *COUNTS]},
            **{name: [float(week) for week in range(weeks)] for name in STOCKS},
        }
    )


def test_flows_are_summed_over_counted_weeks_per_consumer():
    values = outcomes_of_run(weekly(40), warm_up_weeks=8, n_consumers=100)
    assert values["orders"] == 3.2  # 32 weeks of 10 orders by 100 consumers


def test_entries_and_exits_are_only_summed():
    values = outcomes_of_run(weekly(40), warm_up_weeks=8, n_consumers=100)
    assert (values["entries"], values["exits"]) == (320, 320)


def test_stocks_are_averaged_over_the_last_quarter():
    values = outcomes_of_run(weekly(40), warm_up_weeks=8, n_consumers=100)
    assert values["members"] == 33  # weeks 27 .. 39


def test_stocks_of_a_short_run_leave_out_the_warm_up():
    values = outcomes_of_run(weekly(8), warm_up_weeks=8, n_consumers=100)
    assert values["members"] == 4.5  # weeks 2 .. 7


@pytest.mark.parametrize(
    ("weeks", "warm_up", "expected"),
    [(104, 8, (8, 104)), (20, 8, (5, 20)), (3, 8, (0, 3)), (0, 8, (0, 0)), (10, 0, (0, 10))],
)
def test_warm_up_is_at_most_a_quarter_of_the_run(weeks, warm_up, expected):
    assert counted_weeks(weeks, warm_up) == expected


def test_weeks_without_a_value_are_left_out_of_the_average():
    table = weekly(4)
    table.loc[3, "conversion_per_read"] = math.nan
    assert outcomes_of_run(table, 0, 1)["conversion_per_read"] == 1  # of 0, 1, 2


def test_run_of_no_weeks_has_no_stocks():
    values = outcomes_of_run(weekly(0), 8, 10)
    assert values["orders"] == 0
    assert math.isnan(values["members"])
    assert math.isnan(values["ad_spend_per_gmv"])


def test_distribution_costs_what_platform_sharers_and_buyers_get_of_merchants():
    table = weekly(4)
    table["platform_revenue_fen"] = [100, 7, 3, 0]  # fees, commission and clicks together
    table["ad_spend_fen"] = [50, 7, 0, 0]
    table["gmv_fen"] = 100
    # 10 + 30 + 30 of platform, sharers and buyers on sales of 300, the warm-up left out
    values = outcomes_of_run(table, warm_up_weeks=1, n_consumers=10)
    assert values["distribution_cost_per_gmv"] == pytest.approx(70 / 300)


def test_households_gain_net_of_the_effort_of_posting():
    table = weekly(4)
    table["consumer_surplus_fen"] = [100, 50, 30, 20]
    table["sharer_income_fen"] = [40, 7, 8, 5]
    table["posting_effort_fen"] = [9, 4, 0, 6]
    # 100 of surplus and 20 of rewards less 10 of effort by 10 people, the warm-up left out
    values = outcomes_of_run(table, warm_up_weeks=1, n_consumers=10)
    assert (values["household_gain_fen"], values["household_gain_net_fen"]) == (12, 11)


def test_every_outcome_has_a_unit():
    assert set(outcomes_of_run(weekly(5), 1, 1)) == set(OUTCOMES)
