"""Weighing what was found and deciding, for several choices at once: as ``sim.agents.shopper``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import as_real, compiled
from sim.kernels.looking import Clicked
from sim.kernels.looks import Looks, look_of, looks_at
from sim.kernels.recalling import Choices
from sim.kernels.signals import Signals, weigh_signals
from sim.kernels.situation import Situation
from sim.kernels.transposing import AT_ONCE as FIELDS_AT_ONCE
from sim.kernels.transposing import put_fields
from sim.rules import belief, choice, pricing
from sim.world.columns import F8, FIXED_POINT, I8, NOBODY


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
    weigh_signals(s, choices, signals, n_signals)
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
