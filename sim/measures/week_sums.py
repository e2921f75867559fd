"""What a week comes to, for all that is measured of it: found out once, on all threads."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from sim.kernels.ranges import equal_parts
from sim.kernels.threads import all_at_once
from sim.measures.inequality import gini
from sim.measures.passes import (
    OrderSums,
    PeopleSums,
    posts_hold,
    sums_over_orders,
    sums_over_people,
)
from sim.measures.running import Running
from sim.measures.ties import tie_state
from sim.week import WeekFlows
from sim.world.columns import I8


class WeekSums(NamedTuple):
    """Sums over the orders, the people and the posts of a week whose books are closed."""

    orders: list[OrderSums]
    """Of one range of orders after the other."""
    people: list[PeopleSums]
    posts_hold: tuple[bool, bool, bool]
    sold: I8
    """Orders of each merchant."""
    gini_sharer_income: float
    mean_tie_trust: float
    muted_share: float


def sums_of_week(model: Running, flows: WeekFlows, threads: int = 1) -> WeekSums:
    """Return the sums of a week; the number of threads changes none of them."""
    world, orders = model.world, flows.orders
    on_offer = np.zeros(world.n_merchants, dtype=np.bool_)
    on_offer[model.offer.merchant] = True
    sold = [np.zeros(world.n_merchants, dtype=np.int64) for _ in range(threads)]
    tasks: list[Callable[[], Any]] = [
        partial(gini, model.ledger.reward_income_fen, world.consumers.member),
        partial(tie_state, model),
        partial(posts_hold, world.posts, world.consumers.member),
    ]
    for (first, end), counts in zip(equal_parts(len(orders.consumer), threads), sold, strict=True):
        # The order before the first one shows whether that comes in its turn.
        n_before = min(first, 1)
        part = _rows(orders, first - n_before, end)
        tasks.append(partial(sums_over_orders, part, n_before, on_offer, counts))
    for first, end in equal_parts(world.n_consumers, threads):
        tasks.append(partial(sums_over_people, _rows(world.consumers, first, end)))
    of_incomes, of_ties, of_posts, *of_ranges = all_at_once(threads, tasks)
    return WeekSums(
        orders=[OrderSums(*sums) for sums in of_ranges[:threads]],
        people=[PeopleSums(*sums) for sums in of_ranges[threads:]],
        posts_hold=of_posts,
        sold=sum(sold[1:], start=sold[0]),
        gini_sharer_income=of_incomes,
        mean_tie_trust=of_ties[0],
        muted_share=of_ties[1],
    )


def _rows(columns: Any, first: int, end: int) -> Any:
    """Return the rows ``first:end`` of all columns."""
    return type(columns)(*(column[first:end] for column in columns))


def total(parts: list[Any], name: str) -> int:
    """Return the sum of one of the sums over all ranges."""
    return sum(int(getattr(part, name)) for part in parts)
