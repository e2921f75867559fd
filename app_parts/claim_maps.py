"""Maps of where a claim holds: every cell with its effect, coloured by what it says."""

from collections.abc import Mapping
from html import escape
from typing import Any

from app_parts import blocks, tables
from app_parts.claim_words import VERDICTS, amount, bounds, words
from app_parts.language import t
from app_parts.numbers import plain
from sim.report.claim_maps import laid_out


def map_tables(claim: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Every map of a claim as a table; nothing where it has none."""
    maps = claim.get("maps", ())
    if not maps:
        return ""
    note = t("claims.map_note", n=document["map_replicates"])
    told = "".join(map(_table, maps))
    return f'<p class="table-name">{escape(t("claims.maps"))}</p>{told}<p class="note">{note}</p>'


def map_rows(document: Mapping[str, Any]) -> list[tables.Row]:
    """Every cell of every map of a board, to be taken along."""
    return [
        (
            str(claim["claim"]),
            [
                words(one["outcome"]),
                words(one["unit"]),
                "; ".join(
                    f"{words(axis['name'])}: {words(axis['steps'][place])}"
                    for axis, place in zip(one["axes"], cell["at"], strict=True)
                ),
                (amount(cell["estimate"]), bounds(cell)),
                t(f"claims.{cell['verdict']}"),
                str(cell["n"]),
            ],
        )
        for claim in document["claims"]
        for one in claim.get("maps", ())
        for cell in one["cells"]
    ]


MAP_COLUMNS = ("claim", "outcome", "unit", "where", "effect", "verdict", "n")
"""What `map_rows` tells of a cell."""


def _table(asked: Mapping[str, Any]) -> str:
    kind = "claims.map_least" if asked["at_least"] else "claims.map_most"
    name = t(
        kind,
        outcome=words(asked["outcome"]),
        over=words(asked["over"]),
        unit=words(asked["unit"]),
        bound=plain(float(asked["smallest_effect"]), 3),
    )
    laid = laid_out(asked)
    down = "".join(f'<th scope="col" rowspan="2">{escape(words(axis))}</th>' for axis in laid.down)
    across = f'<th scope="colgroup" colspan="{len(laid.columns)}">{escape(words(laid.across))}</th>'
    columns = "".join(f'<th scope="col">{escape(words(column))}</th>' for column in laid.columns)
    body = "".join(
        "<tr>"
        + "".join(f'<th scope="row">{escape(words(step))}</th>' for step in steps)
        + "".join(map(_cell, cells))
        + "</tr>"
        for steps, cells in laid.rows
    )
    head = f"<thead><tr>{down}{across}</tr><tr>{columns}</tr></thead>"
    table = f'<table class="map">{head}<tbody>{body}</tbody></table>'
    return f"<p>{escape(name)}</p>{blocks.scrolling(name, table)}"


def _cell(cell: Mapping[str, Any]) -> str:
    colour, mark = VERDICTS[cell["verdict"]]
    says, reach = escape(t(f"claims.{cell['verdict']}")), escape(bounds(cell))
    return (
        f'<td style="--verdict:{colour}"><b title="{says}" aria-label="{says}">{mark}</b> '
        f'{escape(amount(cell["estimate"]))} <span class="bounds">{reach}</span></td>'
    )
