"""Who gains, by hand."""

import pandas as pd
import pytest

from sim.measures.welfare import household_gains, profit_by_quality, profit_by_size
from tests.measures.small_run import ANN, BO, CY, DAN, EVE, two_weeks


@pytest.fixture(scope="module")
def tables():
    return two_weeks().tables_so_far.tables()


def test_household_gains(tables):
    table = household_gains(tables["orders"], tables["transfers"], tables["shares"], 5)
    assert table.loc[ANN, ["surplus_fen", "sharer_income_fen", "gain_fen"]].tolist() == [
        1200,
        300,
        1500,
    ]
    assert table["gain_fen"].tolist() == [1500, -100, 700, 0, 0]
    assert [table.loc[i, "consumer"] for i in (ANN, BO, CY, DAN, EVE)] == list(range(5))
    weekly = tables["weekly"]
    gains = weekly["consumer_surplus_fen"].sum() + weekly["sharer_income_fen"].sum()
    assert table["gain_fen"].sum() == gains
    # Ann's and Cy's posts took effort; Eve's would have been written anyway.
    assert table["effort_fen"].tolist() == [250, 0, 75, 0, 0]
    assert table["gain_net_fen"].tolist() == [1250, -100, 625, 0, 0]
    assert table["effort_fen"].sum() == weekly["posting_effort_fen"].sum()


def test_profit_by_quality_sums_to_all_profit(tables):
    table = profit_by_quality(tables["merchants"]).set_index("quality")
    assert table["orders"].to_dict() == {0.25: 1, 0.75: 3, 1.0: 0}
    assert table["profit_fen"].sum() == tables["weekly"]["merchant_profit_fen"].sum()
    assert table["merchant_weeks"].tolist() == [2, 2, 2]


def test_the_small_are_the_lowest_third_of_their_category():
    rows = [(category, m, 10 * m, m, True) for category in (0, 1) for m in range(6)]
    names = ["category", "merchant", "orders", "profit_fen", "active"]
    merchants = pd.DataFrame(rows, columns=names)
    merchants["merchant"] += 6 * merchants["category"]
    table = profit_by_size(merchants)
    assert table["size"].tolist() == [0, 1, 2]
    assert table["profit_fen"].tolist() == [2, 10, 18]
    assert table["merchant_weeks"].tolist() == [4, 4, 4]
