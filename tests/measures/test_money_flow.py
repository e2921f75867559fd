"""Where each yuan goes, from ledgers written by hand and from a small run."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ledger import PURPOSES
from sim.measures.money_flow import KEEPER, PAYMENT, VIEWS, where_each_yuan_goes
from tests.measures.small_run import two_weeks


def ledger_of(**fen):
    return pd.DataFrame(list(fen.items()), columns=["purpose", "amount_fen"])


def of_100(ledger, by):
    return where_each_yuan_goes(ledger, by).set_index("part")["of_100"].to_dict()


def test_of_100_yuan_spent_on_an_ad_platform():
    ledger = ledger_of(
        purchase=20_000,
        cost_of_goods=14_000,
        fixed_cost=1_000,
        ad_click=2_000,
        commission=400,
        running_cost=600,
        capital=99_999,
    )
    kept = of_100(ledger, KEEPER)
    assert (kept["cost_of_goods"], kept["fixed_cost"], kept["merchant_profit"]) == (70, 5, 13)
    assert (kept["running_cost"], kept["audit"], kept["platform_profit"]) == (3, 0, 9)
    assert (kept["rewards"], kept["rebates"], kept["refunds"]) == (0, 0, 0)
    paid = of_100(ledger, PAYMENT)
    assert (paid["advertising"], paid["commission"], paid["fee"]) == (10, 2, 0)
    assert paid["merchant_profit"] == 13


def test_of_the_two_weeks_by_hand():
    kept = of_100(two_weeks().tables_so_far.tables()["ledger"], KEEPER)
    # 190 yuan paid; 150 for goods, 2.80 of fee, 3.00 of reward, 4.80 of rebate, 50 returned
    assert kept["refunds"] == pytest.approx(100 * 50 / 190)
    assert kept["rewards"] == pytest.approx(100 * 3 / 190)
    assert kept["rebates"] == pytest.approx(100 * 4.8 / 190)
    assert kept["merchant_profit"] == pytest.approx(100 * (1640 - 3700) / 19_000)


@given(
    st.dictionaries(st.sampled_from(PURPOSES), st.integers(0, 10**12)),
    st.integers(1, 10**13),
    st.sampled_from(VIEWS),
)
def test_the_parts_sum_to_what_was_paid(fen, purchase, by):
    table = where_each_yuan_goes(ledger_of(**{**fen, "purchase": purchase}), by)
    assert table["amount_fen"].sum() == purchase
    rounding = 1e-15 * math.fsum(table["of_100"].abs())
    assert math.fsum(table["of_100"]) == pytest.approx(100, abs=rounding)


def test_the_two_views_differ_in_the_platform_only():
    ledger = two_weeks().tables_so_far.tables()["ledger"]
    kept, paid = (where_each_yuan_goes(ledger, by) for by in VIEWS)
    for table in (kept, paid):
        assert table.loc[table["holder"] == "platform", "amount_fen"].sum() == 280
    others = [table[table["holder"] != "platform"].reset_index(drop=True) for table in (kept, paid)]
    pd.testing.assert_frame_equal(*others)


def test_nothing_paid_and_an_unknown_view():
    assert where_each_yuan_goes(ledger_of(capital=5))["of_100"].isna().all()
    with pytest.raises(ValueError, match="neither"):
        where_each_yuan_goes(ledger_of(), "payer")
