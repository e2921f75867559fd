"""How each market looks and is called, the same in every figure, report and page.

Colours are those of Okabe and Ito (2008), told apart by colour-blind people on white and on dark
ground; dash and marker tell the markets apart without colour. Dashes and markers go by Plotly's
names. Importing this draws nothing and needs no plotting library.
"""

from collections.abc import Mapping
from dataclasses import dataclass

LANGUAGES = ("en", "zh")
"""Languages figures can be drawn in, the default first."""


@dataclass(frozen=True)
class MarketStyle:
    """Look and names of a market; names go by language."""

    colour: str
    """Colour as #rrggbb."""
    dash: str
    """solid, dash, dot or dashdot."""
    marker: str
    """circle, square, diamond or triangle-up."""
    labels: Mapping[str, str]
    """Beside a line, or in a legend."""
    names: Mapping[str, str]
    """Within a sentence."""


MARKETS: Mapping[str, MarketStyle] = {
    "referral": MarketStyle(
        "#D55E00",
        "solid",
        "circle",
        {"en": "Referral", "zh": "分享返利"},
        {"en": "the referral market", "zh": "分享返利市场"},
    ),
    "ads": MarketStyle(
        "#0072B2",
        "dash",
        "square",
        {"en": "Ads", "zh": "广告竞价"},
        {"en": "the ad market", "zh": "广告竞价市场"},
    ),
    "control": MarketStyle(
        "#707070",
        "dot",
        "diamond",
        {"en": "Control", "zh": "对照"},
        {"en": "the control market", "zh": "对照市场"},
    ),
    "hybrid": MarketStyle(
        "#009E73",
        "dashdot",
        "triangle-up",
        {"en": "Hybrid", "zh": "混合"},
        {"en": "the hybrid market", "zh": "混合市场"},
    ),
}
"""Every market there is by its name, in the order in which figures show them."""

PART_COLOURS: Mapping[str, str] = {
    "cost_of_goods": "#DDDDDD",
    "fixed_cost": "#BBBBBB",
    "merchant_profit": "#117733",
    "advertising": "#882255",
    "commission": "#CC6677",
    "fee": "#AA4499",
    "rewards": "#DDCC77",
    "rebates": "#999933",
    "refunds": "#88CCEE",
}
"""Colour of each part of 100 yuan; muted colours after Tol (2021), none of them a market's."""


def style_of(market: str) -> MarketStyle:
    """Look and names of a market; one not in `MARKETS` is black and goes by its own name."""
    own = dict.fromkeys(LANGUAGES, market)
    return MARKETS.get(market) or MarketStyle("#000000", "dashdot", "triangle-up", own, own)
