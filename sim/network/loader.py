"""Reading files of trust ties: CSV or SNAP text, plain or gzip, with any ids.

Column 1 trusts column 2; a third column is a weight, further ones are ignored. Lines are cut into
fields by array operations on the bytes of the file, a piece at a time, so that a million lines
take about a second and a mistake is still told with its line. Ids are names, never sizes: what is
allocated depends on the number of lines alone.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.network.fields import Fields, cut, whole_numbers
from sim.network.ties import F8, I8, PEOPLE_LIMIT
from sim.parameters.problems import InputError, Problem

GZIP_MAGIC = b"\x1f\x8b"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
PIECE_BYTES = 1 << 23
COLUMN_NAMES = frozenset(
    b"""
    alter ego followed followee follower friend friend_id friendid from from_id from_node fromid
    fromnodeid neighbor neighbour nominates nominee person source source_id sourceid src dst target
    target_id targetid to to_id to_node toid tonodeid trusted trustee truster trustor trusts user
    user_id userid who whom
    """.split()
)
"""Words that make a first line a header where nothing else does: in a file of names."""
CLAIM = re.compile(rb"\b(?:nodes|vertices|people)\W{0,3}(\d[\d,_]*)", re.IGNORECASE)
SEPARATOR_NAMES = {b",": "commas", b"\t": "tabs", b" ": "spaces"}
UNCLOSED = ("a quoted field holds the separator", "choose ids without it")
EXAMPLE = "write two ids a line, as in 17,42"


class NetworkError(InputError):
    """A file of ties that cannot be read, told in one line: `file:line: problem: hint`."""

    def __init__(self, file: str, line: int, problem: str, hint: str) -> None:
        super().__init__(str(Problem(file=file, line=line, problem=problem, hint=hint)))
        self.parts = (file, line, problem, hint)

    def __reduce__(self) -> tuple[type, tuple[str, int, str, str]]:
        """How to make the error again in another process."""
        return type(self), self.parts


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
    first_line: int
    """Number of the first line with a tie (from 1)."""
    start: int
    """Place of that line in the file."""
    weighted: bool


def read_ties(path: str | Path) -> TieTable:
    """Return the ties of a file, self-ties, repeated ties and weights below zero included.

    Raises NetworkError at the first mistake.
    """
    file = str(path)
    content = _content(file)
    form = _form(file, content)
    others: dict[bytes, int] = {}
    ends, weights = [], []
    line = form.first_line
    for piece in _pieces(content, form.start):
        fields = cut(piece, form.separator)
        _check_columns(file, line, form, fields)
        ends.append(_codes(fields, others))
        if form.weighted:
            weights.append(_weights(file, line, fields))
        line += fields.n_lines
    truster, trusted, labels = _numbered(np.concatenate(ends, axis=1), others)
    if len(labels) > PEOPLE_LIMIT:
        raise NetworkError(file, 0, f"{len(labels):,} people", f"at most {PEOPLE_LIMIT:,} fit")
    return TieTable(truster, trusted, np.concatenate(weights) if form.weighted else None, labels)


def _content(file: str) -> bytes:
    """Return the text of a file, unpacked, with lines that end in a newline."""
    try:
        content = Path(file).read_bytes()
    except FileNotFoundError:
        raise NetworkError(file, 0, "no such file", "name a file of ties") from None
    except IsADirectoryError:
        raise NetworkError(file, 0, "a folder, not a file", "name a file of ties in it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise NetworkError(file, 0, f"cannot be read ({reason})", "name another file") from None
    if content.startswith(GZIP_MAGIC):
        try:
            content = gzip.decompress(content)
        except (OSError, EOFError, zlib.error) as error:
            hint = "fetch it again, or unpack it yourself"
            raise NetworkError(file, 0, f"broken gzip ({error})", hint) from None
    content = content.removeprefix(BYTE_ORDER_MARK)
    if b"\n" not in content:
        content = content.replace(b"\r", b"\n")
    text_hint = "save it as plain text (CSV or ids separated by spaces), or pack that with gzip"
    if b"\0" in content:
        line = content.count(b"\n", 0, content.index(b"\0")) + 1
        raise NetworkError(file, line, "not text (a zero byte)", text_hint)
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        problem = f"not UTF-8 text (byte 0x{byte:02x})"
        raise NetworkError(file, line, problem, text_hint) from None
    return content if content.endswith(b"\n") else content + b"\n"


def _form(file: str, content: bytes) -> _Form:
    """Return how the lines are to be read: separator, header, weights."""
    lines = _data_lines(file, content)
    number, start, text = next(lines, (0, 0, b""))
    if not text:
        raise NetworkError(file, 0, "no ties in it", EXAMPLE)
    separator = next((sign for sign in (b",", b"\t") if sign in text), b" ")
    words = _split(text, separator)
    if any(word.startswith(b'"') for word in words):
        raise NetworkError(file, number, *UNCLOSED)
    if len(words) == 1:
        raise NetworkError(file, number, f"only one column ({_shown(text)})", EXAMPLE)
    second = next(lines, None)
    if _is_header(words, _split(second[2], separator) if second else []):
        if second is None:
            raise NetworkError(file, number, "no ties after the header", EXAMPLE)
        number, start, text = second
        words = _split(text, separator)
    return _Form(separator, number, start, weighted=len(words) > 2 and words[2] != b"")


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
        raise NetworkError(file, line, problem, "correct or remove this comment")


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


def _check_columns(file: str, line: int, form: _Form, fields: Fields) -> None:
    """Refuse the first line of a piece whose columns are not those of the file."""
    name, example = SEPARATOR_NAMES[form.separator], f"as in line {form.first_line}"
    weighted = fields.length[2] > 0
    faults = [
        (fields.n_fields < 2, "only one column", f"separate ids by {name}, {example}"),
        (fields.mixed, "separators are mixed", f"separate columns by {name} only, {example}"),
        (fields.unclosed, *UNCLOSED),
        ((fields.length[:2] == 0).any(axis=0) & (fields.n_fields > 1), "an id is missing", EXAMPLE),
    ]
    if form.weighted:
        faults.append((~weighted, "no weight", f"give every tie one, {example}"))
    else:
        faults.append((weighted, "a weight", f"give every tie one or none, {example}"))
    wrong = [(int(np.argmax(rows)), fault) for rows, *fault in faults if rows.any()]
    if wrong:
        row, (problem, hint) = min(wrong, key=lambda fault: fault[0])
        problem = f"{problem} ({_shown(fields.line_text(row))})"
        raise NetworkError(file, line + int(fields.line[row]), problem, hint)


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


def _weights(file: str, line: int, fields: Fields) -> F8:
    text = fields.text.tobytes()
    words = [text[a : a + n] for a, n in zip(fields.start[2].tolist(), fields.length[2].tolist())]
    try:
        weights = np.array([float(word) for word in words])
        if np.isfinite(weights).all() and not any(b"_" in word for word in words):
            return weights
    except ValueError:
        pass
    row = next(
        row for row, word in enumerate(words) if not (_is_number(word) and np.isfinite(float(word)))
    )
    raise NetworkError(
        file,
        line + int(fields.line[row]),
        f"the weight is not a number ({_shown(words[row])})",
        "write a number in the third column, or leave that column out everywhere",
    )


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
