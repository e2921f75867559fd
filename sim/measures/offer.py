"""What stood on offer in a week, kept before merchants adapt."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.world.columns import I1, I2, I4, I8
from sim.world.world import World


class Offer(NamedTuple):
    """One row a merchant who sells this week, by id."""

    merchant: I4
    category: I2
    side: I1
    quality_level: I1
    unit_cost_fen: I8
    price_fen: I8
    bid_fen: I8


def offer_of(world: World) -> Offer:
    """Who sells what at which price (fen) this week; to be taken when the shop has opened.

    Merchants change price and quality at the end of a week, so what was sold and what was on offer
    must be read from here, not from the columns of the merchants.
    """
    sellers = np.sort(world.shop.catalogue)
    columns = world.merchants
    return Offer(
        merchant=sellers,
        category=columns.category[sellers],
        side=columns.side[sellers],
        quality_level=columns.quality_level[sellers],
        unit_cost_fen=columns.unit_cost_fen[sellers],
        price_fen=columns.price_fen[sellers],
        bid_fen=columns.bid_fen[sellers],
    )
