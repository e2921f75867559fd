"""Where 100 yuan go: stacked bars, and the same in a table with intervals."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle

from sim.figures.page import INK, LEFT, RIGHT, SOFT, About, LeftOut, Page, caption_notes, open_page
from sim.figures.style import PART_COLOURS, style_of
from sim.figures.words import PARTS, bounds, number, signed
from sim.measures.over_runs import Contrast, contrast, means_over_runs
from sim.measures.rates import PLATFORM_PARTS, USER_PARTS, of_100_to

_LEAST_LABELLED = 2.6
"""Yuan a part must have for its number to fit into the bar; the table has all."""
_LINE = 0.037
"""Height of a line of the table, as a share of the page."""


def money_flow(about: About, money: pd.DataFrame) -> Page:
    """Of 100 yuan paid, how many go where, in every market.

    `money` has a row a run and part with the yuan of_100 that go there.
    """
    if money["of_100"].isna().all():
        raise LeftOut("nothing was paid")
    words = about.words
    notes = [*caption_notes(about, "shown.brackets"), words("money.users")]
    page = open_page(about, _title(about, money), words("money.sub"), notes)
    means = means_over_runs(money, ["market", "part"], "of_100")
    parts = [part for part in PARTS if (money["part"] == part).any()]
    table_top = page.bottom + 0.03 + _LINE * (len(parts) + 1)
    floor = table_top + 0.105
    ax = page.figure.add_axes((0.14, floor, RIGHT - 0.14, page.top - 0.025 - floor))
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
    _table(page, about, money, means, parts, table_top)
    return page


def _stack(ax: Axes, place: int, yuan: pd.Series[float]) -> None:
    """Gains from zero to the right, losses from zero to the left."""
    right = left = 0.0
    for part, amount in yuan.items():
        start = right if amount >= 0 else left
        colour = PART_COLOURS[str(part)]
        ax.barh(place, amount, 0.72, left=start, color=colour, edgecolor="white", linewidth=1.2)
        if abs(amount) >= _LEAST_LABELLED:
            ax.text(
                start + amount / 2,
                place,
                number(amount, 1),
                ha="center",
                va="center",
                color=INK if _is_light(colour) else "white",
                fontsize=11.5,
            )
        if amount >= 0:
            right += amount
        else:
            left += amount


def _is_light(colour: str) -> bool:
    return float(np.dot(to_rgb(colour), (0.299, 0.587, 0.114))) > 0.55


def _table(
    page: Page,
    about: About,
    money: pd.DataFrame,
    means: pd.DataFrame,
    parts: list[str],
    top: float,
) -> None:
    words, figure = about.words, page.figure
    n_columns = len(about.markets) + about.paired
    edges = [RIGHT - (RIGHT - 0.3) / n_columns * back for back in range(n_columns)][::-1]
    small = {"fontsize": 11, "va": "center"}
    for edge, market in zip(edges, about.markets, strict=False):
        colour = style_of(market).colour
        figure.text(
            edge,
            top - _LINE / 2,
            words.label(market),
            ha="right",
            color=colour,
            weight="bold",
            **small,
        )
    pair = about.markets[:2]
    if about.paired:
        text = words("money.less", first=words.label(pair[0]), second=words.label(pair[1]))
        figure.text(edges[-1], top - _LINE / 2, text, ha="right", weight="bold", **small)
    by_key = means.set_index(["market", "part"])
    for line, part in enumerate(parts, start=1):
        y = top - _LINE * (line + 0.5)
        if line % 2:
            figure.add_artist(
                Rectangle((LEFT, y - _LINE / 2), RIGHT - LEFT, _LINE, color="#F6F6F6", linewidth=0)
            )
        figure.add_artist(
            Rectangle(
                (LEFT + 0.006, y - 0.012), 0.018, 0.024, color=PART_COLOURS[part], linewidth=0
            )
        )
        figure.text(LEFT + 0.034, y, words.part(part), ha="left", **small)
        for edge, market in zip(edges, about.markets, strict=False):
            if (market, part) in by_key.index:
                mean, low, high, _ = by_key.loc[(market, part)]
                figure.text(edge, y, _cell(number(mean, 2), low, high), ha="right", **small)
        if about.paired:
            seen = contrast(money[money["part"] == part], "of_100", *pair)
            _difference(page, edges[-1], y, seen)


def _difference(page: Page, edge: float, y: float, seen: Contrast) -> None:
    page.figure.text(
        edge,
        y,
        _cell(signed(seen.estimate, 2), seen.low, seen.high, with_sign=True),
        ha="right",
        va="center",
        fontsize=11,
        color=INK if seen.sign else SOFT,
        weight="bold" if seen.sign else "normal",
    )


def _cell(mean: str, low: float, high: float, *, with_sign: bool = False) -> str:
    return mean if math.isnan(low) else f"{mean} {bounds(low, high, 2, with_sign=with_sign)}"


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
