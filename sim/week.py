"""The week as a list that can be printed: each stage, its reason and what it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.world.columns import (
    CLICK_FEN,
    CLICKS,
    F8,
    I1,
    I2,
    I4,
    I8,
    N_CLICK_SUMS,
    PAID_CLICKS,
    U1,
    ClickColumns,
    OrderColumns,
    ReadColumns,
)


class Stage(NamedTuple):
    """One stage of the week: agents decide from values frozen at its start, then things settle."""

    name: str
    does: str
    reason: str
    writes: tuple[str, ...]
    """Columns, as in ``sim.world.columns`` or of the week's flows, and tables; * is any text."""


STAGES: tuple[Stage, ...] = (
    Stage(
        "offer",
        "merchants post prices and bids; the platform ranks its goods and auctions its slots",
        "what can be found this week is fixed before anybody looks",
        ("shop", "merchants.week_*", "merchants.recent_orders", "platform.side_cost_fen"),
    ),
    Stage(
        "expose",
        "people read a few posts of those they trust, remember some, accept invitations",
        "posts of last week are read before this week's needs are met, so news takes a week",
        (
            "ties.use*_milli",
            "ties.touched",
            "ties.marks",
            "ties.reads",
            "remembered",
            "consumers.member",
            "consumers.side",
            "consumers.joined_*",
            "platform.member_rate_micro",
        ),
    ),
    Stage(
        "choose",
        "each person with a need weighs at most `looks` products and buys one or nothing",
        "an equal number of looks in every market: only what fills them differs",
        ("orders", "reads", "clicks", "merchants.demand_*", "consumers.side"),
    ),
    Stage(
        "settle",
        "money moves: price, costs, fees, clicks, rewards, rebates, refunds; first buyers join",
        "refunds are drawn before rewards are paid, so that a refunded order earns none",
        (
            "ledger",
            "*.cash_fen",
            "platform.outside_fen",
            "orders.refunded",
            "consumers.wallet_fen",
            "consumers.member",
            "consumers.side",
            "consumers.joined_*",
            "platform.member_rate_micro",
            "platform.rewarded_orders",
            "merchants.recent_orders",
            "merchants.week_orders",
            "merchants.week_revenue_fen",
            "merchants.period_*",
        ),
    ),
    Stage(
        "experience",
        "quality is lived; beliefs, tie trust, public credit and reviews follow",
        "nobody learns from a product before having used it",
        (
            "orders.experienced_quality",
            "orders.surplus_fen",
            "memory",
            "consumers.market_belief",
            "consumers.ad_lift",
            "consumers.side_gain",
            "consumers.general_trust",
            "consumers.credit_milli",
            "consumers.streak",
            "consumers.followers",
            "ties.use*_milli",
            "ties.touched",
            "ties.followed",
            "merchants.review_*",
        ),
    ),
    Stage(
        "share",
        "buyers recommend or warn, opportunists post what pays, members invite",
        "posts made now are read from the next week on, so order within the week cannot matter",
        ("posts", "platform.rewarded_posts"),
    ),
    Stage(
        "adapt",
        "merchants revise price and bid monthly; quality, side, audits, entry and exit quarterly",
        "slow decisions see the settled week",
        (
            "ledger",
            "*.cash_fen",
            "platform.outside_fen",
            "merchants.price_fen",
            "merchants.bid_fen",
            "merchants.budget_fen",
            "merchants.quality",
            "merchants.quality_level",
            "merchants.unit_cost_fen",
            "merchants.audit_score",
            "merchants.admitted",
            "merchants.side",
            "merchants.active",
            "merchants.entered_week",
            "merchants.exited_week",
            "merchants.week_start_cash_fen",
            "merchants.quarter_profit_fen",
            "platform.side_cost_fen",
            "merchants.demand_*",
            "merchants.period_*",
        ),
    ),
    Stage(
        "measure",
        "credit fades, leaders are named, the books are closed and one row of outcomes is kept",
        "everything is counted once, and the money must balance to the fen",
        ("consumers.credit_milli", "consumers.tier", "ledger", "weekly"),
    ),
)


@dataclass
class WeekFlows:
    """What happened in one week: filled stage by stage, read by settlement and measures."""

    week: int
    first_order: int
    """Order id of row 0 of ``orders``."""
    orders: OrderColumns
    reads: ReadColumns
    clicks: ClickColumns
    """Paid clicks, by consumer and category; the array engine keeps them for the event log only."""
    click_sums: I8
    """Of each merchant, ``[n_merchants, N_CLICK_SUMS]``: clicks, those that cost anything, fen."""
    choices: int = 0
    """Choices made: people times categories with a need this week."""
    examined: int = 0
    """Products weighed in these choices."""
    n_reads: int = 0
    """Posts read; the rows of ``reads`` are kept for the event log only."""
    n_useless_reads: int = 0
    """Those about products that the reader would not have wanted at their true quality."""
    through_rewarded: int = 0
    """Orders through a rewarded post, whether or not they paid a reward."""
    entries: int = 0
    exits: int = 0


def explain() -> str:
    """Return the stages of a week as text: what each does, why it stands there, what it writes."""
    lines = []
    for number, stage in enumerate(STAGES, 1):
        lines.append(f"{number}. {stage.name}: {stage.does}")
        lines.append(f"   why: {stage.reason}")
        lines.append(f"   writes: {', '.join(stage.writes)}")
    return "\n".join(lines)


def no_orders(n_rows: int = 0) -> OrderColumns:
    """Return order columns of ``n_rows`` rows of zeros; share, sharer, tie and layer are -1."""
    return OrderColumns(
        consumer=np.zeros(n_rows, dtype=np.int32),
        category=np.zeros(n_rows, dtype=np.int16),
        merchant=np.zeros(n_rows, dtype=np.int32),
        channel=np.zeros(n_rows, dtype=np.int8),
        share=np.full(n_rows, -1, dtype=np.int64),
        sharer=np.full(n_rows, -1, dtype=np.int32),
        tie=np.full(n_rows, -1, dtype=np.int64),
        layer=np.full(n_rows, -1, dtype=np.int8),
        price_fen=np.zeros(n_rows, dtype=np.int64),
        rebate_used_fen=np.zeros(n_rows, dtype=np.int64),
        expected_quality=np.zeros(n_rows),
        shock_gain=np.zeros(n_rows),
        refunded=np.zeros(n_rows, dtype=np.bool_),
        experienced_quality=np.zeros(n_rows),
        surplus_fen=np.zeros(n_rows, dtype=np.int64),
    )


def no_reads(n_rows: int = 0) -> ReadColumns:
    """Return read columns of ``n_rows`` zeroed rows."""
    return ReadColumns(
        consumer=np.zeros(n_rows, dtype=np.int32),
        share=np.zeros(n_rows, dtype=np.int64),
        sharer=np.zeros(n_rows, dtype=np.int32),
        merchant=np.zeros(n_rows, dtype=np.int32),
        channel=np.zeros(n_rows, dtype=np.int8),
        layer=np.zeros(n_rows, dtype=np.int8),
        earlier_reads=np.zeros(n_rows, dtype=np.int32),
        friends_sharing=np.zeros(n_rows, dtype=np.int32),
        useless=np.zeros(n_rows, dtype=np.bool_),
    )


def no_clicks(n_rows: int = 0) -> ClickColumns:
    """Return click columns of ``n_rows`` zeroed rows."""
    return ClickColumns(
        consumer=np.zeros(n_rows, dtype=np.int32),
        merchant=np.zeros(n_rows, dtype=np.int32),
        price_fen=np.zeros(n_rows, dtype=np.int64),
    )


def no_click_sums(n_merchants: int) -> I8:
    """Return the sums of no clicks at all, [n_merchants, N_CLICK_SUMS]."""
    return np.zeros((n_merchants, N_CLICK_SUMS), dtype=np.int64)


def click_sums(clicks: ClickColumns, n_merchants: int) -> I8:
    """Return the sums of clicks, [n_merchants, N_CLICK_SUMS]."""
    sums = no_click_sums(n_merchants)
    np.add.at(sums[:, CLICKS], clicks.merchant, 1)
    np.add.at(sums[:, PAID_CLICKS], clicks.merchant, clicks.price_fen > 0)
    np.add.at(sums[:, CLICK_FEN], clicks.merchant, clicks.price_fen)
    return sums


class NewPosts(NamedTuple):
    """This week's posts, sorted by (sharer, category), -1 being the category of an invitation."""

    sharer: I4
    category: I2
    merchant: I4
    kind: I1
    rewarded: U1
    stated_quality: F8
    effort_fen: I8
    """What writing it cost, where only the reward brought that about; else 0."""
    source_order: I8
    parent_share: I8
    """The share that brought the sharer the product or the invitation, -1 none."""


def no_new_posts(n_rows: int = 0) -> NewPosts:
    """Return columns of ``n_rows`` zeroed posts."""
    return NewPosts(
        sharer=np.zeros(n_rows, dtype=np.int32),
        category=np.zeros(n_rows, dtype=np.int16),
        merchant=np.zeros(n_rows, dtype=np.int32),
        kind=np.zeros(n_rows, dtype=np.int8),
        rewarded=np.zeros(n_rows, dtype=np.bool_),
        stated_quality=np.zeros(n_rows),
        effort_fen=np.zeros(n_rows, dtype=np.int64),
        source_order=np.zeros(n_rows, dtype=np.int64),
        parent_share=np.zeros(n_rows, dtype=np.int64),
    )
