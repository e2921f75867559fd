"""Trust of one person in another's recommendations, and in recommendations at large."""

from __future__ import annotations

import math
from typing import NamedTuple

from numba.extending import register_jitable

from sim.arithmetic import LEAST_OF_THOUSANDTHS, per_thousand
from sim.compiled import as_real

#: Evidence is kept in thousandths of a piece, in 16 bits: up to some 65 pieces.
PIECE_MILLI = 1000
MOST_EVIDENCE_MILLI = 65535


class TrustTerms(NamedTuple):
    """Constants of tie trust."""

    prior_strength: float  # s0: pieces of evidence that the first impression counts for
    layer_trust: tuple[float, float, float, float]  # m by layer
    leader_trust: float  # m of a leader without a tie
    forgetting: float  # share of evidence kept per week
    tolerance: float  # quality by which an experience may fall short
    useless_weight: float  # evidence of one useless recommendation
    known_product_weight: float  # factor on evidence from reading about a product one knows
    general_trust_rate: float  # step per outcome


@register_jitable
def prior_trust(layer: int, general_trust: float, credibility: float, terms: TrustTerms) -> float:
    """Return the trust in a person before any evidence, 0 to 1: m_layer·g·credibility.

    Layer -1 is a leader without a tie.
    """
    mean = terms.leader_trust
    if layer >= 0:
        mean = terms.layer_trust[min(layer, 3)]
    return first_impression(mean, general_trust, credibility)


@register_jitable
def first_impression(mean: float, general_trust: float, credibility: float) -> float:
    """Return the trust in a person before any evidence, 0 to 1: mean·g·credibility.

    The mean is that of the layer, or what the tie says itself, in networks whose weights are trust.
    """
    return min(1.0, max(0.0, mean * general_trust * credibility))


@register_jitable
def tie_trust(prior_mean: float, strength: float, useful: float, useless: float) -> float:
    """Return the trust in a person's recommendations, 0 to 1.

    (s0·prior + useful)/(s0 + useful + useless). Source: Beta reputation, Jøsang & Ismail 2002,
    with a prior of strength s0 in place of the uniform one.
    """
    good = as_real(useful)
    total = strength + good + as_real(useless)
    if total <= 0.0:
        return prior_mean
    return min(1.0, (strength * prior_mean + good) / total)


@register_jitable
def faded(evidence: float, forgetting: float, weeks: int) -> float:
    """Return what is left of evidence after some weeks: evidence·forgetting^weeks."""
    if weeks <= 0:
        return as_real(evidence)
    return as_real(evidence) * math.pow(forgetting, float(weeks))


@register_jitable
def share_kept(forgetting: float, weeks: int) -> float:
    """Return what is left of one piece of evidence after some weeks; too little counts as none."""
    share = faded(1.0, forgetting, weeks)
    return share if share >= LEAST_OF_THOUSANDTHS else 0.0


@register_jitable
def evidence_left(evidence_milli: int, kept_share: float) -> float:
    """Return the pieces of evidence left of those kept in thousandths: kept share·evidence."""
    return per_thousand(evidence_milli * kept_share)


@register_jitable
def evidence_after(evidence_milli: int, kept_share: float, added: float) -> int:
    """Return evidence, in thousandths of a piece, after fading and then one more piece.

    To the nearest thousandth, and no more than 16 bits hold. Source: Jøsang & Ismail 2002,
    forgetting.
    """
    pieces = evidence_left(evidence_milli, kept_share) + added
    return min(MOST_EVIDENCE_MILLI, math.floor(pieces * PIECE_MILLI + 0.5))


@register_jitable
def outcome_useful(experienced: float, stated: float, tolerance: float) -> bool:
    """Return whether a recommendation proved useful: experience ≥ statement - tolerance.

    Experiences are noisy, and who praises a product has mostly been lucky with it: without
    tolerance most recommendations of honest friends would fail.
    """
    return experienced >= stated - tolerance


@register_jitable
def statement_useful(experienced: float, stated: float, expected: float, tolerance: float) -> bool:
    """Return whether a statement about a product proves useful to who has experienced it.

    Less than is expected of this market is a warning: it proves useful if the experience was no
    better than stated, by more than the tolerance. All else recommends, see `outcome_useful`.
    """
    if stated < expected:
        return experienced <= stated + tolerance
    return outcome_useful(experienced, stated, tolerance)


@register_jitable
def evidence_of(useful: int, known_product: int, terms: TrustTerms) -> tuple[float, float]:
    """Return (useful, useless) evidence of one outcome.

    Useful counts 1, useless ``useless_weight`` (bad news weighs more); reading about a product one
    knows counts ``known_product_weight`` of a purchase.
    """
    weight = terms.known_product_weight if known_product else 1.0
    if useful:
        return weight, 0.0
    return 0.0, weight * terms.useless_weight


@register_jitable
def is_muted(trust: float, threshold: float) -> bool:
    """Return whether a friend's commercial posts are muted: trust below the own threshold."""
    return trust < threshold


@register_jitable
def general_trust_after(general_trust: float, useful: int, rate: float) -> float:
    """Return trust in recommendations at large after one outcome, 0 to 1.

    g + rate·(outcome - g), outcome 1 or 0: so bad sharers cost all sharers.
    """
    outcome = 1.0 if useful else 0.0
    return general_trust + rate * (outcome - general_trust)
