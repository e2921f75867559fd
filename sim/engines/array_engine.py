"""The fast engine: compiled kernels walk the stages of people over ranges of consumers.

Every range is its own task; a task writes only what belongs to its consumers and returns the rest,
which is joined in order of the ranges. So the number of threads changes nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import ledger as books
from sim.kernels.feed import read_posts
from sim.kernels.living import credit_sharers, experience_orders
from sim.kernels.posting import write_posts
from sim.kernels.references import by_reference, for_kernels
from sim.kernels.settling import SettledOrders, settle_orders
from sim.kernels.shopping import choose_products
from sim.kernels.situation import Situation
from sim.week import NewPosts, no_orders
from sim.world.columns import (
    I8,
    NOBODY,
    ClickColumns,
    OrderColumns,
    ReadColumns,
)

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Consumers of a range; many ranges keep all threads busy to the end.
CONSUMERS_PER_RANGE = 1 << 15


class ArrayEngine:
    """Walks the stages of people in compiled code, on several threads."""

    def __init__(self, model: MarketModel, threads: int | None = None):
        self.model = model
        self.threads = threads or os.cpu_count() or 1
        n = model.world.n_consumers
        # At least one range a thread, so that small worlds use all threads as well.
        size = max(1, min(CONSUMERS_PER_RANGE, -(-n // self.threads)))
        # Nobody at all is one empty range.
        self.ranges = [(first, min(first + size, n)) for first in range(0, max(n, 1), size)]
        self._reads: list[I8] = []

    def situation(self) -> Any:
        """Return what the kernels see now, by reference."""
        model, world, scenario = self.model, self.model.world, self.model.scenario
        return by_reference(
            Situation(
                seed=model.seed,
                week=model.week,
                n_ties=model.n_ties,
                n_categories=model.n_categories,
                n_looks=model.n_looks,
                n_catalogue_looks=model.n_catalogue_looks,
                category_spread=float(scenario.demand.category_spread),
                ranked_examine_prob=float(scenario.demand.ranked_examine_prob),
                review_prob=float(scenario.reviews.review_prob),
                fake_share=float(scenario.reviews.fake_share),
                refund_prob_worst=float(scenario.screening.refund_prob_worst),
                join_rate_per_week=float(scenario.population.join_rate_per_week),
                mean_degree=float(model.mean_degree),
                orders_per_rewarded_post=float(model.orders_per_rewarded_post),
                first_order=model.flows.first_order,
                consumers=world.consumers,
                memory=world.memory,
                ties=world.ties,
                merchants=world.merchants,
                posts=world.posts,
                shop=world.shop,
                leader_start=model.leader_start,
                leader_posts=model.leader_posts,
                own_post=model.own_post,
                own_post_sharer=model.own_post_sharer,
                remembered_share=world.remembered_share,
                remembered_tie=world.remembered_tie,
                n_remembered=world.n_remembered,
                terms=model.terms,
                market=model.market_terms,
            )
        )

    def expose(self) -> None:
        """Let everybody read last week's posts."""
        s, model = self.situation(), self.model
        results = self._each(
            lambda first, end: read_posts(s, first, end, model.fresh_sharer, model.fresh_start)
        )
        self._reads = [reads for reads, _ in results]
        for _, joined in results:
            model.count_new_members(joined)

    def choose(self) -> None:
        """Let everybody with a need look around and decide; write reads, clicks and orders."""
        s, flows, merchants = self.situation(), self.model.flows, self.model.world.merchants

        def task(first: int, end: int) -> tuple[Any, ...]:
            prob, slope = np.zeros((2, len(merchants.category)), dtype=np.int64)
            return (*choose_products(s, first, end, prob, slope), prob, slope)

        results = self._each(task)
        orders, reals, looked_up, clicks = (_stacked(part) for part in list(zip(*results))[:4])
        for *_, choices, examined, prob, slope in results:
            flows.choices += choices
            flows.examined += examined
            merchants.demand_prob_sum[:] += prob
            merchants.demand_slope_sum[:] += slope
        flows.orders = _order_columns(orders, reals)
        reads = np.concatenate([*self._reads, looked_up])
        # (consumer, share, channel) is unique.
        reads = reads[np.lexsort((reads[:, 4], reads[:, 1], reads[:, 0]))]
        flows.reads = ReadColumns(*_narrowed(ReadColumns, reads, flows.reads))
        clicks = clicks[np.lexsort((clicks[:, 1], clicks[:, 0]))]
        flows.clicks = ClickColumns(*_narrowed(ClickColumns, clicks, flows.clicks))

    def settle(self) -> None:
        """Settle all orders, move the money in bulk, count first referred buyers as members."""
        model = self.model
        weights = model.platform.level_weights()
        settled = settle_orders(self.situation(), for_kernels(model.flows.orders), weights)
        self._move_money(model.flows.orders, settled)
        model.count_new_members(settled.joined)
        model.platform.charge_clicks()

    def _move_money(self, orders: OrderColumns, settled: SettledOrders) -> None:
        pay, first_order = self.model.ledger.transfer_many, self.model.flows.first_order
        order = first_order + np.arange(len(orders.consumer))
        buyer, merchant = orders.consumer, orders.merchant
        C, M, P, outside = books.CONSUMER, books.MERCHANT, books.PLATFORM, books.OUTSIDE
        pay(P, NOBODY, C, buyer, orders.rebate_used_fen, books.REBATE, order)
        pay(C, buyer, M, merchant, orders.price_fen, books.PURCHASE, order)
        pay(M, merchant, outside, NOBODY, settled.cost_fen, books.COST_OF_GOODS, order)
        pay(M, merchant, P, NOBODY, settled.recovered_fen, books.REFUND_RECOVERY, order)
        pay(P, NOBODY, C, buyer, settled.refund_fen, books.REFUND, order)
        pay(M, merchant, P, NOBODY, settled.fee_fen, books.FEE, order)
        pay(M, merchant, P, NOBODY, settled.commission_fen, books.COMMISSION, order)
        pay(M, merchant, P, NOBODY, settled.wallet_credit_fen, books.REBATE_FUNDING, order)
        row = settled.reward_row
        pay(
            M, merchant[row], C, settled.reward_earner, settled.reward_fen, books.REWARD, order[row]
        )

    def experience(self) -> None:
        """Let buyers live their orders; then settle what these say about the sharers, in order."""
        s, model = self.situation(), self.model
        orders, merchants = model.flows.orders, model.world.merchants
        seen = for_kernels(orders)

        def task(first: int, end: int) -> tuple[Any, ...]:
            count, score = np.zeros((2, len(merchants.category)), dtype=np.int64)
            rows = np.searchsorted(orders.consumer, (first, end))
            lived = experience_orders(s, seen, int(rows[0]), int(rows[1]), count, score)
            return (*lived, count, score)

        outcomes = []
        for outcome, newly_followed, count, score in self._each(task):
            outcomes.append(outcome)
            np.add.at(model.world.consumers.followers, newly_followed, 1)
            merchants.review_count[:] += count
            merchants.review_sum_micro[:] += score
        credit_sharers(s, seen, _stacked(outcomes))

    def share(self) -> NewPosts:
        """Return this week's posts, sorted by (sharer, category)."""
        s, orders = self.situation(), self.model.flows.orders
        seen = for_kernels(orders)

        def task(first: int, end: int) -> tuple[Any, ...]:
            first_row = int(np.searchsorted(orders.consumer, first))
            return tuple(write_posts(s, seen, first, end, first_row))

        posts, stated = (_stacked(part) for part in zip(*self._each(task)))
        return NewPosts(
            sharer=posts[:, 0].astype(np.int32),
            category=posts[:, 1].astype(np.int16),
            merchant=posts[:, 2].astype(np.int32),
            kind=posts[:, 3].astype(np.int8),
            rewarded=posts[:, 4].astype(np.bool_),
            stated_quality=stated,
            source_order=posts[:, 5].copy(),
            parent_share=posts[:, 6].copy(),
        )

    def _each(self, task: Callable[[int, int], Any]) -> list[Any]:
        """Return what ``task`` gives for each range, in order of the ranges."""
        if self.threads == 1 or len(self.ranges) == 1:
            return [task(first, end) for first, end in self.ranges]
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(lambda limits: task(*limits), self.ranges))


def _stacked(parts: Iterable[Any]) -> Any:
    return np.concatenate(list(parts))


def _narrowed(kind: Any, rows: I8, like: Any) -> list[Any]:
    """Return the columns of a table of whole numbers in the types of ``like``."""
    return [rows[:, k].astype(getattr(like, name).dtype) for k, name in enumerate(kind._fields)]


def _order_columns(rows: I8, reals: Any) -> OrderColumns:
    empty = no_orders(len(rows))
    whole = ("consumer", "category", "merchant", "channel", "share", "sharer", "tie", "layer")
    for k, name in enumerate((*whole, "price_fen", "rebate_used_fen")):
        getattr(empty, name)[:] = rows[:, k]
    empty.expected_quality[:], empty.shock_gain[:] = reals[:, 0], reals[:, 1]
    return empty
