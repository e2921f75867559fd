"""Looking up leaders: whose posts, for all choices of a range before any of them is taken.

Their posts and their followers lie far apart: so the processor waits for many of them at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.listing import AT_ONCE, list_rows
from sim.kernels.recalling import Recalled
from sim.kernels.situation import Situation, tie_at
from sim.rules import attention
from sim.world.columns import F8, I8


class Lookups(NamedTuple):
    """Leaders' posts that would be looked up, one row each, in the order of the choices."""

    choice: I8
    """Row in ``Recalled``."""
    post: I8
    """Row in ``PostColumns``."""
    merchant: I8
    stated_quality: F8
    tie: I8
    """To the leader, -1 none."""


@compiled
def lookups_of(s: Situation, recalled: Recalled) -> Lookups:
    """Return which leaders' posts are looked up by those who are members and still have room."""
    choice = _who_looks_up(s, recalled)
    n_asked, n = len(choice), 0
    shopper, category = recalled.shopper[choice], recalled.category[choice]
    luck, post = np.empty(n_asked), np.empty(n_asked, np.int64)
    for j in range(n_asked):
        luck[j] = draws.uniform(s.seed, shopper[j], category[j], s.week, draws.LEADER_PICK)
    for j in range(n_asked):
        start, end = s.leader_start[category[j]], s.leader_start[category[j] + 1]
        post[j] = s.leader_posts[start + int(luck[j] * (end - start))]
    leader, merchant, stated = np.empty(n_asked, np.int64), np.empty(n_asked, np.int64), luck
    for j in range(n_asked):
        row = np.uint64(post[j])
        leader[j], merchant[j] = s.facts.sharer[row], s.facts.merchant[row]
        stated[j] = s.facts.stated_quality[row]
    for j in range(n_asked):
        # Written before it is known whether it is of use: no choice is made.
        is_useful = (leader[j] != shopper[j]) & s.merchants.active[merchant[j]]
        choice[n], post[n], leader[n], shopper[n] = choice[j], post[j], leader[j], shopper[j]
        merchant[n], stated[n] = merchant[j], stated[j]
        n += is_useful
    tie = _ties_to(s, shopper[:n], leader[:n])
    return Lookups(choice[:n], post[:n], merchant[:n], stated[:n], tie)


@compiled
def _who_looks_up(s: Situation, recalled: Recalled) -> I8:
    """Return at which choices a leader is looked up, where there is a post to find."""
    shopper, category, prob = (
        recalled.shopper,
        recalled.category,
        s.terms.sharing.leader_lookup_prob,
    )
    n_choices, n = len(shopper), 0
    luck, choice = np.empty(n_choices), np.empty(n_choices, np.int64)
    marks, lucky = np.empty(n_choices + AT_ONCE, np.int32), np.empty(n_choices + AT_ONCE, np.int32)
    for k in range(n_choices):
        luck[k] = draws.uniform(s.seed, shopper[k], category[k], s.week, draws.LEADER_LOOKUP)
    for k in range(n_choices):
        marks[k] = attention.looks_up(luck[k], prob)
    n_lucky = list_rows(marks, 1, n_choices, lucky)
    for j in range(n_lucky):
        k = int(lucky[j])
        # Written before it is known whether there is any: no choice is made.
        choice[n] = k
        n += s.leader_start[category[k]] < s.leader_start[category[k] + 1]
    return choice[:n]


@compiled
def _ties_to(s: Situation, shopper: I8, leader: I8) -> I8:
    """Return the tie of each shopper to a leader, -1 where there is none.

    Leaders have many followers: all searches take a step at a time, each over half of the followers
    that are left. Meanwhile memory is asked for the one in the middle of the half that is chosen.
    """
    n, most, reader = len(shopper), 0, s.ties.reader
    last_place = len(reader) - 1
    place, n_left, tie = np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64)
    for j in range(n):
        place[j] = s.ties.follower_start[leader[j]]
        n_left[j] = s.ties.follower_start[leader[j] + 1] - place[j]
        most = max(most, n_left[j])
        if most > 0:  # somebody follows anybody
            fetch_ahead(reader, min(place[j] + (n_left[j] >> 1), last_place))
    while most > 0:
        for j in range(n):
            half = n_left[j] >> 1
            is_before = int(reader[min(place[j] + half, last_place)] < shopper[j])
            is_before &= int(n_left[j] > 0)
            place[j] += is_before * (half + 1)
            n_left[j] = half - is_before * (half + 1 - (n_left[j] - half))
            fetch_ahead(reader, min(place[j] + (n_left[j] >> 1), last_place))
        most >>= 1
    for j in range(n):
        tie[j] = tie_at(s, shopper[j], leader[j], place[j])
    return tie
