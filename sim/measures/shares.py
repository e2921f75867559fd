"""What each share brought: which reads of it sold, and what its sharer earned by it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.world.columns import LEADER

Rows = NDArray[Any]


def mark_reads_that_sold(
    weeks: Iterable[Rows], consumer: Rows, share: NDArray[np.int64], channel: Rows
) -> None:
    """Write `bought` into the reads that led to an order.

    The orders of one week are given by consumer, share and channel; ``weeks`` are the reads, sorted
    by the same, of that week and of earlier ones, the last week first. An order counts for one
    read: the last one of the same share by that consumer through that channel.
    """
    waiting = np.flatnonzero(share >= 0)
    for read in weeks:
        if not len(waiting):
            return
        if not len(read):
            continue
        first = int(read["share"].min())
        keys = _read_key(read["consumer"], read["share"] - first, read["channel"])
        counted = share[waiting] - first
        wanted = _read_key(consumer[waiting], counted, channel[waiting])
        row = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        found = (keys[row] == wanted) & (counted >= 0)
        read["bought"][row[found]] = True
        waiting = waiting[~found]


def _read_key(consumer: Rows, share: NDArray[np.int64], channel: Rows) -> NDArray[np.int64]:
    """One number that sorts like (consumer, share, channel); ``share`` counts from the week's."""
    return (consumer.astype(np.int64) << 32) + (share << 1) + (channel == LEADER)


def credited_shares(shares: Rows, lowest: NDArray[np.int64], payee: Rows) -> NDArray[np.int64]:
    """Return the share by which each reward was earned.

    It is the nearest share of the payee at or above the ``lowest``, which brought the order.
    ``shares`` has sharer and parent_share of every share so far, by id.
    """
    share = lowest.copy()
    climbing = np.flatnonzero(shares["sharer"][share] != payee)
    while len(climbing):
        above = shares["parent_share"][share[climbing]]
        # The share that brought the order takes what nobody above it claims.
        share[climbing] = np.where(above >= 0, above, lowest[climbing])
        climbing = climbing[(above >= 0) & (shares["sharer"][share[climbing]] != payee[climbing])]
    return share
