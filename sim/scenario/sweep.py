"""Checking the [sweep] section: which parameters a sweep varies, over what, how often."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.parameters import MARKETS, PARAMETERS
from sim.parameters.problems import Problem, ScenarioError
from sim.scenario.names import closest, unknown_key
from sim.scenario.scenario import checked_values
from sim.scenario.statements import Statement
from sim.scenario.values import shown

DESIGNS = ("grid", "latin_hypercube", "sobol", "list")
"""Ways of choosing the points of a sweep."""

_PART = {"grid": "grid", "latin_hypercube": "ranges", "sobol": "ranges", "list": "list"}
_SECTIONS = {
    "grid": "[sweep.grid]",
    "ranges": "[sweep.ranges]",
    "list": "[[sweep.list]]",
}
_KEYS = ("markets", "replicates", "design", "samples")


def checked_sweep(
    statements: list[Statement], folder: Path
) -> tuple[dict[str, Any], list[Problem]]:
    """The content of a [sweep] section and what is wrong with it.

    Paths in it start at `folder`. `list` is a list of settings, `grid` has a list of values and
    `ranges` a low and a high end for each key.
    """
    sweep = _Sweep(folder)
    if statements and statements[0].path[1:] == (0,):
        sweep.report(statements[0], "sweep", "a section, not a list", "write [sweep]")
        return {}, sweep.problems
    for statement in statements:
        sweep.take(statement)
    if any(len(each.path) > 1 or each.kind == "table" for each in statements):
        sweep.judge_whole(statements[0].line)
    return sweep.content, sweep.problems


class _Sweep:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.content: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        self.told: set[str] = set()

    def take(self, statement: Statement) -> None:
        """Sort one statement into the content, or report it."""
        parts = [str(part) for part in statement.path[1:]]
        if not parts:
            if statement.kind != "table":
                self.report(statement, "sweep", "a section, not a key", "write [sweep]")
            return
        name, *rest = parts
        if name in _SECTIONS:
            self.lines.setdefault(name, statement.line)
            self.take_part(statement, name, rest)
        elif name not in _KEYS:
            if name not in self.told:
                guess = closest(name, (*_KEYS, *_SECTIONS))
                if name in PARAMETERS or rest:
                    hint = f'write it in [sweep.grid], in quotes: "{".".join(parts)}" = [...]'
                else:
                    hint = f"did you mean {guess}?" if guess else f"keys are {', '.join(_KEYS)}"
                self.report(statement, f"sweep.{name}", "unknown key", hint)
            self.told.add(name)
        elif statement.kind != "value" or rest:
            self.report(statement, f"sweep.{name}", "a key, not a section", f"write {name} = ...")
        else:
            self.lines[name] = statement.line
            self.setting(statement, name)

    def setting(self, statement: Statement, name: str) -> None:
        judge: dict[str, Callable[[Any], tuple[str, str] | None]] = {
            "markets": _judge_markets,
            "design": _judge_design,
            "replicates": _judge_count,
            "samples": _judge_count,
        }
        mistake = judge[name](statement.value)
        if mistake:
            self.report(statement, f"sweep.{name}", *mistake)
        else:
            self.content[name] = statement.value

    def take_part(self, statement: Statement, part: str, rest: list[str]) -> None:
        """Sort a statement of the grid, the ranges or the list."""
        place = f"sweep.{part}"
        if part == "list":
            index, *rest = rest or [""]
            if statement.kind == "element" and index and not rest:
                self.content.setdefault("list", []).append({})
                return
            if not index.isdigit():
                if "list" not in self.told:
                    self.report(statement, place, "not a list of settings", "write [[sweep.list]]")
                self.told.add("list")
                return
        elif not rest:
            if statement.kind == "table":
                self.content.setdefault(part, {})
            else:
                self.report(statement, place, "a section", f"write {_SECTIONS[part]}")
            return
        if statement.kind != "value":
            self.report(statement, place, "no section may stand here", 'write "key" = value')
        elif len(rest) > 1:
            key = ".".join(rest)
            self.report(statement, f"{place}.{key}", "key without quotes", f'write "{key}" = ...')
        elif rest[0] not in PARAMETERS:
            wrong = unknown_key(rest[0])
            self.report(statement, f"{place}.{wrong.key}", wrong.problem, wrong.hint)
        elif rest[0] == "run.replicates":
            problem, hint = "says how often each point is run", "write replicates = ... in [sweep]"
            self.report(statement, f"{place}.{rest[0]}", problem, hint)
        elif part == "list":
            value = self.value(statement, place, rest[0], statement.value)
            self.content["list"][-1][rest[0]] = value
        elif part == "grid":
            self.grid(statement, rest[0])
        else:
            self.range(statement, rest[0])

    def grid(self, statement: Statement, key: str) -> None:
        values = statement.value
        place = f"sweep.grid.{key}"
        if not isinstance(values, list) or not values:
            example = shown([PARAMETERS[key].default])
            self.report(statement, place, "expected a list of values", f"for example {example}")
            return
        again = _listed_twice(values)
        if again is not None:
            self.report(statement, place, f"{again} is listed twice", "name each value once")
        good = [self.value(statement, "sweep.grid", key, value) for value in values]
        self.content.setdefault("grid", {})[key] = good

    def range(self, statement: Statement, key: str) -> None:
        place = f"sweep.ranges.{key}"
        if not PARAMETERS[key].numeric:
            hint = 'vary it with design = "grid" or "list"'
            self.report(statement, place, "no number, so it has no range", hint)
            return
        ends = statement.value
        if not isinstance(ends, list) or len(ends) != 2:
            low, high = PARAMETERS[key].plausible or (0, 1)
            hint = f"for example {shown([low, high])}"
            self.report(statement, place, "expected [low, high]", hint)
            return
        n_before = len(self.problems)
        low, high = (self.value(statement, "sweep.ranges", key, end) for end in ends)
        if len(self.problems) == n_before and not low < high:
            problem = f"the low end {shown(low)} is not below the high end {shown(high)}"
            self.report(statement, place, problem, "write [low, high]")
        self.content.setdefault("ranges", {})[key] = [low, high]

    def value(self, statement: Statement, place: str, key: str, raw: object) -> Any:
        """The value as the parameter takes it, or None where it is reported."""
        good, mistakes = checked_values({key: raw}, self.folder)
        for mistake in mistakes:
            self.report(statement, f"{place}.{key}", mistake.problem, mistake.hint)
        return good.get(key)

    def judge_whole(self, line: int) -> None:
        """Report what the design needs and does not find, and what it does not use."""
        if "design" in self.lines and "design" not in self.content:
            return
        design = self.content.get("design", "grid")
        part = _PART[design]
        line = self.lines.get("design", line)
        if part not in self.lines:
            given = next((name for name in _SECTIONS if name in self.lines), None)
            other = next((name for name in DESIGNS if _PART[name] == given), None)
            hint = f'write design = "{other}"' if other else f"add {_SECTIONS[part]}"
            problem = f'design "{design}" needs {_SECTIONS[part]}'
            self.problems.append(Problem("", line, "sweep.design", problem, hint))
        elif not self.content.get(part) and not self.problems:
            problem = f"{_SECTIONS[part]} names no key"
            hint = (
                f'write "key" = ... below it, for example "{"referral.reward_rate"}" = [0.0, 0.1]'
            )
            self.problems.append(Problem("", self.lines[part], f"sweep.{part}", problem, hint))
        if part in self.lines:
            self.judge_unused(design, part)
        if part == "ranges" and "samples" not in self.lines:
            problem = f'design "{design}" needs a number of samples'
            self.problems.append(
                Problem("", line, "sweep.samples", problem, "for example samples = 256")
            )

    def judge_unused(self, design: str, part: str) -> None:
        unused = [name for name in _SECTIONS if name in self.lines and name != part]
        if part != "ranges" and "samples" in self.lines:
            unused.append("samples")
        for name in unused:
            problem = f'not used by design "{design}"'
            hint = "leave it out, or change the design"
            self.problems.append(Problem("", self.lines[name], f"sweep.{name}", problem, hint))

    def report(self, statement: Statement, key: str, problem: str, hint: str) -> None:
        self.problems.append(Problem("", statement.line, key, problem, hint))


def _judge_markets(value: Any) -> tuple[str, str] | None:
    names = ", ".join(shown(name) for name in MARKETS)
    if not isinstance(value, list) or not value:
        return "expected a list of markets", f"any of {names}"
    for name in value:
        if name not in MARKETS:
            guess = closest(name, MARKETS) if isinstance(name, str) else None
            hint = f"did you mean {shown(guess)}?" if guess else f"any of {names}"
            return f"unknown market {shown(name)}", hint
        if value.count(name) > 1:
            return f"{shown(name)} is listed twice", "name each once"
    return None


def _judge_design(value: Any) -> tuple[str, str] | None:
    if value in DESIGNS:
        return None
    guess = closest(value, DESIGNS) if isinstance(value, str) else None
    names = ", ".join(shown(name) for name in DESIGNS)
    return f"unknown design {shown(value)}", f"did you mean {shown(guess)}?" if guess else names


def _judge_count(value: Any) -> tuple[str, str] | None:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1_000_000:
        return None
    return f"expected a whole number from 1 to 1,000,000, got {shown(value)}", "for example 16"


def sweep_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a [sweep] section given as a mapping, checked like one in a file.

    Raises ScenarioError with all mistakes at once.
    """
    statements = [Statement(0, ("sweep",), "table")]
    for name, part in content.items():
        if name == "list" and isinstance(part, Sequence):
            for number, settings in enumerate(part):
                statements.append(Statement(0, ("sweep", "list", number), "element"))
                statements += [
                    Statement(0, ("sweep", "list", number, key), "value", _listed(value))
                    for key, value in settings.items()
                ]
        elif isinstance(part, Mapping):
            statements.append(Statement(0, ("sweep", name), "table"))
            statements += [
                Statement(0, ("sweep", name, key), "value", _listed(value))
                for key, value in part.items()
            ]
        else:
            statements.append(Statement(0, ("sweep", name), "value", _listed(part)))
    checked, problems = checked_sweep(statements, Path.cwd())
    if problems:
        raise ScenarioError(problems)
    return checked


def keys_set_by(design: Mapping[str, Any]) -> set[str]:
    """The keys that a checked [sweep] section sets at every point, whatever the scenario says."""
    keys = {*design.get("grid", ()), *design.get("ranges", ())}
    if design.get("list"):
        keys |= set.intersection(*map(set, design["list"]))
    return keys | ({"run.replicates"} if "replicates" in design else set())


def _listed(value: Any) -> Any:
    """A value as TOML gives it: sequences are lists."""
    is_sequence = isinstance(value, Sequence) and not isinstance(value, str)
    return [_listed(each) for each in value] if is_sequence else value


def _listed_twice(values: Sequence[Any]) -> str | None:
    """The first of the values that stands in the list before, as it is shown; None if none does."""
    seen = set()
    for value in values:
        name = value if isinstance(value, bool | int | float | str) else shown(value)
        if name in seen:
            return shown(value)
        seen.add(name)
    return None
