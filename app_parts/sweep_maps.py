"""Maps of a sweep: the difference between the markets, or one market, over what was varied."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts import charts, tables
from app_parts.drivers import outcome_name, outcome_unit
from app_parts.knobs import is_share, name_of, settings_text, value_text
from app_parts.language import t
from app_parts.numbers import interval, number, signed
from sim.figures.style import style_of

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

_MARGIN = {"l": 8, "r": 12, "t": 10, "b": 48}
_NO_DIFFERENCE = {"light": "#F1EFE8", "dark": "#2A3034"}


def heat_map(
    table: "pd.DataFrame",
    across: str,
    down: str,
    names: Mapping[str, str],
    scale: float,
    usual: Mapping[str, Any],
) -> "go.Figure":
    """A cell for each pair of settings: warm where the first market has more, cool the second.

    Where the interval holds zero the cell bears a dot and no colour. `table` has the two keys,
    estimate, low and high; the values that are `usual` stand in bold on the axes.
    """
    import plotly.graph_objects as go

    xs, ys = _values(table, across), _values(table, down)
    cells = {(row[across], row[down]): row for row in table.to_dict("records")}
    far = max(float(table["estimate"].abs().max()) * scale, 1e-12)
    digits = digits_of(table, scale)
    ground = _NO_DIFFERENCE["dark" if st.context.theme.type == "dark" else "light"]
    z: list[list[float | None]] = []
    words: list[list[str]] = []
    for y in ys:
        line: list[float | None] = []
        told = []
        for x in xs:
            row = cells.get((x, y))
            clear = row is not None and (row["low"] > 0 or row["high"] < 0)
            line.append(row["estimate"] * scale if row is not None and clear else 0.0)
            told.append("" if row is None else _cell(row["estimate"] * scale, clear, digits))
        z.append(line)
        words.append(told)
    figure = go.Figure()
    figure.add_heatmap(
        x=[_label(x) for x in xs],
        y=[_label(y) for y in ys],
        z=z,
        zmin=-far,
        zmax=far,
        colorscale=[
            (0.0, style_of("ads").colour),
            (0.5, ground),
            (1.0, style_of("referral").colour),
        ],
        text=words,
        texttemplate="%{text}",
        xgap=3,
        ygap=3,
        showscale=False,
        hoverinfo="none",
    )
    figure.add_scatter(
        x=[_label(x) for _ in ys for x in xs],
        y=[_label(y) for y in ys for _ in xs],
        mode="markers",
        marker={"size": 34, "opacity": 0.0, "symbol": "square"},
        customdata=[[int(cells[x, y]["point"]) if (x, y) in cells else -1] for y in ys for x in xs],
        hoverinfo="none",
        showlegend=False,
    )
    charts.lay_out(figure, height=120 + 46 * len(ys))
    figure.update_layout(
        margin=_MARGIN,
        xaxis={"title": {"text": names[across]}, **_ticks(across, xs, usual)},
        yaxis={"title": {"text": names[down]}, **_ticks(down, ys, usual)},
    )
    return figure


def _ticks(key: str, values: Sequence[Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    texts = [value_text(key, value) for value in values]
    return {
        "type": "category",
        "tickvals": [_label(value) for value in values],
        "ticktext": [
            f"<b>{text}</b>" if value == usual.get(key) else text
            for value, text in zip(values, texts, strict=True)
        ],
    }


def digits_of(table: "pd.DataFrame", scale: float) -> int:
    """Decimals with which all estimates of a map are written: three digits of the largest."""
    far = float(table["estimate"].abs().max()) * scale
    return max(0, min(4, 2 - math.floor(math.log10(far)))) if far > 0 else 2


def nearest(values: Sequence[Any], usual: Any) -> Any:
    """The usual value if it is among them, else the number next to it, else the first."""
    if usual in values:
        return values[list(values).index(usual)]
    numbers = all(isinstance(value, int | float) for value in (*values, usual))
    return min(values, key=lambda value: abs(value - usual)) if numbers else values[0]


def small_multiples(
    means: "pd.DataFrame", across: str, names: Mapping[str, str], scale: float, axis: str
) -> "go.Figure":
    """Both markets over one setting, each with its interval as a band; shared axes."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for market, rows in means.groupby("first", sort=False):
        style = style_of(str(market))
        rows = rows.sort_values(across)
        x = rows[across].tolist()
        edge: dict[str, Any] = {
            "x": x,
            "mode": "lines",
            "line": {"width": 0},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        figure.add_scatter(y=(rows["high"] * scale).tolist(), **edge)
        fill = {"fill": "tonexty", "fillcolor": charts.rgba(style.colour, 0.16)}
        figure.add_scatter(y=(rows["low"] * scale).tolist(), **edge, **fill)
        figure.add_scatter(
            x=x,
            y=(rows["estimate"] * scale).tolist(),
            mode="lines+markers",
            name=charts.market_label(str(market)),
            line={"color": style.colour, "dash": style.dash, "width": 2.6},
            marker={"symbol": style.marker, "size": 8},
            hovertemplate="%{fullData.name}: %{y:,.4g}<extra></extra>",
        )
    charts.lay_out(figure, height=260)
    figure.update_layout(
        showlegend=False,
        margin=_MARGIN,
        hovermode="x",
        xaxis={
            "title": {"text": names[across]},
            "gridcolor": charts.GRID,
            "zeroline": False,
            "tickformat": ".0%" if is_share(across) else "",
        },
        yaxis={"title": {"text": axis}, "gridcolor": charts.GRID, "zeroline": False},
    )
    return figure


def with_settings(means: "pd.DataFrame", points: Sequence[Mapping[str, Any]]) -> "pd.DataFrame":
    """Means with the settings of their points as columns."""
    import pandas as pd

    return means.merge(pd.DataFrame(points), on="point", how="left")


def told_cell(row: Any, scale: float) -> str:
    """What one cell says in words."""
    clear = row["low"] > 0 or row["high"] < 0
    verdict = "unclear" if not clear else "more" if row["low"] > 0 else "less"
    return t(f"tiles.{verdict}")


def table_of(
    rows: "pd.DataFrame", keys: Sequence[str], outcome: str
) -> tuple[list[str], list[tables.Row]]:
    """Head and rows of a table of those estimates of one outcome, a row a setting and market."""
    scale = scale_of(outcome)
    digits = digits_of(rows, scale)
    body: list[tables.Row] = [
        (
            settings_text({key: row[key] for key in keys}),
            [_arm(row), _estimate(row, scale, digits), str(int(row["n"]))],
        )
        for row in rows.to_dict("records")
    ]
    return [t("sweeps.point"), t("sweeps.arm"), _column(outcome), t("claims.n")], body


def levels_of(
    levels: "pd.DataFrame", across: str, outcomes: Sequence[str]
) -> tuple[list[str], list[tables.Row]]:
    """Head and rows of a table of those outcomes in each market over one setting."""
    found = {
        (outcome, row["first"], row[across]): row
        for outcome, rows in levels.groupby("outcome")
        for row in rows.to_dict("records")
    }
    digits = {
        outcome: digits_of(levels[levels["outcome"] == outcome], scale_of(outcome))
        for outcome in outcomes
    }
    body: list[tables.Row] = [
        (
            value_text(across, value),
            [
                charts.market_label(str(market)),
                *(
                    _estimate(found[name, market, value], scale_of(name), digits[name])
                    for name in outcomes
                ),
            ],
        )
        for market, value in dict.fromkeys((market, value) for _, market, value in found)
    ]
    return [name_of(across), t("sweeps.arm"), *map(_column, outcomes)], body


def scale_of(outcome: str) -> float:
    """What the stored value of an outcome is multiplied with to be in the unit that is shown."""
    return 0.01 if outcome.endswith("_fen") else 1.0


def _column(outcome: str) -> str:
    return f"{outcome_name(outcome)} ({outcome_unit(outcome)})"


def _estimate(row: Mapping[Any, Any], scale: float, digits: int) -> tuple[str, str]:
    bounds = interval(row["low"] * scale, row["high"] * scale, digits)
    return number(row["estimate"] * scale, digits), bounds


def _arm(row: Mapping[Any, Any]) -> str:
    first = charts.market_label(str(row["first"]))
    return f"{first} − {charts.market_label(str(row['second']))}" if row["second"] else first


def _values(table: "pd.DataFrame", key: str) -> list[Any]:
    return sorted(table[key].dropna().unique().tolist())


def _label(value: Any) -> str:
    return (
        f"{value:g}"
        if isinstance(value, int | float) and not isinstance(value, bool)
        else str(value)
    )


def _cell(value: float, clear: bool, digits: int) -> str:
    text = signed(value, digits)
    return text if clear else f"· {text}"
