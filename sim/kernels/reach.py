"""What reaches a group of readers: their letters, the trust in who wrote them, the posts in them.

Loops without a choice in them let memory and vector instructions work on many rows at once. What
references lead to is named once, before the loops; ids are cast to unsigned, which spares a check
of their sign at every use.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.inbox import first_post_of, nth_of
from sim.kernels.packed_ties import (
    is_muted_in,
    layer_in,
    touched_in,
    useful_in,
    useless_in,
    with_muted,
)
from sim.kernels.situation import Situation, layer_means
from sim.rules import attention, trust
from sim.world.columns import F8, I4, I8, INVITATION, NOBODY


class Letters(NamedTuple):
    """The letters of a group of readers, by reader."""

    reader: I8
    tie: I8
    first_post: I8
    n_posts: I8
    sharer: I8
    state: I8  # what is known of the tie, packed
    kept: F8  # what is left of its evidence
    prior: F8  # trust before evidence
    trusted: F8  # trust now


class InReach(NamedTuple):
    """The posts in reach of a group of readers, by letter."""

    letter: I8
    post: I8
    reader: I8
    sharer: I8
    part: I8  # category + 1, the part of all draws
    luck: F8
    weight: F8  # in the competition for attention
    priority: F8  # in that competition, the smallest first


class Spans(NamedTuple):
    """Which rows of posts belong to each reader of a group."""

    first: I8
    end: I8


def room_for_letters(most: int) -> Letters:
    """Return room for that many letters."""
    return Letters(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most),
        np.empty(most),
    )


def room_for_posts(most: int) -> InReach:
    """Return room for that many posts."""
    return InReach(
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most),
        np.empty(most),
    )


@compiled
def open_letters(
    s: Situation,
    first: int,
    end: int,
    start: I8,
    by_reader: I8,
    post_of_person: I4,
    letters: Letters,
) -> int:
    """Open the letters of readers ``first:end``, and look what the leaders they follow posted.

    The letters of the k-th of them are ``by_reader[start[k]:start[k + 1]]``. Return how many there
    are.
    """
    row_start, followed, width = s.ties.row_start, s.ties.followed, s.ties.followed.shape[1]
    readers, ties, first_posts = letters.reader, letters.tie, letters.first_post
    n, fresh = 0, s.posts.fresh
    for consumer in range(first, end):
        first_tie = row_start[consumer]
        for k in range(start[consumer - first], start[consumer - first + 1]):
            letter, at = by_reader[np.uint64(k)], np.uint64(n)
            readers[at], ties[at] = consumer, first_tie + nth_of(letter)
            first_posts[at] = fresh + first_post_of(letter)
            n += 1
        for k in range(width):
            leader = followed[consumer, k]
            if leader == NOBODY:
                break
            post = np.int64(post_of_person[leader])
            if post != NOBODY:
                readers[n], ties[n] = consumer, row_start[consumer + 1] - width + k
                first_posts[n] = post
                n += 1
    _look_up(s, letters, n)
    _trust(s, letters, n)
    return n


@compiled
def _look_up(s: Situation, letters: Letters, n: int) -> None:
    """Look up who wrote each letter and what is known of the tie."""
    packed, weight_of_tie, kept_shares = s.ties.packed, s.ties.weight, s.kept_shares
    sharer_of, n_more, credibility = s.facts.sharer, s.facts.n_more, s.facts.credibility
    general_trust, mean_trust = s.consumers.general_trust, layer_means(s)
    week, longest, weighted = s.week, len(kept_shares) - 1, len(weight_of_tie) > 0
    readers, ties, first_posts, n_posts = (
        letters.reader,
        letters.tie,
        letters.first_post,
        letters.n_posts,
    )
    sharers, states, kept, prior = letters.sharer, letters.state, letters.kept, letters.prior
    # Short loops, so that many of these far places are on their way at once.
    for k in range(n):
        sharers[k] = sharer_of[np.uint64(first_posts[k])]
    for k in range(n):
        states[k] = packed[np.uint64(ties[k])]
    for k in range(n):
        reader, at, post = np.uint64(readers[k]), np.uint64(ties[k]), np.uint64(first_posts[k])
        state = states[k]
        # Nobody reads themselves.
        n_posts[k] = (n_more[post] + 1) * (sharers[k] != readers[k])
        kept[k] = kept_shares[np.uint64(min(week - touched_in(state), longest))]
        mean = mean_trust[np.uint64(layer_in(state))]
        if weighted and weight_of_tie[at] >= 0.0:
            mean = np.float64(weight_of_tie[at])
        prior[k] = trust.first_impression(mean, general_trust[reader], credibility[post])


@compiled
def _trust(s: Situation, letters: Letters, n: int) -> None:
    """Tell how much the reader trusts who wrote each letter."""
    states, kept, prior, trusted = letters.state, letters.kept, letters.prior, letters.trusted
    strength = s.terms.trust.prior_strength
    for k in range(n):
        trusted[k] = trust.tie_trust(
            prior[k],
            strength,
            trust.evidence_left(useful_in(states[k]), kept[k]),
            trust.evidence_left(useless_in(states[k]), kept[k]),
        )


@compiled
def lay_out(s: Situation, letters: Letters, n_letters: int, posts: InReach) -> int:
    """Lay out all posts in reach; return how many rows there are.

    What its reader muted is left out, and so are invitations to members.
    """
    category_of, kind_of, is_rewarded = s.facts.category, s.facts.kind, s.facts.rewarded
    member, mute_threshold = s.consumers.member, s.consumers.mute_threshold
    first_posts, n_posts, reader_of, sharer_of, states, trusted = (
        letters.first_post,
        letters.n_posts,
        letters.reader,
        letters.sharer,
        letters.state,
        letters.trusted,
    )
    letter_of, rows, parts, readers, sharers = (
        posts.letter,
        posts.post,
        posts.part,
        posts.reader,
        posts.sharer,
    )
    n = 0
    for letter in range(n_letters):
        reader = np.uint64(reader_of[letter])
        for post in range(first_posts[letter], first_posts[letter] + n_posts[letter]):
            row, at, state = np.uint64(post), np.uint64(n), states[letter]
            # No short cut: whether it is an invitation to a member is hard to guess.
            is_left = not ((kind_of[row] == INVITATION) & member[reader])
            if is_muted_in(state) and is_rewarded[row]:
                # Forgiven once the evidence has faded enough.
                is_left = not trust.is_muted(trusted[letter], mute_threshold[reader])
                states[letter] = with_muted(state, not is_left)
            # Written before it is known to stay: no choice is made.
            letter_of[at], rows[at] = letter, post
            readers[at], sharers[at] = reader_of[letter], sharer_of[letter]
            parts[at] = np.int64(category_of[row]) + 1
            n += is_left
    if s.market.post_friction > 0.0:
        return _without_cut_links(s, posts, n)
    return n


@compiled
def _without_cut_links(s: Situation, posts: InReach, n: int) -> int:
    """Take away the posts whose link the platform cuts off; return how many rows are left."""
    luck, friction = posts.luck, s.market.post_friction
    draw_luck(s, posts, 0, n, draws.LINK_CUT)
    n_left = 0
    for k in range(n):
        _move(posts, k, n_left)
        n_left += not attention.link_is_cut(luck[k], friction)
    return n_left


@compiled
def draw_luck(s: Situation, posts: InReach, first: int, end: int, purpose: int) -> None:
    """Draw the luck of rows ``first:end`` in vector instructions."""
    seed, week = s.seed, s.week
    readers, sharers, parts, luck = posts.reader, posts.sharer, posts.part, posts.luck
    for k in range(first, end):
        luck[k] = draws.uniform(seed, readers[k], sharers[k], week, purpose, parts[k])


@compiled
def choose_what_to_read(
    s: Situation, first: int, end: int, letters: Letters, posts: InReach, n: int, spans: Spans
) -> None:
    """Leave to readers ``first:end`` no more posts than they have attention for.

    Of ``n`` posts in reach those are left that are most salient; where they lie is put into
    ``spans``.
    """
    limit, readers = s.terms.attention.attention, posts.reader
    kept_places, kept_priority = np.empty(limit, np.int64), np.empty(limit)
    for k in range(end - first):
        spans.end[k] = 0
    for k in range(n):
        spans.end[np.uint64(readers[k] - first)] += 1
    row = 0
    for k in range(end - first):
        begin = row
        row += spans.end[k]
        spans.first[k], spans.end[k] = begin, min(row, begin + limit)
        if row - begin > limit:
            draw_luck(s, posts, begin, row, draws.FEED_PRIORITY)
            for place in range(begin, row):
                letter = posts.letter[place]
                layer, trusted = layer_in(letters.state[letter]), letters.trusted
                posts.weight[place] = attention.reading_weight(layer, trusted[letter])
            luck, weight, priority = posts.luck, posts.weight, posts.priority
            for place in range(begin, row):
                priority[place] = attention.reading_priority(luck[place], weight[place])
            _most_salient(begin, row, limit, priority, kept_places, kept_priority)
            for place in range(limit):
                _move(posts, kept_places[place], begin + place)


@compiled
def _move(posts: InReach, place: int, to: int) -> None:
    posts.letter[to], posts.post[to] = posts.letter[place], posts.post[place]
    posts.reader[to], posts.sharer[to] = posts.reader[place], posts.sharer[place]
    posts.part[to] = posts.part[place]


@compiled
def _most_salient(
    begin: int, end: int, limit: int, priority: F8, kept: I8, kept_priority: F8
) -> None:
    """Put the ``limit`` of the places ``begin:end`` with the smallest priorities into ``kept``.

    In ascending order of the places; of equal priorities the first places are kept.
    """
    n_kept = last = 0
    for place in range(begin, end):
        value = priority[place]
        slot = n_kept
        if n_kept == limit:
            if limit == 0 or not value < kept_priority[last]:
                continue
            slot = last
        else:
            n_kept += 1
        kept_priority[slot], kept[slot] = value, place
        if n_kept == limit:
            last = 0
            for k in range(1, limit):
                if kept_priority[k] > kept_priority[last] or (
                    kept_priority[k] == kept_priority[last] and kept[k] > kept[last]
                ):
                    last = k
    for k in range(1, limit):
        value, place = kept[k], k
        while place > 0 and kept[place - 1] > value:
            kept[place] = kept[place - 1]
            place -= 1
        kept[place] = value
