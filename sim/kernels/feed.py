"""Reading, for a range of readers at once: what ``sim.agents.reader`` does, by the same rules.

A thread owns its readers and nobody else's. Readers are taken in small groups, step by step: all
posts in reach of the group are laid out and chosen from, luck is drawn for all of them, and then
they are read. What is known of a tie is loaded once and stored once. The letters to the following
group are open meanwhile, and memory is asked for some of what these need between any two steps.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.joining import join, joins_alone
from sim.kernels.reach import (
    InReach,
    choose_what_to_read,
    fetch_some,
    leave_out,
    look_up,
    open_letters,
    room_for_posts,
)
from sim.kernels.reading import (
    Reading,
    Remembered,
    keep_memories,
    read,
    room_for_reads,
)
from sim.kernels.references import for_kernels
from sim.kernels.situation import READ_FIELDS, Situation, layer_of
from sim.kernels.wanting import Wanting, count_useless, room_for_wanting
from sim.rules import sharing
from sim.rules.rewards import sender_cut
from sim.world.aligned import aligned
from sim.world.columns import I4, I8, MOST_READS, NOBODY, SHARE, U1

#: Readers who are taken together: what they read fills the vectors and stays in the cache.
GROUP = 128


class ReadingRoom(NamedTuple):
    """Room for what the readers of a group read, one group after the other."""

    posts: InReach
    following: InReach
    """Those of the next group."""
    reading: Reading
    again: InReach
    rereading: Reading
    wanting: Wanting
    categories: I8
    """In which each reader of the next group may ask for what is read, a bit each."""
    was_member: U1
    chosen: I8
    """Rows of the posts that one reader chooses to read."""


def room_for_reading(most_posts: int, attention: int) -> Any:
    """Return room for so many posts in reach of a group of readers, who choose so many each."""
    return for_kernels(
        ReadingRoom(
            for_kernels(aligned(room_for_posts(most_posts))),
            for_kernels(aligned(room_for_posts(most_posts))),
            for_kernels(aligned(room_for_reads(most_posts))),
            for_kernels(aligned(room_for_posts(most_posts))),
            for_kernels(aligned(room_for_reads(most_posts))),
            for_kernels(aligned(room_for_wanting(most_posts))),
            np.empty(GROUP, dtype=np.int64),
            np.empty(GROUP, dtype=np.bool_),
            np.empty(attention, dtype=np.int64),
        )
    )


@compiled
def most_in_reach(start: I4, n_readers: int) -> int:
    """Return how many posts are in reach of the group of readers that gets the most letters."""
    most = 0
    for group in range(0, n_readers, GROUP):
        most = max(most, start[min(group + GROUP, n_readers)] - start[group])
    return most


@compiled(nogil=True)
def read_posts(
    s: Situation,
    first: int,
    end: int,
    start: I4,
    by_reader: I8,
    room: ReadingRoom,
    remembered: Remembered,
    n_remembered: I4,
    joined: I4,
    most_reads: int,
) -> tuple[I8, int, int, int, int]:
    """Let readers ``first:end`` read.

    The letters of the k-th of them, ``by_reader[start[k]:start[k + 1]]``, tell which fresh posts
    reach them. What they remember is put into ``remembered``, how many posts each of them does into
    ``n_remembered``, and who became a member into ``joined``. Return the reads (no rows of them
    where ``most_reads`` is 0), how many posts are remembered, how many became members, and the
    number of reads and of useless ones.
    """
    posts, following, reading, again = room.posts, room.following, room.reading, room.again
    categories, was_member = room.categories, room.was_member
    reads = np.empty((most_reads, READ_FIELDS), np.int64)
    n_reads = n_kept = n_useless = n_joined = 0
    member, packed, last_merchant = s.consumers.member, s.ties.packed, s.memory.last_merchant
    annoyance = sharing.annoyance_evidence(s.terms.sharing.annoyance, sender_cut(s.market))
    next_starts = start[: min(GROUP, end - first) + 1]
    n_following = open_letters(s, first, next_starts, by_reader, categories, following)
    for group in range(first, end, GROUP):
        n_readers = min(GROUP, end - group)
        for k in range(n_readers):
            fetch_ahead(last_merchant, (group + k, 0))
            was_member[k] = member[group + k]
            n_remembered[group + k] = 0
            if not was_member[k] and joins_alone(s, group + k):
                join(s, group + k, s.consumers.side[group + k], NOBODY, NOBODY)
        posts, following, n, starts = following, posts, n_following, next_starts
        behind = group + n_readers
        next_starts = start[behind - first : min(behind + GROUP, end) - first + 1]
        n_following = open_letters(s, behind, next_starts, by_reader, categories, following)
        look_up(s, posts, n, following)
        leave_out(s, posts, n, following)
        fetch_some(s, following)
        choose_what_to_read(s, posts, starts, room.chosen)
        fetch_some(s, following)
        n_useless += count_useless(s, posts, n, room.wanting, following)
        if most_reads > 0:
            _put_reads(s, posts, starts, room.wanting, reads, n_reads)
        for k in range(n):
            n_reads += posts.left[k]
        n_asked = read(s, posts, n, annoyance, reading, again, room.rereading, following)
        fetch_some(s, following)
        n_kept = keep_memories(s, posts, n_asked, reading, n_remembered, remembered, n_kept)
        fetch_some(s, following)
        # The last row of a tie tells what all posts over it leave.
        for k in range(n):
            packed[np.uint64(posts.tie[k])] = posts.state[k]
        fetch_some(s, following)
        for k in range(n_readers):
            joined[n_joined] = group + k
            n_joined += member[group + k] != was_member[k]
    return reads[: n_reads if most_reads > 0 else 0], n_kept, n_joined, n_reads, n_useless


@compiled
def _put_reads(
    s: Situation,
    posts: InReach,
    starts: I4,
    wanting: Wanting,
    reads: I8,
    n_reads: int,
) -> None:
    """Put the rows of reads that are about to happen behind the ``n_reads`` there are.

    ``starts`` tells where the letters to each reader begin, and where those to the last one end.
    """
    for reader in range(len(starts) - 1):
        first, end = starts[reader] - starts[0], starts[reader + 1] - starts[0]
        for k in range(first, end):
            if not posts.left[k]:
                continue
            row, tie, merchant = reads[n_reads], posts.tie[k], posts.merchant[k]
            n_reads += 1
            row[0] = posts.reader[k]
            row[1] = s.posts.first_share + posts.post[k]
            row[2] = posts.sharer[k]
            row[3] = merchant
            row[4] = SHARE
            row[5] = layer_of(s, tie)
            row[6] = s.ties.reads[tie]
            for before in range(first, k):
                row[6] += posts.left[before] & (posts.tie[before] == tie)
            row[6] = min(row[6], MOST_READS)
            # Nobody posts twice about a product in a week.
            row[7] = 0
            for other in range(first, end):
                row[7] += posts.left[other] & (posts.merchant[other] == merchant)
            row[8] = wanting.unwanted[k]
