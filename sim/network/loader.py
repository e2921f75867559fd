"""Reading files of trust ties: CSV or SNAP text, plain or gzip, with any ids.

Column 1 trusts column 2; a third column is a weight, further ones are ignored. Where a header names
who trusts and who is trusted, its names count, whatever their order. Lines are cut into fields by
array operations on the bytes of the file, a piece at a time, so that a million lines take about a
second and mistakes are still told with their lines. Ids are names, never sizes: what is allocated
depends on the number of lines alone.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.memory import free_bytes
from sim.network.fields import Fields, cut, whole_numbers
from sim.network.ties import F8, I8, PEOPLE_LIMIT
from sim.parameters.problems import InputError, Problem

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PIECE_BYTES = 1 << 23
MOST_OF_MEMORY = 0.25
"""Share of the free memory that the text of a file may take: what is made of it takes as much."""
TRUSTERS = frozenset(
    b"""
    ego follower from from_id from_node fromid fromnodeid source source_id sourceid src truster
    trustor who
    """.split()
)
TRUSTED = frozenset(
    b"""
    alter dst followed followee friend friend_id friendid neighbor neighbour nominates nominee
    target target_id targetid to to_id to_node toid tonodeid trusted trustee trusts whom
    """.split()
)
EITHER = frozenset(b"person user user_id userid".split())
"""Names of the one column where another names the other."""
WEIGHTS = frozenset(b"weight rating strength".split())
COLUMN_NAMES = TRUSTERS | TRUSTED | EITHER
"""Words that make a first line a header where nothing else does: in a file of names."""
MOST_TOLD = 10
"""Wrong lines of a file that are told one by one."""
CLAIM = re.compile(rb"\b(?:nodes|vertices|people)\W{0,3}(\d[\d,_]*)", re.IGNORECASE)
SEPARATOR_NAMES = {b",": "commas", b"\t": "tabs", b" ": "spaces"}
UNCLOSED = ("a quoted field holds the separator", "choose ids without it")
NO_NUMBER = ("the weight is not a number", "write a number, or leave the weight out everywhere")
EXAMPLE = "write two ids a line, as in 17,42"


class NetworkError(InputError):
    """A file of ties that cannot be read; each line is `file:line: problem: hint`."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*(str(problem) for problem in problems))
        self.problems = problems

    def __reduce__(self) -> tuple[type, tuple[Problem, ...]]:
        """How to make the error again in another process."""
        return type(self), self.problems


class TieTable(NamedTuple):
    """The ties of a file as it has them, line by line, with the ids of the people."""

    truster: I8
    trusted: I8
    weight: F8 | None
    labels: list[str]
    """Names of the people: whole numbers first, by size, then others in order of appearance."""


@dataclass(frozen=True)
class _Form:
    """How the lines of a file are to be read, as its first lines tell."""

    separator: bytes
    columns: tuple[int, int, int]
    """Who trusts, who is trusted, and the weight."""
    first_line: int
    """Number of the first line with a tie (from 1)."""
    start: int
    """Place of that line in the file."""
    weighted: bool


def read_ties(path: str | Path) -> TieTable:
    """Return the ties of a file, self-ties, repeated ties and weights below zero included.

    Raises NetworkError with the first wrong lines, and how many more there are.
    """
    file = str(path)
    content = _content(file)
    form = _form(file, content)
    others: dict[bytes, int] = {}
    ends, weights = [], []
    problems: list[Problem] = []
    n_wrong = 0
    line = form.first_line
    for piece in _pieces(content, form.start):
        fields = cut(piece, form.separator, form.columns)
        weight = _weights(fields) if form.weighted else None
        found, n_found = _wrong_lines(file, line, form, fields, weight)
        problems += found
        n_wrong += n_found
        if not n_wrong:
            ends.append(_codes(fields, others))
            if weight is not None:
                weights.append(weight)
        line += fields.n_lines
    if n_wrong > MOST_TOLD:
        more = f"more wrong lines: {n_wrong - MOST_TOLD:,}"
        problems[MOST_TOLD:] = [Problem(file, problem=more)]
    if problems:
        raise NetworkError(*problems)
    truster, trusted, labels = _numbered(np.concatenate(ends, axis=1), others)
    if len(labels) > PEOPLE_LIMIT:
        raise _wrong(file, 0, f"{len(labels):,} people", f"at most {PEOPLE_LIMIT:,} fit")
    return TieTable(truster, trusted, np.concatenate(weights) if form.weighted else None, labels)


def _wrong(file: str, line: int, problem: str, hint: str) -> NetworkError:
    return NetworkError(Problem(file, line, problem=problem, hint=hint))


def _content(file: str) -> bytes:
    """Return the text of a file, unpacked, with lines that end in a newline."""
    path = Path(file)
    try:
        if path.is_file():  # what is none has no size to go by
            _refuse_too_large(file, path.stat().st_size)
        content = path.read_bytes()
    except FileNotFoundError:
        raise _wrong(file, 0, "no such file", "name a file of ties") from None
    except IsADirectoryError:
        raise _wrong(file, 0, "a folder, not a file", "name a file of ties in it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise _wrong(file, 0, f"cannot be read ({reason})", "name another file") from None
    if content.startswith(GZIP_MAGIC):
        try:
            content = _unpacked(file, content)
        except (OSError, EOFError, zlib.error) as error:
            hint = "fetch it again, or unpack it yourself"
            raise _wrong(file, 0, f"broken gzip ({error})", hint) from None
    content = content.removeprefix(BYTE_ORDER_MARK)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    text_hint = "save it as plain text (CSV or ids separated by spaces), or pack that with gzip"
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise _wrong(file, line, "not text (a zero byte)", text_hint)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        problem = f"not UTF-8 text (byte 0x{byte:02x})"
        raise _wrong(file, line, problem, text_hint) from None
    return content if content.endswith(b"\n") else content + b"\n"


def _unpacked(file: str, packed: bytes) -> bytes:
    """Return packed text, unpacked piece by piece: a small file can hold more than any memory."""
    pieces, n_bytes = [], 0
    with gzip.open(io.BytesIO(packed)) as text:
        while piece := text.read(PIECE_BYTES):
            n_bytes += len(piece)
            _refuse_too_large(file, n_bytes)
            pieces.append(piece)
    return b"".join(pieces)


def _refuse_too_large(file: str, n_bytes: int) -> None:
    """Raise NetworkError where so much text, and what is made of it, would not fit in memory."""
    free = free_bytes()
    if free is not None and n_bytes > free * MOST_OF_MEMORY:
        problem = f"more text than fits in memory ({n_bytes / 1e9:,.1f} GB of it or more)"
        raise _wrong(file, 0, problem, f"give fewer ties: {free / 1e9:,.1f} GB are free")


def _form(file: str, content: bytes) -> _Form:
    """Return how the lines are to be read: separator, header, weights."""
    lines = _data_lines(file, content)
    number, start, text = next(lines, (0, 0, b""))
    if not text:
        raise _wrong(file, 0, "no ties in it", EXAMPLE)
    separator = next((sign for sign in (b",", b"\t") if sign in text), b" ")
    words = _split(text, separator)
    if any(word.startswith(b'"') for word in words):
        raise _wrong(file, number, *UNCLOSED)
    if len(words) == 1:
        raise _wrong(file, number, f"only one column ({_shown(text)})", EXAMPLE)
    columns = (0, 1, 2)
    second = next(lines, None)
    if _is_header(words, _split(second[2], separator) if second else []):
        if second is None:
            raise _wrong(file, number, "no ties after the header", EXAMPLE)
        columns = _named_columns(file, number, words)
        number, start, text = second
        words = _split(text, separator)
    weighted = columns[2] < len(words) and words[columns[2]] != b""
    return _Form(separator, columns, number, start, weighted)


def _named_columns(file: str, line: int, header: list[bytes]) -> tuple[int, int, int]:
    """Return the columns of who trusts, who is trusted and the weight, by their names or places.

    Where there is no weight its column lies beyond those of the header.
    """
    names = [word.lower() for word in header]

    def place(words: frozenset[bytes]) -> int | None:
        return next((column for column, name in enumerate(names) if name in words), None)

    truster, trusted, weight = place(TRUSTERS), place(TRUSTED), place(WEIGHTS)
    if truster is None and trusted is not None:
        truster = place(EITHER)
    elif trusted is None and truster is not None:
        trusted = place(EITHER)
    if truster is None or trusted is None:
        if names[0] in TRUSTED | WEIGHTS or names[1] in TRUSTERS | WEIGHTS:
            problem = f"the header does not tell who trusts whom ({_shown(b','.join(header))})"
            raise _wrong(file, line, problem, "name both columns, as in source,target,weight")
        truster, trusted = 0, 1
    if weight is None:
        weight = 2 if {truster, trusted} == {0, 1} else len(names)
    return truster, trusted, weight


def _data_lines(file: str, content: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Number, place and text of each line that is neither empty nor a comment."""
    number, start = 0, 0
    while start < len(content):
        end = content.index(b"\n", start)
        number += 1
        text = content[start:end].strip()
        if text.startswith(b"#"):
            _check_claim(file, number, text)
        elif text:
            yield number, start, text
        start = end + 1


def _check_claim(file: str, line: int, comment: bytes) -> None:
    """Refuse a comment that claims more people than could ever be meant."""
    claim = CLAIM.search(comment)
    if claim and (n := int(re.sub(rb"\D", b"", claim[1])[:40])) > PEOPLE_LIMIT:
        problem = f"claims {n:,} people, at most {PEOPLE_LIMIT:,} fit"
        raise _wrong(file, line, problem, "correct or remove this comment")


def _split(text: bytes, separator: bytes) -> list[bytes]:
    words = text.split() if separator == b" " else text.split(separator)
    return [_unquoted(word.strip()) for word in words]


def _unquoted(word: bytes) -> bytes:
    return word[1:-1] if len(word) > 1 and word[:1] == b'"' == word[-1:] else word


def _is_header(first: list[bytes], second: list[bytes]) -> bool:
    """Whether the first line names the columns rather than two people."""
    if len(first) > 2 and first[2] and not _is_number(first[2]):
        return True
    if all(word.lower() in COLUMN_NAMES for word in first[:2]):
        return True
    numbered = [[word.isdigit() for word in words[:2]] for words in (first, second)]
    return numbered == [[False, False], [True, True]]


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return b"_" not in word


def _pieces(content: bytes, start: int) -> Iterator[bytes]:
    """The content from a place on, in pieces of whole lines."""
    while start < len(content):
        end = min(start + PIECE_BYTES, len(content))
        end = content.index(b"\n", end - 1) + 1
        yield content[start:end]
        start = end


def _wrong_lines(
    file: str, line: int, form: _Form, fields: Fields, weight: F8 | None
) -> tuple[list[Problem], int]:
    """Return the first wrong lines of a piece, one problem each, and how many there are."""
    name, example = SEPARATOR_NAMES[form.separator], f"as in line {form.first_line}"
    needed = 1 + max(form.columns[:2])
    few = "only one column" if needed == 2 else f"fewer than {needed} columns"
    weighted = fields.length[2] > 0
    faults = [
        (fields.n_fields < needed, few, f"separate ids by {name}, {example}"),
        (fields.mixed, "separators are mixed", f"separate columns by {name} only, {example}"),
        (fields.unclosed, *UNCLOSED),
        ((fields.length[:2] == 0).any(axis=0), "an id is missing", "write both ids"),
    ]
    if weight is None:
        faults.append((weighted, "a weight", f"give every tie one or none, {example}"))
    else:
        faults.append((~weighted, "no weight", f"give every tie one, {example}"))
        faults.append((~np.isfinite(weight), *NO_NUMBER))
    told = np.zeros(len(fields.line), dtype=np.bool_)
    first: list[tuple[int, str, str]] = []
    for rows, problem, hint in faults:
        new = np.flatnonzero(rows & ~told)
        first += [(int(row), problem, hint) for row in new[:MOST_TOLD]]
        told |= rows
    problems = [
        Problem(
            file,
            line + int(fields.line[row]),
            problem=f"{problem} ({_shown(fields.line_text(row))})",
            hint=hint,
        )
        for row, problem, hint in sorted(first)[:MOST_TOLD]
    ]
    return problems, int(np.count_nonzero(told))


def _shown(text: bytes) -> str:
    words = text.decode(errors="replace")
    return words if len(words) <= 40 else words[:37] + "..."


def _codes(fields: Fields, others: dict[bytes, int]) -> I8:
    """Return codes of the two people of each line: a whole number itself, other ids -1, -2, ..."""
    codes, is_number = whole_numbers(fields, columns=2)
    rest = np.nonzero(~is_number.T)  # line by line, so that ids are numbered as they appear
    starts = fields.start.T[:, :2][rest].tolist()
    lengths = fields.length.T[:, :2][rest].tolist()
    text = fields.text.tobytes() if starts else b""
    found = [
        -1 - others.setdefault(text[start : start + length], len(others))
        for start, length in zip(starts, lengths)
    ]
    codes.T[rest] = found
    return codes


def _weights(fields: Fields) -> F8:
    """Return the weights of the lines, not finite where they are no numbers."""
    words = fields.words(2)
    try:
        if not any(b"_" in word for word in words):
            return np.array([float(word) for word in words])
    except ValueError:
        pass
    return np.array([float(word) if _is_number(word) else np.nan for word in words])


def _numbered(codes: I8, others: dict[bytes, int]) -> tuple[I8, I8, list[str]]:
    """Return the ids, 0 and up, of the two people of each line, and the names of all people."""
    numbers, ids = np.unique(codes, return_inverse=True)
    ids = ids.reshape(codes.shape).astype(np.int64)
    n_others = len(others)
    n_numbers = len(numbers) - n_others
    # Negative codes come first in the order of size, the last id to appear first of all.
    ids = np.where(ids < n_others, n_numbers + n_others - 1 - ids, ids - n_others)
    labels = [str(number) for number in numbers[n_others:].tolist()]
    return ids[0], ids[1], labels + [name.decode() for name in others]
