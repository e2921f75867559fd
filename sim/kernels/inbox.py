"""From what was posted to those who read: only ties of people who posted are visited.

Readers are taken in rounds. The follower list of each sharer is sorted by reader, so the walk of a
post along it stops behind the last reader of one round and goes on from there in the next: every
post goes over every tie of its sharer once, and there are never more letters than those to the
readers of a round. Each leaves one whole number in the box of the range to which its reader
belongs, in the order of the posts; so a range of readers needs to look at its own box only, and
nothing depends on the number of threads. A box is a chain of blocks, so that nobody needs to count
letters before they are sent.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.situation import Situation
from sim.world.columns import I4, I8

#: A letter: place of the reader in its range, number of the tie among the reader's, and number of
#: the post among the fresh ones.
POST_BITS = 26
NTH_BITS = 22
READER_BITS = 15
_POST_MASK = (1 << POST_BITS) - 1
_NTH_MASK = (1 << NTH_BITS) - 1
#: Letters of a block, as a power of two.
BLOCK_BITS = 9
BLOCK = 1 << BLOCK_BITS
#: So many posts ahead memory is asked for what they will be asked.
AHEAD = 8
#: Followers behind the next one for whom it is asked, too: near the last one of a round.
FETCHED_BEHIND = 12
#: Stands behind the last follower of a list.
NO_READER = np.iinfo(np.int32).max


class Walks(NamedTuple):
    """How far each fresh post has walked along the follower list of its sharer."""

    reader: I4  # next one, NO_READER behind the last
    place: I8  # of the next one in the ties
    end: I8  # behind the last one


class Inbox(NamedTuple):
    """The letters of a round, in blocks; each part of the posts has its own chains of blocks."""

    letter: I8  # [n_blocks * BLOCK]
    next_block: I8  # [n_blocks]
    first_block: I8  # [n_parts, n_boxes]
    end: I8  # [n_parts, n_boxes] place behind the last letter, 0 where there is none

    def larger(self, n_blocks: int) -> Inbox:
        """Return an inbox with the same letters and so many blocks."""
        letter, next_block = np.empty(n_blocks * BLOCK, np.int64), np.empty(n_blocks, np.int64)
        letter[: len(self.letter)], next_block[: len(self.next_block)] = self[:2]
        return Inbox(letter, next_block, self.first_block, self.end)


def no_walks(n: int) -> Walks:
    """Return room for the walks of so many posts."""
    place, end = np.empty((2, n), dtype=np.int64)
    return Walks(np.empty(n, dtype=np.int32), place, end)


def no_letters(n_parts: int, n_boxes: int) -> Inbox:
    """Return an inbox without a block."""
    nothing, shape = np.empty(0, dtype=np.int64), (n_parts, n_boxes)
    return Inbox(nothing, nothing, np.empty(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64))


@compiled(nogil=True)
def set_out(s: Situation, walks: Walks, n_posts: int) -> None:
    """Begin the walk of each of the ``n_posts`` fresh posts."""
    follower_start, reader, sharer_of = s.ties.follower_start, s.ties.reader, s.facts.sharer
    for post in range(n_posts):
        sharer = np.int64(sharer_of[s.posts.fresh + post])
        place, end = follower_start[sharer], follower_start[sharer + 1]
        walks.place[post], walks.end[post] = place, end
        walks.reader[post] = reader[place] if place < end else NO_READER


@compiled
def parts_of(walks: Walks, n_posts: int, n_parts: int) -> I8:
    """Return before which post each of so many parts begins, with like numbers of followers."""
    starts = np.full(n_parts + 1, n_posts)
    n_followers = done = part = 0
    for post in range(n_posts):
        n_followers += walks.end[post] - walks.place[post]
    for post in range(n_posts):
        while part < n_parts and done * n_parts >= part * n_followers:
            starts[part] = post
            part += 1
        done += walks.end[post] - walks.place[post]
    return starts


@compiled(nogil=True)
def send_letters(
    s: Situation,
    walks: Walks,
    posts: tuple[int, int],
    readers: tuple[int, int],
    shift: int,
    inbox: Inbox,
    part: int,
    blocks: tuple[int, int],
) -> int:
    """Walk along these readers from post to post, and put a letter for every tie into its box.

    Boxes are those of ranges of ``2**shift`` readers. Return at which post there were no more
    ``blocks`` to put letters into; behind the last one all is done.
    """
    next_reader, next_place, reader, nth = walks.reader, walks.place, s.ties.reader, s.ties.nth
    letters, next_block, first_block = inbox.letter, inbox.next_block, inbox.first_block[part]
    ends, mask, (first, end), (block, end_block) = (
        inbox.end[part],
        (1 << shift) - 1,
        readers,
        blocks,
    )
    last_place = len(reader) - 1
    for post in range(posts[0], posts[1]):
        ahead = min(post + AHEAD, posts[1] - 1)
        if next_reader[ahead] < end:
            fetch_ahead(reader, next_place[ahead])
            fetch_ahead(nth, next_place[ahead])
            # Mostly the followers of a round begin in one cache line and end in the next.
            fetch_ahead(reader, min(next_place[ahead] + FETCHED_BEHIND, last_place))
        who = np.int64(next_reader[post])
        if who < end:
            place, behind = next_place[post], walks.end[post]
            while who < end:
                to = np.uint64((who - first) >> shift)
                at = ends[to]
                if at & (BLOCK - 1) == 0:  # there is none yet, or it is full
                    if block == end_block:
                        break
                    if at == 0:
                        first_block[to] = block
                    else:
                        next_block[(at >> BLOCK_BITS) - 1] = block
                    at = block << BLOCK_BITS
                    block += 1
                letters[np.uint64(at)] = (
                    (who & mask) << (NTH_BITS + POST_BITS)
                    | np.int64(nth[place]) << POST_BITS
                    | post
                )
                ends[to] = at + 1
                place += 1
                who = np.int64(reader[place]) if place < behind else np.int64(NO_READER)
            next_reader[post], next_place[post] = who, place
            if who < end:
                return post
    return posts[1]


@compiled(nogil=True)
def count_letters(inbox: Inbox, box: int) -> int:
    """Return how many letters lie in a box."""
    spans, n = _spans(inbox, box), 0
    for span in range(len(spans)):
        n += spans[span, 1] - spans[span, 0]
    return n


@compiled(nogil=True)
def sort_by_reader(inbox: Inbox, box: int, start: I4, by_reader: I8) -> None:
    """Put the letters of a box into the order of their readers, those of one reader as they lie.

    Those of the k-th reader become ``by_reader[start[k]:start[k + 1]]``; ``start`` has two places
    more than there are readers.
    """
    letters, spans = inbox.letter, _spans(inbox, box)
    start[:] = 0
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            start[np.uint64((letters[k] >> (NTH_BITS + POST_BITS)) + 2)] += 1
    for k in range(2, len(start)):
        start[k] += start[k - 1]
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            reader = np.uint64((letters[k] >> (NTH_BITS + POST_BITS)) + 1)
            place = start[reader]
            by_reader[np.uint64(place)] = letters[k]
            start[reader] = place + 1


@compiled
def _spans(inbox: Inbox, box: int) -> I8:
    """Return where the letters of a box lie, block by block: first place, place behind the last."""
    next_block, first_block, end = inbox.next_block, inbox.first_block, inbox.end
    spans = np.empty((len(next_block), 2), np.int64)
    n = 0
    for part in range(len(first_block)):
        if end[part, box] == 0:
            continue
        block = first_block[part, box]
        while block != (end[part, box] - 1) >> BLOCK_BITS:
            spans[n, 0], spans[n, 1] = block << BLOCK_BITS, (block + 1) << BLOCK_BITS
            block = next_block[block]
            n += 1
        spans[n, 0], spans[n, 1] = block << BLOCK_BITS, end[part, box]
        n += 1
    return spans[:n]


@compiled(inline="always")
def post_of(letter: int) -> int:
    """Return which of the fresh posts a letter brings."""
    return letter & _POST_MASK


@compiled(inline="always")
def nth_of(letter: int) -> int:
    """Return the number, among the reader's ties, of the tie over which a letter came."""
    return (letter >> POST_BITS) & _NTH_MASK
