"""The constants of all rules on the consumers' side, read once from a scenario."""

from __future__ import annotations

from typing import NamedTuple

from sim.rules.attention import AttentionTerms
from sim.rules.belief import BeliefTerms
from sim.rules.choice import ChoiceTerms
from sim.rules.reputation import ReputationTerms, keep_of_half_life
from sim.rules.sharing import SharingTerms
from sim.rules.sides import SideTerms
from sim.rules.trust import TrustTerms
from sim.scenario import Scenario

N_LAYERS = 4


class Terms(NamedTuple):
    """Constants by rule; named tuples of numbers, so that compiled kernels take them whole."""

    choice: ChoiceTerms
    belief: BeliefTerms
    attention: AttentionTerms
    sharing: SharingTerms
    trust: TrustTerms
    reputation: ReputationTerms
    sides: SideTerms


def by_layer(inner: float, outer: float) -> tuple[float, float, float, float]:
    """Return a value for each of the four layers of friends, in even steps from inner to outer."""
    step = (outer - inner) / (N_LAYERS - 1)
    return inner, inner + step, outer - step, outer


def terms_of(scenario: Scenario) -> Terms:
    """Return the constants that a scenario gives to the rules."""
    demand, belief = scenario.demand, scenario.belief
    sharing, trust = scenario.sharing, scenario.trust
    return Terms(
        ChoiceTerms(
            base_value_yuan=float(demand.base_value_yuan),
            quality_value=float(demand.quality_value),
            match_value=float(demand.match_value),
            risk_aversion=float(demand.risk_aversion),
        ),
        BeliefTerms(*(float(getattr(belief, name)) for name in BeliefTerms._fields)),
        AttentionTerms(
            attention=sharing.attention,
            memory_weeks=sharing.memory_weeks,
            fatigue=float(sharing.fatigue),
        ),
        SharingTerms(
            delight_slope=float(sharing.delight_slope),
            warning_slope=float(sharing.warning_slope),
            annoyance=float(sharing.annoyance),
            kappa=by_layer(sharing.sincerity_kappa_inner, sharing.sincerity_kappa_outer),
            sincerity_learning=float(sharing.sincerity_learning),
            unsolicited_factor=float(sharing.unsolicited_factor),
            split_factor=float(sharing.split_factor),
            disclosure_factor=float(sharing.disclosure_factor),
            inflation_max=float(sharing.inflation_max),
            leader_lookup_prob=float(sharing.leader_lookup_prob),
            invite_prob=float(sharing.invite_prob),
            join_prob=float(sharing.join_prob),
            follow_prob=float(sharing.follow_prob),
        ),
        TrustTerms(
            prior_strength=float(trust.prior_strength),
            layer_trust=by_layer(trust.layer_trust_inner, trust.layer_trust_outer),
            leader_trust=float(trust.leader_trust),
            forgetting=float(trust.forgetting),
            tolerance=float(trust.tolerance),
            useless_weight=float(trust.useless_weight),
            known_product_weight=float(trust.known_product_weight),
            general_trust_rate=float(trust.general_trust_rate),
        ),
        ReputationTerms(
            keep_65536=keep_of_half_life(trust.credit_half_life_weeks),
            streak_length=trust.streak_length,
            leader_share=float(trust.leader_share),
            leader_min_points=trust.leader_min_points,
            standing_gain=float(trust.standing_gain),
            insight_gain=float(trust.insight_gain),
        ),
        SideTerms(
            reconsider_prob=float(scenario.hybrid.reconsider_prob),
            gain_rate=float(scenario.hybrid.gain_rate),
        ),
    )
