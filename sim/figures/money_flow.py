"""Where 100 yuan go: stacked bars, and the same in a table with intervals."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from sim.figures.page import INK, LEFT, RIGHT, SOFT, About, LeftOut, Page, caption_notes, open_page
from sim.figures.style import PART_COLOURS, style_of
from sim.figures.words import PARTS, Words, bounds, number, signed, with_interval
from sim.measures.over_runs import contrast, means_over_runs
from sim.measures.rates import PLATFORM_PARTS, USER_PARTS, of_100_to

_LEAST_LEVEL, _LEAST_TURNED = 3.6, 1.8
"""Yuan a part must have for its number to fit into the bar, level or turned; the table has all."""
_LINE = 0.037
"""Height of a line of the table, as a share of the page."""
_TABLE_FROM = 0.3
"""Where the columns of the table begin, as a share of the width."""


def money_flow(about: About, money: pd.DataFrame) -> Page:
    """Of 100 yuan paid, how many go where, in every market.

    `money` has a row a run and part with the yuan of_100 that go there.
    """
    if money["of_100"].isna().all():
        raise LeftOut("nothing was paid")
    words = about.words
    shown = "shown.brackets" if len(about.markets) < 3 else "shown.halves"
    notes = [*caption_notes(about, shown), words("money.users")]
    page = open_page(about, _title(about, money), words("money.sub"), notes)
    means = means_over_runs(money, ["market", "part"], "of_100")
    parts = [part for part in PARTS if (money["part"] == part).any()]
    table_top = page.bottom + 0.03 + _LINE * (len(parts) + 1)
    floor = table_top + 0.105
    ax = page.figure.add_axes((0.15, floor, RIGHT - 0.15 - 0.012, page.top - 0.025 - floor))
    for place, market in enumerate(about.markets):
        of_market = means[means["market"] == market].set_index("part")["mean"]
        _stack(ax, place, of_market.reindex(parts).dropna())
    ax.set_ylim(len(about.markets) - 0.55, -0.45)
    ax.set_yticks(range(len(about.markets)), [words.label(market) for market in about.markets])
    for text, market in zip(ax.get_yticklabels(), about.markets, strict=True):
        text.set(color=style_of(market).colour, weight="bold", fontsize=13)
    ax.set_xlim(min(0.0, ax.get_xlim()[0]), max(100.0, ax.dataLim.x1))
    ax.set_xlabel(words("yuan.axis"))
    ax.grid(visible=False)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.axvline(0, color="#8C8C8C", linewidth=1)
    _table(page, words, parts, _columns(about, money, means, parts), table_top)
    return page


def _stack(ax: Axes, place: int, yuan: pd.Series[float]) -> None:
    """Gains from zero to the right, losses from zero to the left."""
    right = left = 0.0
    for part, amount in yuan.items():
        start = right if amount >= 0 else left
        colour = PART_COLOURS[str(part)]
        ax.barh(place, amount, 0.72, left=start, color=colour, edgecolor="white", linewidth=1.2)
        if abs(amount) >= _LEAST_TURNED:
            level = abs(amount) >= _LEAST_LEVEL
            ax.text(
                start + amount / 2,
                place,
                number(amount, 1),
                ha="center",
                va="center",
                color=INK if _is_light(colour) else "white",
                fontsize=11.5 if level else 9.5,
                rotation=0 if level else 90,
            )
        if amount >= 0:
            right += amount
        else:
            left += amount


def _is_light(colour: str) -> bool:
    return float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114))) > 0.55


class _Column(NamedTuple):
    """A column of the table: its head, and a text for every part."""

    head: str
    colour: str
    cells: list[str]
    clear: list[bool] | None = None
    """Whether a difference is clear; None for a column of means."""


def _columns(
    about: About, money: pd.DataFrame, means: pd.DataFrame, parts: list[str]
) -> list[_Column]:
    words = about.words
    columns = []
    for market in about.markets:
        rows = means[means["market"] == market].set_index("part").reindex(parts)
        cells = [
            _mean(row["mean"], row["low"], row["high"], brief=len(about.markets) > 2)
            for row in rows.to_dict("records")
        ]
        columns.append(_Column(words.label(market), style_of(market).colour, cells))
    if len(about.markets) == 2:
        first, second = about.markets
        head = words("money.less", first=words.label(first), second=words.label(second))
        seen = [contrast(money[money["part"] == part], "of_100", first, second) for part in parts]
        cells = [
            with_interval(one, 2) if one.has_interval else signed(one.estimate, 2) for one in seen
        ]
        columns.append(_Column(head, INK, cells, [one.sign != 0 for one in seen]))
    return columns


def _mean(mean: float, low: float, high: float, *, brief: bool) -> str:
    text = number(mean, 2)
    if math.isnan(low):
        return text
    return f"{text} ±{number(high - mean, 2)}" if brief else f"{text} {bounds(low, high, 2)}"


def _table(page: Page, words: Words, parts: list[str], columns: list[_Column], top: float) -> None:
    """The parts with their colours, and the columns flush right."""
    figure = page.figure
    small: dict[str, Any] = {"fontsize": 11, "va": "center"}
    heights = [top - _LINE * (line + 1.5) for line in range(len(parts))]
    for line, (part, y) in enumerate(zip(parts, heights, strict=True)):
        if line % 2 == 0:
            figure.add_artist(_box(LEFT, y, RIGHT - LEFT, _LINE, "#F6F6F6"))
        figure.add_artist(_box(LEFT + 0.006, y, 0.018, 0.024, PART_COLOURS[part]))
        figure.text(LEFT + 0.034, y, words.part(part), **small)
    width = (RIGHT - _TABLE_FROM) / len(columns)
    for place, column in enumerate(columns, start=1):
        x = _TABLE_FROM + width * place
        figure.text(
            x, top - _LINE / 2, column.head, ha="right", color=column.colour, weight="bold", **small
        )
        for line, (cell, y) in enumerate(zip(column.cells, heights, strict=True)):
            clear = column.clear is not None and column.clear[line]
            colour = INK if column.clear is None or clear else SOFT
            weight = "bold" if clear else "normal"
            figure.text(x, y, cell, ha="right", color=colour, weight=weight, **small)


def _box(x: float, middle: float, width: float, height: float, colour: str) -> Rectangle:
    return Rectangle((x, middle - height / 2), width, height, color=colour, linewidth=0)


def _title(about: About, money: pd.DataFrame) -> str:
    users, platform = (
        of_100_to(money, parts).groupby("market")["of_100"].mean()
        for parts in (USER_PARTS, PLATFORM_PARTS)
    )
    first, second = about.markets[0], about.markets[1] if about.paired else ""
    return about.words(
        "money.pair" if about.paired else "money.alone",
        **about.words.named(first, second),
        a=number(users.get(first, math.nan), 1),
        b=number(users.get(second, math.nan), 1),
        c=number(platform.get(first, math.nan), 1),
        d=number(platform.get(second, math.nan), 1),
    )
