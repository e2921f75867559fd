"""How trust grows and is overdrawn, and what makes an opinion leader."""

from dataclasses import dataclass

from sim.parameters.statement import parameter


@dataclass(frozen=True)
class Trust:
    """Trust in a tie, in recommendations at large, and the public credit of sharers."""

    prior_strength: float = parameter(
        4.0,
        unit="pieces of evidence",
        low=0.01,
        high=10_000.0,
        plausible=(1.0, 10.0),
        kind="uncertainty",
        source="assumed: prototype value",
        help="weight of the first impression of a friend against lived evidence",
    )
    general_trust_mean: float = parameter(
        0.8,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.6, 1.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="trust in recommendations at large that people start with, on average",
    )
    general_trust_sd: float = parameter(
        0.1,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.2),
        kind="uncertainty",
        source="assumed: no figure found",
        help="how much people differ in that trust (normal, clipped to 0..1)",
    )
    layer_trust_inner: float = parameter(
        0.9,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.7, 1.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="trust in the closest friends before any evidence",
    )
    layer_trust_outer: float = parameter(
        0.5,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.8),
        kind="uncertainty",
        source="assumed: no figure found",
        help="the same for the most distant acquaintances; layers between are interpolated",
    )
    forgetting: float = parameter(
        0.95,
        unit="share kept per week",
        low=0.0,
        high=1.0,
        plausible=(0.8, 0.98),
        kind="uncertainty",
        source="assumed: half-life of 13 weeks; the half-life of recovery is unknown",
        help="share of the evidence about a tie that is left a week later",
    )
    tolerance: float = parameter(
        0.15,
        unit="quality",
        low=0.0,
        high=1.0,
        plausible=(0.05, 0.3),
        kind="uncertainty",
        source="assumed: prototype value; who praises was lucky, so without it most would fail",
        help="how far an experience may fall short of the post and still count as useful",
    )
    useless_weight: float = parameter(
        2.0,
        unit="pieces of evidence",
        low=0.0,
        high=1_000.0,
        plausible=(1.0, 4.0),
        kind="uncertainty",
        source="assumed: bad news weighs double",
        help="evidence that one useless recommendation counts for; a useful one counts 1",
    )
    known_product_weight: float = parameter(
        0.5,
        unit="pieces of evidence",
        low=0.0,
        high=1_000.0,
        plausible=(0.0, 1.0),
        kind="uncertainty",
        source="assumed: no figure found",
        help="evidence of reading about a product one knows, against 1 for a referred purchase",
    )
    general_trust_rate: float = parameter(
        0.01,
        unit="share of the gap per outcome",
        low=0.0,
        high=1.0,
        plausible=(0.0, 0.05),
        kind="uncertainty",
        source="assumed: small, no figure found",
        help="step by which trust in recommendations at large follows every outcome",
    )
    credit_half_life_weeks: float = parameter(
        26.0,
        unit="weeks",
        low=0.1,
        high=10_000.0,
        plausible=(8.0, 104.0),
        kind="lever",
        source="assumed: leaders who stop being useful fade within half a year",
        help="time in which a sharer's public credit falls to half; rounded down from 500 on",
    )
    streak_length: int = parameter(
        3,
        unit="recommendations",
        low=1,
        high=1_000,
        plausible=(2, 10),
        kind="lever",
        source="assumed: no figure found",
        help="useful recommendations in a row from which each earns two points instead of one",
    )
    leader_share: float = parameter(
        0.015,
        unit="share of members",
        low=0.0,
        high=1.0,
        plausible=(0.002, 0.05),
        kind="lever",
        source="assumed: no figure found",
        help="share of members, those with most credit, who can be opinion leaders",
    )
    leader_min_points: int = parameter(
        8,
        unit="credit points",
        low=0,
        high=1_000_000,
        plausible=(3, 20),
        kind="lever",
        source="assumed: no figure found",
        help="credit that an opinion leader must have at least",
    )
    standing_gain: float = parameter(
        0.2,
        unit="times",
        low=0.0,
        high=10.0,
        plausible=(0.0, 0.5),
        kind="uncertainty",
        source="assumed: no figure found",
        help="how much more credible a sharer of the highest tier is",
    )
    insight_gain: float = parameter(
        0.1,
        unit="times per log unit of insight",
        low=0.0,
        high=10.0,
        plausible=(0.0, 0.3),
        kind="uncertainty",
        source="assumed: no figure found",
        help="how much more credible a sharer of higher insight is",
    )
    leader_trust: float = parameter(
        0.6,
        unit="trust",
        low=0.0,
        high=1.0,
        plausible=(0.3, 0.9),
        kind="uncertainty",
        source="assumed: value; reputable strangers are preferred to simple friends "
        "[reputable-strangers]",
        help="trust in an opinion leader to whom the reader has no tie",
    )
