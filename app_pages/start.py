"""The first page: what a stored comparison says, in one sentence, in pictures and in numbers."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from app_parts import blocks, charts
from app_parts.choices import choose_one
from app_parts.language import t
from app_parts.numbers import NO_NUMBER, interval, number, percent
from app_parts.outcomes import NEUTRAL, PRICE, QUALITY, SURPLUS, TILES, TRUST, VERDICTS, Shown
from app_parts.pages import link_to
from app_parts.presets import preset_cards, preset_title
from app_parts.sources import origins
from app_parts.stored import (
    FIRST,
    MARKETS,
    Mean,
    Place,
    Stored,
    first_place,
    published_places,
    read_stored,
)
from sim.experiments.errors import StoreError

COMMAND = "sharesim compare quick --replicates 4"
SMALL_WORLD = 10_000
"""Fewer people than this are called a small world."""


def show() -> None:
    """Draw the page."""
    blocks.heading(t("start.question"), 1, t("start.intro"))
    place = _chosen_place()
    if place is None:
        _say_missing(t("missing.title"), t("missing.text"))
        return
    try:
        stored = read_stored(place)
    except StoreError:
        _say_missing(t("missing.title"), t("missing.broken"))
        return
    _answer(stored, place)
    _money(stored)
    _tiles(stored)
    _weeks(stored)
    _honesty()
    preset_cards(published_places())


def _chosen_place() -> Place | None:
    published = published_places()
    first = first_place()
    if len(published) < 2 or first is None:
        return first
    names = sorted(published, key=lambda name: (name not in FIRST, name))
    titles = {name: preset_title(name) for name in names}
    chosen = choose_one("result", t("start.result"), titles, default=first.name)
    return published.get(chosen, first)


def _say_missing(title: str, text: str) -> None:
    blocks.heading(title, 2, text)
    st.code(COMMAND, language="bash")


def _answer(stored: Stored, place: Place) -> None:
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
        rewards=blocks.strong(number(yuan.get((MARKETS[0], "rewards")), 1)),
        rebates=blocks.strong(number(yuan.get((MARKETS[0], "rebates")), 1)),
        advertising=blocks.strong(number(yuan.get((MARKETS[1], "advertising")), 1)),
    )
    st.html(f'<p class="answer">{sentence}</p><p class="answer-money">{money}</p>')
    people = int(values["population.n_consumers"])
    blocks.note(
        t(
            "answer.source",
            name=stored.document["scenario"],
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
    if not place.published:
        blocks.note(t("answer.own"))


def _money(stored: Stored) -> None:
    blocks.heading(t("money.title"), 2, t("money.text"))
    st.plotly_chart(
        charts.money_bars(stored.money, MARKETS),
        config=charts.CONFIG,
        alt=t("money.alt"),
        key="money",
    )
    rows, swatches = [], []
    for part, colour in charts.PARTS.items():
        means = [stored.money[market, part] for market in MARKETS if (market, part) in stored.money]
        if any(mean.mean for mean in means):
            rows.append((t(f"part.{part}"), [_with_bounds(mean, 2) for mean in means]))
            swatches.append(colour)
    head = [t("money.part"), *(f"{charts.market_label(m)} ({t('units.yuan')})" for m in MARKETS)]
    st.html(blocks.table(head, rows, swatches=swatches))
    blocks.note(t("money.caption", n=stored.n_pairs))
    if any(mean.mean < 0 for mean in stored.money.values()):
        blocks.note(t("money.negative"))


def _tiles(stored: Stored) -> None:
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


def _weeks(stored: Stored) -> None:
    blocks.heading(t("chart.title"))
    if not stored.weeks:
        blocks.note(t("chart.missing"))
        return
    _topic(
        stored,
        "quality",
        QUALITY,
        [
            Line("quality", "mean_quality_sold", digits=3),
            Line("quality", "mean_quality_offered", digits=3),
        ],
    )
    _topic(
        stored,
        "price",
        PRICE,
        [
            Line("price", "mean_price_fen", 0.01, digits=2),
            Line("margin", "profit_share", 100.0, digits=1, from_zero=True),
        ],
    )
    _topic(
        stored,
        "trust",
        TRUST,
        [
            Line("trust", "mean_tie_trust", digits=3),
            Line("posts", "posts_per_100_members", digits=1, from_zero=True),
        ],
    )


@dataclass(frozen=True)
class Line:
    """An outcome drawn over the weeks: on which chart, in which unit."""

    chart: str
    outcome: str
    scale: float = 1.0
    digits: int = 2
    from_zero: bool = False


def _topic(stored: Stored, topic: str, shown: Shown, lines: list[Line]) -> None:
    seen = stored.differences[shown.outcome]
    difference = shown.estimate(seen, stored)
    bounds = shown.bounds(seen, stored)
    blocks.heading(t(f"chart.{topic}.{seen.verdict}", difference=f"{difference} {bounds}"), 3)
    names = list(dict.fromkeys(line.chart for line in lines))
    sold_and_offered = [(t("chart.sold"), True), (t("chart.offered"), False)]
    blocks.legend(MARKETS, sold_and_offered if len(names) < len(lines) else [("", True)])
    for column, name in zip(st.columns(len(names), gap="medium"), names, strict=True):
        with column:
            _chart(stored, name, [line for line in lines if line.chart == name])
    blocks.note(t("chart.caption", n=stored.n_pairs))
    blocks.folded(t("chart.numbers"), _week_table(stored, lines))


def _chart(stored: Stored, name: str, lines: list[Line]) -> None:
    st.html(f'<p class="chart-name">{escape(t(f"chart.{name}.name"))}</p>')
    first = lines[0]
    figure = charts.over_weeks(
        stored.weeks,
        {line.outcome: line is first for line in lines},
        MARKETS,
        t(f"chart.{name}.axis"),
        scale=first.scale,
        from_zero=first.from_zero,
        first_counted=int(stored.document["counted_weeks"]["first"]),
        digits=first.digits,
    )
    alt = t(f"chart.{name}.alt")
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key=f"weeks-{name}")


def _week_table(stored: Stored, lines: list[Line]) -> str:
    columns = [
        (market, line)
        for line in lines
        for market in MARKETS
        if (market, line.outcome) in stored.weeks
    ]
    head = [
        f"{charts.market_label(market)}: {t(f'outcome.{line.outcome}.name')}"
        for market, line in columns
    ]
    n_weeks = max((len(means) for means in stored.weeks.values()), default=0)
    rows = [
        (
            str(week),
            [
                _with_bounds(
                    stored.weeks[market, line.outcome][week].times(line.scale), line.digits
                )
                for market, line in columns
            ],
        )
        for week in range(n_weeks)
    ]
    return blocks.table([t("chart.week"), *head], rows)


def _honesty() -> None:
    found = origins()
    blocks.heading(t("honesty.title"), 2, t("honesty.text", n=found.n))
    counts = [
        (found.calibrated, t("honesty.calibrated")),
        (found.measured, t("honesty.measured")),
        (found.assumed, t("honesty.assumed")),
        (found.waiting, t("honesty.waiting" if found.waiting else "honesty.calibrated_all")),
    ]
    items = "".join(f"<li><b>{n}</b>{escape(text)}</li>" for n, text in counts)
    st.html(f'<ul class="honesty">{items}</ul>')
    link_to("model", t("honesty.link"))


def _with_bounds(mean: Mean, digits: int) -> tuple[str, str]:
    bounds = interval(mean.low, mean.high, digits)
    return number(mean.mean, digits), "" if bounds == NO_NUMBER else bounds
