"""Margins, posts per member and shares of 100 yuan, on a run of two weeks."""

import math

import pandas as pd
import pytest

from sim.measures.rates import (
    PLATFORM_PARTS,
    USER_PARTS,
    good_percent,
    gross_margin,
    margins_by_week,
    of_100_to,
    posts_per_100_members,
)

WEEKLY = pd.DataFrame(
    {
        "market": "ads",
        "seed": 1,
        "week": [0, 1],
        "gmv_fen": [1000, 0],
        "merchant_profit_fen": [-50, -20],
        "posts": [5, 5],
        "members": [50, 0],
    }
)
LEDGER = pd.DataFrame(
    {
        "week": [0, 0, 0],
        "purpose": pd.Categorical(["purchase", "cost_of_goods", "fee"]),
        "amount_fen": [1000, 800, 20],
    }
)


def test_margins_are_shares_of_the_sales_of_the_week():
    table = margins_by_week(WEEKLY, LEDGER)
    assert table.loc[0, "gross_margin_share"] == pytest.approx(0.2)
    assert table.loc[0, "profit_share"] == pytest.approx(-0.05)


def test_week_without_sales_has_no_margin():
    table = margins_by_week(WEEKLY, LEDGER)
    assert table.loc[1, ["gross_margin_share", "profit_share"]].isna().all()


def test_posts_are_counted_per_100_members():
    table = posts_per_100_members(WEEKLY)
    assert table.loc[0, "posts_per_100_members"] == 10
    assert math.isnan(table.loc[1, "posts_per_100_members"])


def test_run_without_weeks_has_no_rates():
    assert margins_by_week(WEEKLY.head(0), LEDGER.head(0)).empty
    assert posts_per_100_members(WEEKLY.head(0)).empty


def test_good_quality_begins_at_three_quarters():
    sold = pd.DataFrame({"quality": [0.0, 0.5, 0.75, 1.0], "orders": [10, 40, 30, 20]})
    assert good_percent(sold) == 50
    assert math.isnan(good_percent(sold.assign(orders=0)))


def test_parts_of_100_yuan_are_added_up_by_run():
    parts = ["rewards", "rebates", "refunds", "fee", "commission", "advertising"]
    money = pd.DataFrame(
        {"market": "ads", "seed": 1, "part": parts, "of_100": [1.0, 2.0, 4.0, 8.0, 16.0, 32.0]}
    )
    assert of_100_to(money, USER_PARTS)["of_100"].tolist() == [3.0]
    assert of_100_to(money, PLATFORM_PARTS)["of_100"].tolist() == [56.0]
    assert of_100_to(money.assign(of_100=math.nan), USER_PARTS)["of_100"].isna().all()


def test_gross_margin_from_a_week_on():
    weekly = pd.DataFrame({"week": [0, 1], "gmv_fen": [1000, 2000]})
    ledger = pd.DataFrame(
        {"week": [0, 1, 1], "purpose": ["cost_of_goods", "cost_of_goods", "fee"]}
        | {"amount_fen": [900, 1500, 10]}
    )
    assert gross_margin(weekly, ledger) == pytest.approx(0.2)
    assert gross_margin(weekly, ledger, first=1) == pytest.approx(0.25)
    assert math.isnan(gross_margin(weekly, ledger, first=2))
