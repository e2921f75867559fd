"""A comparison or a run as one HTML file that needs nothing else: read, printed, or sent on.

Every number is read from the stored result; decimals and units are those of the app's pages, so
page, CSV and report cannot differ.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.experiments.compare import open_comparison
from sim.experiments.errors import StoreError
from sim.experiments.files import plain_rows, reading
from sim.experiments.store import MANIFEST, open_run, plain_values
from sim.figures.style import PART_COLOURS, style_of
from sim.figures.words import PARTS, number, signed
from sim.measures.sides import side_differences
from sim.measures.summary import counted_weeks
from sim.report.drawing import Line, bars, sample, weeks
from sim.report.html_words import words
from sim.scenario import Scenario
from sim.scenario.values import shown

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES = ("en", "zh")
"""Languages a report can be in."""
_STYLE = (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


class Shown(NamedTuple):
    """How an outcome is written."""

    unit: str
    digits: int
    scale: float = 1.0
    by_week: bool = False


OUTCOMES: Mapping[str, Shown] = {
    "consumer_surplus_fen": Shown("yuan_week", 2, 0.01, True),
    "household_gain_fen": Shown("yuan_week", 2, 0.01, True),
    "household_gain_net_fen": Shown("yuan_week", 2, 0.01, True),
    "mean_quality_sold": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "merchant_profit_fen": Shown("yuan_week", 3, 0.01, True),
    "platform_profit_fen": Shown("yuan_week", 3, 0.01, True),
    "mean_tie_trust": Shown("scale", 3),
}
"""Outcomes in the order shown."""
SIDES: Mapping[str, Shown] = {
    "member_share": Shown("share", 1, 100.0),
    "merchant_share": Shown("share", 1, 100.0),
    "order_share": Shown("share", 1, 100.0),
    "mean_quality_sold": Shown("scale", 3),
    "mean_quality_offered": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "surplus_per_order_fen": Shown("yuan", 2, 0.01),
    "profit_per_member_fen": Shown("yuan_member_week", 3, 0.01),
}
"""Numbers of each side of the hybrid, in the order shown."""
_REWARDING = ("referral", "hybrid")
WEEKLY: Mapping[str, Shown] = {
    "mean_quality_sold": Shown("scale", 3),
    "mean_price_fen": Shown("yuan", 2, 0.01),
    "profit_share": Shown("percent", 1, 100.0),
    "mean_tie_trust": Shown("scale", 3),
    "posts_per_100_members": Shown("posts", 1),
}
"""What is drawn week by week."""


@dataclass(frozen=True)
class Material:
    """What a report is made of."""

    name: str
    values: Mapping[str, Any]
    markets: Sequence[str]
    counted: tuple[int, int]
    n_runs: int
    differences: Sequence[Mapping[str, Any]]
    """Rows of a comparison; empty for a single run."""
    outcomes: "pd.DataFrame"
    """A row a run: market, seed, run_key and outcomes."""
    money: "pd.DataFrame"
    weeks: "pd.DataFrame"
    wanted: int | None = None
    """Pairs wanted, of a comparison that was stopped."""
    sides: Sequence[str] = ()
    """Names of the sides of a market that has two."""
    of_sides: Sequence[Mapping[str, Any]] = ()
    """Rows of numbers of both sides, as `sim.measures.sides.side_differences` gives them."""


def report_html(folder: Path, lang: str = LANGUAGES[0]) -> str:
    """The report of the comparison or run in that folder, as HTML text in that language.

    StoreError where none lies there, or one that is not whole.
    """
    with reading(folder, "run or comparison"):
        found = _of_run(folder) if (folder / MANIFEST).exists() else _of_comparison(folder)
        sections = [_head(found, lang), _outcomes(found, lang), _sides(found, lang)]
        sections += [_money(found, lang)]
        sections += [_weeks(found, lang), _settings(found, lang), _made(found, lang)]
    title = escape(words(lang, "title"))
    return (
        f'<!doctype html><html lang="{"en" if lang == "en" else "zh-CN"}"><head>'
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main>{''.join(sections)}</main></body></html>\n"
    )


def newest_result(root: Path) -> Path:
    """Folder of the newest comparison under `root`; StoreError where there is none."""
    found = [*root.glob("*/compare-*/compare.json"), *root.glob("published/*/compare.json")]
    if not found:
        raise StoreError(f"{root}: no comparison lies here: make one with `sharesim compare`")
    return max(found, key=lambda path: path.stat().st_mtime_ns).parent


def _of_comparison(folder: Path) -> Material:
    from sim.report.overview import tables_of

    comparison = open_comparison(folder)
    document = comparison.document
    counted = document["counted_weeks"]
    overview = tables_of(folder)
    return Material(
        document["scenario"],
        document["values"],
        document["markets"][:2],
        (counted["first"], counted["end"]),
        document["replicates"],
        document["differences"],
        comparison.runs,
        overview["money"],
        overview["weeks"],
        document.get("partial", {}).get("pairs_wanted"),
        *_sides_of(document.get("sides")),
    )


def _of_run(folder: Path) -> Material:
    import pandas as pd

    from sim.measures.money_flow import PAYMENT, where_each_yuan_goes
    from sim.measures.rates import margins_by_week, posts_per_100_members

    run = open_run(folder)
    market, values = run.manifest["market"], run.manifest["values"]
    first, end = counted_weeks(values["run.weeks"], values["run.warm_up_weeks"])
    money = where_each_yuan_goes(run.ledger[run.ledger["week"] >= first], PAYMENT)
    none = {"low": math.nan, "high": math.nan, "n": 1}
    money = money.rename(columns={"of_100": "mean"}).assign(market=market, **none)
    weekly = run.weekly
    for rates in (margins_by_week(weekly, run.ledger), posts_per_100_members(weekly)):
        weekly = weekly.merge(rates, on=["market", "seed", "week"], validate="1:1")
    table = weekly.melt(["market", "week"], list(WEEKLY), "outcome", "mean").assign(**none)
    row = {"market": market, "seed": run.manifest["seed"], "run_key": run.key, **run.outcomes()}
    name, ends = run.manifest["scenario"], run.ends_of_sides()
    sides = None
    if ends:
        names = [side["side"] for side in ends]
        sides = {"names": names, "differences": plain_rows(side_differences([ends]))}
    return Material(
        name,
        values,
        [market],
        (first, end),
        1,
        [],
        pd.DataFrame([row]),
        money,
        table,
        None,
        *_sides_of(sides),
    )


def _sides_of(
    told: Mapping[str, Any] | None,
) -> tuple[Sequence[str], Sequence[Mapping[str, Any]]]:
    """Names of the sides, and their numbers, of what a comparison tells of them."""
    return ((), ()) if told is None else (told["names"], told["differences"])


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
    return _section(words(lang, "outcomes"), _table(head, rows))


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
    return _section(words(lang, "sides"), note + _table(head, rows))


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
        rows.append([_Marked(swatch), *cells])
    labels = [f"{style_of(m).labels[lang]} ({words(lang, 'yuan')})" for m in found.markets]
    table = _table([words(lang, "part"), *labels], rows)
    note = f"<p class=note>{escape(words(lang, 'money.note'))}</p>"
    return _section(words(lang, "money"), f"<figure>{bars(drawn, lowest)}</figure>{table}{note}")


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
    return _section(words(lang, "weeks"), body)


def _settings(found: Material, lang: str) -> str:
    usual = plain_values(Scenario())
    rows = [
        [key, shown(value), shown(usual[key])]
        for key, value in found.values.items()
        if key in usual and value != usual[key]
    ]
    if not rows:
        return _section(words(lang, "settings"), f"<p>{words(lang, 'settings.same')}</p>")
    head = [words(lang, key) for key in ("setting", "value", "usual")]
    note = f"<p class=note>{words(lang, 'settings.note')}</p>"
    return _section(words(lang, "settings"), _table(head, rows) + note)


def _made(found: Material, lang: str) -> str:
    keys = found.outcomes.pivot(index="seed", columns="market", values="run_key")
    markets = [*found.markets, *sorted(set(keys.columns) - set(found.markets))]
    rows = [[str(seed), *(str(row[market]) for market in markets)] for seed, row in keys.iterrows()]
    head = [words(lang, "seed"), *(style_of(market).labels[lang] for market in markets)]
    note = f"<p class=note>{escape(words(lang, 'made.note'))}</p>"
    return _section(words(lang, "made"), note + _table(head, rows))


class _Marked(str):
    """Text that is HTML already."""


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{_cell(row[0])}</th>"
        f"{''.join(f'<td>{_cell(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    inside = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f"<div class=scroll><table>{inside}</table></div>"


def _cell(content: str) -> str:
    return content if isinstance(content, _Marked) else escape(content)


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>"


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
