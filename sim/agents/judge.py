"""Judges: consumers who live what they bought and hold it against what they were told."""

from __future__ import annotations

from sim import draws
from sim.agents.drafts import CreditDraft
from sim.agents.person import Person
from sim.money import whole_fen
from sim.rules import attention, belief, choice, sides, trust
from sim.world.columns import AD, MICRO, MOST_TIMES, NOBODY


class Judge(Person):
    """A consumer after use."""

    def experience(self, order_row: int) -> CreditDraft | None:
        """Live the quality of one order; return what it says about the sharer who brought it."""
        model, i, view = self.model, self.row, self.model.view
        order = model.order_view
        merchant, category = order.merchant[order_row], order.category[order_row]
        terms = model.terms.belief
        z = draws.normal_of(draws.uniform(model.seed, i, merchant, model.week, draws.EXPERIENCE))
        x = belief.experience(
            view.merchants.quality[merchant], terms.own_precision * view.consumers.insight[i], z
        )
        order.experienced_quality[order_row] = x
        order.surplus_fen[order_row] = self._surplus_fen(order_row)
        market = view.consumers.market_belief[i]
        if order.channel[order_row] == AD:
            view.consumers.ad_lift[i] = belief.move_towards(
                view.consumers.ad_lift[i], x - market, terms.ad_lift_rate
            )
        view.consumers.market_belief[i] = belief.move_towards(market, x, terms.market_belief_rate)
        self._value_side(order_row, x)
        self._learn_product(category, merchant, x)
        self._review(merchant, x)
        if order.share[order_row] == NOBODY:
            return None
        return self._judge_sharer(order_row, x)

    def _value_side(self, order_row: int, x: float) -> None:
        """Move what buying on a side has been worth towards what this order was; 0 if refunded.

        A rebate counts where it is earned, not where it is spent.
        """
        model, i, consumers, order = (
            self.model,
            self.row,
            self.model.view.consumers,
            self.model.order_view,
        )
        if len(model.market.sides) == 1:
            return
        merchant, gain = order.merchant[order_row], 0.0
        if not order.refunded[order_row]:
            rebate_rate = model.platform.terms_of(merchant).rebate_rate
            paid = sides.worth_paying(order.price_fen[order_row], rebate_rate)
            gain = choice.true_utility(
                consumers.price_sensitivity[i], paid, x, self._match(merchant), model.terms.choice
            )
        side = model.view.merchants.side[merchant]
        consumers.side_gain[i, side] = belief.move_towards(
            consumers.side_gain[i, side], gain, model.terms.sides.gain_rate
        )

    def _learn_product(self, category: int, merchant: int, x: float) -> None:
        memory, i = self.model.view.memory, self.row
        if memory.last_merchant[i, category] == merchant:
            times = memory.times[i, category]
            memory.mean_experience[i, category] = belief.running_mean(
                memory.mean_experience[i, category], times, x
            )
            memory.times[i, category] = min(times + 1, MOST_TIMES)
        else:
            memory.last_merchant[i, category] = merchant
            memory.mean_experience[i, category] = x
            memory.times[i, category] = 1

    def _review(self, merchant: int, x: float) -> None:
        """Leave a review now and then; a bad seller may add fake ones behind it."""
        model, i, merchants = self.model, self.row, self.model.view.merchants
        reviews = model.scenario.reviews
        u = draws.uniform(model.seed, i, merchant, model.week, draws.REVIEW)
        if u >= reviews.review_prob:
            return
        merchants.review_count[merchant] += 1
        merchants.review_sum_micro[merchant] += belief.review_score_micro(x)
        u = draws.uniform(model.seed, i, merchant, model.week, draws.FAKE_REVIEW)
        fake = belief.fake_reviews(u, reviews.fake_share, merchants.quality[merchant])
        merchants.review_count[merchant] += fake
        merchants.review_sum_micro[merchant] += MICRO * fake

    def _judge_sharer(self, order_row: int, x: float) -> CreditDraft:
        """Hold a referred purchase against what was stated: tie evidence, general trust, credit.

        Who bought through the own post learns nothing about others, but the platform counts it.
        """
        model, i, view = self.model, self.row, self.model.view
        order, terms, posts = model.order_view, model.terms.trust, model.post_view
        post = order.share[order_row] - posts.first_share
        useful = trust.outcome_useful(x, posts.stated_quality[post], terms.tolerance)
        good, bad = trust.evidence_of(useful, 0, terms)
        sharer, tie = posts.sharer[post], order.tie[order_row]
        if sharer == i:
            return CreditDraft(order_row, sharer, useful)
        if tie != NOBODY:
            self._add_evidence(tie, good, bad)
        elif useful:
            self._consider_following(sharer)
        view.consumers.general_trust[i] = trust.general_trust_after(
            view.consumers.general_trust[i], useful, terms.general_trust_rate
        )
        return CreditDraft(order_row, sharer, useful)

    def _consider_following(self, leader: int) -> None:
        """Begin to follow a leader whose recommendation proved useful, while there is room."""
        model, i, followed = self.model, self.row, self.model.view.ties.followed
        u = draws.uniform(model.seed, i, leader, model.week, draws.FOLLOW)
        willing = attention.follows(u, model.terms.sharing.follow_prob)
        if not willing or self.tie_to(leader) != NOBODY:
            return
        for k in range(model.max_followed):
            if followed[i, k] == NOBODY:
                followed[i, k] = leader
                model.view.consumers.followers[leader] += 1
                return

    def _surplus_fen(self, order_row: int) -> int:
        """Return the money value of an order over not buying, at true quality; 0 when refunded."""
        model, i, view = self.model, self.row, self.model.view
        order = model.order_view
        if order.refunded[order_row]:
            return 0
        merchant = order.merchant[order_row]
        alpha = view.consumers.price_sensitivity[i]
        paid = (order.price_fen[order_row] - order.rebate_used_fen[order_row]) / 100.0
        value = choice.true_utility(
            alpha,
            paid,
            view.merchants.quality[merchant],
            self._match(merchant),
            model.terms.choice,
        )
        yuan = choice.surplus_yuan(alpha, value, order.shock_gain[order_row])
        return whole_fen(yuan)
