"""What places in the shop go by, for all merchants who sell at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.compiled import compiled
from sim.money import FEN_PER_YUAN
from sim.rules.ranking import click_quality, rank_score, shrunk_review
from sim.world.columns import F8, I8, MICRO


class RankWeights(NamedTuple):
    """What the ranked list goes by, besides sales."""

    review: float
    price: float
    price_sensitivity: float


@compiled
def rank_scores(
    start: I8,
    recent: I8,
    price_fen: I8,
    review_count: I8,
    review_sum_micro: I8,
    weights: RankWeights,
) -> F8:
    """Return the score of each merchant, higher first; those of category c are start[c]:start[c+1].

    Prices are held against the mean price of the category's recent orders, or of its offers where
    nothing was sold; who has no reviews counts as middling.
    """
    scores = np.empty(len(recent))
    for category in range(len(start) - 1):
        first, end = start[category], start[category + 1]
        paid = sold = asked = 0
        for k in range(first, end):
            paid += price_fen[k] * recent[k]
            sold += recent[k]
            asked += price_fen[k]
        mean_fen = paid / sold if sold > 0 else asked / max(end - first, 1)
        for k in range(first, end):
            mean_review = 0.5
            if review_count[k] > 0:
                mean_review = review_sum_micro[k] / (review_count[k] * MICRO)
            scores[k] = rank_score(
                recent[k],
                mean_review,
                (price_fen[k] - mean_fen) / FEN_PER_YUAN,
                weights.review,
                weights.price,
                weights.price_sensitivity,
            )
    return scores


@compiled
def click_weights(review_count: I8, review_sum_micro: I8, saturation: float, exponent: float) -> F8:
    """Return the weight of each merchant's bid, from the reviews as far as these go."""
    weights = np.empty(len(review_count))
    for k in range(len(review_count)):
        mean_review = shrunk_review(review_sum_micro[k], review_count[k], saturation)
        weights[k] = click_quality(mean_review, exponent)
    return weights
