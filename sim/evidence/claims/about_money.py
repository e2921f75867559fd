"""Claims about money: who pays for being seen, and who gets it. Stated before any run."""

from __future__ import annotations

from sim.evidence.claims.common import A_YEAR, LINKS_FREE, OF_PRICE, OF_SPENDING
from sim.evidence.claims.statement import (
    Claim,
    Neutral,
    Part,
    Term,
    fixed,
    less,
    level,
    net_of_screening,
)

C4 = Claim(
    "C4",
    "Ad platforms eat merchants' margins, cut outside traffic and force a price race.",
    (
        Part(
            "merchants' profit per order, referral less ads",
            "yuan per order",
            less("referral, screened", "ads, unscreened", "profit_per_order"),
            0.5,
            OF_PRICE,
            role="main",
        ),
        Part(
            "the same net of screening",
            "yuan per order",
            net_of_screening("profit_per_order"),
            0.5,
            OF_PRICE,
            role="net",
        ),
        Part(
            "profit per order that ads and commission cost, less half of what they cost",
            "yuan per order",
            (
                Term(1.0, "ads without ads", "profit_per_order"),
                Term(-1.0, "ads, unscreened", "profit_per_order"),
                Term(-0.5, "ads, unscreened", "ad_cost_per_order"),
            ),
            0.05,
            "profit has to bear more than half of the cost, or buyers bear most of it",
        ),
        Part(
            "price without ads and commission less price with them",
            "yuan",
            less("ads without ads", "ads, unscreened", "price_yuan"),
            0.5,
            OF_PRICE,
        ),
        Part(
            "surplus with links from outside free less that with links cut",
            A_YEAR,
            less("ads, links free", "ads, links cut", "surplus_yuan_a_year"),
            15.0,
            OF_SPENDING,
        ),
        Part(
            "ads and commission as a share of sales",
            "share of sales",
            level("ads, unscreened", "platform_take"),
            0.05,
            "above what open platforms take (V10)",
            role="told",
        ),
        Part(
            "weekly profit of the third of merchants who sold least in all (among them those who "
            "failed or came late), referral less ads",
            "yuan per merchant and week",
            less("referral, screened", "ads, unscreened", "small_weekly_profit"),
            0.0,
            "they have to be no worse off",
            role="told",
        ),
    ),
    (
        LINKS_FREE,
        Neutral(
            "merchants spend up to a tenth of revenue on ads (here a twentieth)",
            fixed(ads__budget_share=0.05),
        ),
    ),
    "much of the cost is passed on into prices",
)


C5 = Claim(
    "C5",
    "Without ads the money goes to users.",
    (
        Part(
            "surplus and sharers' income of households, referral less ads",
            A_YEAR,
            less("referral, screened", "ads, unscreened", "household_yuan_a_year"),
            15.0,
            OF_SPENDING,
            role="main",
        ),
        Part(
            "the same net of screening",
            A_YEAR,
            net_of_screening("household_yuan_a_year"),
            15.0,
            OF_SPENDING,
            role="net",
        ),
        Part(
            "price, referral less ads, net of screening",
            "yuan",
            net_of_screening("price_yuan"),
            0.0,
            "prices have to be no higher",
            at_least=False,
        ),
        Part(
            "Gini index of sharers' income",
            "index, 0 to 1",
            level("referral, screened", "gini_sharer_income"),
            0.8,
            "above it, one in five gets nearly all",
            at_least=False,
        ),
        Part(
            "surplus and sharers' income net of the effort that rewards bring about, referral less "
            "ads, net of screening",
            A_YEAR,
            net_of_screening("household_net_yuan_a_year"),
            15.0,
            OF_SPENDING,
            role="told",
        ),
    ),
    (
        LINKS_FREE,
        Neutral(
            "the ad platform takes a commission besides ads (here none)",
            fixed(ads__commission_rate=0.0),
        ),
    ),
    "a commission is a tax; the cash-back paradox; unequal income",
)


C9 = Claim(
    "C9",
    "The sharing platform is light.",
    (
        Part(
            "platform cost per order, audits included: ads less referral",
            "yuan per order",
            less("ads, unscreened", "referral, screened", "platform_cost_per_order"),
            0.2,
            "a quarter of what an ad platform spends on an order here",
            role="main",
        ),
        Part(
            "the same net of screening",
            "yuan per order",
            net_of_screening("platform_cost_per_order", "ads", "referral"),
            0.2,
            "a quarter of what an ad platform spends on an order here",
            role="net",
        ),
        Part(
            "platform cost per order without the audits at the founding, which the main one "
            "spreads over all weeks that are run: ads less referral",
            "yuan per order",
            less("ads, unscreened", "referral, screened", "platform_cost_without_founding"),
            0.2,
            "the bound of the main one; that one depends on run.weeks, as all applicants are "
            "audited once, however long the platform lives",
            role="told",
        ),
        Part(
            "surplus under a ban by the host network less 95 % of that without one",
            A_YEAR,
            (
                Term(1.0, "referral, banned for a while", "third_quarter_surplus"),
                Term(-0.95, "referral, screened", "third_quarter_surplus"),
            ),
            0.0,
            "a ban may cost at most 5 % while it lasts",
        ),
    ),
    (
        Neutral(
            "the sharing platform is cheaper to run (here as dear as the ad platform)",
            lambda scenario: {
                "referral.running_cost_week_yuan": scenario.ads.running_cost_week_yuan,
                "referral.running_cost_order_yuan": scenario.ads.running_cost_order_yuan,
            },
        ),
        Neutral("an audit costs 200 yuan (here 1,000)", fixed(screening__audit_cost_yuan=1000.0)),
    ),
    "running costs are assumed; dependence on the host network",
)
