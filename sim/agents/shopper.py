"""Shoppers: what a consumer in need looks at, what they believe of it, what they buy."""

from __future__ import annotations

import numpy as np

from sim import draws
from sim.agents.drafts import ClickDraft, OrderDraft, ReadDraft
from sim.agents.needs import Needy
from sim.rules import attention, belief, choice, pricing, sides
from sim.rules.rewards import uses_own_link
from sim.world.columns import (
    AD,
    CATALOGUE,
    FIXED_POINT,
    HABIT,
    HOURS_PER_WEEK,
    LEADER,
    MICRO,
    NOBODY,
    ORGANIC,
    SHARE,
)


class Look:
    """One product under examination: how it was found and what friends said about it."""

    __slots__ = ("channel", "merchant", "share", "tie")

    def __init__(self, merchant: int, channel: int, share: int = NOBODY, tie: int = NOBODY):
        self.merchant = merchant
        self.channel = channel
        self.share = share
        self.tie = tie


class Shopper(Needy):
    """A consumer who looks for what is needed."""

    def choose(self) -> tuple[list[OrderDraft], list[ReadDraft], list[ClickDraft], int, int]:
        """Return orders, looked-up reads, paid clicks, choices made, products examined."""
        model, i = self.model, self.row
        orders: list[OrderDraft] = []
        reads: list[ReadDraft] = []
        clicks: list[ClickDraft] = []
        examined = choices = 0
        wallet = model.view.consumers.wallet_fen[i]
        needs = self.needs() if model.merchants else []
        if needs and model.view.consumers.member[i]:
            self._reconsider_side()
        for category in needs:
            heard = self._remembered_posts(category)
            looks = self.look_around(category, heard, reads, clicks)
            if not looks:
                continue
            choices += 1
            examined += len(looks)
            order = self.decide(category, looks, heard, wallet)
            if order is not None:
                wallet -= order.rebate_used_fen
                orders.append(order)
        return orders, reads, clicks, choices, examined

    def _reconsider_side(self) -> None:
        """Think over, now and then, on which side of the market to look."""
        model, i, consumers = self.model, self.row, self.model.view.consumers
        if len(model.market.sides) == 1:
            return
        u = draws.uniform(model.seed, i, NOBODY, model.week, draws.RECONSIDER)
        if sides.reconsiders(u, model.terms.sides.reconsider_prob):
            consumers.side[i] = sides.side_to_look(
                draws.uniform(model.seed, i, NOBODY, model.week, draws.SIDE),
                consumers.side_gain[i, sides.SHARING_SIDE],
                consumers.side_gain[i, sides.AD_SIDE],
            )

    def _shelf(self, category: int) -> int:
        """Return the shelf at which this consumer looks for something of a category."""
        model = self.model
        return sides.shelf_at(model.view.consumers.side[self.row], category, model.n_categories)

    def look_around(
        self,
        category: int,
        heard: list[tuple[int, int]],
        reads: list[ReadDraft],
        clicks: list[ClickDraft],
    ) -> list[Look]:
        """Return at most ``looks`` products: habit, friends, leaders, slots, list, catalogue.

        Who is no member yet sees only what friends pass on. A post looked up at a leader's joins
        the (post row, tie) of those ``heard``.
        """
        model, i = self.model, self.row
        member = model.view.consumers.member[i]
        room = model.n_looks - model.n_catalogue_looks
        looks: list[Look] = []
        if member:
            habit = model.view.memory.last_merchant[i, category]
            if habit != NOBODY and model.view.merchants.active[habit] and room > 0:
                looks.append(Look(habit, HABIT))
        self._look_at_recommended(heard, looks, room)
        if member:
            self._look_up_leader(category, looks, room, heard, reads)
            self._look_at_slots(category, looks, room, clicks)
            self._look_down_the_list(category, looks, room)
            self._look_into_catalogue(category, looks)
        return looks

    def _look_at_recommended(
        self, heard: list[tuple[int, int]], looks: list[Look], room: int
    ) -> None:
        model, posts = self.model, self.model.post_view
        for post, tie in heard:
            if len(looks) >= room:
                return
            merchant = posts.merchant[post]
            if self._is_warned(post):
                continue
            if model.view.merchants.active[merchant] and not _among(looks, merchant):
                looks.append(Look(merchant, SHARE, posts.first_share + post, tie))

    def _is_warned(self, post: int) -> bool:
        """Return whether a post, to this consumer, is a warning.

        A warning informs whoever weighs the product; it sends nobody to look for it.
        """
        model = self.model
        stated = model.post_view.stated_quality[post]
        return bool(stated < model.view.consumers.market_belief[self.row])

    def _remembered_posts(self, category: int) -> list[tuple[int, int]]:
        """Return (post row, tie) of remembered posts in ``category``, the last one read first.

        Reading those of a week begins at any of them, by luck: so nobody is always the last.
        """
        model, i, remembered = self.model, self.row, self.model.remembered_view
        n_weeks = model.terms.attention.memory_weeks
        found = []
        for weeks_ago in range(n_weeks):
            row = (model.week - weeks_ago) % n_weeks
            of_week = [
                (
                    remembered.share[row, k] - model.post_view.first_share,
                    model.view.ties.row_start[i] + remembered.nth[row, k],
                )
                for k in reversed(range(remembered.start[row, i], remembered.start[row, i + 1]))
                if remembered.category[row, k] == category
            ]
            if len(of_week) > 1:
                u = draws.uniform(model.seed, i, category, model.week - weeks_ago, draws.LAST_READ)
                last = int(u * len(of_week))
                of_week = of_week[last:] + of_week[:last]
            found += of_week
        return found

    def _look_up_leader(
        self,
        category: int,
        looks: list[Look],
        room: int,
        heard: list[tuple[int, int]],
        reads: list[ReadDraft],
    ) -> None:
        model, i, posts = self.model, self.row, self.model.post_view
        start, end = model.leader_start[category], model.leader_start[category + 1]
        if start == end or len(looks) >= room:
            return
        u = draws.uniform(model.seed, i, category, model.week, draws.LEADER_LOOKUP)
        if not attention.looks_up(u, model.terms.sharing.leader_lookup_prob):
            return
        u = draws.uniform(model.seed, i, category, model.week, draws.LEADER_PICK)
        post = int(model.leader_posts[start + int(u * (end - start))])
        leader, merchant = posts.sharer[post], posts.merchant[post]
        if leader == i or not model.view.merchants.active[merchant]:
            return
        tie = self.tie_to(leader)
        reads.append(
            ReadDraft(
                consumer=i,
                share=posts.first_share + post,
                sharer=leader,
                merchant=merchant,
                channel=LEADER,
                layer=self._layer_of(tie) if tie != NOBODY else NOBODY,
                earlier_reads=model.view.ties.reads[tie] if tie != NOBODY else 0,
                friends_sharing=0,
                useless=not self._would_want(merchant),
            )
        )
        if all(post != known for known, _ in heard):
            heard.append((post, tie))
        if not self._is_warned(post) and not _among(looks, merchant):
            looks.append(Look(merchant, LEADER, posts.first_share + post, tie))

    def _look_at_slots(
        self, category: int, looks: list[Look], room: int, clicks: list[ClickDraft]
    ) -> None:
        model, i, shop = self.model, self.row, self.model.shop_view
        n_slots = model.n_slots
        if n_slots == 0:
            return
        u = draws.uniform(model.seed, i, category, model.week, draws.ARRIVAL_HOUR)
        hour, shelf = int(u * HOURS_PER_WEEK), self._shelf(category)
        for slot in range(n_slots):
            if len(looks) >= room:
                return
            merchant = shop.slot_winner[shelf, hour, slot]
            if merchant == NOBODY or _among(looks, merchant):
                continue
            u = draws.uniform(model.seed, i, merchant, model.week, draws.SLOT_CLICK)
            if u < shop.slot_click_prob[slot]:
                looks.append(Look(merchant, AD))
                clicks.append(ClickDraft(i, merchant, shop.slot_price_fen[shelf, hour, slot]))

    def _look_down_the_list(self, category: int, looks: list[Look], room: int) -> None:
        model, i, shop = self.model, self.row, self.model.shop_view
        prob, shelf = model.scenario.demand.ranked_examine_prob, self._shelf(category)
        for place in range(shop.catalogue_start[shelf], shop.catalogue_start[shelf + 1]):
            if len(looks) >= room:
                return
            merchant = shop.ranked[place]
            if _among(looks, merchant):
                continue
            if draws.uniform(model.seed, i, merchant, model.week, draws.RANKED_LOOK) < prob:
                looks.append(Look(merchant, ORGANIC))

    def _look_into_catalogue(self, category: int, looks: list[Look]) -> None:
        model, i, shop = self.model, self.row, self.model.shop_view
        shelf = self._shelf(category)
        start = shop.catalogue_start[shelf]
        n = shop.catalogue_start[shelf + 1] - start
        if n == 0:
            return
        for attempt in range(2 * model.n_looks):
            if len(looks) >= model.n_looks:
                return
            u = draws.uniform(model.seed, i, category, model.week, draws.CATALOGUE_LOOK, attempt)
            merchant = shop.catalogue[start + int(u * n)]
            if not _among(looks, merchant):
                looks.append(Look(merchant, CATALOGUE))

    def decide(
        self, category: int, looks: list[Look], heard: list[tuple[int, int]], wallet: int
    ) -> OrderDraft | None:
        """Return the order for the best product examined, None where not buying is best."""
        model, i = self.model, self.row
        consumers, merchants = model.view.consumers, model.view.merchants
        alpha = consumers.price_sensitivity[i]
        utilities, beliefs = [], []
        for look in looks:
            mean, precision = self.belief_about(category, look, heard)
            price = merchants.price_fen[look.merchant]
            utility = choice.utility(
                alpha,
                price / 100.0,
                min(wallet, price) / 100.0,
                mean,
                1.0 / precision,
                self._match(look.merchant),
                model.terms.choice,
            )
            utilities.append(utility)
            beliefs.append(mean)
        largest = max(0.0, *utilities)
        weights = [choice.option_weight(utility, largest) for utility in utilities]
        weight_outside = choice.option_weight(0.0, largest)
        total = weight_outside
        for weight in weights:
            total += weight
        self._leave_demand(looks, [weight / total for weight in weights], alpha)
        u_outside = draws.uniform(model.seed, i, NOBODY, model.week, draws.CHOICE_SHOCK, category)
        best, u_best, first = -1, u_outside, choice.arrival(u_outside, weight_outside)
        for k, look in enumerate(looks):
            u = draws.uniform(model.seed, i, look.merchant, model.week, draws.CHOICE_SHOCK)
            arrival = choice.arrival(u, weights[k])
            if arrival < first:
                best, u_best, first = k, u, arrival
        if best < 0:
            return None
        look = looks[best]
        share, channel = look.share, look.channel
        if uses_own_link(model.market_terms.self_referral_guard, share != NOBODY):
            own_post = self._own_rewarded_post(look.merchant)
            if own_post != NOBODY:
                share, channel = model.post_view.first_share + own_post, SHARE
        price = merchants.price_fen[look.merchant]
        return OrderDraft(
            consumer=i,
            category=category,
            merchant=look.merchant,
            channel=channel,
            share=share,
            sharer=model.post_view.sharer[share - model.post_view.first_share]
            if share != NOBODY
            else NOBODY,
            tie=look.tie,
            layer=self._layer_of(look.tie) if look.tie != NOBODY else NOBODY,
            price_fen=price,
            rebate_used_fen=min(wallet, price),
            expected_quality=beliefs[best],
            shock_gain=choice.shock_gain(u_best, u_outside),
        )

    def _own_rewarded_post(self, merchant: int) -> int:
        """Return the row of the own last rewarded post about a product within memory, or -1."""
        model, posts, found = self.model, self.model.post_view, NOBODY
        first, end = np.searchsorted(model.own_post_sharer, (self.row, self.row + 1))
        for row in model.own_post[first:end].tolist():
            if posts.rewarded[row] and posts.merchant[row] == merchant:
                found = row
        return found

    def belief_about(
        self, category: int, look: Look, heard: list[tuple[int, int]]
    ) -> tuple[float, float]:
        """Return (mean, precision) of the believed quality, all sources combined."""
        model, i, view = self.model, self.row, self.model.view
        terms, posts, merchant = model.terms.belief, model.post_view, look.merchant
        market = view.consumers.market_belief[i]
        mean, precision = market, terms.prior_precision
        if view.memory.last_merchant[i, category] == merchant:
            mean, precision = belief.combine(
                mean,
                precision,
                view.memory.mean_experience[i, category],
                belief.own_signal_precision(
                    terms.own_precision, view.consumers.insight[i], view.memory.times[i, category]
                ),
            )
        n_reviews = view.merchants.review_count[merchant]
        if n_reviews > 0:
            mean, precision = belief.combine(
                mean,
                precision,
                view.merchants.review_sum_micro[merchant] / (n_reviews * MICRO),
                belief.review_precision(
                    terms.review_precision,
                    n_reviews,
                    terms.review_saturation,
                    terms.stranger_credibility,
                ),
            )
        for post, tie in heard:
            if posts.merchant[post] == merchant:
                mean, precision = self._hear(mean, precision, post, tie)
        if look.channel == AD:
            mean, precision = belief.combine(
                mean,
                precision,
                belief.advertised_quality(market, view.consumers.ad_lift[i]),
                terms.ad_precision,
            )
        return mean, precision

    def _hear(self, mean: float, precision: float, post: int, tie: int) -> tuple[float, float]:
        """Return the belief after one post that was looked for: the statement, weighed by trust."""
        model, posts = self.model, self.model.post_view
        sharer = posts.sharer[post]
        if tie != NOBODY:
            trusted_at = self._trust_in(tie, sharer)
        else:
            trusted_at = self._trust_in_stranger(sharer)
        sincere = self._sincerity(tie, solicited=1) if posts.rewarded[post] else 1.0
        return belief.combine(
            mean,
            precision,
            posts.stated_quality[post],
            belief.post_precision(model.terms.belief.friend_precision, trusted_at, sincere),
        )

    def _leave_demand(self, looks: list[Look], probs: list[float], alpha: float) -> None:
        """Add this choice's probabilities to the merchants' demand sums, in whole numbers."""
        merchants = self.model.view.merchants
        for look, prob in zip(looks, probs, strict=True):
            merchants.demand_prob_sum[look.merchant] += int(prob * FIXED_POINT + 0.5)
            merchants.demand_slope_sum[look.merchant] += int(
                pricing.demand_slope(alpha, prob, 1.0 - prob) * FIXED_POINT + 0.5
            )


def _among(looks: list[Look], merchant: int) -> bool:
    return any(look.merchant == merchant for look in looks)
