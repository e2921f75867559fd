"""Cutting text into the fields of its lines by array operations."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.network.ties import B1, I8

TAB, SPACE, RETURN, NEWLINE, QUOTE, HASH, ZERO = (ord(sign) for sign in '\t \r\n"#0')
LONGEST_NUMBER = 18
"""Digits of an id that is still read as a number."""


class Fields(NamedTuple):
    """Three fields of each line that is neither empty nor a comment: two ids and a weight.

    ``start`` and ``length`` are ``[3, n]``: where a field lies in ``text``; absent ones have
    length 0.
    """

    text: NDArray[np.uint8]
    n_lines: int
    """Lines of the text, the empty ones and comments included."""
    line: I8
    """Line of the text, from 0."""
    n_fields: I8
    """Fields of the line."""
    start: I8
    length: I8
    mixed: B1
    """Whether one of the two ids holds a sign that separates columns elsewhere."""
    unclosed: B1
    """Whether one of the three, or a field before, has a quotation mark at its start alone."""

    def line_text(self, row: int) -> bytes:
        """The text of a line."""
        newlines = np.flatnonzero(self.text == NEWLINE)
        line = int(self.line[row])
        first = newlines[line - 1] + 1 if line else 0
        return self.text[first : newlines[line]].tobytes().strip()

    def words(self, column: int) -> list[bytes]:
        """The text of one of the three fields, line by line."""
        text = self.text.tobytes()
        places = zip(self.start[column].tolist(), self.length[column].tolist())
        return [text[start : start + length] for start, length in places]


def cut(content: bytes, separator: bytes, columns: tuple[int, int, int] = (0, 1, 2)) -> Fields:
    """Return three columns of whole lines of text, separated by commas, tabs or runs of blanks."""
    text = np.frombuffer(content, dtype=np.uint8)
    newline = text == NEWLINE
    ink = ~(newline | (text == SPACE) | (text == TAB) | (text == RETURN))
    line_end = np.flatnonzero(newline)
    if separator == b" ":
        edge = np.flatnonzero(np.diff(ink, prepend=False, append=False))
        start, length = edge[0::2], edge[1::2] - edge[0::2]
    else:
        sign = text == ord(separator)
        start, length = _trimmed(ink & ~sign, np.flatnonzero(newline | sign))
    line = np.searchsorted(line_end, start)
    first = np.flatnonzero(np.diff(line, prepend=-1))
    count = np.diff(first, append=len(line))
    is_tie = (length[first] > 0) | (count > 1)
    is_tie &= (text[start[first]] != HASH) | (length[first] == 0)
    first, count = first[is_tie], count[is_tie]
    column = np.arange(max(columns) + 1)[:, None]
    there = column < count
    field = np.where(there, first + column, 0)
    starts, lengths = start[field], np.where(there, length[field], 0)
    unclosed = np.zeros(len(first), dtype=np.bool_)
    if (text == QUOTE).any():
        opened = (lengths > 0) & (text[starts] == QUOTE)
        closed = (lengths > 1) & (text[starts + np.maximum(lengths, 1) - 1] == QUOTE)
        unclosed = (opened & ~closed).any(axis=0)
        starts, lengths = starts + (opened & closed), lengths - 2 * (opened & closed)
    starts, lengths = starts[list(columns)], lengths[list(columns)]
    return Fields(
        text=text,
        n_lines=len(line_end),
        line=line[first],
        n_fields=count,
        start=starts,
        length=lengths,
        mixed=_mixed(text, separator, starts[:2], lengths[:2]),
        unclosed=unclosed,
    )


def _trimmed(ink: B1, end: I8) -> tuple[I8, I8]:
    """Return where fields with these ends start and how long they are, without blanks around them.

    An empty field starts at its end.
    """
    start = np.concatenate([np.zeros(1, dtype=np.int64), end[:-1] + 1])
    inked = np.append(np.flatnonzero(ink), 0)
    first, last = np.searchsorted(inked[:-1], start), np.searchsorted(inked[:-1], end) - 1
    is_empty = first > last
    return (
        np.where(is_empty, end, inked[first]),
        np.where(is_empty, 0, inked[last] + 1 - inked[first]),
    )


def _mixed(text: NDArray[np.uint8], separator: bytes, start: I8, length: I8) -> B1:
    """Whether one of the ids holds a sign that would separate columns in another file."""
    foreign = np.zeros(len(text), dtype=np.bool_)
    for sign in {b",": b"\t", b"\t": b"", b" ": b",;"}[separator]:
        foreign |= text == sign
    if not foreign.any():
        return np.zeros(start.shape[1], dtype=np.bool_)
    before = np.concatenate([[0], np.cumsum(foreign)])
    return (before[start + length] > before[start]).any(axis=0)


def whole_numbers(fields: Fields, columns: int) -> tuple[I8, B1]:
    """Return the values of the first columns, and which of them are whole numbers.

    Only numbers as they are usually written count, so that 7 and 007 stay two names. Others have
    the value 0.
    """
    start, length = fields.start[:columns], fields.length[:columns]
    values = np.zeros(start.shape, dtype=np.int64)
    is_number = (length > 0) & (length <= LONGEST_NUMBER)
    is_number &= (fields.text[start] != ZERO) | (length == 1)
    longest = int(length.max(initial=0, where=is_number))
    for place in range(longest):
        within = is_number & (place < length)
        digit = fields.text[np.where(within, start + place, 0)].astype(np.int64) - ZERO
        is_number &= ~within | ((digit >= 0) & (digit <= 9))
        values = np.where(within, 10 * values + digit, values)
    values[~is_number] = 0
    return values, is_number
