"""Numbers of runs that claims ask for, by hand."""

import math

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
