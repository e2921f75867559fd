"""Money moves to the fen, and the ledger notices when it does not."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import ledger as books
from sim.ledger import CONSUMER, MERCHANT, OUTSIDE, PLATFORM, InvariantError, Ledger, transfers_of
from tests.small_columns import small_world_columns


def ledger_of(n_consumers=3, n_merchants=2, trace=True):
    consumers, merchants, platform = small_world_columns(n_consumers, n_merchants)
    return Ledger(consumers, merchants, platform, trace=trace), consumers, merchants, platform


def sale(ledger):
    """Consumer 0 buys for 50 yuan from merchant 1, through a post of consumer 2."""
    ledger.transfer(CONSUMER, 0, MERCHANT, 1, 5000, books.PURCHASE, 7)
    ledger.transfer(MERCHANT, 1, OUTSIDE, 0, 3000, books.COST_OF_GOODS, 7)
    ledger.transfer(MERCHANT, 1, PLATFORM, 0, 100, books.FEE, 7)
    ledger.transfer(MERCHANT, 1, CONSUMER, 2, 300, books.REWARD, 7)


def test_a_sale_moves_the_balances():
    ledger, consumers, merchants, platform = ledger_of()
    sale(ledger)
    totals = ledger.close_week(0)
    assert consumers.cash_fen.tolist() == [-5000, 0, 300]
    assert merchants.cash_fen.tolist() == [0, 1600]
    assert (platform.cash_fen[0], platform.outside_fen[0]) == (100, 3000)
    assert totals == {
        (CONSUMER, MERCHANT, books.PURCHASE): (5000, 1),
        (MERCHANT, OUTSIDE, books.COST_OF_GOODS): (3000, 1),
        (MERCHANT, PLATFORM, books.FEE): (100, 1),
        (MERCHANT, CONSUMER, books.REWARD): (300, 1),
    }
    assert ledger.totals(0) == totals
    assert ledger.reward_income_fen.tolist() == [0, 0, 300]
    assert ledger.merchant_profit_fen.tolist() == [0, 1600]


def test_capital_is_no_profit():
    ledger, _, merchants, _ = ledger_of()
    ledger.transfer(OUTSIDE, -1, MERCHANT, 0, 900, books.CAPITAL)
    ledger.transfer_many(OUTSIDE, -1, MERCHANT, [0, 1], [50, 60], books.CAPITAL)
    ledger.transfer(MERCHANT, 0, OUTSIDE, -1, 10, books.FIXED_COST)
    ledger.close_week(-1)
    assert merchants.cash_fen.tolist() == [940, 60]
    assert ledger.merchant_profit_fen.tolist() == [-10, 0]


def test_nothing_leaves_no_trace_and_less_than_nothing_is_an_error():
    ledger, *_ = ledger_of()
    ledger.transfer(CONSUMER, 0, MERCHANT, 0, 0, books.PURCHASE)
    ledger.transfer_many(CONSUMER, [0], MERCHANT, [0], [0], books.PURCHASE)
    assert ledger.close_week(0) == {}
    with pytest.raises(ValueError, match="swap"):
        ledger.transfer(CONSUMER, 0, MERCHANT, 0, -1, books.PURCHASE)
    with pytest.raises(ValueError, match="swap"):
        ledger.transfer_many(CONSUMER, [0, 0], MERCHANT, 0, [1, -1], books.PURCHASE)
    with pytest.raises(TypeError):
        ledger.transfer(CONSUMER, 0, MERCHANT, 0, 1.5, books.PURCHASE)
    with pytest.raises(TypeError):
        ledger.transfer_many(CONSUMER, 0, MERCHANT, 0, [1.5], books.PURCHASE)
    with pytest.raises(IndexError):
        ledger.transfer(CONSUMER, -1, MERCHANT, 0, 1, books.PURCHASE)
    with pytest.raises(IndexError):
        ledger.transfer_many(CONSUMER, [-1], MERCHANT, 0, 1, books.PURCHASE)


@pytest.mark.parametrize("column", ["consumers", "merchants", "platform", "outside"])
def test_a_fen_from_nowhere_is_found(column):
    ledger, consumers, merchants, platform = ledger_of()
    sale(ledger)
    cash = {
        "consumers": consumers.cash_fen,
        "merchants": merchants.cash_fen,
        "platform": platform.cash_fen,
        "outside": platform.outside_fen,
    }[column]
    cash[0] += 1
    with pytest.raises(InvariantError, match="week 3"):
        ledger.close_week(3)


def test_a_fen_shifted_between_kinds_is_found():
    ledger, consumers, merchants, _ = ledger_of()
    consumers.cash_fen[0] -= 1
    merchants.cash_fen[0] += 1
    with pytest.raises(InvariantError):
        ledger.close_week(0)


def test_weeks_are_closed_in_order_and_once():
    ledger, *_ = ledger_of()
    ledger.close_week(2)
    for week in (1, 2):
        with pytest.raises(ValueError, match="closed after"):
            ledger.close_week(week)


def test_totals_of_an_engine_that_moved_the_balances_itself():
    ledger, consumers, merchants, _ = ledger_of(trace=False)
    totals = np.zeros(books.TOTALS_SHAPE, dtype=np.int64)
    totals[CONSUMER, MERCHANT, books.PURCHASE] = (500, 2)
    consumers.cash_fen[:2] -= 250
    merchants.cash_fen[0] += 500
    ledger.add_totals(totals)
    assert ledger.close_week(0) == {(CONSUMER, MERCHANT, books.PURCHASE): (500, 2)}
    ledger.add_totals(totals)
    with pytest.raises(InvariantError):
        ledger.close_week(1)
    with pytest.raises(ValueError, match="shape"):
        ledger.add_totals(totals[:2])
    totals[OUTSIDE, MERCHANT, books.CAPITAL] = (1, 1)
    with pytest.raises(ValueError, match="capital"):
        ledger.add_totals(totals)


def test_tables_have_the_promised_columns_and_survive_parquet(tmp_path):
    ledger, *_ = ledger_of()
    sale(ledger)
    ledger.close_week(0)
    transfers = transfers_of(ledger.closed_rows)
    ledger.close_week(1)
    assert not len(ledger.closed_rows)
    table = ledger.table()
    promised = [
        "week",
        "payer_kind",
        "payer",
        "payee_kind",
        "payee",
        "amount_fen",
        "purpose",
        "order",
    ]
    assert list(transfers) == promised
    assert list(table) == [
        "week",
        "payer_kind",
        "payee_kind",
        "purpose",
        "amount_fen",
        "n_transfers",
    ]
    assert transfers.payee.tolist() == [1, -1, -1, 2]
    assert (transfers.order == 7).all()
    for frame in (table, transfers):
        frame.to_parquet(tmp_path / "x.parquet")
        pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "x.parquet"), frame)
    by_hand = transfers.groupby("purpose", observed=True).amount_fen.sum()
    assert by_hand.to_dict() == table.set_index("purpose").amount_fen.to_dict()


def test_an_untouched_ledger_gives_empty_tables_of_the_same_types():
    empty, used = ledger_of()[0], ledger_of()[0]
    sale(used)
    used.close_week(0)
    assert empty.table().empty
    assert transfers_of(empty.closed_rows).empty
    assert (empty.table().dtypes == used.table().dtypes).all()
    assert (transfers_of(empty.closed_rows).dtypes == transfers_of(used.closed_rows).dtypes).all()


moves = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.integers(0, 1),
        st.integers(0, 3),
        st.integers(0, 1),
        st.integers(0, 10**6),
        st.integers(0, len(books.PURPOSES) - 1),
        st.integers(-1, 5),
    ),
    max_size=20,
)


@given(moves, st.randoms(use_true_random=False))
def test_the_order_of_transfers_does_not_matter_and_money_is_conserved(rows, random):
    shuffled = random.sample(rows, len(rows))
    one, *columns_one = ledger_of(2, 2)
    other, *columns_other = ledger_of(2, 2)
    for row in rows:
        one.transfer(*row)
    for row in shuffled:
        payer_kind, payer, payee_kind, payee, amount, purpose, order = row
        other.transfer_many(payer_kind, payer, payee_kind, [payee], amount, purpose, [order])
    assert one.close_week(0) == other.close_week(0)
    assert (one.closed_rows == other.closed_rows).all()
    assert (one.reward_income_fen == other.reward_income_fen).all()
    assert (one.merchant_profit_fen == other.merchant_profit_fen).all()
    for mine, theirs in zip(columns_one, columns_other, strict=True):
        assert (mine.cash_fen == theirs.cash_fen).all()
    consumers, merchants, platform = columns_one
    balances = consumers.cash_fen.sum() + merchants.cash_fen.sum()
    assert balances + platform.cash_fen[0] + platform.outside_fen[0] == 0


def test_totals_so_far_are_those_of_all_closed_weeks():
    ledger, *_ = ledger_of()
    sale(ledger)
    ledger.close_week(0)
    sale(ledger)
    assert ledger.totals_so_far()[CONSUMER, MERCHANT, books.PURCHASE] == (5000, 1)
    ledger.close_week(1)
    assert ledger.totals_so_far()[CONSUMER, MERCHANT, books.PURCHASE] == (10_000, 2)
