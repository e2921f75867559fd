"""The hybrid: a sharing platform and an ad platform at once, on the same people and merchants."""

from __future__ import annotations

from sim.markets.ads import Ads
from sim.markets.base import Side
from sim.markets.referral import Referral


class Hybrid:
    """Two platforms side by side; who looks and who sells on which changes with what it brought."""

    name = "hybrid"
    sides: tuple[Side, ...] = (Referral(), Ads())
    """The sharing side and the ad side, in the order of `sim.rules.sides`."""
