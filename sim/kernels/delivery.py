"""Last week's posts on their way: letters are sent to one round of readers after the other.

Only the letters of two rounds are on their way at a time, and what these take is kept from week to
week; so the memory of a week does not grow with the number of its letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from queue import SimpleQueue
from threading import Lock
from typing import Any

import numpy as np

from sim.kernels.feed import most_in_reach, room_for_reading
from sim.kernels.inbox import (
    NTH_BITS,
    POST_BITS,
    Inbox,
    count_by_reader,
    no_letters,
    no_walks,
    parts_of,
    send_letters,
    set_out,
    sort_by_reader,
)
from sim.kernels.reading import no_memories
from sim.parameters.problems import InputError
from sim.world.columns import I4, TieColumns

#: Rounds at most: in each one, the followers of the sharer of every post are looked at.
MOST_ROUNDS = 3
#: Ranges of readers in a round at least, so that all threads have work.
LEAST_RANGES = 8
#: Blocks for letters that a part of the posts is given at a time.
BLOCKS_GIVEN = 16
#: Room that turns out too small is made larger by this, so that it is rarely made again.
SPARE = 1.25


def check_ties(ties: TieColumns) -> None:
    """Raise InputError where somebody has more ties, leaders among them, than letters can name."""
    most = 1 << NTH_BITS
    if ties.nth.dtype.itemsize * 8 > NTH_BITS and np.diff(ties.row_start).max(initial=0) > most:
        raise InputError(f"nobody can trust or follow more than {most:,} people, somebody could")


class Bag:
    """The letters to one range of readers, and room for reading them; a thread has one."""

    def __init__(self, most_readers: int):
        self._all_starts = self.start = np.empty(most_readers + 2, dtype=np.int32)
        #: The letters of the k-th reader are ``by_reader[start[k]:start[k + 1]]``.
        self.by_reader = np.empty(0, dtype=np.int64)
        self._fits = -1
        #: Room for reading them, for kernels.
        self.room: Any = None
        self.remembered = no_memories(0)
        self.joined = np.empty(most_readers, dtype=np.int32)

    def take(
        self, s: Any, inbox: Inbox, box: int, readers: tuple[int, int], post_of_person: I4
    ) -> None:
        """Take the letters of a box and those of leaders, in the order of their readers."""
        first, end = readers
        self.start = self._all_starts[: end - first + 2]
        n_letters = count_by_reader(s, inbox, box, first, post_of_person, self.start)
        if n_letters > len(self.by_reader):
            self.by_reader = np.empty(int(SPARE * n_letters), dtype=np.int64)
        sort_by_reader(s, inbox, box, first, post_of_person, self.start, self.by_reader)

    def make_room(self, attention: int) -> int:
        """Make room for reading what was taken; return the most reads.

        Nobody reads more than ``attention`` posts.
        """
        n_readers = len(self.start) - 2
        needed = most_in_reach(self.start, n_readers)
        if needed > self._fits:
            self._fits = int(SPARE * needed)
            self.room = room_for_reading(self._fits, attention)
        most_reads = min(int(self.start[-1]), n_readers * attention)
        if most_reads > len(self.remembered.share):
            self.remembered = no_memories(int(SPARE * most_reads))
        return most_reads


class Delivery:
    """Sends the letters of a week to ranges of readers, in rounds.

    ``begin`` begins a task for each of several numbers, on all threads.
    """

    def __init__(
        self,
        ranges: list[tuple[int, int]],
        threads: int,
        begin: Callable[[Callable[[int], Any], range], Iterator[Any]],
    ):
        self._ranges, self._threads, self._begin = ranges, threads, begin
        most_readers = max(end - first for first, end in ranges)
        self._range_bits = max(most_readers - 1, 0).bit_length()
        size = max(LEAST_RANGES, -(-len(ranges) // MOST_ROUNDS))
        #: The numbers of the ranges whose readers get their letters together.
        self.rounds = [
            range(first, min(first + size, len(ranges))) for first in range(0, len(ranges), size)
        ]
        self._walks = no_walks(0)
        #: Which posts each thread walks for, and those of them it still has to.
        self._parts: list[tuple[int, int]] = []
        self._left: list[tuple[int, int]] = []
        self._inboxes = [no_letters(threads, size), no_letters(threads, size)]
        self._blocks_given, self._giving = 0, Lock()
        self._bags: SimpleQueue[Bag] = SimpleQueue()
        for _ in range(threads):
            self._bags.put(Bag(most_readers))

    def begin(self, s: Any, n_posts: int) -> None:
        """Begin with the first round of the ``n_posts`` fresh posts.

        Raises InputError where there are more than letters can name.
        """
        if n_posts > 1 << POST_BITS:
            raise InputError(f"a week can have {1 << POST_BITS:,} posts, this one had more")
        if n_posts > len(self._walks.reader):
            self._walks = no_walks(int(SPARE * n_posts))
        starts = [n_posts * part // self._threads for part in range(self._threads + 1)]
        list(
            self._begin(
                lambda part: set_out(s, self._walks, *starts[part : part + 2]),
                range(self._threads),
            )
        )
        self._parts = list(pairwise(parts_of(self._walks, n_posts, self._threads).tolist()))

    def sending(self, s: Any, numbers: range) -> Callable[[], Inbox]:
        """Begin to send the letters to the ranges of the next round; return what waits for them.

        There is a box a range. They lie where those of the round before the last one lay.
        """
        readers = self._ranges[numbers[0]][0], self._ranges[numbers[-1]][1]
        self._left, self._blocks_given = list(self._parts), 0

        def begun(inbox: Inbox) -> Iterator[None]:
            send = partial(self._send_part, s, readers, inbox)
            return self._begin(send, range(self._threads))

        inbox = self._inboxes.pop(0)
        inbox.end[:] = 0
        parts = begun(inbox)

        def sent() -> Inbox:
            nonlocal inbox
            list(parts)
            while any(post < end for post, end in self._left):
                n_blocks = self._blocks_given + self._threads * BLOCKS_GIVEN
                inbox = inbox.larger(int(SPARE * n_blocks))
                list(begun(inbox))
            self._inboxes.append(inbox)
            return inbox

        return sent

    def _send_part(self, s: Any, readers: tuple[int, int], inbox: Inbox, part: int) -> None:
        """Send the letters of a part of the posts, as far as there are blocks for them."""
        post, end = self._left[part]
        while post < end and (blocks := self._blocks_of(inbox)):
            post = send_letters(
                s, self._walks, (post, end), readers, self._range_bits, inbox, part, blocks
            )
        self._left[part] = post, end

    def _blocks_of(self, inbox: Inbox) -> tuple[int, int] | None:
        """Return blocks that are still free, the first one and the end, or nothing."""
        with self._giving:
            first, end = self._blocks_given, self._blocks_given + BLOCKS_GIVEN
            if end > len(inbox.next_block):
                return None
            self._blocks_given = end
            return first, end

    @contextmanager
    def bag(self) -> Iterator[Bag]:
        """Lend a bag."""
        bag = self._bags.get()
        try:
            yield bag
        finally:
            self._bags.put(bag)
