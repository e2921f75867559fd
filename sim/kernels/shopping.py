"""Choosing, for a range of consumers at once: as ``sim.agents.shopper`` does.

Choices are taken some at a time: first luck is drawn for all of them in vector instructions, then
what is found and believed is laid out in short columns, then all of them are decided at once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.leaders import lookups_of
from sim.kernels.looking import (
    Clicked,
    Clicks,
    LookedUp,
    Luck,
    draw_luck,
    look_around,
    nothing_clicked,
    nothing_drawn,
    nothing_looked_up,
)
from sim.kernels.looks import Looks, Waiting, channel_of, no_looks, nobody_waiting
from sim.kernels.needs import needs_of
from sim.kernels.recalling import (
    Choices,
    Heard,
    no_choices,
    nothing_heard,
    recall,
    recall_all,
)
from sim.kernels.references import for_kernels
from sim.kernels.rounds import in_rounds, sorted_rows
from sim.kernels.signals import Signals, hear, no_signals
from sim.kernels.situation import (
    PLACES,
    READ_FIELDS,
    Situation,
    first_reader_from,
    layer_of,
    would_want,
)
from sim.kernels.weighing import Weighed, learn, nothing_weighed, weigh
from sim.rules import choice
from sim.rules.attention import AttentionTerms
from sim.rules.rewards import uses_own_link
from sim.world.aligned import aligned
from sim.world.columns import (
    CLICK_FEN,
    CLICKS,
    F8,
    I8,
    LEADER,
    NOBODY,
    PAID_CLICKS,
    SHARE,
    ClickColumns,
    OrderColumns,
)

#: Whole numbers of an order: consumer, category, merchant, channel, share, sharer, tie, layer,
#: price and rebate used in fen; and its reals: expected quality and shock gain.
ORDER_FIELDS = 10
ORDER_REALS = 2
CLICK_FIELDS = len(ClickColumns._fields)
#: Choices that are taken together: what they weigh fills the vectors and stays in the cache.
AT_ONCE = 128
#: Posts remembered there is room for beside those of one choice; else fewer choices are taken.
HEARD_AT_ONCE = 1024


class ChoiceRoom(NamedTuple):
    """Room for the choices that are taken together."""

    choices: Choices
    heard: Heard
    luck: Luck
    looks: Looks
    looked_up: LookedUp
    waiting: Waiting
    clicked: Clicked
    weighed: Weighed
    signals: Signals


def room_for_choices(
    n_looks: int, n_places: int, n_sides: int, n_slots: int, attention: AttentionTerms
) -> ChoiceRoom:
    """Return room for choices with so many looks each, at so many products of a category."""
    most_heard = attention.attention * attention.memory_weeks + HEARD_AT_ONCE
    return ChoiceRoom(
        for_kernels(aligned(no_choices(AT_ONCE))),
        for_kernels(aligned(nothing_heard(most_heard))),
        for_kernels(aligned(nothing_drawn(AT_ONCE, n_slots))),
        for_kernels(aligned(no_looks(AT_ONCE, n_looks, n_places, n_sides))),
        for_kernels(aligned(nothing_looked_up(AT_ONCE))),
        for_kernels(aligned(nobody_waiting(AT_ONCE, PLACES))),
        for_kernels(aligned(nothing_clicked(AT_ONCE, n_slots))),
        for_kernels(aligned(nothing_weighed(AT_ONCE, n_looks))),
        for_kernels(aligned(no_signals(most_heard + AT_ONCE))),  # and one post of a leader's each
    )


@compiled(nogil=True)
def choose_products(
    s: Situation,
    first: int,
    end: int,
    room: ChoiceRoom,
    demand_sums: I8,
    click_sums: I8,
    keeps_rows: bool,
) -> tuple[I8, F8, I8, I8, I8, int, int, int, int]:
    """Let consumers ``first:end`` choose; demand is added to ``demand_sums``, [n_merchants, 2].

    So are paid clicks to ``click_sums``, [n_merchants, N_CLICK_SUMS]. Return orders (whole numbers,
    reals, and their rows by consumer and category), posts looked up and paid clicks (no rows of
    them where nobody keeps these), choices, products examined, posts looked up and useless ones
    among them.
    """
    shoppers, categories = needs_of(s, first, end)
    # Where nobody ever applied there is nothing to choose, and no product to stand for none.
    most, n_slots = len(shoppers) * (len(s.goods) > 0), len(s.shop.slot_click_prob)
    shoppers = shoppers[:most]
    orders = np.empty((most, ORDER_FIELDS), np.int64)
    reals = np.empty((ORDER_REALS, most))
    luck_bought, luck_nothing, order_of = np.empty(most), np.empty(most), np.empty(most, np.int64)
    reads = np.empty((most if keeps_rows else 0, READ_FIELDS), np.int64)
    clicks = _no_clicks(most * n_slots if keeps_rows else 0)
    n_orders = n_reads = n_useless = n_clicks = n_choices = n_examined = 0
    choices, heard, luck, looks = room.choices, room.heard, room.luck, room.looks
    looked_up, waiting, clicked = room.looked_up, room.waiting, room.clicked
    weighed, signals = room.weighed, room.signals
    spent = np.zeros(most, np.int64)
    rows, round_end = in_rounds(shoppers)
    recalled = recall_all(s, shoppers, categories, rows)
    lookups = lookups_of(s, recalled)
    begin = number = n_lookups = 0
    while begin < most:
        number += begin == round_end[number]
        until = min(begin + AT_ONCE, round_end[number])
        together, n_habitual = recall(s, recalled, rows, spent, begin, until, choices, heard)
        draw_luck(s, choices, together, luck)
        n_looked_up, n_clicked, n_lookups = look_around(
            s,
            choices,
            together,
            luck,
            heard,
            looks,
            looked_up,
            waiting,
            clicked,
            recalled,
            begin,
            lookups,
            n_lookups,
        )
        for j in range(n_clicked):
            merchant, price_fen = clicked.merchant[j], clicked.price_fen[j]
            click_sums[merchant, CLICKS] += 1
            click_sums[merchant, PAID_CLICKS] += price_fen > 0
            click_sums[merchant, CLICK_FEN] += price_fen
        if keeps_rows:
            for j in range(n_clicked):
                clicks.choice_row[n_clicks] = choices.row[clicked.choice[j]]
                clicks.merchant[n_clicks] = clicked.merchant[j]
                clicks.price_fen[n_clicks] = clicked.price_fen[j]
                n_clicks += 1
        for j in range(n_looked_up):
            consumer, post = choices.shopper[looked_up.choice[j]], looked_up.post[j]
            useless = not would_want(s, consumer, looked_up.merchant[j])
            if keeps_rows:
                _put_looked_up(s, consumer, post, looked_up.tie[j], useless, reads, n_reads)
            n_reads += 1
            n_useless += useless
        n_signals = hear(s, choices, together, heard, looked_up, n_looked_up, looks, signals)
        learn(
            s,
            choices,
            together,
            n_habitual,
            looks,
            clicked,
            n_clicked,
            weighed,
            signals,
            n_signals,
        )
        weigh(s, choices, together, looks, weighed, luck.nothing, demand_sums)
        for k in range(together):
            n_choices += looks.n[k] > 0
            n_examined += looks.n[k]
        n_sold = 0
        for k in range(together):
            # Written before it is known to be sold: no choice is made.
            choices.buyer[n_sold], choices.spent[k] = k, 0
            n_sold += weighed.best[k] != NOBODY
        for j in range(n_sold):
            k = choices.buyer[j]
            best = weighed.best[k]
            luck_bought[n_orders], luck_nothing[n_orders] = weighed.luck[best, k], luck.nothing[k]
            order_of[n_orders], reals[0, n_orders] = choices.row[k], weighed.mean[best, k]
            _order(s, choices, k, looks, best, orders, n_orders)
            n_orders += 1
        for k in range(together):
            row, following = np.uint64(choices.row[k]), np.uint64(min(choices.row[k] + 1, most - 1))
            is_same = int(shoppers[following] == choices.shopper[k])
            spent[following] = (spent[row] + choices.spent[k]) * is_same
        begin += together
    for k in range(n_orders):
        reals[1, k] = choice.shock_gain(luck_bought[k], luck_nothing[k])
    order_rows, _ = sorted_rows(order_of, n_orders, most)
    return (
        orders,
        reals,
        order_rows,
        reads[: n_reads if keeps_rows else 0],
        _in_order(clicks, n_clicks, shoppers),
        n_choices,
        n_examined,
        n_reads,
        n_useless,
    )


@compiled
def _no_clicks(most: int) -> Clicks:
    """Return room for so many clicks."""
    return Clicks(np.empty(most, np.int64), np.empty(most, np.int64), np.empty(most, np.int64))


@compiled
def _in_order(clicks: Clicks, n: int, shoppers: I8) -> I8:
    """Return the table of the first ``n`` clicks, by choice and merchant."""
    rows, _ = sorted_rows(clicks.choice_row, n, len(shoppers))
    table = np.empty((n, CLICK_FIELDS), np.int64)
    for k in range(n):
        choice_row, merchant, place = clicks.choice_row[rows[k]], clicks.merchant[rows[k]], k
        while (
            place > 0
            and clicks.choice_row[rows[place - 1]] == choice_row
            and table[place - 1, 1] > merchant
        ):
            table[place, 1], table[place, 2] = table[place - 1, 1], table[place - 1, 2]
            place -= 1
        table[k, 0] = shoppers[choice_row]
        table[place, 1], table[place, 2] = merchant, clicks.price_fen[rows[k]]
    return table


@compiled(forceinline=True)
def _put_looked_up(
    s: Situation, consumer: int, post: int, tie: int, useless: int, reads: I8, n: int
) -> None:
    """Fill in row ``n`` of the log about a post that was looked up."""
    reads[n, 0] = consumer
    reads[n, 1] = s.posts.first_share + post
    reads[n, 2] = s.facts.sharer[post]
    reads[n, 3] = s.facts.merchant[post]
    reads[n, 4] = LEADER
    reads[n, 5] = NOBODY
    reads[n, 6] = 0
    if tie != NOBODY:
        reads[n, 5] = layer_of(s, tie)
        reads[n, 6] = s.ties.reads[tie]
    reads[n, 7] = 0
    reads[n, 8] = useless


@compiled(nogil=True)
def file_orders(rows: I8, reals: F8, sorted_rows: I8, at: int, orders: OrderColumns) -> None:
    """Put a range's orders, sorted, into the columns of the week, from row ``at`` on."""
    for place in range(len(sorted_rows)):
        row, k = at + place, sorted_rows[place]
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
        orders.expected_quality[row] = reals[0, k]
        orders.shock_gain[row] = reals[1, k]
        orders.refunded[row] = False


@compiled(forceinline=True)
def _order(
    s: Situation, choices: Choices, k: int, looks: Looks, best: int, orders: I8, n: int
) -> None:
    """Fill in the order for the look that is bought by the ``k``-th shopper."""
    consumer, wallet = choices.shopper[k], choices.wallet[k]
    merchant, channel = looks.merchant[best, k], channel_of(looks, best, k)
    post, tie = NOBODY, NOBODY
    if best < looks.n_before_list[k]:
        post, tie = looks.post[best, k], looks.tie[best, k]
    if uses_own_link(s.market.self_referral_guard, post != NOBODY):
        own_post = _own_rewarded_post(s, consumer, merchant)
        if own_post != NOBODY:
            post, channel = own_post, SHARE
    price = s.merchants.price_fen[merchant]
    orders[n, 0] = consumer
    orders[n, 1] = choices.category[k]
    orders[n, 2] = merchant
    orders[n, 3] = channel
    orders[n, 4] = orders[n, 5] = NOBODY
    if post != NOBODY:
        orders[n, 4], orders[n, 5] = s.posts.first_share + post, s.facts.sharer[post]
    orders[n, 6] = tie
    orders[n, 7] = NOBODY
    if tie != NOBODY:
        orders[n, 7] = layer_of(s, tie)
    orders[n, 8] = price
    orders[n, 9] = choices.spent[k] = min(wallet, price)


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
