"""What must hold at the end of every week, in every market. A breach stops the run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import ledger as books
from sim.ledger import CONSUMER, MERCHANT, OUTSIDE, PLATFORM, InvariantError
from sim.measures.passes import OF_EVERY_ORDER, OF_EVERY_POST, OF_EVERYBODY
from sim.measures.running import Running
from sim.measures.week_sums import WeekSums, sums_of_week, total
from sim.week import WeekFlows
from sim.world.columns import CLICK_FEN, MICRO, MerchantColumns
from sim.world.world import World

Breach = tuple[str, bool]


def check_week(model: Running, flows: WeekFlows, sums: WeekSums | None = None) -> None:
    """Raises an `InvariantError` that names everything that is wrong with the week just closed.

    Conservation of money is checked by the ledger when it closes the week.
    """
    sums = sums_of_week(model, flows) if sums is None else sums
    checks = (
        _money(model, flows, sums),
        _orders(model, flows, sums),
        _reads(model.world, flows),
        _of_all(OF_EVERY_POST, [sums.posts_hold]),
        _of_all(OF_EVERYBODY, [part.hold for part in sums.people]),
        _merchants(model.world.merchants),
    )
    broken = [said for part in checks for said, holds in part if not holds]
    if broken:
        raise InvariantError(f"week {model.week}: it does not hold that " + "; that ".join(broken))


def _money(model: Running, flows: WeekFlows, sums: WeekSums) -> Iterator[Breach]:
    totals, so_far = model.ledger.totals(model.week), model.ledger.totals_so_far()

    def paid(payer_kind: int, payee_kind: int, purpose: int) -> int:
        return totals.get((payer_kind, payee_kind, purpose), (0, 0))[0]

    def ever(payer_kind: int, payee_kind: int, purpose: int) -> int:
        return so_far.get((payer_kind, payee_kind, purpose), (0, 0))[0]

    back = total(sums.orders, "refunded_price_fen")
    back_in_money = back - total(sums.orders, "refunded_used_fen")
    yield (
        "purchases are the prices of the orders",
        paid(CONSUMER, MERCHANT, books.PURCHASE) == total(sums.orders, "price_fen"),
    )
    yield (
        "rebates are what the orders used",
        paid(PLATFORM, CONSUMER, books.REBATE) == total(sums.orders, "used_fen"),
    )
    yield (
        "merchants return the price of refunded orders",
        paid(MERCHANT, PLATFORM, books.REFUND_RECOVERY) == back,
    )
    yield (
        "buyers get back what they paid in money for refunded orders",
        paid(PLATFORM, CONSUMER, books.REFUND) == back_in_money,
    )
    yield (
        "advertising is the price of the clicks",
        paid(MERCHANT, PLATFORM, books.AD_CLICK) == flows.click_sums[:, CLICK_FEN].sum(),
    )
    yield (
        "the costs of the sides are those of the platform",
        paid(PLATFORM, OUTSIDE, books.RUNNING_COST) + paid(PLATFORM, OUTSIDE, books.AUDIT)
        == model.world.platform.side_cost_fen.sum(),
    )
    restored = ever(MERCHANT, PLATFORM, books.REFUND_RECOVERY) - ever(
        PLATFORM, CONSUMER, books.REFUND
    )
    credited = ever(MERCHANT, PLATFORM, books.REBATE_FUNDING) + restored
    yield (
        "wallets hold what was credited and not spent",
        credited - ever(PLATFORM, CONSUMER, books.REBATE) == total(sums.people, "wallet_fen"),
    )


def _orders(model: Running, flows: WeekFlows, sums: WeekSums) -> Iterator[Breach]:
    yield "there are no more orders than choices", len(flows.orders.consumer) <= flows.choices
    yield (
        "nobody weighs more products than there are looks",
        flows.examined <= flows.choices * model.scenario.demand.looks,
    )
    yield from _of_all(OF_EVERY_ORDER, [part.hold for part in sums.orders])


def _of_all(said: tuple[str, ...], hold: Sequence[tuple[bool, ...]]) -> Iterator[Breach]:
    """What was looked at range by range, with whether it holds in all of them."""
    yield from zip(said, map(all, zip(*hold, strict=True)), strict=True)


def _reads(world: World, flows: WeekFlows) -> Iterator[Breach]:
    reads, posts = flows.reads, world.posts
    n_shares_before = posts.first_share + posts.fresh
    yield (
        "reads are sorted, one a consumer, share and channel",
        _ascending(reads.consumer, reads.share, reads.channel),
    )
    yield (
        "only posts of earlier weeks are read",
        bool(((reads.share >= 0) & (reads.share < n_shares_before)).all()),
    )
    yield "nobody reads their own posts", not (reads.consumer == reads.sharer).any()


def _merchants(merchants: MerchantColumns) -> Iterator[Breach]:
    yield "only admitted merchants sell", bool(merchants.admitted[merchants.active].all())
    yield "prices are above zero", bool((merchants.price_fen[merchants.active] > 0).all())
    yield (
        "reviews are between 0 and 1",
        bool(
            (merchants.review_sum_micro >= 0).all()
            and (merchants.review_sum_micro <= merchants.review_count * MICRO).all()
        ),
    )


def _ascending(*keys: NDArray[Any]) -> bool:
    """Whether rows are strictly ascending by the first key, then the next."""
    if len(keys[0]) < 2:
        return True
    below = np.zeros(len(keys[0]) - 1, dtype=np.bool_)
    equal = ~below
    for key in keys:
        below |= equal & (key[:-1] < key[1:])
        equal &= key[:-1] == key[1:]
    return bool(below.all())
