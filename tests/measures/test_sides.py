"""The sides of the hybrid over runs, by hand."""

import math

import pandas as pd
import pytest

from sim.measures.sides import (
    SIDE_FORMULAS,
    SIDE_UNITS,
    ends_of_sides,
    side_differences,
    sides_by_week,
    sides_table,
)


def week(number, side, **told):
    return {
        "week": number,
        "side": side,
        "members": 10,
        "merchants": 4,
        "orders": 2,
        "gmv_fen": 10_000,
        "consumer_surplus_fen": 500,
        "platform_revenue_fen": 300,
        "platform_cost_fen": 100,
        "mean_quality_sold": 0.5,
        "mean_quality_offered": 0.25,
        "mean_price_fen": 5_000.0,
        **told,
    }


def test_only_the_last_quarter_counts_and_weeks_weigh_by_what_happened():
    rows = [week(0, "referral", orders=999), week(0, "ads")]
    for number in range(1, 14):
        sold = {1: 3, 13: 39}.get(number, 0)
        rows += [
            week(
                number,
                "referral",
                orders=sold,
                mean_quality_sold=1.0 / number if sold else math.nan,
                consumer_surplus_fen=500 * (sold > 0),
            ),
            week(number, "ads", orders=0, gmv_fen=0, mean_quality_sold=math.nan),
        ]
    referral, ads = ends_of_sides(sides_table(rows), 0)
    assert referral["order_share"] == 1.0 and ads["order_share"] == 0.0
    assert referral["mean_quality_sold"] == pytest.approx((3 * 1.0 + 39 / 13) / 42)
    assert referral["surplus_per_order_fen"] == pytest.approx(1_000 / 42)
    assert referral["member_share"] == referral["merchant_share"] == 0.5
    assert math.isnan(ads["mean_quality_sold"]) and math.isnan(ads["mean_price_fen"])
    assert ads["mean_quality_offered"] == 0.25
    assert referral["profit_per_member_fen"] == pytest.approx(200 / 20)


def test_every_week_has_the_numbers_of_its_own():
    rows = [
        week(0, "referral", members=30, orders=6, consumer_surplus_fen=300),
        week(0, "ads", members=10, merchants=12, orders=0, mean_quality_sold=math.nan),
    ]
    told = sides_by_week(sides_table(rows)).set_index(["side", "outcome"])["value"]
    assert told["referral", "member_share"] == 0.75 and told["ads", "member_share"] == 0.25
    assert told["referral", "merchant_share"] == 0.25 and told["ads", "order_share"] == 0.0
    assert told["referral", "surplus_per_order_fen"] == 50.0
    assert told["referral", "profit_per_member_fen"] == 200 / 40
    assert told["referral", "mean_quality_sold"] == 0.5 and told["ads", "mean_price_fen"] == 5_000.0
    assert math.isnan(told["ads", "mean_quality_sold"])
    assert set(told.index.get_level_values("outcome")) == set(SIDE_UNITS)


def side(name, **told):
    return {"side": name, **dict.fromkeys(SIDE_UNITS, 0.5), **told}


def test_sides_are_held_against_each_other_run_by_run():
    runs = [
        [side("referral", order_share=0.7), side("ads", order_share=0.3)],
        [side("referral", order_share=0.5), side("ads", order_share=0.5)],
        [side("referral", order_share=1.0, mean_price_fen=9.0), side("ads", order_share=0.0)],
    ]
    runs[2][1]["mean_price_fen"] = math.nan
    table = side_differences(runs).set_index("outcome")
    share = table.loc["order_share"]
    # Differences .4, 0, 1: mean .4667, standard deviation .5033, t(2) = 4.3027.
    assert share["estimate"] == pytest.approx(1.4 / 3)
    assert share["high"] - share["estimate"] == pytest.approx(4.3027 * 0.50332 / 3**0.5, rel=1e-4)
    assert (share["first_mean"], share["n"]) == (pytest.approx(2.2 / 3), 3)
    price = table.loc["mean_price_fen"]
    assert (price["n"], price["first_mean"], price["second_mean"]) == (2, 0.5, 0.5)


def test_every_number_of_a_side_has_unit_and_formula():
    assert list(SIDE_UNITS) == list(SIDE_FORMULAS) == list(side("ads"))[1:]
    assert isinstance(sides_table([]), pd.DataFrame)
