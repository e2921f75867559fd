"""Which inputs turn an outcome: its mean with each input low and high, the widest on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from sim.figures.page import INK, RIGHT, About, LeftOut, Page, open_page, scenario_notes
from sim.figures.scales import scale_of_quantity

LOW_COLOUR, HIGH_COLOUR = "#56B4E9", "#E69F00"
"""Colours of the low and the high end (Okabe and Ito 2008); markers tell them apart as well."""


def tornado(about: About, document: Mapping[str, Any], effects: pd.DataFrame) -> Page:
    """Mean difference of the markets with each input in the low and in the high fifth."""
    words = about.words
    if effects.empty:
        raise LeftOut("no input was varied")
    goal = scale_of_quantity(words, document["outcome"], document["unit"])
    first, second = document["markets"]
    named = words.named(first, second)
    table = effects.assign(width=(effects["at_high"] - effects["at_low"]).abs())
    table = table.sort_values("width", ascending=False, kind="stable")
    title = words(
        "tornado.title",
        name=goal.name,
        first=named["first"],
        share=f"{100 * document['share_won']:.0f}",
    )
    notes = [*scenario_notes(about)]
    notes.insert(0, words("tornado.shown", n=document["n_samples"]))
    page = open_page(about, title, words("tornado.sub", **named), notes)
    ax = page.axes(left=0.36, right=0.955, above=0.1)[0]
    for place, row in enumerate(table.to_dict("records")):
        for end, shift, colour, marker in (
            ("low", -0.12, LOW_COLOUR, "o"),
            ("high", 0.12, HIGH_COLOUR, "s"),
        ):
            height = place + shift
            ends = [goal.factor * row[f"{end}_from"], goal.factor * row[f"{end}_to"]]
            ax.plot(ends, [height, height], color=colour, linewidth=2.4, zorder=3)
            ax.plot(
                [goal.factor * row[f"at_{end}"]], [height], marker=marker, color=colour,
                markersize=8.5, zorder=4,
            )  # fmt: skip
    ax.axvline(0, color=INK, linewidth=1.1)
    ax.axvline(goal.factor * document["mean"], color="#8C8C8C", linestyle=(0, (5, 2)))
    name_rows(ax, [str(name) for name in table["parameter"]])
    ax.set_xlabel(goal.label)
    two_colour_key(page, words("tornado.low"), words("tornado.high"))
    return page


def name_rows(ax: Axes, labels: Sequence[str]) -> None:
    """Names of rows from the top down, with every other one shaded."""
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.45, -0.55)
    ax.tick_params(axis="y", length=0, labelsize=10.5, labelcolor=INK)
    ax.grid(axis="y", visible=False)
    for place in range(0, len(labels), 2):
        ax.axhspan(place - 0.5, place + 0.5, color="#F6F6F6", zorder=0, linewidth=0)


def two_colour_key(page: Page, low: str, high: str) -> None:
    """What the two colours stand for, above the axes at the right."""
    handles = [
        Line2D([], [], color=colour, marker=marker, linewidth=2.4, markersize=8, label=label)
        for colour, marker, label in ((LOW_COLOUR, "o", low), (HIGH_COLOUR, "s", high))
    ]
    page.figure.legend(
        handles=handles, loc="upper right", bbox_to_anchor=(RIGHT, page.top - 0.01), ncols=2,
        fontsize=11,
    )  # fmt: skip
