"""Audits: who is admitted, who is found bad later, and whom the other side takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import draws, ledger
from sim.agents.admission import audit_signals, first_by, places
from sim.rules.screening import audit_score
from sim.world.applicants import BEST_LEVEL, LEVEL_SD, MEAN_LEVEL, fen
from sim.world.columns import F8, I1, I8, NOBODY

if TYPE_CHECKING:
    from sim.model import MarketModel


class Auditor:
    """Audits merchants for a platform; each side of a market by its own terms, at its own cost."""

    def __init__(self, model: MarketModel):
        self.model = model
        self.merchants = model.world.merchants
        #: Score of the last one admitted by each side that screens, by category.
        self._least_score: dict[int, list[float]] = {}

    def admit(self, side: int, arrival: F8) -> list[I8]:
        """Let a side choose among its own applicants; return those admitted by category, by id."""
        model, merchants, preference = self.model, self.merchants, arrival.copy()
        own = np.flatnonzero(merchants.side == side)
        screens = model.market.sides[side].screens(model.scenario)
        if screens:
            preference[own] = -self._audit(own, merchants.side[own])
        n_categories = model.scenario.demand.n_categories
        sizes = np.bincount(merchants.category[own], minlength=n_categories)
        admitted = []
        for category, n in enumerate(places(model.scenario.screening.admit_share, sizes)):
            here = own[merchants.category[own] == category]
            admitted.append(np.sort(here[first_by(preference[here], n)]))
            merchants.admitted[admitted[-1]] = True
        if screens:
            self._least_score[side] = [
                float(merchants.audit_score[chosen].min(initial=np.inf)) for chosen in admitted
            ]
        return admitted

    def found_bad(self) -> I8:
        """Audit some of those admitted again; return those who are to be delisted."""
        model, merchants = self.model, self.merchants
        screening = model.scenario.screening
        screens = np.array([side.screens(model.scenario) for side in model.market.sides])
        selling = np.flatnonzero(merchants.active & screens[merchants.side])
        luck = draws.uniform_column(model.seed, selling, NOBODY, model.week, draws.RECHECK)
        picked = selling[luck < screening.recheck_share]
        self._audit(picked, merchants.side[picked])
        return picked[merchants.audit_score[picked] < screening.delist_quality]

    def accepts(self, merchant: int, side: int) -> bool:
        """Return whether a side takes a merchant of the other one.

        If it screens, it audits, and wants what the last one had whom it admitted at first.
        """
        if not self.model.market.sides[side].screens(self.model.scenario):
            return True
        self._audit(np.array([merchant]), np.array([side], dtype=np.int8))
        least = self._least_score[side][self.merchants.category[merchant]]
        return bool(self.merchants.audit_score[merchant] >= least)

    def _audit(self, merchant: I8, side: I1) -> F8:
        """Audit these merchants, keep their scores, return the signals; each side pays its own."""
        model, merchants = self.model, self.merchants
        screening = model.scenario.screening
        signals = audit_signals(
            model.seed,
            model.week,
            merchant,
            (merchants.quality_level[merchant].astype(np.float64) - MEAN_LEVEL) / LEVEL_SD,
            screening.audit_correlation,
        )
        merchants.audit_score[merchant] = [
            audit_score(
                float(signal),
                screening.audit_correlation,
                MEAN_LEVEL / BEST_LEVEL,
                LEVEL_SD / BEST_LEVEL,
            )
            for signal in signals
        ]
        cost_fen = fen(screening.audit_cost_yuan)
        model.ledger.transfer_many(
            ledger.PLATFORM,
            NOBODY,
            ledger.OUTSIDE,
            NOBODY,
            np.full(len(merchant), cost_fen),
            ledger.AUDIT,
        )
        np.add.at(model.world.platform.side_cost_fen, side, cost_fen)
        return signals
