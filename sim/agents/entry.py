"""Who enters at the end of a quarter: as profit draws them, shelf by shelf, in order of coming."""

from __future__ import annotations

import numpy as np

from sim.agents.admission import arrival_order, first_by
from sim.agents.shop import shelves_of
from sim.agents.stock import ShelfStock
from sim.rules import investment
from sim.rules.sides import shelf_at
from sim.scenario import Scenario
from sim.world.columns import I8, NOBODY, MerchantColumns


def newcomers(
    seed: int,
    scenario: Scenario,
    merchants: MerchantColumns,
    stock: ShelfStock,
    n_sides: int,
    fixed_cost_fen: int,
) -> list[int]:
    """Rows of those who enter, of all admitted who never did.

    ``stock`` is what was earned since the last round, ``fixed_cost_fen`` what a merchant paid for
    itself meanwhile.
    """
    n_categories = scenario.demand.n_categories
    waiting = np.flatnonzero(merchants.admitted & (merchants.entered_week == NOBODY))
    arrival, shelf = arrival_order(seed, waiting), shelves_of(merchants, waiting, n_categories)
    selling = shelves_of(merchants, np.flatnonzero(merchants.active), n_categories)
    n_active, n_waiting = (
        np.bincount(here, minlength=n_sides * n_categories) for here in (selling, shelf)
    )
    n_drawn = np.array(
        [
            investment.n_drawn(
                n, profit_fen, n_before * fixed_cost_fen, scenario.merchants.entry_pace
            )
            for n, profit_fen, n_before in zip(
                n_active.tolist(), stock.profit_fen, stock.n_active, strict=True
            )
        ]
    )
    _let_one_into_the_deserted(n_drawn, n_active, n_waiting, n_sides)
    entering: list[int] = []
    for number, n in enumerate(n_drawn.tolist()):
        here = np.flatnonzero(shelf == number)
        entering += np.sort(waiting[here[first_by(arrival[here], n)]]).tolist()
    return entering


def _let_one_into_the_deserted(n_drawn: I8, n_active: I8, n_waiting: I8, n_sides: int) -> None:
    """Draw one to each deserted category that draws nobody, to the side where the fewest sell."""
    n_categories = len(n_active) // n_sides
    for category in range(n_categories):
        shelves = shelf_at(np.arange(n_sides), category, n_categories)
        is_deserted = investment.is_deserted(int(n_active[shelves].sum()))
        open_to = shelves[n_waiting[shelves] > 0]
        if is_deserted and not n_drawn[shelves].any() and len(open_to) > 0:
            n_drawn[open_to[np.argmin(n_active[open_to])]] = 1
