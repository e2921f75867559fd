"""Parts of pages that show one stored comparison: the answer, the money, tiles, weeks, quality.

Every number comes from that comparison, so pages that show it cannot differ.
"""

from dataclasses import dataclass
from html import escape

import streamlit as st

from app_parts import blocks, charts, tables
from app_parts.choices import choose_one
from app_parts.language import t
from app_parts.numbers import number, percent, with_bounds
from app_parts.outcomes import (
    NEUTRAL,
    PRICE,
    QUALITY,
    SURPLUS,
    TILES,
    TRUST,
    VERDICTS,
    Shown,
)
from app_parts.presets import preset_title
from app_parts.stored import MARKETS, Mean, Stored

SMALL_WORLD = 10_000
"""Fewer people than this are called a small world."""


def answer(stored: Stored) -> None:
    """What the comparison says about shoppers and about the money, in two sentences."""
    seen = stored.differences[SURPLUS.outcome]
    values = stored.values
    bounds = t("answer.interval", interval=blocks.unbroken(SURPLUS.bounds(seen, stored)))
    sentence = t(
        f"answer.{seen.verdict}",
        reward=escape(percent(values["referral.reward_rate"])),
        difference=blocks.strong(SURPLUS.estimate(seen, stored)),
        interval=f'<span class="soft">{bounds}</span>',
        k=seen.n - seen.n_higher if seen.verdict == "less" else seen.n_higher,
        n=seen.n,
    )
    yuan = {key: mean.mean for key, mean in stored.money.items()}
    money = t(
        "answer.money",
        rewards=blocks.strong(number(yuan.get((MARKETS[0], "rewards")), 2)),
        rebates=blocks.strong(number(yuan.get((MARKETS[0], "rebates")), 2)),
        advertising=blocks.strong(number(yuan.get((MARKETS[1], "advertising")), 2)),
    )
    st.html(f'<p class="answer">{sentence}</p><p class="answer-money">{money}</p>')


def about(stored: Stored, name: str, published: bool) -> None:
    """What the comparison was made of, and what to keep in mind, in small print."""
    values = stored.values
    people = int(values["population.n_consumers"])
    blocks.note(
        t(
            "answer.source",
            name=name,
            people=number(people, 0),
            weeks=values["run.weeks"],
            counted=stored.counted_weeks,
            n=stored.n_pairs,
        )
    )
    if MARKETS[0] in values["screening.markets"] and MARKETS[1] not in values["screening.markets"]:
        blocks.note(t("answer.screened", preset=preset_title("unscreened")))
    if people < SMALL_WORLD:
        blocks.note(t("answer.small"))
    if not published:
        blocks.note(t("answer.own"))


def tiles(stored: Stored) -> None:
    """The differences of the main outcomes, each with its interval and number of pairs."""
    blocks.heading(t("tiles.title"), 2, t("tiles.text"))
    items = []
    for shown in TILES:
        seen = stored.differences.get(shown.outcome)
        if seen is None:
            continue
        scale = shown.scale(stored)
        paint = VERDICTS.get(seen.verdict, NEUTRAL)
        details = [
            t(
                "tiles.levels",
                first=number(seen.first_mean * scale, shown.digits),
                second=number(seen.second_mean * scale, shown.digits),
            )
        ]
        if seen.verdict != "single":
            bounds = shown.bounds(seen, stored)
            details.insert(0, t("tiles.interval", interval=bounds, n=seen.n))
        items.append(
            blocks.tile(
                t(f"outcome.{shown.outcome}.name"),
                t(f"tiles.{seen.verdict}"),
                shown.estimate(seen, stored),
                t(shown.unit),
                details,
                t(f"outcome.{shown.outcome}.what"),
                blocks.interval_strip(seen.estimate, seen.low, seen.high, paint),
                paint,
            )
        )
    blocks.tiles(items)
    blocks.note(t("tiles.scale"))


@dataclass(frozen=True)
class Topic:
    """An outcome week by week: in which unit it is drawn, and the difference that names it."""

    outcome: str
    shown: Shown | None = None
    scale: float = 1.0
    digits: int = 3
    from_zero: bool = False
    within: tuple[float, float] | None = None


TOPICS = {
    "quality": Topic("mean_quality_sold", QUALITY, within=(0.0, 1.0)),
    "price": Topic("mean_price_fen", PRICE, 0.01, 2),
    "margin": Topic("profit_share", None, 100.0, 1, True),
    "trust": Topic("mean_tie_trust", TRUST, within=(0.0, 1.0)),
    "posts": Topic("posts_per_100_members", None, 1.0, 1, True),
}
"""What can be looked at week by week."""


def weeks(stored: Stored) -> None:
    """One outcome by week: both markets on one axis, and beside it their difference in pairs."""
    blocks.heading(t("chart.title"))
    if not stored.weeks:
        blocks.note(t("chart.missing"))
        return
    options = {name: t(f"chart.{name}.name") for name in TOPICS}
    name = choose_one("weekly", t("chart.which"), options, "quality")
    topic = TOPICS[name]
    seen = stored.differences.get(topic.shown.outcome) if topic.shown else None
    if topic.shown is not None and seen is not None:
        told = f"{topic.shown.estimate(seen, stored)} {topic.shown.bounds(seen, stored)}"
        blocks.heading(t(f"chart.{name}.{seen.verdict}", difference=told), 3)
    columns = st.columns(2 if stored.gaps else 1, gap="medium")
    with columns[0]:
        _chart_name(t(f"chart.{name}.name"))
        blocks.legend(MARKETS)
        figure = charts.over_weeks(
            stored.weeks,
            {topic.outcome: True},
            MARKETS,
            t(f"chart.{name}.axis"),
            scale=topic.scale,
            from_zero=topic.from_zero,
            within=topic.within,
            first_counted=int(stored.document["counted_weeks"]["first"]),
            digits=topic.digits,
        )
        alt = t("chart.alt", name=options[name])
        st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="weeks")
    if stored.gaps:
        with columns[1]:
            _chart_name(t("chart.gap"))
            blocks.note(t("chart.gap_reading"))
            figure = charts.gap_over_weeks(
                [gap.times(topic.scale) for gap in stored.gaps.get(topic.outcome, ())],
                t(f"chart.{name}.axis"),
                int(stored.document["counted_weeks"]["first"]),
                topic.digits,
            )
            alt = t("chart.gap_alt", name=options[name])
            st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="gaps")
    blocks.note(t("chart.caption", n=stored.n_pairs))
    tables.numbers("weeks", *_week_table(stored, topic))


def quality(stored: Stored) -> None:
    """Which quality is sold, beside which is on offer, in both markets."""
    if not stored.quality:
        return
    blocks.heading(t("quality.title"), 2, t("quality.text"))
    figure = charts.quality_bars(stored.quality, MARKETS)
    st.plotly_chart(figure, config=charts.CONFIG, alt=t("quality.alt"), key="quality")
    blocks.note(t("quality.caption", n=stored.n_pairs))
    levels = sorted({level for shares in stored.quality.values() for level in shares})
    columns = [(market, kind) for market in MARKETS for kind in ("sold", "offered")]
    head = [f"{charts.market_label(m)}: {t(f'quality.{kind}')} (%)" for m, kind in columns]
    rows = [
        (
            number(level, 2),
            [
                with_bounds(stored.quality[column].get(level, Mean(0.0)).times(100.0), 1)
                for column in columns
                if column in stored.quality
            ],
        )
        for level in levels
    ]
    tables.numbers("quality", [t("quality.axis"), *head], rows)


def _chart_name(name: str) -> None:
    st.html(f'<p class="chart-name">{escape(name)}</p>')


def _week_table(stored: Stored, topic: Topic) -> tuple[list[str], list[tables.Row]]:
    columns = [
        stored.weeks[m, topic.outcome] for m in MARKETS if (m, topic.outcome) in stored.weeks
    ]
    head = [charts.market_label(m) for m in MARKETS if (m, topic.outcome) in stored.weeks]
    if topic.outcome in stored.gaps:
        columns.append(stored.gaps[topic.outcome])
        head.append(t("chart.gap"))
    rows: list[tables.Row] = [
        (
            str(week),
            [with_bounds(column[week].times(topic.scale), topic.digits) for column in columns],
        )
        for week in range(min(map(len, columns), default=0))
    ]
    return [t("chart.week"), *head], rows
