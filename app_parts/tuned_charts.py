"""Figures of a tuning: response curves with bands, recommendations that move, Pareto front."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app_parts import charts
from app_parts.language import t
from app_parts.tuned import LEVER, Tuned
from sim.figures.style import style_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

LONG, SHORT = style_of("referral").colour, "#8A8F92"
"""Colours of the long and the short run."""
_LEAST_REACH = 5.0
"""The axis of recommended rates reaches at least this far, in %."""
_MARGIN = {"l": 8, "r": 12, "t": 10, "b": 48}


def response(tuned: Tuned, axis: str) -> "go.Figure":
    """The objective over the reward rate: long run thick, short run thin, with 95 % bands."""
    import plotly.graph_objects as go

    figure = go.Figure()
    for horizon, colour, dash, width in _looks(tuned):
        rows = tuned.response(horizon)
        x = (100.0 * rows[LEVER]).tolist()
        edge: dict[str, Any] = {
            "x": x,
            "mode": "lines",
            "line": {"width": 0},
            "hoverinfo": "skip",
            "showlegend": False,
        }
        figure.add_scatter(y=rows["high"].tolist(), **edge)
        fill = {"fill": "tonexty", "fillcolor": charts.rgba(colour, 0.16)}
        figure.add_scatter(y=rows["low"].tolist(), **edge, **fill)
        figure.add_scatter(
            x=x,
            y=rows["estimate"].tolist(),
            mode="lines",
            name=t("reward.after", weeks=horizon),
            line={"color": colour, "dash": dash, "width": width},
            hovertemplate="%{fullData.name}: %{y:,.3f}<extra></extra>",
        )
    marked = best_and_band(tuned)
    if marked is not None:
        best, low, high = (100 * rate for rate in marked)
        paint = {"fillcolor": "rgba(111,158,110,0.22)", "line_width": 0, "layer": "below"}
        figure.add_vrect(x0=low, x1=high, **paint)
        figure.add_vline(x=best, line_width=2, line_dash="dot", line_color="#5F8F5E")
    charts.lay_out(figure, height=380)
    figure.update_layout(
        margin={**_MARGIN, "t": 34},
        hovermode="x",
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": {"text": t("reward.axis")}, "gridcolor": charts.GRID, "zeroline": False},
        yaxis={"title": {"text": axis}, "gridcolor": charts.GRID, "zeroline": True},
    )
    return figure


def best_and_band(tuned: Tuned) -> tuple[float, float, float] | None:
    """The best rate of the long run and the range that the data leave for it, if there is one."""
    found = tuned.at(tuned.horizons[-1])
    low, high = found["interval"][LEVER]
    if found["recommended"] is None or low is None or high is None:
        return None
    return float(found["recommended"][LEVER]), float(low), float(high)


def moves(rows: Sequence[tuple[str, Mapping[str, Any]]], best: float | None) -> "go.Figure":
    """The recommended rate with an uncertain parameter at its low and at its high end.

    The two ends of a parameter stand one below the other, so that none hides the other.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    reached = [0.0, _LEAST_REACH, 100 * (best or 0.0)]
    ends = (("low", "#56B4E9", "circle", -0.15), ("high", "#E69F00", "square", 0.15))
    for end, colour, mark, aside in ends:
        x, y, more, less, names = [], [], [], [], []
        for place, (name, move) in enumerate(rows):
            found = move[f"at_{end}"]
            low, high = found.get("interval", {}).get(LEVER, (None, None))
            if not found["recommended"] or low is None or high is None:
                continue
            middle = 100 * found["recommended"][0]
            x.append(middle)
            y.append(place + aside)
            names.append(name)
            reached.append(100 * high)
            more.append(100 * high - middle)
            less.append(middle - 100 * low)
        figure.add_scatter(
            x=x,
            y=y,
            mode="markers",
            name=t(f"reward.at_{end}"),
            marker={"color": colour, "symbol": mark, "size": 12},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": more,
                "arrayminus": less,
                "color": colour,
                "thickness": 2.5,
                "width": 0,
            },
            customdata=names,
            hovertemplate="%{customdata}: %{x:.1f} %<extra></extra>",
        )
    charts.lay_out(figure, height=130 + 46 * len(rows))
    if best is not None:
        figure.add_vline(x=100 * best, line_width=2, line_dash="dot", line_color="#5F8F5E")
    figure.update_layout(
        margin={**_MARGIN, "t": 34},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "title": {"text": t("reward.axis")},
            "gridcolor": charts.GRID,
            "zeroline": False,
            "range": [-0.03 * max(reached), 1.05 * max(reached)],
        },
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": [name for name, _ in rows],
            "range": [len(rows) - 0.5, -0.5],
            "showgrid": False,
            "zeroline": False,
        },
    )
    return figure


def pareto(
    front: Sequence[Mapping[str, Any]], scales: Sequence[float], axes: Sequence[str]
) -> "go.Figure":
    """What can be had of two objectives at once; each point says its reward rate."""
    import plotly.graph_objects as go

    figure = go.Figure()
    rates = [100 * point[LEVER] for point in front]
    first, second = (
        {
            name: [point[f"{which}_{name}"] * scale for point in front]
            for name in ("estimate", "low", "high")
        }
        for which, scale in zip(("first", "second"), scales, strict=True)
    )
    figure.add_scatter(
        x=first["estimate"],
        y=second["estimate"],
        mode="lines+markers+text",
        text=[f"{rate:.0f} %" for rate in rates],
        textposition="top right",
        error_x=_reach(first),
        error_y=_reach(second),
        marker={"color": LONG, "size": 9},
        line={"color": LONG, "width": 1.5, "dash": "dot"},
        customdata=rates,
        hovertemplate="%{customdata:.1f} %: %{x:,.3f}, %{y:,.3f}<extra></extra>",
    )
    charts.lay_out(figure, height=380)
    figure.update_layout(
        showlegend=False,
        margin=_MARGIN,
        xaxis={"title": {"text": axes[0]}, "gridcolor": charts.GRID, "zeroline": False},
        yaxis={"title": {"text": axes[1]}, "gridcolor": charts.GRID, "zeroline": False},
    )
    return figure


def _looks(tuned: Tuned) -> list[tuple[int, str, str, float]]:
    long = (tuned.horizons[-1], LONG, "solid", 3.0)
    if len(tuned.horizons) < 2:
        return [long]
    return [(tuned.horizons[0], SHORT, "dash", 2.0), long]


def _reach(of: Mapping[str, Sequence[float]]) -> dict[str, Any]:
    return {
        "type": "data",
        "symmetric": False,
        "array": [high - middle for high, middle in zip(of["high"], of["estimate"], strict=True)],
        "arrayminus": [middle - low for low, middle in zip(of["low"], of["estimate"], strict=True)],
        "color": charts.rgba("#8A8F92", 0.55),
        "thickness": 1.2,
        "width": 0,
    }
