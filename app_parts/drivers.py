"""What an outcome hangs on: tornado and Sobol bars of a stored study of sensitivity."""

from collections.abc import Mapping
from functools import reduce
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts import blocks, charts, tables
from app_parts.analyses import Stored
from app_parts.choices import choose_from_list
from app_parts.knobs import name_of, value_text
from app_parts.language import has_text, t
from app_parts.numbers import interval, number, percent, rows_of
from sim.measures.precision import WIDEST_SHARE, too_few_samples

if TYPE_CHECKING:
    import pandas as pd

#: Colours of the low and the high end (Okabe and Ito 2008), told apart by their marks as well.
_LOW, _HIGH = "#56B4E9", "#E69F00"
_SHOWN = 14


def drivers(stored: Stored) -> None:
    """Tornado, Sobol bars and the rule in words of that document of `sharesim sensitivity`."""
    document = stored.document
    rule = document.get("rule")
    if isinstance(rule, dict) and rule.get("bounds"):
        st.html(f'<p class="told">{escape(rule_words(rule, str(document["outcome"])))}</p>')
    effects = stored.table("effects") if (stored.folder / "effects.parquet").exists() else None
    if effects is not None and len(effects):
        _tornado(stored, effects)
    if (stored.folder / "indices.parquet").exists():
        _sobol(stored, stored.table("indices"))
    values = document.get("values", {})
    blocks.note(
        t(
            "drivers.source",
            points=number(float(document.get("n_points", 0)), 0),
            people=number(float(values.get("population.n_consumers", 0)), 0),
            weeks=values.get("run.weeks", 0),
        )
    )


def rule_words(rule: Mapping[str, Any], outcome: str) -> str:
    """Where that outcome is higher in the first market, in words."""
    bounds = []
    for key, (low, high) in rule["bounds"].items():
        for bound, words in ((low, "drivers.above"), (high, "drivers.at_most")):
            if bound is not None:
                value = value_text(key, float(f"{bound:.2g}"))
                bounds.append(t(words, name=name_of(key), value=value))
    shares = {name: percent(rule[name], 0) for name in ("density", "coverage", "share_won")}
    where = reduce(lambda first, second: t("drivers.both", first=first, second=second), bounds)
    return t("drivers.rule", outcome=outcome_name(outcome), where=where, **shares)


def _tornado(stored: Stored, effects: "pd.DataFrame") -> None:
    import plotly.graph_objects as go

    outcome = str(stored.document.get("outcome", ""))
    scale = 0.01 if outcome.endswith("_fen") else 1.0
    width = (effects["at_high"] - effects["at_low"]).abs()
    table = effects.assign(width=width).sort_values("width", ascending=False).head(_SHOWN)
    blocks.heading(t("drivers.tornado", outcome=outcome_name(outcome)), 3)
    figure = go.Figure()
    for end, colour, mark in (("low", _LOW, "circle"), ("high", _HIGH, "square")):
        middle = table[f"at_{end}"] * scale
        figure.add_scatter(
            x=middle.tolist(),
            y=[name_of(key) for key in table["parameter"]],
            mode="markers",
            name=t(f"drivers.{end}"),
            marker={"color": colour, "symbol": mark, "size": 11},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (table[f"{end}_to"] * scale - middle).tolist(),
                "arrayminus": (middle - table[f"{end}_from"] * scale).tolist(),
                "color": colour,
                "thickness": 2.5,
                "width": 0,
            },
            hovertemplate="%{y}: %{x:,.4g}<extra></extra>",
        )
    charts.lay_out(figure, height=120 + 30 * len(table))
    figure.update_layout(
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 8, "r": 12, "t": 40, "b": 48},
        xaxis={
            "title": {"text": t("drivers.axis", unit=outcome_unit(outcome))},
            "gridcolor": charts.GRID,
            "zeroline": True,
        },
        yaxis={"autorange": "reversed", "type": "category"},
    )
    st.plotly_chart(
        figure, config=charts.CONFIG, alt=t("drivers.tornado_alt", n=len(table)), key="tornado"
    )
    blocks.note(t("drivers.tornado_note"))
    rows = [
        (
            name_of(str(row.parameter)),
            [
                (
                    number(row.at_low * scale, 3),
                    interval(row.low_from * scale, row.low_to * scale, 3),
                ),
                (
                    number(row.at_high * scale, 3),
                    interval(row.high_from * scale, row.high_to * scale, 3),
                ),
            ],
        )
        for row in rows_of(table)
    ]
    head = [t("claims.parameter"), t("drivers.low"), t("drivers.high")]
    tables.numbers("tornado", head, rows)


def _sobol(stored: Stored, indices: "pd.DataFrame") -> None:
    import plotly.graph_objects as go

    names = {str(name): outcome_name(str(name)) for name in indices["outcome"].unique()}
    outcome = next(iter(names))
    if len(names) > 1:
        outcome = choose_from_list("sobol_outcome", t("sweeps.outcome"), names, outcome)
    table = indices[indices["outcome"] == outcome].sort_values("total", ascending=False)
    table = table.head(_SHOWN)
    blocks.heading(t("drivers.sobol", outcome=names[outcome]), 3)
    figure = go.Figure()
    for kind, colour in (("total", "#5B4B8A"), ("first", "#8D7FB8")):
        figure.add_bar(
            x=table[kind].tolist(),
            y=[name_of(key) for key in table["parameter"]],
            orientation="h",
            name=t(f"drivers.{kind}"),
            marker={"color": colour},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": (table[f"{kind}_high"] - table[kind]).tolist(),
                "arrayminus": (table[kind] - table[f"{kind}_low"]).tolist(),
                "thickness": 1.2,
                "color": "#8A8F92",
            },
            hovertemplate="%{y}: %{x:.2f}<extra></extra>",
        )
    charts.lay_out(figure, height=120 + 38 * len(table))
    figure.update_layout(
        barmode="group",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 8, "r": 12, "t": 40, "b": 48},
        xaxis={
            "title": {"text": t("drivers.share")},
            "gridcolor": charts.GRID,
            "rangemode": "tozero",
        },
        yaxis={"autorange": "reversed", "type": "category"},
    )
    st.plotly_chart(
        figure, config=charts.CONFIG, alt=t("drivers.sobol_alt", n=len(table)), key="sobol"
    )
    blocks.note(t("drivers.sobol_note"))
    if too_few_samples(table):
        blocks.note(t("drivers.sobol_few", width=number(100 * WIDEST_SHARE, 0)))
    rows = [
        (
            name_of(str(row.parameter)),
            [
                (percent(row.first, 0), interval(100 * row.first_low, 100 * row.first_high, 0)),
                (percent(row.total, 0), interval(100 * row.total_low, 100 * row.total_high, 0)),
            ],
        )
        for row in rows_of(table)
    ]
    head = [t("claims.parameter"), t("drivers.first"), t("drivers.total")]
    tables.numbers("sobol", head, rows)


def outcome_name(outcome: str) -> str:
    """Name of an outcome in the language of the visit; one without a text goes by its key."""
    key = f"outcome.{outcome}.name"
    return t(key) if has_text(key) else outcome


def outcome_unit(outcome: str) -> str:
    """Unit in which pages tell an outcome: yuan, yuan per person, or from 0 to 1."""
    if outcome == "mean_price_fen":
        return t("units.yuan")
    return t("sweeps.yuan_person") if outcome.endswith("_fen") else t("sweeps.share")
