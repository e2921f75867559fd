"""Saved runs: what differs between them, and how they came out."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from app_parts import blocks, charts, tables
from app_parts.brought import LONGEST_NAME
from app_parts.choices import choose_from_list, choose_one, choose_some
from app_parts.keeping import bring_in, downloads
from app_parts.knobs import name_of, value_text
from app_parts.language import language, t
from app_parts.outcomes import NET, SURPLUS, TILES, Shown
from app_parts.presets import preset_title
from app_parts.saved import (
    LONGEST_NOTE,
    Saved,
    change,
    forget,
    published_as_saved,
    saved_runs,
)
from app_parts.sections import TOPICS
from app_parts.stored import MARKETS, Place, Stored, read_stored
from sim.experiments.errors import StoreError
from sim.parameters import PARAMETERS

MOST = 4
"""Most runs side by side."""
_USUAL = ("quick", "mask-sellers")


@dataclass(frozen=True)
class Entry:
    """A run that can be chosen."""

    key: str
    name: str
    place: Place
    saved: Saved | None = None


def show() -> None:
    """Draw the page."""
    blocks.heading(t("compare.title"), 1, t("compare.text"))
    entries = _entries()
    chosen = _choose(entries)
    runs: list[tuple[Entry, Stored]] = []
    for key in chosen:
        try:
            runs.append((entries[key], read_stored(entries[key].place)))
        except (StoreError, OSError):
            st.warning(t("compare.unreadable"))
    if runs:
        _outcomes(runs)
        _settings(runs)
        _weeks(runs)
    _manage(entries, chosen)


def _entries() -> dict[str, Entry]:
    """Saved runs and published ones by the key that links name them by."""
    found = {run.key: Entry(run.key, run.name or run.key, run.place, run) for run in saved_runs()}
    for name, place in published_as_saved():
        found[name] = Entry(name, t("compare.published", name=preset_title(name)), place)
    return found


def _choose(entries: Mapping[str, Entry]) -> list[str]:
    newest = [key for key, entry in entries.items() if entry.saved][:2]
    chosen = choose_some(
        "runs",
        t("compare.choose"),
        {key: entry.name for key, entry in entries.items()},
        [*newest, *_USUAL],
        MOST,
        t("compare.placeholder"),
    )
    if not chosen:
        blocks.note(t("compare.none"))
    return list(chosen)


def _outcomes(runs: list[tuple[Entry, Stored]]) -> None:
    blocks.heading(t("compare.outcomes"), 2, t("tiles.text"))
    told = {SURPLUS.outcome}.union(*(stored.differences for _, stored in runs))
    shown = {each.outcome: each for each in (SURPLUS, *TILES, NET) if each.outcome in told}
    names = {outcome: t(f"outcome.{outcome}.name") for outcome in shown}
    outcome = choose_one("compare_outcome", t("chart.which"), names, SURPLUS.outcome)
    _forest(runs, shown[outcome])
    head = [t("compare.outcome"), *(entry.name for entry, _ in runs)]
    rows = [
        (f"{names[one.outcome]} ({t(one.unit).strip('（）')})", _row(runs, one))
        for one in shown.values()
    ]
    table = blocks.table(head, rows)
    st.html(blocks.scrolling(t("compare.outcomes"), table))
    blocks.note(t("compare.caption"))


def _row(runs: list[tuple[Entry, Stored]], shown: Shown) -> list[str | tuple[str, str]]:
    cells: list[str | tuple[str, str]] = []
    for _, stored in runs:
        seen = stored.differences.get(shown.outcome)
        if seen is None:
            cells.append("–")
            continue
        verdict = t(f"tiles.{seen.verdict}")
        cells.append((shown.estimate(seen, stored), f"{shown.bounds(seen, stored)} {verdict}"))
    return cells


def _forest(runs: list[tuple[Entry, Stored]], shown: Shown) -> None:
    """The difference in each run with its interval, on one axis."""
    points, pairs = [], []
    for entry, stored in runs:
        seen = stored.differences.get(shown.outcome)
        if seen is None:
            continue
        scale = shown.scale(stored)
        low, high = (None if bound is None else bound * scale for bound in (seen.low, seen.high))
        points.append(charts.Point(entry.name, seen.estimate * scale, low, high, seen.verdict))
        pairs.append(str(seen.n))
    axis = f"{t('chart.gap')} ({t(shown.unit).strip('（）')})"
    figure = charts.forest(points, axis)
    st.plotly_chart(figure, config=charts.CONFIG, alt=t("compare.forest_alt"), key="forest")
    blocks.note(t("compare.forest_caption", n=", ".join(pairs)))


def _settings(runs: list[tuple[Entry, Stored]]) -> None:
    blocks.heading(t("compare.settings"))
    different = [
        key
        for key in PARAMETERS
        if len({str(stored.values.get(key, PARAMETERS[key].default)) for _, stored in runs}) > 1
    ]
    if not different:
        blocks.note(t("compare.same"))
        return
    head = [t("compare.setting"), *(entry.name for entry, _ in runs)]
    rows = [
        (
            name_of(key),
            [
                value_text(key, stored.values.get(key, PARAMETERS[key].default))
                for _, stored in runs
            ],
        )
        for key in different
    ]
    st.html(blocks.scrolling(t("compare.settings"), blocks.table(head, rows)))


def _weeks(runs: list[tuple[Entry, Stored]]) -> None:
    blocks.heading(t("chart.title"))
    options = {name: t(f"chart.{name}.name") for name in TOPICS}
    topic_name = choose_one("compare_weekly", t("chart.which"), options, "quality")
    topic = TOPICS[topic_name]
    names = [entry.name for entry, _ in runs]
    lines = [
        {market: stored.weeks.get((market, topic.outcome), ()) for market in MARKETS}
        for _, stored in runs
    ]
    figure = charts.overlay(names, lines, MARKETS, t(f"chart.{topic_name}.axis"), topic.scale)
    alt = t("compare.overlay_alt", name=options[topic_name])
    st.plotly_chart(figure, config=charts.CONFIG, alt=alt, key="overlay")
    blocks.note(t("compare.overlay_caption", n=", ".join(str(s.n_pairs) for _, s in runs)))
    head = [t("chart.week")]
    columns = []
    for name, line in zip(names, lines, strict=True):
        for market in MARKETS:
            head.append(f"{name}: {charts.market_label(market)}")
            columns.append([mean.times(topic.scale) for mean in line[market]])
    longest = max(map(len, columns), default=0)
    rows = [
        (
            str(week),
            [f"{c[week].mean:,.{topic.digits}f}" if week < len(c) else "–" for c in columns],
        )
        for week in range(longest)
    ]
    tables.numbers("weeks", head, rows)


def _manage(entries: Mapping[str, Entry], chosen: list[str]) -> None:
    blocks.heading(t("compare.manage"))
    if entries:
        names = {key: entry.name for key, entry in entries.items()}
        key = choose_from_list("compare_one", t("compare.one"), names, next(iter(chosen or names)))
        entry = entries[key]
        downloads(entry.place, entry.name, entry.saved.note if entry.saved else "")
        if entry.saved is not None:
            _change(entry.saved)
    bring_in()


def _change(run: Saved) -> None:
    with st.form(f"change {run.key} {language()}", border=False):
        left, right = st.columns([2, 3])
        with left:
            name = st.text_input(t("save.name"), run.name, max_chars=LONGEST_NAME)
        with right:
            note = st.text_input(t("save.note"), run.note, max_chars=LONGEST_NOTE)
        with st.container(horizontal=True):
            kept = st.form_submit_button(t("compare.keep"))
            gone = st.form_submit_button(t("compare.forget"))
    if kept:
        change(run, name, note)
        st.rerun()
    if gone:
        forget(run)
        st.rerun()
