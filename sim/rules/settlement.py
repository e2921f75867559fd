"""How the money of one order is divided, to the fen."""

from __future__ import annotations

from typing import NamedTuple

from numba.extending import register_jitable

from sim.money import share_of_fen
from sim.rules.rewards import MarketTerms, sender_cut


class Settlement(NamedTuple):
    """Amounts in fen that one order sets in motion besides the price and the cost of the goods."""

    fee_fen: int
    """Merchant to platform."""
    commission_fen: int
    """Merchant to platform."""
    sender_fen: int
    """Merchant to the sharer and those above, who divide it."""
    receiver_fen: int
    """The buyer's part of the reward: merchant to platform, credited to the wallet."""
    rebate_credit_fen: int
    """Rebate on this order: merchant to platform, credited to the wallet."""
    recovered_fen: int
    """Price that the merchant returns to the platform for a refunded order."""
    refund_fen: int
    """What the platform returns in money to the buyer of a refunded order."""
    restored_fen: int
    """Rebate used on a refunded order, returned to the wallet."""


@register_jitable
def refund_prob(quality: float, worst_prob: float) -> float:
    """Probability that a buyer sends the goods back: worst x (1 - quality)^2."""
    return worst_prob * (1.0 - quality) * (1.0 - quality)


@register_jitable
def settle_amounts(
    price_fen: int, rebate_used_fen: int, rewarded: int, refunded: int, terms: MarketTerms
) -> Settlement:
    """All amounts of one order, in fen.

    Fee, commission and rebate are shares of the posted price, and so are the two parts of the
    reward where the order came through a rewarded post. A refunded order pays none of them: the
    merchant returns the price, the buyer gets back what was paid in money as money and what was
    paid in rebate as rebate.
    """
    if refunded:
        return Settlement(0, 0, 0, 0, 0, price_fen, price_fen - rebate_used_fen, rebate_used_fen)
    sender_fen = 0
    receiver_fen = 0
    if rewarded:
        sender_fen = share_of_fen(price_fen, sender_cut(terms))
        receiver_fen = share_of_fen(price_fen, terms.receiver_rate)
    return Settlement(
        share_of_fen(price_fen, terms.fee_rate),
        share_of_fen(price_fen, terms.commission_rate),
        sender_fen,
        receiver_fen,
        share_of_fen(price_fen, terms.rebate_rate),
        0,
        0,
        0,
    )
