"""Estimates and their intervals as documents of evidence hold them, as text."""

from collections.abc import Mapping
from typing import Any


def number(value: float | None) -> str:
    """A number with three significant digits, or a dash."""
    return "–" if value is None else f"{value:.3g}"


def interval(row: Mapping[str, Any], low: str = "low", high: str = "high") -> str:
    """The bounds of an interval in words."""
    if row[low] is None:
        return "no interval"
    return f"{number(row[low])} to {number(row[high])}"
