"""Where 100 yuan go in both markets: bars and a table of the same numbers.

The bars are plain HTML. They stand on the first page, which so needs no charting library.
"""

from html import escape

import streamlit as st

from app_parts import blocks, tables
from app_parts.charts import PARTS, market_label
from app_parts.language import t
from app_parts.numbers import number, with_bounds
from app_parts.stored import MARKETS, Mean, Stored

#: Colour of text on those parts whose colour is dark.
_INK = dict.fromkeys(("advertising", "fee", "merchant_profit"), "#FFFFFF")
_DARK = "#1D2021"
#: Yuan between two marks of the axis.
_TICK = 20
_NOTHING = Mean(0.0)


def money(stored: Stored, level: int = 2) -> None:
    """Of 100 yuan paid, who gets how much: bars and the same numbers as a table."""
    blocks.heading(t("money.title"), level, t("money.text"))
    st.html(bars(stored))
    parts = [
        part for part in PARTS if any(stored.money.get((m, part), _NOTHING).mean for m in MARKETS)
    ]
    rows: list[tables.Row] = [
        (
            t(f"part.{part}"),
            [with_bounds(stored.money.get((market, part), _NOTHING), 2) for market in MARKETS],
        )
        for part in parts
    ]
    head = [t("money.part"), *(f"{market_label(m)} ({t('units.yuan')})" for m in MARKETS)]
    st.html(blocks.table(head, rows, swatches=[PARTS[part] for part in parts]))
    tables.take_along("money", head, rows)
    blocks.note(t("money.caption", n=stored.n_pairs))
    if any(mean.mean < 0 for mean in stored.money.values()):
        blocks.note(t("money.negative"))


def bars(stored: Stored) -> str:
    """One bar a market on a shared axis from zero, losses left of it; yuan stand in wide parts."""
    low, high = 0.0, 0.0
    rows = []
    for market in MARKETS:
        yuan = {part: stored.money.get((market, part), _NOTHING).mean for part in PARTS}
        rows.append((market_label(market), yuan))
        low = min(low, sum(value for value in yuan.values() if value < 0))
        high = max(high, sum(value for value in yuan.values() if value > 0))
    reach = max(high - low, 1.0)
    marks = range(_TICK * round(low / _TICK), int(high) + 1, _TICK)
    lines = "".join(
        f'<span class="mark{" zero" if mark == 0 else ""}" '
        f'style="left:{100 * (mark - low) / reach:.2f}%"><b>{number(mark, 0)}</b></span>'
        for mark in marks
        if mark >= low
    )
    drawn = "".join(
        f'<p>{escape(label)}</p><div class="bar">{_segments(label, yuan, low, reach)}</div>'
        for label, yuan in rows
    )
    return (
        f'<div class="money" role="img" aria-label="{escape(t("money.alt"))}">'
        f'<div class="plot">{lines}{drawn}</div><p class="axis">{escape(t("money.axis"))}</p></div>'
    )


def _segments(label: str, yuan: dict[str, float], low: float, reach: float) -> str:
    left, right = 0.0, 0.0
    drawn = []
    for part, value in yuan.items():
        if not value:
            continue
        if value < 0:
            left += value
        start = left if value < 0 else right
        right += max(value, 0.0)
        told = t("money.hover", market=label, part=t(f"part.{part}"), yuan=number(value, 2))
        place, width = 100 * (start - low) / reach, 100 * abs(value) / reach
        drawn.append(
            f'<span class="piece" title="{escape(told)}" style="left:{place:.2f}%;'
            f"width:{width:.2f}%;background:{PARTS[part]};"
            f'color:{_INK.get(part, _DARK)}"><i>{number(value, 1)}</i></span>'
        )
    return "".join(drawn)
