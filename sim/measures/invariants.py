"""What must hold at the end of every week, in every market. A breach stops the run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import ledger as books
from sim.ledger import CONSUMER, MERCHANT, PLATFORM, InvariantError
from sim.measures.passes import OF_EVERY_ORDER, OF_EVERYBODY, orders_hold, people_hold
from sim.measures.running import Running
from sim.week import WeekFlows
from sim.world.columns import MICRO, NOBODY, MerchantColumns, PostColumns
from sim.world.world import World

Breach = tuple[str, bool]


def check_week(model: Running, flows: WeekFlows) -> None:
    """Raises an `InvariantError` that names everything that is wrong with the week just closed.

    Conservation of money is checked by the ledger when it closes the week.
    """
    checks = (
        _money(model, flows),
        _orders(model, flows),
        _reads(model.world, flows),
        _posts(model.world.posts, model.world.consumers.member),
        _people(model.world),
        _merchants(model.world.merchants),
    )
    broken = [said for part in checks for said, holds in part if not holds]
    if broken:
        raise InvariantError(f"week {model.week}: it does not hold that " + "; that ".join(broken))


def _money(model: Running, flows: WeekFlows) -> Iterator[Breach]:
    totals, so_far = model.ledger.totals(model.week), model.ledger.totals_so_far()
    orders, wallets = flows.orders, model.world.consumers.wallet_fen

    def paid(payer_kind: int, payee_kind: int, purpose: int) -> int:
        return totals.get((payer_kind, payee_kind, purpose), (0, 0))[0]

    def ever(payer_kind: int, payee_kind: int, purpose: int) -> int:
        return so_far.get((payer_kind, payee_kind, purpose), (0, 0))[0]

    back = orders.price_fen[orders.refunded]
    back_in_money = back - orders.rebate_used_fen[orders.refunded]
    yield (
        "purchases are the prices of the orders",
        paid(CONSUMER, MERCHANT, books.PURCHASE) == orders.price_fen.sum(),
    )
    yield (
        "rebates are what the orders used",
        paid(PLATFORM, CONSUMER, books.REBATE) == orders.rebate_used_fen.sum(),
    )
    yield (
        "merchants return the price of refunded orders",
        paid(MERCHANT, PLATFORM, books.REFUND_RECOVERY) == back.sum(),
    )
    yield (
        "buyers get back what they paid in money for refunded orders",
        paid(PLATFORM, CONSUMER, books.REFUND) == back_in_money.sum(),
    )
    yield (
        "advertising is the price of the clicks",
        paid(MERCHANT, PLATFORM, books.AD_CLICK) == flows.clicks.price_fen.sum(),
    )
    restored = ever(MERCHANT, PLATFORM, books.REFUND_RECOVERY) - ever(
        PLATFORM, CONSUMER, books.REFUND
    )
    credited = ever(MERCHANT, PLATFORM, books.REBATE_FUNDING) + restored
    yield (
        "wallets hold what was credited and not spent",
        credited - ever(PLATFORM, CONSUMER, books.REBATE) == wallets.sum(),
    )


def _orders(model: Running, flows: WeekFlows) -> Iterator[Breach]:
    orders = flows.orders
    on_offer = np.zeros(model.world.n_merchants, dtype=np.bool_)
    on_offer[model.offer.merchant] = True
    found = orders_hold(
        orders.consumer,
        orders.category,
        orders.merchant,
        orders.channel,
        orders.share,
        orders.sharer,
        orders.price_fen,
        orders.rebate_used_fen,
        orders.refunded,
        orders.surplus_fen,
        on_offer,
    )
    yield "there are no more orders than choices", len(orders.consumer) <= flows.choices
    yield (
        "nobody weighs more products than there are looks",
        flows.examined <= flows.choices * model.scenario.demand.looks,
    )
    yield from zip(OF_EVERY_ORDER, found, strict=True)


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


def _posts(posts: PostColumns, member: NDArray[np.bool_]) -> Iterator[Breach]:
    fresh = slice(posts.fresh, None)
    share = np.arange(len(posts.sharer)) + posts.first_share
    is_root = posts.root_share == share
    yield (
        "new posts are sorted, one a sharer and category",
        _ascending(posts.sharer[fresh], posts.category[fresh]),
    )
    yield "only members post", bool(member[posts.sharer[fresh]].all())
    yield (
        "a share without parent, and no other, is a root",
        _same(posts.parent_share == NOBODY, is_root),
    )


def _people(world: World) -> Iterator[Breach]:
    people = world.consumers
    found = people_hold(
        people.member,
        people.joined_week,
        people.general_trust,
        people.market_belief,
        people.ad_lift,
        people.credit_milli,
        people.wallet_fen,
    )
    yield from zip(OF_EVERYBODY, found, strict=True)


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


def _same(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> bool:
    return bool((one == other).all())


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
