"""Numbers and intervals as they are written on every page."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app_parts.language import t

if TYPE_CHECKING:
    import pandas as pd

    from app_parts.stored import Mean

NO_NUMBER = "–"


def number(value: float | None, digits: int) -> str:
    """The value with that many decimals and a true minus sign; a dash for none."""
    if value is None or math.isnan(value):
        return NO_NUMBER
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):  # what rounds to nothing has no sign
        text = text.removeprefix("-")
    return text.replace("-", "\N{MINUS SIGN}")


def signed(value: float | None, digits: int) -> str:
    """The value with its sign."""
    text = number(value, digits)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def plain(value: float, significant: int = 6) -> str:
    """The value with at most that many significant digits, in full and without zeros at its end."""
    text = number(float(f"{value:.{significant}g}"), 9)
    return text.rstrip("0").rstrip(".")


def interval(low: float | None, high: float | None, digits: int, *, sign: bool = False) -> str:
    """Both bounds in brackets; a dash where there is no interval, as with a single run."""
    write = signed if sign else number
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return NO_NUMBER
    return f"[{write(low, digits)}, {write(high, digits)}]"


def with_bounds(mean: "Mean", digits: int) -> tuple[str, str]:
    """A mean and its interval as a cell of a table; no interval where there is one run."""
    bounds = interval(mean.low, mean.high, digits)
    return number(mean.mean, digits), "" if bounds == NO_NUMBER else bounds


def percent(share: float, digits: int = 2) -> str:
    """A share of 1 in %, without zeros at its end."""
    text = number(100 * share, digits)
    return t("units.percent", x=text.rstrip("0").rstrip(".") if "." in text else text)


def rows_of(table: "pd.DataFrame") -> Iterator[Any]:
    """The rows of a table as named tuples."""
    yield from table.itertuples()


def total(column: "pd.Series") -> float:
    """Sum of a column of numbers."""
    return float(column.to_numpy(dtype=float).sum())
