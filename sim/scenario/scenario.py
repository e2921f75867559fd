"""A scenario: a value for every parameter, under a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.parameters import (
    OF_THE_GENERATOR,
    PARAMETERS,
    SECTIONS,
    Ads,
    Belief,
    Demand,
    Hybrid,
    Merchants,
    Network,
    Population,
    Referral,
    Reviews,
    Run,
    Screening,
    Sharing,
    Shocks,
    Trust,
    Value,
)
from sim.parameters.problems import Problem, ScenarioError
from sim.scenario.names import unknown_key
from sim.scenario.values import accepted, is_utf8

_LARGEST_SEED = PARAMETERS["run.seed"].high or 0


@dataclass(frozen=True)
class Scenario:
    """A value for every parameter; without arguments, the defaults."""

    name: str = "baseline"
    population: Population = field(default_factory=Population)
    network: Network = field(default_factory=Network)
    demand: Demand = field(default_factory=Demand)
    belief: Belief = field(default_factory=Belief)
    sharing: Sharing = field(default_factory=Sharing)
    trust: Trust = field(default_factory=Trust)
    merchants: Merchants = field(default_factory=Merchants)
    screening: Screening = field(default_factory=Screening)
    reviews: Reviews = field(default_factory=Reviews)
    ads: Ads = field(default_factory=Ads)
    referral: Referral = field(default_factory=Referral)
    hybrid: Hybrid = field(default_factory=Hybrid)
    shocks: Shocks = field(default_factory=Shocks)
    run: Run = field(default_factory=Run)

    def values(self) -> dict[str, Value]:
        """All values by key (`section.name`), in the order of the parameters."""
        return {
            key: getattr(getattr(self, parameter.section), parameter.name)
            for key, parameter in PARAMETERS.items()
        }

    def with_values(self, values: Mapping[str, Any], origin: str = "") -> "Scenario":
        """This scenario with some values changed, under the same name.

        A relative `network.file` starts at the working directory. Raises ScenarioError with all
        mistakes at once, settings that have no effect included; `origin` says there where the
        values come from.
        """
        good, mistakes = checked_values(values, Path.cwd())
        scenario = with_checked_values(self, good)
        problems = without_effect(self, values) + mistakes + impossible(scenario)
        if problems:
            raise ScenarioError([replace(problem, file=origin) for problem in problems])
        return scenario

    def to_toml(self) -> str:
        """The scenario as a TOML file that lists every parameter; loading it gives it back."""
        from sim.scenario.writing import scenario_toml

        return scenario_toml(self)


def checked_values(
    values: Mapping[str, Any], folder: Path
) -> tuple[dict[str, Value], list[Problem]]:
    """The values that suit their parameters, and what is wrong with the others.

    Paths are made absolute, starting at `folder`.
    """
    good: dict[str, Value] = {}
    problems: list[Problem] = []
    for key, raw in values.items():
        if key not in PARAMETERS:
            problems.append(unknown_key(key))
            continue
        value = accepted(PARAMETERS[key], raw)
        if key == "network.file" and isinstance(value, str) and value:
            value = _existing_file(key, value, folder)
        texts = value if isinstance(value, tuple) else (value,)
        unkept = next((text for text in texts if isinstance(text, str) and not is_utf8(text)), None)
        if unkept is not None:
            value = Problem(key=key, problem=f'"{unkept}" is not UTF-8', hint="rename it")
        if isinstance(value, Problem):
            problems.append(value)
        else:
            good[key] = value
    return good, problems


def with_checked_values(scenario: Scenario, values: Mapping[str, Value]) -> Scenario:
    """The scenario with values that `checked_values` found good."""
    changes = {
        section: replace(
            getattr(scenario, section),
            **{
                key.partition(".")[2]: value
                for key, value in values.items()
                if key.partition(".")[0] == section
            },
        )
        for section in SECTIONS
    }
    return replace(scenario, **changes)


def impossible(scenario: Scenario) -> list[Problem]:
    """Values that are good one by one and cannot be run together.

    Odd settings are no mistakes: more friends than people, a warm-up longer than the run, a shock
    after its end, more merchants at the start than are admitted. But the seeds can run out, and
    what is said about a file of ties needs one.
    """
    problems = []
    if scenario.run.seed + scenario.run.replicates - 1 > _LARGEST_SEED:
        problem = f"seed + replicates goes beyond the highest value {_LARGEST_SEED:,}"
        hint = "replicate r has seed + r: give a smaller seed"
        problems.append(Problem(key="run.seed", problem=problem, hint=hint))
    network = scenario.network
    if not network.file:
        hint = "name one in network.file, or leave this out"
        told = (
            ("copies", network.copies > 1),
            ("weights", network.weights == "trust"),
            ("directed", network.directed != "auto"),
        )
        problems += [
            Problem(key=f"network.{name}", problem="there is no file of ties", hint=hint)
            for name, is_set in told
            if is_set
        ]
    return problems


def without_effect(scenario: Scenario, values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with settings of the generator where a file gives the ties: nothing changes.

    One that says what the scenario says anyway is no mistake, unless the file is set with it. Nor
    are those of a whole record, which has a value for every parameter as a file may have.
    """
    file = values.get("network.file", scenario.network.file)
    if not (isinstance(file, str) and file) or PARAMETERS.keys() <= values.keys():
        return []
    own = {} if "network.file" in values else scenario.values()
    problem, hint = "has no effect: the people and their ties come from a file", "leave it out"
    return [
        Problem(key=key, problem=problem, hint=hint)
        for key in OF_THE_GENERATOR
        if key in values and (key not in own or accepted(PARAMETERS[key], values[key]) != own[key])
    ]


def _existing_file(key: str, name: str, folder: Path) -> str | Problem:
    try:
        path = (folder / Path(name).expanduser()).resolve()
        if path.is_file():
            return str(path)
        if path.is_dir():
            problem = f'"{name}" is a folder, not a file'
            return Problem(key=key, problem=problem, hint="name a file of ties in it")
        if path.exists():
            problem = f'"{name}" is a device or a pipe, not a file'
            return Problem(key=key, problem=problem, hint="save it as a file")
    except (OSError, RuntimeError, ValueError):
        pass
    hint = "a relative path starts at the scenario file, with --set at the working directory"
    return Problem(key=key, problem=f'no such file "{name}"', hint=hint)
