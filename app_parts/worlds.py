"""Worlds side by side: one outcome's difference between the markets in every stored comparison."""

from collections.abc import Mapping

import streamlit as st

from app_parts import blocks, charts, tables
from app_parts.language import t
from app_parts.numbers import number
from app_parts.outcomes import NEUTRAL, SURPLUS, VERDICTS, Shown
from app_parts.presets import preset_title
from app_parts.stored import Stored

__all__ = ["SURPLUS", "forest"]


def forest(found: Mapping[str, Stored], shown: Shown, key: str) -> None:
    """Estimates with their intervals on one axis, the highest first, and a table of the same."""
    import plotly.graph_objects as go

    ordered = sorted(found.items(), key=lambda item: -item[1].differences[shown.outcome].estimate)
    figure, reached = go.Figure(), list[float]()
    rows: list[tables.Row] = []
    for name, stored in ordered:
        seen = stored.differences[shown.outcome]
        scale = shown.scale(stored)
        colour = VERDICTS.get(seen.verdict, NEUTRAL)
        low, high = (seen.estimate if b is None else b for b in (seen.low, seen.high))
        reached += [low * scale, high * scale]
        figure.add_scatter(
            x=[seen.estimate * scale],
            y=[f"{preset_title(name)}<br>{t('worlds.size', people=number(stored.people, 0))}"],
            mode="markers",
            marker={
                "color": colour,
                "size": 13,
                "symbol": {"more": "circle", "less": "square"}.get(seen.verdict, "diamond"),
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [(high - seen.estimate) * scale],
                "arrayminus": [(seen.estimate - low) * scale],
                "color": colour,
                "thickness": 3,
                "width": 0,
            },
            hovertemplate="%{y}: %{x:.3g}<extra></extra>",
        )
        rows.append(
            (
                preset_title(name),
                [
                    t(f"tiles.{seen.verdict}"),
                    (shown.estimate(seen, stored), shown.bounds(seen, stored)),
                    number(seen.n, 0),
                    number(stored.people, 0),
                ],
            )
        )
    charts.lay_out(figure, height=110 + 50 * len(ordered))
    axis = t("worlds.axis", unit=t(shown.unit).strip("（）"))
    figure.update_layout(
        showlegend=False,
        margin={"l": 8, "r": 20, "t": 10, "b": 66},
        xaxis={
            "title": {"text": charts.on_two_lines(axis)},
            "gridcolor": charts.GRID,
            "zeroline": True,
            "zerolinecolor": "#8A8F92",
            "zerolinewidth": 2,
            "range": charts.around_zero(reached),
        },
        yaxis={"autorange": "reversed", "type": "category", "tickfont": {"size": 15}},
    )
    name = t(f"outcome.{shown.outcome}.name")
    st.plotly_chart(
        figure, config=charts.CONFIG, alt=t("worlds.alt", outcome=name, n=len(ordered)), key=key
    )
    blocks.note(t("worlds.caption", outcome=name))
    head = [t(f"worlds.{column}") for column in ("world", "verdict", "difference", "n", "people")]
    tables.numbers(key, head, rows)
