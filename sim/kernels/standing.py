"""Public standing: credit and tiers at the end of a week, and the posts of those who lead."""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.rules import reputation
from sim.world.columns import I1, I2, I4, I8, PRODUCT, U1


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


@compiled(nogil=True)
def sharers_of(sharer: I4, fresh: int) -> tuple[I8, I8]:
    """Return who wrote the posts from row ``fresh`` on, and where their rows begin, and all end."""
    n, n_posts = 0, len(sharer) - fresh
    first = np.empty(n_posts + 1, np.int32)
    for k in range(n_posts):
        first[n] = fresh + k
        n += (k == 0) | (sharer[fresh + k] != sharer[fresh + max(k, 1) - 1])
    sharers, start = np.empty(n, np.int64), np.empty(n + 1, np.int64)
    for k in range(n):
        sharers[k], start[k] = sharer[first[k]], first[k]
    start[n] = len(sharer)
    return sharers, start


@compiled(nogil=True)
def posts_of_leaders(
    kind: I1, sharer: I4, category: I2, tier: I1, n_categories: int
) -> tuple[I8, I8]:
    """Return the rows of leaders' posts about products, by category, and where each one begins."""
    found, n = np.empty(len(kind) + 1, np.int32), 0
    for row in range(len(kind)):
        found[n] = row
        n += (kind[row] == PRODUCT) & (tier[sharer[row]] == reputation.LEADER_TIER)
    start, rows = np.zeros(n_categories + 1, np.int64), np.empty(n, np.int64)
    for row in found[:n]:
        start[category[row] + 1] += 1
    for of in range(n_categories):
        start[of + 1] += start[of]
    place = start.copy()
    for row in found[:n]:
        rows[place[category[row]]] = row
        place[category[row]] += 1
    return rows, start
