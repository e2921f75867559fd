"""A market stand: the merchant side of a model with customers of the simplest kind.

It has the attributes of the model that merchants and platform use, and nothing of the people: so
what the merchant side does can be seen without them.
"""

import math
from types import SimpleNamespace

import mesa
import numpy as np

from sim import draws
from sim.agents.merchant import MerchantAgent
from sim.agents.platform import PlatformAgent
from sim.ledger import Ledger
from sim.markets import market_named
from sim.rules.pricing import demand_slope
from sim.rules.terms import terms_of
from sim.week import WeekFlows, click_sums, no_click_sums, no_clicks, no_orders, no_reads
from sim.world import columns
from sim.world.applicants import applicants
from sim.world.columns import (
    AD,
    CATALOGUE,
    FIXED_POINT,
    HOURS_PER_WEEK,
    MICRO,
    PlatformColumns,
    PostColumns,
)
from sim.world.views import view_of
from tests.small_columns import small


class Stand(mesa.Model):
    """Merchants and a platform before ``n_consumers`` customers; ``founded`` without a week."""

    scenario = None  # Mesa has a property of that name, for scenarios of its own

    def __init__(self, scenario, market="referral", seed=1, n_consumers=100, trace=False):
        super().__init__(rng=seed)
        self.scenario, self.seed, self.week = scenario, seed, -1
        self.market = market_named(market)
        self.side_terms = self._terms(0)
        self.terms = terms_of(scenario)
        rate = scenario.demand.purchase_rate_per_week
        self.world = SimpleNamespace(
            consumers=small(columns.ConsumerColumns, n_consumers, member=[True] * n_consumers),
            merchants=applicants(scenario, seed),
            platform=small(
                PlatformColumns,
                1,
                member_rate_micro=[round(n_consumers * rate * MICRO)],
                side_cost_fen=[0] * len(self.market.sides),
            ),
            shop=None,
        )
        self.ledger = Ledger(
            self.world.consumers, self.world.merchants, self.world.platform, trace=trace
        )
        self.merchants = [
            MerchantAgent(self, row) for row in range(scenario.merchants.n_applicants)
        ]
        self.n_orders = 0
        self.flows = self._flows()
        self.no_posts()
        self.platform = PlatformAgent(self)
        self.platform.found()

    def _terms(self, week):
        return tuple(side.terms(self.scenario, week) for side in self.market.sides)

    @property
    def market_terms(self):
        return self.side_terms[0]

    def _flows(self):
        return WeekFlows(
            self.week,
            self.n_orders,
            no_orders(),
            no_reads(),
            no_clicks(),
            no_click_sums(len(self.world.merchants.cash_fen)),
        )

    def no_posts(self):
        self.posts(sharer=[], rewarded=[], upline=np.zeros((0, 0)))

    def posts(self, sharer, rewarded, upline):
        """Posts with these sharers, share ids counted from 0."""
        n = len(sharer)
        self.post_view = view_of(
            small(PostColumns, n, sharer=sharer, rewarded=rewarded, upline=upline)
        )

    def orders(self, **given):
        """This week's orders, as the people would have left them."""
        n = len(given["merchant"])
        orders = no_orders(n)
        for name, values in given.items():
            getattr(orders, name)[:] = values
        self.flows.orders = orders
        self.order_view = view_of(orders)

    def active(self):
        return [self.merchants[i] for i in np.flatnonzero(self.world.merchants.active)]

    def offer(self):
        self.week += 1
        self.side_terms = self._terms(self.week)
        self.flows = self._flows()
        self.platform.open_shop()

    def settle(self):
        for row in range(len(self.flows.orders.merchant)):
            self.order_view.refunded[row] = self.platform.refunds(row)
            self.platform.settle_order(row)
        self.platform.charge_clicks()
        self.n_orders += len(self.flows.orders.merchant)

    def adapt(self, backwards=False):
        merchants = self.active()[:: -1 if backwards else 1]
        self.platform.collect_fixed_costs()
        self.platform.pay_running_costs()
        prices_are_due, quality_is_due = (
            self.platform.prices_are_due(),
            self.platform.quality_is_due(),
        )
        verbs = ("revise_price", "revise_bid") if prices_are_due else ()
        verbs += ("revise_quality", "consider_exit") if quality_is_due else ()
        for verb in verbs:
            for merchant in merchants:
                getattr(merchant, verb)()
        if quality_is_due:
            self.platform.recheck()
            self.platform.let_enter()
        if prices_are_due:
            self.platform.begin_period()

    def serve(self):
        """Customers buy: each wants one good in one category and knows all that is on sale."""
        own, demand, shop = self.world.merchants, self.scenario.demand, self.world.shop
        bought, clicks = [], []
        n_consumers = len(self.world.consumers.member)
        for consumer in range(n_consumers):

            def u(purpose, partner=-1, consumer=consumer):
                return draws.uniform(self.seed, consumer, partner, self.week, purpose)

            if u(draws.NEED_COUNT) > min(demand.purchase_rate_per_week, 1.0):
                continue
            category = int(u(draws.NEED_CATEGORY) * demand.n_categories)
            here = shop.catalogue[
                shop.catalogue_start[category] : shop.catalogue_start[category + 1]
            ]
            totals, utilities = [draws.gumbel_of(u(draws.CHOICE_SHOCK))], []
            for merchant in here:
                utility = demand.quality_value * own.quality[merchant] + (
                    demand.price_sensitivity
                    * (demand.base_value_yuan - own.price_fen[merchant] / 100)
                )
                utilities.append(utility)
                totals.append(utility + draws.gumbel_of(u(draws.CHOICE_SHOCK, int(merchant))))
            self._count_demand(here, utilities)
            channel = CATALOGUE
            if shop.slot_winner.shape[2]:
                hour = int(u(draws.ARRIVAL_HOUR) * HOURS_PER_WEEK)
                slot = int(u(draws.SLOT_CLICK) * 2)
                winner = shop.slot_winner[category, hour, min(slot, shop.slot_winner.shape[2] - 1)]
                if winner >= 0:
                    clicks.append((consumer, winner, shop.slot_price_fen[category, hour, slot]))
                    channel = AD
            best = int(np.argmax(totals))
            if best > 0:
                merchant = here[best - 1]
                if channel == AD and clicks[-1][1] != merchant:
                    channel = CATALOGUE
                bought.append((consumer, category, merchant, channel, own.price_fen[merchant]))
        columns_of = zip(*bought, strict=True) if bought else [[]] * 5
        names = ("consumer", "category", "merchant", "channel", "price_fen")
        self.orders(**dict(zip(names, columns_of, strict=True)))
        self.flows.clicks = no_clicks(len(clicks))
        for name, values in zip(self.flows.clicks._fields, zip(*clicks, strict=True)):
            getattr(self.flows.clicks, name)[:] = values
        self.flows.click_sums = click_sums(self.flows.clicks, len(self.world.merchants.cash_fen))

    def _count_demand(self, merchants, utilities):
        own, alpha = self.world.merchants, self.scenario.demand.price_sensitivity
        total = 1.0 + sum(math.exp(utility) for utility in utilities)
        for merchant, utility in zip(merchants, utilities, strict=True):
            prob = math.exp(utility) / total
            own.demand_prob_sum[merchant] += int(prob * FIXED_POINT + 0.5)
            own.demand_slope_sum[merchant] += int(
                demand_slope(alpha, prob, 1.0 - prob) * FIXED_POINT + 0.5
            )

    def live(self, weeks, backwards=False):
        for _ in range(weeks):
            self.offer()
            self.serve()
            self.settle()
            self.adapt(backwards)
            self.ledger.close_week(self.week)
        return self
