"""Where claims hold: the cells of their maps as tables, and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sim.report.estimates import interval, number
from sim.report.markdown import table
from sim.report.world_size import world_size

Document = Mapping[str, Any]

MARKS = {"supported": "✓", "contradicted": "✕", "undecided": "?"}
"""What stands beside the number of a cell that is judged."""


class Laid(NamedTuple):
    """The cells of a map, the last axis across and all others down."""

    down: list[str]
    """Names of the axes whose steps begin the rows."""
    across: str
    columns: list[str]
    rows: list[tuple[list[str], list[Document]]]
    """The steps of a row on the axes down, and its cells."""


def laid_out(asked: Document) -> Laid:
    """A map as a table."""
    *down, across = asked["axes"]
    width = len(across["steps"])
    rows = []
    for first in range(0, len(asked["cells"]), width):
        cells = asked["cells"][first : first + width]
        at = cells[0]["at"]
        rows.append(([axis["steps"][k] for axis, k in zip(down, at, strict=False)], cells))
    return Laid([axis["name"] for axis in down], across["name"], across["steps"], rows)


def counted(asked: Document) -> str:
    """In how many of its judged cells a map says what."""
    verdicts = [cell["verdict"] for cell in asked["cells"] if cell["verdict"] in MARKS]
    told = [f"{verdict} in {verdicts.count(verdict)}" for verdict in MARKS if verdict in verdicts]
    return f"{', '.join(told)} of {len(verdicts)} cells" if told else "no cell is judged"


def cell_words(asked: Document, cell: Document) -> str:
    """Where a cell lies: its step on every axis."""
    axes = zip(asked["axes"], cell["at"], strict=True)
    return "; ".join(f"{axis['name']}: {axis['steps'][k]}" for axis, k in axes)


def maps_text(claims: Document | None) -> str:
    """Every map of a board as a table of Markdown."""
    if claims is None:
        return "Not stored yet."
    tables = [
        f"**{claim['claim']}**, {_asks(one)}. Has to be {_bound(one)}.\n\n"
        + _table(one, claims["map_replicates"])
        for claim, one in _maps(claims)
    ]
    if not tables:
        return "No maps are stored."
    marks = ", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())
    world = (
        f"Worlds of {world_size(claims['values'])}, {claims['map_replicates']} seeds a cell but "
        f"where n is told, each cell by itself at 95 %: {marks}. Cells without a mark are told and "
        "not judged: the claim does not speak of them, or they are what all others are held "
        "against."
    )
    return "\n\n".join([world, *tables])


def map_findings(claims: Document) -> list[str]:
    """What the maps of a board say, in one sentence."""
    told = [
        f"{claim['claim']}, {one['outcome']}: {counted(one)}{_only_where(one)}"
        for claim, one in _maps(claims)
    ]
    if not told:
        return []
    return [f"**Where they hold**, each cell of the maps below by itself: {'; '.join(told)}."]


def map_lines(asked: Document, whole: bool) -> list[str]:
    """A map for the terminal: in a sentence, and with ``whole`` a line a cell."""
    lines = [f"where: {_asks(asked)}; has to be {_bound(asked)}: {counted(asked)}"]
    if whole:
        lines += [
            f"  {cell['verdict']:<12} {cell_words(asked, cell)}: {number(cell['estimate'])} "
            f"({interval(cell)}, n = {cell['n']})"
            for cell in asked["cells"]
        ]
    return lines


def _maps(claims: Document) -> list[tuple[Document, Document]]:
    """Every map with its claim; boards of older versions have none."""
    return [(claim, one) for claim in claims["claims"] for one in claim.get("maps", ())]


def _only_where(asked: Document) -> str:
    """The steps, of axes that have more, at which all cells lie that support the claim."""
    found = [cell["at"] for cell in asked["cells"] if cell["verdict"] == "supported"]
    only = [
        f"{axis['name']} is {axis['steps'][at[0]]}"
        for axis, at in zip(asked["axes"], zip(*found, strict=True), strict=False)
        if len(set(at)) == 1 < len(axis["steps"])
    ]
    return f" (supported only where {' and '.join(only)})" if only else ""


def _asks(asked: Document) -> str:
    return f"{asked['outcome']} ({asked['unit']}), {asked['over']}"


def _bound(asked: Document) -> str:
    return f"{'≥' if asked['at_least'] else '≤'} {number(asked['smallest_effect'])}"


def _table(asked: Document, n: int) -> str:
    laid = laid_out(asked)
    corner = f"{laid.down[-1]} ↓ {laid.across} →" if laid.down else f"{laid.across} →"
    head = [*laid.down[:-1], corner, *laid.columns]
    rows = [[*(steps or [""]), *(_cell(cell, n) for cell in cells)] for steps, cells in laid.rows]
    return table(head, rows)


def _cell(cell: Document, n: int) -> str:
    told = f"{number(cell['estimate'])} ({interval(cell)})"
    if cell["n"] != n:
        told += f", n = {cell['n']}"
    return f"{told} {MARKS.get(cell['verdict'], '')}".rstrip()
