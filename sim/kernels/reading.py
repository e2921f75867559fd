"""Reading, post by post: what it leaves of a tie, and what is remembered.

All posts are read at once, in vector instructions, as if each were the first one over its tie; then
again, in the same way, those that come behind another one over the same tie.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.fetching import fetch_ahead
from sim.kernels.joining import consider_joining
from sim.kernels.listing import AT_ONCE, list_rows
from sim.kernels.packed_ties import (
    layer_in,
    reads_in,
    useful_in,
    useless_in,
    with_evidence,
    with_muted,
    with_reads,
)
from sim.kernels.reach import InReach, draw_luck, fetch_some
from sim.kernels.situation import Situation, of_layer, sincerities_at_first
from sim.rules import attention, sharing, trust
from sim.world.columns import F8, I2, I4, MOST_READS, NOBODY

#: Marks of posts that are not read like all others.
_ASKED, _KNOWN, _INVITATION, _BEHIND = 1, 2, 4, 8


class Reading(NamedTuple):
    """What reading adds to ties and what is remembered, post by post, and lists of rows."""

    good: F8  # useful evidence, in pieces
    bad: F8  # useless evidence
    remembered: I4  # 1 or 0, where it is asked
    marks: I4  # what picks rows out
    rows: I4  # rows picked out
    asked: I4  # rows of posts of which somebody may ask whether they are remembered
    known: I4  # rows of products that their readers bought last
    invitations: I4  # rows
    behind: I4  # rows that lie behind another one over the same tie


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
    return Remembered(np.empty(most, np.int32), np.empty(most, np.int32), np.empty(most, np.int16))


def room_for_reads(most: int) -> Reading:
    """Return room for that many posts."""
    return Reading(*np.empty((2, most)), *np.empty((7, most + AT_ONCE), np.int32))


@compiled
def read(
    s: Situation,
    posts: InReach,
    n: int,
    annoyance: float,
    reading: Reading,
    again: InReach,
    rereading: Reading,
    following: InReach,
) -> int:
    """Let what is left of the first ``n`` posts in reach be read.

    ``again`` and ``rereading`` are room for posts that are looked at once more. Return of how many
    posts it is told whether they are remembered; `keep_memories` keeps those.
    """
    n_asked, n_known, n_invitations, n_behind = _pick_out(s, posts, n, reading, following)
    fetch_some(s, following)
    _forgive_ties(posts, reading, n_behind)
    sincere = sincerities_at_first(s, 0)
    # As if each row were the first one over its tie; then again what lies behind another one.
    _ask_what_is_remembered(s, posts, n_asked, sincere, reading, again, rereading)
    fetch_some(s, following)
    _put_evidence(s, posts, n, annoyance, n_known, reading)
    fetch_some(s, following)
    _count_reads(posts, n)
    fetch_some(s, following)
    n_rewarded, rewarded = 0, posts.rewarded
    for row in range(n):
        n_rewarded += int(rewarded[row])
    if n_rewarded > 0:
        _leave_evidence(s, posts, n, reading)
    else:
        _leave_evidence_of_known(s, posts, n_known, reading, again, rereading)
    fetch_some(s, following)
    n_before = 1  # rows over the same tie before each of those listed, at least
    while n_behind > 0:
        _read_behind(s, posts, n_behind, sincere, reading, again, rereading)
        n_before += 1
        n_behind = _keep_behind(posts, n_behind, n_before, reading)
    for j in range(n_invitations):
        k = np.int64(reading.invitations[j])
        consider_joining(s, np.int64(posts.reader[k]), np.int64(posts.post[k]), posts.trusted[k])
    return n_asked


@compiled
def _pick_out(
    s: Situation,
    posts: InReach,
    n: int,
    reading: Reading,
    following: InReach,
) -> tuple[int, int, int, int]:
    """List posts that are not read like all others; return how many there are on each list.

    These are posts of which somebody may ask whether they are remembered, posts about products that
    their readers bought last, invitations, and rows behind another one over the same tie, those not
    left among them.
    """
    last_merchant, experience = s.memory.last_merchant, s.memory.mean_experience
    readers, ties, parts, merchants = posts.reader, posts.tie, posts.part, posts.merchant
    left, asked, marks, known = posts.left, posts.asked, reading.marks, reading.known
    for k in range(n):
        reader, category = np.uint64(readers[k]), max(parts[k] - 1, 0)
        # Nobody needs what an invitation is about.
        may_ask = posts.may_ask[k] >> category
        is_asked = left[k] & (parts[k] > 0) & may_ask & 1
        is_product = merchants[k] != NOBODY
        # Nobody knows what an invitation is about.
        is_known = is_product & (last_merchant[reader, np.uint64(category)] == merchants[k])
        asked[k] = is_asked
        marks[k] = _ASKED * is_asked | _KNOWN * (left[k] & is_known)
        marks[k] |= _INVITATION * (left[k] & (not is_product))
    fetch_some(s, following)
    for k in range(1, n):
        marks[k] |= _BEHIND * (ties[k] == ties[k - 1])
    fetch_some(s, following)
    n_asked = list_rows(marks, _ASKED, n, reading.asked)
    n_known = list_rows(marks, _KNOWN, n, reading.known)
    fetch_some(s, following)
    n_invitations = list_rows(marks, _INVITATION, n, reading.invitations)
    n_behind = list_rows(marks, _BEHIND, n, reading.behind)
    fetch_some(s, following)
    for j in range(n_known):
        # Asked for once it is told which posts are remembered.
        row = np.uint64(known[j])
        fetch_ahead(experience, (posts.reader[row], posts.part[row] - 1))
    return n_asked, n_known, n_invitations, n_behind


@compiled
def _forgive_ties(posts: InReach, reading: Reading, n_behind: int) -> None:
    """Let all rows of a tie know that it is forgiven: their states differ in that mark only."""
    states, behind = posts.state, reading.behind
    for j in range(n_behind):
        k = np.uint64(behind[j])
        states[k] &= states[np.uint64(behind[j] - 1)]
    for j in range(n_behind - 1, -1, -1):
        k = np.uint64(behind[j])
        states[np.uint64(behind[j] - 1)] = states[k]


@compiled
def _ask_what_is_remembered(
    s: Situation,
    posts: InReach,
    n: int,
    sincere_at_first: tuple[float, float, float, float],
    reading: Reading,
    again: InReach,
    rereading: Reading,
) -> None:
    """Tell which of the ``n`` posts that are asked are remembered."""
    rows = reading.asked
    _set_aside(posts, rows, n, again)
    for j in range(n):
        k = np.uint64(rows[j])
        again.reader[j], again.sharer[j] = posts.reader[k], posts.sharer[k]
        again.part[j] = posts.part[k]
    draw_luck(s, again, 0, n, draws.REMEMBER)
    _remember(s, again, n, sincere_at_first, rereading)
    for j in range(n):
        k = np.uint64(rows[j])
        posts.luck[k], reading.remembered[k] = again.luck[j], rereading.remembered[j]


@compiled
def _put_evidence(
    s: Situation, posts: InReach, n: int, annoyance: float, n_known: int, reading: Reading
) -> None:
    """Tell what evidence reading adds: annoyance at rewards, and what is known of the product."""
    good, bad, rewarded, known = reading.good, reading.bad, posts.rewarded, reading.known
    for k in range(n):
        good[k], bad[k] = 0.0, annoyance * rewarded[k]
    for j in range(n_known):
        row = np.uint64(known[j])
        was_useful = trust.statement_useful(
            s.memory.mean_experience[posts.reader[row], posts.part[row] - 1],
            s.facts.stated_quality[posts.post[row]],
            s.consumers.market_belief[posts.reader[row]],
            s.terms.trust.tolerance,
        )
        good[row], known_bad = trust.evidence_of(was_useful, 1, s.terms.trust)
        bad[row] += known_bad


@compiled
def _count_reads(posts: InReach, n: int) -> None:
    """Count the reads of ``n`` posts, of which none waits for another, where their ties tell."""
    left, states = posts.left, posts.state
    for k in range(n):
        state = states[k]
        states[k] = with_reads(state, min(reads_in(state) + left[k], MOST_READS))


@compiled
def _leave_evidence_of_known(
    s: Situation, posts: InReach, n: int, reading: Reading, again: InReach, rereading: Reading
) -> None:
    """Tell what reading leaves of ties where nothing is rewarded: only known products tell."""
    known = reading.known
    _set_evidence_aside(posts, reading, known, n, again, rereading)
    _leave_evidence(s, again, n, rereading)
    for j in range(n):
        at, k = np.uint64(j), np.uint64(known[j])
        posts.state[k], posts.kept[k] = again.state[at], again.kept[at]


@compiled
def _leave_evidence(s: Situation, posts: InReach, n: int, reading: Reading) -> None:
    """Tell what ``n`` posts leave of their ties, of which none waits for another.

    Whatever evidence there is, old or new, a friend whose rewarded post is read is muted by it.
    """
    left, states, kept, prior = posts.left, posts.state, posts.kept, posts.prior
    rewarded, thresholds = posts.rewarded, posts.threshold
    good, bad, week = reading.good, reading.bad, s.week
    strength, fresh_share = s.terms.trust.prior_strength, s.kept_shares[0]
    for k in range(n):
        state, pays = states[k], -(rewarded[k] & left[k])
        changes = (left[k] != 0) & ((good[k] > 0.0) | (bad[k] > 0.0))
        useful = trust.evidence_after(useful_in(state), kept[k], good[k])
        useless = trust.evidence_after(useless_in(state), kept[k], bad[k])
        state = with_evidence(state, useful, useless, week) if changes else state
        kept[k] = fresh_share if changes else kept[k]
        trusted = trust.tie_trust(
            prior[k],
            strength,
            trust.evidence_left(useful_in(state), kept[k]),
            trust.evidence_left(useless_in(state), kept[k]),
        )
        paid = with_muted(state, trust.is_muted(trusted, thresholds[k]))
        states[k] = state ^ (state ^ paid) & pays


@compiled
def _remember(
    s: Situation,
    posts: InReach,
    n: int,
    sincere_at_first: tuple[float, float, float, float],
    reading: Reading,
) -> None:
    """Tell which of ``n`` posts are remembered, of which none waits for another."""
    asked, states, kept, rewarded = posts.asked, posts.state, posts.kept, posts.rewarded
    trusted, luck, fatigue = posts.trusted, posts.luck, s.terms.attention.fatigue
    remembered, marks, rows = reading.remembered, reading.marks, reading.rows
    for k in range(n):
        state, pays = states[k], rewarded[k] != 0
        fresh = attention.freshness(reads_in(state), fatigue)
        sincere = of_layer(layer_in(state), sincere_at_first) if pays else 1.0
        surely = attention.remembers(luck[k], trusted[k], sincere, fresh)
        # Learning can only raise sincerity, to 1 at most: mostly that makes no difference.
        perhaps = pays & (useful_in(state) > 0) & (not surely)
        perhaps &= attention.remembers(luck[k], trusted[k], 1.0, fresh)
        is_asked = asked[k] != 0
        remembered[k], marks[k] = is_asked & surely, is_asked & perhaps
    n_unsure = list_rows(marks, 1, n, rows)
    for j in range(n_unsure):
        row = np.uint64(rows[j])
        state = states[row]
        sincere = sharing.learned_sincerity(
            of_layer(layer_in(state), sincere_at_first),
            trust.evidence_left(useful_in(state), kept[row]),
            s.terms.sharing.sincerity_learning,
        )
        fresh = attention.freshness(reads_in(state), fatigue)
        remembered[row] = attention.remembers(luck[row], trusted[row], sincere, fresh)


@compiled
def _read_behind(
    s: Situation,
    posts: InReach,
    n: int,
    sincere_at_first: tuple[float, float, float, float],
    reading: Reading,
    again: InReach,
    rereading: Reading,
) -> None:
    """Let the ``n`` posts listed be read, after what the row before each left of their tie."""
    behind = reading.behind
    _set_evidence_aside(posts, reading, behind, n, again, rereading)
    for j in range(n):
        at, before = np.uint64(j), np.uint64(behind[j] - 1)
        again.state[at], again.kept[at] = posts.state[before], posts.kept[before]
    _remember(s, again, n, sincere_at_first, rereading)
    _count_reads(again, n)
    _leave_evidence(s, again, n, rereading)
    for j in range(n):
        at, k = np.uint64(j), np.uint64(behind[j])
        posts.state[k], posts.kept[k] = again.state[at], again.kept[at]
        reading.remembered[k] = rereading.remembered[at]


@compiled
def _set_evidence_aside(
    posts: InReach, reading: Reading, rows: I4, n: int, again: InReach, rereading: Reading
) -> None:
    """Copy what reading asks of the ``n`` posts listed, and the evidence it adds, side by side."""
    _set_aside(posts, rows, n, again)
    for j in range(n):
        at, k = np.uint64(j), np.uint64(rows[j])
        again.left[at], again.luck[at] = posts.left[k], posts.luck[k]
        again.threshold[at], again.prior[at] = posts.threshold[k], posts.prior[k]
        rereading.good[at], rereading.bad[at] = reading.good[k], reading.bad[k]


@compiled
def _set_aside(posts: InReach, rows: I4, n: int, again: InReach) -> None:
    """Copy what is asked to tell whether the ``n`` posts listed are remembered, side by side."""
    for j in range(n):
        at, k = np.uint64(j), np.uint64(rows[j])
        again.state[at], again.kept[at] = posts.state[k], posts.kept[k]
        again.asked[at], again.rewarded[at] = posts.asked[k], posts.rewarded[k]
        again.trusted[at] = posts.trusted[k]


@compiled
def _keep_behind(posts: InReach, n: int, n_before: int, reading: Reading) -> int:
    """Keep of the ``n`` rows listed those behind so many over their tie; return how many are."""
    ties, behind = posts.tie, reading.behind
    n_behind = 0
    for j in range(n):
        k = behind[j]
        behind[n_behind] = k
        n_behind += (k >= n_before) & (ties[k] == ties[max(k - n_before, 0)])
    return n_behind


@compiled
def keep_memories(
    s: Situation,
    posts: InReach,
    n_asked: int,
    reading: Reading,
    n_remembered: I4,
    remembered: Remembered,
    n_kept: int,
) -> int:
    """Put what is remembered of the ``n_asked`` posts behind the ``n_kept``; return how many are.

    ``n_remembered`` counts how many each reader remembers.
    """
    shares, nths, categories = remembered.share, remembered.nth, remembered.category
    is_remembered, rows, asked = reading.remembered, reading.rows, reading.asked
    row_start, first_share, n_new = s.ties.row_start, s.posts.first_share, 0
    for j in range(n_asked):
        # Written before it is known to be remembered: no choice is made.
        rows[n_new] = asked[j]
        n_new += is_remembered[np.uint64(asked[j])]
    for j in range(n_new):
        at, row = np.uint64(n_kept + j), np.uint64(rows[j])
        reader = np.uint64(posts.reader[row])
        shares[at], categories[at] = first_share + posts.post[row], posts.part[row] - 1
        nths[at] = posts.tie[row] - row_start[reader]
        n_remembered[reader] += 1
    return n_kept + n_new
