"""One market on one world, stepped week by week: a ``mesa.Model``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from sim.late import import_late

import_late("pandas")  # before Mesa loads it

import mesa
import numpy as np
import pandas as pd
from mesa.datacollection import DataCollector

from sim import draws
from sim.agents.consumer import ConsumerAgent
from sim.agents.merchant import MerchantAgent
from sim.agents.platform import PlatformAgent
from sim.engines.array_engine import ArrayEngine
from sim.engines.mesa_engine import MesaEngine
from sim.kernels.ranges import PARTS_A_THREAD, equal_parts
from sim.kernels.standing import fade_credit, posts_of_leaders, sharers_of
from sim.kernels.threads import all_at_once, begun_at_once
from sim.ledger import Ledger
from sim.markets import market_named
from sim.measures.invariants import check_week
from sim.measures.offer import Offer, offer_of
from sim.measures.tables import RunTables
from sim.measures.ties import measured_ties
from sim.measures.week_sums import sums_of_week
from sim.measures.weekly import WEEKLY_COLUMNS, weekly_row
from sim.network import build_network
from sim.rules import reputation, sharing, sides, trust
from sim.rules.rewards import MarketTerms
from sim.rules.terms import terms_of
from sim.scenario import Scenario
from sim.week import STAGES, WeekFlows, no_click_sums, no_clicks, no_orders, no_reads
from sim.world.columns import I8, NOBODY
from sim.world.posts import PostWindow
from sim.world.views import Views, view_of
from sim.world.world import World, build_world, rates_micro

#: Recent posts and orders fade by this share a week in what sharers know of the going rate.
FADING_NUMERATOR, FADING_DENOMINATOR = 3, 4
#: Weeks for which the fading of evidence is worked out at least, as a run may be gone on with.
LEAST_FADING_WEEKS = 4096


class MarketModel(mesa.Model):
    """A market of ``scenario`` on its world; ``run_for(weeks)`` or ``step()`` moves it on.

    ``rng`` replaces ``run.seed``: a whole number from 0 to 2^63 - 1. ``activation`` is the
    order in which the readable engine lets people act; it cannot change any table. The event log
    of a large world is sampled unless it is to be the ``whole_log``.
    ``datacollector`` keeps one row a week with the columns of the weekly table; ``tables()``
    gives every table so far.
    """

    # Shadows Mesa's property of that name, which would write into the frozen scenario.
    scenario: Scenario = None  # type: ignore[assignment]

    def __init__(
        self,
        scenario: Scenario,
        market: str = "referral",
        rng: int | None = None,
        engine: str = "array",
        threads: int | None = None,
        trace: bool = False,
        activation: Sequence[int] | None = None,
        world: World | None = None,
        whole_log: bool = False,
    ):
        seed = draws.checked_seed(scenario.run.seed if rng is None else rng)
        super().__init__(rng=seed)
        self.scenario = scenario
        self.seed = seed
        self.market = market_named(market)
        self.trace = trace
        self.terms = terms_of(scenario)
        #: What is left of evidence after 0, 1, 2 ... weeks.
        self.kept_shares = np.array(
            [
                trust.share_kept(self.terms.trust.forgetting, week)
                for week in range(max(scenario.run.weeks, LEAST_FADING_WEEKS) + 1)
            ]
        )
        self.week = -1
        self.side_terms = self._terms_of_sides(0)
        if world is None:
            world = build_world(scenario, build_network(scenario, seed, threads), seed)
        self.world = self._with_sides(world)
        self.measured_ties = measured_ties(world)
        self._read_fixed_numbers()
        self._post_window = PostWindow(self.terms.attention.memory_weeks)
        self._agents_by_row: dict[int, ConsumerAgent] = {}
        self.ledger = Ledger(
            self.world.consumers, self.world.merchants, self.world.platform, trace=trace
        )
        self.merchants = [MerchantAgent(self, row) for row in range(self.world.n_merchants)]
        self.platform = PlatformAgent(self)
        self.engine = _engine(engine, self, threads, activation)
        self.flows = self._fresh_flows()
        self.tables_so_far = RunTables(self, whole_log)
        self.n_orders = 0
        self.weekly: list[dict[str, Any]] = []
        self.datacollector = DataCollector(
            model_reporters={
                name: (lambda model, name=name: model.weekly[-1][name]) for name in WEEKLY_COLUMNS
            }
        )
        self.platform.found()

    offer: Offer
    """What stood on offer this week, kept before merchants adapt."""

    def _read_fixed_numbers(self) -> None:
        scenario = self.scenario
        self.n_categories = scenario.demand.n_categories
        self.n_looks = scenario.demand.looks
        self.n_catalogue_looks = min(scenario.demand.catalogue_looks, self.n_looks)
        self.n_slots = self.side_terms[-1].n_slots
        #: What sharers hold their number of followers against.
        self.mean_degree = scenario.network.mean_degree
        if scenario.network.file:
            self.mean_degree = self.world.network.ties_per_person
        self.max_followed = self.world.ties.followed.shape[1]
        self.upline_width = self.world.posts.upline.shape[1]

    def _terms_of_sides(self, week: int) -> tuple[MarketTerms, ...]:
        """Return the terms of each side of the market in a week."""
        return tuple(side.terms(self.scenario, week) for side in self.market.sides)

    @property
    def market_terms(self) -> MarketTerms:
        """Terms of the first side: by them rewarded posts are read and rewards are divided."""
        return self.side_terms[0]

    def _with_sides(self, world: World) -> World:
        """Return the world; where the market has two sides, everybody looks on one of them."""
        n_sides, people = len(self.market.sides), world.consumers
        if n_sides == 1:
            return world
        consumer = np.arange(world.n_consumers, dtype=np.int64)
        u = draws.uniform_column(self.seed, consumer, NOBODY, 0, draws.FIRST_SIDE)
        people.side[:] = np.where(
            u < self.scenario.hybrid.first_ads_share, sides.AD_SIDE, sides.SHARING_SIDE
        )
        return replace(
            world,
            consumers=people._replace(side_gain=np.zeros((world.n_consumers, n_sides))),
            platform=world.platform._replace(side_cost_fen=np.zeros(n_sides, dtype=np.int64)),
        )

    def kept_share(self, weeks: int) -> float:
        """Return what is left of evidence that was last added to some weeks ago."""
        return float(self.kept_shares[min(weeks, len(self.kept_shares) - 1)])

    # --- the week -----------------------------------------------------------------------------

    def step(self) -> None:
        """Live one week: the stages of ``sim.week.STAGES`` in order."""
        self.week += 1
        self.side_terms = self._terms_of_sides(self.week)
        self.flows = self._fresh_flows()
        for stage in STAGES:
            getattr(self, f"_{stage.name}")()

    def _fresh_flows(self) -> WeekFlows:
        return WeekFlows(
            week=self.week,
            first_order=getattr(self, "n_orders", 0),
            orders=no_orders(),
            reads=no_reads(),
            clicks=no_clicks(),
            click_sums=no_click_sums(self.world.n_merchants),
        )

    def _offer(self) -> None:
        self.platform.open_shop()
        self.shop_view = view_of(self.world.shop)
        self.offer = offer_of(self.world)

    def _expose(self) -> None:
        self._index_posts()
        self.engine.expose()

    def _index_posts(self) -> None:
        posts, people = self.world.posts, self.world.consumers
        self.post_view = view_of(posts)
        of_leaders = posts.kind, posts.sharer, posts.category, people.tier, self.n_categories
        sharers, leaders = all_at_once(
            self.engine.threads,
            (
                partial(sharers_of, posts.sharer, posts.fresh),
                partial(posts_of_leaders, *of_leaders),
            ),
        )
        #: Sharers of last week's posts, by id, and where their rows start (and the last ones end).
        self.fresh_sharer, self.fresh_start = sharers
        #: Rows of leaders' posts, by category.
        self.leader_posts, self.leader_start = leaders
        #: Rows of posts through which their sharers may buy themselves, by sharer, and the sharers.
        self.own_post = np.zeros(0, dtype=np.int64)
        if not self.market_terms.self_referral_guard:
            self.own_post = np.argsort(posts.sharer, kind="stable")
        self.own_post_sharer = posts.sharer[self.own_post].astype(np.int64)

    def _choose(self) -> None:
        self.engine.choose()

    def _settle(self) -> None:
        self.engine.settle()
        platform, flows = self.world.platform, self.flows
        platform.rewarded_orders[0] = (
            _fade(platform.rewarded_orders[0]) + 1000 * flows.through_rewarded
        )
        self.n_orders += len(flows.orders.consumer)

    def _experience(self) -> None:
        self.engine.experience()

    @property
    def orders_per_rewarded_post(self) -> float:
        """Orders that a rewarded post has brought of late, as sharers know it."""
        platform = self.world.platform
        return sharing.orders_per_rewarded_post(
            float(platform.rewarded_orders[0]), float(platform.rewarded_posts[0])
        )

    def _share(self) -> None:
        parts = self.engine.share()
        platform = self.world.platform
        platform.rewarded_posts[0] = _fade(platform.rewarded_posts[0]) + 1000 * sum(
            int(np.count_nonzero(part.rewarded)) for part in parts
        )
        self.world.posts = self._post_window.after(
            self.world, parts, self.week, partial(begun_at_once, self.engine.threads)
        )

    def _adapt(self) -> None:
        self.platform.collect_fixed_costs()
        self.platform.pay_running_costs()
        prices_are_due = self.platform.prices_are_due()
        if prices_are_due:
            merchants = self.active_merchants()
            for merchant in merchants:
                merchant.revise_price()
            for merchant in merchants:
                merchant.revise_bid()
        if self.platform.quality_is_due():
            merchants = self.active_merchants()
            for merchant in merchants:
                merchant.revise_quality()
            for merchant in merchants:
                merchant.consider_exit()
            self.platform.recheck()
            self.platform.let_enter()
        if prices_are_due:
            self.platform.begin_period()

    def _measure(self) -> None:
        self._name_leaders()
        self.ledger.close_week(self.week)
        sums = sums_of_week(self, self.flows, self.engine.threads)
        self.weekly.append(weekly_row(self, self.flows, sums))
        check_week(self, self.flows, sums)
        self.tables_so_far.add(self.flows, sums.sold, self.engine.threads)
        self.datacollector.collect(self)

    def _name_leaders(self) -> None:
        """Let credit fade; name the leaders: the top share of members with enough points."""
        people, terms = self.world.consumers, self.terms.reputation
        least, keep = int(terms.leader_min_points * 1000), terms.keep_65536
        threads = self.engine.threads
        parts = equal_parts(self.world.n_consumers, threads * PARTS_A_THREAD)

        def fade(number: int) -> tuple[I8, int]:
            first, end = parts[number]
            columns = (people.credit_milli, people.tier, people.member)
            rows, n_members = fade_credit(*(column[first:end] for column in columns), keep, least)
            return first + rows, n_members

        rows, n_members = zip(*begun_at_once(threads, fade, range(len(parts))), strict=True)
        candidates = np.concatenate(rows)
        n_leaders = int(terms.leader_share * sum(n_members))
        best = candidates[np.argsort(-people.credit_milli[candidates], kind="stable")][:n_leaders]
        people.tier[best] = reputation.LEADER_TIER

    # --- looking at it ------------------------------------------------------------------------

    def active_merchants(self) -> list[MerchantAgent]:
        """Return the merchants who sell this week, by id."""
        selling = np.flatnonzero(self.world.merchants.active)
        return [self.merchants[row] for row in selling.tolist()]

    def count_new_members(self, consumers: I8) -> None:
        """Add what these newcomers will buy to what the platform expects of its members."""
        rates = self.world.consumers.purchase_rate
        self.world.platform.member_rate_micro[0] += rates_micro(rates, consumers)

    def consumer(self, row: int) -> ConsumerAgent:
        """Return the agent of one consumer."""
        if row not in self._agents_by_row:
            self._agents_by_row[row] = ConsumerAgent(self, row)
        return self._agents_by_row[row]

    @cached_property
    def view(self) -> Views:
        """Element views of the columns, for agents."""
        world = self.world
        return Views(
            consumers=view_of(world.consumers),
            memory=view_of(world.memory),
            ties=view_of(world.ties),
            merchants=view_of(world.merchants),
            trusted=memoryview(world.network.trusted),
            out_start=memoryview(world.network.out_start),
            out_tie=memoryview(world.network.out_tie),
        )

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table by name: weekly, merchants, ledger; traced also the event log."""
        return self.tables_so_far.tables()


def _fade(amount: int) -> int:
    return int(amount) * FADING_NUMERATOR // FADING_DENOMINATOR


def _engine(
    name: str, model: MarketModel, threads: int | None, activation: Sequence[int] | None
) -> MesaEngine | ArrayEngine:
    if name == "mesa":
        return MesaEngine(model, activation)
    if name == "array":
        return ArrayEngine(model, threads)
    raise ValueError(f"unknown engine {name!r}; there are: array, mesa")
