"""The fast engine: compiled kernels walk the stages of people over ranges of consumers.

Every range is its own task; a task writes only what belongs to its consumers and returns the rest,
which is joined in order of the ranges. So the number of threads changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import zip_longest
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.agents.turnover import add_up, keep_transfers
from sim.allocation import return_free_memory
from sim.kernels import living, settling
from sim.kernels.delivery import Delivery, check_ties
from sim.kernels.facts import FactSheet
from sim.kernels.feed import read_posts
from sim.kernels.filing import OrderFile
from sim.kernels.inbox import Inbox
from sim.kernels.living import credit_sharers, experience_orders
from sim.kernels.needs import foresee_needs
from sim.kernels.posting import write_posts
from sim.kernels.ranges import blocks_of, dwindling_ranges, ranges_of
from sim.kernels.references import References, for_kernels
from sim.kernels.settling import add_to, amounts_of_products, settle_orders
from sim.kernels.shopping import choose_products, room_for_choices
from sim.kernels.situation import goods_of, list_places, listed_of
from sim.kernels.threads import all_at_once, begun_at_once, threads_given
from sim.week import NewPosts, no_click_sums
from sim.world.columns import (
    I4,
    I8,
    NOBODY,
    ClickColumns,
    ReadColumns,
)
from sim.world.remembered import counts_of, remember, weeks_foreseen, with_room

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Ranges a thread that are read behind the letters of the next round: sending these takes less.
RANGES_BEHIND = 2


class ArrayEngine:
    """Walks the stages of people in compiled code, on several threads."""

    def __init__(self, model: MarketModel, threads: int | None = None):
        self.model = model
        world, n = model.world, model.world.n_consumers
        self.threads = threads_given(threads, n)
        check_ties(world.ties)
        #: Readers are taken in ranges of one size, all that comes then in others.
        self._readers = ranges_of(n, self.threads)
        self._ranges = dwindling_ranges(n, self.threads)
        self._blocks = blocks_of(self._ranges, self.threads)
        self._delivery = Delivery(
            self._readers, self.threads, lambda *task: begun_at_once(self.threads, *task)
        )
        self._references = References(
            world.consumers, world.memory, world.ties, world.merchants, model.terms
        )
        self._situation: Any = None
        self._facts: Any = None
        self._fact_sheet = FactSheet(world.consumers, world.merchants.side, model.terms.reputation)
        #: First fresh post by sharer, -1 who did not post.
        self._post_of_person = np.full(n, NOBODY, dtype=np.int32)
        #: Categories needed, of as many weeks as are foreseen: see `Situation`.
        self._needed = np.zeros((weeks_foreseen(model.terms.attention.memory_weeks), n), np.int64)
        self._foreseen = model.week
        self._reads: list[I8] = []
        self._filed = OrderFile()
        #: Room for the choices that a thread takes together, for each of them.
        self._choice_rooms: list[Any] = []
        n_applicants = np.bincount(world.merchants.category, minlength=1)
        for _ in range(self.threads):
            room = room_for_choices(
                model.n_looks,
                int(n_applicants.max()),
                len(model.market.sides),
                model.n_slots,
                model.terms.attention,
            )
            self._choice_rooms.append(for_kernels(room))
        #: The orders of this week, for kernels.
        self._orders: Any = None

    def _look(self) -> Any:
        """Return what the kernels see this week, by reference."""
        model, world, scenario = self.model, self.model.world, self.model.scenario
        return self._references.situation(
            posts=world.posts,
            shop=world.shop,
            seed=model.seed,
            week=model.week,
            n_categories=model.n_categories,
            n_looks=model.n_looks,
            n_catalogue_looks=model.n_catalogue_looks,
            category_spread=float(scenario.demand.category_spread),
            repeat_share=float(scenario.demand.repeat_share),
            ranked_examine_prob=float(scenario.demand.ranked_examine_prob),
            review_prob=float(scenario.reviews.review_prob),
            fake_share=float(scenario.reviews.fake_share),
            refund_prob_worst=float(scenario.screening.refund_prob_worst),
            join_rate_per_week=float(scenario.population.join_rate_per_week),
            mean_degree=float(model.mean_degree),
            first_order=model.flows.first_order,
            goods=goods_of(world.merchants, model.terms.belief),
            list_place=list_places(world.shop, world.n_merchants, model.n_categories),
            listed=listed_of(world.shop),
            facts=self._facts,
            remembered=world.remembered,
            needed=self._needed,
            kept_shares=model.kept_shares,
            leader_start=model.leader_start,
            leader_posts=model.leader_posts,
            own_post=model.own_post,
            own_post_sharer=model.own_post_sharer,
            market=model.side_terms[0],
            last_side=model.side_terms[-1],
        )

    def expose(self) -> None:
        """Let everybody read last week's posts."""
        return_free_memory(self.model.world.n_consumers, self.model.week)
        model, world, flows = self.model, self.model.world, self.model.flows
        n_posts = len(world.posts.sharer)
        self._facts, putting_facts = self._fact_sheet.begin(world.posts, self.threads)
        s, before = self._look(), world.remembered
        sharers, start = model.fresh_sharer, model.fresh_start
        self._post_of_person[sharers] = start[:-1]
        self._delivery.begin(s, n_posts - world.posts.fresh)
        list(putting_facts)
        self._reads, place = [], 0
        counts = counts_of(world.remembered, model.week)
        coming = range(max(self._foreseen + 1, model.week), model.week + len(self._needed))
        results = zip(self._readers, self._read_in_rounds(s, counts, coming), strict=True)
        for (first, end), (remembered, joined, reads, n_reads, n_useless) in results:
            next_place = place + len(remembered.share)
            world.remembered = with_room(world.remembered, next_place)
            remember(world.remembered, model.week, first, place, counts[first:end], *remembered)
            place = next_place
            self._reads.append(reads)
            model.count_new_members(joined)
            flows.n_reads += n_reads
            flows.n_useless_reads += n_useless
        self._post_of_person[sharers] = NOBODY
        self._foreseen = coming.stop - 1
        # Nothing else of it is replaced before this week's posts are written.
        self._situation = s if world.remembered is before else self._look()

    def _read_in_rounds(self, s: Any, counts: I4, coming: range) -> Iterator[tuple[Any, ...]]:
        """Yield what `_read` gives for each range of readers."""
        rounds, last = self._delivery.rounds, iter(())
        sending = self._delivery.sending(s, rounds[0])
        # Who has sent a part of the first letters has something to do until the others are sent.
        list(begun_at_once(self.threads, partial(self._foresee, s, coming), rounds[0]))
        for numbers, following in zip_longest(rounds, rounds[1:]):
            read = partial(self._read, s, sending(), numbers, counts, coming)
            most = max(len(numbers) - RANGES_BEHIND * self.threads, 0)
            first = begun_at_once(self.threads, read, numbers[:most])
            yield from last
            # Sent before the last ranges of a round are read: no thread waits. The letters of the
            # round before, which have been read now, are overwritten.
            if following is not None:
                sending = self._delivery.sending(s, following)
            last = begun_at_once(self.threads, read, numbers[most:])
            yield from first
        yield from last

    def _foresee(self, s: Any, coming: range, number: int) -> None:
        """Let a range of readers foresee their needs of the ``coming`` weeks."""
        for week in coming:
            foresee_needs(s, week, *self._readers[number])

    def _read(
        self,
        s: Any,
        inbox: Inbox,
        numbers: range,
        counts: I4,
        coming: range,
        number: int,
    ) -> tuple[Any, ...]:
        """Let a range of readers read; return what they remember, who joined, reads and numbers.

        How many posts each of them remembers is put into ``counts``. Before, their needs of the
        ``coming`` weeks are foreseen, except those of the first round.
        """
        first, end = self._readers[number]
        if numbers != self._delivery.rounds[0]:
            self._foresee(s, coming, number)
        with self._delivery.bag() as bag:
            bag.take(s, inbox, numbers.index(number), (first, end), self._post_of_person)
            most_reads = bag.make_room(self.model.terms.attention.attention)
            reads, n_remembered, n_joined, *counts = read_posts(
                s,
                first,
                end,
                bag.start,
                bag.by_reader,
                bag.room,
                bag.remembered,
                counts,
                bag.joined,
                most_reads if self.model.trace else 0,
            )
            return (
                bag.remembered.first(n_remembered),
                bag.joined[:n_joined].copy(),
                reads.copy(),
                *counts,
            )

    def choose(self) -> None:
        """Let everybody with a need look around and decide; write reads, clicks and orders."""
        return_free_memory(self.model.world.n_consumers, self.model.week)
        s, flows, merchants = self._situation, self.model.flows, self.model.world.merchants
        keeps_rows, n_merchants = self.model.trace, len(merchants.category)
        # A table a thread: which one a range adds to makes no difference to whole numbers.
        demand = [np.zeros((n_merchants, 2), dtype=np.int64) for _ in range(self.threads)]
        click_sums = [no_click_sums(n_merchants) for _ in range(self.threads)]
        free: SimpleQueue[tuple[Any, I8, I8]] = SimpleQueue()
        for given in zip(self._choice_rooms, demand, click_sums, strict=False):
            free.put(given)

        def task(number: int) -> tuple[Any, ...]:
            given = free.get()
            try:
                return choose_products(s, *self._ranges[number], *given, keeps_rows)
            finally:
                free.put(given)

        self._filed.begin_week()
        reads, clicks = self._reads, []
        chosen = begun_at_once(self.threads, task, range(len(self._ranges)))
        for orders, reals, sorted_rows, looked_up, clicked, *counted in chosen:
            self._filed.add(orders, reals, sorted_rows)
            if keeps_rows:
                reads.append(looked_up.copy())
                clicks.append(clicked)
            choices, examined, n_reads, n_useless = counted
            flows.choices += choices
            flows.examined += examined
            flows.n_reads += n_reads
            flows.n_useless_reads += n_useless
        prob, slope = _sum(demand).T
        merchants.demand_prob_sum[:] += prob
        merchants.demand_slope_sum[:] += slope
        flows.click_sums += _sum(click_sums)
        flows.orders = self._filed.columns()
        self._orders = self._filed.for_kernels()
        if keeps_rows:
            flows.clicks = ClickColumns(*_narrowed(ClickColumns, _stacked(clicks), flows.clicks))
            rows = _stacked(reads)
            # (consumer, share, channel) is unique.
            rows = rows[np.lexsort((rows[:, 4], rows[:, 1], rows[:, 0]))]
            flows.reads = ReadColumns(*_narrowed(ReadColumns, rows, flows.reads))

    def settle(self) -> None:
        """Settle all orders, move the money, count first referred buyers as members."""
        s, model, orders, world = self._situation, self.model, self._orders, self.model.world
        weights, terms = model.platform.level_weights(), model.side_terms
        amounts = amounts_of_products(
            model.offer.merchant,
            world.merchants.price_fen,
            world.merchants.side,
            terms[0],
            terms[-1],
        )
        begun, tables = self._begun_with_sums(
            settling.N_SUMS,
            lambda number, sums: settle_orders(
                s, orders, *self._rows(number), amounts, weights, sums
            ),
        )
        settled = []
        for part in begun:
            add_to(model.ledger.reward_income_fen, part.reward_earner, part.reward_fen)
            settled.append(part)

        def pay_rewards() -> None:
            for part in settled:
                add_to(world.consumers.cash_fen, part.reward_earner, part.reward_fen)

        # Not before: orders of the earners themselves may have been under way.
        adding_up = partial(add_up, model, settled, _sum(tables), amounts)
        list(all_at_once(self.threads, [adding_up, pay_rewards]))
        if model.trace:
            keep_transfers(model, settled, amounts)
        model.flows.through_rewarded = sum(part.n_through_rewarded for part in settled)
        model.count_new_members(np.concatenate([part.joined for part in settled]))
        model.platform.charge_clicks()

    def experience(self) -> None:
        """Let buyers live their orders; then settle what these say about the sharers, in order."""
        s, model = self._situation, self.model
        orders, merchants = self._orders, model.world.merchants

        lived, tables = self._begun_with_sums(
            living.N_SUMS,
            lambda number, sums: experience_orders(s, orders, *self._rows(number), sums),
        )
        for row, useful, newly_followed in lived:
            credit_sharers(s, orders, row, useful)
            add_to(model.world.consumers.followers, newly_followed, np.ones_like(newly_followed))
        sums = _sum(tables)
        merchants.review_count[:] += sums[:, living.REVIEWS]
        merchants.review_sum_micro[:] += sums[:, living.SCORES]

    def share(self) -> list[NewPosts]:
        """Return this week's posts, sorted by (sharer, category), block by block."""
        s, orders = self._situation, self._orders
        going_rate = float(self.model.orders_per_rewarded_post)
        member_bits = np.packbits(self.model.world.consumers.member, bitorder="little")

        def task(number: int) -> NewPosts:
            numbers, rows = self._blocks[number], self._rows(number)
            first, end = self._ranges[numbers[0]][0], self._ranges[numbers[-1]][1]
            return NewPosts(*write_posts(s, orders, first, end, *rows, going_rate, member_bits))

        posts = list(begun_at_once(self.threads, task, range(len(self._blocks))))
        self._situation = self._facts = self._orders = None  # they tell of posts that move now
        return posts

    def _rows(self, block: int) -> tuple[int, int]:
        """Return the first and the end of the rows of the orders of a block."""
        numbers = self._blocks[block]
        return self._filed.start[numbers[0]], self._filed.start[numbers[-1] + 1]

    def _begun_with_sums(
        self, n_sums: int, task: Callable[[int, I8], Any]
    ) -> tuple[Iterator[Any], list[I8]]:
        """Begin the task for each block, by number; return what it gives, and merchants' sums.

        There is one table of sums, [n_merchants, n_sums], a thread: which one a block adds to makes
        no difference to whole numbers. They are complete when the last block has given something.
        """
        tables: SimpleQueue[I8] = SimpleQueue()
        shape = len(self.model.world.merchants.category), n_sums
        kept = [np.zeros(shape, dtype=np.int64) for _ in range(self.threads)]
        for table in kept:
            tables.put(table)

        def with_sums(number: int) -> Any:
            table = tables.get()
            try:
                return task(number, table)
            finally:
                tables.put(table)

        return begun_at_once(self.threads, with_sums, range(len(self._blocks))), kept


def _sum(tables: list[I8]) -> I8:
    return sum(tables[1:], start=tables[0])


def _stacked(parts: Iterable[Any]) -> Any:
    return np.concatenate(list(parts))


def _narrowed(kind: Any, rows: I8, like: Any) -> list[Any]:
    """Return the columns of a table of whole numbers in the types of ``like``."""
    return [rows[:, k].astype(getattr(like, name).dtype) for k, name in enumerate(kind._fields)]
