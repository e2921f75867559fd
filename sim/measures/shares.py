"""What each share brought: which reads of it sold, and what its sharer earned by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ledger import PURPOSES, REWARD
from sim.world.columns import LEADER

Columns = dict[str, NDArray[Any]]


def reads_that_sold(reads: Sequence[Columns], orders: Sequence[Columns]) -> NDArray[np.bool_]:
    """Whether each read led to an order credited to that share by that consumer.

    ``reads`` and ``orders`` are the columns of each week; reads are sorted by consumer, share and
    channel. An order counts for one read: the last one, this week's or earlier, of the same
    channel.
    """
    sold = [np.zeros(len(week["share"]), dtype=np.bool_) for week in reads]
    for week, bought in enumerate(orders):
        waiting = np.flatnonzero(bought["share"] >= 0)
        for earlier in range(week, -1, -1):
            if not len(waiting):
                break
            read = reads[earlier]
            if not len(read["share"]):
                continue
            first = int(read["share"].min())
            keys = _read_key(read["consumer"], read["share"] - first, read["channel"])
            share = bought["share"][waiting] - first
            wanted = _read_key(bought["consumer"][waiting], share, bought["channel"][waiting])
            row = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            found = (keys[row] == wanted) & (share >= 0)
            sold[earlier][row[found]] = True
            waiting = waiting[~found]
    return np.concatenate(sold) if sold else np.zeros(0, dtype=np.bool_)


def _read_key(
    consumer: NDArray[Any], share: NDArray[np.int64], channel: NDArray[Any]
) -> NDArray[np.int64]:
    """One number that sorts like (consumer, share, channel); ``share`` counts from the week's."""
    return (consumer.astype(np.int64) << 32) + (share << 1) + (channel == LEADER)


def reward_by_share(
    sharer: NDArray[np.int32],
    parent_share: NDArray[np.int64],
    share_of_order: NDArray[np.int64],
    transfers: pd.DataFrame,
) -> NDArray[np.int64]:
    """What each share earned its sharer, in fen: senders' rewards of all levels.

    A reward belongs to the nearest share of its payee at or above the share that brought the order.
    The first two columns are indexed by share, the third by order.
    """
    rewards = transfers[transfers["purpose"] == PURPOSES[REWARD]]
    payee, amount = rewards["payee"].to_numpy(), rewards["amount_fen"].to_numpy()
    lowest = share_of_order[rewards["order"].to_numpy()]
    share = lowest.copy()
    climbing = np.flatnonzero(sharer[share] != payee)
    while len(climbing):
        above = parent_share[share[climbing]]
        # The share that brought the order takes what nobody above it claims.
        share[climbing] = np.where(above >= 0, above, lowest[climbing])
        climbing = climbing[(above >= 0) & (sharer[share[climbing]] != payee[climbing])]
    earned = np.zeros(len(sharer), dtype=np.int64)
    np.add.at(earned, share, amount)
    return earned
