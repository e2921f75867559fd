"""Merchants, the screening that admits them, and the reviews they collect."""

from dataclasses import dataclass

from sim.parameters.statement import ID_LIMIT, parameter

PLATFORMS = ("control", "referral", "ads")
"""Platforms that may screen their merchants."""

MARKETS = (*PLATFORMS, "hybrid")
"""Markets that can be run, in the order in which they are listed to people."""


@dataclass(frozen=True)
class Merchants:
    """Numbers, costs, horizons and the pace at which merchants adapt."""

    n_applicants: int = parameter(
        4_000,
        unit="merchants",
        low=0,
        high=ID_LIMIT,
        plausible=(500, 5_000),
        kind="constant",
        source="assumed: prototype value, 250 for each of 16 categories",
        help="merchants who would sell, in total over the categories",
    )
    initial_per_category: int = parameter(
        25,
        unit="merchants per category",
        low=0,
        high=ID_LIMIT,
        plausible=(5, 60),
        kind="uncertainty",
        source="assumed: prototype value",
        help="merchants who sell in week 0, or all who are admitted where they are fewer",
    )
    mean_cost_yuan: float = parameter(
        50.0,
        unit="yuan",
        low=0.01,
        high=100_000.0,
        plausible=(40.0, 60.0),
        kind="uncertainty",
        source="assumed: prototype value, fitted jointly with base value and price sensitivity",
        help="mean cost of making or buying one unit",
    )
    cost_cv: float = parameter(
        0.12,
        unit="share of mean cost",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.25),
        kind="uncertainty",
        source="assumed: prototype value",
        help="spread of unit cost over merchants: standard deviation by mean",
    )
    quality_cost_correlation: float = parameter(
        0.6,
        unit="correlation",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.9),
        kind="uncertainty",
        source="assumed: no evidence fixes it and it is decisive, so sweep it",
        help="how closely a better product is a dearer one to make",
    )
    fixed_cost_share: float = parameter(
        0.05,
        unit="share of mean revenue",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.1),
        kind="uncertainty",
        source="assumed: prototype value",
        help="fixed cost of a merchant, as a share of mean revenue if nobody gave up",
    )
    cash_weeks: float = parameter(
        26.0,
        unit="weeks of fixed cost",
        low=0.0,
        high=10_000.0,
        plausible=(8.0, 52.0),
        kind="uncertainty",
        source="assumed: enough that the start of a market does not look like its collapse",
        help="cash that a merchant starts with",
    )
    long_term_share: float = parameter(
        0.8,
        unit="share of merchants",
        low=0.0,
        high=1.0,
        plausible=(0.5, 1.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="share of merchants who count on buyers coming back; the others are fly-by-night",
    )
    repeat_value: float = parameter(
        0.5,
        unit="times the first margin",
        low=0.0,
        high=100.0,
        plausible=(0.0, 2.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="what a long-term merchant expects from a buyer's later orders",
    )
    price_interval_weeks: int = parameter(
        4,
        unit="weeks",
        low=1,
        high=ID_LIMIT,
        plausible=(1, 13),
        kind="uncertainty",
        source="assumed: monthly",
        help="weeks between two revisions of price and bid",
    )
    quality_interval_weeks: int = parameter(
        13,
        unit="weeks",
        low=1,
        high=ID_LIMIT,
        plausible=(4, 52),
        kind="uncertainty",
        source="assumed: quarterly",
        help="weeks between two decisions on quality, and between two rounds of entry",
    )
    entry_pace: float = parameter(
        0.15,
        unit="share of active merchants per round",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.5),
        kind="uncertainty",
        source="assumed: no evidence fixes it and it moves quality much, so sweep it",
        help="how many merchants enter in a round when profit equals fixed cost",
    )
    shrinkage_orders: float = parameter(
        20.0,
        unit="orders",
        low=0.0,
        high=100_000.0,
        plausible=(5.0, 60.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="weight of the category's mean in what a merchant infers from own orders",
    )
    quality_step_threshold: float = parameter(
        0.1,
        unit="share of profit",
        low=0.0,
        high=10.0,
        plausible=(0.0, 0.5),
        kind="uncertainty",
        source="assumed: no figure found",
        help="gain that a change of quality must promise before it is made",
    )


@dataclass(frozen=True)
class Screening:
    """The audit at the door, continuing control, delisting and refunds."""

    markets: tuple[str, ...] = parameter(
        ("referral",),
        unit="list of markets",
        choices=PLATFORMS,
        kind="lever",
        source="assumed: the article's platform screens, the others do not",
        help="markets that screen; an empty list switches screening off everywhere",
    )
    admit_share: float = parameter(
        0.25,
        unit="share of applicants",
        low=0.0,
        high=1.0,
        plausible=(0.03, 1.0),
        kind="lever",
        source="assumed: prototype value; the article claims 3 to 5 %",
        help="share of applicants that is admitted; an unscreened market admits as many at random",
    )
    audit_correlation: float = parameter(
        0.7,
        unit="correlation",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.9),
        kind="uncertainty",
        source="assumed: prototype value",
        help="how closely the audit's score follows true quality",
    )
    recheck_share: float = parameter(
        0.1,
        unit="share of admitted merchants per quarter",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.5),
        kind="lever",
        source="assumed: no figure found",
        help="share of admitted merchants that is audited again each quarter",
    )
    delist_quality: float = parameter(
        0.25,
        unit="audit score",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.5),
        kind="lever",
        source="assumed: the lowest of five quality levels and below",
        help="audit score below which a merchant is delisted",
    )
    audit_cost_yuan: float = parameter(
        200.0,
        unit="yuan per audit",
        low=0.0,
        high=1_000_000.0,
        plausible=(50.0, 2_000.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="what one audit costs the platform",
    )
    refund_prob_worst: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.6),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance of a refund at quality 0 in a market that screens; falls as (1 - quality)^2",
    )


@dataclass(frozen=True)
class Reviews:
    """Reviews by strangers and the ranked list, the same in every market."""

    review_prob: float = parameter(
        0.3,
        unit="probability per order",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.6),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that a buyer leaves a review",
    )
    fake_share: float = parameter(
        0.15,
        unit="share of reviews",
        low=0.0,
        high=0.9,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="calibrated: V12 [luca-2016], 10 to 25 % of the reviews of the ad market are fake",
        help="share of reviews that are fake",
    )
    review_weight: float = parameter(
        2.0,
        unit="score per unit of mean review",
        low=0.0,
        high=100.0,
        plausible=(0.0, 5.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="weight of the mean review in the ranked list",
    )
    rank_price_weight: float = parameter(
        0.3,
        unit="score per unit of utility",
        low=0.0,
        high=100.0,
        plausible=(0.0, 1.0),
        kind="uncertainty",
        source="assumed: prototype value; moves the retail margin, V13 [dinerstein-2018]",
        help="weight of the price in the ranked list",
    )
