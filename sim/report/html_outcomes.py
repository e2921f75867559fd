"""Which outcomes an HTML report shows, and how each is written."""

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """How an outcome is written."""

    unit: str
    digits: int
    scale: float = 1.0
    by_week: bool = False


OUTCOMES: Mapping[str, Shown] = {
    "consumer_surplus_fen": Shown("yuan_week", 2, 0.01, True),
    "household_gain_fen": Shown("yuan_week", 2, 0.01, True),
    "household_gain_net_fen": Shown("yuan_week", 2, 0.01, True),
    "mean_quality_sold": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "merchant_profit_fen": Shown("yuan_week", 3, 0.01, True),
    "platform_profit_fen": Shown("yuan_week", 3, 0.01, True),
    "mean_tie_trust": Shown("scale", 3),
}
"""Outcomes in the order shown."""
SIDES: Mapping[str, Shown] = {
    "member_share": Shown("share", 1, 100.0),
    "merchant_share": Shown("share", 1, 100.0),
    "order_share": Shown("share", 1, 100.0),
    "mean_quality_sold": Shown("scale", 3),
    "mean_quality_offered": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "surplus_per_order_fen": Shown("yuan", 2, 0.01),
    "profit_per_member_fen": Shown("yuan_member_week", 3, 0.01),
}
"""Numbers of each side of the hybrid, in the order shown."""
WEEKLY: Mapping[str, Shown] = {
    "mean_quality_sold": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "profit_share": Shown("percent", 1, 100.0),
    "mean_tie_trust": Shown("scale", 3),
    "posts_per_100_members": Shown("posts", 1),
}
"""What is drawn week by week."""
