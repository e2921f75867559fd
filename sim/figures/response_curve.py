"""How an objective answers to a lever: smooth response with band, best value with interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.figures.page import INK, SOFT, About, LeftOut, Page, open_page, scenario_notes
from sim.figures.scales import Scale, scale_of_lever, scale_of_quantity
from sim.figures.style import style_of

_BEST = "#117733"
"""Colour of what is best."""
_MOST_PANELS = 3


def response_curve(
    about: About,
    document: Mapping[str, Any],
    objective: str,
    response: pd.DataFrame,
    trials: pd.DataFrame,
) -> Page:
    """One panel a horizon over one lever; a map of the long run over two levers."""
    words, levers = about.words, document["levers"]
    if len(levers) > 2:
        raise LeftOut("more than two levers have no curve and no map")
    unit = next(each["unit"] for each in document["objectives"] if each["text"] == objective)
    goal = scale_of_quantity(words, objective, unit)
    scales = [scale_of_lever(words, lever["key"], lever["unit"]) for lever in levers]
    judged = [each for each in document["each_objective"] if each["objective"] == objective]
    made = words("runs.tuned", n=document["n_runs"], seeds=len(about.seeds))
    notes = [made, words("curve.shown"), *scenario_notes(about)]
    if len(levers) == 2:
        title, sub = (
            _title(about, judged[-1], scales, goal),
            words("surface.sub", weeks=judged[-1]["horizon"]),
        )
        page = open_page(about, title, sub, [made, *notes[2:], words("surface.shown")])
        _surface(page, scales, goal, judged[-1], response, trials)
        return page
    lever, scale = levers[0], scales[0]
    notes.append(words("curve.marks", smallest=goal.text(judged[-1]["smallest_effect"])))
    inside = lever["low"] <= lever["present"] <= lever["high"]
    if inside:
        notes.append(words("curve.present", value=scale.text(lever["present"])))
    sub = words("curve.sub", market=words.name(document["market"]))
    page = open_page(about, _title(about, judged[-1], scales, goal), sub, notes)
    shown = judged[-_MOST_PANELS:]
    axes = page.axes(len(shown), left=0.09, above=0.09, gap=0.24)
    for ax, each in zip(axes, shown, strict=True):
        of_horizon = response[response["horizon"] == each["horizon"]]
        points = trials[trials["horizon"] == each["horizon"]]
        _curve(ax, scale, goal, each, of_horizon, points, document["market"])
        if inside:
            ax.axvline(scale.factor * lever["present"], color=SOFT, linestyle=":", linewidth=1.4)
        ax.set_title(words("after.weeks", weeks=each["horizon"]), pad=12)
        ax.set_xlabel(scale.label)
    axes[0].set_ylabel(goal.label)
    return page


def _curve(
    ax: Axes,
    scale: Scale,
    goal: Scale,
    judged: Mapping[str, Any],
    response: pd.DataFrame,
    trials: pd.DataFrame,
    market: str,
) -> None:
    key, colour = scale.name, style_of(market).colour
    x = scale.factor * response[key]
    ax.fill_between(
        x,
        goal.factor * response["low"],
        goal.factor * response["high"],
        color=colour,
        alpha=0.18,
        linewidth=0,
        zorder=2,
    )
    ax.plot(x, goal.factor * response["estimate"], color=colour, linewidth=2.4, zorder=3)
    barred = response[~response["allowed"]]
    if len(barred):
        ax.plot(scale.factor * barred[key], goal.factor * barred["estimate"], color="white",
                linewidth=1.2, linestyle=(0, (2, 2)), zorder=3.5)  # fmt: skip
    inside = trials[trials[key].between(response[key].min(), response[key].max())]
    heights = goal.factor * inside["estimate"]
    reach = [heights - goal.factor * inside["low"], goal.factor * inside["high"] - heights]
    ax.errorbar(
        scale.factor * inside[key], heights, yerr=reach, fmt="o", markersize=4.5, color=INK,
        ecolor="#8C8C8C", elinewidth=1.0, markerfacecolor="white", zorder=4,
    )  # fmt: skip
    if judged["recommended"] is None:
        return
    low, high = (scale.factor * end for end in judged["interval"][key])
    ax.axvspan(low, high, color=_BEST, alpha=0.13, linewidth=0, zorder=1)
    ax.axvline(
        scale.factor * judged["recommended"][key], color=_BEST, linestyle=(0, (5, 2)), linewidth=1.8
    )
    bottom, top = ax.get_ylim()
    ax.set_ylim(bottom - 0.06 * (top - bottom), top)
    flat = [scale.factor * end for end in judged["flat_region"][key]]
    height = bottom - 0.03 * (top - bottom)
    ax.plot(flat, [height, height], color=_BEST, linewidth=5, solid_capstyle="butt", zorder=3)


def _surface(
    page: Page,
    scales: list[Scale],
    goal: Scale,
    judged: Mapping[str, Any],
    response: pd.DataFrame,
    trials: pd.DataFrame,
) -> None:
    ax = page.axes(left=0.09, right=0.99)[0]
    shown = response[response["horizon"] == judged["horizon"]]
    first, second = scales
    x, y = (scale.factor * shown[scale.name].to_numpy() for scale in scales)
    heights = goal.factor * shown["estimate"].to_numpy()
    filled = ax.tricontourf(x, y, heights, levels=12, cmap="cividis")
    bar = page.figure.colorbar(filled, ax=ax, pad=0.02)
    bar.set_label(goal.label)
    tried = trials[trials["horizon"] == judged["horizon"]]
    ax.plot(
        first.factor * tried[first.name], second.factor * tried[second.name], "o",
        color="white", markersize=3, markeredgecolor=INK, markeredgewidth=0.5,
    )  # fmt: skip
    if judged["recommended"] is not None:
        best = [scale.factor * judged["recommended"][scale.name] for scale in scales]
        ends = [np.array(judged["interval"][scale.name]) * scale.factor for scale in scales]
        ax.plot(ends[0], [best[1]] * 2, color="white", linewidth=2.2)
        ax.plot([best[0]] * 2, ends[1], color="white", linewidth=2.2)
        ax.plot(
            *best, marker="X", color="white", markeredgecolor=INK, markersize=12, clip_on=False
        )  # fmt: skip
    ax.set_xlim(x.min(), x.max())
    ax.set_ylim(y.min(), y.max())
    ax.grid(False)
    ax.set_xlabel(first.label)
    ax.set_ylabel(second.label)


def _title(about: About, judged: Mapping[str, Any], scales: Sequence[Scale], goal: Scale) -> str:
    """What is found, of the lever at an edge if there is one, else of the first."""
    scale = scales[0]
    words, key = about.words, scale.name
    if judged["edge"]:
        key = next(iter(judged["edge"]))
        scale = next(each for each in scales if each.name == key)
    if judged["recommended"] is None:
        return words("curve.barred", lever=key, name=goal.name)
    if judged["verdict"] == "no clear optimum":
        return words("curve.none", lever=key, name=goal.name)
    value = scale.text(judged["recommended"][key])
    if judged["verdict"] == "at the edge":
        return words("curve.edge", lever=key, name=goal.name, value=value)
    low, high = (scale.text(end) for end in judged["interval"][key])
    return words("curve.optimum", lever=key, name=goal.name, value=value, low=low, high=high)
