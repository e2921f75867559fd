"""Reading, post by post: what it leaves of a tie, what is remembered and who joins.

Most posts are the only ones that a reader reads over a tie in a week, about a product they do not
know. What these leave of the tie is told for many at once, in vector instructions.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.packed_ties import (
    layer_in,
    reads_in,
    useful_in,
    useless_in,
    with_evidence,
    with_muted,
    with_reads,
)
from sim.kernels.reach import InReach, Letters, Spans
from sim.kernels.situation import Situation, sincerity_at_first
from sim.rules import attention, membership, sharing, trust
from sim.world.columns import F8, I2, I4, I8, INVITATION, LAYER_BITS, MOST_READS, NOBODY


class Worn(NamedTuple):
    """What each post leaves of its tie, were it the only one and of an unknown product."""

    state: I8  # the tie before
    kept: F8
    prior: F8
    useless_piece: F8  # useless evidence that reading adds
    useful: I8  # evidence after, in thousandths of a piece
    useless: I8
    trusted: F8


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


def room_for_worn(most: int) -> Worn:
    """Return room for that many posts."""
    return Worn(
        np.empty(most, np.int64),
        np.empty(most),
        np.empty(most),
        np.empty(most),
        np.empty(most, np.int64),
        np.empty(most, np.int64),
        np.empty(most),
    )


@compiled
def wear(
    s: Situation, letters: Letters, posts: InReach, n: int, annoyance: float, worn: Worn
) -> None:
    """Tell what each of ``n`` posts leaves of its tie, in vector instructions."""
    states, kept, prior, is_rewarded = letters.state, letters.kept, letters.prior, s.facts.rewarded
    letter_of, rows = posts.letter, posts.post
    for k in range(n):
        letter, row = np.uint64(letter_of[k]), np.uint64(rows[k])
        worn.state[k], worn.kept[k], worn.prior[k] = states[letter], kept[letter], prior[letter]
        worn.useless_piece[k] = annoyance * is_rewarded[row]
    for k in range(n):
        worn.useful[k] = trust.evidence_after(useful_in(worn.state[k]), worn.kept[k], 0.0)
    for k in range(n):
        worn.useless[k] = trust.evidence_after(
            useless_in(worn.state[k]), worn.kept[k], worn.useless_piece[k]
        )
    strength, fresh_share = s.terms.trust.prior_strength, s.kept_shares[0]
    for k in range(n):
        worn.trusted[k] = _trust_after(
            worn.prior[k], strength, worn.useful[k], worn.useless[k], fresh_share
        )


@compiled(inline="always")
def _trust_after(prior: float, strength: float, useful: int, useless: int, kept: float) -> float:
    """Return trust after this evidence, in thousandths of a piece."""
    return trust.tie_trust(
        prior, strength, trust.evidence_left(useful, kept), trust.evidence_left(useless, kept)
    )


@compiled
def read(
    s: Situation,
    first: int,
    end: int,
    letters: Letters,
    posts: InReach,
    spans: Spans,
    worn: Worn,
    annoyance: float,
    n_remembered: I4,
    remembered: Remembered,
    n_kept: int,
) -> int:
    """Let readers ``first:end`` read what lies in their ``spans``.

    ``n_kept`` posts are ``remembered`` already: those remembered now are put behind them, and how
    many each reader remembers into ``n_remembered``. Return how many posts are remembered then.
    """
    week, fresh_share, kept = s.week, s.kept_shares[0], letters.kept
    kind_of, is_rewarded, merchant_of = s.facts.kind, s.facts.rewarded, s.facts.merchant
    stated_quality = s.facts.stated_quality
    last_merchant, mean_experience = s.memory.last_merchant, s.memory.mean_experience
    mute_threshold, row_start = s.consumers.mute_threshold, s.ties.row_start
    trust_terms, sharing_terms = s.terms.trust, s.terms.sharing
    strength, fatigue = trust_terms.prior_strength, s.terms.attention.fatigue
    first_share, keeps_memory = s.posts.first_share, s.terms.attention.memory_weeks > 0
    # Taken for sincere: fully where nothing is paid, as the layer says where something is.
    n_layers = LAYER_BITS + 1
    sincere_at_first = np.ones(2 * n_layers)
    for layer in range(n_layers):
        sincere_at_first[n_layers + layer] = sincerity_at_first(s, layer, 0)
    fresh_after = np.empty(MOST_READS + 1)
    for earlier_reads in range(MOST_READS + 1):
        fresh_after[earlier_reads] = attention.freshness(earlier_reads, fatigue)
    states, prior, trusted, ties = letters.state, letters.prior, letters.trusted, letters.tie
    letter_of, rows, parts, luck = posts.letter, posts.post, posts.part, posts.luck
    worn_useful, worn_useless, worn_trust = worn.useful, worn.useless, worn.trusted
    shares, nths, categories = remembered.share, remembered.nth, remembered.category
    annoys = annoyance > 0.0
    for consumer in range(first, end):
        kept_before, letter_before = n_kept, -1
        threshold, first_tie = mute_threshold[consumer], row_start[consumer]
        for k in range(spans.first[consumer - first], spans.end[consumer - first]):
            letter, row = np.uint64(letter_of[k]), np.uint64(rows[k])
            state, trusted_at = states[letter], trusted[letter]
            earlier_reads = reads_in(state)
            state = with_reads(state, min(earlier_reads + 1, MOST_READS))
            if kind_of[row] == INVITATION:
                states[letter] = state
                _consider_joining(s, consumer, rows[k], trusted_at)
                continue
            rewarded, merchant = is_rewarded[row], int(merchant_of[row])
            category = np.uint64(parts[k] - 1)
            fresh = fresh_after[np.uint64(earlier_reads)]
            sincere = sincere_at_first[np.uint64(layer_in(state) + n_layers * rewarded)]
            # Learning can only raise it, to 1 at most: mostly that makes no difference here.
            if (
                rewarded & (useful_in(state) > 0)
                and attention.remembers(luck[k], trusted_at, 1.0, fresh)
                and not attention.remembers(luck[k], trusted_at, sincere, fresh)
            ):
                sincere = sharing.learned_sincerity(
                    sincere,
                    trust.evidence_left(useful_in(state), kept[letter]),
                    sharing_terms.sincerity_learning,
                )
            is_known = last_merchant[consumer, category] == merchant
            if is_known or letter_of[k] == letter_before:
                good, bad = 0.0, 0.0
                if is_known:
                    was_useful = trust.outcome_useful(
                        mean_experience[consumer, category],
                        stated_quality[row],
                        trust_terms.tolerance,
                    )
                    good, bad = trust.evidence_of(was_useful, 1, trust_terms)
                if rewarded:
                    bad += annoyance
                if good > 0.0 or bad > 0.0:
                    useful = trust.evidence_after(useful_in(state), kept[letter], good)
                    useless = trust.evidence_after(useless_in(state), kept[letter], bad)
                    state = with_evidence(state, useful, useless, week)
                    kept[letter] = fresh_share
                    if rewarded:
                        now = _trust_after(prior[letter], strength, useful, useless, fresh_share)
                        state = with_muted(state, trust.is_muted(now, threshold))
            else:
                # All bits change where a reward annoys, none where not: no choice is made.
                is_worn = annoys & rewarded
                after = with_evidence(state, worn_useful[k], worn_useless[k], week)
                after = with_muted(after, trust.is_muted(worn_trust[k], threshold))
                state ^= (state ^ after) & -int(is_worn)
                kept[letter] = fresh_share if is_worn else kept[letter]
            letter_before = letter_of[k]
            states[letter] = state
            # Written before it is known to be remembered: no choice is made.
            at = np.uint64(n_kept)
            shares[at] = first_share + rows[k]
            nths[at] = ties[letter] - first_tie
            categories[at] = category
            n_kept += keeps_memory & attention.remembers(luck[k], trusted_at, sincere, fresh)
        n_remembered[consumer] = n_kept - kept_before
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
