"""Scenarios written as TOML, and the table of parameters for the docs."""

import json
import textwrap

from sim.parameters import PARAMETERS, SECTIONS, Parameter, Value
from sim.scenario.scenario import Scenario
from sim.scenario.values import number_in_words, shown

_WIDTH = 100

_BASELINE = """\
Every parameter of the model with its default, its unit, its range and its source.

This file is generated from sim/parameters by `python scripts/write_parameters.py`: change the
statement there, not the value here. To make a scenario of your own, write a file that begins
with `extends = "baseline"` and sets only what differs.

A value outside its limits is refused; the plausible range only guides sliders and sweeps.
A lever is set by a platform, an uncertainty is a fact we do not know, a constant frames the run."""

_TABLE = """\
# Parameters

Generated from `sim/parameters` by `python scripts/write_parameters.py`; do not edit.

A value outside its **limits** is refused. The **plausible** range guides sliders and sweeps. A
*lever* is set by a platform, an *uncertainty* is a fact that is not known well, a *constant*
frames the run. A source is *measured*, *calibrated*, *cited* or *assumed*.
"""


def scenario_toml(scenario: Scenario) -> str:
    """TOML text that lists the value of every parameter and nothing else."""
    values = scenario.values()
    blocks = []
    for section in SECTIONS:
        lines = [f"[{section}]"]
        lines += [
            f"{parameter.name} = {toml_value(values[parameter.key])}"
            for parameter in _parameters(section)
        ]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def baseline_toml() -> str:
    """TOML text of the defaults, with all that is known about each parameter as comments."""
    blocks = ["\n".join(_comment(_BASELINE))]
    for section, group in SECTIONS.items():
        blocks.append(f"# {_first_line(group)}\n[{section}]")
        for parameter in _parameters(section):
            facts = [f"Unit: {parameter.unit}"]
            if parameter.plausible:
                facts.append(f"plausible {_range(parameter.plausible)}")
            facts += [_limits(parameter), parameter.kind]
            lines = [
                *_comment(f"{parameter.help[:1].upper()}{parameter.help[1:]}."),
                *_comment(f"{'; '.join(facts)}."),
                *_comment(f"Source: {parameter.source}."),
                f"{parameter.name} = {toml_value(parameter.default)}",
            ]
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def parameters_markdown() -> str:
    """The table of all parameters as Markdown, one section after the other."""
    blocks = [_TABLE]
    for section, group in SECTIONS.items():
        lines = [
            f"## {section}",
            "",
            _first_line(group),
            "",
            "| key | default | unit | limits | plausible | kind | meaning | source |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for parameter in _parameters(section):
            plausible = _range(parameter.plausible) if parameter.plausible else ""
            cells = [
                f"`{parameter.key}`",
                f"`{toml_value(parameter.default)}`",
                parameter.unit,
                _limits(parameter).removeprefix("limits "),
                plausible,
                parameter.kind,
                parameter.help,
                parameter.source,
            ]
            lines.append("| " + " | ".join(cells) + " |")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def toml_value(value: Value) -> str:
    """The value as TOML writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return f"{value:_}" if value >= 10_000 else str(value)
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(toml_value(entry) for entry in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parameters(section: str) -> list[Parameter]:
    return [entry for entry in PARAMETERS.values() if entry.section == section]


def _first_line(group: type) -> str:
    return (group.__doc__ or "").splitlines()[0]


def _comment(text: str) -> list[str]:
    lines = []
    for line in text.splitlines():
        lines += textwrap.wrap(line, _WIDTH - 2) or [""]
    return [f"# {line}".rstrip() for line in lines]


def _range(ends: tuple[float, float]) -> str:
    return f"{number_in_words(ends[0])} to {number_in_words(ends[1])}"


def _limits(parameter: Parameter) -> str:
    if parameter.choices:
        names = ", ".join(shown(choice) for choice in parameter.choices)
        return f"any of {names}" if parameter.type == "list" else f"one of {names}"
    if parameter.low is None or parameter.high is None:
        return "true or false" if parameter.type == "boolean" else "any text"
    return f"limits {_range((parameter.low, parameter.high))}"
