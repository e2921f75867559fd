"""How much people trust those they listen to, and how many they have muted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.measures.running import Running
from sim.rules import reputation, trust
from sim.world.columns import B1, F4, F8, I1, I4, I8, LAYER_BITS, MUTED, U2

#: All ties are measured up to this number; above, those of every k-th trusted person.
TIES_MEASURED = 50_000


def tie_state(model: Running) -> tuple[float, float]:
    """Mean trust over the ties of the network, 0 to 1, and the share of them that is muted.

    The ties of leaders whom people began to follow are not among them. NaN without ties.
    """
    world = model.world
    n_ties = len(world.ties.reader)
    stride = max(1, math.ceil(n_ties / TIES_MEASURED))
    ties = world.ties
    total, muted, n = _sums_over_ties(
        (ties.follower_start, ties.reader, ties.nth, ties.row_start, ties.weight),
        (ties.useful_milli, ties.useless_milli, ties.touched, ties.marks),
        world.consumers.insight,
        world.consumers.tier,
        world.consumers.general_trust,
        world.consumers.mute_threshold,
        model.kept_shares,
        (model.terms.trust, model.terms.reputation),
        model.week,
        stride,
    )
    return (total / n, muted / n) if n else (math.nan, math.nan)


@compiled
def _sums_over_ties(
    ties: tuple[I8, I4, Any, I8, F4],
    states: tuple[U2, U2, U2, B1],
    insight: F8,
    tier: I1,
    general_trust: F8,
    mute_threshold: F8,
    kept_shares: F8,
    terms: tuple[trust.TrustTerms, reputation.ReputationTerms],
    week: int,
    stride: int,
) -> tuple[float, int, int]:
    """Sum of trust, number of muted ties and number of ties of every stride-th trusted person."""
    follower_start, reader, nth, row_start, weight = ties
    useful_milli, useless_milli, touched, marks = states
    trust_terms, reputation_terms = terms
    strength, weighted, longest = trust_terms.prior_strength, len(weight) > 0, len(kept_shares) - 1
    mean_trust = np.empty(LAYER_BITS + 1)
    for layer in range(LAYER_BITS + 1):
        mean_trust[layer] = trust_terms.layer_trust[layer]
    most = 0
    for person in range(0, len(follower_start) - 1, stride):
        most = max(most, follower_start[person + 1] - follower_start[person])
    rows, marked, trusted = np.empty(most, np.int64), np.empty(most, np.uint8), np.empty(most)
    total, n_muted, n = 0.0, 0, 0
    for person in range(0, len(follower_start) - 1, stride):
        standing = reputation.credibility(insight[person], tier[person], reputation_terms)
        first = follower_start[person]
        n_followers = follower_start[person + 1] - first
        # Ties lie far apart: fetched first, many are under way at a time.
        for k in range(n_followers):
            row = row_start[reader[first + k]] + nth[first + k]
            rows[k], marked[k] = row, marks[row]
        for k in range(n_followers):
            row = rows[k]
            mean = mean_trust[marked[k] & LAYER_BITS]
            if weighted:
                mean = np.float64(weight[row])
            kept = kept_shares[min(week - touched[row], longest)]
            trusted[k] = trust.tie_trust(
                trust.first_impression(mean, general_trust[reader[first + k]], standing),
                strength,
                trust.evidence_left(useful_milli[row], kept),
                trust.evidence_left(useless_milli[row], kept),
            )
        for k in range(n_followers):
            total += trusted[k]
            # A mark stays until the next rewarded post, though the friend may be forgiven by now.
            if marked[k] & MUTED:
                n_muted += trust.is_muted(trusted[k], mute_threshold[reader[first + k]])
        n += n_followers
    return total, n_muted, n
