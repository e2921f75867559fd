"""Tables of numbers: folded under a chart to be read there, and to be taken along as CSV.

The file is made of the cells of the table, so page and file cannot differ.
"""

import re
from collections.abc import Iterable, Sequence

import streamlit as st

from app_parts import blocks
from app_parts.csv_text import csv_bytes
from app_parts.language import t
from app_parts.numbers import NO_NUMBER

Cell = str | tuple[str, str]
"""A text, or a number and its interval."""
Row = tuple[str, Sequence[Cell]]
"""A row of a table: its header and its cells."""
_INTERVAL = re.compile(r"\[(\S+), (\S+)\]")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def numbers(key: str, head: Sequence[str], rows: Iterable[Row]) -> None:
    """The numbers of a chart as a table that unfolds, and a button to take them along."""
    rows = list(rows)
    blocks.folded(t("chart.numbers"), blocks.table(head, rows))
    take_along(key, head, rows)


def take_along(
    key: str, head: Sequence[str], rows: Iterable[Row], label: str = "save.numbers"
) -> None:
    """A button that saves that table as CSV; the key is one of its own on the page."""
    st.download_button(
        t(label),
        csv_of(head, rows),
        f"sharesim-{key}.csv",
        "text/csv",
        key=f"csv_{key}",
        on_click="ignore",
        type="tertiary",
    )


def csv_of(head: Sequence[str], rows: Iterable[Row]) -> bytes:
    """The table as CSV: numbers as numbers, the bounds of an interval in columns of their own."""
    lines = [(first, *others) for first, others in rows]
    columns: list[list[object]] = []
    for place, name in enumerate(head):
        columns += _columns(name, [line[place] if place < len(line) else "" for line in lines])
    return csv_bytes(list(zip(*columns, strict=True)))


def _columns(name: str, cells: Sequence[Cell]) -> list[list[object]]:
    """The columns of the file that a column of the table becomes, each under its name."""
    pairs = [(cell, "") if isinstance(cell, str) else cell for cell in cells]
    bounds = [_INTERVAL.fullmatch(second) for _, second in pairs]
    values = [
        first if found else f"{first} {second}".strip()
        for (first, second), found in zip(pairs, bounds, strict=True)
    ]
    if values and all(value.endswith("%") or value in ("", NO_NUMBER) for value in values):
        values = [value.removesuffix("%").strip() for value in values]
        name = name if "%" in name else f"{name} (%)"
    columns: list[list[object]] = [[name, *map(_typed, values)]]
    if any(bounds):
        for end, word in enumerate(("save.low", "save.high"), 1):
            ends = [_typed(found[end]) if found else None for found in bounds]
            columns.append([t(word, name=name), *ends])
    return columns


def _typed(text: str) -> object:
    """The number that a text of the page stands for, else the text; nothing for a dash."""
    plain = text.replace("\N{MINUS SIGN}", "-").replace(",", "")
    if _NUMBER.fullmatch(plain):
        return float(plain) if "." in plain else int(plain)
    return None if text == NO_NUMBER else text
