"""The claims board: each claim of the article with its verdict, effect, conditions and doubts."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from app_parts import blocks, tables
from app_parts.analyses import Stored
from app_parts.claim_maps import MAP_COLUMNS, map_rows, map_tables
from app_parts.claim_words import VERDICTS, amount, bounds, words
from app_parts.knobs import name_of, value_text
from app_parts.language import has_text, t
from app_parts.numbers import NO_NUMBER, number, plain
from app_parts.presets import preset_title

_COLUMNS = ("claim", "verdict", "outcome", "unit", "effect", "n")


def claims_board(stored: Stored) -> None:
    """Draw the board of that document of `sharesim claims`."""
    document = stored.document
    st.html(
        f'<ul class="claims">{"".join(_card(claim, document) for claim in document["claims"])}</ul>'
    )
    tables.numbers("claims", [t(f"claims.{column}") for column in _COLUMNS], _rows(document))
    if mapped := map_rows(document):
        head = [t(f"claims.{column}") for column in MAP_COLUMNS]
        tables.take_along("maps", head, mapped, "claims.maps_csv")
    values = document["values"]
    blocks.note(
        t(
            "claims.caption",
            name=preset_title(document["scenario"]),
            people=number(float(values["population.n_consumers"]), 0),
            weeks=values["run.weeks"],
            level=plain(100.0 * float(document["level"]), 4),
            n=sum(part["role"] != "told" for each in document["claims"] for part in each["parts"]),
        )
    )
    if not stored.published:
        blocks.note(t("answer.own"))


def _rows(document: Mapping[str, Any]) -> list[tables.Row]:
    """The board as a table: the number on each card, and what was said of it."""
    return [
        (
            f"{claim['claim']} {_says(str(claim['claim']))}",
            [
                t(f"claims.{claim['verdict']}"),
                words(claim["outcome"]),
                words(claim["unit"]),
                (amount(claim.get("estimate")), bounds(claim)),
                str(claim.get("n", 0)),
            ],
        )
        for claim in document["claims"]
    ]


def _card(claim: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    verdict = str(claim["verdict"])
    colour, mark = VERDICTS.get(verdict, VERDICTS["undecided"])
    name = str(claim["claim"])
    effect = ""
    if claim.get("estimate") is not None:
        effect = (
            f'<p class="effect">{_effect(claim)}</p>'
            f"{_strip(claim, colour)}"
            f'<p class="note">{escape(_measure(claim))}</p>'
        )
    assumed = claim.get("assumed_not_found")
    warning = f'<p class="assumed">{escape(t("claims.assumed"))}</p>' if assumed else ""
    return (
        f'<li id="{escape(name)}"><p class="verdict-chip" style="--verdict:{colour}">'
        f'<span aria-hidden="true">{mark}</span>{escape(t(f"claims.{verdict}"))}</p>'
        f"<h3>{escape(name)} {escape(_says(name))}</h3>{effect}{warning}"
        f"<details><summary>{escape(t('claims.more'))}</summary>"
        f"{_conditions(claim, document)}</details></li>"
    )


def _says(name: str) -> str:
    key = f"claims.{name}"
    return t(key) if has_text(key) else ""


def _effect(claim: Mapping[str, Any]) -> str:
    return escape(f"{amount(claim['estimate'])} {bounds(claim)}")


def _measure(claim: Mapping[str, Any]) -> str:
    kind = "claims.matters" if claim.get("at_least", True) else "claims.matters_less"
    if claim.get("kind") == "threshold":
        kind = "claims.threshold"
    return t(
        kind,
        outcome=words(claim["outcome"]),
        unit=words(claim["unit"]),
        least=plain(float(claim.get("smallest_effect") or 0.0), 3),
        n=claim.get("n", 0),
    )


def _conditions(claim: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    parts = []
    if claim.get("needs"):
        parts.append(f"<p>{escape(t('claims.needs'))} {escape(words(claim['needs']))}</p>")
    net = claim.get("net_of_screening")
    if net and net.get("estimate") is not None:
        told = t(
            "claims.net",
            estimate=amount(net["estimate"]),
            interval=bounds(net),
            verdict=t(f"claims.{net['verdict']}"),
        )
        parts.append(f"<p>{escape(told)}</p>")
    parts += _rows_of(
        "claims.neutralised",
        [
            (
                words(each["assumption"]),
                [
                    words(part["outcome"]),
                    (amount(part["estimate"]), bounds(part)),
                    t(f"claims.{part['verdict']}")
                    + (t(f"claims.lost_{part['lost']}") if part["lost"] else ""),
                ],
            )
            for each in claim.get("neutralised", ())
            for part in each.get("parts", ())
            if part["role"] == "main" or part["lost"]
        ],
        ("assumption", "outcome", "effect", "verdict"),
    )
    parts += _rows_of(
        "claims.decisive",
        [
            (
                name_of(str(each["parameter"])),
                [
                    _at_end(each, "low"),
                    _at_end(each, "high"),
                    " – ".join(_turning(each)) or NO_NUMBER,
                ],
            )
            for each in claim.get("decisive", ())
        ],
        ("parameter", "at_low", "at_high", "between"),
    )
    if claim.get("decisive") and document.get("screening"):
        parts.append(f'<p class="note">{escape(_decisive_world(document))}</p>')
    parts.append(map_tables(claim, document))
    others = [part for part in claim.get("parts", ()) if part.get("estimate") is not None]
    parts += _rows_of(
        "claims.parts",
        [
            (
                words(part["outcome"]),
                [
                    (amount(part["estimate"]), bounds(part)),
                    words(part["unit"]),
                    _verdict_of(part),
                ],
            )
            for part in others
        ],
        ("outcome", "effect", "unit", "verdict"),
    )
    if claim.get("against"):
        parts.append(f"<p>{escape(t('claims.against'))} {escape(words(claim['against']))}</p>")
    return "".join(parts)


def _decisive_world(document: Mapping[str, Any]) -> str:
    """Of which world the table of what an effect hangs on is, beside that of the card."""
    screening, values = document["screening"], document["values"]
    return t(
        "claims.decisive_world",
        people=number(screening["n_consumers"], 0),
        weeks=screening["weeks"],
        n=screening["replicates"],
        card_people=number(values["population.n_consumers"], 0),
        card_weeks=values["run.weeks"],
    )


def _at_end(moved: Mapping[str, Any], end: str) -> str:
    """The value of a parameter at that end, and the effect there."""
    value = value_text(str(moved["parameter"]), moved[f"{end}_value"])
    return f"{value}: {amount(moved[f'estimate_at_{end}'])}"


def _turning(moved: Mapping[str, Any]) -> list[str]:
    """The two values between which the effect turns, the lower first."""
    bounds = moved.get("flips_between") or ()
    if all(isinstance(bound, int | float) for bound in bounds):
        bounds = sorted(bounds)
    return [value_text(str(moved["parameter"]), bound) for bound in bounds]


def _verdict_of(part: Mapping[str, Any]) -> str:
    """The verdict on a part; one that is only told has none in that of the claim."""
    key = f"claims.{'told' if part.get('role') == 'told' else part['verdict']}"
    return t(key) if has_text(key) else ""


def _rows_of(
    title: str, rows: Sequence[tuple[str, Sequence[str | tuple[str, str]]]], columns: Sequence[str]
) -> list[str]:
    if not rows:
        return []
    head = [t(f"claims.{column}") for column in columns]
    return [
        f'<p class="table-name">{escape(t(title))}</p>',
        blocks.scrolling(t(title), blocks.table(head, rows)),
    ]


def _strip(claim: Mapping[str, Any], colour: str) -> str:
    """The effect, its interval, and the smallest effect that matters, on one line from zero."""
    low, high = claim.get("low"), claim.get("high")
    if low is None or high is None:
        return ""
    least = float(claim.get("smallest_effect") or 0.0)
    far = 1.2 * max(abs(float(low)), abs(float(high)), abs(least)) or 1.0
    at = {
        name: 50 + 50 * float(value) / far
        for name, value in (("low", low), ("mid", claim["estimate"]), ("high", high), ("m", least))
    }
    return (
        '<div class="strip" aria-hidden="true"><span class="zero"></span>'
        f'<span class="least" style="left:{at["m"]:.2f}%"></span>'
        f'<span class="reach" style="left:{at["low"]:.2f}%;width:{at["high"] - at["low"]:.2f}%;'
        f'background:{colour}"></span>'
        f'<span class="mean" style="left:{at["mid"]:.2f}%;background:{colour}"></span></div>'
    )
