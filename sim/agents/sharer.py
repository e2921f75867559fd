"""Sharers: consumers in the role of those who recommend, warn, invite, or post whatever pays."""

from __future__ import annotations

from sim import draws
from sim.agents.drafts import PostDraft
from sim.agents.person import Person
from sim.money import whole_fen
from sim.rules import demand, membership, reputation, sharing
from sim.rules.rewards import is_rewarded, sender_cut
from sim.world.columns import INVITATION, NOBODY, PRODUCT


class Sharer(Person):
    """A consumer seen as a sharer: no state of its own, only verbs."""

    def post_about(self, order_row: int) -> PostDraft | None:
        """Return a recommendation or a warning about one order, or None."""
        model, i = self.model, self.row
        consumers, orders, terms = model.view.consumers, model.order_view, model.terms.sharing
        if not consumers.member[i] or consumers.opportunist[i]:
            return None
        x = orders.experienced_quality[order_row]
        gap = x - consumers.market_belief[i]
        merchant = orders.merchant[order_row]
        market = model.platform.terms_of(merchant)
        income = 0.0
        if gap >= 0.0:
            if orders.refunded[order_row]:
                return None
            income = sharing.expected_income_yuan(
                sender_cut(market),
                orders.price_fen[order_row] / 100.0,
                model.orders_per_rewarded_post,
                consumers.followers[i],
                model.mean_degree,
            )
            money = sharing.money_motive(consumers.money_response[i], income)
            z, unpaid = self._recommending_index(gap, money), self._recommending_index(gap, 0.0)
            stated = sharing.stated_quality(x, money, terms.inflation_max)
            rewarded = is_rewarded(market)
        else:
            propensity = consumers.sharing_propensity[i]
            z = unpaid = sharing.posting_index_warning(propensity, terms.warning_slope, -gap)
            stated = sharing.stated_quality(x, 0.0, terms.inflation_max)
            rewarded = False
        u = draws.uniform(model.seed, i, merchant, model.week, draws.POSTING)
        if u >= sharing.logistic(z):
            return None
        effort = sharing.effort_yuan(u, unpaid, consumers.money_response[i], income)
        return self._post(
            orders.category[order_row],
            merchant,
            rewarded,
            stated,
            whole_fen(effort),
            model.flows.first_order + order_row,
            orders.share[order_row],
        )

    def _recommending_index(self, gap: float, money: float) -> float:
        """Return the log-odds of recommending what was lived that far above the belief."""
        consumers, i = self.model.view.consumers, self.row
        return sharing.posting_index_satisfied(
            consumers.sharing_propensity[i],
            self.model.terms.sharing.delight_slope,
            gap,
            money,
            consumers.credit_concern[i],
            reputation.credit_at_risk(consumers.credit_milli[i]),
        )

    def post_what_pays(self) -> PostDraft | None:
        """Return an opportunist's post of the best-paying product of some category."""
        model, i = self.model, self.row
        consumers = model.view.consumers
        if not (consumers.opportunist[i] and consumers.member[i]):
            return None
        if not is_rewarded(model.market_terms):
            return None
        u = draws.uniform(model.seed, i, NOBODY, model.week, draws.OPPORTUNIST_CATEGORY)
        category = demand.need_category(u, model.n_categories)
        merchant = model.shop_view.best_paying[category]
        if merchant == NOBODY:
            return None
        return self._post(category, merchant, True, sharing.BOAST, 0, NOBODY, NOBODY)

    def invite(self) -> PostDraft | None:
        """Return an invitation to join, now and then, while some follower is no member."""
        model, i = self.model, self.row
        consumers = model.view.consumers
        if not consumers.member[i]:
            return None
        u = draws.uniform(model.seed, i, NOBODY, model.week, draws.INVITE)
        willing = membership.invites(u, model.terms.sharing.invite_prob)
        if not willing or not self._knows_outsider():
            return None
        root = consumers.joined_root[i]
        return PostDraft(
            sharer=i,
            category=NOBODY,
            merchant=NOBODY,
            kind=INVITATION,
            rewarded=False,
            stated_quality=0.0,
            effort_fen=0,
            source_order=NOBODY,
            parent_share=consumers.joined_share[i] if root != NOBODY else NOBODY,
        )

    def _knows_outsider(self) -> bool:
        view, i = self.model.view, self.row
        return any(
            not view.consumers.member[view.ties.reader[tie]]
            for tie in range(view.ties.follower_start[i], view.ties.follower_start[i + 1])
        )

    def _post(
        self,
        category: int,
        merchant: int,
        rewarded: bool,
        stated: float,
        effort_fen: int,
        source_order: int,
        parent_share: int,
    ) -> PostDraft:
        return PostDraft(
            sharer=self.row,
            category=category,
            merchant=merchant,
            kind=PRODUCT,
            rewarded=rewarded,
            stated_quality=stated,
            effort_fen=effort_fen,
            source_order=source_order,
            parent_share=parent_share,
        )
