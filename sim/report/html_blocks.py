"""Blocks of an HTML report: tables and sections. Every text is escaped here."""

from collections.abc import Sequence
from html import escape


class Marked(str):
    """Text that is HTML already."""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table; the first cell of each row is its header."""
    top = "".join(f"<th scope=col>{escape(cell)}</th>" for cell in head)
    body = "".join(
        f"<tr><th scope=row>{_cell(row[0])}</th>"
        f"{''.join(f'<td>{_cell(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    inside = f"<thead><tr>{top}</tr></thead><tbody>{body}</tbody>"
    return f"<div class=scroll><table>{inside}</table></div>"


def _cell(content: str) -> str:
    return content if isinstance(content, Marked) else escape(content)


def section(title: str, body: str) -> str:
    """Return a section: its title, and a body that is HTML already."""
    return f"<section><h2>{escape(title)}</h2>{body}</section>"
