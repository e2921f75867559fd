"""Why people share, what they read, and what a reward does to a post."""

from dataclasses import dataclass

from sim.parameters.statement import parameter


@dataclass(frozen=True)
class Sharing:
    """Posting, reading, sincerity of rewarded posts, invitations."""

    posting_intercept: float = parameter(
        -2.7,
        unit="log odds",
        low=-20.0,
        high=20.0,
        plausible=(-4.0, 0.0),
        kind="uncertainty",
        source="calibrated: V1 [leskovec-2007], with sharing.memory_weeks; two thirds of what fits "
        "lies between -3.3 and -1.4",
        help="mean liking to share: log odds of posting about a product that is as expected",
    )
    posting_intercept_sd: float = parameter(
        0.5,
        unit="log odds",
        low=0.0,
        high=10.0,
        plausible=(0.0, 1.5),
        kind="uncertainty",
        source="assumed: prototype value",
        help="spread of the liking to share over people",
    )
    delight_slope: float = parameter(
        4.0,
        unit="log odds per unit of quality",
        low=0.0,
        high=100.0,
        plausible=(1.0, 8.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="how much more a product above expectation is posted about",
    )
    warning_slope: float = parameter(
        3.0,
        unit="log odds per unit of quality",
        low=0.0,
        high=100.0,
        plausible=(1.0, 8.0),
        kind="uncertainty",
        source="assumed: prototype value; about 3 praising posts for 1 warning [three-to-one]",
        help="how much more a product below expectation is warned of",
    )
    money_response: float = parameter(
        0.35,
        unit="log odds per log yuan",
        low=0.0,
        high=20.0,
        plausible=(0.0, 1.0),
        kind="uncertainty",
        source="assumed: prototype value; rewards raise referral [ryu-2007], by how much is open",
        help="mean response of posting to expected income, exponential over people",
    )
    credit_concern: float = parameter(
        0.05,
        unit="log odds per credit point",
        low=0.0,
        high=20.0,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="assumed: prototype value",
        help="mean concern for the own credit that is at risk in a post, exponential over people",
    )
    attention: int = parameter(
        15,
        unit="posts per person per week",
        low=0,
        high=100_000,
        plausible=(5, 50),
        kind="uncertainty",
        source="assumed: prototype value",
        help="most posts that a person reads in a week; spam crowds out the rest",
    )
    memory_weeks: int = parameter(
        3,
        unit="weeks",
        low=0,
        high=520,
        plausible=(1, 4),
        kind="uncertainty",
        source="calibrated: V1 [leskovec-2007], with sharing.posting_intercept; two thirds of what "
        "fits lies between 2 and 4",
        help="how long a read post is remembered and can earn its reward",
    )
    fatigue: float = parameter(
        0.01,
        unit="per post read before over the tie",
        low=0.0,
        high=100.0,
        plausible=(0.0, 0.05),
        kind="uncertainty",
        source="assumed: size; further recommendations by the same person sell less "
        "[leskovec-2007]",
        help="how much less a post is remembered for every post of the same friend read before; "
        "a hundred halve it at 0.01",
    )
    opportunist_share: float = parameter(
        0.02,
        unit="share of people",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.15),
        kind="uncertainty",
        source="assumed: share; 84.8 % of people had met one in 2015 [mask-sellers]",
        help="share of people who post what pays best, whether they used it or not",
    )
    annoyance: float = parameter(
        0.02,
        unit="useless evidence per rewarded read at a cut of 10 %",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.1),
        kind="uncertainty",
        source="assumed: evidence is only qualitative, so conclusions are shown at 0 too",
        help="how much reading a rewarded post costs the trust in its sender, "
        "in proportion to the sender's cut",
    )
    sincerity_kappa_inner: float = parameter(
        0.5,
        unit="per unit of cut",
        low=0.0,
        high=100.0,
        plausible=(0.2, 2.0),
        kind="uncertainty",
        source="assumed: 5 % off at a cut of 10 %, asked for, undisclosed; sign [verlegh-2013]",
        help="how fast a sender's cut lowers the believed sincerity, innermost layer",
    )
    sincerity_kappa_outer: float = parameter(
        3.0,
        unit="per unit of cut",
        low=0.0,
        high=100.0,
        plausible=(0.5, 5.0),
        kind="uncertainty",
        source="assumed: 26 % off at a cut of 10 %, asked for, undisclosed; sign [verlegh-2013]",
        help="the same for the outermost layer; layers between are interpolated",
    )
    sincerity_learning: float = parameter(
        0.25,
        unit="per piece of useful evidence",
        low=0.0,
        high=1_000.0,
        plausible=(0.0, 1.0),
        kind="uncertainty",
        source="assumed: size, evidence as heavy as the first impression halves the loss",
        help="how fast the loss of sincerity fades as a friend's recommendations prove useful",
    )
    unsolicited_factor: float = parameter(
        1.5,
        unit="times",
        low=0.0,
        high=100.0,
        plausible=(1.0, 3.0),
        kind="uncertainty",
        source="assumed: size; larger for unsolicited referrals [verlegh-2013]",
        help="factor on the loss of sincerity when the post was not asked for",
    )
    split_factor: float = parameter(
        0.3,
        unit="times",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.7),
        kind="uncertainty",
        source="assumed: size; rewarding both sides removes the loss [verlegh-2013]",
        help="factor on the loss of sincerity when the receiver gets at least half of the reward",
    )
    disclosure_factor: float = parameter(
        1.2,
        unit="times",
        low=0.0,
        high=100.0,
        plausible=(1.0, 2.0),
        kind="uncertainty",
        source="assumed: size; disclosure lowers credibility over 288 effects [disclosure]",
        help="factor on the loss of sincerity when the reward is disclosed",
    )
    inflation_max: float = parameter(
        0.15,
        unit="quality",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="assumed: bound; a bonus biases advice [biased-advice], by how much is open",
        help="most that money makes a sharer overstate the experienced quality",
    )
    leader_lookup_prob: float = parameter(
        0.1,
        unit="probability",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that a consumer with a need looks up what an opinion leader says",
    )
    mute_threshold_mean: float = parameter(
        0.25,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.1, 0.5),
        kind="uncertainty",
        source="assumed: unknown; blocking sellers is common [mask-sellers]",
        help="mean over people of the trust below which a friend's commercial posts are muted",
    )
    mute_threshold_sd: float = parameter(
        0.1,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.2),
        kind="uncertainty",
        source="assumed: unknown",
        help="spread of that threshold over people",
    )
    invite_prob: float = parameter(
        0.02,
        unit="probability per week",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.1),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that a member invites friends who are not members in a week",
    )
    join_prob: float = parameter(
        0.3,
        unit="probability per invitation",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.6),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that an invited person joins, before the trust in the inviter counts",
    )
    follow_prob: float = parameter(
        0.1,
        unit="probability per useful look-up",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="assumed: no figure found",
        help="chance that a reader whom a leader served well begins to follow that leader",
    )
