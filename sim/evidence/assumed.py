"""The plausible region: what is not known over its range, one at a time or all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from scipy.stats import qmc

from sim.parameters import OF_THE_GENERATOR, PARAMETERS, Parameter, Value
from sim.scenario import Scenario, without_effect
from sim.scenario.scenario import with_checked_values

#: Constants with a range that say which world is looked at and how often, with the reason.
NOT_VARIED = {
    "population.n_consumers": "the size of the world that is looked at",
    "network.copies": "the size of the world where its ties come from a file",
    "demand.repeat_share": "goods that last are another market than that of everyday goods",
    "run.weeks": "the length of the run that is looked at",
    "run.replicates": "how often a run is repeated",
}
#: Sections of which nothing is in the two markets compared.
NOT_COMPARED = ("hybrid",)
#: Lists that screen: nobody, one of the two markets compared, both.
_SCREENED = ((), ("referral",), ("ads",), ("referral", "ads"))


class Range(NamedTuple):
    """A parameter and the values it may plausibly have, lowest first."""

    key: str
    values: tuple[Value, ...]
    continuous: bool

    def at(self, share: float) -> Value:
        """The value at that share of the way from the first to the last, 0 to 1."""
        if not self.continuous:
            return self.values[min(int(share * len(self.values)), len(self.values) - 1)]
        low, high = self.values[0], self.values[-1]
        assert not isinstance(low, str | tuple) and not isinstance(high, str | tuple)
        value = low + share * (high - low)
        if PARAMETERS[self.key].type == "integer":
            return min(int(low) + int(share * (int(high) - int(low) + 1)), int(high))
        return round(float(value), 9)


def assumed_parameters() -> list[Parameter]:
    """The parameters whose source is an assumption about the world.

    Constants frame a run: those without a range (a file, a seed) and those of `NOT_VARIED` are left
    out, and so is what is in neither of the two markets compared.
    """
    return [
        parameter
        for parameter in PARAMETERS.values()
        if parameter.source.startswith("assumed:")
        and (parameter.kind != "constant" or parameter.plausible is not None)
        and parameter.key not in NOT_VARIED
        and parameter.section not in NOT_COMPARED
    ]


def varied_parameters() -> list[Parameter]:
    """The assumed parameters and all others that frame no run: levers, fitted, measured, cited."""
    assumed = {parameter.key for parameter in assumed_parameters()}
    return [
        parameter
        for parameter in PARAMETERS.values()
        if parameter.key in assumed
        or (parameter.kind != "constant" and parameter.section not in NOT_COMPARED)
    ]


def plausible_ranges(parameters: Sequence[Parameter] | None = None) -> list[Range]:
    """What each parameter may plausibly be; without `parameters` of every assumed one."""
    asked = assumed_parameters() if parameters is None else parameters
    return [_range_of(parameter) for parameter in asked]


def _range_of(parameter: Parameter) -> Range:
    if parameter.type == "boolean":
        return Range(parameter.key, (False, True), False)
    if parameter.type == "list":
        return Range(parameter.key, _SCREENED, False)
    if parameter.choices:
        return Range(parameter.key, parameter.choices, False)
    if parameter.plausible is None:
        raise ValueError(f"{parameter.key}: is varied and has no plausible range")
    low, high = parameter.plausible
    if parameter.type == "integer":
        return Range(parameter.key, (int(low), int(high)), True)
    return Range(parameter.key, (float(low), float(high)), True)


def varied_ranges(scenario: Scenario) -> list[Range]:
    """What every parameter that has an effect there may plausibly be in a world of that size.

    Numbers of merchants are stated for the people of the defaults and shrink with them.
    """
    usual = PARAMETERS["population.n_consumers"].default
    assert isinstance(usual, int)
    share = min(scenario.population.n_consumers / usual, 1.0)
    fewest, idle = _fewest(scenario), idle_keys(scenario)
    return [
        each._replace(values=tuple(max(round(share * v), fewest[each.key]) for v in each.values))  # type: ignore[operator]
        if each.key in fewest
        else each
        for each in plausible_ranges(varied_parameters())
        if each.key not in idle
    ]


def one_at_a_time(scenario: Scenario) -> list[tuple[str, Value]]:
    """Each parameter at each end of its range (or each other choice), all else as it is."""
    values = scenario.values()
    return [
        (each.key, value)
        for each in varied_ranges(scenario)
        for value in dict.fromkeys(each.values)
        if value != values[each.key]
    ]


def all_at_once(n: int, scenario: Scenario | None = None, seed: int = 0) -> list[dict[str, Value]]:
    """Points of a Latin hypercube over the ranges of all assumed parameters.

    What has no effect in the scenario, where one is given, is left out of them.
    Source: McKay, Beckman, Conover (1979); scipy.stats.qmc.LatinHypercube, keyed by `seed`.
    """
    ranges = plausible_ranges()
    points = qmc.LatinHypercube(len(ranges), rng=seed).random(n)
    idle = idle_keys(scenario) if scenario else set()
    return [
        {
            each.key: each.at(float(share))
            for each, share in zip(ranges, point, strict=True)
            if each.key not in idle
        }
        for point in points
    ]


def smaller(scenario: Scenario, n_consumers: int, weeks: int) -> Scenario:
    """The scenario with at most so many people and weeks, and merchants in proportion to people."""
    now = scenario.population.n_consumers
    n = min(n_consumers, now)
    share = n / max(now, 1)
    values, fewest = scenario.values(), _fewest(scenario)
    # not `with_values`: on ties from a file the number of people only scales that of merchants
    return with_checked_values(
        scenario,
        {
            "population.n_consumers": n,
            "run.weeks": min(weeks, scenario.run.weeks),
            **{key: max(round(share * values[key]), least) for key, least in fewest.items()},  # type: ignore[operator]
        },
    )


def idle_keys(scenario: Scenario) -> set[str]:
    """Keys of what has no effect in the scenario."""
    return {each.key for each in without_effect(scenario, dict.fromkeys(OF_THE_GENERATOR))}


def _fewest(scenario: Scenario) -> dict[str, int]:
    """What grows with people, and the least of it that a small world has."""
    return {
        "merchants.n_applicants": scenario.demand.n_categories,
        "merchants.initial_per_category": 3,
    }


def changes(settings: Mapping[str, Value]) -> dict[str, Value]:
    """Settings with lists where parameters have lists, as they stand in JSON."""
    return {
        key: list(value) if isinstance(value, tuple) else value  # type: ignore[misc]
        for key, value in settings.items()
    }
