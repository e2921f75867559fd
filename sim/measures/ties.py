"""How much people trust those they listen to, and how many they have muted."""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.measures.running import Running
from sim.rules import reputation, trust
from sim.rules.terms import Terms
from sim.world.columns import ConsumerColumns, TieColumns

#: All ties are measured up to this number; above, those of every k-th trusted person.
TIES_MEASURED = 200_000


def tie_state(model: Running) -> tuple[float, float]:
    """Mean trust over the ties of the network, 0 to 1, and the share of them that is muted.

    The ties of leaders whom people began to follow are not among them. NaN without ties.
    """
    world = model.world
    n_ties = len(world.ties.reader)
    stride = max(1, math.ceil(n_ties / TIES_MEASURED))
    total, muted, n = _sums_over_ties(world.consumers, world.ties, model.terms, model.week, stride)
    return (total / n, muted / n) if n else (math.nan, math.nan)


@compiled
def _sums_over_ties(
    people: ConsumerColumns, ties: TieColumns, terms: Terms, week: int, stride: int
) -> tuple[float, int, int]:
    """Sum of trust, number of muted ties and number of ties of every stride-th trusted person."""
    total, n_muted, n = 0.0, 0, 0
    for person in range(0, len(ties.follower_start) - 1, stride):
        standing = reputation.credibility(
            people.insight[person], people.tier[person], terms.reputation
        )
        for tie in range(ties.follower_start[person], ties.follower_start[person + 1]):
            general_trust = people.general_trust[ties.reader[tie]]
            prior = trust.prior_trust(ties.layer[tie], general_trust, standing, terms.trust)
            useful, useless = 0.0, 0.0
            if ties.useful[tie] > 0.0 or ties.useless[tie] > 0.0:
                weeks = week - ties.touched[tie]
                useful = trust.faded(ties.useful[tie], terms.trust.forgetting, weeks)
                useless = trust.faded(ties.useless[tie], terms.trust.forgetting, weeks)
            here = trust.tie_trust(prior, terms.trust.prior_strength, useful, useless)
            total += here
            # A mark stays until the next rewarded post, though the friend may be forgiven by now.
            if ties.muted[tie]:
                n_muted += trust.is_muted(here, people.mute_threshold[ties.reader[tie]])
            n += 1
    return total, n_muted, n
