"""Levers: parameters that are tuned, each over a range."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.experiments.errors import RunError
from sim.parameters import PARAMETERS
from sim.parameters.problems import ScenarioError
from sim.scenario import Scenario
from sim.scenario.names import unknown_key

_DIGITS = 6
_NARROWEST = 1e-4
"""A narrower range has too few values of so many digits to tell apart."""


@dataclass(frozen=True)
class Lever:
    """A parameter and the range in which its best value is looked for."""

    key: str
    low: float
    high: float
    whole: bool
    """Whether it takes whole numbers only."""

    @property
    def unit(self) -> str:
        """Unit of the parameter."""
        return PARAMETERS[self.key].unit

    def at(self, place: float) -> float:
        """The value at a place between 0 (low end) and 1 (high end), as it can be set."""
        value = self.low + min(max(place, 0.0), 1.0) * (self.high - self.low)
        return float(round(value)) if self.whole else round(value, _DIGITS)

    def place(self, value: float) -> float:
        """Where a value lies: 0 at the low end, 1 at the high end."""
        return (value - self.low) / (self.high - self.low)

    def setting(self, value: float) -> float | int:
        """The value in the type of the parameter."""
        return int(value) if self.whole else value


def lever_of(text: str) -> Lever:
    """The lever written as ``KEY`` (its plausible range) or ``KEY=LOW:HIGH``; RunError if none."""
    key, given, ends = (part.strip() for part in text.partition("="))
    if key not in PARAMETERS:
        raise RunError(f"lever {unknown_key(key)}")
    parameter = PARAMETERS[key]
    if not parameter.numeric:
        raise RunError(f"lever {key}: has no range: it is no number; compare its values by a sweep")
    if parameter.section == "run" or key == "population.n_consumers":
        raise RunError(f"lever {key}: says how runs are made; it is no lever")
    if given:
        try:
            low, high = (float(end) for end in ends.split(":"))
        except ValueError:
            raise RunError(f"lever {text}: expected a range, like {key}=0:0.3") from None
    elif parameter.plausible is not None:
        low, high = parameter.plausible
    else:
        raise RunError(f"lever {key}: has no range: give one, like {key}=0:1")
    if not low < high:
        raise RunError(f"lever {key}: the low end {low:g} is not below the high end {high:g}")
    if high - low < _NARROWEST:
        raise RunError(f"lever {key}: the range is narrower than {_NARROWEST:g}: give a wider one")
    whole = parameter.type == "integer"
    lever = Lever(key, low, high, whole)
    try:
        for end in (low, high):
            Scenario().with_values({key: lever.setting(end) if whole and end == int(end) else end})
    except ScenarioError as error:
        raise RunError(*(f"lever {line}" for line in error.lines)) from error
    return lever


def levers_of(texts: Sequence[str]) -> tuple[Lever, ...]:
    """The levers asked for; RunError tells all mistakes at once."""
    levers: list[Lever] = []
    mistakes: list[str] = []
    for text in texts:
        try:
            levers.append(lever_of(text))
        except RunError as error:
            mistakes += error.lines
    keys = [lever.key for lever in levers]
    mistakes += [f"lever {key}: is given twice" for key in sorted(set(keys)) if keys.count(key) > 1]
    if not texts:
        mistakes.append("tune: name a lever, like --lever referral.reward_rate")
    if mistakes:
        raise RunError(*mistakes)
    return tuple(levers)
