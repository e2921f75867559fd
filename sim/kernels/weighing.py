"""Weighing what was found and deciding, for several choices at once: as ``sim.agents.shopper``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.looking import LookedUp
from sim.kernels.looks import Looks, look_of
from sim.kernels.packed_ties import layer_in, touched_in, useful_in, useless_in
from sim.kernels.recalling import Choices, Heard
from sim.kernels.situation import (
    PRICE_YUAN,
    REVIEW_MEAN,
    REVIEW_PRECISION,
    TASTE_X,
    TASTE_Y,
    Situation,
    kept_since,
    of_layer,
    sincerities_at_first,
)
from sim.rules import belief, choice, sharing, trust
from sim.rules.attention import OUTERMOST
from sim.world.columns import AD, F8, FIXED_POINT, I8, NOBODY, U1


class Weighed(NamedTuple):
    """What the shopper makes of each look, row by row as in ``Looks``."""

    mean: F8
    """Quality that is expected."""
    precision: F8
    distance2: F8
    """Of the product from the shopper's taste, squared."""
    match: F8
    luck: F8
    utility: F8
    largest: F8
    """Utility of the best option of the choice."""
    weight: F8
    """Of the option in the choice."""
    total: F8
    """Of the weights of all options of the choice."""
    arrival: F8
    """Of the option in the race for the choice."""
    prob: I8
    """Of the option in the choice, as a whole number of scale FIXED_POINT."""
    slope: I8
    """Of that probability in the price, likewise."""


class Nothing(NamedTuple):
    """The option to buy nothing, choice by choice: of utility 0, it takes part in every choice."""

    largest: F8
    """Utility of the best option of the choice."""
    weight: F8
    arrival: F8


class Signals(NamedTuple):
    """What friends and leaders said about looks, in the order in which it is taken in."""

    look: I8
    """Row in ``Looks``."""
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


def nothing_weighed(n_rows: int) -> Weighed:
    """Return room for so many looks."""
    mean, precision, distance2, match, luck, utility, largest, weight, total, arrival = np.empty(
        (10, n_rows)
    )
    prob, slope = np.empty((2, n_rows), dtype=np.int64)
    return Weighed(
        mean,
        precision,
        distance2,
        match,
        luck,
        utility,
        largest,
        weight,
        total,
        arrival,
        prob,
        slope,
    )


def no_options(n_choices: int) -> Nothing:
    """Return room for the option to buy nothing in so many choices."""
    return Nothing(*np.empty((3, n_choices)))


def no_signals(n_rows: int) -> Signals:
    """Return room for so many signals."""
    look, post, tie, shopper, state = np.empty((5, n_rows), dtype=np.int64)
    stated_quality, credibility, kept, prior, trusted, precision = np.empty((6, n_rows))
    rewarded = np.empty(n_rows, dtype=np.bool_)
    return Signals(
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
    place_of, n = s.catalogue_place, 0
    # Written before it is known to be about a look: no choice is made.
    for j in range(choices.heard_until[n_choices - 1]):
        look = look_of(looks, heard.choice[j], place_of[heard.merchant[j]])
        signals.look[n], signals.post[n], signals.tie[n] = look, heard.post[j], heard.tie[j]
        n += look >= 0
    for j in range(n_looked_up):
        k, post = looked_up.choice[j], looked_up.post[j]
        look, is_new = look_of(looks, k, place_of[looked_up.merchant[j]]), True
        for known in range(choices.heard_until[k - 1] if k > 0 else 0, choices.heard_until[k]):
            is_new = is_new and heard.post[known] != post
        signals.look[n], signals.post[n], signals.tie[n] = look, post, looked_up.tie[j]
        n += is_new and look >= 0
    return n


@compiled
def learn(
    s: Situation,
    choices: Choices,
    n_choices: int,
    looks: Looks,
    weighed: Weighed,
    signals: Signals,
    n_signals: int,
) -> None:
    """Let shoppers learn about looks: from own experience, reviews, others and ads, in turn."""
    goods, mean, precision, terms = s.goods, weighed.mean, weighed.precision, s.terms.belief
    n, choice_of, market = n_choices * s.n_looks, looks.choice, choices.market
    for k in range(n):
        mean[k], precision[k] = market[np.uint64(choice_of[k])], terms.prior_precision
    for k in range(n_choices):
        row = look_of(looks, k, s.catalogue_place[max(choices.habit[k], 0)])
        if choices.habit[k] != NOBODY and row >= 0:
            mean[row], precision[row] = belief.combine(
                mean[row],
                precision[row],
                choices.experienced[k],
                belief.own_signal_precision(
                    terms.own_precision, s.consumers.insight[choices.shopper[k]], choices.times[k]
                ),
            )
    for k in range(n):
        # No reviews have no precision, and what has none changes nothing.
        merchant = np.uint64(looks.merchant[k])
        mean[k], precision[k] = belief.combine(
            mean[k], precision[k], goods[merchant, REVIEW_MEAN], goods[merchant, REVIEW_PRECISION]
        )
    _weigh_signals(s, choices, looks, signals, n_signals)
    for j in range(n_signals):
        row = np.uint64(signals.look[j])
        mean[row], precision[row] = belief.combine(
            mean[row], precision[row], signals.stated_quality[j], signals.precision[j]
        )
    if len(s.shop.slot_click_prob) > 0:
        for k in range(n):
            if looks.channel[k] == AD:
                consumer = choices.shopper[choice_of[k]]
                mean[k], precision[k] = belief.combine(
                    mean[k],
                    precision[k],
                    belief.advertised_quality(
                        s.consumers.market_belief[consumer], s.consumers.ad_lift[consumer]
                    ),
                    terms.ad_precision,
                )


@compiled
def _weigh_signals(s: Situation, choices: Choices, looks: Looks, signals: Signals, n: int) -> None:
    """Fill in what is known of the first ``n`` signals and how precise each is taken to be."""
    ties, states, shoppers = signals.tie, signals.state, signals.shopper
    packed, facts, rewarded = s.ties.packed, s.facts, signals.rewarded
    has_ties = len(packed) > 0
    # Short loops, so that many of these far places are on their way at once.
    for j in range(n):
        states[j] = packed[np.uint64(max(ties[j], 0))] if has_ties else 0
        shoppers[j] = choices.shopper[looks.choice[signals.look[j]]]
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


@compiled
def meet(s: Situation, choices: Choices, n_choices: int, looks: Looks, weighed: Weighed) -> None:
    """Fill in the match of all looks and the luck of their shoppers with them."""
    seed, week, goods, n = s.seed, s.week, s.goods, n_choices * s.n_looks
    shopper, taste_x, taste_y = choices.shopper, choices.taste_x, choices.taste_y
    choice_of, merchant_of, luck = looks.choice, looks.merchant, weighed.luck
    match, distance2 = weighed.match, weighed.distance2
    for k in range(n):
        looks.shopper[k] = shopper[np.uint64(choice_of[k])]
    for k in range(n):
        luck[k] = draws.uniform(seed, looks.shopper[k], merchant_of[k], week, draws.CHOICE_SHOCK)
    for k in range(n):
        row, merchant = np.uint64(choice_of[k]), np.uint64(merchant_of[k])
        distance2[k] = choice.taste_distance2(
            taste_x[row], taste_y[row], goods[merchant, TASTE_X], goods[merchant, TASTE_Y]
        )
    for k in range(n):
        match[k] = choice.match_value(distance2[k])


@compiled
def weigh(
    s: Situation,
    choices: Choices,
    n_choices: int,
    looks: Looks,
    weighed: Weighed,
    nothing: Nothing,
    luck_of_nothing: F8,
) -> None:
    """Fill in how likely every option of the first choices is, and when it arrives."""
    n = n_choices * s.n_looks
    _put_utilities(s, choices, looks, n, weighed)
    _put_largest(looks, n_choices, s.n_looks, weighed, nothing)
    utility, largest, weight = weighed.utility, weighed.largest, weighed.weight
    for k in range(n):
        weight[k] = choice.option_weight(utility[k], largest[k])
    for k in range(n_choices):
        nothing.weight[k] = choice.option_weight(0.0, nothing.largest[k])
    _put_totals(looks, n_choices, s.n_looks, weighed, nothing)
    alpha, choice_of, total = choices.alpha, looks.choice, weighed.total
    prob, slope = weighed.prob, weighed.slope
    for k in range(n):
        chance = weight[k] / total[k]
        prob[k] = int(chance * FIXED_POINT + 0.5)
        slope[k] = int(alpha[np.uint64(choice_of[k])] * chance * (1.0 - chance) * FIXED_POINT + 0.5)
    arrival, luck = weighed.arrival, weighed.luck
    for k in range(n):
        arrival[k] = choice.arrival(luck[k], weight[k])
    for k in range(n_choices):
        nothing.arrival[k] = choice.arrival(luck_of_nothing[k], nothing.weight[k])


@compiled(forceinline=True)
def _put_utilities(s: Situation, choices: Choices, looks: Looks, n: int, weighed: Weighed) -> None:
    merchants, goods, terms = looks.merchant, s.goods, s.terms.choice
    alpha, wallet_yuan, mean = choices.alpha, choices.wallet_yuan, weighed.mean
    choice_of = looks.choice
    precision, match, utility = weighed.precision, weighed.match, weighed.utility
    for k in range(n):
        row, merchant = np.uint64(choice_of[k]), np.uint64(merchants[k])
        price_yuan = goods[merchant, PRICE_YUAN]
        utility[k] = choice.utility(
            alpha[row],
            price_yuan,
            min(wallet_yuan[row], price_yuan),
            mean[k],
            1.0 / precision[k],
            match[k],
            terms,
        )


@compiled(forceinline=True)
def _put_largest(
    looks: Looks, n_choices: int, n_looks: int, weighed: Weighed, nothing: Nothing
) -> None:
    for k in range(n_choices):
        largest, begin = 0.0, k * n_looks
        for row in range(begin, begin + looks.n[k]):
            largest = max(largest, weighed.utility[row])
        nothing.largest[k] = largest
        for row in range(begin, begin + n_looks):
            weighed.largest[row] = largest


@compiled(forceinline=True)
def _put_totals(
    looks: Looks, n_choices: int, n_looks: int, weighed: Weighed, nothing: Nothing
) -> None:
    for k in range(n_choices):
        total, begin = nothing.weight[k], k * n_looks
        for row in range(begin, begin + looks.n[k]):
            total += weighed.weight[row]
        for row in range(begin, begin + n_looks):
            weighed.total[row] = total


@compiled(forceinline=True)
def decide(
    looks: Looks, k: int, n_looks: int, weighed: Weighed, arrival_of_nothing: float, sums: I8
) -> int:
    """Return the row of the k-th choice that is bought, -1 where to buy nothing is best.

    The probability and the slope of demand are added to the two columns of ``sums``.
    """
    best, earliest = -1, arrival_of_nothing
    for row in range(k * n_looks, k * n_looks + looks.n[k]):
        merchant = np.uint64(looks.merchant[row])
        sums[merchant, 0] += weighed.prob[row]
        sums[merchant, 1] += weighed.slope[row]
        sooner = weighed.arrival[row] < earliest
        best = row if sooner else best
        earliest = weighed.arrival[row] if sooner else earliest
    return best
