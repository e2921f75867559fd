"""The posts in reach of a group of readers, and which of them are read.

Loops without a choice in them let memory and vector instructions work on many rows at once: nothing
is moved away, a column tells what is left. What references lead to is named once, before the loops;
ids are cast to unsigned, which spares a check of their sign at every use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.inbox import nth_of, post_of
from sim.kernels.needs import put_asked_while_remembered
from sim.kernels.packed_posts import category_in, merchant_in, rewarded_in, sharer_in, side_in
from sim.kernels.packed_ties import (
    forgiven_where,
    is_muted_in,
    layer_in,
    touched_in,
    useful_in,
    useless_in,
)
from sim.kernels.repeating import AT_ONCE, put_repeated
from sim.kernels.situation import Situation, of_layer
from sim.rules import attention, trust
from sim.rules.sides import SHARING_SIDE
from sim.world.columns import F8, I4, I8, NOBODY

#: Posts that memory is asked for at a time: about as many as can be on their way at once.
AT_A_TIME = 48


class InReach(NamedTuple):
    """The posts in reach of a group of readers, by reader; those over one tie lie together."""

    reader: I8
    may_ask: I8  # categories in which the reader may ask for what is read, a bit each
    post: I8
    sharer: I8
    part: I8  # category + 1, the part of all draws; 0 for invitations
    merchant: I8  # -1 for invitations
    tie: I8
    state: I8  # what is known of the tie, packed
    rewarded: I4
    left: I4  # 1 where the post is read, 0 where not
    asked: I4  # 1 where somebody may ask, too, whether the post is remembered
    at_large: F8  # the reader's trust in people at large
    sensitivity: F8  # of the reader, to prices
    threshold: F8  # of trust, below which the reader mutes a friend
    kept: F8  # what is left of its evidence
    credibility: F8  # of the sharer, a factor on trust before evidence
    prior: F8  # trust before evidence
    trusted: F8  # trust now
    luck: F8
    priority: F8  # in the competition for attention, the smallest first
    fetched: I8  # [2] how many of the posts memory was asked for, and how many there are


def room_for_posts(most: int) -> InReach:
    """Return room for that many posts.

    What leads on to other columns is as wide as an address: nothing is made longer on the way.
    """
    room = most + AT_ONCE  # into so many rows at once is put what holds of a reader
    ids, marks = np.empty((8, room), np.int64), np.empty((3, room), np.int32)
    return InReach(*ids, *marks, *np.empty((9, room)), *np.zeros((1, 2), np.int64))


@compiled
def open_letters(
    s: Situation, first: int, starts: I4, by_reader: I8, categories: I8, posts: InReach
) -> int:
    """Lay out the posts in letters to readers from ``first`` on; return how many there are.

    ``starts`` tells where the letters to each reader begin, and where those to the last one end;
    ``categories`` is room for what each may ask for.
    """
    put_asked_while_remembered(s, first, len(starts) - 1, categories)
    _put_readers(s, first, starts, categories, posts)
    rows, ties, fresh = posts.post, posts.tie, s.posts.fresh
    letters = by_reader[starts[0] : starts[len(starts) - 1]]
    n = len(letters)
    for k in range(n):
        letter = letters[np.uint64(k)]
        rows[k] = fresh + post_of(letter)
        ties[k] += nth_of(letter)
    posts.fetched[0], posts.fetched[1] = 0, n
    return n


@compiled(forceinline=True)
def _put_readers(s: Situation, first: int, starts: I4, categories: I8, posts: InReach) -> None:
    """Fill in what holds of the readers, and the first tie of each."""
    people, row_start, begin = s.consumers, s.ties.row_start, np.int64(starts[0])
    for place in range(len(starts) - 1):
        reader = np.uint64(first + place)
        at_large, sensitivity = people.general_trust[reader], people.price_sensitivity[reader]
        threshold, tie, asks = people.mute_threshold[reader], row_start[reader], categories[place]
        at, end = np.int64(starts[place]) - begin, np.int64(starts[place + 1]) - begin
        for k in range(at, end, AT_ONCE):
            put_repeated(posts.reader, k, first + place)
            put_repeated(posts.tie, k, tie)
            put_repeated(posts.at_large, k, at_large)
            put_repeated(posts.sensitivity, k, sensitivity)
            put_repeated(posts.threshold, k, threshold)
            put_repeated(posts.may_ask, k, asks)


@compiled
def fetch_some(s: Situation, posts: InReach) -> None:
    """Begin to fetch what will be looked up of some of the posts, from where this stopped before.

    Memory takes long and answers few questions at a time. So who works on one group of readers asks
    now and then for some of what the next group needs.
    """
    packed, sharer_of, ties, rows = s.ties.packed, s.facts.sharer, posts.tie, posts.post
    first, end = posts.fetched[0], min(posts.fetched[0] + AT_A_TIME, posts.fetched[1])
    for k in range(first, end):
        fetch_ahead(packed, ties[k])
        fetch_ahead(sharer_of, rows[k])
    posts.fetched[0] = end


@compiled
def look_up(s: Situation, posts: InReach, n: int, following: InReach) -> None:
    """Look up what is asked of the posts, what is known of their ties, and how they are trusted.

    Some of what the ``following`` posts need is fetched meanwhile.
    """
    ties, rows, states, kept = posts.tie, posts.post, posts.state, posts.kept
    packed, kept_shares, week = s.ties.packed, s.kept_shares, s.week
    longest = len(kept_shares) - 1
    # Short loops, so that many of these far places are on their way at once.
    for k in range(n):
        states[k] = packed[np.uint64(ties[k])]
    fetch_some(s, following)
    facts, credibility = s.facts, posts.credibility
    sharers, parts, merchants, rewarded = posts.sharer, posts.part, posts.merchant, posts.rewarded
    for k in range(n):
        row = np.uint64(rows[k])
        credibility[k] = facts.credibility[row]
        ends, kind = facts.packed_ends[row], facts.packed_kind[row]
        sharers[k], merchants[k] = sharer_in(ends), merchant_in(ends)
        parts[k], rewarded[k] = category_in(kind) + 1, rewarded_in(kind)
    fetch_some(s, following)
    prior, at_large, layer_trust = posts.prior, posts.at_large, s.terms.trust.layer_trust
    for k in range(n):
        state = states[k]
        kept[k] = kept_shares[np.uint64(min(week - touched_in(state), longest))]
        mean = of_layer(layer_in(state), layer_trust)
        prior[k] = trust.first_impression(mean, at_large[k], credibility[k])
    weights = s.ties.weight
    if len(weights) > 0:
        for k in range(n):
            weight = np.float64(weights[np.uint64(ties[k])])
            if weight >= 0.0:
                prior[k] = trust.first_impression(weight, at_large[k], credibility[k])
    fetch_some(s, following)
    trusted, strength = posts.trusted, s.terms.trust.prior_strength
    for k in range(n):
        trusted[k] = trust.tie_trust(
            prior[k],
            strength,
            trust.evidence_left(useful_in(states[k]), kept[k]),
            trust.evidence_left(useless_in(states[k]), kept[k]),
        )


@compiled
def leave_out(s: Situation, posts: InReach, n: int, following: InReach) -> None:
    """Leave out what readers muted, invitations to members, and links that the platform cuts.

    Nobody reads themselves, and no invitation is rewarded. Members of long standing get none, but
    by now there are new ones, and leaders invite whoever follows them.
    """
    readers, sharers, states, left = posts.reader, posts.sharer, posts.state, posts.left
    rewarded, trusted, merchants = posts.rewarded, posts.trusted, posts.merchant
    member, thresholds = s.consumers.member, posts.threshold
    for k in range(n):
        state = states[k]
        asked = (is_muted_in(state) != 0) & (rewarded[k] != 0)
        muted = asked & trust.is_muted(trusted[k], thresholds[k])
        invited = (merchants[k] == NOBODY) & member[np.uint64(readers[k])]
        left[k] = (sharers[k] != readers[k]) & (not muted) & (not invited)
        # Forgiven once the evidence has faded enough; of one tie, all rows must be told: see
        # `sim.kernels.reading`.
        forgiven = asked & (not muted)
        states[k] = forgiven_where(state, np.int64(forgiven))
    fetch_some(s, following)
    if max(s.market.post_friction, s.last_side.post_friction) > 0.0:
        luck, rows, kinds = posts.luck, posts.post, s.facts.packed_kind
        on_first, on_last = s.market.post_friction, s.last_side.post_friction
        draw_luck(s, posts, 0, n, draws.LINK_CUT)
        for k in range(n):
            is_on_last = side_in(kinds[np.uint64(rows[k])]) != SHARING_SIDE
            friction = on_last if is_on_last else on_first
            left[k] &= not attention.link_is_cut(luck[k], friction)


@compiled
def draw_luck(s: Situation, posts: InReach, first: int, end: int, purpose: int) -> None:
    """Draw the luck of rows ``first:end`` in vector instructions."""
    seed, week = s.seed, s.week
    readers, sharers, parts, luck = posts.reader, posts.sharer, posts.part, posts.luck
    for k in range(first, end):
        luck[k] = draws.uniform(
            seed, np.int64(readers[k]), np.int64(sharers[k]), week, purpose, np.int64(parts[k])
        )


@compiled
def choose_what_to_read(s: Situation, posts: InReach, starts: I4, chosen: I8) -> None:
    """Leave to each of the readers the most salient posts, no more than there is attention for.

    ``starts`` tells where the letters to each reader begin, and where those to the last one end;
    ``chosen`` is room for those of one reader.
    """
    limit, left = s.terms.attention.attention, posts.left
    states, trusted, luck, priority = posts.state, posts.trusted, posts.luck, posts.priority
    for reader in range(len(starts) - 1):
        first, end = starts[reader] - starts[0], starts[reader + 1] - starts[0]
        if end - first <= limit:
            continue
        n_left = 0
        for k in range(first, end):
            n_left += left[k]
        if n_left <= limit:
            continue
        draw_luck(s, posts, first, end, draws.FEED_PRIORITY)
        for k in range(first, end):
            weight = attention.reading_weight(layer_in(states[k]), trusted[k])
            priority[k] = attention.reading_priority(luck[k], weight)
        _put_most_salient(posts, first, end, chosen)
        for k in range(first, end):
            left[k] = 0
        for place in range(limit):
            left[chosen[place]] = 1


@compiled
def _put_most_salient(posts: InReach, first: int, end: int, chosen: I8) -> None:
    """Fill ``chosen`` with those of the posts ``first:end`` left that have the smallest priorities.

    Of equal priorities the first posts are chosen. There are more posts left than places.
    """
    left, priority, limit = posts.left, posts.priority, len(chosen)
    n = last = 0
    for k in range(first, end):
        if not left[k]:
            continue
        if n < limit:
            chosen[n] = k
            n += 1
        elif limit > 0 and priority[k] < priority[chosen[last]]:
            chosen[last] = k
        else:
            continue
        if n == limit:
            last = 0
            for place in range(1, limit):
                value, most = priority[chosen[place]], priority[chosen[last]]
                if value > most or (value == most and chosen[place] > chosen[last]):
                    last = place
