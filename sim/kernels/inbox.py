"""From what was posted to those who read: only ties of people who posted are visited.

Readers are taken in rounds. The follower list of each sharer is sorted by reader, so the walk of a
post along it stops behind the last reader of one round and goes on from there in the next: every
post goes over every tie of its sharer once, and there are never more letters than those to the
readers of a round. Each leaves one whole number in the box of the range to which its reader
belongs, in the order of the posts; so a range of readers needs to look at its own box only, and
nothing depends on the number of threads. A box is a chain of blocks, so that nobody needs to count
letters before they are sent. Posts of leaders who are followed without a tie join them where a box
is sorted by reader.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.fetching import READERS_OF_LINE, fetch_ahead
from sim.kernels.situation import Situation
from sim.world.columns import I4, I8, INVITATION, NOBODY, U1

#: A letter: place of the reader in its range, number of the tie among the reader's, and number of
#: the post among the fresh ones.
POST_BITS = 26
NTH_BITS = 22
READER_BITS = 15
_POST_MASK = (1 << POST_BITS) - 1
_NTH_MASK = (1 << NTH_BITS) - 1
#: Letters of a block, as a power of two.
BLOCK_BITS = 12
BLOCK = 1 << BLOCK_BITS
#: So many posts ahead memory is asked for their next followers.
AHEAD = 16
#: Followers that are asked for, and at which steps the numbers of their ties, which lie closer
#: together.
FETCHED = 128
NTHS_A_STEP = 48
#: Stands behind the last follower of a list.
NO_READER = np.iinfo(np.int32).max


class Walks(NamedTuple):
    """How far each fresh post has walked along the follower list of its sharer."""

    reader: I4  # next one, NO_READER behind the last
    place: I8  # of the next one in the ties
    end: I8  # behind the last one
    invites: U1  # whether the post is for those only who are no members


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
    return Walks(np.empty(n, dtype=np.int32), place, end, np.empty(n, dtype=np.bool_))


def no_letters(n_parts: int, n_boxes: int) -> Inbox:
    """Return an inbox without a block."""
    nothing, shape = np.empty(0, dtype=np.int64), (n_parts, n_boxes)
    return Inbox(nothing, nothing, np.empty(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64))


@compiled(nogil=True)
def set_out(s: Situation, walks: Walks, first: int, end: int) -> None:
    """Begin the walk of each of the fresh posts ``first:end``."""
    follower_start, reader, sharer_of = s.ties.follower_start, s.ties.reader, s.posts.sharer
    kind, fresh = s.posts.kind, s.posts.fresh
    for post in range(first, end):
        sharer = np.int64(sharer_of[fresh + post])
        walks.place[post], walks.end[post] = follower_start[sharer], follower_start[sharer + 1]
    for post in range(first, end):
        ahead = min(post + AHEAD, end - 1)
        if walks.place[ahead] < walks.end[ahead]:
            fetch_ahead(reader, walks.place[ahead])
        place = walks.place[post]
        walks.reader[post] = reader[place] if place < walks.end[post] else NO_READER
    for post in range(first, end):
        walks.invites[post] = kind[fresh + post] == INVITATION


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

    Boxes are those of ranges of ``2**shift`` readers. Members get no invitations, as nothing comes
    of these. Return at which post there were no more ``blocks`` to put letters into; behind the
    last one all is done.
    """
    next_reader, next_place, reader, nth = walks.reader, walks.place, s.ties.reader, s.ties.nth
    letters, next_block, first_block = inbox.letter, inbox.next_block, inbox.first_block[part]
    ends, mask, last_place = inbox.end[part], (1 << shift) - 1, len(reader) - 1
    (first, end), (block, end_block), member = readers, blocks, s.consumers.member
    for number in range(posts[0], posts[1]):
        post, ahead = np.uint64(number), np.uint64(min(number + AHEAD, posts[1] - 1))
        if next_reader[ahead] < end:
            begin = next_place[ahead]
            for more in range(0, FETCHED, READERS_OF_LINE):
                fetch_ahead(reader, min(begin + more, last_place))
            for more in range(0, FETCHED, NTHS_A_STEP):
                fetch_ahead(nth, min(begin + more, last_place))
        who = np.int64(next_reader[post])
        if who < end:
            place, behind, invites = next_place[post], walks.end[post], walks.invites[post]
            while who < end:
                if invites:
                    while who < end and member[np.uint64(who)]:
                        place += 1
                        who = np.int64(reader[place]) if place < behind else np.int64(NO_READER)
                    if who >= end:
                        break
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
                # All that go into the same box, as far as there is room in the block.
                last, stop = who | mask, min(behind, place + BLOCK - (at & (BLOCK - 1)))
                if invites:
                    stop = place + 1
                while True:
                    tie = np.int64(nth[np.uint64(place)])
                    letters[np.uint64(at)] = _letter(who & mask, tie, number)
                    at += 1
                    place += 1
                    if place == stop:
                        break
                    who = np.int64(reader[np.uint64(place)])
                    if who > last:
                        break
                ends[to] = at
                if place == stop:
                    who = np.int64(reader[place]) if place < behind else np.int64(NO_READER)
            next_reader[post], next_place[post] = who, place
            if who < end:
                return number
    return posts[1]


@compiled(nogil=True)
def count_by_reader(
    s: Situation, inbox: Inbox, box: int, first: int, post_of_person: I4, start: I4
) -> int:
    """Tell where the letters to each reader will begin; return how many letters there are.

    They are those in a box and those of the leaders whom the readers, from ``first`` on, follow
    without a tie; ``post_of_person`` is the first fresh post of everybody (-1: none). Those of the
    k-th reader will begin at ``start[k + 1]``, which has two places more than there are readers.
    """
    letters, spans = inbox.letter, _spans(inbox, box)
    start[:] = 0
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            start[np.uint64(reader_of(letters[np.uint64(k)]) + 2)] += 1
    for place in _who_follows(s, first, len(start) - 2):
        start[place + 2] += _posts_of_leaders(s, first + place, post_of_person)
    for k in range(2, len(start)):
        start[k] += start[k - 1]
    return int(start[len(start) - 1])


@compiled(nogil=True)
def sort_by_reader(
    s: Situation,
    inbox: Inbox,
    box: int,
    first: int,
    post_of_person: I4,
    start: I4,
    by_reader: I8,
) -> None:
    """Put the letters that were counted into the order of their readers.

    Those of the k-th reader become ``by_reader[start[k]:start[k + 1]]``: those in the box as they
    lie there, then those of leaders.
    """
    letters, spans = inbox.letter, _spans(inbox, box)
    for span in range(len(spans)):
        for k in range(spans[span, 0], spans[span, 1]):
            letter = letters[np.uint64(k)]
            behind = np.uint64(reader_of(letter) + 1)
            by_reader[np.uint64(start[behind])] = letter
            start[behind] += 1
    followed, row_start = s.ties.followed, s.ties.row_start
    width = followed.shape[1]
    for place in _who_follows(s, first, len(start) - 2):
        consumer = first + place
        for k in range(width):
            leader = followed[consumer, k]
            if leader == NOBODY:
                break
            nth = row_start[consumer + 1] - row_start[consumer] - width + k
            post = np.int64(post_of_person[leader]) - s.posts.fresh
            for number in range(_posts_of(s, leader, post_of_person)):
                by_reader[start[place + 1]] = _letter(place, nth, post + number)
                start[place + 1] += 1


@compiled
def _who_follows(s: Situation, first: int, n: int) -> I8:
    """Return who of ``n`` readers from ``first`` on follows leaders, by place in the range."""
    followed, places, n_following = s.ties.followed, np.empty(n + 1, np.int64), 0
    if followed.shape[1] > 0:
        for place in range(n):
            # Written before it is known to be one: no choice is made.
            places[np.uint64(n_following)] = place
            n_following += followed[np.uint64(first + place), 0] != NOBODY
    return places[:n_following]


@compiled
def _posts_of_leaders(s: Situation, consumer: int, post_of_person: I4) -> int:
    """Return how many fresh posts are by leaders whom a consumer follows."""
    followed, n = s.ties.followed, 0
    for k in range(followed.shape[1]):
        leader = followed[consumer, k]
        if leader == NOBODY:
            break
        n += _posts_of(s, leader, post_of_person)
    return n


@compiled
def _posts_of(s: Situation, leader: int, post_of_person: I4) -> int:
    """Return how many fresh posts a leader has; they lie one behind the other."""
    sharer_of, first, n = s.facts.sharer, np.int64(post_of_person[leader]), 0
    if first != NOBODY:
        while first + n < len(sharer_of) and sharer_of[first + n] == leader:
            n += 1
    return n


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
def _letter(reader: int, nth: int, post: int) -> int:
    """Return the letter that brings a fresh post to a reader of a range, over the nth tie."""
    return reader << (NTH_BITS + POST_BITS) | nth << POST_BITS | post


@compiled(inline="always")
def reader_of(letter: int) -> int:
    """Return the place of the reader of a letter in the range."""
    return letter >> (NTH_BITS + POST_BITS)


@compiled(inline="always")
def post_of(letter: int) -> int:
    """Return which of the fresh posts a letter brings."""
    return letter & _POST_MASK


@compiled(inline="always")
def nth_of(letter: int) -> int:
    """Return the number, among the reader's ties, of the tie over which a letter came."""
    return (letter >> POST_BITS) & _NTH_MASK
