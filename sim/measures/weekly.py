"""The row of outcomes of one week. `sim.measures.outcomes` says what each column means."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import ledger as books
from sim.ledger import CONSUMER, MERCHANT, OUTSIDE, PLATFORM, WeekTotals
from sim.measures.inequality import gini, hhi
from sim.measures.outcomes import WEEKLY
from sim.measures.quality import TOP_LEVEL, tau_b_within
from sim.measures.running import Running
from sim.measures.sides import on_the_sharing_side
from sim.measures.summary import per
from sim.measures.week_sums import WeekSums, sums_of_week, total
from sim.week import WeekFlows
from sim.world.columns import PRODUCT, PostColumns

WEEKLY_COLUMNS = ("market", "seed", "week", *(outcome.name for outcome in WEEKLY))
#: Columns of the weekly table that are not whole numbers; all others but ``market`` are.
WEEKLY_REALS = frozenset(outcome.name for outcome in WEEKLY if outcome.real)


def weekly_row(model: Running, flows: WeekFlows, sums: WeekSums | None = None) -> dict[str, Any]:
    """The outcomes of the week just closed, by column; money in fen.

    Sums are of whole numbers wherever they can be, so no order of adding can change them.
    """
    sums = sums_of_week(model, flows) if sums is None else sums
    row = {
        "market": model.market.name,
        "seed": model.seed,
        "week": model.week,
        "choices": flows.choices,
        "examined": flows.examined,
        **_sales(model, flows, sums),
        **money_of_week(model.ledger.totals(model.week)),
        **_posts_and_reads(model.world.posts, flows, sums),
        "mean_tie_trust": sums.mean_tie_trust,
        "muted_share": sums.muted_share,
        "members": int(np.count_nonzero(model.world.consumers.member)),
        "merchants_active": len(model.offer.merchant),
        "entries": flows.entries,
        "exits": flows.exits,
        "gini_sharer_income": sums.gini_sharer_income,
    }
    row |= on_the_sharing_side(model, flows, row)
    return {name: row[name] for name in WEEKLY_COLUMNS}


def money_of_week(totals: WeekTotals) -> dict[str, int]:
    """Flows of money of a week by column, in fen, read off the ledger."""

    def paid(payer_kind: int, payee_kind: int, purpose: int) -> int:
        return totals.get((payer_kind, payee_kind, purpose), (0, 0))[0]

    ads = paid(MERCHANT, PLATFORM, books.AD_CLICK)
    commission = paid(MERCHANT, PLATFORM, books.COMMISSION)
    profit = sum(
        amount * ((payee == MERCHANT) - (payer == MERCHANT))
        for (payer, payee, purpose), (amount, _) in totals.items()
        if purpose != books.CAPITAL
    )
    return {
        "merchant_profit_fen": profit,
        "platform_revenue_fen": paid(MERCHANT, PLATFORM, books.FEE) + commission + ads,
        "platform_cost_fen": paid(PLATFORM, OUTSIDE, books.RUNNING_COST)
        + paid(PLATFORM, OUTSIDE, books.AUDIT),
        "sharer_income_fen": paid(MERCHANT, CONSUMER, books.REWARD),
        "rebate_fen": paid(MERCHANT, PLATFORM, books.REBATE_FUNDING),
        "refund_fen": paid(PLATFORM, CONSUMER, books.REFUND),
        "ad_spend_fen": ads,
        "commission_fen": commission,
    }


def _sales(model: Running, flows: WeekFlows, sums: WeekSums) -> dict[str, Any]:
    offer, n_orders = model.offer, len(flows.orders.merchant)
    sold = sums.sold[offer.merchant]
    levels = offer.quality_level.astype(np.int64)
    gmv = total(sums.orders, "price_fen")
    return {
        "orders": n_orders,
        "gmv_fen": gmv,
        "mean_quality_sold": per(int((sold * levels).sum()), TOP_LEVEL * n_orders),
        "mean_quality_offered": per(int(levels.sum()), TOP_LEVEL * len(levels)),
        "mean_price_fen": per(gmv, n_orders),
        "consumer_surplus_fen": total(sums.orders, "surplus_fen"),
        "sales_quality_tau": tau_b_within(offer.category, sold, levels),
        "hhi": hhi(sold),
        "gini_sales": gini(sold),
    }


def _posts_and_reads(posts: PostColumns, flows: WeekFlows, sums: WeekSums) -> dict[str, Any]:
    return {
        "posts": int(np.count_nonzero(posts.kind[posts.fresh :] == PRODUCT)),
        "posting_effort_fen": int(posts.effort_fen[posts.fresh :].sum()),
        "reads": flows.n_reads,
        "useless_read_share": per(flows.n_useless_reads, flows.n_reads),
        "conversion_per_read": per(total(sums.orders, "n_by_post"), flows.n_reads),
    }
