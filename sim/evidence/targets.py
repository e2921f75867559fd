"""What parameters are fitted to: three rows of the evidence, or the facts of a user's platform."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.parameters import PARAMETERS
from sim.parameters.problems import Problem, ScenarioError
from sim.scenario import Scenario, load_scenario, without_effect
from sim.scenario.names import closest, unknown_key
from sim.scenario.source import read_text, shown_path
from sim.scenario.statements import Statement, read_statements
from sim.scenario.values import shown


@dataclass(frozen=True)
class Target:
    """A number of a run that has to lie in a band, and the parameters that may move for it."""

    name: str
    row: str
    """Row of the evidence, empty where only a user's platform has it."""
    number: str
    """Name in `sim.evidence.run_numbers.NUMBERS`."""
    market: str
    low: float
    high: float
    parameters: tuple[str, ...]
    """What is fitted to it by default: free, that is assumed and not measured."""
    logarithmic: bool = True
    """Whether misses are counted in ratios."""
    weeks: int | None = None
    """Weeks of a run after which the number is known, if fewer than all."""

    @property
    def aim(self) -> float:
        """The middle of the band, in ratios where misses are."""
        if self.logarithmic:
            return math.sqrt(self.low * self.high)
        return (self.low + self.high) / 2.0

    def miss(self, value: float) -> float:
        """How far off a value is, in half-widths of the band: within it −1 to 1; ∞ undefined."""
        if math.isnan(value) or (self.logarithmic and value <= 0.0):
            return math.inf
        if self.logarithmic:
            return math.log(value / self.aim) / (math.log(self.high / self.low) / 2.0)
        return (value - self.aim) / ((self.high - self.low) / 2.0)


TARGETS = (
    Target(
        "purchases_per_read",
        "V1",
        "purchases_per_read",
        "referral",
        0.005,
        0.015,
        ("sharing.posting_intercept", "sharing.memory_weeks"),
    ),
    Target(
        "reviews_to_friend",
        "V9",
        "reviews_to_friend",
        "ads",
        0.75,
        0.85,
        ("belief.review_precision",),
        weeks=1,
    ),
    Target(
        "ad_to_friend", "V9", "ad_to_friend", "ads", 0.4, 0.6, ("belief.ad_precision",), weeks=1
    ),
    Target(
        "fake_reviews",
        "V12",
        "fake_reviews",
        "ads",
        0.10,
        0.25,
        ("reviews.fake_share",),
        weeks=26,
    ),
)
"""The rows that the defaults are fitted to, and no others."""

OWN = (
    Target("price_yuan", "", "price_yuan", "referral", 45.0, 65.0, ("merchants.mean_cost_yuan",)),
    Target(
        "gross_margin", "", "gross_margin", "referral", 0.08, 0.12, ("demand.price_sensitivity",)
    ),
    Target(
        "profit_per_order",
        "",
        "profit_per_order",
        "referral",
        0.5,
        2.0,
        ("merchants.fixed_cost_share",),
        logarithmic=False,
    ),
    Target("platform_take", "", "platform_take", "ads", 0.025, 0.048, ("ads.commission_rate",)),
    Target("orders", "", "orders", "referral", 20.0, 80.0, ("demand.purchase_rate_per_week",)),
)
"""What a user may know besides of an own platform; the bands are replaced by the user's."""

_BY_NAME = {target.name: target for target in (*TARGETS, *OWN)}
_SECTIONS = ("set", "targets", "fit")
_NAMES = ("scenario", *_SECTIONS)
#: Sizes of the ends of a band, beside 0, with which misses can be computed.
_SMALLEST, _LARGEST = 1e-9, 1e9


@dataclass(frozen=True)
class Wish:
    """What is fitted: a scenario, targets, and the range in which each parameter may move."""

    scenario: Scenario
    targets: tuple[Target, ...]
    ranges: dict[str, tuple[float, float]]


def default_wish(scenario: Scenario) -> Wish:
    """The marked rows of the evidence, each parameter within its plausible range."""
    return Wish(scenario, TARGETS, _ranges(TARGETS, {}))


def read_wish(path: str | Path) -> Wish:
    """The targets of somebody's platform, from a TOML file; ScenarioError tells all mistakes.

    `scenario` is a name or path, `[set]` gives what is known of the platform, `[targets]` a band
    [low, high] for each target, `[fit]` other parameters to fit, each with its range [low, high].
    """
    if not os.path.isfile(path):
        raise ScenarioError([Problem(str(path), problem="no such file", hint="give a TOML file")])
    return _Reader(Path(path)).wish()


class _Reader:
    def __init__(self, path: Path) -> None:
        statements, problems = read_statements(read_text(path))
        self.path = shown_path(path)
        self.problems = [replace(problem, file=self.path) for problem in problems]
        self.name = "baseline"
        self.lines: dict[str, int] = {}
        """Where each key stands, with its section before it."""
        self.tables: dict[str, dict[str, Any]] = {section: {} for section in _SECTIONS}
        for statement in statements:
            self.take(statement)

    def take(self, statement: Statement) -> None:
        """Put a statement where it belongs, or report that it belongs nowhere."""
        section, *rest = (str(part) for part in statement.path)
        name = ".".join(rest)
        key = f"{section}.{name}" if rest else section
        again = key in self.lines
        self.lines.setdefault(key, statement.line)
        if section not in _NAMES:
            if not any(problem.key == section for problem in self.problems):
                guess = closest(section, _NAMES)
                hint = f"did you mean {guess}?" if guess else f"give {', '.join(_NAMES)}"
                self.lines[section] = statement.line
                self.report(section, "unknown key", hint)
        elif section == "scenario":
            if not rest and isinstance(statement.value, str):
                self.name = statement.value
            else:
                self.report(key, "expected a name in quotes", 'for example scenario = "baseline"')
        elif statement.kind == "element" or (statement.kind == "value" and not rest):
            self.lines[section] = statement.line
            self.report(section, "a section, not a key", f"write [{section}]")
        elif statement.kind == "value" and again:
            self.report(key, "written twice", "leave one of the two out")
        elif statement.kind == "value":
            self.tables[section][name] = statement.value

    def wish(self) -> Wish:
        scenario = self.scenario()
        targets = [self.target(name, band) for name, band in self.tables["targets"].items()]
        good = tuple(target for target in targets if target is not None)
        fit = {key: self.range(key, ends) for key, ends in self.tables["fit"].items()}
        for each in without_effect(scenario, dict.fromkeys(fit)):
            self.report(f"fit.{each.key}", each.problem, each.hint)
        if not self.tables["targets"] and not self.problems:
            hint = "write [targets] and below it, for example, purchases_per_read = [0.01, 0.02]"
            self.report("targets", "nothing is aimed at", hint)
        if self.problems:
            raise ScenarioError(sorted(self.problems, key=lambda each: each.line))
        ranges = {key: ends for key, ends in fit.items() if ends is not None}
        return Wish(scenario, good, ranges or _ranges(good, self.tables["set"]))

    def scenario(self) -> Scenario:
        scenario = Scenario()
        try:
            scenario = load_scenario(self.name)
        except ScenarioError as error:
            for each in error.problems:
                if each.line:  # of the scenario that is named, which is there
                    self.problems.append(each)
                else:
                    self.report("scenario", f"{each.problem} {shown(self.name)}", each.hint)
        try:
            return scenario.with_values(self.tables["set"])
        except ScenarioError as error:
            for each in error.problems:
                self.report(f"set.{each.key}", each.problem, each.hint)
            return scenario

    def target(self, name: str, band: Any) -> Target | None:
        known = _BY_NAME.get(name)
        if known is None:
            guess = closest(name, tuple(_BY_NAME))
            hint = f"did you mean {guess}?" if guess else f"targets are {', '.join(_BY_NAME)}"
            self.report(f"targets.{name}", "unknown target", hint)
            return None
        ends = _ends(band)
        if ends is None or (known.logarithmic and ends[0] <= 0.0):
            above = " above 0" if known.logarithmic else ""
            hint = f"for example [{known.low:g}, {known.high:g}]"
            self.report(f"targets.{name}", f"expected a band [low, high]{above}", hint)
            return None
        if not all(end == 0.0 or _SMALLEST <= abs(end) <= _LARGEST for end in ends):
            problem = f"{shown(band)} is too large or too small to be reached"
            self.report(f"targets.{name}", problem, f"stay between {_SMALLEST:g} and {_LARGEST:g}")
            return None
        return replace(known, low=ends[0], high=ends[1])

    def range(self, key: str, given: Any) -> tuple[float, float] | None:
        parameter = PARAMETERS.get(key)
        if parameter is None:
            wrong = unknown_key(key)
            self.report(f"fit.{wrong.key}", wrong.problem, wrong.hint)
            return None
        if not parameter.numeric or parameter.low is None or parameter.high is None:
            self.report(f"fit.{key}", "no number, so it cannot be fitted", "leave it out")
            return None
        ends = _ends(given)
        if ends is None:
            low, high = parameter.plausible or (parameter.low, parameter.high)
            self.report(
                f"fit.{key}", "expected a range [low, high]", f"for example [{low}, {high}]"
            )
        elif not parameter.low <= ends[0] < ends[1] <= parameter.high:
            hint = f"stay between {parameter.low:g} and {parameter.high:g} ({parameter.unit})"
            self.report(f"fit.{key}", "the range goes beyond the limits", hint)
        elif key in self.tables["set"]:
            self.report(f"fit.{key}", "is set and fitted", "do one of the two")
        return ends

    def report(self, key: str, problem: str, hint: str = "") -> None:
        self.problems.append(Problem(self.path, self.lines.get(key, 0), key, problem, hint))


def _ends(given: Any) -> tuple[float, float] | None:
    if not isinstance(given, list) or len(given) != 2:
        return None
    if any(isinstance(end, bool) or not isinstance(end, int | float) for end in given):
        return None
    try:
        low, high = float(given[0]), float(given[1])
    except OverflowError:  # a whole number of hundreds of digits
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


def _ranges(targets: tuple[Target, ...], fixed: dict[str, Any]) -> dict[str, tuple[float, float]]:
    """Plausible range of every parameter that the targets may move, what is set left out."""
    keys = [key for target in targets for key in target.parameters if key not in fixed]
    ranges = {}
    for key in dict.fromkeys(keys):
        plausible = PARAMETERS[key].plausible
        assert plausible is not None
        ranges[key] = (float(plausible[0]), float(plausible[1]))
    return ranges
