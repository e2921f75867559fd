"""How much people trust those they listen to, and how many they have muted."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.packed_ties import is_muted_in, layer_in, touched_in, useful_in, useless_in
from sim.kernels.references import for_kernels
from sim.measures.running import Running
from sim.network.ties import starts
from sim.rules import reputation, trust
from sim.world.columns import F4, F8, I1, I4, I8, LAYER_BITS
from sim.world.world import World

#: All ties are measured up to this number; above, those of every k-th trusted person.
TIES_MEASURED = 50_000


class MeasuredTies(NamedTuple):
    """The ties whose trust is measured, by trusted person; the same ones every week."""

    person: I8
    """The trusted people."""
    start: I8
    """Where the ties of each of them start in the columns below, and where the last ones end."""
    reader: I4
    row: I8
    """Row in the tie columns."""
    weight: F4
    """Trust that the tie states itself; empty where layers say."""
    packed: I8
    """What is known of all ties, as it changes; likewise the columns of all people below."""
    insight: F8
    tier: I1
    general_trust: F8
    mute_threshold: F8


def measured_ties(world: World) -> tuple[int, MeasuredTies]:
    """Return which ties of the network are measured, for kernels: how many, and where they lie.

    They are those of every k-th trusted person. The ties of leaders whom people began to follow are
    not among them.
    """
    ties, people = world.ties, world.consumers
    stride = max(1, math.ceil(len(ties.reader) / TIES_MEASURED))
    person = np.arange(0, world.n_consumers, stride)
    n_followers = ties.follower_start[person + 1] - ties.follower_start[person]
    start = starts(n_followers)
    place = np.arange(start[-1]) + np.repeat(ties.follower_start[person] - start[:-1], n_followers)
    reader = ties.reader[place]
    row = ties.row_start[reader] + ties.nth[place]
    return len(row), for_kernels(
        MeasuredTies(
            person,
            start,
            reader,
            row,
            ties.weight[row if len(ties.weight) else []],
            ties.packed,
            people.insight,
            people.tier,
            people.general_trust,
            people.mute_threshold,
        )
    )


def tie_state(model: Running) -> tuple[float, float]:
    """Mean trust over the measured ties, 0 to 1, and the share of them that is muted.

    NaN without ties.
    """
    n, ties = model.measured_ties
    total, muted = _sums_over_ties(
        ties, model.kept_shares, (model.terms.trust, model.terms.reputation), model.week
    )
    return (total / n, muted / n) if n else (math.nan, math.nan)


@compiled(nogil=True)
def _sums_over_ties(
    ties: MeasuredTies,
    kept_shares: F8,
    terms: tuple[trust.TrustTerms, reputation.ReputationTerms],
    week: int,
) -> tuple[float, int]:
    """Sum of trust over the ties, and number of muted ones."""
    trust_terms, reputation_terms = terms
    strength, weighted = trust_terms.prior_strength, len(ties.weight) > 0
    longest = len(kept_shares) - 1
    mean_trust = np.empty(LAYER_BITS + 1)
    for layer in range(LAYER_BITS + 1):
        mean_trust[layer] = trust_terms.layer_trust[layer]
    most = 0
    for nth in range(len(ties.person)):
        most = max(most, ties.start[nth + 1] - ties.start[nth])
    packed, general_trust = ties.packed, ties.general_trust
    tie, kept = np.empty(most, np.int64), np.empty(most)
    prior, trusted = np.empty(most), np.empty(most)
    total, n_muted = 0.0, 0
    for nth in range(len(ties.person)):
        person, first = ties.person[nth], ties.start[nth]
        n_followers = ties.start[nth + 1] - first
        standing = reputation.credibility(ties.insight[person], ties.tier[person], reputation_terms)
        # Ties lie far apart: fetched first, many are under way at a time.
        for k in range(n_followers):
            tie[k] = packed[np.uint64(ties.row[first + k])]
        for k in range(n_followers):
            mean = mean_trust[layer_in(tie[k])]
            if weighted:
                mean = np.float64(ties.weight[first + k])
            at_large = general_trust[np.uint64(ties.reader[first + k])]
            prior[k] = trust.first_impression(mean, at_large, standing)
            kept[k] = kept_shares[np.uint64(min(week - touched_in(tie[k]), longest))]
        for k in range(n_followers):
            trusted[k] = trust.tie_trust(
                prior[k],
                strength,
                trust.evidence_left(useful_in(tie[k]), kept[k]),
                trust.evidence_left(useless_in(tie[k]), kept[k]),
            )
        for k in range(n_followers):
            total += trusted[k]
            # A mark stays until the next rewarded post, though the friend may be forgiven by now.
            if is_muted_in(tie[k]):
                threshold = ties.mute_threshold[ties.reader[first + k]]
                n_muted += trust.is_muted(trusted[k], threshold)
    return total, n_muted
