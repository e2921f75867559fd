"""Reading, for a range of readers at once: what ``sim.agents.reader`` does, by the same rules.

A thread owns its readers and nobody else's. What a post, a friend and a product are to the reader
is fetched once into short local columns; the loops then run over these.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.inbox import group_of, nth_of, sorted_by_reader
from sim.kernels.situation import (
    CATEGORY,
    KIND,
    MERCHANT,
    REWARDED,
    SHARER,
    Situation,
    add_evidence,
    first_trust,
    kept_share,
    layer_of,
    sincerity_over,
    would_want,
)
from sim.rules import attention, membership, sharing, trust
from sim.rules.rewards import sender_cut
from sim.world.columns import (
    F8,
    I4,
    I8,
    INVITATION,
    MOST_READS,
    MUTED,
    NOBODY,
    SHARE,
)

#: Columns of the table of reads: as in ``ReadColumns``.
READ_FIELDS = 9


@compiled(nogil=True)
def read_posts(
    s: Situation,
    first: int,
    end: int,
    inbox: I8,
    inbox_first: int,
    inbox_end: int,
    group_start: I8,
    group_credibility: F8,
    group_of_person: I4,
    keeps_rows: bool,
) -> tuple[I8, I8, int, int]:
    """Let readers ``first:end`` read.

    ``group_start[g]:group_start[g + 1]`` are the fresh post rows of the g-th sharer, and the
    letters ``inbox_first:inbox_end`` tell whom they reach. Return the reads (no rows of them where
    nobody keeps these), who became a member, the number of reads and of useless ones.
    """
    start, letters = sorted_by_reader(inbox, inbox_first, inbox_end, end - first)
    row_start, followed = s.ties.row_start, s.ties.followed
    width = followed.shape[1]
    limit = s.terms.attention.attention
    most, total = _most_posts(start, letters, group_start, width, end - first)
    n_rows = min(total, (end - first) * limit) if keeps_rows else 0
    reads = np.empty((n_rows, READ_FIELDS), np.int64)
    joined = np.empty(end - first, np.int64)
    n_reads = n_useless = n_joined = 0
    ties, posts = np.empty(most, np.int64), np.empty(most, np.int64)
    prior, trusted = np.empty(most), np.empty(most)
    luck = np.empty(most)
    kept, priority = np.empty(limit, np.int64), np.empty(limit)
    member = s.consumers.member
    for consumer in range(first, end):
        was_member = member[consumer]
        if _joins_alone(s, consumer):
            _join(s, consumer, NOBODY, NOBODY)
        n = 0
        for k in range(start[consumer - first], start[consumer - first + 1]):
            group = group_of(letters[k])
            tie = row_start[consumer] + nth_of(letters[k])
            n = _reach(
                s, consumer, tie, group, group_start, group_credibility, ties, posts, prior,
                trusted, n,
            )  # fmt: skip
        for k in range(width):
            if followed[consumer, k] == NOBODY:
                break
            group = group_of_person[followed[consumer, k]]
            if group != NOBODY:
                tie = row_start[consumer + 1] - width + k
                n = _reach(
                    s, consumer, tie, group, group_start, group_credibility, ties, posts, prior,
                    trusted, n,
                )  # fmt: skip
        if n > limit:
            _draw(s, consumer, draws.FEED_PRIORITY, posts, n, luck)
            _most_salient(s, n, limit, ties, posts, prior, trusted, luck, kept, priority)
            n = limit
        if n == 0:
            if member[consumer] != was_member:
                joined[n_joined] = consumer
                n_joined += 1
            continue
        _draw(s, consumer, draws.REMEMBER, posts, n, luck)
        if keeps_rows:
            _put_reads(s, consumer, ties, posts, n, reads[n_reads:])
        n_useless += _read(s, consumer, n, ties, posts, prior, trusted, luck)
        if keeps_rows:
            for k in range(n):
                reads[n_reads + k, 8] = s.post_facts[posts[k], KIND] != INVITATION and not (
                    would_want(s, consumer, s.post_facts[posts[k], MERCHANT])
                )
        n_reads += n
        if member[consumer] != was_member:
            joined[n_joined] = consumer
            n_joined += 1
    return reads[: n_reads if keeps_rows else 0], joined[:n_joined], n_reads, n_useless


@compiled
def _most_posts(
    start: I8, letters: I8, group_start: I8, width: int, n_readers: int
) -> tuple[int, int]:
    """Return bounds of the posts that reach any one reader, and all of them together."""
    largest = most = total = 0
    for group in range(len(group_start) - 1):
        largest = max(largest, group_start[group + 1] - group_start[group])
    for reader in range(n_readers):
        n = width * largest
        for k in range(start[reader], start[reader + 1]):
            group = group_of(letters[k])
            n += group_start[group + 1] - group_start[group]
        most = max(most, n)
        total += n
    return most, total


@compiled
def _reach(
    s: Situation,
    consumer: int,
    tie: int,
    group: int,
    group_start: I8,
    group_credibility: F8,
    ties: I8,
    posts: I8,
    prior: F8,
    trusted: F8,
    n: int,
) -> int:
    """Add the posts of one friend that reach the reader; return how many there are now."""
    state, facts = s.ties, s.post_facts
    friend = facts[group_start[group], SHARER]
    if friend == consumer:
        return n
    at_first = first_trust(s, tie, s.consumers.general_trust[consumer], group_credibility[group])
    kept = kept_share(s, tie)
    trusted_at = trust.tie_trust(
        at_first,
        s.terms.trust.prior_strength,
        trust.evidence_left(state.useful_milli[tie], kept),
        trust.evidence_left(state.useless_milli[tie], kept),
    )
    for post in range(group_start[group], group_start[group + 1]):
        if facts[post, KIND] == INVITATION:
            if s.consumers.member[consumer]:
                continue
        elif facts[post, REWARDED] and state.marks[tie] & MUTED:
            if trust.is_muted(trusted_at, s.consumers.mute_threshold[consumer]):
                continue
            state.marks[tie] &= ~MUTED
        if s.market.post_friction > 0.0 and attention.link_is_cut(
            draws.uniform(
                s.seed, consumer, friend, s.week, draws.LINK_CUT, facts[post, CATEGORY] + 1
            ),
            s.market.post_friction,
        ):
            continue
        ties[n], posts[n], prior[n], trusted[n] = tie, post, at_first, trusted_at
        n += 1
    return n


@compiled
def _draw(s: Situation, consumer: int, purpose: int, posts: I8, n: int, luck: F8) -> None:
    """Draw the luck of each of n posts with this reader."""
    seed, week, facts = s.seed, s.week, s.post_facts
    for k in range(n):
        luck[k] = draws.uniform(
            seed, consumer, facts[posts[k], SHARER], week, purpose, facts[posts[k], CATEGORY] + 1
        )


@compiled
def _most_salient(
    s: Situation,
    n: int,
    limit: int,
    ties: I8,
    posts: I8,
    prior: F8,
    trusted: F8,
    luck: F8,
    kept: I8,
    priority: F8,
) -> None:
    """Move the posts with the ``limit`` smallest priorities to the front, in the order they had."""
    n_kept = 0
    for place in range(n):
        weight = attention.reading_weight(layer_of(s, ties[place]), trusted[place])
        value = attention.reading_priority(luck[place], weight)
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
        ties[k], posts[k], prior[k], trusted[k] = (
            ties[place],
            posts[place],
            prior[place],
            trusted[place],
        )


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
    s: Situation, consumer: int, n: int, ties: I8, posts: I8, prior: F8, trusted: F8, luck: F8
) -> int:
    """Let the reader read these n posts; return how many were useless."""
    state, facts = s.ties, s.post_facts
    annoyance = sharing.annoyance_evidence(s.terms.sharing.annoyance, sender_cut(s.market))
    n_useless = 0
    for k in range(n):
        tie, post = ties[k], posts[k]
        earlier = state.reads[tie]
        state.reads[tie] = min(earlier + 1, MOST_READS)
        if facts[post, KIND] == INVITATION:
            if not s.consumers.member[consumer]:
                u = draws.uniform(s.seed, consumer, facts[post, SHARER], s.week, draws.JOIN)
                if membership.joins(u, s.terms.sharing.join_prob, trusted[k]):
                    _join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])
            continue
        _take_in(s, consumer, tie, post, prior[k], trusted[k], earlier, annoyance, luck[k])
        n_useless += not would_want(s, consumer, facts[post, MERCHANT])
    return n_useless


@compiled
def _take_in(
    s: Situation,
    consumer: int,
    tie: int,
    post: int,
    prior: float,
    trusted_at: float,
    earlier_reads: int,
    annoyance: float,
    luck: float,
) -> None:
    """Let a read post wear the tie, be judged by what is known, and perhaps be remembered."""
    useful, useless = 0.0, 0.0
    category, rewarded = s.post_facts[post, CATEGORY], s.post_facts[post, REWARDED]
    if s.memory.last_merchant[consumer, category] == s.post_facts[post, MERCHANT]:
        was_useful = trust.outcome_useful(
            s.memory.mean_experience[consumer, category],
            s.posts.stated_quality[post],
            s.terms.trust.tolerance,
        )
        useful, useless = trust.evidence_of(was_useful, 1, s.terms.trust)
    fresh = attention.freshness(earlier_reads, s.terms.attention.fatigue)
    sincere = 1.0
    if rewarded:
        useless += annoyance
        # Sincerity only lowers the chance of being remembered.
        if attention.remembers(luck, trusted_at, 1.0, fresh):
            sincere = sincerity_over(s, tie, 0)
    if useful > 0.0 or useless > 0.0:
        add_evidence(s, tie, useful, useless)
        if rewarded:
            _mute_or_not(s, consumer, tie, prior)
    room = s.remembered_share.shape[1]
    if room > 0 and attention.remembers(luck, trusted_at, sincere, fresh):
        place = s.n_remembered[consumer] % room
        s.remembered_share[consumer, place] = s.posts.first_share + post
        s.remembered_tie[consumer, place] = tie
        s.n_remembered[consumer] += 1


@compiled
def _mute_or_not(s: Situation, consumer: int, tie: int, prior: float) -> None:
    state = s.ties
    kept = kept_share(s, tie)
    now = trust.tie_trust(
        prior,
        s.terms.trust.prior_strength,
        trust.evidence_left(state.useful_milli[tie], kept),
        trust.evidence_left(state.useless_milli[tie], kept),
    )
    if trust.is_muted(now, s.consumers.mute_threshold[consumer]):
        state.marks[tie] |= MUTED
    else:
        state.marks[tie] &= ~MUTED


@compiled
def _put_reads(s: Situation, consumer: int, ties: I8, posts: I8, n: int, rows: I8) -> None:
    """Fill in the rows of n reads that are about to happen, all but whether they are useless."""
    for k in range(n):
        row, post, merchant = rows[k], posts[k], s.post_facts[posts[k], MERCHANT]
        row[0] = consumer
        row[1] = s.posts.first_share + post
        row[2] = s.post_facts[post, SHARER]
        row[3] = merchant
        row[4] = SHARE
        row[5] = layer_of(s, ties[k])
        row[6] = s.ties.reads[ties[k]]
        for before in range(k):
            row[6] += ties[before] == ties[k]
        row[6] = min(row[6], MOST_READS)
        # Nobody posts twice about a product in a week.
        row[7] = 0
        for other in range(n):
            row[7] += s.post_facts[posts[other], MERCHANT] == merchant
        row[8] = False


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
