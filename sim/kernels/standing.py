"""The public standing of a range of people at the end of a week, before leaders are named."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.rules import reputation
from sim.world.columns import I1, I8, U1


@compiled(nogil=True)
def fade_credit(
    credit_milli: I8, tier: I1, member: U1, keep_65536: int, leader_milli: int
) -> tuple[I8, int]:
    """Let the credit of these people fade, and put down their tiers.

    Return the rows of members with enough credit to be leaders, and the number of all members.
    """
    candidates, n, n_members = np.empty(len(member) + 1, np.int64), 0, 0
    for row in range(len(member)):
        credit_milli[row] = reputation.credit_decayed(credit_milli[row], keep_65536)
        n_members += member[row]
    for row in range(len(member)):
        tier[row] = reputation.tier_of(credit_milli[row], 0)
    for row in range(len(member)):
        candidates[n] = row
        n += member[row] & (credit_milli[row] >= leader_milli)
    return candidates[:n].copy(), n_members
