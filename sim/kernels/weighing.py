"""Weighing what was found and deciding, for several choices at once: as ``sim.agents.shopper``."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim import draws
from sim.compiled import compiled
from sim.kernels.looking import Found, Looks
from sim.kernels.recalling import Choices, Heard
from sim.kernels.situation import (
    PRICE_YUAN,
    REVIEW_MEAN,
    REVIEW_PRECISION,
    Situation,
    match_of,
    sincerity_over,
    trust_in_stranger,
    trust_over,
)
from sim.rules import belief, choice
from sim.world.columns import AD, F8, FIXED_POINT, I8, NOBODY


class Weighed(NamedTuple):
    """What the shopper makes of each look, row by row as in ``Looks``."""

    shopper: I8
    mean: F8
    """Quality that is expected."""
    precision: F8
    variance: F8
    match: F8
    luck: F8
    utility: F8
    weight: F8
    """Of the option in the choice; ``utility`` and ``weight`` are room for one choice at a time."""


class Signals(NamedTuple):
    """What friends and leaders said about looks, in the order in which it is taken in."""

    look: I8
    """Row in ``Looks``."""
    post: I8
    tie: I8


def nothing_weighed(n_rows: int) -> Weighed:
    """Return room for so many looks."""
    return Weighed(np.empty(n_rows, dtype=np.int64), *np.empty((7, n_rows)))


def no_signals(n_rows: int) -> Signals:
    """Return room for so many signals."""
    return Signals(*np.empty((3, n_rows), dtype=np.int64))


@compiled
def expect(
    s: Situation,
    choices: Choices,
    k: int,
    heard: Heard,
    found: Found,
    looks: Looks,
    begin: int,
    looks_before: int,
    weighed: Weighed,
    signals: Signals,
    n_signals: int,
) -> int:
    """Fill in what the ``k``-th shopper knows of the looks from ``begin`` on by own experience.

    What others said about them is put behind the ``n_signals`` there are. Return their number then.
    """
    consumer, market, terms = choices.shopper[k], choices.market[k], s.terms.belief
    known, first = choices.habit[k], looks_before + begin
    for row in range(begin, found.end):
        weighed.shopper[row] = consumer
        weighed.mean[row], weighed.precision[row] = market, terms.prior_precision
    if known != NOBODY and looks.seen[known] >= first:
        row = looks.seen[known] - looks_before
        weighed.mean[row], weighed.precision[row] = belief.combine(
            market,
            terms.prior_precision,
            choices.experienced[k],
            belief.own_signal_precision(
                terms.own_precision, s.consumers.insight[consumer], choices.times[k]
            ),
        )
    is_new = found.post != NOBODY
    for j in range(choices.heard_until[k - 1] if k > 0 else 0, choices.heard_until[k]):
        is_new = is_new and heard.post[j] != found.post
        seen = looks.seen[heard.merchant[j]]
        if seen >= first:
            signals.look[n_signals] = seen - looks_before
            signals.post[n_signals], signals.tie[n_signals] = heard.post[j], heard.tie[j]
            n_signals += 1
    if is_new:
        seen = looks.seen[s.facts.merchant[found.post]]
        if seen >= first:
            signals.look[n_signals] = seen - looks_before
            signals.post[n_signals], signals.tie[n_signals] = found.post, found.tie
            n_signals += 1
    return n_signals


@compiled
def learn(
    s: Situation, looks: Looks, n: int, weighed: Weighed, signals: Signals, n_signals: int
) -> None:
    """Let the shoppers of the first ``n`` looks learn from reviews, from others and from ads."""
    goods, mean, precision = s.goods, weighed.mean, weighed.precision
    for k in range(n):
        # No reviews have no precision, and what has none changes nothing.
        merchant = looks.merchant[k]
        mean[k], precision[k] = belief.combine(
            mean[k], precision[k], goods[merchant, REVIEW_MEAN], goods[merchant, REVIEW_PRECISION]
        )
    for j in range(n_signals):
        k = signals.look[j]
        mean[k], precision[k] = _hear(
            s, weighed.shopper[k], mean[k], precision[k], signals.post[j], signals.tie[j]
        )
    if len(s.shop.slot_click_prob) > 0:
        for k in range(n):
            if looks.channel[k] == AD:
                consumer = weighed.shopper[k]
                mean[k], precision[k] = belief.combine(
                    mean[k],
                    precision[k],
                    belief.advertised_quality(
                        s.consumers.market_belief[consumer], s.consumers.ad_lift[consumer]
                    ),
                    s.terms.belief.ad_precision,
                )
    for k in range(n):
        weighed.variance[k] = 1.0 / precision[k]


@compiled(forceinline=True)
def _hear(
    s: Situation, consumer: int, mean: float, precision: float, post: int, tie: int
) -> tuple[float, float]:
    credibility = s.facts.credibility[post]
    if tie != NOBODY:
        trusted_at = trust_over(s, consumer, tie, credibility)
    else:
        trusted_at = trust_in_stranger(s, consumer, credibility)
    sincere = 1.0
    if s.facts.rewarded[post]:
        sincere = sincerity_over(s, tie, 1)
    return belief.combine(
        mean,
        precision,
        s.facts.stated_quality[post],
        belief.post_precision(s.terms.belief.friend_precision, trusted_at, sincere),
    )


@compiled
def meet(s: Situation, looks: Looks, n: int, weighed: Weighed) -> None:
    """Fill in the match of the first ``n`` looks and the luck of their shoppers with them."""
    seed, week = s.seed, s.week
    for k in range(n):
        weighed.luck[k] = draws.uniform(
            seed, weighed.shopper[k], looks.merchant[k], week, draws.CHOICE_SHOCK
        )
    for k in range(n):
        weighed.match[k] = match_of(s, weighed.shopper[k], looks.merchant[k])


@compiled
def decide(
    s: Situation,
    consumer: int,
    wallet: int,
    looks: Looks,
    begin: int,
    end: int,
    weighed: Weighed,
    luck_of_nothing: float,
    demand_sums: I8,
) -> int:
    """Return the row among ``begin:end`` that is bought, -1 where to buy nothing is best.

    The probability and the slope of demand are added to the two columns of ``demand_sums``.
    """
    alpha, largest = s.consumers.price_sensitivity[consumer], 0.0
    utility, weight = weighed.utility, weighed.weight
    for k in range(begin, end):
        merchant = looks.merchant[k]
        utility[k] = choice.utility(
            alpha,
            s.goods[merchant, PRICE_YUAN],
            min(wallet, s.merchants.price_fen[merchant]) / 100.0,
            weighed.mean[k],
            weighed.variance[k],
            weighed.match[k],
            s.terms.choice,
        )
        largest = max(largest, utility[k])
    weight_of_nothing = choice.option_weight(0.0, largest)
    total = weight_of_nothing
    for k in range(begin, end):
        weight[k] = choice.option_weight(utility[k], largest)
        total += weight[k]
    best, earliest = -1, choice.arrival(luck_of_nothing, weight_of_nothing)
    for k in range(begin, end):
        prob, merchant = weight[k] / total, looks.merchant[k]
        demand_sums[merchant, 0] += int(prob * FIXED_POINT + 0.5)
        demand_sums[merchant, 1] += int(alpha * prob * (1.0 - prob) * FIXED_POINT + 0.5)
        arrival = choice.arrival(weighed.luck[k], weight[k])
        if arrival < earliest:
            best, earliest = k, arrival
    return best
