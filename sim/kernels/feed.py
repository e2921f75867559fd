"""Reading, for a range of readers at once: only ties of people who posted are visited.

Posts are scattered to readers by walking the sorted follower lists of those who posted, each list
only within the range; so a thread owns its readers and nobody else's. What a reader does with a
post is what ``sim.agents.reader`` does, by the same rules.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.situation import (
    Situation,
    add_evidence,
    first_reader_from,
    layer_of,
    place_of,
    sincerity_over,
    trust_in,
    would_want,
)
from sim.rules import attention, membership, sharing, trust
from sim.rules.rewards import sender_cut
from sim.world.columns import F8, I8, INVITATION, NOBODY, SHARE

#: Columns of the table of reads: as in ``ReadColumns``.
READ_FIELDS = 9
MOST_READS_COUNTED = 32767


@compiled(nogil=True)
def read_posts(
    s: Situation, first: int, end: int, group_sharer: I8, group_start: I8
) -> tuple[I8, I8]:
    """Let readers ``first:end`` read; return the reads, and who became a member.

    ``group_start[g]:group_start[g + 1]`` are the fresh post rows of ``group_sharer[g]``.
    """
    inbox_start, inbox_tie, inbox_group = _inboxes(s, first, end, group_sharer)
    width = s.ties.followed.shape[1]
    limit = s.terms.attention.attention
    most, total = _most_posts(first, end, inbox_start, inbox_group, group_start, width)
    reads = np.empty((min(total, (end - first) * limit), READ_FIELDS), np.int64)
    joined = np.empty(end - first, np.int64)
    n_reads = n_joined = 0
    ties, posts, trusted = np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most)
    kept, priority = np.empty(limit, np.int64), np.empty(limit)
    for consumer in range(first, end):
        was_member = s.consumers.member[consumer]
        if _joins_alone(s, consumer):
            _join(s, consumer, NOBODY, NOBODY)
        n = 0
        for k in range(inbox_start[consumer - first], inbox_start[consumer - first + 1]):
            group = inbox_group[k]
            if group_sharer[group] != consumer:
                n = _reach(
                    s,
                    consumer,
                    inbox_tie[k],
                    group,
                    group_sharer,
                    group_start,
                    ties,
                    posts,
                    trusted,
                    n,
                )
        for k in range(width):
            leader = s.ties.followed[consumer, k]
            group = place_of(group_sharer, leader)
            if leader != NOBODY and leader != consumer and group != NOBODY:
                tie = s.n_ties + consumer * width + k
                n = _reach(
                    s, consumer, tie, group, group_sharer, group_start, ties, posts, trusted, n
                )
        if n > limit:
            _most_salient(s, consumer, n, limit, ties, posts, trusted, kept, priority)
            n = limit
        for k in range(n):
            _read(s, consumer, k, n, ties, posts, trusted, reads[n_reads])
            n_reads += 1
        if s.consumers.member[consumer] and not was_member:
            joined[n_joined] = consumer
            n_joined += 1
    return reads[:n_reads], joined[:n_joined]


@compiled
def _most_posts(
    first: int, end: int, inbox_start: I8, inbox_group: I8, group_start: I8, width: int
) -> tuple[int, int]:
    """Return bounds of the posts that reach any one reader, and all of them together."""
    largest = most = total = 0
    for group in range(len(group_start) - 1):
        largest = max(largest, group_start[group + 1] - group_start[group])
    for consumer in range(first, end):
        n = width * largest
        for k in range(inbox_start[consumer - first], inbox_start[consumer - first + 1]):
            group = inbox_group[k]
            n += group_start[group + 1] - group_start[group]
        most = max(most, n)
        total += n
    return most, total


@compiled
def _inboxes(s: Situation, first: int, end: int, group_sharer: I8) -> tuple[I8, I8, I8]:
    """Return for readers ``first:end`` where their inbox starts, and ties and groups in it."""
    start = np.zeros(end - first + 1, np.int64)
    cursor = np.empty(len(group_sharer), np.int64)
    reader = s.ties.reader
    for g in range(len(group_sharer)):
        person = group_sharer[g]
        last = s.ties.follower_start[person + 1]
        tie = first_reader_from(reader, s.ties.follower_start[person], last, first)
        cursor[g] = tie
        while tie < last and reader[tie] < end:
            start[reader[tie] - first + 1] += 1
            tie += 1
    for k in range(end - first):
        start[k + 1] += start[k]
    ties = np.empty(start[end - first], np.int64)
    groups = np.empty(start[end - first], np.int64)
    place = np.empty(end - first, np.int64)
    for k in range(end - first):
        place[k] = start[k]
    for g in range(len(group_sharer)):
        last = s.ties.follower_start[group_sharer[g] + 1]
        tie = cursor[g]
        while tie < last and reader[tie] < end:
            row = reader[tie] - first
            ties[place[row]], groups[place[row]] = tie, g
            place[row] += 1
            tie += 1
    return start, ties, groups


@compiled
def _reach(
    s: Situation,
    consumer: int,
    tie: int,
    group: int,
    group_sharer: I8,
    group_start: I8,
    ties: I8,
    posts: I8,
    trusted: F8,
    n: int,
) -> int:
    """Add the posts of one friend that reach the reader; return how many there are now."""
    friend = group_sharer[group]
    trusted_at = trust_in(s, consumer, tie, friend)
    for post in range(group_start[group], group_start[group + 1]):
        if s.posts.kind[post] == INVITATION:
            if s.consumers.member[consumer]:
                continue
        elif s.posts.rewarded[post] and s.ties.muted[tie]:
            if trust.is_muted(trusted_at, s.consumers.mute_threshold[consumer]):
                continue
            s.ties.muted[tie] = False
        if s.market.post_friction > 0.0 and attention.link_is_cut(
            draws.uniform(
                s.seed, consumer, friend, s.week, draws.LINK_CUT, s.posts.category[post] + 1
            ),
            s.market.post_friction,
        ):
            continue
        ties[n], posts[n], trusted[n] = tie, post, trusted_at
        n += 1
    return n


@compiled
def _most_salient(
    s: Situation,
    consumer: int,
    n: int,
    limit: int,
    ties: I8,
    posts: I8,
    trusted: F8,
    kept: I8,
    priority: F8,
) -> None:
    """Move the posts with the ``limit`` smallest priorities to the front, in the order they had."""
    n_kept = 0
    for place in range(n):
        post = posts[place]
        u = draws.uniform(
            s.seed,
            consumer,
            s.posts.sharer[post],
            s.week,
            draws.FEED_PRIORITY,
            s.posts.category[post] + 1,
        )
        weight = attention.reading_weight(layer_of(s, ties[place]), trusted[place])
        value = attention.reading_priority(u, weight)
        if n_kept == limit and (limit == 0 or not value < priority[n_kept - 1]):
            continue
        k = min(n_kept, limit - 1)
        # Equal priorities keep the order of place.
        while k > 0 and priority[k - 1] > value:
            priority[k], kept[k] = priority[k - 1], kept[k - 1]
            k -= 1
        priority[k], kept[k] = value, place
        n_kept = min(n_kept + 1, limit)
    _sort(kept)
    for k in range(limit):
        place = kept[k]
        ties[k], posts[k], trusted[k] = ties[place], posts[place], trusted[place]


@compiled
def _sort(values: I8) -> None:
    for k in range(1, len(values)):
        value, place = values[k], k
        while place > 0 and values[place - 1] > value:
            values[place] = values[place - 1]
            place -= 1
        values[place] = value


@compiled
def _read(
    s: Situation, consumer: int, k: int, n: int, ties: I8, posts: I8, trusted: F8, row: I8
) -> None:
    """Let the reader read the k-th of n posts and fill in the row of the read."""
    tie, post = ties[k], posts[k]
    sharer, merchant = s.posts.sharer[post], s.posts.merchant[post]
    earlier = s.ties.reads[tie]
    s.ties.reads[tie] = min(earlier + 1, MOST_READS_COUNTED)
    useless = False
    if s.posts.kind[post] == INVITATION:
        if not s.consumers.member[consumer]:
            u = draws.uniform(s.seed, consumer, sharer, s.week, draws.JOIN)
            if membership.joins(u, s.terms.sharing.join_prob, trusted[k]):
                _join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])
    else:
        _take_in(s, consumer, tie, post, trusted[k], earlier)
        useless = not would_want(s, consumer, merchant)
    row[0] = consumer
    row[1] = s.posts.first_share + post
    row[2] = sharer
    row[3] = merchant
    row[4] = SHARE
    row[5] = layer_of(s, tie)
    row[6] = earlier
    row[7] = _friends_telling(s, n, posts, merchant)
    row[8] = useless


@compiled
def _take_in(
    s: Situation, consumer: int, tie: int, post: int, trusted_at: float, earlier_reads: int
) -> None:
    """Let a read post wear the tie, be judged by what is known, and perhaps be remembered."""
    useful, useless = 0.0, 0.0
    category, rewarded = s.posts.category[post], s.posts.rewarded[post]
    if s.memory.last_merchant[consumer, category] == s.posts.merchant[post]:
        was_useful = trust.outcome_useful(
            s.memory.mean_experience[consumer, category],
            s.posts.stated_quality[post],
            s.terms.trust.tolerance,
        )
        useful, useless = trust.evidence_of(was_useful, 1, s.terms.trust)
    sincere = 1.0
    if rewarded:
        useless += sharing.annoyance_evidence(s.terms.sharing.annoyance, sender_cut(s.market))
        sincere = sincerity_over(s, tie, 0)
    if useful > 0.0 or useless > 0.0:
        add_evidence(s, tie, useful, useless)
        if rewarded:
            s.ties.muted[tie] = trust.is_muted(
                trust_in(s, consumer, tie, s.posts.sharer[post]),
                s.consumers.mute_threshold[consumer],
            )
    u = draws.uniform(s.seed, consumer, s.posts.sharer[post], s.week, draws.REMEMBER, category + 1)
    fresh = attention.freshness(earlier_reads, s.terms.attention.fatigue)
    room = s.remembered_share.shape[1]
    if room > 0 and attention.remembers(u, trusted_at, sincere, fresh):
        place = s.n_remembered[consumer] % room
        s.remembered_share[consumer, place] = s.posts.first_share + post
        s.remembered_tie[consumer, place] = tie
        s.n_remembered[consumer] += 1


@compiled
def _friends_telling(s: Situation, n: int, posts: I8, merchant: int) -> int:
    """Return how many different people the n posts about this product come from."""
    count = 0
    for k in range(n):
        if s.posts.merchant[posts[k]] != merchant:
            continue
        sharer = s.posts.sharer[posts[k]]
        is_new = True
        for before in range(k):
            if (
                s.posts.merchant[posts[before]] == merchant
                and s.posts.sharer[posts[before]] == sharer
            ):
                is_new = False
        count += is_new
    return count


@compiled
def _joins_alone(s: Situation, consumer: int) -> bool:
    if s.join_rate_per_week <= 0.0 or s.consumers.member[consumer]:
        return False
    u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.JOIN_ALONE)
    return membership.joins_alone(u, s.join_rate_per_week)


@compiled
def _join(s: Situation, consumer: int, share: int, root: int) -> None:
    s.consumers.member[consumer] = True
    s.consumers.joined_week[consumer] = s.week
    s.consumers.joined_share[consumer] = share
    s.consumers.joined_root[consumer] = root
