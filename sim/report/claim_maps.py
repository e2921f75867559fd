"""Where claims hold: the cells of their maps as tables, and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.report.estimates import interval, number
from sim.report.markdown import table
from sim.report.world_size import world_size

Document = Mapping[str, Any]

MARKS = {"supported": "✓", "contradicted": "✗", "undecided": "?"}
"""What stands beside the number of a cell."""


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
    """In how many of its cells a map says what."""
    verdicts = [cell["verdict"] for cell in asked["cells"]]
    told = [f"{verdict} in {verdicts.count(verdict)}" for verdict in MARKS if verdict in verdicts]
    return f"of {len(verdicts)} cells {', '.join(told)}"


def maps_text(claims: Document | None) -> str:
    """Every map of a board as a table of Markdown."""
    if claims is None:
        return "Not stored yet."
    tables = [
        f"**{claim['claim']}**, {_asks(one)}. Has to be {_bound(one)}.\n\n{_table(one)}"
        for claim, one in _maps(claims)
    ]
    if not tables:
        return "No maps are stored."
    marks = ", ".join(f"{mark} {verdict}" for verdict, mark in MARKS.items())
    world = (
        f"Worlds of {world_size(claims['values'])}, {claims['map_replicates']} seeds a cell, each "
        f"cell by itself at 95 %: {marks}."
    )
    return "\n\n".join([world, *tables])


def map_findings(claims: Document) -> list[str]:
    """What the maps of a board say, in one sentence."""
    told = [f"{claim['claim']}, {_asks(one)}: {counted(one)}" for claim, one in _maps(claims)]
    if not told:
        return []
    return [f"**Where they hold**, each cell of a map by itself at 95 %: {'; '.join(told)}."]


def map_lines(asked: Document, whole: bool) -> list[str]:
    """A map for the terminal: in a sentence, and with ``whole`` a line a cell."""
    lines = [f"where: {_asks(asked)}; has to be {_bound(asked)}: {counted(asked)}"]
    if whole:
        lines += [
            f"  {cell['verdict']:<12} {steps}: {number(cell['estimate'])} "
            f"({interval(cell)}, n = {cell['n']})"
            for cell in asked["cells"]
            for steps in [_steps(asked["axes"], cell["at"])]
        ]
    return lines


def _maps(claims: Document) -> list[tuple[Document, Document]]:
    """Every map with its claim; boards of older versions have none."""
    return [(claim, one) for claim in claims["claims"] for one in claim.get("maps", ())]


def _asks(asked: Document) -> str:
    return f"{asked['outcome']} ({asked['unit']}), {asked['over']}"


def _bound(asked: Document) -> str:
    return f"{'≥' if asked['at_least'] else '≤'} {number(asked['smallest_effect'])}"


def _steps(axes: Sequence[Document], at: Sequence[int]) -> str:
    return "; ".join(f"{axis['name']} {axis['steps'][k]}" for axis, k in zip(axes, at, strict=True))


def _table(asked: Document) -> str:
    laid = laid_out(asked)
    head = [*laid.down, *(f"{laid.across}: {column}" for column in laid.columns)]
    rows = [
        [
            *steps,
            *(f"{number(cell['estimate'])} ({interval(cell)}) {_mark(cell)}" for cell in cells),
        ]
        for steps, cells in laid.rows
    ]
    return table(head, rows)


def _mark(cell: Document) -> str:
    return MARKS[cell["verdict"]]
