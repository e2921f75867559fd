"""The hybrid: where people look and merchants sell once both platforms stand side by side."""

import math
from dataclasses import dataclass

import streamlit as st

from app_parts import blocks, charts, tables
from app_parts.choices import choose_one
from app_parts.language import t
from app_parts.numbers import interval, number, signed, with_bounds
from app_parts.stored import Mean, Sides, Stored


@dataclass(frozen=True)
class Number:
    """How a number of a side is written, and between which values it can be."""

    unit: str
    digits: int
    scale: float = 1.0
    within: tuple[float, float] | None = None


SHARES = ("member_share", "order_share", "merchant_share")
"""What is divided between the sides."""
WORTH = "surplus_per_order_fen"
"""What an order is worth to its buyer, less its price."""
_SHARE = Number("units.share", 1, 100.0, (0.0, 100.0))
_QUALITY = Number("units.quality", 3, within=(0.0, 1.0))
_YUAN = Number("units.yuan", 2, 0.01)
NUMBERS = {
    "member_share": _SHARE,
    "merchant_share": _SHARE,
    "order_share": _SHARE,
    "mean_quality_sold": _QUALITY,
    "mean_quality_offered": _QUALITY,
    "mean_price_fen": _YUAN,
    WORTH: _YUAN,
    "profit_per_member_fen": Number("units.yuan_member_week", 3, 0.01),
}
"""Numbers of both sides in the order shown."""


def on_sharing_side(sides: Sides, share_of: str) -> Mean:
    """Share of members, merchants or orders on the sharing side at the end, in %, with interval."""
    share = sides.ends[share_of]
    # The shares of both sides add up to one: the interval of one follows from the difference.
    bounds = (math.nan if b is None else 50.0 + 50.0 * b for b in (share.low, share.high))
    return Mean(100.0 * share.first_mean, *bounds)


def difference(sides: Sides, name: str) -> tuple[str, str]:
    """A number on the sharing side less that on the ad side, and the interval if any, as texts."""
    seen, shown = sides.ends[name], NUMBERS[name]
    estimate = signed(seen.estimate * shown.scale, shown.digits)
    if seen.low is None or seen.high is None:
        return estimate, ""
    low, high = seen.low * shown.scale, seen.high * shown.scale
    return estimate, interval(low, high, shown.digits, sign=True)


def side_by_side(stored: Stored) -> None:
    """What both sides of the hybrid came to, and how; nothing where it was not run."""
    if stored.sides is None:
        return
    blocks.heading(t("sides.title"), 2, t("sides.text"))
    _sentence(stored.sides)
    _ends(stored.sides)
    _weeks(stored.sides, int(stored.document["counted_weeks"]["first"]))
    blocks.note(t("sides.doubt"))


def _sentence(sides: Sides) -> None:
    """Where members look and buy at the end, and what an order is worth on either side."""
    worth = sides.ends[WORTH]
    sentence = t(
        "sides.answer",
        share=_in_words(on_sharing_side(sides, "member_share")),
        orders=_in_words(on_sharing_side(sides, "order_share")),
        first=blocks.strong(number(worth.first_mean / 100.0, 2)),
        second=blocks.strong(number(worth.second_mean / 100.0, 2)),
        n=worth.n,
    )
    st.html(f'<p class="answer-money">{sentence}</p>')


def _in_words(share: Mean) -> str:
    value, bounds = with_bounds(share, 0)
    return f"{blocks.strong(value)} {blocks.unbroken(bounds)}" if bounds else blocks.strong(value)


def _ends(sides: Sides) -> None:
    head = [t("sides.number"), *map(charts.market_label, sides.names), t("sides.gap")]
    rows: list[tables.Row] = []
    for name, shown in NUMBERS.items():
        seen = sides.ends[name]
        means = (seen.first_mean, seen.second_mean)
        levels = [number(mean * shown.scale, shown.digits) for mean in means]
        rows.append((_with_unit(name), [*levels, difference(sides, name)]))
    st.html(blocks.scrolling(t("sides.title"), blocks.table(head, rows)))
    tables.take_along("sides", head, rows)
    blocks.note(t("sides.caption", n=sides.ends["member_share"].n))


def _with_unit(name: str) -> str:
    return f"{t(f'sides.{name}')} ({t(NUMBERS[name].unit).strip('（）')})"


def _weeks(sides: Sides, first_counted: int) -> None:
    options = {name: t(f"sides.{name}") for name in NUMBERS}
    name = choose_one("side_weekly", t("chart.which"), options, "member_share")
    shown = NUMBERS[name]
    blocks.chart_name(options[name])
    blocks.legend(sides.names)
    figure = charts.over_weeks(
        sides.weeks,
        {name: True},
        sides.names,
        _with_unit(name),
        scale=shown.scale,
        from_zero=shown is _SHARE,
        within=shown.within,
        first_counted=first_counted,
        digits=shown.digits,
    )
    alt = t("sides.alt", name=options[name])
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="side_weeks")
    blocks.note(t("sides.weeks_caption", n=sides.ends["member_share"].n))
    columns = [sides.weeks[side, name] for side in sides.names]
    rows: list[tables.Row] = [
        (str(week), [with_bounds(mean.times(shown.scale), shown.digits) for mean in both])
        for week, both in enumerate(zip(*columns, strict=True))
    ]
    tables.numbers("side-weeks", [t("chart.week"), *map(charts.market_label, sides.names)], rows)
