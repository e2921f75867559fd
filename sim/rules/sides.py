"""Where people look and merchants sell where a sharing side and an ad side stand side by side."""

from __future__ import annotations

from typing import Any, NamedTuple

from numba.extending import register_jitable

from sim.rules.sharing import logistic

#: The sides of a market that has two; all of a market that has one is its first side.
SHARING_SIDE, AD_SIDE = range(2)


class SideTerms(NamedTuple):
    """How readily people change the side on which they look."""

    reconsider_prob: float  # chance, in a week with a need, to think over where to look
    gain_rate: float  # weight of the last purchase in what a side is remembered for


@register_jitable
def shelf_at(side: Any, category: Any, n_categories: int) -> Any:
    """Return the shelf of a category on a side, of numbers or columns of them.

    Those of the first side come first.
    """
    return side * n_categories + category


@register_jitable
def reconsiders(u: float, reconsider_prob: float) -> bool:
    """Return whether somebody thinks over now on which side to look, or to sell."""
    return u < reconsider_prob


@register_jitable
def side_to_look(u: float, gain_sharing: float, gain_ads: float) -> int:
    """Return the side on which somebody looks from now on, by what each has been worth so far.

    The ad side with probability 1 / (1 + exp(gain_sharing - gain_ads)): a logit choice between two
    places, each worth the utility that purchases there turned out to have. Source: McFadden 1974.
    """
    return AD_SIDE if u < logistic(gain_ads - gain_sharing) else SHARING_SIDE


@register_jitable
def worth_paying(price_fen: int, rebate_rate: float) -> float:
    """Return what is paid for a product, in yuan, less the rebate that is earned with it."""
    return price_fen * (1.0 - rebate_rate) / 100.0


@register_jitable
def moves_over(
    own_profit_fen: int,
    here_profit_fen: int,
    n_here: int,
    there_profit_fen: int,
    n_there: int,
    fixed_cost_fen: int,
    inertia: float,
) -> bool:
    """Return whether a merchant goes over to the other side of the market.

    ``here_profit_fen`` and ``there_profit_fen`` are what the ``n_here`` and ``n_there`` merchants
    of its category earned on its own and on the other side in the last quarter. It goes where their
    mean is above that of its own side, and above its own profit by more than ``inertia`` times what
    a merchant paid in fixed cost meanwhile. Where nobody sells there is nothing to go by.
    """
    if n_there == 0 or there_profit_fen * n_here <= here_profit_fen * n_there:
        return False
    return there_profit_fen > n_there * (own_profit_fen + inertia * fixed_cost_fen)
