"""How an order's money is divided, and what a refund undoes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.compiled import compiled
from sim.rules.rewards import MarketTerms
from sim.rules.settlement import refund_prob, settle_amounts

REFERRAL = MarketTerms(
    sender_rate=0.06,
    receiver_rate=0.0,
    rebate_rate=0.02,
    levels=1,
    level_decay=0.5,
    disclosed=1,
    post_friction=0.0,
    n_slots=0,
    fee_rate=0.02,
    commission_rate=0.0,
    refunds=1,
    self_referral_guard=1,
)


def test_a_referred_order_pays_fee_reward_and_rebate():
    # 55 yuan: fee 1.10, reward 3.30 to the sharer, rebate 1.10 to the buyer.
    amounts = settle_amounts(5_500, 0, 1, 0, REFERRAL)
    assert amounts.fee_fen == 110
    assert amounts.sender_fen == 330
    assert amounts.rebate_credit_fen == 110
    assert amounts.receiver_fen == amounts.commission_fen == amounts.refund_fen == 0


def test_an_order_that_nobody_brought_pays_no_reward():
    amounts = settle_amounts(5_500, 0, 0, 0, REFERRAL)
    assert amounts.sender_fen == amounts.receiver_fen == 0
    assert amounts.rebate_credit_fen == 110


def test_a_split_reward_is_divided_between_sharer_and_buyer():
    terms = REFERRAL._replace(sender_rate=0.03, receiver_rate=0.03)
    amounts = settle_amounts(5_500, 0, 1, 0, terms)
    assert (amounts.sender_fen, amounts.receiver_fen) == (165, 165)


def test_a_refunded_order_pays_nobody_and_gives_back_money_as_money_rebate_as_rebate():
    # 55 yuan, 5 of them paid in rebate: the merchant returns 55, the buyer gets 50 and the 5 again.
    amounts = settle_amounts(5_500, 500, 1, 1, REFERRAL._replace(commission_rate=0.1))
    assert amounts.recovered_fen == 5_500
    assert amounts.refund_fen == 5_000
    assert amounts.restored_fen == 500
    assert amounts.sender_fen == amounts.fee_fen == amounts.rebate_credit_fen == 0
    assert amounts.commission_fen == 0


rates = st.floats(0, 1)


@given(
    st.integers(0, 10**9),
    st.floats(0, 1),
    st.booleans(),
    st.booleans(),
    st.tuples(rates, rates, rates, rates, rates),
)
def test_amounts_are_whole_never_negative_and_a_refund_is_the_price(
    price, used_share, rewarded, refunded, cuts
):
    sender, receiver, rebate, fee, commission = cuts
    terms = REFERRAL._replace(
        sender_rate=sender,
        receiver_rate=receiver,
        rebate_rate=rebate,
        fee_rate=fee,
        commission_rate=commission,
    )
    used = int(price * used_share)
    amounts = settle_amounts(price, used, int(rewarded), int(refunded), terms)
    assert all(isinstance(amount, int) and amount >= 0 for amount in amounts)
    assert all(amount <= price for amount in amounts)
    assert amounts.refund_fen + amounts.restored_fen == amounts.recovered_fen
    assert amounts.recovered_fen == (price if refunded else 0)


def test_the_best_goods_never_come_back_and_the_worst_most():
    assert refund_prob(1.0, 0.3) == 0.0
    assert refund_prob(0.5, 0.3) == pytest.approx(0.075)
    assert refund_prob(0.0, 0.3) == 0.3


def test_compiled_and_plain_settlement_agree():
    in_kernel = compiled(lambda *order: settle_amounts(*order))
    for price in (0, 1, 49, 5_555, 123_456_789):
        for rewarded, refunded in ((0, 0), (1, 0), (1, 1)):
            order = (price, price // 3, rewarded, refunded, REFERRAL)
            assert tuple(in_kernel(*order)) == tuple(settle_amounts(*order))
