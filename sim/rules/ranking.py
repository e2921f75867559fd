"""The ranked list, the same in every market, and the click quality that ad slots are weighed by."""

from __future__ import annotations

import math

from numba.extending import register_jitable


@register_jitable
def rank_score(
    recent_orders: int,
    mean_review: float,
    price_gap_yuan: float,
    review_weight: float,
    price_weight: float,
    price_sensitivity: float,
) -> float:
    """Score in the ranked list, higher first.

    ln(recent sales + 1/2) + w x (mean review - 1/2) - price weight x alpha x (price - mean price of
    the category, weighted by recent orders). Price weight: Dinerstein, Einav, Levin, Sundaresan
    2018, where price comes first.
    """
    return (
        math.log(recent_orders + 0.5)
        + review_weight * (mean_review - 0.5)
        - price_weight * price_sensitivity * price_gap_yuan
    )


@register_jitable
def shrunk_review(sum_micro: int, n_reviews: int, saturation: float) -> float:
    """Mean review, 0..1, drawn towards 1/2 as if ``saturation`` reviews had said so."""
    return (sum_micro / 1_000_000.0 + 0.5 * saturation) / (n_reviews + saturation)


@register_jitable
def click_quality(mean_review: float, exponent: float) -> float:
    """Weight of a bid in the slot auction: mean review ** exponent; at 0 only bids count."""
    return max(mean_review, 0.01) ** exponent
