"""What is remembered of the posts that were read: a ring of weeks, each packed by consumer."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.world.columns import ASKED_AT_ONCE, I4, I8, RememberedColumns

#: Room is made in steps, each twice the one before: few busier weeks move all columns, and how much
#: room there is depends on the busiest week alone. Room that was never used takes no memory.
FIRST_ROOM = 16
#: Weeks of coming needs that are looked at, where posts are remembered no longer than that: what
#: is in no category needed by then will not be asked for, and need not be remembered at all.
MOST_FORESEEN = 4


def weeks_foreseen(memory_weeks: int) -> int:
    """Return over how many weeks needs are looked at, this one among them."""
    return memory_weeks if 1 <= memory_weeks <= MOST_FORESEEN else 1


def nothing_remembered(
    n_consumers: int, n_categories: int, memory_weeks: int, nth: np.dtype[Any]
) -> RememberedColumns:
    """Return the memory of people who read nothing yet; ``nth`` is the type of a tie's number."""
    category: Any = np.int8 if n_categories <= np.iinfo(np.int8).max else np.int16
    return RememberedColumns(
        start=np.zeros((memory_weeks, n_consumers + 1), dtype=np.int32),
        share=np.zeros((memory_weeks, 0), dtype=np.int32),
        nth=np.zeros((memory_weeks, 0), dtype=nth),
        category=np.zeros((memory_weeks, 0), dtype=category),
    )


def with_room(remembered: RememberedColumns, n: int) -> RememberedColumns:
    """Return the same memory with room for ``n`` posts in every week, and places to spare."""
    room = remembered.share.shape[1]
    if n + ASKED_AT_ONCE <= room or len(remembered.start) == 0:
        return remembered
    more = max(room, FIRST_ROOM)
    while more < n + ASKED_AT_ONCE:
        more *= 2

    def wider(column: Any) -> Any:
        new = np.zeros((len(column), more), dtype=column.dtype)
        new[:, :room] = column
        return new

    return RememberedColumns(
        start=remembered.start,
        share=wider(remembered.share),
        nth=wider(remembered.nth),
        category=wider(remembered.category),
    )


def counts_of(remembered: RememberedColumns, week: int) -> I4:
    """Return room for how many posts each consumer remembers of those read this week.

    It lies where `remember` puts what comes of the counts: they need no memory of their own.
    """
    if len(remembered.start) == 0:
        return np.zeros(remembered.start.shape[1] - 1, dtype=np.int32)
    return remembered.start[week % len(remembered.start), 1:]


def remember(
    remembered: RememberedColumns,
    week: int,
    first: int,
    place: int,
    n_by_consumer: I4 | I8,
    share: I8,
    nth: I8,
    category: I8,
) -> None:
    """Keep what consumers from ``first`` on remember this week, given in order of the consumers.

    ``place`` posts are remembered by the consumers before them.
    """
    if len(remembered.start) == 0:
        return
    row, end = week % len(remembered.start), place + len(share)
    start = remembered.start[row, first + 1 : first + 1 + len(n_by_consumer)]
    np.cumsum(n_by_consumer, out=start)
    start += np.int32(place)
    remembered.share[row, place:end] = share
    remembered.nth[row, place:end] = nth
    remembered.category[row, place:end] = category
