"""A sweep at a glance: curves over one key, a map with the break-even over two."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.colors import TwoSlopeNorm

from sim.experiments.analyses import Analysis
from sim.figures.folders import Wanted
from sim.figures.marks import line_with_band, market_key
from sim.figures.page import INK, About, LeftOut, Page, open_page, scenario_notes
from sim.figures.scales import scale_of_lever, scale_of_quantity
from sim.parameters import PARAMETERS

CURVES = ("household_gain_fen", "platform_profit_fen", "mean_tie_trust")
"""Outcomes shown over one key."""
MAPS = ("consumer_surplus_fen", "household_gain_fen", "merchant_profit_fen")
"""Outcomes whose difference is shown over two keys."""


def sweep_figures(about: About, analysis: Analysis) -> Iterator[Wanted]:
    """Figures of a sweep over one or two numbers; others have none."""
    document = analysis.document
    keys = list(document["keys"])
    numeric = all(key in PARAMETERS and PARAMETERS[key].numeric for key in keys)
    points = analysis.table("points")[["point", *keys]].drop_duplicates()
    means = analysis.table("means").merge(points, on="point")
    replicates = int(document["replicates"])
    if len(keys) == 1 and numeric:
        shown = means[(means["second"] == "") & means["outcome"].isin(CURVES)]
        draw = partial(sweep_curves, about, keys[0], shown, replicates)
        yield Wanted("response-curves", draw, shown)
    if len(keys) == 2 and numeric and len(document["markets"]) > 1:
        pair = tuple(document["markets"][:2])
        of_pair = means[(means["first"] == pair[0]) & (means["second"] == pair[1])]
        for outcome in MAPS:
            cells = of_pair[of_pair["outcome"] == outcome]
            name = f"map-{outcome.removesuffix('_fen').replace('_', '-')}"
            yield Wanted(name, partial(difference_map, about, keys, pair, cells), cells)


def sweep_curves(about: About, key: str, means: pd.DataFrame, replicates: int) -> Page:
    """Means of the main outcomes over one key, with bands, market by market."""
    words = about.words
    if means[key].nunique() < 2:
        raise LeftOut("one value makes no curve")
    scale = scale_of_lever(words, key, PARAMETERS[key].unit)
    units = means.groupby("outcome")["unit"].first()
    goals = {name: scale_of_quantity(words, name, units[name]) for name in CURVES}
    first = next(iter(goals.values()))
    notes = [words("sweep.shown"), *scenario_notes(about)]
    page = open_page(
        about,
        words("sweep.curve", name=first.name, lever=key),
        words("sweep.curve.sub", n=replicates),
        notes,
    )
    axes = page.axes(len(goals), left=0.075, above=0.14, gap=0.27)
    for ax, (outcome, goal) in zip(axes, goals.items(), strict=True):
        of_outcome = means[means["outcome"] == outcome].sort_values(key)
        for market in about.markets:
            rows = of_outcome[of_outcome["first"] == market]
            curve = pd.DataFrame(
                {
                    key: scale.factor * rows[key].astype(float),
                    "mean": goal.factor * rows["estimate"],
                    "low": goal.factor * rows["low"],
                    "high": goal.factor * rows["high"],
                }
            )
            line_with_band(ax, curve, key, market)
        ax.set_title(goal.label, fontsize=11, pad=10, color=INK)
        ax.set_xlabel(scale.label, fontsize=10.5)
    market_key(page, about)
    return page


def difference_map(
    about: About, keys: list[str], pair: tuple[str, str], cells: pd.DataFrame
) -> Page:
    """The paired difference over two keys, with the line along which it is nothing."""
    words = about.words
    if cells[keys[0]].nunique() < 2 or cells[keys[1]].nunique() < 2:
        raise LeftOut("a map needs two values of each key")
    outcome, unit = str(cells["outcome"].iloc[0]), str(cells["unit"].iloc[0])
    goal = scale_of_quantity(words, outcome, unit)
    scales = [scale_of_lever(words, key, PARAMETERS[key].unit) for key in keys]
    first, second = (words.name(market) for market in pair)
    title = words(
        "map.title.some",
        name=goal.name,
        first=first,
        second=second,
        n=int((cells["low"] > 0).sum()),
        m=int((cells["high"] < 0).sum()),
        all=len(cells),
    )
    notes = [words("map.shown"), *scenario_notes(about)]
    page = open_page(about, title, words("map.sub", **words.named(*pair)), notes)
    ax = page.axes(left=0.09, right=0.99, above=0.05)[0]
    grid = cells.pivot(index=keys[1], columns=keys[0], values="estimate") * goal.factor
    heights = grid.to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(heights))) or 1.0
    across, up = np.arange(len(grid.columns)), np.arange(len(grid.index))
    norm = TwoSlopeNorm(0.0, -reach, reach)
    mesh = ax.pcolormesh(across, up, heights, cmap="PuOr_r", norm=norm, shading="nearest")
    bar = page.figure.colorbar(mesh, ax=ax, pad=0.02)
    bar.set_label(goal.label)
    if np.nanmin(heights) < 0.0 < np.nanmax(heights) and not np.isnan(heights).any():
        ax.contour(across, up, heights, levels=[0.0], colors=[INK], linewidths=2.2)
    for row in cells.to_dict("records"):
        x = list(grid.columns).index(row[keys[0]])
        y = list(grid.index).index(row[keys[1]])
        if row["low"] <= 0.0 <= row["high"]:
            ax.plot([x], [y], marker="x", color=INK, markersize=9, markeredgewidth=1.4)
    for axis, scale, values in (
        (ax.xaxis, scales[0], grid.columns),
        (ax.yaxis, scales[1], grid.index),
    ):
        axis.set_ticks(
            range(len(values)), [f"{scale.factor * float(value):.4g}" for value in values]
        )
    ax.grid(False)
    ax.set_xlabel(scales[0].label)
    ax.set_ylabel(scales[1].label)
    return page
