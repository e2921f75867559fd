"""Outcomes that pages show, each with its unit and decimals; definitions are in the catalogues."""

from dataclasses import dataclass

from app_parts.numbers import NO_NUMBER, interval, signed
from app_parts.stored import ANSWER, MARKETS, Compared, Difference
from sim.figures.style import style_of

NEUTRAL = "#8A8F92"
"""Colour of what shows no clear difference."""
VERDICTS = {"more": style_of(MARKETS[0]).colour, "less": style_of(MARKETS[1]).colour}
"""Colour of the market in which an outcome is clearly higher."""


@dataclass(frozen=True)
class Shown:
    """How an outcome is written: which unit, how many decimals, in fen or plain, by the week."""

    outcome: str
    unit: str
    digits: int
    in_fen: bool = False
    by_week: bool = False

    def scale(self, stored: Compared) -> float:
        """What the stored value is multiplied with to be in the unit that is shown."""
        return (0.01 if self.in_fen else 1.0) / (stored.counted_weeks if self.by_week else 1)

    def estimate(self, seen: Difference, stored: Compared) -> str:
        """The difference, with its sign."""
        return signed(seen.estimate * self.scale(stored), self.digits)

    def bounds(self, seen: Difference, stored: Compared) -> str:
        """The interval of the difference; a dash where there is none."""
        if seen.low is None or seen.high is None:
            return NO_NUMBER
        scale = self.scale(stored)
        return interval(seen.low * scale, seen.high * scale, self.digits, sign=True)


SURPLUS = Shown(ANSWER, "units.yuan_week", 2, in_fen=True, by_week=True)
QUALITY = Shown("mean_quality_sold", "units.quality", 3)
PRICE = Shown("mean_price_fen", "units.yuan", 2, in_fen=True)
TRUST = Shown("mean_tie_trust", "units.trust", 3)
NET = Shown("household_gain_net_fen", "units.yuan_week", 2, in_fen=True, by_week=True)
TILES = (
    Shown("household_gain_fen", "units.yuan_week", 2, in_fen=True, by_week=True),
    QUALITY,
    PRICE,
    Shown("merchant_profit_fen", "units.yuan_week", 3, in_fen=True, by_week=True),
    Shown("platform_profit_fen", "units.yuan_week", 3, in_fen=True, by_week=True),
    TRUST,
)
