"""One world: the columns of everybody in it, built without knowing the market."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.allocation import return_large_blocks
from sim.compiled import compiled
from sim.network.ties import Network, out_degrees, packed_layer_of, starts
from sim.rules.attention import OUTERMOST
from sim.scenario import Scenario
from sim.world.applicants import applicants
from sim.world.columns import (
    B1,
    F4,
    F8,
    HOURS_PER_WEEK,
    I4,
    I8,
    MICRO,
    NOBODY,
    TIE_STATE,
    U2,
    U4,
    ConsumerColumns,
    MemoryColumns,
    MerchantColumns,
    PlatformColumns,
    PostColumns,
    RememberedColumns,
    ShopWindow,
    TieColumns,
)
from sim.world.people import people
from sim.world.posts import no_posts
from sim.world.remembered import nothing_remembered


@dataclass
class World:
    """All state of one run. Columns change in place; ``shop`` and ``posts`` are replaced weekly,
    ``remembered`` when it needs more room.
    """

    seed: int
    network: Network
    consumers: ConsumerColumns
    memory: MemoryColumns
    ties: TieColumns
    merchants: MerchantColumns
    platform: PlatformColumns
    shop: ShopWindow
    posts: PostColumns
    remembered: RememberedColumns

    @property
    def n_consumers(self) -> int:
        """Number of consumers, members or not."""
        return len(self.consumers.member)

    @property
    def n_categories(self) -> int:
        """Number of product categories."""
        return self.memory.last_merchant.shape[1]

    @property
    def n_merchants(self) -> int:
        """Number of merchants who ever applied, selling or not."""
        return len(self.merchants.category)


def build_world(scenario: Scenario, network: Network, seed: int) -> World:
    """Return the world of ``scenario`` on ``network`` before week 0, with no market in it yet."""
    return_large_blocks()
    consumers = people(scenario, network, seed)
    n, members = network.n_people, np.flatnonzero(consumers.member)
    n_categories = scenario.demand.n_categories
    ties = ties_of(network, scenario.network.max_followed)
    merchants = applicants(scenario, seed)
    few = len(merchants.category) <= np.iinfo(np.int16).max
    merchant_id: Any = np.int16 if few else np.int32
    return World(
        seed=seed,
        network=network,
        consumers=consumers,
        memory=MemoryColumns(
            last_merchant=np.full((n, n_categories), NOBODY, dtype=merchant_id),
            mean_experience=np.zeros((n, n_categories), dtype=np.float32),
            times=np.zeros((n, n_categories), dtype=np.uint8),
        ),
        ties=ties,
        merchants=merchants,
        platform=PlatformColumns(
            cash_fen=np.zeros(1, dtype=np.int64),
            outside_fen=np.zeros(1, dtype=np.int64),
            member_rate_micro=np.array([rates_micro(consumers.purchase_rate, members)]),
            rewarded_posts=np.zeros(1, dtype=np.int64),
            rewarded_orders=np.zeros(1, dtype=np.int64),
            side_cost_fen=np.zeros(1, dtype=np.int64),
        ),
        shop=_empty_shop(n_categories),
        posts=no_posts(0, max(scenario.referral.levels - 1, 0)),
        remembered=nothing_remembered(
            n, n_categories, scenario.sharing.memory_weeks, ties.nth.dtype
        ),
    )


@compiled
def rates_micro(rates: F8, chosen: I8) -> int:
    """Return the sum of these people's purchase rates, each in whole millionths.

    One more person who never buys adds nothing.
    """
    total = 0
    for person in chosen:
        total += math.floor(rates[person] * MICRO + 0.5)
    return total


def ties_of(network: Network, max_followed: int) -> TieColumns:
    """Return the ties of a network in week 0, with room for leaders whom people may follow."""
    degrees = out_degrees(network.n_people, network.reader)
    row_start = starts(degrees + max_followed)
    last_row = int(degrees.max(initial=0)) + max_followed
    nth: Any = np.empty(network.n_ties, dtype=np.min_scalar_type(last_row))
    n_ties = int(row_start[-1])
    # A table made empty has no stride: kernels would be compiled once more for it.
    state = np.zeros(max(n_ties, 1), dtype=TIE_STATE)[:n_ties]
    state["marks"] = OUTERMOST
    degrees[:] = 0
    _lay_out(network.reader, network.packed_layer, row_start, degrees, nth, state["marks"])
    return TieColumns(
        follower_start=network.follower_start,
        reader=network.reader,
        nth=nth,
        row_start=row_start,
        followed=np.full((network.n_people, max_followed), NOBODY, dtype=np.int32),
        weight=_stated_trust(network, row_start, nth),
        state=state,
        packed=state.view(np.int64),
        **{name: state[name] for name in TIE_STATE.names or ()},
    )


def _stated_trust(network: Network, row_start: I8, nth: B1 | U2 | U4) -> F4:
    """Return the trust that ties say themselves, by row; -1 for leaders who may be followed."""
    if network.weight is None or not network.weights_are_trust:
        return np.zeros(0, dtype=np.float32)
    trust = np.full(int(row_start[-1]), -1.0, dtype=np.float32)
    trust[row_start[network.reader] + nth] = network.weight
    return trust


@compiled
def _lay_out(
    reader: I4, packed_layer: B1, row_start: I8, n_before: I8, nth: B1 | U2 | U4, marks: B1
) -> None:
    """Number the ties of each reader by trusted person and note their layers."""
    for place in range(len(reader)):
        person = reader[place]
        nth[place] = n_before[person]
        marks[row_start[person] + n_before[person]] = packed_layer_of(packed_layer, place)
        n_before[person] += 1


def _empty_shop(n_categories: int) -> ShopWindow:
    none4: I4 = np.zeros(0, dtype=np.int32)
    return ShopWindow(
        catalogue_start=np.zeros(n_categories + 1, dtype=np.int64),
        catalogue=none4,
        ranked=none4,
        slot_winner=np.zeros((n_categories, HOURS_PER_WEEK, 0), dtype=np.int32),
        slot_price_fen=np.zeros((n_categories, HOURS_PER_WEEK, 0), dtype=np.int64),
        slot_click_prob=np.zeros(0),
        best_paying=np.full(n_categories, NOBODY, dtype=np.int32),
    )
