"""What each side of a market with two sides came to, week by week."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.ledger import AD_CLICK, COMMISSION, FEE, MERCHANT, PLATFORM
from sim.measures.differences import student_interval
from sim.measures.quality import TOP_LEVEL
from sim.measures.running import Running
from sim.measures.summary import LAST_WEEKS, counted_weeks, per
from sim.rules.sides import AD_SIDE, SHARING_SIDE
from sim.week import WeekFlows

_SIDE_COLUMNS = {
    "week": "int64",
    "side": "str",
    **dict.fromkeys(("members", "merchants", "orders", "gmv_fen"), "int64"),
    **dict.fromkeys(("consumer_surplus_fen", "platform_revenue_fen", "platform_cost_fen"), "int64"),
    **dict.fromkeys(("mean_quality_sold", "mean_quality_offered", "mean_price_fen"), "float64"),
}
#: For what merchants pay the platform of either side.
_TAKEN = {SHARING_SIDE: (FEE,), AD_SIDE: (COMMISSION, AD_CLICK)}
#: Name of the side on which sharing pays; the referral market is that side alone.
_SHARING = "referral"
#: Columns of the weekly table of the side on which sharing pays.
SHARING = ("sharing_members", "sharing_orders", "sharing_profit_fen")
#: Numbers of a side over the last weeks of a run, with unit.
SIDE_UNITS = {
    "member_share": "share of members who look there",
    "merchant_share": "share of merchants on offer",
    "order_share": "share of orders",
    "mean_quality_sold": "quality, 0 to 1",
    "mean_quality_offered": "quality, 0 to 1",
    "mean_price_fen": "fen",
    "surplus_per_order_fen": "fen per order",
    "profit_per_member_fen": "fen per member and week",
}


SIDE_FORMULAS = {
    "member_share": "members looking there / members, summed over these weeks",
    "merchant_share": "merchants on offer there / all on offer, summed over these weeks",
    "order_share": "orders there / orders",
    "mean_quality_sold": "true quality of what was ordered there / orders there",
    "mean_quality_offered": "true quality on offer there / merchants on offer there",
    "mean_price_fen": "posted price of what was ordered there / orders there",
    "surplus_per_order_fen": "consumer surplus of what was ordered there / orders there",
    "profit_per_member_fen": "(platform revenue − platform cost there) / members of both sides, "
    "each summed over these weeks",
}


def side_rows(model: Running, flows: WeekFlows) -> list[dict[str, Any]]:
    """One row for each side: who looks and who sells there, and what was bought; money in fen.

    Merchants go over at the end of a week, so where they sold is read from what was on offer.
    """
    people, offer, orders = model.world.consumers, model.offer, flows.orders
    totals, cost_fen = model.ledger.totals(model.week), model.world.platform.side_cost_fen
    side_of = np.zeros(model.world.n_merchants, dtype=np.int64)
    side_of[offer.merchant] = offer.side
    level_of = np.zeros(model.world.n_merchants, dtype=np.int64)
    level_of[offer.merchant] = offer.quality_level
    bought_on = side_of[orders.merchant]
    rows = []
    for number, side in enumerate(model.market.sides):
        bought, offered = bought_on == number, offer.quality_level[offer.side == number]
        n, gmv = int(bought.sum()), int(orders.price_fen[bought].sum())
        rows.append(
            {
                "week": model.week,
                "side": side.name,
                "members": int(np.count_nonzero(people.member & (people.side == number))),
                "merchants": len(offered),
                "orders": n,
                "gmv_fen": gmv,
                "consumer_surplus_fen": int(orders.surplus_fen[bought].sum()),
                "platform_revenue_fen": sum(
                    totals.get((MERCHANT, PLATFORM, purpose), (0, 0))[0]
                    for purpose in _TAKEN[number]
                ),
                "platform_cost_fen": int(cost_fen[number]),
                "mean_quality_sold": per(
                    int(level_of[orders.merchant[bought]].sum()), TOP_LEVEL * n
                ),
                "mean_quality_offered": per(
                    int(offered.astype(np.int64).sum()), TOP_LEVEL * len(offered)
                ),
                "mean_price_fen": per(gmv, n),
            }
        )
    return rows


def on_the_sharing_side(
    model: Running, flows: WeekFlows, week: Mapping[str, Any]
) -> dict[str, int]:
    """What of the week was on the side where sharing pays, by column of `SHARING`.

    All of it in the referral market, nothing where no side pays for sharing. `week` holds what it
    was in all.
    """
    names = [side.name for side in model.market.sides]
    if _SHARING not in names:
        return dict.fromkeys(SHARING, 0)
    there = side_rows(model, flows)[names.index(_SHARING)] if len(names) > 1 else week
    profit_fen = there["platform_revenue_fen"] - there["platform_cost_fen"]
    return dict(zip(SHARING, (there["members"], there["orders"], profit_fen), strict=True))


def sides_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows of all weeks as a table; whole numbers stay whole."""
    return pd.DataFrame(rows, columns=pd.Index(_SIDE_COLUMNS)).astype(_SIDE_COLUMNS)


def sides_by_week(sides: pd.DataFrame) -> pd.DataFrame:
    """One row a week, side and number of `SIDE_UNITS`, with its `value`.

    NaN where nobody was a member, sold or ordered.
    """
    whole = sides.groupby("week")[["members", "merchants", "orders"]].transform("sum")
    numbers = sides[["week", "side"]].assign(
        member_share=sides["members"] / whole["members"],
        merchant_share=sides["merchants"] / whole["merchants"],
        order_share=sides["orders"] / whole["orders"],
        mean_quality_sold=sides["mean_quality_sold"],
        mean_quality_offered=sides["mean_quality_offered"],
        mean_price_fen=sides["mean_price_fen"],
        surplus_per_order_fen=sides["consumer_surplus_fen"] / sides["orders"],
        profit_per_member_fen=_profit_fen(sides) / whole["members"],
    )
    return numbers.melt(["week", "side"], list(SIDE_UNITS), "outcome", "value")


def _profit_fen(sides: pd.DataFrame) -> pd.Series[int]:
    return sides["platform_revenue_fen"] - sides["platform_cost_fen"]


def ends_of_sides(sides: pd.DataFrame, warm_up_weeks: int) -> list[dict[str, Any]]:
    """One row for each side: the numbers of `SIDE_UNITS` over the last 13 counted weeks, at most.

    Shares and means are those of these weeks as a whole; NaN where there was nothing.
    """
    weeks = sides["week"].nunique()
    first, end = counted_weeks(weeks, warm_up_weeks)
    last = sides[sides["week"] >= max(first, end - LAST_WEEKS)]
    rows = []
    for side in dict.fromkeys(last["side"]):
        here = last[last["side"] == side]
        n, offers = int(here["orders"].sum()), here["merchants"]
        n_members = int(last["members"].sum())
        sold, offered = here["mean_quality_sold"], here["mean_quality_offered"]
        rows.append(
            {
                "side": str(side),
                "member_share": per(int(here["members"].sum()), n_members),
                "merchant_share": per(int(offers.sum()), int(last["merchants"].sum())),
                "order_share": per(n, int(last["orders"].sum())),
                "mean_quality_sold": per(float((sold * here["orders"]).sum()), n),
                "mean_quality_offered": per(float((offered * offers).sum()), int(offers.sum())),
                "mean_price_fen": per(int(here["gmv_fen"].sum()), n),
                "surplus_per_order_fen": per(int(here["consumer_surplus_fen"].sum()), n),
                "profit_per_member_fen": per(int(_profit_fen(here).sum()), n_members),
            }
        )
    return rows


def side_differences(runs: Sequence[Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """Each number of `ends_of_sides` on both sides of the same runs: means, and their difference.

    First side less second, with Student's 95 % interval over the runs in which both are defined.
    """
    rows = []
    for name, unit in SIDE_UNITS.items():
        pairs = [[side[name] for side in sides] for sides in runs]
        known = [pair for pair in pairs if not any(math.isnan(value) for value in pair)]
        estimate, low, high = student_interval([first - second for first, second in known])
        rows.append(
            {
                "outcome": name,
                "unit": unit,
                "first_mean": per(math.fsum(first for first, _ in known), len(known)),
                "second_mean": per(math.fsum(second for _, second in known), len(known)),
                "estimate": estimate,
                "low": low,
                "high": high,
                "n": len(known),
            }
        )
    return pd.DataFrame(rows)
