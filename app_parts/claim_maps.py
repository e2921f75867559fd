"""Maps of where a claim holds: every cell with its effect, coloured by what it says."""

from collections.abc import Mapping
from html import escape
from typing import Any

from app_parts import blocks, tables
from app_parts.claim_words import VERDICTS, amount, bounds, words
from app_parts.language import language, t
from app_parts.numbers import plain
from sim.report.claim_maps import cell_words, laid_out


def map_tables(claim: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Every map of a claim as a table; nothing where it has none."""
    maps = claim.get("maps", ())
    if not maps:
        return ""
    n = int(document["map_replicates"])
    note = t("claims.map_note", n=n)
    told = "".join(_table(each, n) for each in maps)
    return f'<p class="table-name">{escape(t("claims.maps"))}</p>{told}<p class="note">{note}</p>'


def map_rows(document: Mapping[str, Any]) -> list[tables.Row]:
    """Every cell of every map of a board, to be taken along."""
    return [
        (
            str(claim["claim"]),
            [
                words(one["outcome"]),
                words(one["unit"]),
                cell_words(one, cell),
                (amount(cell["estimate"]), bounds(cell)),
                t(f"claims.{cell['verdict']}"),
                str(cell["n"]),
            ],
        )
        for claim in document["claims"]
        for one in map(_in_words, claim.get("maps", ()))
        for cell in one["cells"]
    ]


MAP_COLUMNS = ("claim", "outcome", "unit", "where", "effect", "verdict", "n")
"""What `map_rows` tells of a cell."""


def _table(asked: Mapping[str, Any], n: int) -> str:
    kind = "claims.map_least" if asked["at_least"] else "claims.map_most"
    name = t(
        kind,
        outcome=words(asked["outcome"]),
        over=words(asked["over"]),
        unit=words(asked["unit"]),
        bound=plain(float(asked["smallest_effect"]), 3),
    )
    laid = laid_out(_in_words(asked))
    down = "".join(f'<th scope="col" rowspan="2">{escape(axis)}</th>' for axis in laid.down)
    across = f'<th scope="colgroup" colspan="{len(laid.columns)}">{escape(laid.across)}</th>'
    columns = "".join(f'<th scope="col">{escape(column)}</th>' for column in laid.columns)
    body = "".join(
        "<tr>"
        + "".join(f'<th scope="row">{escape(step)}</th>' for step in steps)
        + "".join(_cell(cell, n) for cell in cells)
        + "</tr>"
        for steps, cells in laid.rows
    )
    head = f"<thead><tr>{down}{across}</tr><tr>{columns}</tr></thead>"
    table = f'<table class="map">{head}<tbody>{body}</tbody></table>'
    return f"<p>{escape(name)}</p>{blocks.scrolling(name, table)}"


def _in_words(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The map with its axes in the language of the visit."""
    axes = [
        {"name": words(axis["name"]), "steps": [_step(step) for step in axis["steps"]]}
        for axis in asked["axes"]
    ]
    return {**asked, "axes": axes}


def _step(text: str) -> str:
    """What is set at a step; numbers are the same in both languages but for the space before %."""
    told = words(text)
    return told.replace(" %", "%") if language() == "zh" else told


def _cell(cell: Mapping[str, Any], n: int) -> str:
    verdict = str(cell["verdict"])
    reach = bounds(cell) if cell["n"] == n else f"{bounds(cell)} n = {cell['n']}"
    told = f'{escape(amount(cell["estimate"]))} <span class="bounds">{escape(reach)}</span>'
    if verdict not in VERDICTS:
        return f"<td>{told}</td>"
    colour, mark = VERDICTS[verdict]
    says = escape(t(f"claims.{verdict}"))
    sign = f'<b title="{says}" aria-label="{says}">{mark}</b>'
    return f'<td class="judged" style="--verdict:{colour}">{sign} {told}</td>'
