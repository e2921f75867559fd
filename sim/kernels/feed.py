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
    first_trust,
    layer_of,
    sincerity_at_first,
    would_want,
)
from sim.rules import attention, membership, sharing, trust
from sim.rules.rewards import sender_cut
from sim.world.columns import (
    F8,
    I4,
    I8,
    INVITATION,
    LAYER_BITS,
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
    # Named once: what a reference leads to would be looked up anew at every use.
    seed, week, facts, kept_shares = s.seed, s.week, s.post_facts, s.kept_shares
    useful, useless, touched = s.ties.useful_milli, s.ties.useless_milli, s.ties.touched
    read_before, marks = s.ties.reads, s.ties.marks
    row_start, followed = s.ties.row_start, s.ties.followed
    member, general_trust = s.consumers.member, s.consumers.general_trust
    mute_threshold = s.consumers.mute_threshold
    last_merchant, mean_experience = s.memory.last_merchant, s.memory.mean_experience
    remembered_share, n_remembered = s.remembered_share, s.n_remembered
    trust_terms, sharing_terms, limit = s.terms.trust, s.terms.sharing, s.terms.attention.attention
    fatigue, friction = s.terms.attention.fatigue, s.market.post_friction
    strength = trust_terms.prior_strength
    first_share, width, room = s.posts.first_share, followed.shape[1], remembered_share.shape[1]
    longest = len(kept_shares) - 1
    annoyance = sharing.annoyance_evidence(sharing_terms.annoyance, sender_cut(s.market))
    sincere_at_first = np.empty(LAYER_BITS + 1)
    for layer in range(len(sincere_at_first)):
        sincere_at_first[layer] = sincerity_at_first(s, layer, 0)
    most, total = _most_posts(start, letters, group_start, width, end - first)
    n_rows = min(total, (end - first) * limit) if keeps_rows else 0
    reads = np.empty((n_rows, READ_FIELDS), np.int64)
    joined = np.empty(end - first, np.int64)
    n_reads = n_useless = n_joined = 0
    # The posts in reach of one reader: tie, post, sharer, category + 1; trust before evidence and
    # now, weight in the competition for attention, luck.
    ties, posts = np.empty(most, np.int64), np.empty(most, np.int64)
    sharers, parts = np.empty(most, np.int64), np.empty(most, np.int64)
    prior, trusted, weight, luck = np.empty((4, most))
    kept_places, priority = np.empty(limit, np.int64), np.empty(limit)
    for consumer in range(first, end):
        was_member = member[consumer]
        if _joins_alone(s, consumer):
            _join(s, consumer, NOBODY, NOBODY)
        n = 0
        first_letter = start[consumer - first]
        n_letters = start[consumer - first + 1] - first_letter
        for k in range(n_letters + width):
            if k < n_letters:
                group = group_of(letters[first_letter + k])
                tie = row_start[consumer] + nth_of(letters[first_letter + k])
            else:
                leader = followed[consumer, k - n_letters]
                if leader == NOBODY:
                    break
                group = int(group_of_person[leader])
                if group == NOBODY:
                    continue
                tie = row_start[consumer + 1] - width + k - n_letters
            friend = int(facts[group_start[group], SHARER])
            if friend == consumer:
                continue
            layer = marks[tie] & LAYER_BITS
            at_first = first_trust(s, tie, general_trust[consumer], group_credibility[group])
            kept = kept_shares[min(week - touched[tie], longest)]
            trusted_at = trust.tie_trust(
                at_first,
                strength,
                trust.evidence_left(useful[tie], kept),
                trust.evidence_left(useless[tie], kept),
            )
            for post in range(group_start[group], group_start[group + 1]):
                if facts[post, KIND] == INVITATION:
                    if member[consumer]:
                        continue
                elif facts[post, REWARDED] and marks[tie] & MUTED:
                    # Forgiven once the evidence has faded enough.
                    if trust.is_muted(trusted_at, mute_threshold[consumer]):
                        continue
                    marks[tie] &= ~MUTED
                part = int(facts[post, CATEGORY]) + 1
                if friction > 0.0 and attention.link_is_cut(
                    draws.uniform(seed, consumer, friend, week, draws.LINK_CUT, part), friction
                ):
                    continue
                ties[n], posts[n], sharers[n], parts[n] = tie, post, friend, part
                prior[n], trusted[n] = at_first, trusted_at
                weight[n] = attention.reading_weight(layer, trusted_at)
                n += 1
        if n > limit:
            for k in range(n):
                luck[k] = draws.uniform(
                    seed, consumer, sharers[k], week, draws.FEED_PRIORITY, parts[k]
                )
            _most_salient(n, limit, weight, luck, kept_places, priority)
            for k in range(limit):
                place = kept_places[k]
                ties[k], posts[k], sharers[k] = ties[place], posts[place], sharers[place]
                parts[k], prior[k], trusted[k] = parts[place], prior[place], trusted[place]
            n = limit
        if keeps_rows:
            _put_reads(s, consumer, ties, posts, n, reads[n_reads:])
        for k in range(n):
            luck[k] = draws.uniform(seed, consumer, sharers[k], week, draws.REMEMBER, parts[k])
        for k in range(n):
            tie, post = ties[k], posts[k]
            earlier_reads = int(read_before[tie])
            read_before[tie] = min(earlier_reads + 1, MOST_READS)
            if facts[post, KIND] == INVITATION:
                _consider_joining(s, consumer, post, trusted[k])
                continue
            rewarded, merchant = facts[post, REWARDED], facts[post, MERCHANT]
            category = parts[k] - 1
            kept = kept_shares[min(week - touched[tie], longest)]
            good, bad = 0.0, 0.0
            if last_merchant[consumer, category] == merchant:
                was_useful = trust.outcome_useful(
                    mean_experience[consumer, category],
                    s.posts.stated_quality[post],
                    trust_terms.tolerance,
                )
                good, bad = trust.evidence_of(was_useful, 1, trust_terms)
            fresh = attention.freshness(earlier_reads, fatigue)
            sincere = 1.0
            if rewarded:
                bad += annoyance
                # Sincerity only lowers the chance of being remembered.
                if attention.remembers(luck[k], trusted[k], 1.0, fresh):
                    sincere = sharing.learned_sincerity(
                        sincere_at_first[marks[tie] & LAYER_BITS],
                        trust.evidence_left(useful[tie], kept),
                        sharing_terms.sincerity_learning,
                    )
            if good > 0.0 or bad > 0.0:
                useful[tie] = trust.evidence_after(useful[tie], kept, good)
                useless[tie] = trust.evidence_after(useless[tie], kept, bad)
                touched[tie] = week
                if rewarded:
                    now = trust.tie_trust(
                        prior[k],
                        strength,
                        trust.evidence_left(useful[tie], kept_shares[0]),
                        trust.evidence_left(useless[tie], kept_shares[0]),
                    )
                    muted = trust.is_muted(now, mute_threshold[consumer])
                    marks[tie] = marks[tie] & ~MUTED | MUTED * muted
            if room > 0 and attention.remembers(luck[k], trusted[k], sincere, fresh):
                remembered_share[consumer, n_remembered[consumer] % room] = first_share + post
                n_remembered[consumer] += 1
            unwanted = not would_want(s, consumer, merchant)
            n_useless += unwanted
            if keeps_rows:
                reads[n_reads + k, 8] = unwanted
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
def _most_salient(n: int, limit: int, weight: F8, luck: F8, kept: I8, priority: F8) -> None:
    """Put the places of the ``limit`` smallest priorities into ``kept``, in ascending order."""
    n_kept = 0
    for place in range(n):
        value = attention.reading_priority(luck[place], weight[place])
        if n_kept == limit and (limit == 0 or not value < priority[n_kept - 1]):
            continue
        k = min(n_kept, limit - 1)
        # Equal priorities keep the order of place.
        while k > 0 and priority[k - 1] > value:
            priority[k], kept[k] = priority[k - 1], kept[k - 1]
            k -= 1
        priority[k], kept[k] = value, place
        n_kept = min(n_kept + 1, limit)
    for k in range(1, limit):
        value, place = kept[k], k
        while place > 0 and kept[place - 1] > value:
            kept[place] = kept[place - 1]
            place -= 1
        kept[place] = value


@compiled
def _consider_joining(s: Situation, consumer: int, post: int, trusted_at: float) -> None:
    if s.consumers.member[consumer]:
        return
    u = draws.uniform(s.seed, consumer, s.post_facts[post, SHARER], s.week, draws.JOIN)
    if membership.joins(u, s.terms.sharing.join_prob, trusted_at):
        _join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])


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
