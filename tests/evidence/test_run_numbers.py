"""Numbers of runs that claims ask for, by hand."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from sim.evidence.lived_run import LivedRun
from sim.evidence.run_numbers import NUMBERS
from sim.scenario import load_scenario


def lived(weeks, warm_up=1, **tables):
    scenario = load_scenario("quick").with_values(
        {"run.weeks": weeks, "run.warm_up_weeks": warm_up}
    )
    return LivedRun(scenario, "referral", 10, tables, pd.DataFrame(), math.nan, 0)


def number(name, run):
    return NUMBERS[name].of(run)


def test_exits_of_the_warm_up_are_not_counted():
    # bad 0 leaves after the warm-up week, bad 1 after week 2, good 2 stays
    on_offer = {0: (0.0, 1), 1: (0.0, 3), 2: (1.0, 5)}
    merchants = pd.DataFrame(
        [
            {"week": week, "merchant": merchant, "quality": quality, "active": week < end}
            for merchant, (quality, end) in on_offer.items()
            for week in range(5)
        ]
    )
    # weeks 1 to 3 can be left: of bad 1 two, with one exit; of good 2 three, without
    found = number("exit_log_ratio", lived(5, merchants=merchants))
    assert found == pytest.approx(math.log((1.5 / 2) / (0.5 / 3)))


def test_rank_agreement_is_told_early_and_late():
    weekly = pd.DataFrame({"week": range(40), "sales_quality_tau": 0.5})
    weekly.loc[0, "sales_quality_tau"] = 9.0  # the warm-up
    weekly.loc[1:13, "sales_quality_tau"] = [-0.2] * 12 + [math.nan]
    assert number("sales_quality_tau_early", lived(40, weekly=weekly)) == pytest.approx(-0.2)


def test_orders_per_read_are_told_by_source():
    rows = [
        # week, channel, layer, merchant, bought
        (0, "share", 0, 1, True),  # the warm-up
        (1, "share", 0, 1, True),
        (1, "share", 0, 1, False),
        (1, "share", 0, -1, False),  # an invitation
        (1, "share", 3, 1, False),
        (2, "share", 3, 1, False),
        (2, "share", 3, 1, False),
        (2, "share", 3, 1, True),
        (2, "leader", -1, 1, True),
        (2, "leader", 0, 1, False),
    ]
    columns = ["week", "channel", "tie_layer", "merchant", "bought"]
    run = lived(4, exposures=pd.DataFrame(rows, columns=columns))
    assert number("orders_per_read_closest", run) == 1 / 2
    assert number("orders_per_read_farthest", run) == 1 / 4
    assert number("orders_per_look_up", run) == 1 / 2
    nothing = lived(4, exposures=pd.DataFrame(rows[:1], columns=columns))
    assert math.isnan(number("orders_per_look_up", nothing))


def test_depth_is_told_of_products_and_invitations_apart():
    kinds = ["product"] * 5 + ["invitation"] * 2
    cascades = pd.DataFrame({"kind": kinds, "depth": [0, 1, 1, 4, 9, 3, 0], "first_week": 90})
    cascades.loc[4, "first_week"] = 0  # before the first week that counts
    run = lived(4, cascades=cascades)
    assert number("product_depth", run) == 2.0  # of 1, 1 and 4; nobody followed the first
    assert number("invitation_depth", run) == 3.0
    assert math.isnan(number("product_depth", lived(4, cascades=cascades.head(1))))


def test_fakes_of_counted_weeks_are_told_by_rating():
    columns = ["week", "merchant", "orders", "n_reviews", "mean_review", "active"]
    rows = [(0, 0, 10, 30, 0.2, True), (0, 1, 10, 3, 0.7, True)]  # the warm-up
    rows += [(1, 0, 10, 34, 0.3, True), (1, 1, 10, 9, 0.8, True)]
    run = lived(4, merchants=pd.DataFrame(rows, columns=columns))
    assert run.scenario.reviews.review_prob == 0.3
    # of 10 orders 3 are reviewed: seller 0, rated lower, adds 1 fake review, seller 1 adds 3
    assert number("fakes_of_low_rated", run) == pytest.approx(1 / 4)
    honest = replace(run, scenario=run.scenario.with_values({"reviews.fake_share": 0.0}))
    assert math.isnan(number("fakes_of_low_rated", honest))
