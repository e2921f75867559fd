"""Mechanisms of trust, credit, membership, discovery and money."""

from __future__ import annotations

from sim.evidence.mechanisms import firings
from sim.evidence.mechanisms.mechanism import Mechanism
from sim.network import tastes
from sim.rules import (
    attention,
    auction,
    membership,
    ranking,
    reputation,
    rewards,
    screening,
    settlement,
    trust,
)

#: A platform in growth, where only invitations bring people in, or only purchases.
_GROWTH = {"population.initial_member_share": 0.1, "sharing.invite_prob": 0.1}
_LEADERS = {
    "sharing.leader_lookup_prob": 0.5,
    "trust.leader_share": 0.05,
    "trust.leader_min_points": 3,
}

TRUST_TO_MONEY: tuple[Mechanism, ...] = (
    # Trust.
    Mechanism(
        "tie trust",
        trust.tie_trust,
        {"trust.prior_strength": 10_000.0},
        "weekly.mean_tie_trust",
        firings.judged_ties,
    ),
    Mechanism(
        "bad news weighs more",
        trust.evidence_of,
        {"trust.useless_weight": 1.0},
        "weekly.mean_tie_trust",
        firings.useless_outcomes,
    ),
    Mechanism(
        "forgetting",
        trust.faded,
        {"trust.forgetting": 1.0},
        "weekly.mean_tie_trust",
        firings.reads_after_judging,
    ),
    Mechanism(
        "tolerance",
        trust.outcome_useful,
        {"trust.tolerance": 0.0},
        "weekly.mean_tie_trust",
        firings.tolerated_outcomes,
    ),
    Mechanism(
        "posts about what one knows",
        trust.evidence_of,
        {"trust.known_product_weight": 0.0},
        "weekly.mean_tie_trust",
        firings.known_reads,
    ),
    Mechanism(
        "general trust",
        trust.general_trust_after,
        {"trust.general_trust_rate": 0.0},
        "weekly.mean_tie_trust",
        firings.orders_by_post,
    ),
    # Credit.
    Mechanism(
        "streaks",
        reputation.credit_after,
        {"trust.streak_length": 1000},
        "weekly.mean_tie_trust",
        firings.doubled_points,
    ),
    Mechanism(
        "fading of credit",
        reputation.credit_decayed,
        {"trust.credit_half_life_weeks": 10_000.0},
        "weekly.mean_tie_trust",
        firings.credit_weeks,
    ),
    Mechanism(
        "credibility by tier",
        reputation.credibility,
        {"trust.standing_gain": 0.0},
        "weekly.mean_tie_trust",
        firings.reads_of_tiers,
    ),
    Mechanism(
        "credibility by insight",
        reputation.credibility,
        {"trust.insight_gain": 0.0},
        "weekly.mean_tie_trust",
        firings.reads,
    ),
    Mechanism(
        "opinion leaders",
        reputation.tier_of,
        {"trust.leader_share": 0.0},
        "exposures.channel",
        firings.look_ups,
        needs=_LEADERS,
    ),
    Mechanism(
        "look-up of leaders",
        attention.looks_up,
        {"sharing.leader_lookup_prob": 0.0},
        "exposures.channel",
        firings.look_ups,
        needs=_LEADERS,
    ),
    Mechanism(
        "following",
        attention.follows,
        {"sharing.follow_prob": 0.0},
        "exposures.tie_layer",
        firings.reads_of_followed,
        needs={**_LEADERS, "sharing.leader_lookup_prob": 1.0, "sharing.follow_prob": 1.0},
    ),
    # Membership.
    Mechanism(
        "invitations",
        membership.invites,
        {"sharing.invite_prob": 0.0},
        "weekly.members",
        firings.invitations,
        needs=_GROWTH,
    ),
    Mechanism(
        "joining by invitation",
        membership.joins,
        {"sharing.join_prob": 0.0},
        "cascades.size",
        firings.invited,
        needs=_GROWTH,
    ),
    Mechanism(
        "joining by a referred purchase",
        attention.remembers,
        {"sharing.memory_weeks": 0},
        "weekly.members",
        firings.newcomers,
        needs={"population.initial_member_share": 0.4, "sharing.invite_prob": 0.0},
    ),
    Mechanism(
        "joining alone",
        membership.joins_alone,
        {"population.join_rate_per_week": 0.0},
        "weekly.members",
        firings.newcomers,
        needs={
            "population.initial_member_share": 0.4,
            "population.join_rate_per_week": 0.05,
            "sharing.invite_prob": 0.0,
            "sharing.memory_weeks": 0,
        },
    ),
    # Tastes, discovery and money.
    Mechanism(
        "homophily",
        tastes.community_tastes,
        {"network.taste_homophily": 0.0},
        "orders.merchant",
        firings.buyers,
    ),
    Mechanism(
        "ranked list",
        ranking.rank_score,
        {"demand.ranked_examine_prob": 0.0},
        "orders.channel",
        firings.orders_by_list,
    ),
    Mechanism(
        "reward",
        settlement.settle_amounts,
        {"referral.reward_rate": 0.0},
        "weekly.sharer_income_fen",
        firings.rewards,
    ),
    Mechanism(
        "reward up the chain",
        rewards.split_over_levels,
        {"referral.levels": 1},
        "transfers.payee",
        firings.shared_rewards,
        needs={"referral.levels": 3},
    ),
    Mechanism(
        "purchases through the own post",
        rewards.uses_own_link,
        {"referral.self_referral_guard": True},
        "orders.sharer",
        firings.orders_by_own_post,
        needs={"referral.self_referral_guard": False, "sharing.memory_weeks": 3},
    ),
    Mechanism(
        "receiver's part of the reward",
        settlement.settle_amounts,
        {"referral.receiver_share": 0.0},
        "weekly.rebate_fen",
        firings.wallet_credits,
        needs={"referral.receiver_share": 0.5, "referral.rebate_rate": 0.0},
    ),
    Mechanism(
        "rebate",
        settlement.settle_amounts,
        {"referral.rebate_rate": 0.0},
        "weekly.rebate_fen",
        firings.rebates,
    ),
    Mechanism(
        "refund",
        settlement.refund_prob,
        {"screening.refund_prob_worst": 0.0},
        "weekly.refund_fen",
        firings.refunds,
    ),
    Mechanism(
        "screening",
        screening.audit_score,
        {"screening.markets": []},
        "merchants.merchant",
        firings.audits,
    ),
    Mechanism(
        "sponsored slots",
        auction.allocate,
        {"ads.n_slots": 0},
        "orders.channel",
        firings.clicks,
        market="ads",
    ),
    Mechanism(
        "friction on links",
        attention.link_is_cut,
        {"ads.external_link_friction": 0.0},
        "exposures.share",
        firings.reads,
        market="ads",
        firing="missing",
    ),
    Mechanism(
        "host ban",
        rewards.is_rewarded,
        {"shocks.host_ban_week": 0},
        "shares.rewarded",
        firings.rewarded_posts_under_ban,
        needs={"shocks.host_ban_week": 8, "shocks.host_ban_weeks": 8},
        firing="missing",
    ),
)
