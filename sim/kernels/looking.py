"""Looking around, for one consumer and one need: as ``sim.agents.shopper`` does."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.recalling import Choices, Heard
from sim.kernels.situation import Situation, layer_of, tie_to
from sim.rules import attention
from sim.world.columns import (
    AD,
    CATALOGUE,
    DAYS_PER_WEEK,
    F8,
    HABIT,
    I8,
    LEADER,
    NOBODY,
    ORGANIC,
    SHARE,
)

#: Places of the ranked list, and of attempts at the catalogue, that are drawn for beforehand.
PLACES_DRAWN = 16
ATTEMPTS_DRAWN = 2


class Looks(NamedTuple):
    """Products under examination, one row a look; those of several choices one after the other."""

    merchant: I8
    channel: I8
    share: I8
    tie: I8
    seen: I8
    """[n_merchants] at what look, counted over all choices, a product was examined last."""
    places: I8
    """[PLACES_DRAWN] room for places of the ranked list that are looked at."""


class Luck(NamedTuple):
    """What is drawn, for several choices at once, before anybody looks around."""

    leader: F8
    day: F8
    nothing: F8
    """Luck of the option to buy nothing."""
    attempt: F8
    """[ATTEMPTS_DRAWN · choices]"""
    shopper: I8
    """[choices · places or slots, whichever are more] who draws for a merchant."""
    place_merchant: I8
    """[choices · PLACES_DRAWN]"""
    place: F8
    """[choices · PLACES_DRAWN]"""
    winner: I8
    """[choices · n_slots] who won the slot on the day of the visit."""
    click: F8
    """[choices · n_slots]"""


class Found(NamedTuple):
    """What looking around for one need came to."""

    end: int
    """Row behind the last look."""
    n_clicked: int
    post: int
    """Row of a leader's post that was looked up, -1 none."""
    tie: int
    """Tie to that leader, -1 none."""


def no_looks(n_rows: int, n_merchants: int) -> Looks:
    """Return room for so many looks."""
    merchant, channel, share, tie = np.empty((4, n_rows), dtype=np.int64)
    return Looks(
        merchant,
        channel,
        share,
        tie,
        np.full(n_merchants, NOBODY, dtype=np.int64),
        np.empty(PLACES_DRAWN, dtype=np.int64),
    )


def nothing_drawn(n_choices: int, n_slots: int) -> Luck:
    """Return room for what so many choices draw."""
    leader, day, nothing = np.empty((3, n_choices))
    return Luck(
        leader,
        day,
        nothing,
        np.empty(n_choices * ATTEMPTS_DRAWN),
        np.empty(n_choices * max(PLACES_DRAWN, n_slots), dtype=np.int64),
        np.empty(n_choices * PLACES_DRAWN, dtype=np.int64),
        np.empty(n_choices * PLACES_DRAWN),
        np.empty(n_choices * n_slots, dtype=np.int64),
        np.empty(n_choices * n_slots),
    )


@compiled
def draw_luck(s: Situation, choices: Choices, n: int, luck: Luck) -> None:
    """Fill in the luck of the first ``n`` choices.

    What is drawn for lies in columns before anything is drawn: so the loops become vectors.
    """
    seed, week, n_slots = s.seed, s.week, len(s.shop.slot_click_prob)
    shoppers, categories = choices.shopper, choices.category
    nothing, leader, day, attempt = luck.nothing, luck.leader, luck.day, luck.attempt
    for k in range(n):
        nothing[k] = draws.uniform(
            seed, shoppers[k], NOBODY, week, draws.CHOICE_SHOCK, categories[k]
        )
    for k in range(n):
        leader[k] = draws.uniform(seed, shoppers[k], categories[k], week, draws.LEADER_LOOKUP)
    for nth in range(ATTEMPTS_DRAWN):
        row = nth * n
        for k in range(n):
            attempt[row + k] = draws.uniform(
                seed, shoppers[k], categories[k], week, draws.CATALOGUE_LOOK, nth
            )
    start, ranked = s.shop.catalogue_start, s.shop.ranked
    shopper, merchant, place = luck.shopper, luck.place_merchant, luck.place
    for k in range(n):
        first, last = start[categories[k]], start[categories[k] + 1] - 1
        # Behind the end of the list, luck leads nowhere.
        for nth in range(PLACES_DRAWN):
            shopper[k * PLACES_DRAWN + nth] = shoppers[k]
            merchant[k * PLACES_DRAWN + nth] = (
                ranked[min(first + nth, last)] if last >= first else NOBODY
            )
    for k in range(n * PLACES_DRAWN):
        place[k] = draws.uniform(seed, shopper[k], merchant[k], week, draws.RANKED_LOOK)
    if n_slots == 0:
        return
    for k in range(n):
        day[k] = draws.uniform(seed, shoppers[k], categories[k], week, draws.ARRIVAL_DAY)
    winner, click = luck.winner, luck.click
    for k in range(n):
        category, visited = categories[k], int(day[k] * DAYS_PER_WEEK)
        for slot in range(n_slots):
            shopper[k * n_slots + slot] = shoppers[k]
            winner[k * n_slots + slot] = s.shop.slot_winner[category, visited, slot]
    for k in range(n * n_slots):
        click[k] = draws.uniform(seed, shopper[k], winner[k], week, draws.SLOT_CLICK)


@compiled
def look_around(
    s: Situation,
    choices: Choices,
    k: int,
    n_choices: int,
    luck: Luck,
    heard: Heard,
    looks: Looks,
    begin: int,
    looks_before: int,
    clicks: I8,
    n_clicks: int,
) -> Found:
    """Fill in the looks of the ``k``-th of ``n_choices``, from row ``begin`` on.

    ``looks_before`` are the looks of all choices that were here before. Paid clicks are put behind
    the ``n_clicks`` there are.
    """
    consumer, category, market = choices.shopper[k], choices.category[k], choices.market[k]
    room, first = begin + s.n_looks - s.n_catalogue_looks, looks_before + begin
    n, n_clicked, looked_up, tie_to_leader = begin, 0, NOBODY, NOBODY
    if choices.member[k]:
        habit = choices.habit[k]
        if habit != NOBODY and s.merchants.active[habit] and n < room:
            n = _look_at(looks, n, looks_before, habit, HABIT, NOBODY, NOBODY)
    for j in range(choices.heard_until[k - 1] if k > 0 else 0, choices.heard_until[k]):
        if n >= room:
            break
        merchant, warns = heard.merchant[j], heard.stated_quality[j] < market
        if not warns and s.merchants.active[merchant] and looks.seen[merchant] < first:
            share = s.posts.first_share + heard.post[j]
            n = _look_at(looks, n, looks_before, merchant, SHARE, share, heard.tie[j])
    if choices.member[k]:
        if n < room:
            looked_up = _leaders_post(s, consumer, category, luck.leader[k])
        if looked_up != NOBODY:
            tie_to_leader = tie_to(s, consumer, s.facts.sharer[looked_up])
            merchant = s.facts.merchant[looked_up]
            warns = s.facts.stated_quality[looked_up] < market
            if not warns and looks.seen[merchant] < first:
                share = s.posts.first_share + looked_up
                n = _look_at(looks, n, looks_before, merchant, LEADER, share, tie_to_leader)
        n_slots = len(s.shop.slot_click_prob)
        for slot in range(n_slots):
            if n >= room:
                break
            merchant = luck.winner[k * n_slots + slot]
            clicked = luck.click[k * n_slots + slot] < s.shop.slot_click_prob[slot]
            if clicked and merchant != NOBODY and looks.seen[merchant] < first:
                n = _look_at(looks, n, looks_before, merchant, AD, NOBODY, NOBODY)
                price_fen = s.shop.slot_price_fen[category, int(luck.day[k] * DAYS_PER_WEEK), slot]
                _put_click(consumer, merchant, price_fen, clicks, n_clicks, n_clicked)
                n_clicked += 1
        if n < room:
            n = _look_down_the_list(
                s, consumer, category, k, luck, looks, n, looks_before, first, room
            )
        n = _look_into_catalogue(
            s,
            consumer,
            category,
            k,
            n_choices,
            luck,
            looks,
            n,
            looks_before,
            first,
            begin + s.n_looks,
        )
    return Found(n, n_clicked, looked_up, tie_to_leader)


@compiled(forceinline=True)
def _look_at(
    looks: Looks, n: int, looks_before: int, merchant: int, channel: int, share: int, tie: int
) -> int:
    looks.merchant[n], looks.channel[n] = merchant, channel
    looks.share[n], looks.tie[n] = share, tie
    looks.seen[merchant] = looks_before + n
    return n + 1


@compiled(forceinline=True)
def _leaders_post(s: Situation, consumer: int, category: int, luck: float) -> int:
    """Return the row of the leader's post that is looked up, -1 where none is."""
    start, end = s.leader_start[category], s.leader_start[category + 1]
    if start == end or not attention.looks_up(luck, s.terms.sharing.leader_lookup_prob):
        return NOBODY
    u = draws.uniform(s.seed, consumer, category, s.week, draws.LEADER_PICK)
    post = s.leader_posts[start + int(u * (end - start))]
    if s.facts.sharer[post] == consumer or not s.merchants.active[s.facts.merchant[post]]:
        return NOBODY
    return post


@compiled(forceinline=True)
def put_looked_up(
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


@compiled(forceinline=True)
def _put_click(
    consumer: int, merchant: int, price_fen: int, clicks: I8, n_clicks: int, n_clicked: int
) -> None:
    """Put a click among the ``n_clicked`` of this choice, in order of the merchants."""
    place = n_clicks + n_clicked
    clicks[place, 0] = consumer
    while place > n_clicks and clicks[place - 1, 1] > merchant:
        clicks[place, 1], clicks[place, 2] = clicks[place - 1, 1], clicks[place - 1, 2]
        place -= 1
    clicks[place, 1], clicks[place, 2] = merchant, price_fen


@compiled(forceinline=True)
def _look_down_the_list(
    s: Situation,
    consumer: int,
    category: int,
    k: int,
    luck: Luck,
    looks: Looks,
    n: int,
    looks_before: int,
    first: int,
    room: int,
) -> int:
    place, end = s.shop.catalogue_start[category], s.shop.catalogue_start[category + 1]
    ranked, prob, drawn = s.shop.ranked, s.ranked_examine_prob, min(PLACES_DRAWN, end - place)
    # Gathering the places first, without a branch, keeps the processor from guessing each of them.
    n_places = 0
    for nth in range(drawn):
        looks.places[n_places] = place + nth
        n_places += luck.place[k * PLACES_DRAWN + nth] < prob
    for nth in range(n_places):
        if n >= room:
            break
        merchant = ranked[looks.places[nth]]
        if looks.seen[merchant] < first:
            n = _look_at(looks, n, looks_before, merchant, ORGANIC, NOBODY, NOBODY)
    place += drawn
    while place < end and n < room:
        merchant = ranked[place]
        if looks.seen[merchant] < first:
            u = draws.uniform(s.seed, consumer, merchant, s.week, draws.RANKED_LOOK)
            if u < prob:
                n = _look_at(looks, n, looks_before, merchant, ORGANIC, NOBODY, NOBODY)
        place += 1
    return n


@compiled(forceinline=True)
def _look_into_catalogue(
    s: Situation,
    consumer: int,
    category: int,
    k: int,
    n_choices: int,
    luck: Luck,
    looks: Looks,
    n: int,
    looks_before: int,
    first: int,
    room: int,
) -> int:
    start = s.shop.catalogue_start[category]
    size = s.shop.catalogue_start[category + 1] - start
    if size == 0:
        return n
    for attempt in range(2 * s.n_looks):
        if n >= room:
            break
        if attempt < ATTEMPTS_DRAWN:
            u = luck.attempt[attempt * n_choices + k]
        else:
            u = draws.uniform(s.seed, consumer, category, s.week, draws.CATALOGUE_LOOK, attempt)
        merchant = s.shop.catalogue[start + int(u * size)]
        if looks.seen[merchant] < first:
            n = _look_at(looks, n, looks_before, merchant, CATALOGUE, NOBODY, NOBODY)
    return n
