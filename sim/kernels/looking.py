"""Looking around, for one consumer and one need: as ``sim.agents.shopper`` does."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import (
    Situation,
    layer_of,
    tie_to,
    would_want,
)
from sim.rules import attention
from sim.world.columns import (
    AD,
    CATALOGUE,
    DAYS_PER_WEEK,
    F8,
    HABIT,
    I8,
    LEADER,
    NOBODY,
    ORGANIC,
    SHARE,
)

#: Places of the ranked list that are drawn for at once, in vector instructions.
LUCK_AT_ONCE = 16


@compiled
def remembered(s: Situation, consumer: int, category: int, heard: I8) -> int:
    """Put (post row, tie) of remembered posts in this category into ``heard``, the last first."""
    start, categories, n_weeks = s.remembered.start, s.remembered.category, len(s.remembered.start)
    n_heard = 0
    for weeks_ago in range(n_weeks):
        row = (s.week - weeks_ago) % n_weeks
        first, place = start[row, consumer], start[row, consumer + 1]
        while place > first:
            place -= 1
            if categories[row, place] == category:
                heard[n_heard, 0] = np.int64(s.remembered.share[row, place]) - s.posts.first_share
                heard[n_heard, 1] = s.ties.row_start[consumer] + np.int64(
                    s.remembered.nth[row, place]
                )
                n_heard += 1
    return n_heard


@compiled
def _among(looks: I8, n: int, merchant: int) -> bool:
    place = 0
    while place < n and looks[place, 0] != merchant:
        place += 1
    return place < n


@compiled
def _look_at(looks: I8, n: int, merchant: int, channel: int, share: int, tie: int) -> int:
    looks[n, 0], looks[n, 1], looks[n, 2], looks[n, 3] = merchant, channel, share, tie
    return n + 1


@compiled
def look_around(
    s: Situation,
    consumer: int,
    category: int,
    heard: I8,
    n_heard: int,
    looks: I8,
    read: I8,
    clicks: I8,
    luck: F8,
) -> tuple[int, int, int, int]:
    """Fill ``looks``; return their number, posts looked up (0 or 1), paid clicks, posts heard.

    A post looked up at a leader's joins those in ``heard``.
    """
    room = s.n_looks - s.n_catalogue_looks
    member = s.consumers.member[consumer]
    n = 0
    if member:
        habit = s.memory.last_merchant[consumer, category]
        if habit != NOBODY and s.merchants.active[habit] and room > 0:
            n = _look_at(looks, n, habit, HABIT, NOBODY, NOBODY)
    for k in range(n_heard):
        if n >= room:
            break
        post = heard[k, 0]
        merchant = s.facts.merchant[post]
        if _is_warned(s, consumer, post):
            continue
        if s.merchants.active[merchant] and not _among(looks, n, merchant):
            n = _look_at(looks, n, merchant, SHARE, s.posts.first_share + post, heard[k, 1])
    if not member:
        return n, 0, 0, n_heard
    n, n_looked_up, n_heard = _look_up_leader(
        s, consumer, category, looks, n, room, heard, n_heard, read
    )
    n, n_clicked = _look_at_slots(s, consumer, category, looks, n, room, clicks)
    if n < room:
        n = _look_down_the_list(s, consumer, category, looks, n, room, luck)
    n = _look_into_catalogue(s, consumer, category, looks, n)
    return n, n_looked_up, n_clicked, n_heard


@compiled
def _look_down_the_list(
    s: Situation, consumer: int, category: int, looks: I8, n: int, room: int, luck: F8
) -> int:
    seed, week, ranked, prob = s.seed, s.week, s.shop.ranked, s.ranked_examine_prob
    end = s.shop.catalogue_start[category + 1]
    for place in range(s.shop.catalogue_start[category], end):
        nth = (place - s.shop.catalogue_start[category]) % LUCK_AT_ONCE
        if nth == 0:
            for k in range(min(LUCK_AT_ONCE, end - place)):
                luck[k] = draws.uniform(seed, consumer, ranked[place + k], week, draws.RANKED_LOOK)
        if luck[nth] < prob and not _among(looks, n, ranked[place]):
            n = _look_at(looks, n, ranked[place], ORGANIC, NOBODY, NOBODY)
            if n >= room:
                break
    return n


@compiled
def _is_warned(s: Situation, consumer: int, post: int) -> bool:
    return s.facts.stated_quality[post] < s.consumers.market_belief[consumer]


@compiled
def _look_up_leader(
    s: Situation,
    consumer: int,
    category: int,
    looks: I8,
    n: int,
    room: int,
    heard: I8,
    n_heard: int,
    read: I8,
) -> tuple[int, int, int]:
    start, end = s.leader_start[category], s.leader_start[category + 1]
    if start == end or n >= room:
        return n, 0, n_heard
    u = draws.uniform(s.seed, consumer, category, s.week, draws.LEADER_LOOKUP)
    if not attention.looks_up(u, s.terms.sharing.leader_lookup_prob):
        return n, 0, n_heard
    u = draws.uniform(s.seed, consumer, category, s.week, draws.LEADER_PICK)
    post = s.leader_posts[start + int(u * (end - start))]
    leader, merchant = s.facts.sharer[post], s.facts.merchant[post]
    if leader == consumer or not s.merchants.active[merchant]:
        return n, 0, n_heard
    tie = tie_to(s, consumer, leader)
    share = s.posts.first_share + post
    read[0] = consumer
    read[1] = share
    read[2] = leader
    read[3] = merchant
    read[4] = LEADER
    read[5] = NOBODY
    read[6] = 0
    if tie != NOBODY:
        read[5] = layer_of(s, tie)
        read[6] = s.ties.reads[tie]
    read[7] = 0
    read[8] = not would_want(s, consumer, merchant)
    known = 0
    while known < n_heard and heard[known, 0] != post:
        known += 1
    if known == n_heard:
        heard[n_heard, 0], heard[n_heard, 1] = post, tie
        n_heard += 1
    if not _is_warned(s, consumer, post) and not _among(looks, n, merchant):
        n = _look_at(looks, n, merchant, LEADER, share, tie)
    return n, 1, n_heard


@compiled
def _look_at_slots(
    s: Situation, consumer: int, category: int, looks: I8, n: int, room: int, clicks: I8
) -> tuple[int, int]:
    n_slots = len(s.shop.slot_click_prob)
    n_clicked = 0
    if n_slots == 0:
        return n, n_clicked
    u = draws.uniform(s.seed, consumer, category, s.week, draws.ARRIVAL_DAY)
    day = int(u * DAYS_PER_WEEK)
    for slot in range(n_slots):
        if n >= room:
            break
        merchant = s.shop.slot_winner[category, day, slot]
        if merchant == NOBODY or _among(looks, n, merchant):
            continue
        u = draws.uniform(s.seed, consumer, merchant, s.week, draws.SLOT_CLICK)
        if u < s.shop.slot_click_prob[slot]:
            n = _look_at(looks, n, merchant, AD, NOBODY, NOBODY)
            # In order of the merchants.
            k = n_clicked
            while k > 0 and clicks[k - 1, 1] > merchant:
                clicks[k, 1], clicks[k, 2] = clicks[k - 1, 1], clicks[k - 1, 2]
                k -= 1
            clicks[k, 1] = merchant
            clicks[k, 2] = s.shop.slot_price_fen[category, day, slot]
            clicks[n_clicked, 0] = consumer
            n_clicked += 1
    return n, n_clicked


@compiled
def _look_into_catalogue(s: Situation, consumer: int, category: int, looks: I8, n: int) -> int:
    start = s.shop.catalogue_start[category]
    size = s.shop.catalogue_start[category + 1] - start
    if size == 0:
        return n
    for attempt in range(2 * s.n_looks):
        if n >= s.n_looks:
            break
        u = draws.uniform(s.seed, consumer, category, s.week, draws.CATALOGUE_LOOK, attempt)
        merchant = s.shop.catalogue[start + int(u * size)]
        if not _among(looks, n, merchant):
            n = _look_at(looks, n, merchant, CATALOGUE, NOBODY, NOBODY)
    return n
