"""How a recommendation moves with what is not known: a tornado of best values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.figures.page import INK, About, LeftOut, Page, open_page, scenario_notes
from sim.figures.scales import scale_of_lever
from sim.figures.tornado import HIGH_COLOUR, LOW_COLOUR, name_rows, two_colour_key

_SHIFT = 0.17


def moves_table(document: Mapping[str, Any]) -> pd.DataFrame:
    """Best value of the first lever at each end of each uncertainty, with its interval."""
    key = document["levers"][0]["key"]
    rows = []
    for move in document["moves"]:
        for end in ("low", "high"):
            told = move[f"at_{end}"]
            best = told["recommended"][0] if told["recommended"] else float("nan")
            low, high = told["interval"][key]
            rows.append([move["parameter"], end, told["set_to"], told["verdict"], best, low, high])
    columns = ["parameter", "end", "set_to", "verdict", "best", "low", "high"]
    return pd.DataFrame(rows, columns=pd.Index(columns))


def recommendation_moves(about: About, document: Mapping[str, Any]) -> Page:
    """Best values of the first lever where each uncertainty stands at an end of its range."""
    words, table = about.words, moves_table(document)
    if table.empty or document["recommended"] is None:
        raise LeftOut("the lever was tuned at the scenario's own values only")
    lever = document["levers"][0]
    scale = scale_of_lever(words, lever["key"], lever["unit"])
    now = document["recommended"][lever["key"]]
    reach = table.groupby("parameter", sort=False)["best"].agg(
        lambda best: (best - now).abs().max()
    )
    order = list(reach.sort_values(ascending=False).index)
    still = not reach.max() > 0.05 * (lever["high"] - lever["low"])
    title = words(
        "moves.still" if still else "moves.title",
        lever=lever["key"],
        value=scale.text(now),
        **({} if still else {"parameter": order[0]}),
    )
    notes = [*scenario_notes(about), words("moves.shown")]
    page = open_page(about, title, words("moves.sub"), notes)
    ax = page.axes(left=0.36, right=0.955, above=0.1)[0]
    low, high = (scale.factor * end for end in document["interval"][lever["key"]])
    ax.axvspan(low, high, color="#117733", alpha=0.13, linewidth=0)
    ax.axvline(scale.factor * now, color="#117733", linestyle=(0, (5, 2)), linewidth=1.8)
    labels = []
    for place, parameter in enumerate(order):
        ends = table[table["parameter"] == parameter].set_index("end")
        labels.append(f"{parameter}\n{ends['set_to']['low']:g} – {ends['set_to']['high']:g}")
        for end, shift, colour, marker in (
            ("low", -_SHIFT, LOW_COLOUR, "o"),
            ("high", _SHIFT, HIGH_COLOUR, "s"),
        ):
            row = ends.loc[end]
            height = place + shift
            ax.plot(
                [scale.factor * row["low"], scale.factor * row["high"]], [height, height],
                color=colour, linewidth=2.6, zorder=3,
            )  # fmt: skip
            clear = row["verdict"] != "no clear optimum"
            ax.plot(
                [scale.factor * row["best"]], [height], marker=marker, color=colour, markersize=9,
                markerfacecolor=colour if clear else "white", markeredgewidth=1.8, zorder=4,
                clip_on=False,
            )  # fmt: skip
    name_rows(ax, labels)
    ax.set_xlim(scale.factor * lever["low"], scale.factor * lever["high"])
    ax.set_xlabel(scale.label, color=INK)
    two_colour_key(page, words("moves.low"), words("moves.high"))
    return page
