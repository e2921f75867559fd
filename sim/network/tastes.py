"""Where people's tastes lie in the plane: each coordinate standard normal, alike among friends.

A coordinate is sqrt(h) * shared + sqrt(1 - h) * own with h the homophily, the share of variance
that friends have in common; both parts are standard normal keyed draws. In a generated network
the shared part is the community's; in a network from a file it is smoothed over the ties.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sim.compiled import compiled
from sim.draws import TASTE, TASTE_SHARED, normal_column
from sim.network.ties import F8, I1, I4, I8, count_values, in_parts, starts

NOBODY = -1
ROUNDS = 3
"""Rounds of smoothing. On Ciao they give the shared parts of two people with a tie a mean
correlation of .47, of two strangers .06."""
INNER_LAYERS = 2
"""Layers of ties over which tastes are smoothed: the 15 closest people."""
POPULARITY_EXPONENT = 0.25
"""Somebody followed by many says less about each follower: weight 1 / followers ** exponent."""
PARTS = 16


def community_tastes(community: I4, homophily: float, seed: int) -> tuple[F8, F8]:
    """Return both coordinates of everybody's taste, with the community's centre as shared part."""
    n_communities = int(community.max(initial=NOBODY)) + 1
    centres = _normals(n_communities, TASTE_SHARED, seed)
    return _mixed(centres[0][community], centres[1][community], homophily, seed)


def friends_tastes(
    follower_start: I8,
    reader: I4,
    layer: I1,
    homophily: float,
    seed: int,
    threads: int | None = None,
) -> tuple[F8, F8]:
    """Return both coordinates of everybody's taste, with the shared part smoothed over close ties.

    Everybody's shared part is a weighted sum of the draws of the people within three steps over
    ties to the 15 closest, divided by the root of the sum of squared weights, so that it is
    standard normal whoever else is in the network.
    """
    n_people = len(follower_start) - 1
    rows = np.flatnonzero(layer < INNER_LAYERS)
    rows = rows[np.argsort(reader[rows], kind="stable")]
    whom = (np.searchsorted(follower_start, rows, side="right") - 1).astype(np.int32)
    readers, followers = np.zeros((2, n_people), dtype=np.int64)
    count_values(reader[rows], readers)
    count_values(whom, followers)
    weight = (1.0 + followers) ** -POPULARITY_EXPONENT
    draw_x, draw_y = _normals(n_people, TASTE_SHARED, seed)
    shared_x, shared_y = np.empty((2, n_people))
    cuts = np.linspace(0, n_people, PARTS + 1).astype(int).tolist()
    columns = (starts(readers), whom, weight, draw_x, draw_y, shared_x, shared_y)
    in_parts(_smooth, pairwise(cuts), threads, *columns)
    return _mixed(shared_x, shared_y, homophily, seed)


def _normals(count: int, purpose: int, seed: int) -> list[F8]:
    ids = np.arange(count, dtype=np.int64)
    return [normal_column(seed, ids, NOBODY, 0, purpose, coordinate) for coordinate in (0, 1)]


def _mixed(shared_x: F8, shared_y: F8, homophily: float, seed: int) -> tuple[F8, F8]:
    together, alone = np.sqrt(homophily), np.sqrt(1.0 - homophily)
    own_x, own_y = _normals(len(shared_x), TASTE, seed)
    return together * shared_x + alone * own_x, together * shared_y + alone * own_y


@compiled(nogil=True)
def _smooth(
    first: int,
    last: int,
    start: I8,
    whom: I4,
    weight: F8,
    draw_x: F8,
    draw_y: F8,
    shared_x: F8,
    shared_y: F8,
) -> None:
    share = np.zeros((2, len(weight)))  # of each person in the taste, before and after a round
    people = np.empty((2, len(weight)), dtype=np.int32)  # those with a share
    for person in range(first, last):
        now, then = 0, 1
        people[now, 0] = person
        share[now, person] = 1.0
        count = 1
        for _ in range(ROUNDS):
            new_count = 0
            for k in range(count):
                one = people[now, k]
                total = weight[one]
                for tie in range(start[one], start[one + 1]):
                    total += weight[whom[tie]]
                given = share[now, one] / total
                share[now, one] = 0.0
                for tie in range(start[one] - 1, start[one + 1]):
                    other = one if tie < start[one] else whom[tie]
                    if share[then, other] == 0.0:
                        people[then, new_count] = other
                        new_count += 1
                    share[then, other] += given * weight[other]
            now, then = then, now
            count = new_count
        x, y, squares = 0.0, 0.0, 0.0
        for k in range(count):
            one = people[now, k]
            x += share[now, one] * draw_x[one]
            y += share[now, one] * draw_y[one]
            squares += share[now, one] ** 2
            share[now, one] = 0.0
        shared_x[person] = x / np.sqrt(squares)
        shared_y[person] = y / np.sqrt(squares)
