"""One measured number, with its interval and what it is good for."""

from typing import Any, NamedTuple

import pandas as pd

DIGITS = 6
"""Significant digits that are kept of a measured number."""


class Measurement(NamedTuple):
    """A number with its 95 % interval, and the parameter that it sets (empty: none)."""

    key: str
    what: str
    value: float
    low: float
    high: float
    unit: str
    n: int
    counted: str
    sets: str = ""

    def stored(self) -> dict[str, Any]:
        """The measurement as a dictionary for JSON, its numbers cut to `DIGITS` digits."""
        cut = {
            name: float(f"{getattr(self, name):.{DIGITS}g}") for name in ("value", "low", "high")
        }
        return {**self._asdict(), **cut, "n": int(self.n)}


class Findings(NamedTuple):
    """What one data set says: the measurements and, for some, a curve."""

    measurements: list[Measurement]
    curve: pd.DataFrame | None = None

    def stored(self) -> dict[str, Any]:
        """The findings as a dictionary for JSON."""
        curve = None
        if self.curve is not None:
            curve = {
                str(name): [
                    int(x) if float(x).is_integer() else float(f"{x:.{DIGITS}g}") for x in column
                ]
                for name, column in self.curve.items()
            }
        return {"measurements": [one.stored() for one in self.measurements], "curve": curve}
