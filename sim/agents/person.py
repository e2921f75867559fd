"""What every role of a consumer needs: the own row, the ties to others, and trust in them today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules import choice, reputation, sharing, trust
from sim.rules.rewards import receiver_share, sender_cut
from sim.world.columns import NOBODY

if TYPE_CHECKING:
    from sim.model import MarketModel

#: Closeness layer of leaders whom one begins to follow: the outermost.
FOLLOWED_LAYER = 3


class Person:
    """Row ``row`` of the consumer columns; no state of its own."""

    model: MarketModel
    row: int

    def tie_to(self, person: int) -> int:
        """Return the tie over which this consumer trusts ``person``, -1 where there is none."""
        view, i = self.model.view, self.row
        low, high = view.out_start[i], view.out_start[i + 1]
        while low < high:
            middle = (low + high) // 2
            friend = view.trusted[view.out_tie[middle]]
            if friend == person:
                return int(view.out_tie[middle])
            if friend < person:
                low = middle + 1
            else:
                high = middle
        width = self.model.max_followed
        for k in range(width):
            if view.ties.followed[i, k] == person:
                return self.model.n_ties + i * width + k
        return NOBODY

    def _layer_of(self, tie: int) -> int:
        return self.model.view.ties.layer[tie] if tie < self.model.n_ties else FOLLOWED_LAYER

    def _trust_in(self, tie: int, person: int) -> float:
        """Return today's trust in this tie: prior by layer and standing, faded evidence."""
        model, view = self.model, self.model.view
        terms, ties, consumers = model.terms, view.ties, view.consumers
        weeks = model.week - ties.touched[tie]
        prior = trust.prior_trust(
            self._layer_of(tie),
            consumers.general_trust[self.row],
            reputation.credibility(
                consumers.insight[person], consumers.tier[person], terms.reputation
            ),
            terms.trust,
        )
        return trust.tie_trust(
            prior,
            terms.trust.prior_strength,
            trust.faded(ties.useful[tie], terms.trust.forgetting, weeks),
            trust.faded(ties.useless[tie], terms.trust.forgetting, weeks),
        )

    def _trust_in_stranger(self, leader: int) -> float:
        """Return today's trust in a leader to whom there is no tie."""
        model, consumers = self.model, self.model.view.consumers
        return trust.prior_trust(
            NOBODY,
            consumers.general_trust[self.row],
            reputation.credibility(
                consumers.insight[leader], consumers.tier[leader], model.terms.reputation
            ),
            model.terms.trust,
        )

    def _add_evidence(self, tie: int, useful: float, useless: float) -> None:
        model, ties = self.model, self.model.view.ties
        weeks = model.week - ties.touched[tie]
        forgetting = model.terms.trust.forgetting
        ties.useful[tie] = trust.faded_then_added(ties.useful[tie], forgetting, weeks, useful)
        ties.useless[tie] = trust.faded_then_added(ties.useless[tie], forgetting, weeks, useless)
        ties.touched[tie] = model.week

    def _sincerity(self, tie: int, solicited: int) -> float:
        """Return how sincere a rewarded post over this tie (-1: none) is taken to be."""
        model, market, terms = self.model, self.model.market_terms, self.model.terms.sharing
        at_first = sharing.sincerity(
            sender_cut(market),
            self._layer_of(tie) if tie != NOBODY else FOLLOWED_LAYER,
            solicited,
            receiver_share(market),
            market.symbolic,
            market.disclosed,
            terms,
        )
        if tie == NOBODY:
            return at_first
        ties = model.view.ties
        useful = trust.faded(
            ties.useful[tie], model.terms.trust.forgetting, model.week - ties.touched[tie]
        )
        return sharing.learned_sincerity(at_first, useful, terms.sincerity_learning)

    def _match(self, merchant: int) -> float:
        view, i = self.model.view, self.row
        return choice.match_value(
            choice.taste_distance2(
                view.consumers.taste_x[i],
                view.consumers.taste_y[i],
                view.merchants.taste_x[merchant],
                view.merchants.taste_y[merchant],
            )
        )

    def _would_want(self, merchant: int) -> bool:
        view, i = self.model.view, self.row
        return choice.wants_at_true_quality(
            view.consumers.price_sensitivity[i],
            view.merchants.price_fen[merchant] / 100.0,
            view.merchants.quality[merchant],
            self._match(merchant),
            self.model.terms.choice,
        )
