"""How much people trust those they listen to, and how many they have muted."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import compiled
from sim.measures.running import Running
from sim.rules import reputation, trust
from sim.world.columns import F4, F8, I1, I4, I8, LAYER_BITS, MUTED

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
        (ties.follower_start, ties.reader, ties.nth, ties.row_start, ties.state, ties.weight),
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
    ties: tuple[I8, I4, Any, I8, Any, F4],
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
    follower_start, reader, nth, row_start, state, weight = ties
    trust_terms, reputation_terms = terms
    total, n_muted, n = 0.0, 0, 0
    for person in range(0, len(follower_start) - 1, stride):
        standing = reputation.credibility(insight[person], tier[person], reputation_terms)
        for place in range(follower_start[person], follower_start[person + 1]):
            who = reader[place]
            row = row_start[who] + nth[place]
            tie = state[row]
            marks, generally = tie["marks"], general_trust[who]
            if len(weight) > 0:
                prior = trust.first_impression(weight[row], generally, standing)
            else:
                prior = trust.prior_trust(marks & LAYER_BITS, generally, standing, trust_terms)
            weeks = week - tie["touched"]
            kept_share = kept_shares[min(weeks, len(kept_shares) - 1)]
            here = trust.tie_trust(
                prior,
                trust_terms.prior_strength,
                trust.evidence_left(tie["useful_milli"], kept_share),
                trust.evidence_left(tie["useless_milli"], kept_share),
            )
            total += here
            # A mark stays until the next rewarded post, though the friend may be forgiven by now.
            if marks & MUTED:
                n_muted += trust.is_muted(here, mute_threshold[who])
            n += 1
    return total, n_muted, n
