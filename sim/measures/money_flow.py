"""Where each yuan goes: what becomes of the money that consumers pay, read off the ledger."""

from __future__ import annotations

import math

import pandas as pd

KEEPER, PAYMENT = VIEWS = ("keeper", "payment")


def where_each_yuan_goes(ledger: pd.DataFrame, by: str = KEEPER) -> pd.DataFrame:
    """Of 100 yuan paid by consumers, how many go where: part, holder, amount_fen, of_100.

    ``by="keeper"``: what suppliers, merchants, platform, sharers and buyers keep in the end; what
    the platform takes is shown as its running cost, audits and profit. ``by="payment"``: it is
    shown as what merchants pay it for: advertising, fee and commission. Profits may be below zero;
    the parts sum to what was paid, to the fen. Rebates count when credited, refunds at the whole
    price. Takes the ledger table of a run, or of some weeks of it. NaN where nothing was paid.
    """
    if by not in VIEWS:
        raise ValueError(f"by {by!r}: is neither {KEEPER!r} nor {PAYMENT!r}")
    sums = ledger.groupby("purpose", observed=True)["amount_fen"].sum()
    fen = {str(purpose): int(amount) for purpose, amount in sums.items()}

    def spent(purpose: str) -> int:
        return fen.get(purpose, 0)

    paid = spent("purchase")
    suppliers = [
        ("cost_of_goods", "suppliers", spent("cost_of_goods")),
        ("fixed_cost", "suppliers", spent("fixed_cost")),
    ]
    platform = [
        ("advertising", "platform", spent("ad_click")),
        ("fee", "platform", spent("fee")),
        ("commission", "platform", spent("commission")),
    ]
    people = [
        ("rewards", "sharers", spent("reward")),
        ("rebates", "buyers", spent("rebate_funding")),
        ("refunds", "buyers", spent("refund_recovery")),
    ]
    profit = paid - _sum(suppliers) - _sum(platform) - _sum(people)
    if by == KEEPER:
        revenue = _sum(platform)
        platform = [
            ("running_cost", "platform", spent("running_cost")),
            ("audit", "platform", spent("audit")),
        ]
        platform.append(("platform_profit", "platform", revenue - _sum(platform)))
    rows = [*suppliers, ("merchant_profit", "merchants", profit), *platform, *people]
    table = pd.DataFrame(rows, columns=pd.Index(["part", "holder", "amount_fen"]))
    table["of_100"] = 100.0 * table["amount_fen"] / (paid or math.nan)
    return table


def _sum(rows: list[tuple[str, str, int]]) -> int:
    return sum(amount for *_, amount in rows)
