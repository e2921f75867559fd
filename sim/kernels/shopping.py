"""Choosing, for a range of consumers at once: as ``sim.agents.shopper`` does.

Choices are taken some at a time: first luck is drawn for all of them in vector instructions, then
what is found and believed is laid out in short columns, then they are decided one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.looking import (
    Looks,
    Luck,
    draw_luck,
    look_around,
    no_looks,
    nothing_drawn,
    put_looked_up,
)
from sim.kernels.needs import needs_of
from sim.kernels.recalling import Choices, Heard, no_choices, nothing_heard, recall
from sim.kernels.references import for_kernels
from sim.kernels.situation import Situation, first_reader_from, layer_of, would_want
from sim.kernels.weighing import (
    Signals,
    Weighed,
    decide,
    expect,
    learn,
    meet,
    no_signals,
    nothing_weighed,
)
from sim.rules.attention import AttentionTerms
from sim.rules.rewards import uses_own_link
from sim.world.columns import F8, I8, NOBODY, SHARE, OrderColumns

#: Whole numbers of an order: consumer, category, merchant, channel, share, sharer, tie, layer,
#: price and rebate used in fen; and its reals: expected quality and shock gain.
ORDER_FIELDS = 10
ORDER_REALS = 2
READ_FIELDS = 9
CLICK_FIELDS = 3
#: Choices that are taken together: what they weigh fills the vectors and stays in the cache.
AT_ONCE = 64
#: Posts remembered there is room for beside those of one choice; else fewer choices are taken.
HEARD_AT_ONCE = 512


class ChoiceRoom(NamedTuple):
    """Room for the choices that are taken together."""

    choices: Choices
    heard: Heard
    luck: Luck
    looks: Looks
    weighed: Weighed
    signals: Signals


def room_for_choices(
    n_looks: int, n_merchants: int, n_slots: int, attention: AttentionTerms
) -> ChoiceRoom:
    """Return room for choices with so many looks each."""
    most_heard = attention.attention * attention.memory_weeks + HEARD_AT_ONCE
    return ChoiceRoom(
        for_kernels(no_choices(AT_ONCE)),
        for_kernels(nothing_heard(most_heard)),
        for_kernels(nothing_drawn(AT_ONCE, n_slots)),
        for_kernels(no_looks(AT_ONCE * n_looks, n_merchants)),
        for_kernels(nothing_weighed(AT_ONCE * n_looks)),
        for_kernels(no_signals(most_heard + AT_ONCE)),  # and one post of a leader's each
    )


@compiled(nogil=True)
def choose_products(
    s: Situation, first: int, end: int, room: ChoiceRoom, demand_sums: I8, keeps_rows: bool
) -> tuple[I8, F8, I8, I8, int, int, int, int]:
    """Let consumers ``first:end`` choose; demand is added to ``demand_sums``, [n_merchants, 2].

    Return orders (whole numbers, reals), posts looked up (no rows of them where nobody keeps
    these), paid clicks, choices, products examined, posts looked up and useless ones among them.
    """
    shoppers, categories = needs_of(s, first, end)
    most, n_slots = len(shoppers), len(s.shop.slot_click_prob)
    most_heard = s.terms.attention.attention * s.terms.attention.memory_weeks
    orders, reals = np.empty((most, ORDER_FIELDS), np.int64), np.empty((most, ORDER_REALS))
    reads = np.empty((most if keeps_rows else 0, READ_FIELDS), np.int64)
    clicks = np.empty((most * n_slots, CLICK_FIELDS), np.int64)
    n_orders = n_reads = n_useless = n_clicks = n_choices = n_examined = 0
    choices, heard, luck, looks = room.choices, room.heard, room.luck, room.looks
    weighed, signals = room.weighed, room.signals
    looks_before, shopper, wallet, begin = 0, NOBODY, 0, 0
    while begin < most:
        until = min(begin + AT_ONCE, most)
        together = recall(
            s, shoppers[begin:until], categories[begin:until], choices, heard, most_heard
        )
        draw_luck(s, choices, together, luck)
        n = n_signals = 0
        for k in range(together):
            found = look_around(
                s, choices, k, together, luck, heard, looks, n, looks_before, clicks, n_clicks
            )
            n_signals = expect(
                s, choices, k, heard, found, looks, n, looks_before, weighed, signals, n_signals
            )
            if found.post != NOBODY:
                useless = not would_want(s, choices.shopper[k], s.facts.merchant[found.post])
                if keeps_rows:
                    put_looked_up(
                        s, choices.shopper[k], found.post, found.tie, useless, reads, n_reads
                    )
                n_reads += 1
                n_useless += useless
            n_clicks += found.n_clicked
            n_choices += found.end > n
            n = choices.looks_until[k] = found.end
        n_examined += n
        learn(s, looks, n, weighed, signals, n_signals)
        meet(s, looks, n, weighed)
        looks_before += n
        n = 0
        for k in range(together):
            consumer, after = choices.shopper[k], choices.looks_until[k]
            if after == n:
                continue
            if consumer != shopper:
                shopper, wallet = consumer, s.consumers.wallet_fen[consumer]
            best = decide(
                s, consumer, wallet, looks, n, after, weighed, luck.nothing[k], demand_sums
            )
            n = after
            if best == NOBODY:
                continue
            reals[n_orders, 0] = weighed.mean[best]
            reals[n_orders, 1] = draws.gumbel_of(weighed.luck[best]) - draws.gumbel_of(
                luck.nothing[k]
            )
            _order(s, consumer, choices.category[k], wallet, looks, best, orders, n_orders)
            wallet -= orders[n_orders, 9]
            n_orders += 1
        begin += together
    return (
        orders[:n_orders],
        reals[:n_orders],
        reads[: n_reads if keeps_rows else 0],
        clicks[:n_clicks],
        n_choices,
        n_examined,
        n_reads,
        n_useless,
    )


@compiled(nogil=True)
def file_orders(rows: I8, reals: F8, at: int, orders: OrderColumns) -> None:
    """Put a range's orders into the columns of the week, from row ``at`` on."""
    for k in range(len(rows)):
        row = at + k
        orders.consumer[row] = rows[k, 0]
        orders.category[row] = rows[k, 1]
        orders.merchant[row] = rows[k, 2]
        orders.channel[row] = rows[k, 3]
        orders.share[row] = rows[k, 4]
        orders.sharer[row] = rows[k, 5]
        orders.tie[row] = rows[k, 6]
        orders.layer[row] = rows[k, 7]
        orders.price_fen[row] = rows[k, 8]
        orders.rebate_used_fen[row] = rows[k, 9]
        orders.expected_quality[row] = reals[k, 0]
        orders.shock_gain[row] = reals[k, 1]
        orders.refunded[row] = False


@compiled(forceinline=True)
def _order(
    s: Situation,
    consumer: int,
    category: int,
    wallet: int,
    looks: Looks,
    best: int,
    orders: I8,
    n: int,
) -> None:
    """Fill in the order for the look that is bought."""
    merchant, channel = looks.merchant[best], looks.channel[best]
    share, tie = looks.share[best], looks.tie[best]
    if uses_own_link(s.market.self_referral_guard, share != NOBODY):
        own_post = _own_rewarded_post(s, consumer, merchant)
        if own_post != NOBODY:
            share, channel = s.posts.first_share + own_post, SHARE
    price = s.merchants.price_fen[merchant]
    orders[n, 0] = consumer
    orders[n, 1] = category
    orders[n, 2] = merchant
    orders[n, 3] = channel
    orders[n, 4] = share
    orders[n, 5] = NOBODY
    if share != NOBODY:
        orders[n, 5] = s.posts.sharer[share - s.posts.first_share]
    orders[n, 6] = tie
    orders[n, 7] = NOBODY
    if tie != NOBODY:
        orders[n, 7] = layer_of(s, tie)
    orders[n, 8] = price
    orders[n, 9] = min(wallet, price)


@compiled
def _own_rewarded_post(s: Situation, consumer: int, merchant: int) -> int:
    """Return the row of the own last rewarded post about a product within memory, or -1."""
    found = NOBODY
    place = first_reader_from(s.own_post_sharer, 0, len(s.own_post_sharer), consumer)
    while place < len(s.own_post_sharer) and s.own_post_sharer[place] == consumer:
        row = s.own_post[place]
        if s.posts.rewarded[row] and s.posts.merchant[row] == merchant:
            found = row
        place += 1
    return found
