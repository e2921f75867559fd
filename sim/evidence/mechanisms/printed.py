"""The list of mechanisms as a table."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from sim.evidence.mechanisms.mechanism import Mechanism
from sim.evidence.mechanisms.reading import CHOICE_TO_SHARING
from sim.evidence.mechanisms.standing import TRUST_TO_MONEY
from sim.scenario.writing import toml_value
from sim.week import STAGES

MECHANISMS: tuple[Mechanism, ...] = (*CHOICE_TO_SHARING, *TRUST_TO_MONEY)


def stated(mechanism: Mechanism) -> str:
    """Return the row of a mechanism in the table of docs/model.md."""
    rule = f"{mechanism.rule.__module__}.{mechanism.rule.__name__}"
    cells = [
        mechanism.name,
        f"`{rule.removeprefix('sim.')}`",
        _settings(mechanism.off),
        f"`{mechanism.shows}`",
        _firing(mechanism).replace("|", "\\|"),
        _settings(mechanism.needs),
        mechanism.market,
    ]
    return "| " + " | ".join(cells) + " |"


def mechanisms_table() -> str:
    """Return the printed list of mechanisms, in Markdown."""
    head = [
        "| mechanism | rule in `sim` | switched off by | shows in | a firing is one of | "
        "looked at with | market |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*head, *(stated(mechanism) for mechanism in MECHANISMS)])


def stages_table() -> str:
    """Return the stages of a week, in Markdown."""
    head = ["| stage | what happens | why there | writes |", "|---|---|---|---|"]
    rows = (
        f"| {stage.name} | {stage.does} | {stage.reason} | "
        + ", ".join(f"`{column}`" for column in stage.writes)
        + " |"
        for stage in STAGES
    )
    return "\n".join([*head, *rows])


def _settings(values: Mapping[str, Any]) -> str:
    return ", ".join(f"`{key} = {toml_value(value)}`" for key, value in values.items())


def _firing(mechanism: Mechanism) -> str:
    """Return what is counted as one firing, in words."""
    beside = {
        "counted": "",
        "missing": ": those missing beside a run without it",
        "added": ": those over and above a run without it",
    }
    return _first_line(mechanism.counts).rstrip(".") + beside[mechanism.firing]


def _first_line(thing: Callable[..., Any]) -> str:
    return (inspect.getdoc(thing) or "").splitlines()[0]
