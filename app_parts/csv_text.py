"""Rows as CSV that a spreadsheet opens with Chinese text and takes no cell for a formula."""

import re
from collections.abc import Sequence
from pathlib import Path

from app_parts.brought import DIFFERENCE
from app_parts.stored import DOCUMENT, FORMAT_VERSION
from sim.experiments.files import read_json


def csv_bytes(rows: Sequence[Sequence[object]]) -> bytes:
    """The rows as the content of a file."""
    lines = [",".join(_cell(cell) for cell in row) for row in rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8")


def csv_of(folder: Path) -> bytes:
    """Every difference of the comparison as CSV: outcome, unit, means, estimate, interval, n."""
    document = read_json(folder / DOCUMENT, "comparison", FORMAT_VERSION)
    head = ("outcome", "unit", "first", "second", *DIFFERENCE)
    rows = [[row.get(name) for name in head] for row in document["differences"]]
    return csv_bytes([head, *rows])


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return repr(value)
    text = str(value)
    if text.lstrip().startswith(("=", "+", "-", "@")) or text[:1] in ("\t", "\r", "\n"):
        text = f"'{text}"
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",\r\n]', text) else text
