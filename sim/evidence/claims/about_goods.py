"""Claims about goods: what sells, whether it is believed, whether it is screened."""

from __future__ import annotations

import math

from sim.evidence.claims.common import A_YEAR, DEAR_QUALITY, LINKS_FREE, OF_SPENDING, OF_STEP
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

BETTER_SELLS_MORE = (
    "above 0 the better of two products of a category mostly sells more; screening, which narrows "
    "the range of quality, draws it towards 0"
)
LEAST_IN_THE_FIELD = "the least that a recommendation read brings in the field (V1)"

C1 = Claim(
    "C1",
    "Good products drive out bad where buyers share.",
    (
        Part(
            "quality sold less quality on offer, referral less ads",
            "quality, 0 to 1",
            less("referral, screened", "ads, unscreened", "quality_sold_minus_offered"),
            0.02,
            OF_STEP,
            role="main",
        ),
        Part(
            "the same net of screening",
            "quality, 0 to 1",
            net_of_screening("quality_sold_minus_offered"),
            0.02,
            OF_STEP,
            role="net",
        ),
        Part(
            "quality sold less quality on offer in the referral market",
            "quality, 0 to 1",
            level("referral, screened", "quality_sold_minus_offered"),
            0.0,
            "what is sold has to be no worse than what is on offer",
        ),
        Part(
            "bad products leave sooner than good ones: ln of the ratio of exit hazards",
            "ln of a ratio",
            level("referral, screened", "exit_log_ratio"),
            math.log(1.25),
            "a quarter sooner",
        ),
        Part(
            "quality sold in the last quarter-year less that in the first",
            "quality, 0 to 1",
            level("referral, screened", "quality_gained"),
            0.02,
            OF_STEP,
        ),
        Part(
            "rank agreement of sales and quality (Kendall tau-b) in the first quarter-year",
            "tau-b, -1 to 1",
            level("referral, screened", "sales_quality_tau_early"),
            0.0,
            BETTER_SELLS_MORE,
            role="told",
        ),
        Part(
            "rank agreement of sales and quality (Kendall tau-b) in the last quarter-year",
            "tau-b, -1 to 1",
            level("referral, screened", "sales_quality_tau"),
            0.0,
            BETTER_SELLS_MORE,
            role="told",
        ),
    ),
    (
        Neutral(
            "delighted buyers post more (here no more than others)",
            fixed(sharing__delight_slope=0.0),
        ),
        DEAR_QUALITY,
    ),
    "commission steering, opportunists, lock-in by habit",
)


C3 = Claim(
    "C3",
    "Friends are believed, and rightly; strangers' reviews are not.",
    (
        Part(
            "error of belief about the quality bought: off the ranked list less through a post",
            "quality, 0 to 1",
            (
                Term(1.0, "referral, screened", "error_strangers"),
                Term(-1.0, "referral, screened", "error_friends"),
            ),
            0.02,
            OF_STEP,
            role="main",
        ),
        Part(
            "surplus lost where friends go unheard less that where reviews go unheard",
            A_YEAR,
            less("referral, reviews unheard", "referral, friends unheard", "surplus_yuan_a_year"),
            15.0,
            OF_SPENDING,
        ),
        Part(
            "orders per read of a post by one of the five closest (reviews are not read one by "
            "one, so they have no such number)",
            "orders per read",
            level("referral, screened", "orders_per_read_closest"),
            0.005,
            LEAST_IN_THE_FIELD,
            role="told",
        ),
        Part(
            "orders per read of a post by somebody beyond the fifty closest",
            "orders per read",
            level("referral, screened", "orders_per_read_farthest"),
            0.005,
            LEAST_IN_THE_FIELD,
            role="told",
        ),
        Part(
            "orders per read of a post looked up at an opinion leader's",
            "orders per read",
            level("referral, screened", "orders_per_look_up"),
            0.005,
            LEAST_IN_THE_FIELD,
            role="told",
        ),
    ),
    (
        Neutral(
            "a friend of mean trust weighs more than a hundred reviews (V9; here as much)",
            fixed(belief__review_precision=10.8),
        ),
        Neutral(
            "every sixth review is fake (here none)",
            fixed(reviews__fake_share=0.0),
        ),
    ),
    "many noisy reviews beat few honest friends",
)


C8 = Claim(
    "C8",
    "Screening assures quality.",
    (
        Part(
            "quality on offer, screened less unscreened",
            "quality, 0 to 1",
            less("referral, screened", "referral, unscreened", "mean_quality_offered"),
            0.05,
            "a fifth of the step between two quality levels",
            role="main",
        ),
        Part(
            "surplus, screened less unscreened",
            A_YEAR,
            less("referral, screened", "referral, unscreened", "surplus_yuan_a_year"),
            15.0,
            OF_SPENDING,
        ),
        Part(
            "share of good applicants who are turned away",
            "share of good applicants",
            level("referral, screened", "good_turned_away"),
            0.5,
            "half of them",
            at_least=False,
        ),
        Part(
            "merchants on offer, screened less unscreened",
            "merchants",
            less("referral, screened", "referral, unscreened", "merchants_active"),
            0.0,
            "variety has to be no less",
            role="told",
        ),
        Part(
            "what better quality costs to make, against what it is worth to shoppers",
            "yuan per yuan",
            level("referral, screened", "quality_cost_to_worth"),
            1.0,
            "beyond 1 better goods cost more than they are worth, and screening hurts",
            at_least=False,
            role="told",
        ),
    ),
    (
        Neutral(
            "audits see much of true quality (correlation .7; here .3)",
            fixed(screening__audit_correlation=0.3),
        ),
        DEAR_QUALITY,
        Neutral(
            "who screens also refunds rubbish (here not)",
            fixed(screening__refund_prob_worst=0.0),
        ),
    ),
    "truncation arithmetic: good ones are turned away, costs rise with quality",
)


C10 = Claim(
    "C10",
    "Curated everyday goods suit sharing better than a broad range.",
    (
        Part(
            "households' gain per 100 yuan spent, referral less ads: everyday goods less broad "
            "range",
            "yuan per 100 yuan",
            (
                Term(1.0, "referral, everyday goods", "household_per_100_yuan"),
                Term(-1.0, "ads, everyday goods", "household_per_100_yuan"),
                Term(-1.0, "referral, broad range", "household_per_100_yuan"),
                Term(1.0, "ads, broad range", "household_per_100_yuan"),
            ),
            1.0,
            "1 % of spending",
            role="main",
        ),
    ),
    (
        LINKS_FREE,
        Neutral(
            "people of like tastes need like things (here they do not)",
            fixed(demand__category_spread=1_000_000.0),
        ),
    ),
    "infrequent, personal goods may be where a friend's word counts most",
)
