"""What friends and leaders said about products that are looked at, and what weight it has."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.kernels.looking import LookedUp
from sim.kernels.looks import Looks, look_of, looks_at
from sim.kernels.packed_ties import layer_in, touched_in, useful_in, useless_in
from sim.kernels.recalling import Choices, Heard
from sim.kernels.situation import Situation, kept_since, of_layer, sincerities_at_first
from sim.rules import belief, sharing, trust
from sim.rules.attention import OUTERMOST
from sim.world.columns import F8, I8, NOBODY, U1


class Signals(NamedTuple):
    """What friends and leaders said about looks, in the order in which it is taken in."""

    choice: I8
    merchant: I8
    look: I8
    """Which of the choice."""
    post: I8
    tie: I8
    """-1 without a tie."""
    shopper: I8
    state: I8
    """What is known of the tie, packed."""
    stated_quality: F8
    credibility: F8
    rewarded: U1
    kept: F8
    """What is left of the evidence of the tie."""
    prior: F8
    """Trust before evidence."""
    trusted: F8
    """Trust now."""
    precision: F8


def no_signals(n_rows: int) -> Signals:
    """Return room for so many signals."""
    choice, merchant, look, post, tie, shopper, state = np.empty((7, n_rows), dtype=np.int64)
    stated_quality, credibility, kept, prior, trusted, precision = np.empty((6, n_rows))
    rewarded = np.empty(n_rows, dtype=np.bool_)
    return Signals(
        choice,
        merchant,
        look,
        post,
        tie,
        shopper,
        state,
        stated_quality,
        credibility,
        rewarded,
        kept,
        prior,
        trusted,
        precision,
    )


@compiled
def hear(
    s: Situation,
    choices: Choices,
    n_choices: int,
    heard: Heard,
    looked_up: LookedUp,
    n_looked_up: int,
    looks: Looks,
    signals: Signals,
) -> int:
    """Collect what others told the first shoppers about what they look at; return how much it is.

    Leaders' posts come after those that were remembered.
    """
    place_of, n = s.list_place, 0
    # Written before it is known to be about a look: no choice is made.
    for j in range(choices.heard_until[n_choices - 1]):
        k, merchant = heard.choice[j], heard.merchant[j]
        signals.choice[n], signals.merchant[n] = k, merchant
        signals.post[n], signals.tie[n] = heard.post[j], heard.tie[j]
        n += looks_at(looks, k, place_of[merchant])
    for j in range(n_looked_up):
        k, post, merchant, is_new = looked_up.choice[j], looked_up.post[j], looked_up.merchant[j], 1
        for known in range(choices.heard_until[k - 1] if k > 0 else 0, choices.heard_until[k]):
            is_new = is_new & int(heard.post[known] != post)
        signals.choice[n], signals.merchant[n] = k, merchant
        signals.post[n], signals.tie[n] = post, looked_up.tie[j]
        n += is_new & looks_at(looks, k, place_of[merchant])
    for j in range(n):
        signals.look[j] = look_of(looks, s.n_looks, signals.choice[j], signals.merchant[j])
    return n


@compiled
def weigh_signals(s: Situation, choices: Choices, signals: Signals, n: int) -> None:
    """Fill in what is known of the first ``n`` signals and how precise each is taken to be."""
    ties, states, shoppers = signals.tie, signals.state, signals.shopper
    packed, facts, rewarded = s.ties.packed, s.facts, signals.rewarded
    has_ties = len(packed) > 0
    # Short loops, so that many of these far places are on their way at once.
    for j in range(n):
        states[j] = packed[np.uint64(max(ties[j], 0))] if has_ties else 0
        shoppers[j] = choices.shopper[signals.choice[j]]
    for j in range(n):
        post = np.uint64(signals.post[j])
        signals.stated_quality[j], rewarded[j] = facts.stated_quality[post], facts.rewarded[post]
        signals.credibility[j] = facts.credibility[post]
    kept, prior, trusted, credibility = (
        signals.kept,
        signals.prior,
        signals.trusted,
        signals.credibility,
    )
    layer_trust, leader_trust = s.terms.trust.layer_trust, s.terms.trust.leader_trust
    general_trust, weights = s.consumers.general_trust, s.ties.weight
    for j in range(n):
        kept[j] = kept_since(s, touched_in(states[j]))
    for j in range(n):
        mean = of_layer(layer_in(states[j]), layer_trust) if ties[j] != NOBODY else leader_trust
        prior[j] = trust.first_impression(
            mean, general_trust[np.uint64(shoppers[j])], credibility[j]
        )
    if len(weights) > 0:
        for j in range(n):
            if ties[j] != NOBODY and weights[ties[j]] >= 0.0:
                prior[j] = trust.first_impression(
                    np.float64(weights[ties[j]]), general_trust[shoppers[j]], credibility[j]
                )
    friends_precision, strength = s.terms.belief.friend_precision, s.terms.trust.prior_strength
    sincere_at_first = sincerities_at_first(s, 1)
    for j in range(n):
        state, has_tie = states[j], ties[j] != NOBODY
        useful = trust.evidence_left(useful_in(state), kept[j])
        useless = trust.evidence_left(useless_in(state), kept[j])
        known = trust.tie_trust(prior[j], strength, useful, useless)
        trusted[j] = known if has_tie else prior[j]
        sincere = of_layer(layer_in(state) if has_tie else OUTERMOST, sincere_at_first)
        signals.precision[j] = belief.post_precision(
            friends_precision, trusted[j], sincere if rewarded[j] else 1.0
        )
    for j in range(n):
        if rewarded[j] and ties[j] != NOBODY and useful_in(states[j]) > 0:
            sincere = sharing.learned_sincerity(
                of_layer(layer_in(states[j]), sincere_at_first),
                trust.evidence_left(useful_in(states[j]), kept[j]),
                s.terms.sharing.sincerity_learning,
            )
            signals.precision[j] = belief.post_precision(friends_precision, trusted[j], sincere)
