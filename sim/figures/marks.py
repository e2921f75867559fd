"""Marks on axes in the look of each market: lines with bands, bars, keys and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.figures.page import INK, LEFT, About, Page
from sim.figures.style import style_of
from sim.measures.over_runs import means_over_runs

DASHES: dict[str, Any] = {
    "solid": "solid",
    "dash": (0, (5, 1.8)),
    "dot": (0, (1.2, 1.6)),
    "dashdot": (0, (6, 1.8, 1.2, 1.8)),
}
MARKERS = {"circle": "o", "square": "s", "diamond": "D", "triangle-up": "^"}
HATCHES = {"solid": "", "dash": "////", "dot": "....", "dashdot": "xxxx"}

_SHADE = "#EFEFEF"
_GROUP = 0.78
"""Part of the room of a place on the axis that its bars take."""


class EndLabel(NamedTuple):
    """A text at the end of a line."""

    height: float
    """In data of the axes; NaN leaves the label out."""
    text: str
    colour: str
    bold: bool


class WeekPanel(NamedTuple):
    """A column of the weekly table on axes of its own."""

    column: str
    title: str
    """Key of what is shown, with its unit."""
    percent: bool = False
    """Whether shares are written in percent."""
    from_zero: bool = True


def weeks_axis(ax: Axes, about: About) -> None:
    """Weeks along x, the warm-up shaded."""
    ax.set_xlabel(about.words("week"))
    if about.weeks > 1:
        ax.set_xlim(0, about.weeks - 1)
        ax.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=[1, 2, 2.5, 5, 10]))
    else:
        ax.set_xlim(-0.5, 0.5)
        ax.set_xticks([0])
    ax.grid(axis="x", visible=False)
    if about.first_counted:
        ax.axvspan(0, about.first_counted - 0.5, color=_SHADE, zorder=0, linewidth=0)


def percent_axis(ax: Axes) -> None:
    """Shares along y, written in percent."""
    ax.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:.4g}"))


def panels_over_weeks(
    page: Page, about: About, weekly: pd.DataFrame, panels: Sequence[WeekPanel]
) -> None:
    """One small axes a column of `weekly`, side by side, with every market in each."""
    axes = page.axes(len(panels), left=0.075, above=0.14, gap=0.21)
    for ax, panel in zip(axes, panels, strict=True):
        means = means_over_runs(weekly, ["market", "week"], panel.column)
        for market in about.markets:
            line_with_band(ax, means[means["market"] == market], "week", market)
        weeks_axis(ax, about)
        ax.set_title(about.words(panel.title), color=INK, pad=10, fontsize=11)
        if panel.percent:
            percent_axis(ax)
        if panel.from_zero:
            start_at_zero(ax)
        if means["mean"].isna().all():
            ax.set_yticks([])
    market_key(page, about)


def start_at_zero(ax: Axes) -> None:
    """Let the heights begin at zero, or below where the data do, with some room above."""
    low, high = ax.get_ylim()
    if low < 0.0 < high:
        ax.axhline(0, color=INK, linewidth=1, zorder=1)
    low, high = min(0.0, low), max(0.0, high)
    ax.set_ylim(low, high + 0.05 * (high - low or 1.0))


def line_with_band(
    ax: Axes, means: pd.DataFrame, x: str, market: str, *, thin: bool = False, steps: bool = False
) -> None:
    """The mean of a market along x with the band of its interval, in the look of the market."""
    look = style_of(market)
    known = means.dropna(subset=["mean"])
    ax.plot(
        known[x],
        known["mean"],
        color=look.colour,
        linestyle=DASHES[look.dash],
        drawstyle="steps-pre" if steps else "default",
        linewidth=1.3 if thin else 2.4,
        marker=MARKERS[look.marker],
        markersize=4.5 if thin else 6.5,
        markevery=0.09 if steps else (min(4, len(known) // 8), max(len(known) // 8, 1)),
        markerfacecolor="white" if thin else look.colour,
        zorder=3,
    )
    ax.fill_between(
        known[x],
        known["low"],
        known["high"],
        color=look.colour,
        alpha=0.10 if thin else 0.18,
        linewidth=0,
        step="pre" if steps else None,
        zorder=2,
    )


def end_label(means: pd.DataFrame, text: str, market: str, *, bold: bool = True) -> EndLabel:
    """The label at the last mean that is known."""
    known = means["mean"].dropna()
    height = float(known.iloc[-1]) if len(known) else float("nan")
    return EndLabel(height, text, style_of(market).colour, bold)


def put_end_labels(ax: Axes, labels: Sequence[EndLabel]) -> None:
    """Texts right of an axes at the heights of what they name, moved apart where they touch."""
    low, high = ax.get_ylim()
    ordered = sorted(label for label in labels if label.height == label.height)
    heights = spread([label.height for label in ordered], 0.056 * (high - low), low, high)
    for height, label in zip(heights, ordered, strict=True):
        ax.annotate(
            label.text,
            (1.0, height),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            color=label.colour,
            fontsize=12,
            weight="bold" if label.bold else "normal",
            va="center",
        )


def spread(heights: Sequence[float], room: float, low: float, high: float) -> list[float]:
    """Ascending heights moved as little as needed to lie `room` apart within [low, high]."""
    groups: list[tuple[float, int]] = []  # sum of the wished heights of touching labels, and count
    for height in heights:
        total, count = height, 1
        while groups:
            below, n_below = groups[-1]
            if total / count - below / n_below >= room * (count + n_below) / 2:
                break
            groups.pop()
            total, count = total + below, count + n_below
        groups.append((total, count))
    result: list[float] = []
    for total, count in groups:
        reach = room * (count - 1) / 2
        centre = min(max(total / count, low + reach), max(high - reach, low + reach))
        result += [centre - reach + room * number for number in range(count)]
    return result


def grouped_bars(ax: Axes, about: About, bars: pd.DataFrame, ticks: pd.DataFrame, by: str) -> None:
    """Bars of each market side by side at each value of `by`, whiskers on, a tick over each.

    Both tables have market, `by` and the columns of `means_over_runs`; ticks have no whiskers.
    """
    places = sorted(bars[by].unique())
    width = _GROUP / len(about.markets)
    for turn, market in enumerate(about.markets):
        look = style_of(market)
        x = np.arange(len(places)) + (turn - (len(about.markets) - 1) / 2) * width
        bar, tick = (
            table[table["market"] == market].set_index(by).reindex(places)
            for table in (bars, ticks)
        )
        height = bar["mean"].to_numpy()
        ax.bar(
            x,
            height,
            width * 0.92,
            color=look.colour,
            edgecolor="white",
            linewidth=0,
            hatch=HATCHES[look.dash],
        )
        reach = [height - bar["low"].to_numpy(), bar["high"].to_numpy() - height]
        ax.errorbar(x, height, yerr=reach, fmt="none", ecolor=INK, elinewidth=1.6, capsize=4)
        level = tick["mean"].to_numpy()
        half = width * 0.46
        ax.hlines(level, x - half, x + half, color="white", linewidth=4.2, zorder=4)
        ax.hlines(level, x - half, x + half, color=INK, linewidth=2.2, zorder=5)
    ax.set_xticks(range(len(places)), [f"{place:g}" for place in places])
    ax.set_ylim(bottom=0)
    ax.grid(axis="x", visible=False)


def market_key(
    page: Page, about: About, *, bars: bool = False, more: Sequence[Line2D] = ()
) -> None:
    """One row below the subtitle that says which look is which market, then `more`."""
    handles: list[Any] = []
    for market in about.markets:
        look, label = style_of(market), about.words.label(market)
        if bars:
            hatch = HATCHES[look.dash]
            handles.append(
                Patch(facecolor=look.colour, edgecolor="white", hatch=hatch, label=label)
            )
        else:
            handles.append(
                Line2D(
                    [],
                    [],
                    color=look.colour,
                    linestyle=DASHES[look.dash],
                    linewidth=2.4,
                    marker=MARKERS[look.marker],
                    markersize=7,
                    label=label,
                )
            )
    page.figure.legend(
        handles=[*handles, *more],
        loc="upper left",
        bbox_to_anchor=(LEFT - 0.004, page.top - 0.022),
        ncols=len(handles) + len(more),
        fontsize=12,
        handlelength=3.2,
        columnspacing=1.8,
        borderaxespad=0,
        borderpad=0,
    )
