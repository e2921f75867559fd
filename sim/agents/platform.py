"""The platform: it admits, ranks, auctions, settles orders, audits again, lets others in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa
import numpy as np

from sim import draws, ledger
from sim.agents.admission import arrival_order, first_by, places
from sim.agents.auditor import Auditor
from sim.agents.entry import newcomers
from sim.agents.shop import click_qualities, shelves, shop_window, slot_click_prob
from sim.agents.stock import ShelfStock, take_stock
from sim.kernels.auctions import bids_at_rest
from sim.rules import investment
from sim.rules.auction import MECHANISMS
from sim.rules.rewards import MarketTerms, level_weight, split_over_levels
from sim.rules.settlement import Settlement, refund_prob, settle_amounts
from sim.rules.sides import AD_SIDE, SHARING_SIDE, shelf_at
from sim.world.applicants import fen, start_price_fen
from sim.world.columns import AD, I8, NOBODY, RECENT_WEEKS
from sim.world.views import view_of
from sim.world.world import rates_micro

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Rounds of bidding between two revisions: about daily for a month, in which bids come to rest.
BID_ROUNDS = 30


class PlatformAgent(mesa.Agent):
    """The platform of one market, with verbs over the merchant and platform columns.

    Where a market has two sides it runs both, each by that side's own terms.
    """

    model: MarketModel

    def __init__(self, model: MarketModel):
        super().__init__(model)
        world = model.world
        self.merchants = world.merchants
        #: The merchant columns element by element, as plain numbers.
        self.sellers = view_of(world.merchants)
        self.people = view_of(world.consumers)
        self._typical_price_fen = start_price_fen(
            model.scenario, fen(model.scenario.merchants.mean_cost_yuan), 1.0
        )
        self._stock: tuple[int, ShelfStock] | None = None
        self._fixed_cost: tuple[int, int] | None = None
        self._bids: tuple[int, dict[int, int]] | None = None
        self.auditor = Auditor(model)

    def terms_of(self, merchant: int) -> MarketTerms:
        """Return the terms of the side on which a merchant sells."""
        return self.model.side_terms[self.sellers.side[merchant]]

    # --- before the first week ----------------------------------------------------------------

    def found(self) -> None:
        """Audit applicants, admit the best (or, unscreened, whoever comes), open the market."""
        model, merchants = self.model, self.merchants
        everybody = np.arange(len(merchants.category))
        arrival, n_sides = arrival_order(model.seed, everybody), len(model.market.sides)
        if n_sides > 1:
            luck = draws.uniform_column(model.seed, everybody, NOBODY, 0, draws.MERCHANT_SIDE)
            on_ad_side = luck < model.scenario.hybrid.first_ads_share
            merchants.side[:] = np.where(on_ad_side, AD_SIDE, SHARING_SIDE)
        for side in range(n_sides):
            for admitted, n in zip(
                self.auditor.admit(side, arrival), self._n_founders(side), strict=True
            ):
                for merchant in np.sort(admitted[first_by(arrival[admitted], n)]).tolist():
                    model.merchants[merchant].open_business()
        for merchant in np.flatnonzero(merchants.active).tolist():
            model.merchants[merchant].revise_bid()

    def _n_founders(self, side: int) -> list[int]:
        """Return how many merchants open on a side before the first week, by category."""
        scenario = self.model.scenario
        n_initial = np.full(scenario.demand.n_categories, scenario.merchants.initial_per_category)
        if len(self.model.market.sides) == 1:
            return [int(n) for n in n_initial]
        on_ad_side = places(scenario.hybrid.first_ads_share, n_initial)
        if side == AD_SIDE:
            return on_ad_side
        return [int(n) - there for n, there in zip(n_initial, on_ad_side, strict=True)]

    # --- offer --------------------------------------------------------------------------------

    def open_shop(self) -> None:
        """Rank the goods, auction the slots, and begin the week's count of orders and money."""
        model, merchants = self.model, self.merchants
        selling = merchants.active
        if model.week > 0:  # the audits of applicants are booked in week 0
            model.world.platform.side_cost_fen[:] = 0
        merchants.week_start_cash_fen[selling] = merchants.cash_fen[selling]
        model.world.shop = shop_window(
            model.scenario, merchants, self._rate_at_slots_micro(), model.side_terms
        )
        merchants.recent_orders[:, model.week % RECENT_WEEKS] = 0
        merchants.week_orders[:] = 0
        merchants.week_revenue_fen[:] = 0

    def _rate_at_slots_micro(self) -> int:
        """Return what members who look where slots are need in a week, in millionths."""
        world, sides = self.model.world, self.model.market.sides
        if len(sides) == 1:
            return int(world.platform.member_rate_micro[0])
        people = world.consumers
        there = np.flatnonzero(people.member & (people.side == len(sides) - 1))
        return rates_micro(people.purchase_rate, there)

    # --- settle -------------------------------------------------------------------------------

    def refunds(self, row: int) -> bool:
        """Return whether the buyer sends this order back, where the platform answers for it."""
        model, orders = self.model, self.model.order_view
        merchant = orders.merchant[row]
        if not self.terms_of(merchant).refunds:
            return False
        prob = refund_prob(
            self.sellers.quality[merchant], model.scenario.screening.refund_prob_worst
        )
        u = draws.uniform(model.seed, orders.consumer[row], merchant, model.week, draws.REFUND)
        return bool(u < prob)

    def settle_order(self, row: int) -> None:
        """Move all money of one order and count it; its refund has been decided before."""
        model, orders, own = self.model, self.model.order_view, self.sellers
        merchant, price = orders.merchant[row], orders.price_fen[row]
        post = self._rewarded_post(row)
        amounts = settle_amounts(
            price,
            orders.rebate_used_fen[row],
            int(post != NOBODY),
            int(orders.refunded[row]),
            self.terms_of(merchant),
        )
        self._move_money(row, post, amounts)
        own.week_orders[merchant] += 1
        own.week_revenue_fen[merchant] += price
        own.recent_orders[merchant, model.week % RECENT_WEEKS] += 1
        own.period_orders[merchant] += 1
        own.period_referred[merchant] += amounts.sender_fen + amounts.receiver_fen > 0
        own.period_ad_orders[merchant] += orders.channel[row] == AD

    def _rewarded_post(self, row: int) -> int:
        """Return the row of the rewarded post that brought this order, -1 where there is none."""
        orders, posts = self.model.order_view, self.model.post_view
        if orders.share[row] == NOBODY:
            return NOBODY
        post = orders.share[row] - posts.first_share
        if not posts.rewarded[post]:
            return NOBODY
        if self.model.market_terms.self_referral_guard and (
            posts.sharer[post] == orders.consumer[row]
        ):
            return NOBODY
        return int(post)

    def _move_money(self, row: int, post: int, amounts: Settlement) -> None:
        orders, pay = self.model.order_view, self.model.ledger.transfer
        order = self.model.flows.first_order + row
        buyer, merchant, used = (
            orders.consumer[row],
            orders.merchant[row],
            orders.rebate_used_fen[row],
        )
        consumer, seller, platform = ledger.CONSUMER, ledger.MERCHANT, ledger.PLATFORM
        cost = self.sellers.unit_cost_fen[merchant]
        credit = amounts.rebate_credit_fen + amounts.receiver_fen
        pay(platform, NOBODY, consumer, buyer, used, ledger.REBATE, order)
        pay(consumer, buyer, seller, merchant, orders.price_fen[row], ledger.PURCHASE, order)
        pay(seller, merchant, ledger.OUTSIDE, NOBODY, cost, ledger.COST_OF_GOODS, order)
        for amount, purpose in (
            (amounts.recovered_fen, ledger.REFUND_RECOVERY),
            (amounts.fee_fen, ledger.FEE),
            (amounts.commission_fen, ledger.COMMISSION),
            (credit, ledger.REBATE_FUNDING),
        ):
            pay(seller, merchant, platform, NOBODY, amount, purpose, order)
        pay(platform, NOBODY, consumer, buyer, amounts.refund_fen, ledger.REFUND, order)
        self.people.wallet_fen[buyer] += credit + amounts.restored_fen - used
        if amounts.sender_fen > 0:
            for person, part in self._shares_of_reward(post, buyer, amounts.sender_fen):
                pay(seller, merchant, consumer, person, part, ledger.REWARD, order)

    def _shares_of_reward(self, post: int, buyer: int, total_fen: int) -> list[tuple[int, int]]:
        """Return (person, fen) for the sharer and those above, the nearest first.

        What nobody above can have is the sharer's; with the guard on, a buyer further up the chain
        earns nothing from the own purchase. Who stands twice in the chain is paid once.
        """
        posts, terms = self.model.post_view, self.model.market_terms
        sharer = posts.sharer[post]
        chain = [sharer, *(posts.upline[post, k] for k in range(terms.levels - 1))]
        parts: dict[int, int] = {}
        for person, part in zip(
            chain, split_over_levels(total_fen, terms.levels, terms.level_decay), strict=True
        ):
            nobody = person == NOBODY or (terms.self_referral_guard and person == buyer)
            earner = sharer if nobody else person
            parts[earner] = parts.get(earner, 0) + part
        return list(parts.items())

    def level_weights(self) -> I8:
        """Return the weights by which the sharer and those above divide a reward."""
        terms = self.model.market_terms
        return np.array(
            [level_weight(level, terms.level_decay) for level in range(terms.levels)],
            dtype=np.int64,
        )

    def charge_clicks(self) -> None:
        """Charge every paid click of the week at the price its slot went for."""
        flows, books = self.model.flows, self.model.ledger
        n_clicks, n_paid, fen = flows.click_sums.T
        totals = np.zeros(ledger.TOTALS_SHAPE, dtype=np.int64)
        totals[ledger.MERCHANT, ledger.PLATFORM, ledger.AD_CLICK] = fen.sum(), n_paid.sum()
        self.merchants.cash_fen[:] -= fen
        self.model.world.platform.cash_fen[0] += fen.sum()
        books.add_totals(totals)
        if books.trace:
            books.keep_rows(
                ledger.MERCHANT,
                flows.clicks.merchant,
                ledger.PLATFORM,
                NOBODY,
                flows.clicks.price_fen,
                ledger.AD_CLICK,
                NOBODY,
            )
        self.merchants.period_clicks[:] += n_clicks

    def collect_fixed_costs(self) -> None:
        """Let every merchant pay the week's fixed cost, and book the week's profits."""
        model, merchants = self.model, self.merchants
        seller = np.flatnonzero(merchants.active)
        model.ledger.transfer_many(
            ledger.MERCHANT,
            seller,
            ledger.OUTSIDE,
            NOBODY,
            np.full(len(seller), self.fixed_cost_fen()),
            ledger.FIXED_COST,
        )
        merchants.quarter_profit_fen[seller] += (
            merchants.cash_fen[seller] - merchants.week_start_cash_fen[seller]
        )

    def pay_running_costs(self) -> None:
        """Pay what running each side cost this week."""
        model, sides, people = self.model, self.model.market.sides, self.model.world.consumers
        seller = model.flows.orders.merchant
        if len(sides) == 1:
            counts = [(int(np.count_nonzero(people.member)), len(seller))]
        else:
            sold_on = self.merchants.side[seller]
            counts = [
                (
                    int(np.count_nonzero(people.member & (people.side == number))),
                    int(np.count_nonzero(sold_on == number)),
                )
                for number in range(len(sides))
            ]
        cost = [
            side.running_cost_fen(model.scenario, n_members, n_orders)
            for side, (n_members, n_orders) in zip(sides, counts, strict=True)
        ]
        model.ledger.transfer(
            ledger.PLATFORM, NOBODY, ledger.OUTSIDE, NOBODY, sum(cost), ledger.RUNNING_COST
        )
        model.world.platform.side_cost_fen[:] += cost

    # --- adapt --------------------------------------------------------------------------------

    def prices_are_due(self) -> bool:
        """Return whether prices and bids are revised this week."""
        return (self.model.week + 1) % self.model.scenario.merchants.price_interval_weeks == 0

    def begin_period(self) -> None:
        """Forget the clicks and orders on which the decisions of this week were based."""
        own = self.merchants
        for column in (
            own.period_clicks,
            own.period_ad_orders,
            own.period_orders,
            own.period_referred,
        ):
            column[:] = 0

    def quality_is_due(self) -> bool:
        """Return whether quality, exit, audits and entry are decided this week."""
        interval = self.model.scenario.merchants.quality_interval_weeks
        return (self.model.week + 1) % interval == 0

    def mean_revenue_fen(self) -> int:
        """Return the weekly revenue, in fen, that an average merchant may expect.

        Among as many merchants as there were at the start, at the price of one of mean cost, where
        all products looked at and buying nothing are equally likely.
        """
        scenario = self.model.scenario
        return investment.mean_revenue_fen(
            int(self.model.world.platform.member_rate_micro[0]),
            scenario.demand.looks / (scenario.demand.looks + 1),
            self._typical_price_fen,
            scenario.merchants.initial_per_category * scenario.demand.n_categories,
        )

    def fixed_cost_fen(self) -> int:
        """Return the fixed cost of a merchant this week, in fen."""
        rate = int(self.model.world.platform.member_rate_micro[0])
        if self._fixed_cost is None or self._fixed_cost[0] != rate:
            share = self.model.scenario.merchants.fixed_cost_share
            self._fixed_cost = (rate, investment.fixed_cost_fen(self.mean_revenue_fen(), share))
        return self._fixed_cost[1]

    def stock(self) -> ShelfStock:
        """Return the state of the shelves as it was when this was first asked this week.

        The first to ask is the first merchant to decide, so all decide from the same.
        """
        if self._stock is None or self._stock[0] != self.model.week:
            n_sides = len(self.model.market.sides)
            taken = take_stock(self.model.scenario, self.merchants, n_sides)
            self._stock = (self.model.week, taken)
        return self._stock[1]

    def shelf_of(self, merchant: int) -> int:
        """Return where a merchant stands in the `stock`."""
        own, n_categories = self.sellers, self.model.scenario.demand.n_categories
        return shelf_at(own.side[merchant], own.category[merchant], n_categories)

    def settled_bids(self) -> dict[int, int]:
        """Return the bid of every active merchant after this month's rounds of bidding, in fen.

        Each states what a click is worth; then bidders of a shelf revise one at a time, by id.
        """
        if self._bids is None or self._bids[0] != self.model.week:
            self._bids = (self.model.week, self._bidding())
        return self._bids[1]

    def _bidding(self) -> dict[int, int]:
        model, scenario = self.model, self.model.scenario
        bidder, start = shelves(scenario, self.merchants, len(model.market.sides))
        bids = bids_at_rest(
            MECHANISMS.index(scenario.ads.mechanism),
            start,
            np.array([model.merchants[i].click_value_fen() for i in bidder.tolist()], dtype=float),
            self.merchants.bid_fen[bidder].astype(np.float64),
            click_qualities(scenario, self.merchants, bidder),
            slot_click_prob(scenario, model.side_terms[-1].n_slots),
            float(scenario.ads.reserve_price_fen),
            BID_ROUNDS,
        )
        # Rounded down: nobody bids more than a click is worth.
        return dict(zip(bidder.tolist(), np.floor(bids).astype(np.int64).tolist(), strict=True))

    def recheck(self) -> None:
        """Audit some of those admitted again, at the end of a quarter, and delist the bad."""
        for merchant in self.auditor.found_bad().tolist():
            self.merchants.admitted[merchant] = False
            self.model.merchants[merchant].close_business()

    def quarterly_fixed_cost_fen(self) -> int:
        """Return the fixed cost of a merchant over a quarter at what it is this week, in fen."""
        return self.fixed_cost_fen() * self.model.scenario.merchants.quality_interval_weeks

    def let_enter(self) -> None:
        """Let newcomers in at the end of a quarter, and merchants go over to the other side.

        All of them bid at once; then the profits of the quarter are forgotten.
        """
        model, n_sides = self.model, len(self.model.market.sides)
        fixed_cost = self.quarterly_fixed_cost_fen()
        entering = newcomers(
            model.seed, model.scenario, self.merchants, self.stock(), n_sides, fixed_cost
        )
        selling = np.flatnonzero(self.merchants.active).tolist() if n_sides > 1 else []
        for merchant in entering:
            model.merchants[merchant].open_business()
        moved = [i for i in selling if model.merchants[i].consider_moving()]
        model.flows.entries += len(entering)
        self._bids = None  # those of this month are without them
        for merchant in entering + moved:
            model.merchants[merchant].revise_bid()
        self.merchants.quarter_profit_fen[:] = 0
