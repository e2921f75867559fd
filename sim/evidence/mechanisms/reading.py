"""Mechanisms of choosing, believing, reading and sharing."""

from __future__ import annotations

from sim.evidence.mechanisms import firings
from sim.evidence.mechanisms.mechanism import Mechanism
from sim.rules import attention, belief, choice, reputation, rewards, sharing, trust

CHOICE_TO_SHARING: tuple[Mechanism, ...] = (
    # Choice and belief.
    Mechanism(
        "match of taste",
        choice.match_value,
        {"demand.match_value": 0.0},
        "orders.merchant",
        firings.orders,
    ),
    Mechanism(
        "risk",
        choice.utility,
        {"demand.risk_aversion": 0.0},
        "orders.merchant",
        firings.orders,
    ),
    Mechanism(
        "own experience",
        belief.own_signal_precision,
        {"belief.own_precision": 0.01},
        "orders.expected_quality",
        firings.repeats,
    ),
    Mechanism(
        "friends' statements",
        belief.post_precision,
        {"belief.friend_precision": 0.0},
        "orders.expected_quality",
        firings.orders_by_post,
    ),
    Mechanism(
        "reviews by strangers",
        belief.review_precision,
        {"belief.stranger_credibility": 0.0},
        "orders.expected_quality",
        firings.reviews,
    ),
    Mechanism(
        "fake reviews",
        belief.fake_review_prob,
        {"reviews.fake_share": 0.0},
        "merchants.n_reviews",
        firings.reviews,
    ),
    Mechanism(
        "ads as signals",
        belief.advertised_quality,
        {"belief.ad_precision": 0.0},
        "orders.expected_quality",
        firings.orders_by_ad,
        market="ads",
    ),
    Mechanism(
        "learned sign of ads",
        belief.move_towards,
        {"belief.ad_lift_rate": 0.0},
        "orders.expected_quality",
        firings.orders_by_ad,
        market="ads",
    ),
    Mechanism(
        "belief about the whole market",
        belief.move_towards,
        {"belief.market_belief_rate": 0.0},
        "orders.expected_quality",
        firings.orders,
    ),
    # Sincerity.
    Mechanism(
        "sincerity discount",
        sharing.sincerity,
        {"sharing.sincerity_kappa_inner": 0.0, "sharing.sincerity_kappa_outer": 0.0},
        "orders.share",
        firings.rewarded_reads,
    ),
    Mechanism(
        "sincerity by layer",
        sharing.sincerity,
        {"sharing.sincerity_kappa_inner": 3.0},
        "orders.share",
        firings.rewarded_reads_inside,
    ),
    Mechanism(
        "unsolicited posts",
        sharing.sincerity,
        {"sharing.unsolicited_factor": 1.0},
        "orders.share",
        firings.rewarded_reads,
    ),
    Mechanism(
        "disclosure",
        sharing.sincerity,
        {"referral.disclosed": False},
        "orders.share",
        firings.rewarded_reads,
    ),
    Mechanism(
        "split reward",
        sharing.sincerity,
        {"sharing.split_factor": 1.0},
        "orders.share",
        firings.rewarded_reads,
        needs={"referral.receiver_share": 0.5},
    ),
    Mechanism(
        "symbolic reward",
        rewards.is_rewarded,
        {"referral.symbolic": False},
        "shares.rewarded",
        firings.orders_by_post,
        needs={"referral.symbolic": True},
    ),
    Mechanism(
        "discount learned past",
        sharing.learned_sincerity,
        {"sharing.sincerity_learning": 0.0},
        "orders.share",
        firings.rewarded_reads_after_use,
    ),
    # Attention.
    Mechanism(
        "attention limit",
        attention.reading_priority,
        {"sharing.attention": 1000},
        "exposures.share",
        firings.full_weeks,
    ),
    Mechanism(
        "life of posts",
        attention.remembers,
        {"sharing.memory_weeks": 0},
        "orders.share",
        firings.orders_by_friend,
    ),
    Mechanism(
        "fatigue per tie",
        attention.freshness,
        {"sharing.fatigue": 0.0},
        "orders.share",
        firings.further_reads,
    ),
    Mechanism(
        "annoyance",
        sharing.annoyance_evidence,
        {"sharing.annoyance": 0.0},
        "weekly.mean_tie_trust",
        firings.rewarded_reads,
    ),
    Mechanism(
        "muting",
        trust.is_muted,
        {"sharing.mute_threshold_mean": 0.0, "sharing.mute_threshold_sd": 0.0},
        "weekly.muted_share",
        firings.muted_ties,
        needs={"sharing.mute_threshold_mean": 0.4},
    ),
    # Sharing.
    Mechanism(
        "delight",
        sharing.posting_index_satisfied,
        {"sharing.delight_slope": 0.0},
        "shares.sharer",
        firings.recommendations,
    ),
    Mechanism(
        "warnings",
        sharing.posting_index_warning,
        {"sharing.warning_slope": 0.0},
        "shares.sharer",
        firings.warnings,
    ),
    Mechanism(
        "money motive",
        sharing.money_motive,
        {"sharing.money_response": 0.0},
        "shares.sharer",
        firings.recommendations,
    ),
    Mechanism(
        "concern for credit",
        reputation.credit_at_risk,
        {"sharing.credit_concern": 0.0},
        "shares.sharer",
        firings.posts_with_credit,
    ),
    Mechanism(
        "inflated statements",
        sharing.stated_quality,
        {"sharing.inflation_max": 0.0},
        "shares.stated_quality",
        firings.inflated_posts,
    ),
    Mechanism(
        "opportunists",
        sharing.income_lure_yuan,
        {"sharing.opportunist_share": 0.0},
        "shares.source_order",
        firings.posts_without_use,
    ),
)
