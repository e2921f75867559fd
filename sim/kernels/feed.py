"""Reading, for a range of readers at once: what ``sim.agents.reader`` does, by the same rules.

A thread owns its readers and nobody else's. Readers are taken in small groups, step by step: all
letters of the group are opened, the posts in reach are laid out and chosen from, luck is drawn for
all of them, and then they are read. What is known of a tie is loaded once and stored once.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.reach import (
    InReach,
    Letters,
    Spans,
    choose_what_to_read,
    draw_luck,
    lay_out,
    open_letters,
    room_for_letters,
    room_for_posts,
)
from sim.kernels.reading import Remembered, Worn, join, joins_alone, read, room_for_worn, wear
from sim.kernels.references import for_kernels
from sim.kernels.situation import READ_FIELDS, Situation, layer_of
from sim.kernels.wanting import Wanting, count_useless, room_for_wanting
from sim.rules import sharing
from sim.rules.rewards import sender_cut
from sim.world.columns import I4, I8, MOST_READS, NOBODY, SHARE, U1

#: Readers who are taken together: what they read fills the vectors and stays in the cache.
GROUP = 64


class ReadingRoom(NamedTuple):
    """Room for what the readers of a group read, one group after the other."""

    letters: Letters
    posts: InReach
    worn: Worn
    wanting: Wanting
    spans: Spans
    was_member: U1


def room_for_reading(most_letters: int, most_posts: int) -> Any:
    """Return room for so many letters and posts of a group of readers."""
    return for_kernels(
        ReadingRoom(
            for_kernels(room_for_letters(most_letters)),
            for_kernels(room_for_posts(most_posts)),
            for_kernels(room_for_worn(most_posts)),
            for_kernels(room_for_wanting(most_posts)),
            for_kernels(Spans(*np.empty((2, GROUP), dtype=np.int64))),
            np.empty(GROUP, dtype=np.bool_),
        )
    )


@compiled
def most_letters(start: I8, n_readers: int, n_followed: int) -> int:
    """Return how many letters come to the group of readers that gets the most.

    One more can come from each of the ``n_followed`` leaders whom a reader follows without a tie.
    """
    most = 0
    for group in range(0, n_readers, GROUP):
        most = max(most, start[min(group + GROUP, n_readers)] - start[group])
    return most + GROUP * n_followed


@compiled(nogil=True)
def read_posts(
    s: Situation,
    first: int,
    end: int,
    start: I8,
    by_reader: I8,
    post_of_person: I4,
    room: ReadingRoom,
    remembered: Remembered,
    n_remembered: I4,
    joined: I4,
    most_reads: int,
) -> tuple[I8, int, int, int, int]:
    """Let readers ``first:end`` read.

    The letters of the k-th of them, ``by_reader[start[k]:start[k + 1]]``, tell whose fresh posts
    reach them, ``post_of_person`` the first fresh post of everybody (-1: none). What they remember
    is put into ``remembered``, how many posts each of them does into ``n_remembered``, and who
    became a member into ``joined``. Return the reads (no rows of them where ``most_reads`` is 0),
    how many posts are remembered, how many became members, and the number of reads and of useless
    ones.
    """
    letters, posts, worn, spans, was_member = (
        room.letters,
        room.posts,
        room.worn,
        room.spans,
        room.was_member,
    )
    reads = np.empty((most_reads, READ_FIELDS), np.int64)
    keeps_rows = most_reads > 0
    n_reads = n_kept = n_useless = n_joined = 0
    member, packed = s.consumers.member, s.ties.packed
    last_merchant, mean_experience = s.memory.last_merchant, s.memory.mean_experience
    annoyance = sharing.annoyance_evidence(s.terms.sharing.annoyance, sender_cut(s.market))
    for group in range(first, end, GROUP):
        group_end = min(group + GROUP, end)
        for consumer in range(group, group_end):
            # What readers know of products is asked for here and there, much later.
            fetch_ahead(last_merchant, (consumer, 0))
            fetch_ahead(mean_experience, (consumer, 0))
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
        n = n_reads
        for k in range(group_end - group):
            if keeps_rows:
                _put_reads(s, group + k, letters, posts, spans.first[k], spans.end[k], reads[n:])
            n += spans.end[k] - spans.first[k]
        n_useless += count_useless(
            s,
            group,
            group_end,
            posts,
            spans,
            room.wanting,
            reads[n_reads : n if keeps_rows else n_reads],
        )
        n_kept = read(
            s,
            group,
            group_end,
            letters,
            posts,
            spans,
            worn,
            annoyance,
            n_remembered,
            remembered,
            n_kept,
        )
        n_reads = n
        for letter in range(n_letters):
            packed[np.uint64(letters.tie[letter])] = letters.state[letter]
        for consumer in range(group, group_end):
            if member[consumer] != was_member[consumer - group]:
                joined[n_joined] = consumer
                n_joined += 1
    return reads[: n_reads if keeps_rows else 0], n_kept, n_joined, n_reads, n_useless


@compiled
def _put_reads(
    s: Situation,
    consumer: int,
    letters: Letters,
    posts: InReach,
    first: int,
    end: int,
    rows: I8,
) -> None:
    """Fill in the rows of reads that are about to happen, all but whether they are useless."""
    for k in range(first, end):
        row, post, tie = rows[k - first], posts.post[k], letters.tie[posts.letter[k]]
        merchant = s.facts.merchant[post]
        row[0] = consumer
        row[1] = s.posts.first_share + post
        row[2] = s.facts.sharer[post]
        row[3] = merchant
        row[4] = SHARE
        row[5] = layer_of(s, tie)
        row[6] = s.ties.reads[tie]
        for before in range(first, k):
            row[6] += posts.letter[before] == posts.letter[k]
        row[6] = min(row[6], MOST_READS)
        # Nobody posts twice about a product in a week.
        row[7] = 0
        for other in range(first, end):
            row[7] += s.facts.merchant[posts.post[other]] == merchant
        row[8] = False
