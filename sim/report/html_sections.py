"""Sections of an HTML report, each from the same material, in English or Chinese."""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from sim.experiments.store import plain_values
from sim.figures.style import PART_COLOURS, style_of
from sim.figures.words import PARTS, number, signed
from sim.report.drawing import Line, bars, sample, weeks
from sim.report.html_blocks import Marked, section, table
from sim.report.html_material import Material
from sim.report.html_outcomes import OUTCOMES, SIDES, WEEKLY, Shown
from sim.report.html_words import LANGUAGES, words
from sim.scenario import Scenario
from sim.scenario.values import shown

#: Markets in which rewards are paid.
_REWARDING = ("referral", "hybrid")


def _head(found: Material, lang: str) -> str:
    values, counted = found.values, found.counted[1] - found.counted[0]
    if found.differences:
        said = _sentence(found, lang)
    else:
        label = style_of(found.markets[0]).names[lang]
        said = words(lang, "run", market=label, seed=found.outcomes["seed"].iloc[0])
    about = words(
        lang,
        "about",
        name=found.name,
        people=number(values["population.n_consumers"], 0),
        weeks=values["run.weeks"],
        counted=counted,
        n=found.n_runs,
    )
    notes = [about]
    if found.wanted is not None and found.wanted > found.n_runs:
        notes.append(words(lang, "partial", n=found.n_runs, wanted=found.wanted))
    lines = "".join(f"<p class=note>{escape(note)}</p>" for note in notes)
    title = escape(words(lang, "title"))
    return f"<header><h1>{title}</h1><p class=answer>{escape(said)}</p>{lines}</header>"


def _sentence(found: Material, lang: str) -> str:
    outcome = "consumer_surplus_fen"
    row = next(row for row in found.differences if row["outcome"] == outcome)
    by_seed = found.outcomes.pivot(index="seed", columns="market", values=outcome).dropna()
    first, second = found.markets
    scale = _scale(OUTCOMES[outcome], found)
    rate = number(100 * found.values["referral.reward_rate"], 2).rstrip("0").rstrip(".")
    rewards = any(market in _REWARDING for market in found.markets)
    said = words(
        lang,
        _verdict(row),
        reward=words(lang, "reward", rate=rate) if rewards else "",
        first=style_of(first).names[lang],
        second=style_of(second).names[lang],
        difference=signed(row["estimate"] * scale, 2),
        interval=_interval(row, scale, 2),
        k=int((by_seed[first] > by_seed[second]).sum()),
        n=row["n"],
    )
    return said[0].upper() + said[1:]


def _outcomes(found: Material, lang: str) -> str:
    labels = [style_of(market).labels[lang] for market in found.markets]
    rows = []
    pair = dict(zip(("first", "second"), (style_of(m).names[lang] for m in found.markets)))
    by_name = {row["outcome"]: row for row in found.differences}
    for outcome, how in OUTCOMES.items():
        scale = _scale(how, found)
        name = f"{words(lang, outcome)} ({words(lang, how.unit)})"
        if not found.differences:
            rows.append([name, number(found.outcomes[outcome].iloc[0] * scale, how.digits)])
            continue
        row = by_name.get(outcome)
        if row is None or row["estimate"] is None:
            continue
        rows.append(
            [
                name,
                number(row["first_mean"] * scale, how.digits),
                number(row["second_mean"] * scale, how.digits),
                signed(row["estimate"] * scale, how.digits),
                _interval(row, scale, how.digits),
                str(row["n"]),
                words(lang, f"v.{_verdict(row)}", **pair),
            ]
        )
    head = [words(lang, "outcome"), *labels]
    if found.differences:
        head += [words(lang, key) for key in ("difference", "interval", "pairs", "verdict")]
    return section(words(lang, "outcomes"), table(head, rows))


def _sides(found: Material, lang: str) -> str:
    """What each side of the hybrid came to; nothing where no market has two sides."""
    if not found.sides:
        return ""
    rows = []
    by_name = {row["outcome"]: row for row in found.of_sides}
    for name, how in SIDES.items():
        row, scale = by_name[name], how.scale
        cells = [_mean_of(row[part], scale, how.digits) for part in ("first_mean", "second_mean")]
        if found.differences:
            cells += [
                _mean_of(row["estimate"], scale, how.digits, signed),
                _interval(row, scale, how.digits),
                str(row["n"]),
            ]
        rows.append([f"{words(lang, name)} ({words(lang, how.unit)})", *cells])
    head = [words(lang, "outcome"), *(style_of(side).labels[lang] for side in found.sides)]
    if found.differences:
        head += [words(lang, key) for key in ("difference", "interval", "pairs")]
    note = f"<p class=note>{escape(words(lang, 'sides.note'))}</p>"
    return section(words(lang, "sides"), note + table(head, rows))


def _mean_of(
    value: float | None, scale: float, digits: int, how: Callable[[float, int], str] = number
) -> str:
    return "–" if value is None else how(value * scale, digits)


def _money(found: Material, lang: str) -> str:
    parts = [part for part in PARTS if (found.money["part"] == part).any()]
    means = found.money.set_index(["market", "part"])
    amounts = {key: float(amount) for key, amount in means["mean"].items()}
    drawn, lowest = [], 0.0
    for market in found.markets:
        of_market = [
            (_part(part, lang), amounts[market, part], PART_COLOURS[part])
            for part in parts
            if (market, part) in amounts
        ]
        drawn.append((style_of(market).labels[lang], of_market))
        lowest = min(lowest, sum(amount for _, amount, _ in of_market if amount < 0))
    rows = []
    for part in parts:
        swatch = f'<i style="background:{PART_COLOURS[part]}"></i>{escape(_part(part, lang))}'
        cells = []
        for market in found.markets:
            row = means.loc[(market, part)] if (market, part) in means.index else None
            cells.append("–" if row is None else _mean(row))
        rows.append([Marked(swatch), *cells])
    labels = [f"{style_of(m).labels[lang]} ({words(lang, 'yuan')})" for m in found.markets]
    told = table([words(lang, "part"), *labels], rows)
    note = f"<p class=note>{escape(words(lang, 'money.note'))}</p>"
    return section(words(lang, "money"), f"<figure>{bars(drawn, lowest)}</figure>{told}{note}")


def _weeks(found: Material, lang: str) -> str:
    pictures = []
    for outcome, how in WEEKLY.items():
        lines = []
        for market in found.markets:
            rows = found.weeks[
                (found.weeks["market"] == market) & (found.weeks["outcome"] == outcome)
            ].sort_values("week")
            style = style_of(market)
            middle, low, high = (
                [value * how.scale for value in rows[name]] for name in ("mean", "low", "high")
            )
            lines.append(Line(style.labels[lang], style.colour, style.dash, middle, low, high))
        title = f"{words(lang, outcome)} ({words(lang, how.unit)})"
        drawing = weeks(lines, title, words(lang, "week"), found.counted[0])
        if drawing:
            caption = f"<figcaption>{escape(title)}</figcaption>"
            pictures.append(f"<figure>{caption}{drawing}</figure>")
    looks = [style_of(market) for market in found.markets]
    key = "".join(
        f"<span>{sample(look.colour, look.dash)}{escape(look.labels[lang])}</span>"
        for look in looks
    )
    note = f"<p class=note>{escape(words(lang, 'weeks.note', n=found.n_runs))}</p>"
    body = f"<p class=key>{key}</p><div class=grid>{''.join(pictures)}</div>{note}"
    return section(words(lang, "weeks"), body)


def _settings(found: Material, lang: str) -> str:
    usual = plain_values(Scenario())
    rows = [
        [key, shown(value), shown(usual[key])]
        for key, value in found.values.items()
        if key in usual and value != usual[key]
    ]
    if not rows:
        return section(words(lang, "settings"), f"<p>{words(lang, 'settings.same')}</p>")
    head = [words(lang, key) for key in ("setting", "value", "usual")]
    note = f"<p class=note>{words(lang, 'settings.note')}</p>"
    return section(words(lang, "settings"), table(head, rows) + note)


def _made(found: Material, lang: str) -> str:
    keys = found.outcomes.pivot(index="seed", columns="market", values="run_key")
    markets = [*found.markets, *sorted(set(keys.columns) - set(found.markets))]
    rows = [[str(seed), *(str(row[market]) for market in markets)] for seed, row in keys.iterrows()]
    head = [words(lang, "seed"), *(style_of(market).labels[lang] for market in markets)]
    note = f"<p class=note>{escape(words(lang, 'made.note'))}</p>"
    return section(words(lang, "made"), note + table(head, rows))


def _part(part: str, lang: str) -> str:
    return PARTS[part][LANGUAGES.index(lang)]


def _mean(row: Any) -> str:
    text = number(row["mean"], 2)
    if math.isnan(row["low"]):
        return text
    return f"{text} [{number(row['low'], 2)}, {number(row['high'], 2)}]"


def _scale(how: Shown, found: Material) -> float:
    return how.scale / (found.counted[1] - found.counted[0] if how.by_week else 1)


def _interval(row: Mapping[str, Any], scale: float, digits: int) -> str:
    if row["low"] is None or row["high"] is None:
        return "–"
    return f"[{signed(row['low'] * scale, digits)}, {signed(row['high'] * scale, digits)}]"


def _verdict(row: Mapping[str, Any]) -> str:
    if row["low"] is None or row["high"] is None:
        return "single"
    return "more" if row["low"] > 0 else "less" if row["high"] < 0 else "unclear"


SECTIONS: Sequence[Callable[[Material, str], str]] = (
    _head,
    _outcomes,
    _sides,
    _money,
    _weeks,
    _settings,
    _made,
)
"""Every section of a report, in order; one that has nothing to tell gives no text."""
