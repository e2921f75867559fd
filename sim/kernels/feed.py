"""Reading, for a range of readers at once: what ``sim.agents.reader`` does, by the same rules.

A thread owns its readers and nobody else's. Readers are taken in small groups: first all posts in
reach of the group are laid out in short local columns, then luck is drawn for all of them in vector
instructions, then they are read one by one. What references lead to is named once, before the
loops; ids are cast to unsigned, which spares a check of their sign at every use.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.inbox import first_post_of, nth_of, sorted_by_reader
from sim.kernels.situation import Situation, layer_of, sincerity_at_first, would_want
from sim.rules import attention, membership, sharing, trust
from sim.rules.rewards import sender_cut
from sim.world.columns import (
    F8,
    I2,
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
#: Readers who are taken together: what they read fills the vectors and stays in the cache.
GROUP = 64


@compiled(nogil=True)
def read_posts(
    s: Situation,
    first: int,
    end: int,
    inbox: I8,
    inbox_first: int,
    inbox_end: int,
    post_of_person: I4,
    most_posts: int,
    n_remembered: I8,
    keeps_rows: bool,
) -> tuple[I8, I4, I4, I2, I8, int, int]:
    """Let readers ``first:end`` read.

    The letters ``inbox_first:inbox_end`` tell whose fresh posts reach them, ``post_of_person`` the
    first fresh post of everybody (-1: none); nobody has more than ``most_posts``. How many posts
    each of them remembers is put into ``n_remembered``. Return the reads (no rows of them where
    nobody keeps these), the share, the number of the tie and the category of all posts remembered,
    who became a member, the number of reads and of useless ones.
    """
    start, letters = sorted_by_reader(inbox, inbox_first, inbox_end, end - first)
    seed, week, kept_shares = s.seed, s.week, s.kept_shares
    sharer_of, merchant_of, category_of = s.facts.sharer, s.facts.merchant, s.facts.category
    kind_of, is_rewarded, credibility = s.facts.kind, s.facts.rewarded, s.facts.credibility
    stated_quality = s.facts.stated_quality
    useful, useless, touched = s.ties.useful_milli, s.ties.useless_milli, s.ties.touched
    read_before, marks, weight_of_tie = s.ties.reads, s.ties.marks, s.ties.weight
    row_start, followed = s.ties.row_start, s.ties.followed
    member, general_trust = s.consumers.member, s.consumers.general_trust
    mute_threshold = s.consumers.mute_threshold
    last_merchant, mean_experience = s.memory.last_merchant, s.memory.mean_experience
    trust_terms, sharing_terms, limit = s.terms.trust, s.terms.sharing, s.terms.attention.attention
    fatigue, friction = s.terms.attention.fatigue, s.market.post_friction
    strength, weighted = trust_terms.prior_strength, len(weight_of_tie) > 0
    first_share, width, n_posts = s.posts.first_share, followed.shape[1], len(sharer_of)
    longest, keeps_memory = len(kept_shares) - 1, s.terms.attention.memory_weeks > 0
    annoyance = sharing.annoyance_evidence(sharing_terms.annoyance, sender_cut(s.market))
    mean_trust, sincere_at_first = np.empty((2, LAYER_BITS + 1))
    for layer in range(LAYER_BITS + 1):
        mean_trust[layer] = trust_terms.layer_trust[layer]
        sincere_at_first[layer] = sincerity_at_first(s, layer, 0)
    most = (_most_letters(start, end - first) + GROUP * width) * most_posts
    total = min(
        (inbox_end - inbox_first + (end - first) * width) * most_posts, (end - first) * limit
    )
    reads = np.empty((total if keeps_rows else 0, READ_FIELDS), np.int64)
    shares, categories = np.empty(total, np.int32), np.empty(total, np.int16)
    numbers = np.empty(total, np.int32)
    joined = np.empty(end - first, np.int64)
    n_reads = n_kept = n_useless = n_joined = 0
    # The posts in reach of a group: reader, tie, post, sharer, category + 1; trust before evidence
    # and now, weight in the competition for attention, luck.
    # (Rows of one array would be taken for strided, and no loop over them becomes vectors.)
    readers, ties, posts = (
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
    )
    sharers, parts = np.empty(most, np.int64), np.empty(most, np.int64)
    prior, trusted = np.empty(most), np.empty(most)
    weight, luck = np.empty(most), np.empty(most)
    until, was_member = np.empty(GROUP, np.int64), np.empty(GROUP, np.bool_)
    kept_places, priority = np.empty(limit, np.int64), np.empty(limit)
    for group in range(first, end, GROUP):
        group_end = min(group + GROUP, end)
        n = 0
        for consumer in range(group, group_end):
            was_member[consumer - group] = member[consumer]
            if _joins_alone(s, consumer):
                _join(s, consumer, NOBODY, NOBODY)
            is_member, general, threshold = (
                member[consumer],
                general_trust[consumer],
                mute_threshold[consumer],
            )
            first_tie, begin = row_start[consumer], n
            first_letter = start[consumer - first]
            n_letters = start[consumer - first + 1] - first_letter
            for k in range(n_letters + width):
                if k < n_letters:
                    letter = letters[first_letter + k]
                    post = first_post_of(letter)
                    tie = first_tie + nth_of(letter)
                else:
                    leader = followed[consumer, k - n_letters]
                    if leader == NOBODY:
                        break
                    post = np.int64(post_of_person[leader])
                    if post == NOBODY:
                        continue
                    tie = row_start[consumer + 1] - width + k - n_letters
                friend, at = np.int64(sharer_of[np.uint64(post)]), np.uint64(tie)
                if friend == consumer:
                    continue
                layer = marks[at] & np.uint8(LAYER_BITS)
                mean = mean_trust[layer]
                if weighted and weight_of_tie[at] >= 0.0:
                    mean = np.float64(weight_of_tie[at])
                at_first = trust.first_impression(mean, general, credibility[np.uint64(post)])
                kept = kept_shares[np.uint64(min(week - touched[at], longest))]
                trusted_at = trust.tie_trust(
                    at_first,
                    strength,
                    trust.evidence_left(useful[at], kept),
                    trust.evidence_left(useless[at], kept),
                )
                while post < n_posts and sharer_of[np.uint64(post)] == friend:
                    row = np.uint64(post)
                    post += 1
                    if kind_of[row] == INVITATION:
                        if is_member:
                            continue
                    elif is_rewarded[row] and marks[at] & MUTED:
                        # Forgiven once the evidence has faded enough.
                        if trust.is_muted(trusted_at, threshold):
                            continue
                        marks[at] &= ~MUTED
                    part = np.int64(category_of[row]) + 1
                    if friction > 0.0 and attention.link_is_cut(
                        draws.uniform(seed, consumer, friend, week, draws.LINK_CUT, part), friction
                    ):
                        continue
                    readers[n], ties[n], posts[n], sharers[n] = consumer, tie, post - 1, friend
                    parts[n], prior[n], trusted[n] = part, at_first, trusted_at
                    n += 1
            if n - begin > limit:
                for k in range(begin, n):
                    luck[k] = draws.uniform(
                        seed, consumer, sharers[k], week, draws.FEED_PRIORITY, parts[k]
                    )
                for k in range(begin, n):
                    layer = marks[np.uint64(ties[k])] & np.uint8(LAYER_BITS)
                    weight[k] = attention.reading_weight(layer, trusted[k])
                _most_salient(begin, n, limit, weight, luck, kept_places, priority)
                for k in range(limit):
                    at_place, place = begin + k, kept_places[k]
                    ties[at_place], posts[at_place] = ties[place], posts[place]
                    sharers[at_place], parts[at_place] = sharers[place], parts[place]
                    prior[at_place], trusted[at_place] = prior[place], trusted[place]
                n = begin + limit
            if keeps_rows:
                _put_reads(
                    s, consumer, ties[begin:n], posts[begin:n], reads[n_reads + begin : n_reads + n]
                )
            until[consumer - group] = n
        for k in range(n):
            luck[k] = draws.uniform(seed, readers[k], sharers[k], week, draws.REMEMBER, parts[k])
        k = 0
        for consumer in range(group, group_end):
            kept_before = n_kept
            threshold, first_tie = mute_threshold[consumer], row_start[consumer]
            while k < until[consumer - group]:
                at, row, category = np.uint64(ties[k]), np.uint64(posts[k]), parts[k] - 1
                earlier_reads = int(read_before[at])
                read_before[at] = min(earlier_reads + 1, MOST_READS)
                if kind_of[row] == INVITATION:
                    _consider_joining(s, consumer, posts[k], trusted[k])
                    k += 1
                    continue
                rewarded, merchant = is_rewarded[row], int(merchant_of[row])
                kept = kept_shares[np.uint64(min(week - touched[at], longest))]
                good, bad = 0.0, 0.0
                if last_merchant[consumer, np.uint64(category)] == merchant:
                    was_useful = trust.outcome_useful(
                        mean_experience[consumer, np.uint64(category)],
                        stated_quality[row],
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
                            sincere_at_first[marks[at] & np.uint8(LAYER_BITS)],
                            trust.evidence_left(useful[at], kept),
                            sharing_terms.sincerity_learning,
                        )
                if good > 0.0 or bad > 0.0:
                    useful[at] = trust.evidence_after(useful[at], kept, good)
                    useless[at] = trust.evidence_after(useless[at], kept, bad)
                    touched[at] = week
                    if rewarded:
                        now = trust.tie_trust(
                            prior[k],
                            strength,
                            trust.evidence_left(useful[at], kept_shares[0]),
                            trust.evidence_left(useless[at], kept_shares[0]),
                        )
                        muted = trust.is_muted(now, threshold)
                        marks[at] = marks[at] & ~MUTED | MUTED * muted
                if keeps_memory and attention.remembers(luck[k], trusted[k], sincere, fresh):
                    shares[n_kept] = first_share + posts[k]
                    numbers[n_kept] = ties[k] - first_tie
                    categories[n_kept] = category
                    n_kept += 1
                unwanted = not would_want(s, consumer, merchant)
                n_useless += unwanted
                if keeps_rows:
                    reads[n_reads + k, 8] = unwanted
                k += 1
            n_remembered[consumer] = n_kept - kept_before
            if member[consumer] != was_member[consumer - group]:
                joined[n_joined] = consumer
                n_joined += 1
        n_reads += n
    return (
        reads[: n_reads if keeps_rows else 0],
        shares[:n_kept],
        numbers[:n_kept],
        categories[:n_kept],
        joined[:n_joined],
        n_reads,
        n_useless,
    )


@compiled
def _most_letters(start: I8, n_readers: int) -> int:
    """Return how many letters come to the group of readers that gets the most."""
    most = 0
    for group in range(0, n_readers, GROUP):
        most = max(most, start[min(group + GROUP, n_readers)] - start[group])
    return most


@compiled
def _most_salient(
    begin: int, end: int, limit: int, weight: F8, luck: F8, kept: I8, priority: F8
) -> None:
    """Put the ``limit`` of the places ``begin:end`` with the smallest priorities into ``kept``.

    In ascending order of the places.
    """
    n_kept = 0
    for place in range(begin, end):
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
    u = draws.uniform(s.seed, consumer, s.facts.sharer[post], s.week, draws.JOIN)
    if membership.joins(u, s.terms.sharing.join_prob, trusted_at):
        _join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])


@compiled
def _put_reads(s: Situation, consumer: int, ties: I8, posts: I8, rows: I8) -> None:
    """Fill in the rows of reads that are about to happen, all but whether they are useless."""
    for k in range(len(posts)):
        row, post, merchant = rows[k], posts[k], s.facts.merchant[posts[k]]
        row[0] = consumer
        row[1] = s.posts.first_share + post
        row[2] = s.facts.sharer[post]
        row[3] = merchant
        row[4] = SHARE
        row[5] = layer_of(s, ties[k])
        row[6] = s.ties.reads[ties[k]]
        for before in range(k):
            row[6] += ties[before] == ties[k]
        row[6] = min(row[6], MOST_READS)
        # Nobody posts twice about a product in a week.
        row[7] = 0
        for other in range(len(posts)):
            row[7] += s.facts.merchant[posts[other]] == merchant
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
