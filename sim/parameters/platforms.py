"""How the markets move money and attention: ads, referral rewards, shocks from the host network."""

from dataclasses import dataclass

from sim.parameters.statement import ID_LIMIT, WEEK_LIMIT, parameter


@dataclass(frozen=True)
class Ads:
    """The ad platform: slot auction, commission, friction on outside links, running cost."""

    mechanism: str = parameter(
        "gsp",
        unit="choice",
        choices=("gsp", "vcg", "first_price"),
        kind="lever",
        source="assumed: the rule most ad platforms use",
        help="slot auction: generalised second price, Vickrey-Clarke-Groves or first price",
    )
    n_slots: int = parameter(
        6,
        unit="slots per category",
        low=0,
        high=1_000,
        plausible=(4, 10),
        kind="lever",
        source="assumed: prototype value",
        help="sponsored slots in each category; 0 switches ads off",
    )
    top_click_prob: float = parameter(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        plausible=(0.2, 0.8),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that a consumer examines the product in the first slot",
    )
    click_ratio: float = parameter(
        0.65,
        unit="times per place",
        low=0.0,
        high=1.0,
        plausible=(0.6, 0.7),
        kind="uncertainty",
        source="cited: the middle of [click-ratio]",
        help="chance of examining a slot relative to the slot above it",
    )
    reserve_price_fen: int = parameter(
        5,
        unit="fen per click",
        low=0,
        high=10_000_000,
        plausible=(0, 100),
        kind="lever",
        source="assumed: prototype value",
        help="lowest bid per click that takes part in the auction",
    )
    quality_exponent: float = parameter(
        1.0,
        unit="exponent",
        low=0.0,
        high=1.0,
        plausible=(0.0, 1.0),
        kind="lever",
        source="cited: ads ranked by bid times quality [quality-ranking]",
        help="weight of quality in the ranking of bids: 0 the bid alone decides, 1 in full",
    )
    commission_rate: float = parameter(
        0.02,
        unit="share of price",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.1),
        kind="lever",
        source="assumed: prototype value; with ad spend it is compared with V10 [alibaba-take]",
        help="commission of the ad platform on every order",
    )
    external_link_friction: float = parameter(
        0.5,
        unit="share of posts",
        low=0.0,
        high=1.0,
        plausible=(0.0, 1.0),
        kind="lever",
        source="assumed: half-way between free and cut; the article claims that links are cut",
        help="share of friends' posts whose links the ad platform cuts off",
    )
    running_cost_week_yuan: float = parameter(
        2_000.0,
        unit="yuan per week and 10,000 members",
        low=0.0,
        high=1_000_000_000.0,
        plausible=(500.0, 5_000.0),
        kind="uncertainty",
        source="assumed: operations staff and shopping festivals, no figure found",
        help="cost of running the ad platform for a week",
    )
    running_cost_order_yuan: float = parameter(
        0.5,
        unit="yuan per order",
        low=0.0,
        high=100_000.0,
        plausible=(0.1, 2.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="cost to the ad platform of handling one order",
    )
    bid_shrinkage: float = parameter(
        20.0,
        unit="clicks",
        low=0.0,
        high=100_000.0,
        plausible=(5.0, 60.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="weight of the category's mean conversion in a merchant's own estimate",
    )
    budget_share: float = parameter(
        0.1,
        unit="share of revenue",
        low=0.0,
        high=1.0,
        plausible=(0.02, 0.3),
        kind="uncertainty",
        source="assumed: no figure found",
        help="weekly ad budget as a share of the mean weekly revenue of the last four weeks, "
        "paced over seven days",
    )


@dataclass(frozen=True)
class Referral:
    """The sharing platform: reward, rebate, levels, fee, running cost."""

    reward_rate: float = parameter(
        0.06,
        unit="share of price",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.3),
        kind="lever",
        source="assumed: prototype value",
        help="reward that a sale through a post pays, in total",
    )
    receiver_share: float = parameter(
        0.0,
        unit="share of reward",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.5),
        kind="lever",
        source="assumed: the article's reward goes to the sharer alone",
        help="part of the reward that goes to the buyer instead of the sharer",
    )
    rebate_rate: float = parameter(
        0.02,
        unit="share of price",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.15),
        kind="lever",
        source="assumed: prototype value",
        help="rebate credited to the buyer, to be spent on later purchases",
    )
    levels: int = parameter(
        1,
        unit="levels",
        low=0,
        high=10,
        plausible=(1, 3),
        kind="lever",
        source="cited: one level, of the three at which it becomes a crime [pyramid-threshold]",
        help="how many sharers up the chain of posts are rewarded",
    )
    level_decay: float = parameter(
        0.5,
        unit="times per level",
        low=0.0,
        high=1.0,
        plausible=(0.2, 1.0),
        kind="lever",
        source="assumed: no figure found",
        help="weight of a level relative to the one below it, when a reward is split",
    )
    symbolic: bool = parameter(
        False,
        unit="yes or no",
        kind="lever",
        source="assumed: the article's reward is cash",
        help="thanks in place of the reward; nobody here answers to them: the same as none",
    )
    disclosed: bool = parameter(
        True,
        unit="yes or no",
        kind="lever",
        source="assumed: the law asks for it",
        help="whether readers are told that a post is rewarded",
    )
    fee_rate: float = parameter(
        0.02,
        unit="share of price",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.1),
        kind="lever",
        source="assumed: prototype value",
        help="fee of the sharing platform on every order",
    )
    self_referral_guard: bool = parameter(
        True,
        unit="yes or no",
        kind="lever",
        source="assumed: a platform that pays for referrals guards against false ones",
        help="whether a sharer's own purchase through the own post earns nothing",
    )
    running_cost_week_yuan: float = parameter(
        500.0,
        unit="yuan per week and 10,000 members",
        low=0.0,
        high=1_000_000_000.0,
        plausible=(100.0, 3_000.0),
        kind="uncertainty",
        source="assumed: the article claims that the platform is light, no figure found",
        help="cost of running the sharing platform for a week",
    )
    running_cost_order_yuan: float = parameter(
        0.2,
        unit="yuan per order",
        low=0.0,
        high=100_000.0,
        plausible=(0.05, 1.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="cost to the sharing platform of handling one order",
    )


@dataclass(frozen=True)
class Hybrid:
    """Both platforms at once: who begins where, and how readily people and merchants change."""

    first_ads_share: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        plausible=(0.1, 0.9),
        kind="uncertainty",
        source="assumed: an even start",
        help="share of people who look, and of merchants who sell, on the ad side at first",
    )
    reconsider_prob: float = parameter(
        0.25,
        unit="probability per week with a need",
        low=0.0,
        high=1.0,
        plausible=(0.05, 1.0),
        kind="uncertainty",
        source="assumed: about once a quarter of a person of average needs, no figure found",
        help="chance that a member with a need thinks over on which side to look",
    )
    gain_rate: float = parameter(
        0.2,
        unit="share of the gap per experience",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.5),
        kind="uncertainty",
        source="assumed: the last five purchases count for most, no figure found",
        help="weight of the last purchase in what a side is remembered for",
    )
    merchant_reconsider_prob: float = parameter(
        0.25,
        unit="probability per quarter",
        low=0.0,
        high=1.0,
        plausible=(0.05, 1.0),
        kind="uncertainty",
        source="assumed: about once a year; all at once they would chase each other to and fro",
        help="chance that a merchant thinks over on which side to sell",
    )
    merchant_inertia: float = parameter(
        1.0,
        unit="times",
        low=0.0,
        high=1_000.0,
        plausible=(0.2, 5.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="how much more the merchants of the other side must have earned in the quarter, in "
        "fixed costs of that time, for a merchant to go there",
    )


@dataclass(frozen=True)
class Shocks:
    """What the host network does to rewarded sharing."""

    host_ban_week: int = parameter(
        0,
        unit="week",
        low=0,
        high=ID_LIMIT,
        plausible=(0, 104),
        kind="uncertainty",
        source="assumed: no ban; it would last 30 days or for good [host-bans]",
        help="week from which the host network bans rewarded sharing; 0: never",
    )
    host_ban_weeks: int = parameter(
        0,
        unit="weeks",
        low=0,
        high=ID_LIMIT,
        plausible=(0, 52),
        kind="uncertainty",
        source="assumed: no ban; it would last 30 days or for good [host-bans]",
        help="how many weeks the ban lasts",
    )


@dataclass(frozen=True)
class Run:
    """How long, how often and with which luck."""

    weeks: int = parameter(
        104,
        unit="weeks",
        low=0,
        high=WEEK_LIMIT,
        plausible=(13, 260),
        kind="constant",
        source="assumed: two years, which is not a steady state",
        help="number of weeks simulated",
    )
    seed: int = parameter(
        1,
        unit="1",
        low=0,
        high=2**63 - 1,
        kind="constant",
        source="assumed: any number serves",
        help="names the luck of the world; replicate r has seed + r in every market",
    )
    replicates: int = parameter(
        16,
        unit="runs per market",
        low=1,
        high=1_000_000,
        plausible=(4, 64),
        kind="constant",
        source="assumed: resolves a step of the reward rate from 8 to 12 % on surplus and price",
        help="number of paired runs that a comparison makes",
    )
    warm_up_weeks: int = parameter(
        8,
        unit="weeks",
        low=0,
        high=WEEK_LIMIT,
        plausible=(0, 26),
        kind="constant",
        source="assumed: prototype value",
        help="first weeks, shown but not counted; at most a quarter of the run",
    )
