"""Writes benchmarks/README.md, and the tables of docs/scale.md, from the numbers that are kept.

.venv/bin/sharesim bench --large --json > benchmarks/bench.json
.venv/bin/python benchmarks/independent_cascade.py --json benchmarks/independent_cascade.json
.venv/bin/python benchmarks/finite_size.py --large
.venv/bin/python benchmarks/write_pages.py
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.report.bench_text import machine_line

HERE = Path(__file__).parent
SCALE = HERE.parent / "docs" / "scale.md"
OUTCOMES = {
    "consumer_surplus_fen": ("consumer surplus, yuan", 100),
    "household_gain_fen": ("surplus and sharers' income, yuan", 100),
    "merchant_profit_fen": ("merchants' profit, yuan", 100),
    "quality_sold_minus_offered": ("quality sold less offered", 1),
    "mean_tie_trust": ("trust in ties", 1),
    "useless_read_share": ("share of useless reads", 1),
}


def numbers(name: str) -> Any:
    """The kept numbers of one benchmark, None where it was not run."""
    file = HERE / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else None


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """A table in Markdown."""
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*lines, *(f"| {' | '.join(row)} |" for row in rows), ""]


def bar_rows(bars: Sequence[Any]) -> list[list[str]]:
    """Bars, what was measured, and whether they are met."""
    rows = []
    for bar in bars:
        asked = "reported" if bar["bar"] is None else f"{bar['sense']} {bar['bar']:g}"
        aim = "" if bar["aim"] is None else f"{bar['aim']:g}"
        verdict = {None: "", True: "met", False: "**missed**"}[bar["met"]]
        rows.append(
            [bar["what"], f"{bar['measured']:,.3g} {bar['unit']}".rstrip(), asked, aim, verdict]
        )
    return rows


BAR_HEAD = ("what", "measured", "bar", "aim", "")


def size_rows(bench: Any) -> list[list[str]]:
    """One row a size, market and number of threads."""
    rows = []
    for size in (*bench["sizes"], *bench["mesa"]):
        for market, found in size["markets"].items():
            for threads, told in found["threads"].items():
                against = told.get("against_bare")
                rows.append(
                    [
                        size["engine"],
                        f"{size['n_consumers']:,}",
                        f"{size['mean_degree']:g}",
                        market,
                        threads,
                        f"{told['week_seconds']:.3g}",
                        f"{told['consumer_weeks_per_second']:,.0f}",
                        "" if against is None else f"{against:.2f}",
                        f"{size['build']['seconds']:.3g}",
                        f"{size['peak_bytes'] / 1e9:.2f}",
                    ]
                )
    return rows


SIZE_HEAD = (
    "engine",
    "consumers",
    "ties a head",
    "market",
    "threads",
    "seconds a week",
    "consumer-weeks a second",
    "times the bare work",
    "seconds to build",
    "peak GB",
)


def stage_rows(bench: Any) -> list[list[str]]:
    """The profile: the share of each stage in a week, on one thread."""
    rows = []
    for size in bench["sizes"]:
        for market, found in size["markets"].items():
            stages = found["threads"]["1"]["stages_seconds"]
            total = sum(stages.values())
            shares = [f"{100 * seconds / total:.0f} %" for seconds in stages.values()]
            rows.append([f"{size['n_consumers']:,} × {size['mean_degree']:g}, {market}", *shares])
    return rows


def readme() -> str:
    """The page of results."""
    bench, cascade = numbers("bench"), numbers("independent_cascade")
    made = "Written by `benchmarks/write_pages.py`; `make bench` does all of it:"
    lines = ["# Measured speed", "", made, ""]
    commands = (__doc__ or "").strip().split("\n\n", 1)[1]
    lines += ["```", *(line.strip() for line in commands.splitlines()), "```", ""]
    if bench:
        head = list(bench["sizes"][0]["markets"]["ads"]["threads"]["1"]["stages_seconds"])
        lines += ["## `sharesim bench`", "", f"On {machine_line(bench['machine'])}.", ""]
        lines += [
            "Medians of whole weeks, all stages, after "
            f"{bench['steady_after_weeks']} weeks; threads take turns on one model. The bare work, "
            "done behind each timed week, is one pass over all ties (read an index, look up a bit) "
            "and one loop that draws as many keyed Gumbel shocks as the week weighed options, on "
            "the same network and "
            "threads. Each size has a process of its own.",
            "",
        ]
        lines += table(BAR_HEAD, bar_rows(bench["bars"]))
        lines += ["The scenario is as demanding as it is meant to be (for each consumer and week, "
                  "or choice):", ""]  # fmt: skip
        lines += table(BAR_HEAD, bar_rows(bench["demands"]))
        lines += table(SIZE_HEAD, size_rows(bench))
        lines += ["Where a week goes, one thread:", "", *table(("", *head), stage_rows(bench))]
    # What `sharesim bench` told on other machines is kept beside it, as bench_NAME.json.
    for file in sorted(HERE.glob("bench_*.json")):
        other = json.loads(file.read_text())
        lines += [f"Another time, on {machine_line(other['machine'])}:", ""]
        lines += table(BAR_HEAD, bar_rows(other["bars"]))
    if cascade:
        lines += ["## The independent-cascade limit", ""]
        lines += [f"On {machine_line(cascade['machine'])}.", ""]
        lines += [
            f"One random graph of {cascade['n_people']:,} people and {cascade['n_ties']:,} ties, "
            f"chance {cascade['chance']:g} on each. Like the other programs, the limit by itself "
            "(`sim.engines.cascade`) knows nothing but cascades; it finds the very adopters that "
            "whole weeks of the market find in that limit.",
            "",
        ]
        lines += table(BAR_HEAD, bar_rows(cascade["bars"]))
        lines += table(
            ("", "adopters", "ties tried", "seconds", "ties a second"),
            [
                [
                    name,
                    f"{found['adopters']:,.0f}",
                    f"{found['ties_tried']:,.0f}",
                    f"{found['seconds']:.3g}",
                    f"{found['ties_per_second']:,.0f}",
                ]
                for name, found in cascade["found"].items()
            ],
        )
    return "\n".join(lines)


def cost_table() -> list[str]:
    """Cost against size, for docs/scale.md."""
    bench = numbers("bench")
    if not bench:
        return []
    rows = []
    for size in bench["sizes"]:
        weeks = [found["threads"]["2"]["week_seconds"] for found in size["markets"].values()]
        rows.append(
            [
                f"{size['n_consumers']:,}",
                f"{size['mean_degree']:g}",
                f"{size['n_ties']:,}",
                *(f"{week:.3g}" for week in weeks),
                f"{1e6 * max(weeks) / size['n_consumers']:.2f}",
                f"{size['build']['seconds']:.3g}",
                f"{size['peak_bytes'] / 1e9:.2f}",
                f"{size['peak_bytes'] / size['n_consumers']:,.0f}",
            ]
        )
    head = (
        "consumers",
        "ties a head",
        "ties",
        "referral week, s",
        "ads week, s",
        "µs a consumer-week",
        "building, s",
        "peak GB",
        "bytes a head",
    )
    return [f"On {machine_line(bench['machine'])}; two threads.", "", *table(head, rows)]


def finite_table() -> list[str]:
    """The finite-size study, for docs/scale.md."""
    study = numbers("finite_size")
    if not study:
        return []
    about = "Consumer surplus a head, and its spread, against the number of people"
    lines = [f"![{about}](pictures/finite_size.png)", ""]
    lines += [f"On {machine_line(study['machine'])}.", ""]
    for weeks in sorted({row["weeks"] for row in study["rows"]}):
        rows = []
        for name, (words, per) in OUTCOMES.items():
            for row in study["rows"]:
                if (row["weeks"], row["outcome"]) != (weeks, name):
                    continue
                rows.append(
                    [
                        words,
                        f"{row['n']:,}",
                        f"{row['pairs']}",
                        *(
                            _figure(row[key], per)
                            for key in ("referral_mean", "referral_sd", "ads_mean", "ads_sd")
                        ),
                        _figure(row["difference"], per),
                        f"{_figure(row['low'], per)} to {_figure(row['high'], per)}"
                        if row["low"] is not None
                        else "",
                        _figure(row["difference_sd"], per),
                    ]
                )
        lines += [f"After {weeks} weeks:", ""]
        head = ("outcome", "people", "pairs", "referral", "sd", "ads", "sd")
        lines += table((*head, "referral less ads", "95 %", "sd of a pair"), rows)
    lines += ["From which size on the difference stays as it is in the largest world:", ""]
    lines += table(
        (
            "outcome",
            "weeks",
            "largest",
            "its sign from",
            "its size from",
            "spread grows as people to the",
        ),
        [
            [
                OUTCOMES[each["outcome"]][0],
                str(each["weeks"]),
                f"{each['largest']:,}",
                f"{each['sign_from']:,}",
                f"{each['size_from']:,}",
                "" if each["spread_exponent"] is None else f"{each['spread_exponent']:.2f}",
            ]
            for each in study["settled"]
        ],
    )
    return lines


def _figure(value: float | None, per: int) -> str:
    return "" if value is None else f"{value / per:.4g}"


def put(page: str, name: str, lines: list[str]) -> str:
    """The page with those lines between its marks of that name."""
    begin, end = f"<!-- {name}: made by benchmarks/write_pages.py -->", f"<!-- end of {name} -->"
    pattern = re.compile(re.escape(begin) + ".*?" + re.escape(end), re.DOTALL)
    text = "\n".join([begin, "", *lines]) + end
    return pattern.sub(lambda _: text, page)


if __name__ == "__main__":
    (HERE / "README.md").write_text(readme().rstrip() + "\n")
    page = SCALE.read_text()
    for name, lines in (("cost", cost_table()), ("finite size", finite_table())):
        page = put(page, name, lines)
    SCALE.write_text(page)
