"""From those who posted to those who read: only ties of people who posted are visited.

The follower lists of those who posted are walked once. Every tie in them leaves one whole number
in the inbox of the range to which its reader belongs, in the order of those who posted; so a range
of readers needs to look at its own inbox only, and nothing depends on the number of threads.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.kernels.situation import Situation
from sim.world.columns import I8

#: A letter: place of the reader in its range, number of the tie among the reader's, and the row of
#: the first fresh post of the sharer.
POST_BITS = 26
NTH_BITS = 22
READER_BITS = 15
_POST_MASK = (1 << POST_BITS) - 1
_NTH_MASK = (1 << NTH_BITS) - 1


@compiled(nogil=True)
def count_letters(s: Situation, sharers: I8, first: int, end: int, shift: int, count: I8) -> None:
    """Add to ``count`` how many ties of sharers ``first:end`` lead to each range of readers.

    A range has ``2**shift`` readers.
    """
    follower_start, reader = s.ties.follower_start, s.ties.reader
    for group in range(first, end):
        person = sharers[group]
        for place in range(follower_start[person], follower_start[person + 1]):
            count[reader[place] >> shift] += 1


@compiled(nogil=True)
def send_letters(
    s: Situation,
    sharers: I8,
    first_post: I8,
    first: int,
    end: int,
    shift: int,
    next_place: I8,
    inbox: I8,
) -> None:
    """Put a letter for every tie of sharers ``first:end`` at the next place of its range.

    ``first_post`` are the rows of the sharers' first fresh posts.
    """
    follower_start, reader, nth = s.ties.follower_start, s.ties.reader, s.ties.nth
    mask = (1 << shift) - 1
    for group in range(first, end):
        person, post = sharers[group], first_post[group]
        for place in range(follower_start[person], follower_start[person + 1]):
            who = np.int64(reader[place])
            box = who >> shift
            inbox[next_place[box]] = (
                (who & mask) << (NTH_BITS + POST_BITS) | np.int64(nth[place]) << POST_BITS | post
            )
            next_place[box] += 1


@compiled
def sorted_by_reader(inbox: I8, first: int, end: int, n_readers: int) -> tuple[I8, I8]:
    """Return where the letters of each reader of a range start, and the letters by reader.

    The letters ``first:end`` of the inbox are those of the range; of one reader they keep their
    order.
    """
    start = np.zeros(n_readers + 2, np.int64)
    for k in range(first, end):
        start[(inbox[k] >> (NTH_BITS + POST_BITS)) + 2] += 1
    for k in range(n_readers):
        start[k + 2] += start[k + 1]
    letters = np.empty(end - first, np.int64)
    for k in range(first, end):
        reader = (inbox[k] >> (NTH_BITS + POST_BITS)) + 1
        letters[start[reader]] = inbox[k]
        start[reader] += 1
    return start, letters


@compiled(inline="always")
def first_post_of(letter: int) -> int:
    """Return the row of the first post that a letter brings."""
    return letter & _POST_MASK


@compiled(inline="always")
def nth_of(letter: int) -> int:
    """Return the number, among the reader's ties, of the tie over which a letter came."""
    return (letter >> POST_BITS) & _NTH_MASK
