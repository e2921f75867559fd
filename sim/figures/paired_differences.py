"""Every main outcome as a relative paired difference with its interval."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.marks import MARKERS
from sim.figures.page import INK, SOFT, About, LeftOut, Page, caption_notes, open_page
from sim.figures.style import style_of
from sim.figures.words import OUTCOMES, Words, bounds, signed
from sim.measures.over_runs import Contrast, contrasts_of, relative_differences

_REACHES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Reaches the axis may have in %; what lies beyond is an arrow, its number stands beside it."""
_MOST_WRITTEN = 1000.0
"""Largest difference in % that is written out; beyond, the mean compared with is about nothing."""
_INSIDE = 0.75
"""Share of the rows that must lie within the axis, unless its largest reach is too small."""


def paired_differences(
    about: About, differences: pd.DataFrame | None, pair: tuple[str, str]
) -> Page:
    """A forest plot of the differences of one pair of markets, in % of the second's mean.

    `differences` are the rows of a comparison; those whose second mean is not above zero have no
    relative difference and are not shown.
    """
    if differences is None:
        raise LeftOut("one market alone has no differences")
    of_pair = differences[(differences["first"] == pair[0]) & (differences["second"] == pair[1])]
    relative = relative_differences(of_pair)
    words = about.words
    seen = {name: row for name, row in contrasts_of(relative).items() if name in OUTCOMES}
    seen = {name: seen[name] for name in OUTCOMES if name in seen}
    if not seen:
        raise LeftOut("no outcome has a mean above zero")
    first, second = pair
    named = words.named(first, second)
    reach = _reach(list(seen.values()))
    notes = caption_notes(about, "shown.points")
    if any(row.has_interval for row in seen.values()):
        notes.append(words("filled"))
    if any(abs(bound) > reach for row in seen.values() for bound in (row.low, row.high)):
        notes.append(words("cut.off"))
    page = open_page(
        about, _title(about, pair, list(seen.values())), words("forest.sub", **named), notes
    )
    ax = page.axes(left=0.3, right=0.745, above=0.07, below=0.1)[0]
    for place, (name, row) in enumerate(seen.items()):
        _row(ax, place, row, reach)
        ax.annotate(
            words.outcome(name),
            (0, place),
            xycoords=("axes fraction", "data"),
            xytext=(-14, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=11.5,
        )
        ax.annotate(
            _numbers(words, row),
            (1, place),
            xycoords=("axes fraction", "data"),
            xytext=(14, 0),
            textcoords="offset points",
            va="center",
            fontsize=11,
            color=INK if row.sign else SOFT,
        )
    ax.set_xlim(-reach, reach)
    ax.set_ylim(len(seen) - 0.4, -0.6)
    ax.axvline(0, color=INK, linewidth=1.1, zorder=2)
    ax.set_yticks([])
    ax.spines["left"].set_visible(False)
    ax.set_xlabel(words("relative", second=named["second"]))
    for market, shift, align in ((second, -12, "right"), (first, 12, "left")):
        ax.annotate(
            words("higher.in", market=words.label(market)),
            (0, 1),
            xycoords=("data", "axes fraction"),
            xytext=(shift, 8),
            textcoords="offset points",
            ha=align,
            color=style_of(market).colour,
            weight="bold",
            fontsize=11.5,
        )
    return page


def _row(ax: Axes, place: int, row: Contrast, reach: float) -> None:
    look = style_of(row.first if row.estimate > 0 else row.second)
    clear = row.sign != 0
    colour = look.colour if clear or not row.has_interval else "#8C8C8C"
    if place % 2 == 0:
        ax.axhspan(place - 0.5, place + 0.5, color="#F6F6F6", zorder=0, linewidth=0)
    if row.has_interval:
        low, high = max(row.low, -reach), min(row.high, reach)
        ax.plot([low, high], [place, place], color=colour, linewidth=2.6, zorder=3)
    point = min(max(row.estimate, -reach), reach)
    inside = point == row.estimate
    marker = MARKERS[look.marker] if inside else (">" if point > 0 else "<")
    ax.plot(
        [point],
        [place],
        marker=marker,
        markersize=8,
        color=colour,
        markerfacecolor=colour if clear else "white",
        markeredgewidth=1.6,
        clip_on=False,
        zorder=4,
    )


def _numbers(words: Words, row: Contrast) -> str:
    if abs(row.estimate) > _MOST_WRITTEN:
        return words("beyond", x=signed(math.copysign(_MOST_WRITTEN, row.estimate), 0))
    digits = 1 if abs(row.estimate) < 100 else 0
    if not row.has_interval:
        return f"{signed(row.estimate, digits)} %"
    return f"{signed(row.estimate, digits)} %  {bounds(row.low, row.high, digits)}"


def _reach(rows: list[Contrast]) -> float:
    """Reach of the axis either side of zero."""
    widest = [
        max(abs(bound) for bound in (row.low, row.high, row.estimate) if not math.isnan(bound))
        for row in rows
    ]
    for reach in _REACHES:
        if sum(bound <= reach for bound in widest) >= _INSIDE * len(widest):
            return reach
    return _REACHES[-1]


def _title(about: About, pair: tuple[str, str], rows: list[Contrast]) -> str:
    named = about.words.named(*pair)
    signs = [row.sign for row in rows]
    if not any(row.has_interval for row in rows):
        return about.words("forest.single", **named)
    return about.words(
        "forest.title",
        **named,
        n=len(signs),
        higher=signs.count(1),
        lower=signs.count(-1),
        unclear=signs.count(0),
    )
