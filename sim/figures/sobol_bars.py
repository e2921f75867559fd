"""How much of the variance of an outcome each input explains, luck among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.patches import Patch

from sim.experiments.sensitivity.inputs import SEED
from sim.figures.page import INK, RIGHT, About, Page, open_page, scenario_notes
from sim.figures.scales import scale_of_quantity
from sim.figures.tornado import name_rows
from sim.figures.words import bounds, number
from sim.measures.precision import WIDEST_SHARE, too_few_samples

_BEYOND = 25
"""How far the axis goes beyond 0 and 100 %; wider intervals say that points were few."""
_LOOKS = (("first", -0.2, "#0072B2", ""), ("total", 0.2, "#CC79A7", "////"))
"""Order of the index, place of its bar, colour (Okabe and Ito 2008) and hatch."""


def sobol_bars(about: About, document: Mapping[str, Any], indices: pd.DataFrame) -> Page:
    """First-order and total indices in percent with their intervals, the largest on top."""
    words = about.words
    goal = scale_of_quantity(words, document["outcome"], document["unit"])
    named = words.named(*document["markets"])
    table = indices.sort_values("total", ascending=False, kind="stable").reset_index(drop=True)
    luck = table[table["parameter"] == SEED].iloc[0]
    first = table[table["parameter"] != SEED].iloc[0]
    told = {"name": words.within(goal.name), "luck": number(100 * luck["total"], 0)}
    told["luck"] += f" {bounds(100 * luck['total_low'], 100 * luck['total_high'], 0)}"
    others = table.loc[table["parameter"] != SEED, "total"].iloc[1:]
    notes = [words("sobol.shown", n=document["n_points"]), *scenario_notes(about)]
    if too_few_samples(indices):
        title = words("sobol.few", n=document["n_points"], name=told["name"])
        notes.insert(0, words("sobol.wide", width=number(100 * WIDEST_SHARE, 0)))
    elif first["total_low"] > max([0.0, *others]):
        share = number(100 * first["total"], 0)
        title = words("sobol.title", first=first["parameter"], share=share, **told)
    else:
        title = words("sobol.open", n=document["n_points"], **told)
    page = open_page(about, title, words("sobol.sub", name=goal.name, **named), notes)
    ax = page.axes(left=0.36, right=0.955, above=0.1)[0]
    places = np.arange(len(table))
    for order, shift, colour, hatch in _LOOKS:
        shares = 100 * table[order]
        reach = [shares - 100 * table[f"{order}_low"], 100 * table[f"{order}_high"] - shares]
        ax.barh(
            places + shift, shares, height=0.36, xerr=np.nan_to_num(np.array(reach)), color=colour,
            hatch=hatch, edgecolor="white", linewidth=0,
            error_kw={"ecolor": INK, "elinewidth": 1.2, "capsize": 2.5},
        )  # fmt: skip
    name_rows(ax, [str(name) for name in table["parameter"]])
    ax.axvline(0, color=INK, linewidth=1)
    low, high = ax.get_xlim()
    ax.set_xlim(max(low, -_BEYOND), min(high, 100 + _BEYOND))
    ax.set_xlabel(words("sobol.axis"))
    handles = [
        Patch(facecolor=colour, hatch=hatch, edgecolor="white", linewidth=0, label=words(key))
        for (_, _, colour, hatch), key in zip(_LOOKS, ("sobol.alone", "sobol.all"), strict=True)
    ]
    page.figure.legend(
        handles=handles, loc="upper right", bbox_to_anchor=(RIGHT, page.top - 0.01), ncols=2,
        fontsize=11,
    )  # fmt: skip
    return page
