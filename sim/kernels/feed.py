"""Reading, for a range of readers at once: what ``sim.agents.reader`` does, by the same rules.

A thread owns its readers and nobody else's. Readers are taken in small groups, step by step: all
letters of the group are opened, the posts in reach are laid out and chosen from, luck is drawn for
all of them, and then they are read. What is known of a tie is loaded once and stored once.
"""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.inbox import Inbox, sorted_by_reader
from sim.kernels.reach import (
    Spans,
    choose_what_to_read,
    draw_luck,
    lay_out,
    open_letters,
    room_for_letters,
    room_for_posts,
)
from sim.kernels.reading import join, joins_alone, read, room_for_worn, wear
from sim.kernels.situation import Situation, layer_of
from sim.rules import sharing
from sim.rules.rewards import sender_cut
from sim.world.columns import I2, I4, I8, MOST_READS, NOBODY, SHARE

#: Columns of the table of reads: as in ``ReadColumns``.
READ_FIELDS = 9
#: Readers who are taken together: what they read fills the vectors and stays in the cache.
GROUP = 64


@compiled(nogil=True)
def read_posts(
    s: Situation,
    first: int,
    end: int,
    inbox: Inbox,
    box: int,
    post_of_person: I4,
    most_posts: int,
    n_remembered: I8,
    keeps_rows: bool,
) -> tuple[I8, I4, I4, I2, I8, int, int]:
    """Let readers ``first:end`` read.

    The letters of their ``box`` tell whose fresh posts reach them, ``post_of_person`` the first
    fresh post of everybody (-1: none); nobody has more than ``most_posts``. How many posts each of
    them remembers is put into ``n_remembered``. Return the reads (no rows of them where
    nobody keeps these), the share, the number of the tie and the category of all posts remembered,
    who became a member, the number of reads and of useless ones.
    """
    start, by_reader = sorted_by_reader(inbox, box, end - first)
    width, limit = s.ties.followed.shape[1], s.terms.attention.attention
    most_letters = _most_letters(start, end - first) + GROUP * width
    most = most_letters * most_posts
    total = min((len(by_reader) + (end - first) * width) * most_posts, (end - first) * limit)
    reads = np.empty((total if keeps_rows else 0, READ_FIELDS), np.int64)
    # One place more than can be filled: what may be remembered is written before it is counted.
    shares, categories = np.empty(total + 1, np.int32), np.empty(total + 1, np.int16)
    numbers = np.empty(total + 1, np.int32)
    joined = np.empty(end - first, np.int64)
    n_reads = n_kept = n_useless = n_joined = 0
    letters, posts, worn = room_for_letters(most_letters), room_for_posts(most), room_for_worn(most)
    spans = Spans(np.empty(GROUP, np.int64), np.empty(GROUP, np.int64))
    was_member, member, packed = np.empty(GROUP, np.bool_), s.consumers.member, s.ties.packed
    annoyance = sharing.annoyance_evidence(s.terms.sharing.annoyance, sender_cut(s.market))
    for group in range(first, end, GROUP):
        group_end = min(group + GROUP, end)
        for consumer in range(group, group_end):
            was_member[consumer - group] = member[consumer]
            if joins_alone(s, consumer):
                join(s, consumer, NOBODY, NOBODY)
        n_letters = open_letters(
            s, group, group_end, start[group - first :], by_reader, post_of_person, letters
        )
        n_rows = lay_out(s, letters, n_letters, posts)
        choose_what_to_read(s, group, group_end, letters, posts, n_rows, spans)
        draw_luck(s, posts, 0, n_rows, draws.REMEMBER)
        if annoyance > 0.0:
            wear(s, letters, posts, n_rows, annoyance, worn)
        n = 0
        for k in range(group_end - group):
            begin, until = spans.first[k], spans.end[k]
            if keeps_rows:
                _put_reads(
                    s,
                    group + k,
                    letters.tie[posts.letter[begin:until]],
                    posts.post[begin:until],
                    reads[n_reads + n : n_reads + n + until - begin],
                )
            n += until - begin
        n_kept, n_group_useless = read(
            s,
            group,
            group_end,
            letters,
            posts,
            spans,
            worn,
            annoyance,
            n_remembered,
            shares,
            numbers,
            categories,
            n_kept,
            reads[n_reads : n_reads + n if keeps_rows else n_reads],
        )
        n_reads += n
        n_useless += n_group_useless
        for letter in range(n_letters):
            packed[np.uint64(letters.tie[letter])] = letters.state[letter]
        for consumer in range(group, group_end):
            if member[consumer] != was_member[consumer - group]:
                joined[n_joined] = consumer
                n_joined += 1
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
