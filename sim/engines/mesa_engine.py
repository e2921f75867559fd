"""The readable engine: every consumer is a Mesa agent and acts in plain Python, one after another.

The order of activation is free and cannot matter: agents decide from frozen values, drafts are
sorted before they settle, and shared counters are whole numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.drafts import (
    ClickDraft,
    CreditDraft,
    OrderDraft,
    PostDraft,
    ReadDraft,
    RememberedDraft,
)
from sim.rules import reputation
from sim.week import NewPosts, click_sums, no_clicks, no_new_posts, no_orders, no_reads
from sim.world.columns import NOBODY
from sim.world.remembered import remember, with_room
from sim.world.views import view_of

if TYPE_CHECKING:
    from sim.model import MarketModel


class MesaEngine:
    """Walks the stages of people agent by agent."""

    threads = 1

    def __init__(self, model: MarketModel, activation: Sequence[int] | None = None):
        self.model = model
        n_consumers = model.world.n_consumers
        self.consumers = [model.consumer(row) for row in range(n_consumers)]
        rows = range(n_consumers) if activation is None else activation
        self.order = [self.consumers[row] for row in rows]
        self._feed_reads: list[ReadDraft] = []

    def expose(self) -> None:
        """Let everybody read last week's posts."""
        reads: list[ReadDraft] = []
        model = self.model
        model.fresh_posts_of = {
            int(sharer): range(int(start), int(end))
            for sharer, (start, end) in zip(
                model.fresh_sharer, pairwise(model.fresh_start), strict=True
            )
        }
        remembered: list[RememberedDraft] = []
        for consumer in self.order:
            consumer.consider_joining_alone()
            read, remembers = consumer.read_feed()
            reads.extend(read)
            remembered.extend(remembers)
        self._feed_reads = reads
        self._remember(remembered)

    def _remember(self, drafts: list[RememberedDraft]) -> None:
        model, world = self.model, self.model.world
        drafts.sort(key=lambda draft: draft.consumer)
        rows = np.array(drafts, dtype=np.int64).reshape(-1, len(RememberedDraft._fields))
        n_by_consumer = np.bincount(rows[:, 0], minlength=world.n_consumers)
        world.remembered = with_room(world.remembered, len(rows))
        remember(world.remembered, model.week, 0, 0, n_by_consumer, *rows.T[1:])
        model.remembered_view = view_of(world.remembered)

    def choose(self) -> None:
        """Let everybody with a need look around and decide; write reads, clicks and orders."""
        flows = self.model.flows
        orders: list[OrderDraft] = []
        reads = self._feed_reads
        clicks: list[ClickDraft] = []
        for consumer in self.order:
            bought, looked_up, clicked, choices, examined = consumer.choose()
            orders.extend(bought)
            reads.extend(looked_up)
            clicks.extend(clicked)
            flows.choices += choices
            flows.examined += examined
        orders.sort(key=lambda order: (order.consumer, order.category))
        reads.sort(key=lambda read: (read.consumer, read.share, read.channel))
        clicks.sort(key=lambda click: (click.consumer, click.merchant))
        flows.orders = no_orders(len(orders))
        _fill(flows.orders, orders)
        flows.reads = no_reads(len(reads))
        _fill(flows.reads, reads)
        flows.n_reads = len(reads)
        flows.n_useless_reads = int(flows.reads.useless.sum())
        flows.clicks = no_clicks(len(clicks))
        _fill(flows.clicks, clicks)
        flows.click_sums = click_sums(flows.clicks, self.model.world.n_merchants)
        self.model.order_view = view_of(flows.orders)

    def settle(self) -> None:
        """Draw refunds, move the money of every order, let first referred buyers join."""
        model = self.model
        orders = model.order_view
        for row in range(len(model.flows.orders.consumer)):
            orders.refunded[row] = model.platform.refunds(row)
            model.platform.settle_order(row)
            if orders.share[row] != NOBODY:
                post = orders.share[row] - model.post_view.first_share
                model.flows.through_rewarded += int(model.post_view.rewarded[post])
            consumer = self.consumers[orders.consumer[row]]
            if not model.view.consumers.member[consumer.row]:
                side = model.view.merchants.side[orders.merchant[row]]  # to look where it bought
                consumer.join(side, orders.share[row], -1)
        model.platform.charge_clicks()

    def experience(self) -> None:
        """Let buyers live their orders; then settle what these say about the sharers, in order."""
        outcomes: list[CreditDraft] = []
        rows_of = self._order_rows()
        for consumer in self.order:
            for row in rows_of.get(consumer.row, ()):
                outcome = consumer.experience(row)
                if outcome is not None:
                    outcomes.append(outcome)
        outcomes.sort(key=lambda outcome: outcome.order_row)
        people = self.model.view.consumers
        for outcome in outcomes:
            sharer = outcome.sharer
            people.credit_milli[sharer], people.streak[sharer] = reputation.credit_after(
                people.credit_milli[sharer],
                people.streak[sharer],
                outcome.useful,
                self.model.terms.reputation.streak_length,
            )

    def share(self) -> list[NewPosts]:
        """Return this week's posts, sorted by (sharer, category), in one part."""
        posts: list[PostDraft] = []
        rows_of = self._order_rows()
        for consumer in self.order:
            drafts = [consumer.post_about(row) for row in rows_of.get(consumer.row, ())]
            drafts += [consumer.post_what_pays(), consumer.invite()]
            posts.extend(draft for draft in drafts if draft is not None)
        posts.sort(key=lambda post: (post.sharer, post.category))
        columns = no_new_posts(len(posts))
        _fill(columns, posts)
        return [columns]

    def _order_rows(self) -> dict[int, range]:
        """Return the rows of this week's orders by consumer."""
        buyer, first, n = np.unique(
            self.model.flows.orders.consumer, return_index=True, return_counts=True
        )
        return {
            int(i): range(int(start), int(start + count))
            for i, start, count in zip(buyer, first, n, strict=True)
        }


def _fill(columns: object, drafts: Sequence[Any]) -> None:
    if drafts:
        for name, values in zip(drafts[0]._fields, zip(*drafts, strict=True), strict=True):
            getattr(columns, name)[:] = values
