"""Reading, post by post: what it leaves of a tie, what is remembered and who joins.

Most posts are the only ones that a reader reads over a tie in a week, about a product they do not
know. These are read many at once, in vector instructions; the others then one by one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.packed_ties import (
    layer_in,
    reads_in,
    useful_in,
    useless_in,
    with_evidence,
    with_muted,
    with_reads,
)
from sim.kernels.reach import InReach, Spans
from sim.kernels.situation import Situation, of_layer, sincerities_at_first
from sim.rules import attention, membership, sharing, trust
from sim.world.columns import F8, I2, I4, I8, MOST_READS, NOBODY


class Reading(NamedTuple):
    """What reading leaves of each post in reach and of its tie."""

    known: I8  # 1 where the reader bought the product last, else 0
    remembered: I8  # 1 or 0
    useful: I8  # evidence after, in thousandths of a piece, where the post is taken alone
    useless: I8
    trusted: F8  # trust after, likewise
    special: I8  # rows that are read one by one
    until: I8  # how many posts the range remembers up to each row, this one included


class Remembered(NamedTuple):
    """Posts that the readers of a block remember, in the order of reading."""

    share: I4
    nth: I4  # the tie over which it came, counted from the first tie of its reader
    category: I2

    def first(self, n: int) -> Remembered:
        """Return a copy of the first ``n`` posts."""
        return Remembered(self.share[:n].copy(), self.nth[:n].copy(), self.category[:n].copy())


def no_memories(most: int) -> Remembered:
    """Return room for that many posts."""
    # One place more: what may be remembered is written before it is known to be.
    return Remembered(
        np.empty(most + 1, np.int32), np.empty(most + 1, np.int32), np.empty(most + 1, np.int16)
    )


def room_for_reads(most: int) -> Reading:
    """Return room for that many posts."""
    known, remembered, useful, useless, special, until = np.empty((6, most), np.int64)
    return Reading(known, remembered, useful, useless, np.empty(most), special, until)


@compiled
def read(s: Situation, posts: InReach, n: int, annoyance: float, reading: Reading) -> None:
    """Let the readers of the first ``n`` posts in reach read what is left to them."""
    _recognise(s, posts, n, reading)
    if annoyance > 0.0:
        _wear(s, posts, n, annoyance, reading)
    sincere = sincerities_at_first(s, 0)
    n_special = _read_together(s, posts, n, annoyance > 0.0, sincere, reading)
    for j in range(n_special):
        k = np.uint64(reading.special[j])
        fetch_ahead(s.memory.mean_experience, (posts.reader[k], max(posts.part[k] - 1, 0)))
    for j in range(n_special):
        _read_alone(s, posts, np.uint64(reading.special[j]), annoyance, sincere, reading)


@compiled
def _recognise(s: Situation, posts: InReach, n: int, reading: Reading) -> None:
    """Tell which posts are about products that their readers bought last."""
    last_merchant, known = s.memory.last_merchant, reading.known
    readers, parts, merchants = posts.reader, posts.part, posts.merchant
    for k in range(n):
        reader, category = np.uint64(readers[k]), np.uint64(max(parts[k] - 1, 0))
        # Nobody knows what an invitation is about.
        known[k] = (parts[k] > 0) & (last_merchant[reader, category] == merchants[k])


@compiled
def _wear(s: Situation, posts: InReach, n: int, annoyance: float, reading: Reading) -> None:
    """Tell what each post leaves of its tie, were it the only one and of an unknown product."""
    states, kept, prior, rewarded = posts.state, posts.kept, posts.prior, posts.rewarded
    useful, useless, trusted = reading.useful, reading.useless, reading.trusted
    strength, fresh_share = s.terms.trust.prior_strength, s.kept_shares[0]
    for k in range(n):
        useful[k] = trust.evidence_after(useful_in(states[k]), kept[k], 0.0)
    for k in range(n):
        useless[k] = trust.evidence_after(useless_in(states[k]), kept[k], annoyance * rewarded[k])
    for k in range(n):
        trusted[k] = _trust_after(prior[k], strength, useful[k], useless[k], fresh_share)


@compiled(inline="always")
def _trust_after(prior: float, strength: float, useful: int, useless: int, kept: float) -> float:
    """Return trust after this evidence, in thousandths of a piece."""
    return trust.tie_trust(
        prior, strength, trust.evidence_left(useful, kept), trust.evidence_left(useless, kept)
    )


@compiled
def _read_together(
    s: Situation,
    posts: InReach,
    n: int,
    annoys: bool,
    sincere_at_first: tuple[float, float, float, float],
    reading: Reading,
) -> int:
    """Let all posts be read that can be read at once; return how many others there are.

    Others are all rows behind another one over the same tie, those not left among them, and of what
    is left: posts of a product that is known or by somebody who may be known to be sincere, and
    invitations.
    """
    ties, merchants, rewarded = posts.tie, posts.merchant, posts.rewarded
    left, states, kept, trusted, luck = (
        posts.left,
        posts.state,
        posts.kept,
        posts.trusted,
        posts.luck,
    )
    known, remembered, special = reading.known, reading.remembered, reading.special
    useful, useless, trusted_after = reading.useful, reading.useless, reading.trusted
    thresholds, week, fresh_share = posts.threshold, s.week, s.kept_shares[0]
    fatigue = s.terms.attention.fatigue
    for k in range(n):
        # Nothing came before the first row.
        special[k] = (ties[k] == ties[max(k - 1, 0)]) & (k > 0)
    for k in range(n):
        state, pays = states[k], rewarded[k] != 0
        fresh = attention.freshness(reads_in(state), fatigue)
        sincere = of_layer(layer_in(state), sincere_at_first) if pays else 1.0
        surely = attention.remembers(luck[k], trusted[k], sincere, fresh)
        # Learning can only raise sincerity, to 1 at most: mostly that makes no difference.
        perhaps = pays & (useful_in(state) > 0) & (not surely)
        perhaps &= attention.remembers(luck[k], trusted[k], 1.0, fresh)
        alone = (known[k] != 0) | (merchants[k] == NOBODY) | perhaps
        is_left = left[k] != 0
        is_special = (special[k] != 0) | (is_left & alone)
        special[k] = is_special
        remembered[k] = is_left & (not is_special) & surely
    for k in range(n):
        state, together = states[k], left[k] & (1 - special[k])
        after = with_reads(state, min(reads_in(state) + 1, MOST_READS))
        if annoys:
            worn = together & rewarded[k]
            is_muted = trust.is_muted(trusted_after[k], thresholds[k])
            paid = with_muted(with_evidence(after, useful[k], useless[k], week), is_muted)
            after ^= (after ^ paid) & -worn
            kept[k] = fresh_share if worn != 0 else kept[k]
        states[k] = state ^ ((state ^ after) & -together)
    n_special = 0
    for k in range(n):
        # Written before it is known to be one of them: no choice is made.
        is_special = special[k]
        special[n_special] = k
        n_special += is_special
    return n_special


@compiled(forceinline=True)
def _read_alone(
    s: Situation,
    posts: InReach,
    k: int,
    annoyance: float,
    sincere_at_first: tuple[float, float, float, float],
    reading: Reading,
) -> None:
    """Let one post be read, after all others over its tie that came before."""
    if k > 0 and posts.tie[k] == posts.tie[k - 1]:
        posts.state[k], posts.kept[k] = posts.state[k - 1], posts.kept[k - 1]
    reading.remembered[k] = 0
    if not posts.left[k]:
        return
    consumer, state, kept = posts.reader[k], posts.state[k], posts.kept[k]
    trusted_at, rewarded, luck = posts.trusted[k], posts.rewarded[k], posts.luck[k]
    earlier_reads = reads_in(state)
    posts.state[k] = with_reads(state, min(earlier_reads + 1, MOST_READS))
    if posts.merchant[k] == NOBODY:
        _consider_joining(s, consumer, posts.post[k], trusted_at)
        return
    fresh, sincere = attention.freshness(earlier_reads, s.terms.attention.fatigue), 1.0
    if rewarded:
        sincere = of_layer(layer_in(state), sincere_at_first)
        # Learning can only raise it, to 1 at most: mostly that makes no difference.
        if (
            (useful_in(state) > 0)
            & attention.remembers(luck, trusted_at, 1.0, fresh)
            & (not attention.remembers(luck, trusted_at, sincere, fresh))
        ):
            sincere = sharing.learned_sincerity(
                sincere,
                trust.evidence_left(useful_in(state), kept),
                s.terms.sharing.sincerity_learning,
            )
    reading.remembered[k] = attention.remembers(luck, trusted_at, sincere, fresh)
    good, bad = 0.0, annoyance * rewarded
    if reading.known[k]:
        was_useful = trust.outcome_useful(
            s.memory.mean_experience[consumer, posts.part[k] - 1],
            s.facts.stated_quality[posts.post[k]],
            s.terms.trust.tolerance,
        )
        good, known_bad = trust.evidence_of(was_useful, 1, s.terms.trust)
        bad += known_bad
    if good > 0.0 or bad > 0.0:
        fresh_share = s.kept_shares[0]
        useful = trust.evidence_after(useful_in(state), kept, good)
        useless = trust.evidence_after(useless_in(state), kept, bad)
        after = with_evidence(posts.state[k], useful, useless, s.week)
        posts.kept[k] = fresh_share
        if rewarded:
            now = _trust_after(
                posts.prior[k], s.terms.trust.prior_strength, useful, useless, fresh_share
            )
            after = with_muted(after, trust.is_muted(now, posts.threshold[k]))
        posts.state[k] = after


@compiled
def keep_memories(
    s: Situation,
    posts: InReach,
    n: int,
    spans: Spans,
    n_readers: int,
    reading: Reading,
    n_remembered: I4,
    first: int,
    remembered: Remembered,
    n_kept: int,
) -> int:
    """Put what is remembered of ``n`` posts behind the ``n_kept`` that are; return how many are.

    How many each of the ``n_readers`` from ``first`` on remembers is put into ``n_remembered``.
    """
    shares, nths, categories = remembered.share, remembered.nth, remembered.category
    rows, nth, parts, is_remembered, until = (
        posts.post,
        posts.nth,
        posts.part,
        reading.remembered,
        reading.until,
    )
    before, first_share, keeps = n_kept, s.posts.first_share, s.terms.attention.memory_weeks > 0
    for k in range(n):
        # Written before it is known to be remembered: no choice is made.
        at = np.uint64(n_kept)
        shares[at], nths[at], categories[at] = first_share + rows[k], nth[k], parts[k] - 1
        n_kept += is_remembered[k] & keeps
        until[k] = n_kept
    for reader in range(n_readers):
        end = spans.end[reader]
        now = until[end - 1] if end > 0 else before
        n_remembered[first + reader] = now - before
        before = now
    return n_kept


@compiled
def _consider_joining(s: Situation, consumer: int, post: int, trusted_at: float) -> None:
    if s.consumers.member[consumer]:
        return
    u = draws.uniform(s.seed, consumer, s.facts.sharer[post], s.week, draws.JOIN)
    if membership.joins(u, s.terms.sharing.join_prob, trusted_at):
        join(s, consumer, s.posts.first_share + post, s.posts.root_share[post])


@compiled
def joins_alone(s: Situation, consumer: int) -> bool:
    """Return whether a consumer joins without anybody's word."""
    if s.join_rate_per_week <= 0.0 or s.consumers.member[consumer]:
        return False
    u = draws.uniform(s.seed, consumer, NOBODY, s.week, draws.JOIN_ALONE)
    return membership.joins_alone(u, s.join_rate_per_week)


@compiled
def join(s: Situation, consumer: int, share: int, root: int) -> None:
    """Let a consumer become a member through ``share``, in the invitation chain of ``root``."""
    s.consumers.member[consumer] = True
    s.consumers.joined_week[consumer] = s.week
    s.consumers.joined_share[consumer] = share
    s.consumers.joined_root[consumer] = root
