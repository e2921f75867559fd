"""What a week's settled orders come to: money of merchants and platform, and what moved, in all.

Orders are counted by product, and a product has one price all week, so that sums over orders are
sums over products. The money of buyers has been moved by ``sim.kernels.settling``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import ledger as books
from sim.kernels import settling
from sim.kernels.settling import SettledOrders
from sim.world.columns import I8, NOBODY, RECENT_WEEKS, PlatformColumns

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Payer kind, payee kind and purpose of what moves with an order, in the order in which it does.
REBATE = (books.PLATFORM, books.CONSUMER, books.REBATE)
PURCHASE = (books.CONSUMER, books.MERCHANT, books.PURCHASE)
COST = (books.MERCHANT, books.OUTSIDE, books.COST_OF_GOODS)
RECOVERY = (books.MERCHANT, books.PLATFORM, books.REFUND_RECOVERY)
REFUND = (books.PLATFORM, books.CONSUMER, books.REFUND)
FEE = (books.MERCHANT, books.PLATFORM, books.FEE)
COMMISSION = (books.MERCHANT, books.PLATFORM, books.COMMISSION)
CREDIT = (books.MERCHANT, books.PLATFORM, books.REBATE_FUNDING)
REWARD = (books.MERCHANT, books.CONSUMER, books.REWARD)


def add_up(model: MarketModel, settled: list[SettledOrders], sums: I8, amounts: I8) -> None:
    """Move the money of merchants and platform, and tell the ledger what moved.

    ``sums`` and ``amounts`` are the tables by product of `settling.settle_orders`.
    """
    seller, merchants = model.offer.merchant, model.world.merchants
    sums, amounts = sums[seller], amounts[seller]
    price_fen, cost_fen = merchants.price_fen[seller], merchants.unit_cost_fen[seller]
    n, n_refunded, n_rewarded, n_by_ads = (
        sums[:, column]
        for column in (settling.ORDERS, settling.REFUNDED, settling.REWARDED, settling.AD_ORDERS)
    )
    totals = np.zeros(books.TOTALS_SHAPE, dtype=np.int64)
    for part in settled:
        totals[REBATE] += part.used_fen, part.n_used
        totals[REFUND] += part.refund_fen, part.n_refunds
        totals[REWARD] += part.reward_fen.sum(), np.count_nonzero(part.reward_fen)
    by_reward = np.stack([n - n_refunded - n_rewarded, n_rewarded], axis=1)
    change = -n_rewarded * amounts[:, 1, settling.SENDER]
    for move, number, fen in (
        (PURCHASE, n[:, np.newaxis], price_fen[:, np.newaxis]),
        (COST, n[:, np.newaxis], cost_fen[:, np.newaxis]),
        (RECOVERY, n_refunded[:, np.newaxis], price_fen[:, np.newaxis]),
        (FEE, by_reward, amounts[:, :, settling.FEE]),
        (COMMISSION, by_reward, amounts[:, :, settling.COMMISSION]),
        (CREDIT, by_reward, amounts[:, :, settling.CREDIT]),
    ):
        moved = (number * fen).sum(axis=1)
        change += moved if move == PURCHASE else -moved
        totals[move] += moved.sum(), number[fen > 0].sum()
    merchants.cash_fen[seller] += change
    merchants.week_orders[seller] += n
    merchants.week_revenue_fen[seller] += n * price_fen
    merchants.recent_orders[seller, model.week % RECENT_WEEKS] += n
    merchants.period_orders[seller] += n
    reward = amounts[:, 1, settling.SENDER] + amounts[:, 1, settling.RECEIVER]
    merchants.period_referred[seller] += n_rewarded * (reward > 0)
    merchants.period_ad_orders[seller] += n_by_ads
    _move_money_of_platform(model.world.platform, totals)
    model.ledger.add_totals(totals)


def _move_money_of_platform(platform: PlatformColumns, totals: I8) -> None:
    for payer, payee, purpose in (REBATE, COST, RECOVERY, REFUND, FEE, COMMISSION, CREDIT):
        paid = totals[payer, payee, purpose, 0]
        for holder, amount in ((payer, -paid), (payee, paid)):
            if holder == books.PLATFORM:
                platform.cash_fen[0] += amount
            elif holder == books.OUTSIDE:
                platform.outside_fen[0] += amount


def keep_transfers(model: MarketModel, settled: list[SettledOrders], amounts: I8) -> None:
    """Keep every transfer of the week's orders for the event log."""
    orders, merchants = model.flows.orders, model.world.merchants
    keep, order = model.ledger.keep_rows, model.flows.first_order + np.arange(len(orders.consumer))
    holders: dict[int, Any] = {
        books.CONSUMER: orders.consumer,
        books.MERCHANT: orders.merchant,
        books.PLATFORM: NOBODY,
        books.OUTSIDE: NOBODY,
    }
    price, used, refunded = orders.price_fen, orders.rebate_used_fen, orders.refunded
    rewarded = _joined(part.rewarded for part in settled).astype(np.int64)
    for (payer, payee, purpose), fen in (
        (REBATE, used),
        (PURCHASE, price),
        (COST, merchants.unit_cost_fen[orders.merchant]),
        (RECOVERY, price * refunded),
        (REFUND, (price - used) * refunded),
        (FEE, amounts[orders.merchant, rewarded, settling.FEE] * ~refunded),
        (COMMISSION, amounts[orders.merchant, rewarded, settling.COMMISSION] * ~refunded),
        (CREDIT, amounts[orders.merchant, rewarded, settling.CREDIT] * ~refunded),
    ):
        keep(payer, holders[payer], payee, holders[payee], fen, purpose, order)
    row, earner, fen = (
        _joined(getattr(part, name) for part in settled)
        for name in ("reward_row", "reward_earner", "reward_fen")
    )
    keep(*REWARD[:1], orders.merchant[row], REWARD[1], earner, fen, REWARD[2], order[row])


def _joined(parts: Iterable[Any]) -> Any:
    return np.concatenate(list(parts))
