"""The markets by name. A new market is one file here and one line in this one."""

from sim.markets.ads import Ads
from sim.markets.base import Market, Side
from sim.markets.control import Control
from sim.markets.hybrid import Hybrid
from sim.markets.referral import Referral

MARKETS: dict[str, Market] = {
    market.name: market for market in (Control(), Referral(), Ads(), Hybrid())
}
"""Every market that can be run, by name."""


def market_named(name: str) -> Market:
    """The market of that name; a ValueError names those that there are."""
    try:
        return MARKETS[name]
    except KeyError:
        raise ValueError(f"unknown market {name!r}; there are: {', '.join(MARKETS)}") from None


__all__ = ["MARKETS", "Market", "Side", "market_named"]
