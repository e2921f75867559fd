"""Weighing what was found and deciding, for several choices at once: as ``sim.agents.shopper``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import as_real, compiled
from sim.kernels.looking import Clicked, LookedUp
from sim.kernels.looks import Looks, look_of, looks_at
from sim.kernels.packed_ties import layer_in, touched_in, useful_in, useless_in
from sim.kernels.recalling import Choices, Heard
from sim.kernels.situation import (
    Situation,
    kept_since,
    of_layer,
    sincerities_at_first,
)
from sim.kernels.transposing import AT_ONCE as FIELDS_AT_ONCE
from sim.kernels.transposing import put_fields
from sim.rules import belief, choice, pricing, sharing, trust
from sim.rules.attention import OUTERMOST
from sim.world.columns import F8, FIXED_POINT, I8, NOBODY, U1


class Weighed(NamedTuple):
    """What shoppers make of their looks: tables [looks, choices] as in ``Looks``, and columns."""

    mean: F8
    """Quality that is expected."""
    precision: F8
    luck: F8
    utility: F8
    weight: F8
    """Of the option in the choice, 0 where there is no look."""
    match: F8
    """Of tastes."""
    price_yuan: F8
    price: F8
    """[choices] of the product of one look after the other, like the next six."""
    taste_x: F8
    taste_y: F8
    review_mean: F8
    review_precision: F8
    prob: I8
    """Of the option in the choice, as a whole number of scale FIXED_POINT."""
    slope: I8
    """Of that probability in the price, likewise."""
    largest: F8
    """[choices] utility of the best option."""
    nothing: F8
    """[choices] weight of the option to buy nothing: of utility 0, there in every choice."""
    total: F8
    """[choices] of the weights of all options."""
    earliest: F8
    """[choices] arrival of the first option in the race for the choice."""
    best: I8
    """[choices] the look that is bought, -1 where to buy nothing is best."""


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


def nothing_weighed(n_choices: int, n_looks: int) -> Weighed:
    """Return room for so many looks of so many choices."""
    mean, precision, luck, utility, weight = np.empty((5, n_looks, n_choices))
    match, price_yuan = np.empty((2, n_looks, n_choices))
    price, taste_x, taste_y, review_mean, review_precision = np.empty((5, n_choices))
    largest, nothing, total, earliest = np.empty((4, n_choices))
    prob, slope, best = np.empty((3, n_choices), dtype=np.int64)
    return Weighed(
        mean,
        precision,
        luck,
        utility,
        weight,
        match,
        price_yuan,
        price,
        taste_x,
        taste_y,
        review_mean,
        review_precision,
        prob,
        slope,
        largest,
        nothing,
        total,
        earliest,
        best,
    )


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
def learn(
    s: Situation,
    choices: Choices,
    n_choices: int,
    n_habitual: int,
    looks: Looks,
    clicked: Clicked,
    n_clicked: int,
    weighed: Weighed,
    signals: Signals,
    n_signals: int,
) -> None:
    """Let shoppers learn about looks: from own experience, reviews, others and ads, in turn."""
    mean, precision, terms = weighed.mean, weighed.precision, s.terms.belief
    for look in range(s.n_looks):
        for k in range(n_choices):
            mean[look, k], precision[look, k] = choices.market[k], terms.prior_precision
    _learn_of_habits(s, choices, n_habitual, looks, weighed)
    _look_at_goods(s, choices, n_choices, looks, weighed)
    _weigh_signals(s, choices, signals, n_signals)
    for j in range(n_signals):
        at = np.uint64(signals.look[j]), np.uint64(signals.choice[j])
        mean[at], precision[at] = belief.combine(
            mean[at], precision[at], signals.stated_quality[j], signals.precision[j]
        )
    _believe_ads(s, choices, clicked, n_clicked, weighed)


@compiled(forceinline=True)
def _learn_of_habits(
    s: Situation, choices: Choices, n_habitual: int, looks: Looks, weighed: Weighed
) -> None:
    memory, own_precision = s.memory, s.terms.belief.own_precision
    mean, precision = weighed.mean, weighed.precision
    for j in range(n_habitual):
        k = choices.habitual[j]
        consumer, category, merchant = choices.shopper[k], choices.category[k], choices.habit[k]
        if looks_at(looks, k, s.list_place[merchant]):
            look = look_of(looks, s.n_looks, k, merchant)
            mean[look, k], precision[look, k] = belief.combine(
                mean[look, k],
                precision[look, k],
                as_real(memory.mean_experience[consumer, category]),
                belief.own_signal_precision(
                    own_precision,
                    s.consumers.insight[consumer],
                    memory.times[consumer, category],
                ),
            )


@compiled(forceinline=True)
def _look_at_goods(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, weighed: Weighed
) -> None:
    """Fill in price and match of all looks, and let reviews be read."""
    mean, precision, match = weighed.mean, weighed.precision, weighed.match
    price_yuan, price = weighed.price_yuan, weighed.price
    taste_x, taste_y = weighed.taste_x, weighed.taste_y
    review_mean, review_precision = weighed.review_mean, weighed.review_precision
    for look in range(s.n_looks):
        for k in range(0, n_choices, FIELDS_AT_ONCE):
            put_fields(
                s.goods,
                looks.merchant,
                (look, k),
                (taste_x, taste_y, review_mean, review_precision, price),
                k,
            )
        for k in range(n_choices):
            price_yuan[look, k] = price[k]
            match[look, k] = choice.taste_distance2(
                choices.taste_x[k], choices.taste_y[k], taste_x[k], taste_y[k]
            )
            # No reviews have no precision, and what has none changes nothing.
            mean[look, k], precision[look, k] = belief.combine(
                mean[look, k], precision[look, k], review_mean[k], review_precision[k]
            )
        for k in range(n_choices):
            match[look, k] = choice.match_value(match[look, k])


@compiled(forceinline=True)
def _believe_ads(
    s: Situation, choices: Choices, clicked: Clicked, n_clicked: int, weighed: Weighed
) -> None:
    ad_lift, mean, precision = s.consumers.ad_lift, weighed.mean, weighed.precision
    for j in range(n_clicked):
        k, look = np.uint64(clicked.choice[j]), np.uint64(clicked.look[j])
        mean[look, k], precision[look, k] = belief.combine(
            mean[look, k],
            precision[look, k],
            belief.advertised_quality(choices.market[k], ad_lift[np.uint64(choices.shopper[k])]),
            s.terms.belief.ad_precision,
        )


@compiled
def _weigh_signals(s: Situation, choices: Choices, signals: Signals, n: int) -> None:
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


@compiled
def weigh(
    s: Situation,
    choices: Choices,
    n_choices: int,
    looks: Looks,
    weighed: Weighed,
    luck_of_nothing: F8,
    demand_sums: I8,
) -> None:
    """Let the first shoppers decide; the demand for products is added to ``demand_sums``.

    Its two columns are the probability and its slope in the price.
    """
    best, earliest, nothing = weighed.best, weighed.earliest, weighed.nothing
    _put_utilities(s, choices, n_choices, looks, weighed)
    _put_weights(s.n_looks, n_choices, looks, weighed)
    for k in range(n_choices):
        best[k], earliest[k] = NOBODY, choice.arrival(luck_of_nothing[k], nothing[k])
    for look in range(s.n_looks):
        for k in range(n_choices):
            arrival = choice.arrival(weighed.luck[look, k], weighed.weight[look, k])
            sooner = arrival < earliest[k]
            best[k] = look if sooner else best[k]
            earliest[k] = arrival if sooner else earliest[k]
        _demand(choices, n_choices, look, looks, weighed, demand_sums)


@compiled(forceinline=True)
def _put_utilities(
    s: Situation, choices: Choices, n_choices: int, looks: Looks, weighed: Weighed
) -> None:
    """Fill in the utility of all looks and the luck of their shoppers with them."""
    seed, week, terms = s.seed, s.week, s.terms.choice
    shopper, alpha, wallet_yuan = choices.shopper, choices.alpha, choices.wallet_yuan
    merchants, match, price_yuan = looks.merchant, weighed.match, weighed.price_yuan
    luck, utility = weighed.luck, weighed.utility
    for look in range(s.n_looks):
        for k in range(n_choices):
            luck[look, k] = draws.uniform(
                seed, shopper[k], merchants[look, k], week, draws.CHOICE_SHOCK
            )
        for k in range(n_choices):
            price = price_yuan[look, k]
            utility[look, k] = choice.utility(
                alpha[k],
                price,
                min(wallet_yuan[k], price),
                weighed.mean[look, k],
                1.0 / weighed.precision[look, k],
                match[look, k],
                terms,
            )


@compiled(forceinline=True)
def _put_weights(n_looks: int, n_choices: int, looks: Looks, weighed: Weighed) -> None:
    """Fill in the weights of all options and their totals."""
    utility, weight, largest = weighed.utility, weighed.weight, weighed.largest
    nothing, total = weighed.nothing, weighed.total
    for k in range(n_choices):
        largest[k] = 0.0
    for look in range(n_looks):
        for k in range(n_choices):
            is_best = (look < looks.n[k]) & (utility[look, k] > largest[k])
            largest[k] = utility[look, k] if is_best else largest[k]
    for k in range(n_choices):
        nothing[k] = choice.option_weight(0.0, largest[k])
        total[k] = nothing[k]
    for look in range(n_looks):
        for k in range(n_choices):
            known = choice.option_weight(utility[look, k], largest[k])
            weight[look, k] = known if look < looks.n[k] else 0.0
            total[k] += weight[look, k]


@compiled(forceinline=True)
def _demand(
    choices: Choices, n_choices: int, look: int, looks: Looks, weighed: Weighed, sums: I8
) -> None:
    """Add the probabilities of these looks and their slopes to the sums of the merchants."""
    weight, total, alpha = weighed.weight, weighed.total, choices.alpha
    prob, slope = weighed.prob, weighed.slope
    for k in range(n_choices):
        chance = weight[look, k] / total[k]
        prob[k] = int(chance * FIXED_POINT + 0.5)
        slope[k] = int(pricing.demand_slope(alpha[k], chance, 1.0 - chance) * FIXED_POINT + 0.5)
    for k in range(n_choices):
        # Where there is no look, both are 0.
        merchant = np.uint64(looks.merchant[look, k])
        sums[merchant, 0] += prob[k]
        sums[merchant, 1] += slope[k]
