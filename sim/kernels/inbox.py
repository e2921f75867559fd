"""From those who posted to those who read: only ties of people who posted are visited.

The follower lists of those who posted are walked once. Every tie in them leaves one whole number
in the box of the range to which its reader belongs, in the order of those who posted; so a range
of readers needs to look at its own box only, and nothing depends on the number of threads. A box
is a chain of blocks, so that nobody needs to count letters before they are sent.
"""

from __future__ import annotations

from typing import NamedTuple

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
#: Letters of a block, as a power of two.
BLOCK_BITS = 9
BLOCK = 1 << BLOCK_BITS


class Inbox(NamedTuple):
    """The letters of a week, in blocks; sharers are sent for in parts, one after the other."""

    letter: I8  # [n_blocks * BLOCK]
    next_block: I8  # [n_blocks]
    first_block: I8  # [n_parts, n_ranges]
    end: I8  # [n_parts, n_ranges] place behind the last letter


@compiled(nogil=True)
def count_letters(s: Situation, sharers: I8, first: int, end: int) -> int:
    """Return how many ties lead to sharers ``first:end``."""
    follower_start, n = s.ties.follower_start, 0
    for group in range(first, end):
        person = sharers[group]
        n += follower_start[person + 1] - follower_start[person]
    return n


@compiled(nogil=True)
def send_letters(
    s: Situation,
    sharers: I8,
    first_post: I8,
    first: int,
    end: int,
    shift: int,
    inbox: Inbox,
    part: int,
    free_block: int,
) -> None:
    """Put a letter for every tie of sharers ``first:end`` into the box of its range.

    A range has ``2**shift`` readers. ``first_post`` are the rows of the sharers' first fresh
    posts. The blocks of this part of the sharers begin at ``free_block``.
    """
    follower_start, reader, nth = s.ties.follower_start, s.ties.reader, s.ties.nth
    letters, next_block, next_place = inbox.letter, inbox.next_block, inbox.end[part]
    mask = (1 << shift) - 1
    for box in range(len(next_place)):
        inbox.first_block[part, box] = free_block
        next_place[box] = free_block << BLOCK_BITS
        free_block += 1
    for group in range(first, end):
        person, post = sharers[group], first_post[group]
        for place in range(follower_start[person], follower_start[person + 1]):
            who = np.int64(reader[place])
            to = np.uint64(who >> shift)
            at = next_place[to]
            letters[np.uint64(at)] = (
                (who & mask) << (NTH_BITS + POST_BITS) | np.int64(nth[place]) << POST_BITS | post
            )
            at += 1
            if at & (BLOCK - 1) == 0:
                next_block[(at >> BLOCK_BITS) - 1] = free_block
                at = free_block << BLOCK_BITS
                free_block += 1
            next_place[to] = at


@compiled
def sorted_by_reader(inbox: Inbox, box: int, n_readers: int) -> tuple[I8, I8]:
    """Return where the letters of each reader of a range start, and the letters by reader.

    Those of one reader keep their order in the box.
    """
    letters, spans = inbox.letter, _spans(inbox, box)
    start = np.zeros(n_readers + 2, np.int64)
    n = 0
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            start[(letters[k] >> (NTH_BITS + POST_BITS)) + 2] += 1
        n += spans[span, 1] - spans[span, 0]
    for k in range(n_readers):
        start[k + 2] += start[k + 1]
    by_reader = np.empty(n, np.int64)
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            reader = np.uint64((letters[k] >> (NTH_BITS + POST_BITS)) + 1)
            place = start[reader]
            by_reader[np.uint64(place)] = letters[k]
            start[reader] = place + 1
    return start, by_reader


@compiled
def _spans(inbox: Inbox, box: int) -> I8:
    """Return the first and the last but one place of the letters of a box, block by block."""
    next_block, first_block, end = inbox.next_block, inbox.first_block, inbox.end
    spans = np.empty((len(next_block), 2), np.int64)
    n = 0
    for part in range(len(first_block)):
        block = first_block[part, box]
        while block != end[part, box] >> BLOCK_BITS:
            spans[n, 0], spans[n, 1] = block << BLOCK_BITS, (block + 1) << BLOCK_BITS
            block = next_block[block]
            n += 1
        spans[n, 0], spans[n, 1] = block << BLOCK_BITS, end[part, box]
        n += 1
    return spans[:n]


@compiled(inline="always")
def first_post_of(letter: int) -> int:
    """Return the row of the first post that a letter brings."""
    return letter & _POST_MASK


@compiled(inline="always")
def nth_of(letter: int) -> int:
    """Return the number, among the reader's ties, of the tie over which a letter came."""
    return (letter >> POST_BITS) & _NTH_MASK
