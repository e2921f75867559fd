"""Inputs of a sensitivity study: parameters over their plausible ranges, and luck."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.checks import settings_not_heard
from sim.experiments.errors import RunError
from sim.parameters import OF_THE_GENERATOR, PARAMETERS
from sim.scenario import Scenario, without_effect
from sim.scenario.names import unknown_key

SEED = "seed"
"""Name of luck among the inputs."""
SEEDS = 1_000
"""How many lucks there are to draw from; the first is `run.seed`, which may be 0."""
_LEFT_OUT = ("run", "shocks")
"""Sections that frame a run or only act from a given week on: name parameters to vary them."""


@dataclass(frozen=True)
class Input:
    """A parameter over its plausible range, every value in it as likely."""

    key: str
    low: float
    high: float
    whole: bool

    @property
    def bounds(self) -> list[float]:
        """Between what the number is drawn; the ends of whole numbers get their full weight."""
        return [self.low - 0.5, self.high + 0.5] if self.whole else [self.low, self.high]

    def setting(self, drawn: float) -> float | int:
        """The value to set."""
        if not self.whole:
            return float(drawn)
        return int(np.clip(round(drawn), self.low, self.high))


def inputs_of(
    keys: Sequence[str], scenario: Scenario | None, markets: Sequence[str]
) -> list[Input]:
    """The inputs of those keys, or all levers and uncertainties with a range.

    What has no effect in these markets, or in the scenario where it is known, is none. RunError
    tells all mistakes at once.
    """
    mistakes = []
    for key in keys:
        if key not in PARAMETERS:
            mistakes.append(f"parameter {unknown_key(key)}")
        elif PARAMETERS[key].plausible is None or not PARAMETERS[key].numeric:
            mistakes.append(f"parameter {key}: has no plausible range to vary it over")
        elif keys.count(key) > 1:
            mistakes.append(f"parameter {key}: is given twice")
        elif PARAMETERS[key].section == "run":
            mistakes.append(f"parameter {key}: says how runs are made; it cannot be varied")
    unheard = settings_not_heard(markets, PARAMETERS)
    unheard += without_effect(scenario, dict.fromkeys(OF_THE_GENERATOR)) if scenario else []
    idle = {problem.key: problem for problem in unheard}
    mistakes += [f"parameter {idle[key]}" for key in keys if key in idle]
    if mistakes:
        raise RunError(*dict.fromkeys(mistakes))
    chosen = keys or [
        key
        for key, parameter in PARAMETERS.items()
        if parameter.kind in ("lever", "uncertainty")
        and parameter.numeric
        and parameter.plausible is not None
        and parameter.section not in _LEFT_OUT
        and key not in idle
    ]
    found = []
    for key in chosen:
        plausible = PARAMETERS[key].plausible
        assert plausible is not None
        found.append(Input(key, *plausible, whole=PARAMETERS[key].type == "integer"))
    return found


def problem_of(inputs: Sequence[Input], with_seed: bool) -> dict[str, Any]:
    """The inputs as SALib takes them."""
    names = [each.key for each in inputs] + ([SEED] if with_seed else [])
    bounds = [each.bounds for each in inputs] + ([[0.0, float(SEEDS)]] if with_seed else [])
    return {"num_vars": len(names), "names": names, "bounds": bounds}


def settings_of(
    inputs: Sequence[Input], rows: NDArray[np.float64]
) -> list[tuple[Mapping[str, Any], int]]:
    """Settings and number of the seed of each row; a column after the inputs is luck."""
    found: list[tuple[Mapping[str, Any], int]] = []
    for row in rows:
        values = {each.key: each.setting(drawn) for each, drawn in zip(inputs, row)}
        number = min(int(row[len(inputs)]), SEEDS - 1) if len(row) > len(inputs) else 0
        found.append((values, number))
    return found
