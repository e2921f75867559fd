"""How levers and quantities are named and scaled on axes: money in yuan, shares in percent."""

from __future__ import annotations

from typing import NamedTuple

from sim.figures.words import NBSP, OUTCOMES, Words, number
from sim.figures.words_of_analyses import QUANTITY_NAMES, UNITS
from sim.money import FEN_PER_YUAN


class Scale(NamedTuple):
    """A quantity on an axis."""

    factor: float
    """From the unit it is kept in to the one shown."""
    label: str
    """What the axis says."""
    name: str
    """What a sentence says."""
    sign: str
    """What follows a number: %, or nothing."""

    def text(self, value: float) -> str:
        """A value as it stands in a sentence, three or four digits."""
        shown = value * self.factor
        digits = 0 if abs(shown) >= 1000 else 1 if abs(shown) >= 10 else 2 if abs(shown) >= 1 else 3
        text = number(shown, digits)
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text}{NBSP}{self.sign}" if self.sign else text


def scale_of_lever(words: Words, key: str, unit: str) -> Scale:
    """A lever by its key; shares are shown in percent."""
    share = unit.startswith("share")
    label = words("lever.axis", lever=key, unit=_unit(words, unit))
    return Scale(100.0 if share else 1.0, label, key, "%" if share else "")


def scale_of_quantity(words: Words, text: str, unit: str) -> Scale:
    """A quantity by its name, or a weighted sum by its text."""
    column = 0 if words.lang == "en" else 1
    names = {**QUANTITY_NAMES, **OUTCOMES}
    full = next((name for name in (text, f"{text}_fen") if name in names), None)
    name = names[full][column] if full else text
    factor = 1.0 / FEN_PER_YUAN if "fen" in unit.split() else 1.0
    return Scale(factor, words("objective.axis", name=name, unit=_unit(words, unit)), name, "")


def _unit(words: Words, unit: str) -> str:
    if unit in UNITS:
        return UNITS[unit][0 if words.lang == "en" else 1]
    return unit.replace("fen", "yuan") if not unit.startswith("share") else f"% {unit[6:]}"
