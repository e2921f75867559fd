"""Merchants: they ask a price, bid for clicks, pay costs, mend or cut quality, give up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import mesa

from sim import draws, ledger
from sim.money import FEN_PER_YUAN
from sim.rules import belief, bidding, investment, pricing
from sim.rules.rewards import reward_cut
from sim.rules.sides import AD_SIDE, SHARING_SIDE, moves_over, reconsiders, shelf_at
from sim.world.applicants import (
    BEST_LEVEL,
    fen,
    start_price_fen,
    unit_cost_fen,
)
from sim.world.columns import FIXED_POINT, NOBODY

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Share of orders through rewarded posts that a newcomer expects: the lower end of what is found
#: for product links (reproduction number 0.2 to 0.5).
EXPECTED_REFERRED_SHARE = 0.2


class MerchantAgent(mesa.Agent):
    """Row ``row`` of the merchant columns, with verbs.

    Decisions read the merchant's own row and the stock of its category, which the platform freezes
    when the adapt stage begins; so merchants may act in any order.
    """

    model: MarketModel

    def __init__(self, model: MarketModel, row: int):
        super().__init__(model)
        self.row = row

    # --- offer, entry -------------------------------------------------------------------------

    def open_business(self) -> None:
        """Begin to sell: first price for this market's own cuts, start-up cash from outside."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        own.active[i] = True
        own.entered_week[i] = model.week + 1  # the first week of selling
        kept = self._keep_share(EXPECTED_REFERRED_SHARE)
        own.price_fen[i] = start_price_fen(model.scenario, own.unit_cost_fen[i], kept)
        cash = investment.start_cash_fen(
            model.platform.fixed_cost_fen(),
            model.scenario.merchants.cash_weeks,
            draws.uniform(model.seed, i, NOBODY, 0, draws.START_CASH),
        )
        capital = cash + own.unit_cost_fen[i]  # nobody opens an empty shop
        model.ledger.transfer(ledger.OUTSIDE, NOBODY, ledger.MERCHANT, i, capital, ledger.CAPITAL)
        own.week_start_cash_fen[i] = own.cash_fen[i]

    # --- adapt --------------------------------------------------------------------------------

    def revise_price(self) -> None:
        """Move the price half way to the one that suits the demand seen since last time."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        stock, shelf = model.platform.stock(), model.platform.shelf_of(i)
        shrinkage = model.scenario.merchants.shrinkage_orders
        margin = pricing.logit_margin(
            own.demand_prob_sum[i] / FIXED_POINT,
            own.demand_slope_sum[i] / FIXED_POINT,
            stock.margin_yuan[shelf],
            shrinkage,
        )
        cost = own.unit_cost_fen[i] / FEN_PER_YUAN
        wanted = pricing.best_price(cost, self._keep_share(self._referred_share()), margin)
        own.price_fen[i] = fen(
            pricing.next_price(
                own.price_fen[i] / FEN_PER_YUAN,
                wanted,
                margin,
                model.scenario.demand.price_sensitivity,
            )
        )
        own.demand_prob_sum[i] = own.demand_slope_sum[i] = 0

    def click_value_fen(self) -> float:
        """What a click is worth to this merchant, in fen."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        stock = model.platform.stock()
        conversion = pricing.shrunk_share(
            own.period_ad_orders[i],
            own.period_clicks[i],
            stock.conversion_prob[model.platform.shelf_of(i)],
            model.scenario.ads.bid_shrinkage,
        )
        return bidding.value_per_click(
            own.price_fen[i],
            own.unit_cost_fen[i],
            self._keep_share(self._referred_share()),
            conversion,
            model.scenario.merchants.repeat_value if own.long_term[i] else 0.0,
        )

    def revise_bid(self) -> None:
        """Bid what the month's bidding has come to and set the budget; 0 without slots."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        if model.platform.terms_of(i).n_slots > 0:
            own.bid_fen[i] = model.platform.settled_bids()[i]
            own.budget_fen[i] = investment.ad_budget_fen(
                self._revenue_fen(), model.scenario.ads.budget_share, own.cash_fen[i]
            )

    def revise_quality(self) -> None:
        """Go a level up or down where that promises enough over the own horizon.

        A long-term merchant counts on what buyers learn from reviews and from coming back; a
        fly-by-night one is gone before they do.
        """
        model, i, own = self.model, self.row, self.model.platform.sellers
        learnt = self._learnt_share() if own.long_term[i] else 0.0
        kept = self._keep_share(self._referred_share())
        cost = own.unit_cost_fen[i]
        margin = (own.price_fen[i] - cost / kept) / FEN_PER_YUAN
        if margin <= 0.0:
            margin = model.platform.stock().margin_yuan[model.platform.shelf_of(i)]
        best_gain, best_level = model.scenario.merchants.quality_step_threshold, None
        for level in (own.quality_level[i] - 1, own.quality_level[i] + 1):
            if not 0 <= level <= BEST_LEVEL:
                continue
            new_cost = unit_cost_fen(model.scenario, level, own.cost_noise[i])
            gain = investment.quality_gain(
                learnt,
                model.scenario.demand.quality_value,
                model.scenario.demand.price_sensitivity,
                (level - own.quality_level[i]) / BEST_LEVEL,
                (new_cost - cost) / FEN_PER_YUAN,
                kept,
                margin,
            )
            if gain > best_gain:
                best_gain, best_level = gain, level
        if best_level is not None:
            own.quality_level[i] = best_level
            own.quality[i] = best_level / BEST_LEVEL
            own.unit_cost_fen[i] = unit_cost_fen(model.scenario, best_level, own.cost_noise[i])

    def consider_exit(self) -> None:
        """Give up when the cash is gone."""
        if self.model.platform.sellers.cash_fen[self.row] <= 0:
            self.close_business()

    def consider_moving(self) -> bool:
        """Go over to the other side of the market where its merchants of this category earn more.

        Not all ask at the same time: they would chase each other to and fro. Return whether it
        went; the bid there is another one.
        """
        model, i, own = self.model, self.row, self.model.platform.sellers
        u = draws.uniform(model.seed, i, NOBODY, model.week, draws.MOVE)
        if not reconsiders(u, model.scenario.hybrid.merchant_reconsider_prob):
            return False
        stock, n_categories = model.platform.stock(), model.scenario.demand.n_categories
        other = SHARING_SIDE if own.side[i] == AD_SIDE else AD_SIDE
        here, there = model.platform.shelf_of(i), shelf_at(other, own.category[i], n_categories)
        better = moves_over(
            own.quarter_profit_fen[i],
            stock.profit_fen[here],
            stock.n_active[here],
            stock.profit_fen[there],
            stock.n_active[there],
            model.platform.quarterly_fixed_cost_fen(),
            model.scenario.hybrid.merchant_inertia,
        )
        if not better or not model.platform.auditor.accepts(i, other):
            return False
        own.side[i] = other
        # What was seen of the demand on one side says nothing of that on the other.
        for column in (
            own.bid_fen,
            own.budget_fen,
            own.demand_prob_sum,
            own.demand_slope_sum,
            own.period_orders,
            own.period_referred,
            own.period_clicks,
            own.period_ad_orders,
        ):
            column[i] = 0
        return True

    def close_business(self) -> None:
        """Sell no more, from next week on."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        own.active[i] = False
        own.exited_week[i] = model.week
        own.bid_fen[i] = own.budget_fen[i] = 0
        model.flows.exits += 1

    # --- what several verbs need --------------------------------------------------------------

    def _keep_share(self, referred_share: float) -> float:
        terms = self.model.platform.terms_of(self.row)
        return pricing.keep_share(
            terms.fee_rate,
            terms.commission_rate,
            terms.rebate_rate,
            reward_cut(terms),
            referred_share,
        )

    def _referred_share(self) -> float:
        """Share of own orders that paid a reward of late, shrunk towards the category's."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        return pricing.shrunk_share(
            own.period_referred[i],
            own.period_orders[i],
            model.platform.stock().referred_share[model.platform.shelf_of(i)],
            model.scenario.merchants.shrinkage_orders,
        )

    def _learnt_share(self) -> float:
        """Share of a change of quality that buyers would come to believe."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        terms = model.terms.belief
        evidence = model.scenario.merchants.repeat_value * terms.own_precision
        if own.review_count[i] > 0:
            evidence += belief.review_precision(
                terms.review_precision,
                own.review_count[i],
                terms.review_saturation,
                terms.stranger_credibility,
            )
        return investment.learnt_share(terms.prior_precision, evidence)

    def _revenue_fen(self) -> int:
        """Mean weekly revenue of late, in fen; newcomers reckon with an average merchant's."""
        model, i, own = self.model, self.row, self.model.platform.sellers
        weeks = own.recent_orders.shape[1]
        if model.week - own.entered_week[i] + 1 < weeks:
            return model.platform.mean_revenue_fen()
        sold = sum(own.recent_orders[i, k] for k in range(weeks))
        return int(sold * own.price_fen[i] // weeks)
