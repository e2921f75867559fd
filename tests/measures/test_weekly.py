"""The row of a week, by hand."""

import math

import numpy as np
import pytest

from sim import ledger as books
from sim.ledger import MERCHANT, OUTSIDE, PLATFORM
from sim.measures.weekly import WEEKLY_COLUMNS, money_of_week
from sim.rules import trust
from tests.measures.small_run import SmallRun, tie_at, two_weeks

PROMISED = """market seed week choices examined orders gmv_fen mean_quality_sold
mean_quality_offered mean_price_fen consumer_surplus_fen merchant_profit_fen platform_revenue_fen
platform_cost_fen sharer_income_fen rebate_fen refund_fen ad_spend_fen commission_fen posts
posting_effort_fen reads useless_read_share conversion_per_read mean_tie_trust muted_share members
merchants_active entries exits sales_quality_tau hhi gini_sales gini_sharer_income sharing_members
sharing_orders sharing_profit_fen"""


@pytest.fixture(scope="module")
def rows():
    return two_weeks().weekly


def test_the_promised_columns_in_their_order(rows):
    assert list(WEEKLY_COLUMNS) == PROMISED.split()
    assert list(rows[0]) == list(WEEKLY_COLUMNS)


def test_what_was_sold(rows):
    first, second = rows
    assert (first["choices"], first["examined"], first["orders"]) == (3, 9, 2)
    assert first["gmv_fen"] == 9000
    assert first["mean_price_fen"] == 4500.0
    assert first["mean_quality_sold"] == (0.75 + 0.25) / 2
    assert first["mean_quality_offered"] == pytest.approx((0.25 + 0.75 + 1.0) / 3)
    assert first["consumer_surplus_fen"] == 1100
    assert second["consumer_surplus_fen"] == 700
    assert second["orders"] == 2


def test_what_merchants_change_at_the_end_of_the_week_counts_from_the_next(rows):
    first, second = rows
    assert first["mean_quality_offered"] == second["mean_quality_offered"]


def test_the_money(rows):
    first, second = rows
    # 9000 taken, 7000 for goods, 180 of fee, 180 of rebate
    assert first["merchant_profit_fen"] == 1640
    # 10000 taken, 8000 for goods, 5000 given back; 100 of fee, 300 of reward, 100 + 200 of rebate
    assert second["merchant_profit_fen"] == -3700
    assert (first["platform_revenue_fen"], second["platform_revenue_fen"]) == (180, 100)
    assert (first["sharer_income_fen"], second["sharer_income_fen"]) == (0, 300)
    assert (first["rebate_fen"], second["rebate_fen"]) == (180, 300)
    assert (first["refund_fen"], second["refund_fen"]) == (0, 5000)
    assert (first["ad_spend_fen"], first["commission_fen"], first["platform_cost_fen"]) == (0, 0, 0)


def test_all_of_the_referral_market_is_where_sharing_pays(rows):
    for row in rows:
        assert row["sharing_members"] == row["members"]
        assert row["sharing_orders"] == row["orders"]
        assert row["sharing_profit_fen"] == row["platform_revenue_fen"]  # nothing is spent here


def test_posts_and_reads(rows):
    first, second = rows
    assert (first["posts"], first["reads"]) == (2, 0)
    assert (first["posting_effort_fen"], second["posting_effort_fen"]) == (250, 75)
    assert math.isnan(first["useless_read_share"])
    assert math.isnan(first["conversion_per_read"])
    assert (second["posts"], second["reads"]) == (1, 4)
    assert second["useless_read_share"] == 0.25
    assert second["conversion_per_read"] == 0.5


def test_people_and_merchants(rows):
    first, second = rows
    assert (first["members"], second["members"]) == (4, 5)
    assert (first["merchants_active"], second["exits"]) == (3, 1)
    assert first["gini_sales"] == pytest.approx(1 / 3)
    assert (first["hhi"], second["hhi"]) == (0.5, 1.0)
    assert (first["gini_sharer_income"], second["gini_sharer_income"]) == (0.0, 0.8)
    assert math.isnan(first["sales_quality_tau"])  # one order each
    assert second["sales_quality_tau"] == 1.0


def test_tie_trust_is_the_mean_of_the_rule():
    run = SmallRun()
    run.world.consumers.mute_threshold[:] = 0.9
    run.week_0()
    terms = run.terms.trust
    expected = [
        trust.tie_trust(trust.prior_trust(layer, 0.8, 1.0, terms), terms.prior_strength, 0.0, 0.0)
        for layer in run.world.network.layer.tolist()
    ]
    assert run.weekly[0]["mean_tie_trust"] == pytest.approx(np.mean(expected), rel=1e-12)
    assert run.weekly[0]["muted_share"] == 1 / 8
    run.world.ties.useful_milli[tie_at(run.world.ties, 3)] = 2000
    run.world.consumers.mute_threshold[:] = 0.1
    run.week_1()
    faded = 2.0 * terms.forgetting  # touched in week 0, measured in week 1
    expected[3] = (terms.prior_strength * expected[3] + faded) / (terms.prior_strength + faded)
    assert run.weekly[1]["mean_tie_trust"] == pytest.approx(np.mean(expected), rel=1e-12)
    assert run.weekly[1]["muted_share"] == 0.0  # forgiven, though no post has come since


def test_money_of_a_week_read_off_its_totals():
    totals = {
        (OUTSIDE, MERCHANT, books.CAPITAL): (1000, 1),
        (MERCHANT, PLATFORM, books.COMMISSION): (30, 2),
        (MERCHANT, PLATFORM, books.AD_CLICK): (50, 5),
        (MERCHANT, OUTSIDE, books.FIXED_COST): (20, 1),
        (PLATFORM, OUTSIDE, books.RUNNING_COST): (40, 1),
        (PLATFORM, OUTSIDE, books.AUDIT): (2, 1),
    }
    money = money_of_week(totals)
    assert money["merchant_profit_fen"] == -100
    assert money["platform_revenue_fen"] == 80
    assert money["platform_cost_fen"] == 42
    assert (money["ad_spend_fen"], money["commission_fen"]) == (50, 30)
    assert set(money_of_week({}).values()) == {0}
