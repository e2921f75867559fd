"""Plotly figures of traced runs: the tree of a cascade, money to sharers, lives by week."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app_parts.charts import GRID, PARTS, lay_out, rgba
from app_parts.language import t
from sim.figures.style import style_of

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

    Numbers = Sequence[float] | pd.Series

CHANNEL_COLOURS: Mapping[str, str] = {
    "habit": "#8E9497",
    "share": style_of("referral").colour,
    "leader": "#E69F00",
    "ad": style_of("ads").colour,
    "organic": "#B9BDBF",
    "catalogue": "#D6D3CA",
}
"""Colour of each way to a product; posts and ads have those of their markets."""
_MARGIN = {"l": 8, "r": 12, "t": 10, "b": 44}


def tree_chart(tree: "pd.DataFrame", market: str) -> "go.Figure":
    """Who bought through whom: weeks to the right, one dot a buyer, larger for what they earned."""
    import plotly.graph_objects as go

    style = style_of(market)
    week, place = tree["week"].tolist(), tree["place"].tolist()
    x: list[float | None] = []
    y: list[float | None] = []
    for node, parent in zip(tree["node"].tolist()[1:], tree["parent"].tolist()[1:], strict=True):
        middle = (week[parent] + week[node]) / 2
        x += [week[parent], middle, week[node], None]
        y += [place[parent], place[node], place[node], None]
    figure = go.Figure()
    line = {"color": rgba(style.colour, 0.55), "width": 1.5, "shape": "spline", "smoothing": 0.7}
    figure.add_scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip")
    earned = tree["reward_fen"] / 100
    size = 8 + 26 * (earned / max(float(earned.max()), 1e-9)) ** 0.5
    figure.add_scatter(
        x=week,
        y=place,
        mode="markers",
        marker={
            "size": size,
            "color": [PARTS["rewards"] if yuan else style.colour for yuan in earned],
            "line": {"color": style.colour, "width": 1.5},
            "opacity": 1,
        },
        customdata=list(zip(tree["consumer"], tree["reads"], tree["orders"], earned, strict=True)),
        hovertemplate=t("cascade.hover"),
    )
    lay_out(figure, height=int(min(620, max(240, 90 + 9 * len(tree)))))
    figure.update_layout(
        showlegend=False,
        margin=_MARGIN,
        xaxis={
            "title": {"text": t("cascade.axis")},
            "gridcolor": GRID,
            "zeroline": False,
            "dtick": 1 if len(set(week)) < 20 else None,
        },
        yaxis={"visible": False, "range": [1.04, -0.04]},
    )
    return figure


def bars(labels: Sequence[str], values: Sequence[float], axis: str, colour: str) -> "go.Figure":
    """Bars from zero, the first on top."""
    import plotly.graph_objects as go

    figure = go.Figure()
    figure.add_bar(
        y=list(labels),
        x=list(values),
        orientation="h",
        marker={"color": colour},
        text=[f"{value:,.2f}" for value in values],
        textposition="outside",
        cliponaxis=False,
        hoverinfo="skip",
    )
    lay_out(figure, height=70 + 30 * len(labels))
    figure.update_layout(
        showlegend=False,
        margin={**_MARGIN, "r": 60},
        bargap=0.35,
        xaxis={"title": {"text": axis}, "gridcolor": GRID, "rangemode": "tozero"},
        yaxis={"autorange": "reversed", "type": "category"},
    )
    return figure


def lines_by_week(
    lines: Mapping[str, "tuple[Numbers, Numbers, str, str, float]"],
    axis: str,
    *,
    from_zero: bool = True,
    height: int = 300,
    mark: int | None = None,
) -> "go.Figure":
    """Lines by name: weeks, values, colour, dash and width; the week `mark` is marked."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for name, (weeks, values, colour, dash, width) in lines.items():
        look: dict[str, Any] = {"color": colour, "dash": dash, "width": width}
        figure.add_scatter(
            x=list(weeks),
            y=list(values),
            mode="lines",
            name=name,
            line=look,
            hovertemplate="%{fullData.name}: %{y:,.2f}<extra></extra>",
        )
    if mark is not None:
        figure.add_vline(x=mark, line={"color": GRID, "width": 8})
    lay_out(figure, height=height)
    _by_week(figure, axis, from_zero)
    return figure


def channels_by_week(sales: "pd.DataFrame", n_weeks: int) -> "go.Figure":
    """Orders of a merchant by week, stacked by the way the buyer came."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for channel, colour in CHANNEL_COLOURS.items():
        rows = sales[sales["channel"] == channel]
        if rows.empty:
            continue
        counts = dict(zip(rows["week"].tolist(), rows["orders"].tolist(), strict=True))
        figure.add_bar(
            x=list(range(n_weeks)),
            y=[counts.get(week, 0) for week in range(n_weeks)],
            name=t(f"channel.{channel}"),
            marker={"color": colour, "line": {"width": 0}},
            hovertemplate="%{fullData.name}: %{y}<extra></extra>",
        )
    lay_out(figure, height=300)
    _by_week(figure, t("lives.orders_axis"), True)
    figure.update_layout(barmode="stack", bargap=0, hovermode="x unified")
    return figure


def _by_week(figure: "go.Figure", axis: str, from_zero: bool) -> None:
    narrow = {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0}
    figure.update_layout(
        showlegend=len(figure.data) > 1,
        legend=narrow,
        hovermode="x",
        margin={**_MARGIN, "t": 40 if len(figure.data) > 1 else 10},
        xaxis={"title": {"text": t("chart.week")}, "gridcolor": GRID, "zeroline": False},
        yaxis={
            "title": {"text": axis},
            "gridcolor": GRID,
            "zeroline": False,
            "rangemode": "tozero" if from_zero else "normal",
        },
    )
    ink = figure.layout.font.color
    figure.update_layout(legend_font={"color": ink}, hoverlabel={"namelength": -1})
