"""Loading and checking scenario files."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from sim.parameters import PARAMETERS, SECTIONS
from sim.parameters.problems import Problem, ScenarioError
from sim.scenario.names import misplaced_key, unknown_key, unknown_section
from sim.scenario.scenario import Scenario, checked_values, impossible, with_checked_values
from sim.scenario.source import find_scenario, read_text, shown_path
from sim.scenario.statements import Statement, read_statements
from sim.scenario.sweep import checked_sweep
from sim.scenario.values import shown

_IS_SWEEP = Problem(
    key="sweep",
    problem="this file is a sweep",
    hint="run it with `sharesim sweep`, or leave out its [sweep] section",
)


@dataclass
class _File:
    """What one file says, before it is known whether it is right."""

    path: Path
    base: Statement | None = None
    values: dict[str, Statement] = field(default_factory=dict)
    sweep: list[Statement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Check:
    """The outcome of checking one file: what it is and all mistakes in it."""

    file: str
    kind: Literal["scenario", "sweep"]
    problems: list[Problem]


def load_scenario(path_or_name: str | Path, sweep: bool = False) -> Scenario:
    """The scenario in a TOML file, or the shipped one of that name.

    A file with a [sweep] section is refused unless `sweep` is true; then the section is ignored.
    Raises ScenarioError with all mistakes at once.
    """
    file = _read(find_scenario(path_or_name))
    scenario, problems = _resolve(file)
    if file.sweep and not sweep:
        problems.append(replace(_IS_SWEEP, file=shown_path(file.path), line=file.sweep[0].line))
    if problems:
        raise ScenarioError(_in_order(problems))
    return scenario


def load_sweep(path_or_name: str | Path) -> dict[str, Any]:
    """The [sweep] section of a file: markets, replicates, design, samples, grid, ranges, list.

    What the section leaves out is left out here too. Raises ScenarioError with all mistakes in
    the file at once, and where it has no [sweep] section.
    """
    file = _read(find_scenario(path_or_name))
    _, problems = _resolve(file)
    content, mistakes = _sweep(file)
    if not file.sweep:
        hint = "add one, or use `sharesim compare` for a single scenario"
        mistakes = [Problem(shown_path(file.path), 0, "sweep", "no [sweep] section", hint)]
    if problems or mistakes:
        raise ScenarioError(_in_order(problems + mistakes))
    return content


def check_file(path_or_name: str | Path) -> Check:
    """Everything that is wrong with a scenario or a sweep; nothing is raised."""
    try:
        file = _read(find_scenario(path_or_name))
    except ScenarioError as error:
        return Check(str(path_or_name), "scenario", error.problems)
    _, problems = _resolve(file)
    _, mistakes = _sweep(file)
    kind: Literal["scenario", "sweep"] = "sweep" if file.sweep else "scenario"
    return Check(shown_path(file.path), kind, _in_order(problems + mistakes))


def _in_order(problems: list[Problem]) -> list[Problem]:
    """The problems by file, the extending file first, and by line."""
    files = list(dict.fromkeys(problem.file for problem in problems))
    return sorted(problems, key=lambda problem: (files.index(problem.file), problem.line))


def _read(path: Path) -> _File:
    statements, problems = read_statements(read_text(path))
    file = _File(path)
    file.problems = [replace(problem, file=shown_path(path)) for problem in problems]
    for statement in statements:
        problem = _sort(file, statement)
        if problem:
            file.problems.append(replace(problem, file=shown_path(path), line=statement.line))
    return file


def _sort(file: _File, statement: Statement) -> Problem | None:
    """Put a statement where it belongs in the file, or say why it belongs nowhere."""
    section, *rest = statement.path
    key = ".".join(str(part) for part in statement.path)
    if section == "sweep":
        file.sweep.append(statement)
    elif statement.path == ("extends",) and statement.kind == "value":
        file.base = statement
    elif not rest and statement.kind == "value":
        if section in SECTIONS:
            return Problem(key=key, problem="a section, not a key", hint=f"write [{section}]")
        return misplaced_key(str(section))
    elif section not in SECTIONS:
        return None if _told(file, str(section)) else unknown_section(str(section))
    elif statement.kind == "element":
        return Problem(key=str(section), problem="a section, not a list", hint=f"write [{section}]")
    elif rest and not isinstance(rest[0], int):
        return _sort_key(file, statement, f"{section}.{rest[0]}")
    return None


def _sort_key(file: _File, statement: Statement, key: str) -> Problem | None:
    if key not in PARAMETERS:
        return None if _told(file, key) else unknown_key(key)
    if statement.kind == "value" and len(statement.path) == 2:
        file.values[key] = statement
        return None
    if _told(file, key):
        return None
    section, name = key.split(".")
    hint = f"write {name} = ... below [{section}]"
    return Problem(key=key, problem="a key, not a section", hint=hint)


def _told(file: _File, key: str) -> bool:
    return any(problem.key == key for problem in file.problems)


def _resolve(file: _File) -> tuple[Scenario, list[Problem]]:
    """The scenario of a file, with all that it extends, and the mistakes in each."""
    scenario = Scenario(name=file.path.stem)
    lines: dict[str, tuple[str, int]] = {}
    chain = [file]
    problems = list(file.problems)
    while extends := chain[-1].base:
        base = _base(chain, extends)
        if isinstance(base, Problem):
            problems.append(base)
            break
        problems += base.problems
        chain.append(base)
    for member in reversed(chain):
        raw = {key: statement.value for key, statement in member.values.items()}
        good, mistakes = checked_values(raw, member.path.absolute().parent)
        own = shown_path(member.path)
        lines |= {key: (own, statement.line) for key, statement in member.values.items()}
        problems += [replace(each, file=own, line=lines[each.key][1]) for each in mistakes]
        scenario = with_checked_values(scenario, good)
    for problem in impossible(scenario):
        own, line = lines.get(problem.key, (shown_path(file.path), 0))
        problems.append(replace(problem, file=own, line=line))
    return scenario, problems


def _base(chain: list[_File], extends: Statement) -> _File | Problem:
    """The file that the last of a chain extends, or why it cannot be."""
    file = chain[-1]
    here = Problem(shown_path(file.path), extends.line, "extends")
    if not isinstance(extends.value, str) or not extends.value:
        problem = f"expected a name or a path in quotes, got {shown(extends.value)}"
        return replace(here, problem=problem, hint='for example "baseline"')
    try:
        path = find_scenario(extends.value, file.path.parent)
        places = [member.path.resolve() for member in chain]
        if path.resolve() in places:
            circle = [each.path for each in chain[places.index(path.resolve()) :]] + [path]
            problem = f"a circle: {' extends '.join(shown_path(each) for each in circle)}"
            return replace(here, problem=problem, hint="name another scenario")
        base = _read(path)
    except ScenarioError as error:
        first = error.problems[0]
        problem = f'{first.problem} "{extends.value}"'
        return replace(here, problem=problem, hint=first.hint)
    if base.sweep:
        problem = f'"{extends.value}" is a sweep'
        return replace(here, problem=problem, hint="extend a scenario without [sweep]")
    return base


def _sweep(file: _File) -> tuple[dict[str, Any], list[Problem]]:
    content, problems = checked_sweep(file.sweep, file.path.absolute().parent)
    return content, [replace(problem, file=shown_path(file.path)) for problem in problems]
