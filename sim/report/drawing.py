"""Small drawings as SVG text: they need no library, print well, and suit light and dark pages."""

import math
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

_WIDTH, _HEIGHT = 620, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 10, 10, 36
_DASHES = {"solid": "", "dash": "7 5", "dot": "2 4", "dashdot": "7 4 2 4"}


class Line(NamedTuple):
    """A line with its band, from week 0 on; a bound that is not a number draws no band."""

    name: str
    colour: str
    dash: str
    middle: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def bars(rows: Sequence[tuple[str, Sequence[tuple[str, float, str]]]], lowest: float) -> str:
    """Stacked bars from zero, one a row: its name, and its parts as name, amount and colour.

    Amounts below zero lie left of zero; the axis goes from `lowest` to 100.
    """
    width, row_height, left = 760, 46, 92
    span = 100.0 - min(lowest, 0.0)
    scale = (width - left - 16) / span
    zero = left - min(lowest, 0.0) * scale
    pieces = []
    for place, (name, parts) in enumerate(rows):
        top = 6 + place * row_height
        pieces.append(_text(left - 8, top + 22, name, "end"))
        right = back = zero
        for part, amount, colour in parts:
            length = abs(amount) * scale
            start = right if amount >= 0 else back - length
            title = f"<title>{escape(part)}: {amount:.2f}</title>"
            pieces.append(
                f'<rect x="{start:.1f}" y="{top}" width="{length:.1f}" height="34" '
                f'fill="{colour}">{title}</rect>'
            )
            right += length if amount >= 0 else 0.0
            back -= length if amount < 0 else 0.0
    bottom = 6 + len(rows) * row_height
    for tick in range(0, 101, 20):
        pieces.append(_text(zero + tick * scale, bottom + 14, str(tick), "middle"))
    pieces.append(_stroke(zero, 2, zero, bottom, 1))
    return _svg(width, bottom + 22, pieces, ", ".join(name for name, _ in rows))


def weeks(lines: Sequence[Line], title: str, axis: str, warm_up: int) -> str:
    """Lines by week with bands, on one axis; the weeks of the warm-up are grey."""
    known = [v for line in lines for v in (*line.middle, *line.low, *line.high) if v == v]
    if not known:
        return ""
    low, high = min(known), max(known)
    ticks = _ticks(low, high)
    low, high = min(low, ticks[0]), max(high, ticks[-1])
    last = max(len(line.middle) for line in lines) - 1 or 1

    def x(week: float) -> float:
        return _LEFT + week / last * (_WIDTH - _LEFT - _RIGHT)

    def y(value: float) -> float:
        return _TOP + (high - value) / (high - low or 1.0) * (_HEIGHT - _TOP - _BOTTOM)

    pieces = []
    if warm_up:
        pieces.append(
            f'<rect x="{x(0):.1f}" y="{_TOP}" width="{x(warm_up) - x(0):.1f}" '
            f'height="{_HEIGHT - _TOP - _BOTTOM}" fill="currentColor" opacity="0.07"/>'
        )
    for tick in ticks:
        pieces.append(_stroke(_LEFT, y(tick), _WIDTH - _RIGHT, y(tick), 0.18))
        pieces.append(_text(_LEFT - 6, y(tick) + 4, f"{tick:,.6g}".replace("-", "−"), "end"))
    for week in range(0, last + 1, max(1, round(last / 5 / 5) * 5 or 1)):
        pieces.append(_text(x(week), _HEIGHT - _BOTTOM + 16, str(week), "middle"))
    pieces.append(_text((_LEFT + _WIDTH) / 2, _HEIGHT - 4, axis, "middle"))
    for line in lines:
        if all(v == v for v in (*line.low, *line.high)) and line.low:
            points = [(x(k), y(v)) for k, v in enumerate(line.high)]
            points += [(x(k), y(v)) for k, v in reversed(list(enumerate(line.low)))]
            outline = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
            pieces.append(f'<polygon points="{outline}" fill="{line.colour}" opacity="0.18"/>')
        path = " ".join(f"{x(k):.1f},{y(v):.1f}" for k, v in enumerate(line.middle) if v == v)
        dash = f' stroke-dasharray="{_DASHES[line.dash]}"' if _DASHES[line.dash] else ""
        pieces.append(
            f'<polyline points="{path}" fill="none" stroke="{line.colour}" '
            f'stroke-width="2.4"{dash}><title>{escape(line.name)}</title></polyline>'
        )
    return _svg(_WIDTH, _HEIGHT, pieces, title)


def sample(colour: str, dash: str) -> str:
    """A short piece of a line, for a legend."""
    dashes = f' stroke-dasharray="{_DASHES[dash]}"' if _DASHES[dash] else ""
    return (
        f'<svg viewBox="0 0 40 8" aria-hidden="true"><line x1="0" y1="4" x2="40" y2="4" '
        f'stroke="{colour}" stroke-width="3"{dashes}/></svg>'
    )


def _ticks(low: float, high: float) -> list[float]:
    span = (high - low) or abs(high) or 1.0
    step = 10.0 ** math.floor(math.log10(span / 3))
    step *= next(factor for factor in (1, 2, 5, 10) if span / (step * factor) <= 5)
    first = math.floor(low / step)
    return [round((first + k) * step, 12) for k in range(math.ceil(high / step) - first + 1)]


def _svg(width: int, height: int, pieces: Sequence[str], title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"{''.join(pieces)}</svg>"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _stroke(x1: float, y1: float, x2: float, y2: float, opacity: float) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" '
        f'stroke="currentColor" opacity="{opacity}"/>'
    )
