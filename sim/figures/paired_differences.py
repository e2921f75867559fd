"""Every main outcome as a relative paired difference with its interval."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib.axes import Axes

from sim.figures.marks import MARKERS
from sim.figures.page import INK, SOFT, About, LeftOut, Page, caption_notes, open_page
from sim.figures.style import style_of
from sim.figures.words import OUTCOMES, bounds, signed
from sim.measures.over_runs import Contrast, contrasts_of, relative_differences

_LIMIT = 100.0
"""Largest reach of the axis in %; what lies beyond is an arrow, its number stands beside it."""


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
    notes = [*caption_notes(about, "shown.points"), words("filled")]
    if any(abs(bound) > reach for row in seen.values() for bound in (row.low, row.high)):
        notes.append(words("cut.off"))
    page = open_page(
        about, _title(about, pair, list(seen.values())), words("forest.sub", **named), notes
    )
    ax = page.axes(left=0.345, right=0.765, above=0.06, below=0.075)[0]
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
            _numbers(row),
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
    for side, market in ((0.0, second), (1.0, first)):
        ax.annotate(
            words("higher.in", market=words.name(market)),
            (side, 1),
            xycoords="axes fraction",
            xytext=(0, 7),
            textcoords="offset points",
            ha="left" if side == 0 else "right",
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


def _numbers(row: Contrast) -> str:
    digits = 1 if abs(row.estimate) < 100 else 0
    if not row.has_interval:
        return f"{signed(row.estimate, digits)} %"
    return f"{signed(row.estimate, digits)} %  {bounds(row.low, row.high, digits)}"


def _reach(rows: list[Contrast]) -> float:
    bounds = [
        abs(x) for row in rows for x in (row.low, row.high, row.estimate) if not math.isnan(x)
    ]
    widest = max(bounds, default=1.0)
    return min(_LIMIT, 1.08 * widest) or 1.0


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
