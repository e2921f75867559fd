"""What is known from outside: the rows to which the sources of parameters refer."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from sim.parameters import PARAMETERS, Parameter

TAGS = ("read", "second-hand", "recalled", "computed", "measured")
_REFERENCE = re.compile(r"\[([a-z0-9-]+)\]")


class Source(NamedTuple):
    """One finding from outside, in our words, with how we know it: one of `TAGS`."""

    id: str
    figure: str
    source: str
    tag: str


@cache
def sources() -> dict[str, Source]:
    """Return all rows by id, in the order of ``sources.toml``."""
    text = (resources.files("sim.evidence") / "sources.toml").read_text(encoding="utf-8")
    return {name: Source(id=name, **row) for name, row in tomllib.loads(text).items()}


def cited_by(parameter: Parameter) -> list[str]:
    """Return the ids of the rows that a parameter's source names in brackets."""
    return _REFERENCE.findall(parameter.source)


def sources_table() -> str:
    """Return the rows as a table in Markdown, each with the parameters that refer to it."""
    users: dict[str, list[str]] = {name: [] for name in sources()}
    for key, parameter in PARAMETERS.items():
        for name in cited_by(parameter):
            users[name].append(f"`{key}`")
    lines = [
        "| id | what was found | source | known how | parameters |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.id} | {row.figure} | {row.source} | {row.tag} | {', '.join(users[row.id])} |"
        for row in sources().values()
    ]
    return "\n".join(lines)
