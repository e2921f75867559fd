"""The statements of a TOML file, each with its line.

`tomllib` tells no lines and stops at the first mistake. So a small scanner cuts the text into
headers and `key = value` statements, and each is read by `tomllib` alone: a mistake costs one
statement, and the rest of the file is still checked. Inline tables are refused; they are the one
form that could hide keys from the scanner.
"""

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any, Literal

from sim.parameters.problems import Problem

Path = tuple[str | int, ...]

_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}"  # text of several lines
    r'|"(?:[^"\\\n]|\\.)*"|' + r"'[^'\n]*'"  # text
    r"|\#[^\n]*|[\[\]{}]|\n|[^\"'\#\[\]{}\n]+|.",
    re.DOTALL,
)
_BLANK = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_MOST_MISTAKES, _DEEPEST, _LONGEST_KEY = 100, 32, 1_000
_TOO_LONG = f"the key is longer than {_LONGEST_KEY:,} characters"
_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_NEXT = re.compile(r"\n(?=[ \t]*(?:\[+ *[\w\"']|[\w.\"'-]+[ \t]*=))")
_KEY = re.compile(r"""((?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^="'\n#])+)=""")


@dataclass(frozen=True)
class Statement:
    """A header (`kind` table or element) or a setting (`kind` value) with its full path."""

    line: int
    path: Path
    kind: Literal["table", "element", "value"]
    value: Any = None


@dataclass
class _Reader:
    text: str
    statements: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    first_line: dict[Path, int] = field(default_factory=dict)
    n_elements: dict[Path, int] = field(default_factory=dict)
    table: Path | None = ()

    def __post_init__(self) -> None:
        self.breaks = [place for place, sign in enumerate(self.text) if sign == "\n"]

    def read(self) -> None:
        place = _end_of_blank(self.text, 0)
        while place < len(self.text):
            if len(self.problems) == _MOST_MISTAKES:
                self.report(place, "", "too many mistakes", "the rest of the file is not read")
                return
            place = self.header(place) if self.text[place] == "[" else self.setting(place)
            place = _end_of_blank(self.text, place)
        if not self.problems:
            self.whole()

    def line(self, place: int) -> int:
        return bisect_right(self.breaks, place - 1) + 1

    def header(self, start: int) -> int:
        end = _end_of_line(self.text, start)
        self.table = None
        if end - start > _LONGEST_KEY:
            self.report(start, "", "not valid TOML", _TOO_LONG)
            return end
        try:
            inner: Any = tomllib.loads(self.text[start:end])
        except (ValueError, RecursionError) as error:
            self.report(start, "", "not valid TOML", _reason(error))
            return end
        path: Path = ()
        kind: Literal["table", "element"] = "table"
        while inner:
            name, inner = next(iter(inner.items()))
            path = (*path, name)
            if isinstance(inner, list):
                kind, inner = "element", {}
            elif path in self.n_elements:
                path = (*path, self.n_elements[path] - 1)
        if kind == "element":
            self.n_elements[path] = self.n_elements.get(path, 0) + 1
            path = (*path, self.n_elements[path] - 1)
        self.keep(start, path, kind)
        self.table = path
        return end

    def setting(self, start: int) -> int:
        end, depth, inline = _end_of_setting(self.text, start)
        if 0 < depth <= _DEEPEST:
            found = _NEXT.search(self.text, start)
            end = found.start() if found else len(self.text)
        text = self.text[start:end]
        name = self.name(text)
        if len(name) > _LONGEST_KEY:
            self.report(start, "", "not valid TOML", _TOO_LONG)
        elif depth > _DEEPEST:
            self.report(start, name, "nested too deeply", "the rest of the file is not read")
            return len(self.text)
        elif depth > 0:
            self.report(start, name, "not valid TOML", "the list is not closed with ]")
        elif inline:
            hint = f"write a section {f'[{name}] ' if name else ''}with one key a line"
            self.report(start, name, "inline tables are not allowed", hint)
        else:
            self.value(start, text, name)
        return end

    def name(self, text: str) -> str:
        """The full name of the key that `text` sets, as far as it can be made out."""
        found = _KEY.match(text)
        if not found or self.table is None:
            return ""
        parts = [re.sub(r"""^(["'])(.*)\1$""", r"\2", found[1].strip())]
        return ".".join([str(part) for part in self.table] + parts)

    def value(self, start: int, text: str, name: str) -> None:
        try:
            value: Any = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            place = _PLACE.search(str(error))
            below = int(place[1]) - 1 if place and place[1] else 0
            line = min(self.line(start) + below, self.line(start + len(text)))
            hint = _advice(text) or _reason(error)
            self.problems.append(Problem("", line, name, "not valid TOML", hint))
            return
        if self.table is None:
            return
        path = self.table
        while isinstance(value, dict):
            key, value = next(iter(value.items()))
            path = (*path, key)
        self.keep(start, path, "value", value)

    def keep(
        self,
        start: int,
        path: Path,
        kind: Literal["table", "element", "value"],
        value: Any = None,
    ) -> None:
        line = self.line(start)
        if path in self.first_line:
            key = ".".join(str(part) for part in path)
            self.report(start, key, "written twice", f"first in line {self.first_line[path]}")
            return
        self.first_line[path] = line
        self.statements.append(Statement(line, path, kind, value))

    def report(self, start: int, key: str, problem: str, hint: str) -> None:
        self.problems.append(Problem("", self.line(start), key, problem, hint))

    def whole(self) -> None:
        """Let `tomllib` judge the whole file: it knows conflicts between statements."""
        try:
            tomllib.loads(self.text)
        except (ValueError, RecursionError) as error:
            place = _PLACE.search(str(error))
            line = int(place[1]) if place and place[1] else self.line(len(self.text))
            self.problems.append(Problem("", line, "", "not valid TOML", _reason(error)))


def read_statements(text: str) -> tuple[list[Statement], list[Problem]]:
    """The statements of a TOML text in their order, and what is wrong with its syntax."""
    reader = _Reader(text.replace("\r\n", "\n"))
    reader.read()
    return reader.statements, reader.problems


def _end_of_blank(text: str, start: int) -> int:
    found = _BLANK.match(text, start)
    return found.end() if found else start


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return len(text) if end < 0 else end


def _end_of_setting(text: str, start: int) -> tuple[int, int, bool]:
    """Where the statement ends, how many brackets are open there, whether it has a table in it."""
    depth, inline, place = 0, False, start
    for token in _TOKEN.finditer(text, start):
        sign = token.group()
        if depth > _DEEPEST or (sign == "\n" and depth <= 0):
            return token.start(), depth, inline
        depth += (sign in ("[", "{")) - (sign in ("]", "}"))
        inline = inline or sign == "{"
        place = token.end()
    return place, depth, inline


def _reason(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "nested too deeply"
    if "set_int_max_str_digits" in str(error):
        return "a number of more digits than any key takes"
    reason = _PLACE.sub("", str(error))
    return reason[:1].lower() + reason[1:]


def _advice(text: str) -> str:
    """What to write instead, for the mistakes that people make most; else empty."""
    key, _, value = (part.strip() for part in text.partition("="))
    value = value.split("#")[0].strip()
    if value in ("True", "False", "TRUE", "FALSE"):
        return f"write {value.lower()}"
    if re.fullmatch(r"[A-Za-z_][\w./-]*", value):
        return f'text stands in quotes: {key} = "{value}"'
    if re.fullmatch(r"-?\.\d+", value):
        return f"a number begins with a digit: {value.replace('.', '0.')}"
    return ""
