"""Blocks of HTML: tables, tiles with their interval, legends. Every value is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from app_parts.charts import market_label
from app_parts.language import t
from sim.figures.style import style_of

#: Borders that look like the dashes of lines.
_BORDERS = {"solid": "solid", "dash": "dashed", "dot": "dotted", "dashdot": "dashed"}


def heading(text: str, level: int = 2, lead: str = "") -> None:
    """A heading, with a line that says what follows."""
    line = f'<p class="lead">{escape(lead)}</p>' if lead else ""
    st.html(f"<h{level}>{escape(text)}</h{level}>{line}")


def note(text: str) -> None:
    """A caption in small print."""
    st.html(f'<p class="note">{escape(text)}</p>')


def strong(text: str) -> str:
    """Escaped text set in bold, to be filled into a sentence."""
    return f"<strong>{escape(text)}</strong>"


def unbroken(text: str) -> str:
    """Escaped text that stays on one line."""
    return f'<span class="unbroken">{escape(text)}</span>'


def legend(markets: Iterable[str], variants: Sequence[tuple[str, bool]] = (("", True),)) -> None:
    """What lines look like: one entry a market and variant (its name, whether it is bold)."""
    entries = []
    for market in markets:
        style = style_of(market)
        for name, bold in variants:
            label = " ".join(part for part in (market_label(market), name) if part)
            line = f"{3 if bold else 1}px {_BORDERS[style.dash]} {style.colour}"
            entries.append(
                f'<li><span class="line" style="border-top:{line}"></span>{escape(label)}</li>'
            )
    st.html(f'<ul class="legend">{"".join(entries)}</ul>')


def table(
    head: Sequence[str],
    rows: Iterable[tuple[str, Sequence[str | tuple[str, str]]]],
    *,
    swatches: Sequence[str] = (),
) -> str:
    """An HTML table of rows of a header and cells; a cell is a text, or a number and its interval.

    Each header has a swatch of colour if any are given.
    """
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = []
    for place, (first, others) in enumerate(rows):
        swatch = ""
        if swatches:
            swatch = f'<span class="swatch" style="background:{swatches[place]}"></span>'
        cells = "".join(map(_cell, others))
        body.append(f'<tr><th scope="row">{swatch}{escape(first)}</th>{cells}</tr>')
    return f"<table><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>"


def _cell(content: str | tuple[str, str]) -> str:
    if isinstance(content, str):
        return f"<td>{escape(content)}</td>"
    value, bounds = map(escape, content)
    return f'<td>{value} <span class="bounds">{bounds}</span></td>'


def folded(summary: str, body: str) -> None:
    """HTML that opens under its summary, by mouse or keyboard; wide tables scroll inside."""
    st.html(
        f'<details class="numbers"><summary>{escape(summary)}</summary>'
        f"{scrolling(summary, body)}</details>"
    )


def scrolling(label: str, body: str) -> str:
    """HTML that scrolls in its own frame, by keyboard too."""
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(label)}">{body}</div>'
    )


def tile(
    name: str,
    verdict: str,
    estimate: str,
    unit: str,
    details: Sequence[str],
    what: str,
    strip: str,
    colour: str,
) -> str:
    """One outcome: what the data say, the difference, its interval as text and as a picture."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in details)
    return (
        f'<li class="tile"><h3>{escape(name)}</h3>'
        f'<p class="verdict"><span class="dot" style="background:{colour}"></span>'
        f"{escape(verdict)}</p>"
        f'<p class="estimate">{escape(estimate)} <span>{escape(unit)}</span></p>{strip}'
        f'<div class="details">{lines}</div>'
        f"<details><summary>{escape(t('tiles.what'))}</summary><p>{escape(what)}</p></details></li>"
    )


def interval_strip(estimate: float, low: float | None, high: float | None, colour: str) -> str:
    """A picture of a difference and its interval around a line at zero."""
    if low is None or high is None:
        return ""
    reach = 1.15 * max(abs(low), abs(high)) or 1.0
    left, middle, right = (50 + 50 * value / reach for value in (low, estimate, high))
    return (
        '<div class="strip"><span class="zero"></span>'
        f'<span class="reach" style="left:{left:.2f}%;width:{right - left:.2f}%;'
        f'background:{colour}"></span>'
        f'<span class="mean" style="left:{middle:.2f}%;background:{colour}"></span></div>'
    )


def chart_name(text: str) -> None:
    """The name of a chart, above it."""
    st.html(f'<p class="chart-name">{escape(text)}</p>')


def step(name: str, text: str) -> None:
    """One step of a story in words, its name before it."""
    st.html(f'<p class="step"><b>{escape(name)}</b><span>{escape(text)}</span></p>')


def tiles(items: Iterable[str]) -> None:
    """A grid of tiles."""
    st.html(f'<ul class="tiles">{"".join(items)}</ul>')
