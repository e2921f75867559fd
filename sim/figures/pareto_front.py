"""What can be had of two objectives at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sim.figures.page import INK, About, LeftOut, Page, open_page, scenario_notes
from sim.figures.scales import scale_of_lever, scale_of_quantity
from sim.figures.style import style_of

_LABELLED = 7


def pareto_table(document: Mapping[str, Any]) -> pd.DataFrame:
    """The front: values of the levers, and both objectives with their intervals."""
    return pd.DataFrame(document["pareto"])


def pareto_front(about: About, document: Mapping[str, Any]) -> Page:
    """The values that no other value beats in both objectives, with intervals in both."""
    words, table = about.words, pareto_table(document)
    if table.empty:
        raise LeftOut("no value keeps the constraints")
    goals = [
        scale_of_quantity(words, each["text"], each["unit"]) for each in document["objectives"]
    ]
    levers = [scale_of_lever(words, lever["key"], lever["unit"]) for lever in document["levers"]]
    made = words("runs.tuned", n=document["n_runs"], seeds=len(about.seeds))
    notes = [made, words("pareto.shown"), *scenario_notes(about)]
    page = open_page(
        about,
        words("pareto.title", first=goals[0].name, second=words.within(goals[1].name)),
        words("pareto.sub", lever=", ".join(lever.name for lever in levers)),
        notes,
    )
    ax = page.axes(left=0.1)[0]
    colour = style_of(document["market"]).colour
    heights = []
    for name, goal in zip(("first", "second"), goals, strict=True):
        estimate = goal.factor * table[f"{name}_estimate"]
        reach = [
            estimate - goal.factor * table[f"{name}_low"],
            goal.factor * table[f"{name}_high"] - estimate,
        ]
        heights.append((estimate, reach))
    (x, across), (y, up) = heights
    ax.errorbar(
        x, y, xerr=across, yerr=up, fmt="o-", color=colour, ecolor="#A6A6A6", elinewidth=1.0,
        markersize=7, linewidth=2.0,
    )  # fmt: skip
    step = max(1, -(-len(table) // _LABELLED))
    for place in range(0, len(table), step):
        text = ", ".join(lever.text(table[lever.name].iloc[place]) for lever in levers)
        ax.annotate(
            text, (x.iloc[place], y.iloc[place]), xytext=(9, 7), textcoords="offset points",
            fontsize=10.5, color=INK,
        )  # fmt: skip
    ax.set_xlabel(goals[0].label)
    ax.set_ylabel(goals[1].label)
    return page
