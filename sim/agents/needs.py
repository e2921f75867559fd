"""Needs: in which categories a consumer needs something, this week and in those to come."""

from __future__ import annotations

from collections.abc import Collection

from sim import draws
from sim.agents.person import Person
from sim.rules import demand
from sim.world.columns import NOBODY
from sim.world.remembered import MOST_FORESEEN


class Needy(Person):
    """A consumer with needs: luck and traits alone decide when something is needed, and what."""

    def needs(self) -> list[int]:
        """Return the categories in which something is needed this week, in order."""
        needed = self._categories_needed(self.model.week)
        return sorted(category for category in needed if self._is_wanted(category))

    def asked_while_remembered(self) -> Collection[int]:
        """Return the categories of which a post read now can be asked while it is remembered.

        Nobody asks for any other one. Not known where posts are remembered for very long.
        """
        model, weeks = self.model, self.model.terms.attention.memory_weeks
        if weeks > MOST_FORESEEN:
            return range(model.n_categories)
        return set().union(*(self._categories_needed(model.week + ahead) for ahead in range(weeks)))

    def _categories_needed(self, week: int) -> set[int]:
        """Return the categories of all needs of a week, of things that are owned already too."""
        model, i = self.model, self.row
        n = demand.n_needs(
            draws.uniform(model.seed, i, NOBODY, week, draws.NEED_COUNT),
            model.view.consumers.purchase_rate[i],
        )
        return {self._category_needed(week, k) for k in range(n)}

    def _category_needed(self, week: int, need: int) -> int:
        model, i, consumers = self.model, self.row, self.model.view.consumers
        return demand.category_of_need(
            consumers.taste_x[i],
            consumers.taste_y[i],
            draws.uniform(model.seed, i, NOBODY, week, draws.NEED_CATEGORY, 2 * need),
            draws.uniform(model.seed, i, NOBODY, week, draws.NEED_CATEGORY, 2 * need + 1),
            model.scenario.demand.category_spread,
            model.n_categories,
        )

    def _is_wanted(self, category: int) -> bool:
        """Return whether something is needed here though one may own it already."""
        model, i = self.model, self.row
        repeat_share = model.scenario.demand.repeat_share
        if repeat_share >= 1.0 or model.view.memory.last_merchant[i, category] == NOBODY:
            return True
        u = draws.uniform(model.seed, i, category, model.week, draws.NEED_AGAIN)
        return demand.needed_again(u, repeat_share)
