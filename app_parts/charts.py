"""Plotly figures of stored results. They take tables of means with intervals and compute nothing.

Colours, dashes and names of markets are those of every figure of the product.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import streamlit as st

from app_parts.language import language, t
from app_parts.numbers import number
from app_parts.stored import Mean
from sim.figures.style import PART_COLOURS, MarketStyle, style_of

if TYPE_CHECKING:
    import plotly.graph_objects as go

#: Colours of those who get the money, those of every figure.
PARTS: Mapping[str, str] = {
    part: PART_COLOURS[part]
    for part in (
        "rewards",
        "rebates",
        "refunds",
        "advertising",
        "commission",
        "fee",
        "merchant_profit",
        "fixed_cost",
        "cost_of_goods",
    )
}
"""Parts of 100 yuan in the order shown, each with its colour."""
GAP = "#7A5C9E"
"""Colour of a difference between the markets; it is neither market's."""
_BAND_OPACITY = 0.16
_FAINT = "rgba(128, 128, 128, 0.10)"
GRID = "rgba(128, 128, 128, 0.22)"
"""Colour of the lines of a grid."""
_AXIS_INK = {"light": "#4B5052", "dark": "#C8CBCC"}

CONFIG: dict[str, Any] = {"displayModeBar": False, "responsive": True, "scrollZoom": False}
"""How a chart behaves: nothing to click away, and a page that scrolls under a finger."""


def market_label(market: str) -> str:
    """Short name of a market in the language of the visit."""
    return style_of(market).labels[language()]


def over_weeks(
    weeks: Mapping[tuple[str, str], Sequence[Mean]],
    outcomes: Mapping[str, bool],
    markets: Sequence[str],
    axis: str,
    *,
    scale: float = 1.0,
    from_zero: bool = False,
    within: tuple[float, float] | None = None,
    first_counted: int = 0,
    digits: int = 2,
) -> "go.Figure":
    """Means over runs by week with their intervals as bands; `outcomes` says which are bold.

    Intervals of a few runs may reach beyond what is possible: the axis ends ``within`` that.
    """
    import plotly.graph_objects as go

    figure, shown = go.Figure(), list[float]()
    for outcome, bold in outcomes.items():
        for market in markets:
            means = [mean.times(scale) for mean in weeks.get((market, outcome), ())]
            shown += [bound for mean in means for bound in (mean.low, mean.high)]
            name = market_label(market)
            if len(outcomes) > 1:
                name = f"{name} · {t(f'outcome.{outcome}.name')}"
            _line_with_band(figure, means, style_of(market), name, bold, digits)
    lay_out(figure, height=300)
    figure.update_layout(
        showlegend=False,
        hovermode="x",
        xaxis={"title": {"text": t("chart.week")}, "gridcolor": GRID, "zeroline": False},
        yaxis={
            "title": {"text": axis},
            "gridcolor": GRID,
            "zeroline": False,
            "rangemode": "tozero" if from_zero else "normal",
            "tickformat": ",",
        },
        margin={"l": 8, "r": 12, "t": 10, "b": 44},
    )
    if within and shown and (min(shown) < within[0] or max(shown) > within[1]):
        figure.update_yaxes(range=[max(min(shown), within[0]), min(max(shown), within[1])])
    if first_counted:
        figure.add_vrect(x0=0, x1=first_counted, fillcolor=_FAINT, line_width=0, layer="below")
    return figure


def gap_over_weeks(
    gaps: Sequence[Mean], axis: str, first_counted: int, digits: int = 2
) -> "go.Figure":
    """Differences between the markets by week with their interval, around a line at zero."""
    import plotly.graph_objects as go

    figure = go.Figure()
    style = MarketStyle(GAP, "solid", "circle", {}, {})
    _line_with_band(figure, gaps, style, t("chart.gap"), True, digits)
    lay_out(figure, height=300)
    figure.add_hline(y=0, line_width=1, line_color="rgba(128,128,128,0.9)")
    figure.update_layout(
        showlegend=False,
        hovermode="x",
        xaxis={"title": {"text": t("chart.week")}, "gridcolor": GRID, "zeroline": False},
        yaxis={"title": {"text": axis}, "gridcolor": GRID, "zeroline": False},
        margin={"l": 8, "r": 12, "t": 10, "b": 44},
    )
    if first_counted:
        figure.add_vrect(x0=0, x1=first_counted, fillcolor=_FAINT, line_width=0, layer="below")
    return figure


def quality_bars(
    quality: Mapping[tuple[str, str], Mapping[float, Mean]], markets: Sequence[str]
) -> "go.Figure":
    """Share of orders by quality as bars from zero; marks say the share that is on offer.

    Whiskers end where no share can be, below nothing and above all.
    """
    import plotly.graph_objects as go

    figure = go.Figure()
    for market in markets:
        style = style_of(market)
        for kind in ("sold", "offered"):
            shares = {level: mean.times(100.0) for level, mean in quality[market, kind].items()}
            spread = {
                "type": "data",
                "symmetric": False,
                "array": [min(mean.high, 100.0) - mean.mean for mean in shares.values()],
                "arrayminus": [mean.mean - max(mean.low, 0.0) for mean in shares.values()],
                "thickness": 1.2,
                "width": 3,
            }
            common = {
                "x": [number(level, 2) for level in shares],
                "y": [mean.mean for mean in shares.values()],
                "name": f"{market_label(market)}: {t(f'quality.{kind}')}",
                "offsetgroup": market,
                "hovertemplate": "%{fullData.name}: %{y:.1f} %<extra></extra>",
            }
            if kind == "sold":
                hatch = {"shape": "/" if style.dash != "solid" else "", "solidity": 0.25}
                paint = {"color": style.colour, "pattern": hatch}
                figure.add_bar(**common, marker=paint, error_y=spread)
            else:
                ink = _AXIS_INK["dark" if st.context.theme.type == "dark" else "light"]
                empty = {"color": "rgba(0,0,0,0)", "line": {"color": ink, "width": 2}}
                figure.add_bar(**common, marker=empty)
    lay_out(figure, height=340)
    figure.update_layout(
        barmode="group",
        bargap=0.25,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={
            "title": {"text": t("quality.axis")},
            "type": "category",
            "categoryorder": "category ascending",
        },
        yaxis={"title": {"text": t("quality.share")}, "gridcolor": GRID, "rangemode": "tozero"},
        margin={"l": 8, "r": 12, "t": 10, "b": 44},
    )
    return figure


def _line_with_band(
    figure: "go.Figure",
    means: Sequence[Mean],
    style: MarketStyle,
    name: str,
    bold: bool,
    digits: int,
) -> None:
    weeks = list(range(len(means)))
    if bold:
        edge = {"x": weeks, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
        figure.add_scatter(y=[mean.high for mean in means], **edge)
        fill = {"fill": "tonexty", "fillcolor": rgba(style.colour, _BAND_OPACITY)}
        figure.add_scatter(y=[mean.low for mean in means], **edge, **fill)
    figure.add_scatter(
        x=weeks,
        y=[mean.mean for mean in means],
        mode="lines",
        name=name,
        line={"color": style.colour, "dash": style.dash, "width": 2.8 if bold else 1.4},
        opacity=1.0 if bold else 0.8,
        customdata=[(mean.low, mean.high) for mean in means],
        hovertemplate=(
            f"%{{fullData.name}}: %{{y:.{digits}f}} "
            f"[%{{customdata[0]:.{digits}f}}, %{{customdata[1]:.{digits}f}}]<extra></extra>"
        ),
    )


def lay_out(figure: "go.Figure", height: int) -> None:
    """Give a figure the size, ink and axes of all charts of the app."""
    ink = {"color": _AXIS_INK["dark" if st.context.theme.type == "dark" else "light"]}
    figure.update_layout(
        height=height,
        dragmode=False,
        font={"size": 14, **ink},
        uniformtext={"minsize": 12, "mode": "hide"},
        plot_bgcolor="rgba(0,0,0,0)",
        paper_bgcolor="rgba(0,0,0,0)",
    )
    axis = {"fixedrange": True, "automargin": True, "title_font": ink, "tickfont": ink}
    figure.update_xaxes(**axis)
    figure.update_yaxes(**axis)


def rgba(colour: str, opacity: float) -> str:
    """A colour #rrggbb with that opacity, 0 to 1."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


@dataclass(frozen=True)
class Point:
    """A difference with its interval, in the unit shown; `verdict` chooses its colour."""

    name: str
    middle: float
    low: float | None
    high: float | None
    verdict: str


def around_zero(values: Sequence[float]) -> tuple[float, float]:
    """Range of an axis that holds zero and all values, with room at both ends."""
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def on_two_lines(axis: str) -> str:
    """The name of an axis with its unit on a line of its own, so that a phone shows both."""
    for bracket in (" (", "（"):
        name, found, unit = axis.partition(bracket)
        if found:
            return f"{name}<br>{bracket.strip()}{unit}"
    return axis


def forest(points: Sequence[Point], axis: str) -> "go.Figure":
    """Differences with their intervals, one below the other, around a line at zero."""
    import plotly.graph_objects as go

    paints = {"more": style_of("referral").colour, "less": style_of("ads").colour}
    marks = {"more": style_of("referral").marker, "less": style_of("ads").marker}
    figure = go.Figure()
    for place, point in enumerate(points):
        colour = paints.get(point.verdict, "#8A8F92")
        if point.low is not None and point.high is not None:
            figure.add_scatter(
                x=[point.low, point.high],
                y=[place, place],
                mode="lines",
                line={"color": colour, "width": 6},
                opacity=0.5,
                hoverinfo="skip",
            )
        figure.add_scatter(
            x=[point.middle],
            y=[place],
            mode="markers",
            marker={"color": colour, "size": 13, "symbol": marks.get(point.verdict, "diamond")},
            name=_escaped(point.name),
            hovertemplate="%{fullData.name}: %{x:.3f}<extra></extra>",
        )
    lay_out(figure, height=128 + 46 * len(points))
    figure.add_vline(x=0, line_width=1, line_color="rgba(128,128,128,0.9)")
    ends = [end for point in points for end in (point.low, point.middle, point.high)]
    figure.update_layout(
        showlegend=False,
        xaxis={
            "title": {"text": on_two_lines(axis)},
            "gridcolor": GRID,
            "zeroline": False,
            "range": around_zero([end for end in ends if end is not None]),
        },
        yaxis={
            "tickvals": list(range(len(points))),
            "ticktext": [_escaped(point.name, 28) for point in points],
            "range": [len(points) - 0.5, -0.5],
        },
        margin={"l": 8, "r": 12, "t": 8, "b": 66},
    )
    return figure


#: Looks of things laid over one another that are no markets; none of the colours is a market's.
_COLOURS = {
    "light": ("#332288", "#117733", "#AA4499", "#8A6D00", "#5A6165"),
    "dark": ("#9B8CF0", "#5BC77C", "#E58BD6", "#E3C04A", "#B4BABD"),
}
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash")


def looks() -> Sequence[tuple[str, str]]:
    """Colour and dash of runs or people drawn as lines in one chart, on the ground of the visit."""
    colours = _COLOURS["dark" if st.context.theme.type == "dark" else "light"]
    return tuple(zip(colours, _DASHES, strict=True))


def overlay(
    names: Sequence[str],
    lines: Sequence[Mapping[str, Sequence[Mean]]],
    markets: Sequence[str],
    axis: str,
    scale: float = 1.0,
) -> "go.Figure":
    """Means by week of several runs, one panel a market, all on shared axes."""
    from plotly.subplots import make_subplots

    figure = make_subplots(
        rows=1,
        cols=len(markets),
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=[market_label(market) for market in markets],
    )
    for place, (name, line) in enumerate(zip(names, lines, strict=True)):
        colour, dash = looks()[place]
        for column, market in enumerate(markets, 1):
            means = [mean.times(scale) for mean in line[market]]
            figure.add_scatter(
                x=list(range(len(means))),
                y=[mean.mean for mean in means],
                mode="lines",
                name=_escaped(name, 40),
                legendgroup=str(place),
                showlegend=column == 1,
                line={"color": colour, "dash": dash, "width": 2.4},
                hovertemplate="%{fullData.name}: %{y:.3f}<extra></extra>",
                row=1,
                col=column,
            )
    lay_out(figure, height=380)
    figure.update_layout(
        hovermode="x",
        legend={"orientation": "h", "y": -0.22, "x": 0},
        margin={"l": 8, "r": 12, "t": 34, "b": 44},
    )
    figure.update_xaxes(title_text=t("chart.week"), gridcolor=GRID, zeroline=False)
    figure.update_yaxes(gridcolor=GRID, zeroline=False)
    figure.update_yaxes(title_text=axis, col=1)
    return figure


def _escaped(text: str, longest: int = 60) -> str:
    """A text of a visitor as Plotly shows it: no tag, not too long."""
    return escape(text if len(text) <= longest else text[: longest - 1] + "…", quote=False)
