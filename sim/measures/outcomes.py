"""One statement per outcome: unit, formula and denominator. `docs/outcomes.md` is made from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim.measures.incrementality import FORMULAS, UNITS
from sim.measures.sides import SIDE_FORMULAS, SIDE_UNITS
from sim.measures.summary import COUNTS, DERIVED, DISTRIBUTION, FLOWS, LAST_WEEKS, STOCKS
from sim.measures.ties import TIES_MEASURED


class Outcome(NamedTuple):
    """What a number means."""

    name: str
    unit: str
    formula: str
    denominator: str = ""
    """What it is a mean or a share of; empty for sums and counts."""
    real: bool = False
    """Whether it need not be a whole number."""


#: Columns of the weekly table after market, seed and week, in their order.
WEEKLY = (
    Outcome("choices", "choices", "people deciding: one for each consumer and category in need"),
    Outcome("examined", "products", "products weighed in these choices"),
    Outcome("orders", "orders", "products bought, those refunded later included"),
    Outcome("gmv_fen", "fen", "sum of the posted prices of the orders, before rebate and refund"),
    Outcome(
        "mean_quality_sold", "quality, 0 to 1", "true quality of what was ordered", "orders", True
    ),
    Outcome(
        "mean_quality_offered",
        "quality, 0 to 1",
        "true quality of the products on offer",
        "merchants on offer",
        True,
    ),
    Outcome("mean_price_fen", "fen", "posted price of what was ordered", "orders", True),
    Outcome(
        "consumer_surplus_fen",
        "fen",
        "sum over orders of (α·(B − price + rebate used) + v·true quality + μ·match + shock of the "
        "product − shock of buying nothing) / α; 0 for a refunded order; rewards are not in it",
    ),
    Outcome(
        "merchant_profit_fen",
        "fen",
        "all that merchants received less all that they paid; start-up capital is left out",
    ),
    Outcome("platform_revenue_fen", "fen", "fees + commission + paid clicks"),
    Outcome("platform_cost_fen", "fen", "running cost + audits"),
    Outcome(
        "sharer_income_fen", "fen", "senders' rewards of all levels; the sum of `shares.reward_fen`"
    ),
    Outcome(
        "rebate_fen",
        "fen",
        "rebates credited to wallets, the receiver's part of rewards included, spent or not",
    ),
    Outcome(
        "refund_fen",
        "fen",
        "money returned to buyers: price less the rebate used, which returns to the wallet",
    ),
    Outcome("ad_spend_fen", "fen", "paid clicks at their prices"),
    Outcome("commission_fen", "fen", "commission on sales; the referral market's fee is not in it"),
    Outcome("posts", "posts", "posts about products made this week; invitations are not counted"),
    Outcome(
        "posting_effort_fen",
        "fen",
        "effort of posting: of each post the least expected reward, at the going rate, for which "
        "it would have been written; 0 for what would have been written anyway, invitations, "
        "warnings and the posts of opportunists; the sum of `shares.effort_fen`",
    ),
    Outcome("reads", "reads", "posts and invitations read, by ties or looked up at a leader's"),
    Outcome(
        "useless_read_share",
        "share",
        "reads of a product that the reader would not have wanted at its true quality",
        "reads",
        True,
    ),
    Outcome("conversion_per_read", "orders per read", "orders through a post", "reads", True),
    Outcome(
        "mean_tie_trust",
        "trust, 0 to 1",
        "(s0·prior + useful) / (s0 + useful + useless), evidence faded to this week; above "
        f"{TIES_MEASURED:,} ties, those of every k-th trusted person",
        "ties of the network",
        True,
    ),
    Outcome(
        "muted_share",
        "share",
        "ties whose commercial posts are muted and, by this week's trust, stay so",
        "ties of the network",
        True,
    ),
    Outcome("members", "people", "members at the end of the week"),
    Outcome("merchants_active", "merchants", "merchants on offer this week"),
    Outcome("entries", "merchants", "merchants who will be on offer from next week on"),
    Outcome("exits", "merchants", "merchants on offer for the last time"),
    Outcome(
        "sales_quality_tau",
        "Kendall τ-b, −1 to 1",
        "concordant less discordant pairs of orders and quality, over √(pairs that differ in "
        "orders · pairs that differ in quality)",
        "pairs of merchants on offer in one category",
        True,
    ),
    Outcome("hhi", "index, 0 to 1", "sum of squared shares of orders", "merchants on offer", True),
    Outcome(
        "gini_sales",
        "index, 0 to 1",
        "Gini index of orders, no small-sample correction",
        "merchants on offer",
        True,
    ),
    Outcome(
        "gini_sharer_income",
        "index, 0 to 1",
        "Gini index of the rewards earned since week 0",
        "members",
        True,
    ),
    Outcome(
        "sharing_members",
        "people",
        "members who look on the side where sharing pays: all in the referral market, nobody in "
        "the ad market and the control; so too below",
    ),
    Outcome("sharing_orders", "orders", "orders on that side"),
    Outcome(
        "sharing_profit_fen",
        "fen",
        "platform revenue less platform cost of that side: fees − its running cost and audits",
    ),
)

#: How the outcomes of a run that are made of others come about.
_DERIVED_FORMULAS = {
    "quality_sold_minus_offered": "mean_quality_sold − mean_quality_offered, averaged as a stock",
    "household_gain_fen": "consumer_surplus_fen + sharer_income_fen, gross of posting effort",
    "household_gain_net_fen": "household_gain_fen − posting_effort_fen, net of posting effort",
    "platform_profit_fen": "platform_revenue_fen − platform_cost_fen; the audits of all applicants "
    "before week 0 are booked in week 0 and so, with a warm-up, are not in it",
    "ad_spend_per_gmv": "ad_spend_fen / gmv_fen",
    "sharer_income_per_gmv": "sharer_income_fen / gmv_fen",
    "distribution_cost_per_gmv": f"({' + '.join(DISTRIBUTION)}) / gmv_fen: all that merchants pay "
    "to bring goods to buyers, in every market; what the platform spends of it is not added again",
}

#: Columns of the cascades table that are outcomes.
CASCADES = (
    Outcome(
        "size",
        "adopters",
        "1 for the root (the order its buyer posted about, or the sharer) + every order through a "
        "share of the tree + everybody who joined through one of its invitations",
    ),
    Outcome("depth", "steps", "steps from the root to the farthest adopter"),
    Outcome("max_breadth", "adopters", "most adopters at the same number of steps"),
    Outcome(
        "structural_virality",
        "steps",
        "mean distance in the tree; 0 for one adopter",
        "ordered pairs of different adopters",
        True,
    ),
    Outcome("orders", "orders", "orders through the shares of the tree"),
    Outcome("first_week", "week", "week of the root share"),
    Outcome("last_week", "week", "week of the last adoption, or of the root share"),
)

#: Outcomes computed on demand from the tables of a run, by the function named.
FROM_TABLES = (
    Outcome(
        "where_each_yuan_goes",
        "yuan of 100",
        "what suppliers, merchants, platform, sharers and buyers keep of what consumers pay",
        "100 yuan paid by consumers",
        True,
    ),
    Outcome(
        "reproduction_number",
        "orders per order",
        "orders through posts about an order",
        "orders",
        True,
    ),
    Outcome(
        "overdispersion",
        "k",
        "dispersion of a negative binomial of orders brought per order: variance = R + R²/k",
        "orders",
        True,
    ),
    Outcome(
        "poisson_p",
        "probability",
        "chance that Poisson counts vary as much as orders brought per order: "
        "Σ (count − mean)² / mean against χ² of their number less 1",
        "orders",
        True,
    ),
    Outcome(
        "order_rooted_sizes",
        "orders",
        "sizes of the cascades that start at an order; 1 where its buyer posted nothing",
        "orders through no post",
    ),
    Outcome(
        "gini_of_reach",
        "index, 0 to 1",
        "Gini index of the reads of people's posts about products, no small-sample correction",
        "people who posted about a product",
        True,
    ),
    Outcome(
        "conversion_by", "orders per read", "orders through product posts", "reads of a group", True
    ),
    Outcome(
        "belief_errors",
        "quality, 0 to 1",
        "expected less experienced quality by channel: mean, and root of the mean square",
        "orders of a channel",
        True,
    ),
    Outcome(
        "exit_hazards",
        "exits per week",
        "exits of bad (quality up to 0.25), middling and good (from 0.75) products",
        "merchant-weeks on offer, the last week of the run left out",
        True,
    ),
    Outcome(
        "exit_hazard_ratio",
        "ratio",
        "exit hazard of bad products / exit hazard of good ones",
        "",
        True,
    ),
    Outcome(
        "sales_by_quality", "orders", "orders and merchant-weeks on offer by quality, and shares"
    ),
    Outcome("profit_by_quality", "fen", "merchants' profit by quality"),
    Outcome(
        "profit_by_size",
        "fen",
        "merchants' profit by third of the merchants of a category, ranked by all they sold in "
        "these weeks; among those who sold least are merchants who failed or came late",
    ),
    Outcome(
        "household_gains",
        "fen",
        "surplus + sharer income of each consumer, gross of the effort of posting and net of it",
    ),
)


def outcomes_markdown() -> str:
    """The text of docs/outcomes.md: every outcome with unit, formula and denominator."""
    parts = [
        "# Outcomes",
        "Generated from `sim/measures/outcomes.py` by `python scripts/write_outcomes.py`; do not "
        "edit.",
        "Money is in whole fen (1/100 yuan). A mean or share is NaN where its denominator is 0.",
        "## Of a week (table `weekly`, after `market`, `seed`, `week`)",
        _table(WEEKLY),
        "## Of a run",
        "The warm-up, min(`run.warm_up_weeks`, weeks // 4), is not counted. Flows are summed over "
        "the counted weeks and divided by the number of consumers: "
        f"{_names(FLOWS)}. Only summed: {_names(COUNTS)}. Stocks are averaged over the last "
        f"{LAST_WEEKS} counted weeks, or as many as there are: {_names(STOCKS)}. Made of these:",
        _table(
            Outcome(name, DERIVED[name], _DERIVED_FORMULAS[name], real=True) for name in DERIVED
        ),
        "## Of a cascade (table `cascades`, a row for every root share)",
        "Cascades of products and of invitations are told apart by `kind`. A run ends while the "
        "youngest still grow.",
        _table(CASCADES),
        "## Of a pair of runs, with rewards and at a reward of 0 (table `incrementality`)",
        "Both runs of a pair have the same seed; `compare` makes them where the referral market "
        "pays a reward. Δ is the first less the second and Σ a sum over pairs, both of the counted "
        "weeks, as all amounts here are. Reward is that of senders of all levels (the receiver's "
        "part is a rebate). A lead in members from the warm-up counts as long as it lasts, but not "
        "what it cost then; `run.warm_up_weeks = 0` counts both.",
        "`reward_in_price`, `reward_from_merchants` and `reward_from_platform` tell who bears the "
        "cost of rewards, by what came out of the pairs. That is not the burden of the reward "
        "alone: at a reward of 0 people also post, join and buy otherwise, goods of another "
        "quality among them, and fixed costs fall on another number of orders. Of the price of an "
        "order merchants and platform keep their profits, sharers get the reward, and the rest is "
        "cost of goods, fixed costs, running costs, audits, rebates and refunds. So the three add "
        "up to 1 + Σ (orders at the reward · Δ of this rest per order) / Σ reward, and to 1 only "
        "where the rest of an order stays as it was; a receiver's part of the reward is in it.",
        _table(Outcome(name, UNITS[name], FORMULAS[name], real=True) for name in UNITS),
        "## Of each side of the hybrid (table `sides`, a row a week and side)",
        "`members` who look there at the end of the week, `merchants` on offer, and of what was "
        "bought there `orders`, `gmv_fen`, `consumer_surplus_fen`, `platform_revenue_fen`, "
        "`mean_quality_sold` and `mean_price_fen`, beside `platform_cost_fen` and "
        "`mean_quality_offered`, as in the weekly table. Of a run, over "
        f"the last {LAST_WEEKS} weeks; `compare` holds the sides of the same runs against each "
        "other (its own table `sides`):",
        _table(
            Outcome(name, SIDE_UNITS[name], SIDE_FORMULAS[name], real=True) for name in SIDE_UNITS
        ),
        "## From the tables of a run, by functions of `sim.measures`",
        _table(FROM_TABLES),
    ]
    return "\n\n".join(parts) + "\n"


def _table(outcomes: Iterable[Outcome]) -> str:
    lines = ["| outcome | unit | formula | denominator |", "|---|---|---|---|"]
    lines += [
        f"| `{outcome.name}` | {outcome.unit} | {outcome.formula} | {outcome.denominator} |"
        for outcome in outcomes
    ]
    return "\n".join(lines)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
