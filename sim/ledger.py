"""The ledger: every movement of money, to the fen, from one balance to another.

Amounts are whole fen and never negative; a reversal swaps payer and payee. Sums are integers, so
the order in which transfers arrive cannot matter; kept rows are sorted when a week is closed.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import index
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.world.columns import (
    I8,
    NOBODY,
    ConsumerColumns,
    MerchantColumns,
    PlatformColumns,
)

#: Who can hold money. Platform and outside (suppliers, landlords, staff, investors) are one each.
KINDS = ("consumer", "merchant", "platform", "outside")
CONSUMER, MERCHANT, PLATFORM, OUTSIDE = range(4)

#: What money moves for; the index is the code.
PURPOSES = (
    "purchase",  # consumer -> merchant, the posted price
    "cost_of_goods",  # merchant -> outside
    "fixed_cost",  # merchant -> outside
    "fee",  # merchant -> platform
    "commission",  # merchant -> platform
    "ad_click",  # merchant -> platform
    "reward",  # merchant -> consumer, to the sharer and those above
    "rebate_funding",  # merchant -> platform, credited to a consumer's wallet
    "rebate",  # platform -> consumer, when the credit is spent
    "refund",  # platform -> consumer, the price less the rebate used (which returns to the wallet)
    "refund_recovery",  # merchant -> platform, the price
    "running_cost",  # platform -> outside
    "audit",  # platform -> outside
    "capital",  # outside -> merchant
)
(
    PURCHASE,
    COST_OF_GOODS,
    FIXED_COST,
    FEE,
    COMMISSION,
    AD_CLICK,
    REWARD,
    REBATE_FUNDING,
    REBATE,
    REFUND,
    REFUND_RECOVERY,
    RUNNING_COST,
    AUDIT,
    CAPITAL,
) = range(len(PURPOSES))

_N_KINDS = len(KINDS)
_N_PURPOSES = len(PURPOSES)
#: Shape of the totals a compiled engine hands over: payer kind, payee kind, purpose, (fen, number).
TOTALS_SHAPE = (_N_KINDS, _N_KINDS, _N_PURPOSES, 2)

#: Totals of a week: (payer kind, payee kind, purpose) -> (amount in fen, number of transfers).
WeekTotals = dict[tuple[int, int, int], tuple[int, int]]


def categories_of(codes: ArrayLike, names: Sequence[str]) -> pd.Categorical[str]:
    """A column of names for codes (-1 is missing); the same categories in every table."""
    return pd.Categorical.from_codes(np.asarray(codes), categories=pd.Index(names))


class InvariantError(RuntimeError):
    """Something that must hold in every week does not."""


#: A kept transfer. Rows are sorted by these columns from left to right.
TRANSFER = np.dtype(
    [
        ("week", "i4"),
        ("order", "i8"),
        ("purpose", "i1"),
        ("payer_kind", "i1"),
        ("payer", "i4"),
        ("payee_kind", "i1"),
        ("payee", "i4"),
        ("amount_fen", "i8"),
    ]
)
_Rows = NDArray[np.void]


class Ledger:
    """All balances and what moved between them, week by week.

    The balances are the ``cash_fen`` columns themselves; nothing else may write them. A week is
    closed once, after its last transfer; measures read closed weeks.
    """

    def __init__(
        self,
        consumers: ConsumerColumns,
        merchants: MerchantColumns,
        platform: PlatformColumns,
        trace: bool = False,
    ) -> None:
        self.trace = trace
        #: Rewards each consumer has earned so far, fen; whoever uses `add_totals` adds to it too.
        self.reward_income_fen: I8 = np.zeros(len(consumers.cash_fen), dtype=np.int64)
        #: What each merchant earned in the week closed last, fen, capital left out.
        self.merchant_profit_fen: I8 = np.zeros(len(merchants.cash_fen), dtype=np.int64)
        self._cash = (
            consumers.cash_fen,
            merchants.cash_fen,
            platform.cash_fen,
            platform.outside_fen,
        )
        self._opening = [int(cash.sum()) for cash in self._cash]
        self._opening_merchants = merchants.cash_fen.copy()
        self._capital = np.zeros_like(merchants.cash_fen)
        self._amounts = [0] * (_N_KINDS * _N_KINDS * _N_PURPOSES)
        self._numbers = [0] * (_N_KINDS * _N_KINDS * _N_PURPOSES)
        self._single_rows: list[tuple[int, int, int, int, int, int, int, int]] = []
        self._bulk_rows: list[_Rows] = []
        self._closed: dict[int, WeekTotals] = {}
        self._so_far: WeekTotals = {}
        #: Transfers of the week closed last, sorted; empty unless traced.
        self.closed_rows: _Rows = np.empty(0, dtype=TRANSFER)

    def transfer(
        self,
        payer_kind: int,
        payer: int,
        payee_kind: int,
        payee: int,
        amount_fen: int,
        purpose: int,
        order: int = NOBODY,
    ) -> None:
        """Moves ``amount_fen`` from payer to payee; an amount of 0 leaves no trace.

        Payer and payee are ids of their kind; for platform and outside any of 0 and -1 will do.
        """
        amount = index(amount_fen)
        if amount <= 0:
            if amount == 0:
                return
            raise ValueError(f"a transfer for {PURPOSES[purpose]} of {amount} fen: swap the two")
        payer = _checked(payer_kind, payer)
        payee = _checked(payee_kind, payee)
        self._cash[payer_kind][payer] -= amount
        self._cash[payee_kind][payee] += amount
        cell = (payer_kind * _N_KINDS + payee_kind) * _N_PURPOSES + purpose
        self._amounts[cell] += amount
        self._numbers[cell] += 1
        if purpose == REWARD and payee_kind == CONSUMER:
            self.reward_income_fen[payee] += amount
        elif purpose == CAPITAL and payee_kind == MERCHANT:
            self._capital[payee] += amount
        if self.trace:
            self._single_rows.append(
                (NOBODY, index(order), purpose, payer_kind, payer, payee_kind, payee, amount)
            )

    def transfer_many(
        self,
        payer_kind: int,
        payers: ArrayLike,
        payee_kind: int,
        payees: ArrayLike,
        amounts_fen: ArrayLike,
        purpose: int,
        orders: ArrayLike = NOBODY,
    ) -> None:
        """Makes many transfers of one purpose at once, in fen, as `transfer` on each would.

        Ids and orders may be single numbers that hold for all.
        """
        amount = np.atleast_1d(amounts_fen)
        if amount.dtype.kind not in "iu":
            raise TypeError(f"amounts in fen are integers, not {amount.dtype}")
        amount = amount.astype(np.int64, copy=False)
        least = amount.min(initial=1)
        if least < 0:
            raise ValueError(f"a negative transfer for {PURPOSES[purpose]}: swap the two")
        payer, payee, order = (np.asarray(ids) for ids in (payers, payees, orders))
        if least == 0:
            kept = amount > 0
            amount = amount[kept]
            payer, payee, order = (ids[kept] if ids.ndim else ids for ids in (payer, payee, order))
        if not len(amount):
            return
        payer, payee = _checked_many(payer_kind, payer), _checked_many(payee_kind, payee)
        total = int(amount.sum())
        _scatter(np.subtract, self._cash[payer_kind], payer, amount, total)
        _scatter(np.add, self._cash[payee_kind], payee, amount, total)
        cell = (payer_kind * _N_KINDS + payee_kind) * _N_PURPOSES + purpose
        self._amounts[cell] += total
        self._numbers[cell] += len(amount)
        if purpose == REWARD and payee_kind == CONSUMER:
            _scatter(np.add, self.reward_income_fen, payee, amount, total)
        elif purpose == CAPITAL and payee_kind == MERCHANT:
            _scatter(np.add, self._capital, payee, amount, total)
        if self.trace:
            self._keep(payer_kind, payer, payee_kind, payee, amount, purpose, order)

    def keep_rows(
        self,
        payer_kind: int,
        payers: ArrayLike,
        payee_kind: int,
        payees: ArrayLike,
        amounts_fen: I8,
        purpose: int,
        orders: ArrayLike,
    ) -> None:
        """Keeps the rows, in fen, of transfers that `add_totals` brings; no balance is moved."""
        columns = np.broadcast_arrays(amounts_fen, payers, payees, orders)
        if not (columns[0] > 0).any():
            return
        amount, payer, payee, order = (column[columns[0] > 0] for column in columns)
        payer, payee = _checked_many(payer_kind, payer), _checked_many(payee_kind, payee)
        self._keep(payer_kind, payer, payee_kind, payee, amount, purpose, order)

    def _keep(
        self,
        payer_kind: int,
        payer: NDArray[Any],
        payee_kind: int,
        payee: NDArray[Any],
        amount: I8,
        purpose: int,
        order: NDArray[Any],
    ) -> None:
        rows = np.empty(len(amount), dtype=TRANSFER)
        rows["order"], rows["purpose"] = order, purpose
        rows["payer_kind"], rows["payer"] = payer_kind, payer
        rows["payee_kind"], rows["payee"] = payee_kind, payee
        rows["amount_fen"] = amount
        self._bulk_rows.append(rows)

    def add_totals(self, totals: NDArray[np.int64]) -> None:
        """Adds totals, in fen, of transfers whose balances the caller has moved already.

        ``totals`` has `TOTALS_SHAPE`. The caller moves ``cash_fen`` and ``reward_income_fen``
        itself (but no capital); `close_week` finds out if the two do not agree.
        """
        if totals.shape != TOTALS_SHAPE or totals.dtype.kind != "i":
            raise ValueError(f"totals are integers of shape {TOTALS_SHAPE}, not {totals.shape}")
        if (totals < 0).any() or totals[:, :, CAPITAL].any():
            raise ValueError("negative totals, or capital among them")
        flat = totals.reshape(-1, 2)
        for cell in np.flatnonzero(flat[:, 1]).tolist():
            self._amounts[cell] += int(flat[cell, 0])
            self._numbers[cell] += int(flat[cell, 1])

    def close_week(self, week: int) -> WeekTotals:
        """Totals of everything moved since the last closing, in fen, under ``week``.

        The balances of each kind must have changed by just what the totals say (hence their sum not
        at all); otherwise an `InvariantError`.
        """
        if self._closed and week <= max(self._closed):
            raise ValueError(f"week {week} closed after week {max(self._closed)}")
        totals: WeekTotals = {}
        change = [0] * _N_KINDS
        for cell, amount in enumerate(self._amounts):
            if self._numbers[cell]:
                kinds, purpose = divmod(cell, _N_PURPOSES)
                payer_kind, payee_kind = divmod(kinds, _N_KINDS)
                totals[payer_kind, payee_kind, purpose] = (amount, self._numbers[cell])
                change[payer_kind] -= amount
                change[payee_kind] += amount
                self._amounts[cell] = self._numbers[cell] = 0
        for kind, cash in enumerate(self._cash):
            closing = int(cash.sum())
            if closing != self._opening[kind] + change[kind]:
                raise InvariantError(
                    f"week {week}: the balances of kind {KINDS[kind]!r} moved by "
                    f"{closing - self._opening[kind]} fen, the ledger by {change[kind]} fen"
                )
            self._opening[kind] = closing
        merchants = self._cash[MERCHANT]
        self.merchant_profit_fen = merchants - self._opening_merchants - self._capital
        self._opening_merchants = merchants.copy()
        self._capital[:] = 0
        self._closed[week] = totals
        for key, (amount, number) in totals.items():
            before = self._so_far.get(key, (0, 0))
            self._so_far[key] = (before[0] + amount, before[1] + number)
        if self.trace:
            self.closed_rows = self._sorted_rows(week)
        return totals

    def totals(self, week: int) -> WeekTotals:
        """Totals of a closed week: (payer kind, payee kind, purpose) -> (fen, number)."""
        return self._closed[week]

    def totals_so_far(self) -> WeekTotals:
        """Totals of all closed weeks together, as those of one week."""
        return dict(self._so_far)

    def table(self) -> pd.DataFrame:
        """One row for each closed week, payer kind, payee kind and purpose; amounts in fen."""
        rows = [
            (week, *key, *value)
            for week, totals in self._closed.items()
            for key, value in sorted(totals.items())
        ]
        week, payer, payee, purpose, amount, number = (
            np.array(rows, dtype=np.int64).reshape(-1, 6).T
        )
        return pd.DataFrame(
            {
                "week": week,
                "payer_kind": categories_of(payer, KINDS),
                "payee_kind": categories_of(payee, KINDS),
                "purpose": categories_of(purpose, PURPOSES),
                "amount_fen": amount,
                "n_transfers": number,
            }
        )

    def _sorted_rows(self, week: int) -> _Rows:
        rows = np.concatenate([*self._bulk_rows, np.array(self._single_rows, dtype=TRANSFER)])
        self._bulk_rows.clear()
        self._single_rows.clear()
        rows["week"] = week
        names = TRANSFER.names or ()
        sorted_rows: _Rows = rows[np.lexsort([rows[name] for name in reversed(names)])]
        return sorted_rows


def transfers_of(rows: _Rows) -> pd.DataFrame:
    """Kept transfers as a table, amounts in fen; platform and outside have id -1."""
    return pd.DataFrame(
        {
            "week": rows["week"],
            "payer_kind": categories_of(rows["payer_kind"], KINDS),
            "payer": rows["payer"],
            "payee_kind": categories_of(rows["payee_kind"], KINDS),
            "payee": rows["payee"],
            "amount_fen": rows["amount_fen"],
            "purpose": categories_of(rows["purpose"], PURPOSES),
            "order": rows["order"],
        }
    )


def _checked(kind: int, holder: int) -> int:
    if kind >= PLATFORM:
        return NOBODY
    holder = index(holder)
    if holder < 0:
        raise IndexError(f"{KINDS[kind]} {holder} holds no money")
    return holder


def _checked_many(kind: int, holders: NDArray[Any]) -> NDArray[Any]:
    """Return the ids of holders of a kind; -1 where there is only one of it."""
    if kind >= PLATFORM:
        return np.asarray(NOBODY)
    if holders.min() < 0:
        raise IndexError(f"{KINDS[kind]} {holders.min()} holds no money")
    return holders


def _scatter(
    add: Any, cash: I8, holders: NDArray[Any], amounts: NDArray[np.int64], total: int
) -> None:
    """Add amounts to the cash of their holders, or subtract them; one id may hold for all."""
    if holders.ndim == 0:
        cash[holders] = add(cash[holders], total)
    else:
        add.at(cash, holders, amounts)
