"""What documents of claims hold, in the language of the visit: statements, verdicts, amounts."""

import re
from collections.abc import Mapping
from math import floor, log10
from typing import Any

from app_parts.language import has_text, t
from app_parts.numbers import NO_NUMBER, interval, number

VERDICTS: Mapping[str, tuple[str, str]] = {
    "supported": ("#117733", "✓"),
    "contradicted": ("#AA3377", "✕"),
    "mixed": ("#B8860B", "±"),
    "undecided": ("#6B7073", "?"),
    "not_yet_testable": ("#6B7073", "…"),
}
"""Colour and mark of each verdict; the word stands beside them."""


def words_key(text: str) -> str:
    """Key of the text in which a statement of a claim stands in the catalogues."""
    return f"claim_words.{re.sub(r'[^a-z0-9]+', '-', text.lower()).strip('-')}"


def words(text: str) -> str:
    """What a claim states, in the language of the visit; documents hold it in English."""
    key = words_key(text)
    return t(key) if has_text(key) else text


def bounds(entry: Mapping[str, Any]) -> str:
    """The interval of an estimate, in as many digits as the estimate; nothing without one."""
    low, high = entry.get("low"), entry.get("high")
    digits = _digits(entry.get("estimate"))
    text = interval(low, high, digits)
    return "" if text == NO_NUMBER else text


def amount(value: Any) -> str:
    """An estimate, in three significant digits or so; a dash without one."""
    if value is None or isinstance(value, str | bool | list):
        return str(value) if value is not None else NO_NUMBER
    return number(float(value), _digits(value))


def _digits(value: Any) -> int:
    """Decimals that show three significant digits of what is large, three or four of the rest."""
    if not isinstance(value, int | float) or value != value or value == 0:
        return 2
    return max(0, min(3 if abs(value) >= 0.01 else 4, 2 - floor(log10(abs(value)))))
