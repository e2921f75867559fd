"""How a claim is put before any run: arms, parts with their smallest effects, what favours it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sim.parameters import Value
from sim.scenario import Scenario

Values = Mapping[str, Value]
Setting = Callable[[Scenario], Values]
"""Settings that may depend on the scenario they are made in."""


def fixed(**values: Any) -> Setting:
    """Settings that are the same in every scenario, written section__name=value."""
    settings = {key.replace("__", ".", 1): value for key, value in values.items()}
    return lambda scenario: settings


@dataclass(frozen=True)
class Arm:
    """A world that is run for claims: a market and what differs there from the scenario."""

    name: str
    market: str
    settings: Setting
    traced: bool = False


class Term(NamedTuple):
    """A weight times a number of a run in one arm."""

    weight: float
    arm: str
    number: str


@dataclass(frozen=True)
class Part:
    """One thing that a claim says, as a number of each seed and what it has to reach."""

    outcome: str
    """What the number is, in words."""
    unit: str
    terms: tuple[Term, ...]
    """The number of a seed is the sum of these, all on that seed."""
    smallest: float
    """Smallest effect that matters, or threshold."""
    why: str
    """Why that size."""
    at_least: bool = True
    """Whether it has to be at least that, or at most."""
    role: Literal["main", "net", "part", "told"] = "part"
    """The main outcome; the same net of screening; another part; told, but not judged."""
    least_people: int = 0
    """People that a world needs more than, to show it; in a smaller one it stays undecided."""

    @property
    def kind(self) -> str:
        """A paired difference of arms, or a number held against a threshold."""
        arms = {term.arm for term in self.terms}
        return "paired_difference" if len(arms) > 1 else "threshold"


@dataclass(frozen=True)
class Neutral:
    """An assumption that favours a claim, and the settings under which it no longer does."""

    assumption: str
    settings: Setting


class Step(NamedTuple):
    """A place on an axis, in words, and what is set there."""

    words: str
    settings: Setting


class Axis(NamedTuple):
    """What is varied along one side of a map."""

    name: str
    steps: tuple[Step, ...]


class Reference(NamedTuple):
    """What every cell of a map is held against: so many times the number of another cell."""

    weight: float
    settings: tuple[Setting | None, ...]
    """What is set there, by axis; None where it is what is set in the cell."""


def every_cell(cell: Scenario, reference: Scenario) -> bool:
    """Whether a claim speaks of a cell: it does of all."""
    return True


@dataclass(frozen=True)
class Map:
    """One thing that a claim says, asked again over a grid of settings: where it holds."""

    over: str
    """What is varied, in words."""
    part: Part
    axes: tuple[Axis, ...]
    reference: Reference | None = None
    speaks_of: Callable[[Scenario, Scenario], bool] = every_cell
    """Of which cells the claim says it, given their worlds and those they are held against."""


@dataclass(frozen=True)
class Claim:
    """A claim of the article."""

    name: str
    says: str
    parts: tuple[Part, ...]
    favoured_by: tuple[Neutral, ...]
    against: str
    """What speaks against it, in words."""
    needs: str | None = None
    """A mechanism that is missing, without which the claim cannot be tested yet."""
    maps: tuple[Map, ...] = ()
    """Where it holds, over grids of settings."""

    @property
    def main(self) -> Part:
        """The part that is the main outcome."""
        return next(part for part in self.parts if part.role == "main")

    @property
    def net(self) -> Part | None:
        """The main outcome net of screening, where two markets are compared."""
        return next((part for part in self.parts if part.role == "net"), None)

    @property
    def judged(self) -> tuple[Part, ...]:
        """The parts whose verdicts make that of the claim."""
        return tuple(part for part in self.parts if part.role != "told")


def level(arm: str, number: str) -> tuple[Term, ...]:
    """The number in one arm."""
    return (Term(1.0, arm, number),)


def less(first: str, second: str, number: str) -> tuple[Term, ...]:
    """The number in the first arm less that in the second."""
    return (Term(1.0, first, number), Term(-1.0, second, number))


def net_of_screening(number: str, first: str = "referral", second: str = "ads") -> tuple[Term, ...]:
    """First market less second, the mean of both screened and of neither: the 2×2."""
    return (
        Term(0.5, f"{first}, screened", number),
        Term(-0.5, f"{second}, screened", number),
        Term(0.5, f"{first}, unscreened", number),
        Term(-0.5, f"{second}, unscreened", number),
    )
