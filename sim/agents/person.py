"""What every role of a consumer needs: the own row, the ties to others, and trust in them today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.rules import choice, reputation, sharing, trust
from sim.rules.attention import OUTERMOST
from sim.rules.rewards import receiver_share, sender_cut
from sim.world.columns import LAYER_BITS, NOBODY

if TYPE_CHECKING:
    from sim.model import MarketModel


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
                return self._own_tie(middle)
            if friend < person:
                low = middle + 1
            else:
                high = middle
        for k in range(self.model.max_followed):
            if view.ties.followed[i, k] == person:
                return self._tie_to_leader(k)
        return NOBODY

    def _own_tie(self, place: int) -> int:
        """Return the tie that stands at this place of ``out_tie``."""
        view, i = self.model.view, self.row
        return int(view.ties.row_start[i] + place - view.out_start[i])

    def _tie_to_leader(self, k: int) -> int:
        """Return the tie to the k-th leader whom this consumer follows."""
        return int(self.model.view.ties.row_start[self.row + 1] - self.model.max_followed + k)

    def _layer_of(self, tie: int) -> int:
        return int(self.model.view.ties.marks[tie] & LAYER_BITS)

    def _evidence(self, tie: int) -> tuple[float, float]:
        """Return the pieces of (useful, useless) evidence left by now."""
        ties, kept_share = self.model.view.ties, self._kept_share(tie)
        return (
            trust.evidence_left(ties.useful_milli[tie], kept_share),
            trust.evidence_left(ties.useless_milli[tie], kept_share),
        )

    def _kept_share(self, tie: int) -> float:
        model = self.model
        return float(model.kept_share(model.week - model.view.ties.touched[tie]))

    def _trust_in(self, tie: int, person: int) -> float:
        """Return today's trust in this tie: prior by layer and standing, faded evidence."""
        terms, consumers = self.model.terms, self.model.view.consumers
        general_trust = consumers.general_trust[self.row]
        standing = reputation.credibility(
            consumers.insight[person], consumers.tier[person], terms.reputation
        )
        weight = self.model.view.ties.weight
        if len(weight) > 0 and weight[tie] >= 0.0:
            prior = trust.first_impression(weight[tie], general_trust, standing)
        else:
            prior = trust.prior_trust(self._layer_of(tie), general_trust, standing, terms.trust)
        return trust.tie_trust(prior, terms.trust.prior_strength, *self._evidence(tie))

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
        ties, kept_share = self.model.view.ties, self._kept_share(tie)
        ties.useful_milli[tie] = trust.evidence_after(ties.useful_milli[tie], kept_share, useful)
        ties.useless_milli[tie] = trust.evidence_after(ties.useless_milli[tie], kept_share, useless)
        ties.touched[tie] = self.model.week

    def _sincerity(self, tie: int, solicited: int) -> float:
        """Return how sincere a rewarded post over this tie (-1: none) is taken to be."""
        market, terms = self.model.market_terms, self.model.terms.sharing
        at_first = sharing.sincerity(
            sender_cut(market),
            self._layer_of(tie) if tie != NOBODY else OUTERMOST,
            solicited,
            receiver_share(market),
            market.disclosed,
            terms,
        )
        if tie == NOBODY:
            return at_first
        useful, _ = self._evidence(tie)
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
