"""How the recommendation moves with what is not known: uncertainties at their plausible ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiments.errors import RunError
from sim.experiments.tuning.evaluate import Runs
from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.optimum import Optimum, judged, nowhere
from sim.experiments.tuning.sample import Point, Sample, measured, places_of, response_of
from sim.experiments.tuning.search import Question
from sim.parameters import PARAMETERS
from sim.scenario.names import unknown_key

CANDIDATES = (
    "sharing.annoyance",
    "sharing.sincerity_kappa_outer",
    "sharing.money_response",
    "sharing.posting_intercept",
    "sharing.opportunist_share",
    "merchants.entry_pace",
    "merchants.quality_cost_correlation",
    "screening.audit_correlation",
    "demand.price_sensitivity",
    "network.mean_degree",
)
"""Uncertainties among which the most decisive are looked for: those that rewards act through, and
those that decide what there is to recommend."""

_SCREENED_SEEDS, _SEEDS = 2, 4
_VALUES = 6
"""Values of each lever tried at each end."""
_STEP = 0.25
"""How far from the recommendation the screening looks, as a share of the range."""


@dataclass(frozen=True)
class Move:
    """The best value with one uncertainty at one of its plausible ends."""

    parameter: str
    end: str
    """low or high"""
    value: float
    """What the uncertainty is set to."""
    optimum: Optimum
    point: Point | None
    """The best values of the levers there."""


def check_uncertainties(keys: Sequence[str], levers: Sequence[Lever]) -> None:
    """Refuse keys that name no parameter with a plausible range; all mistakes at once."""
    mistakes = []
    for key in keys:
        if key not in PARAMETERS:
            mistakes.append(f"uncertainty {unknown_key(key)}")
        elif PARAMETERS[key].plausible is None or not PARAMETERS[key].numeric:
            mistakes.append(f"uncertainty {key}: has no plausible range")
        elif key in {lever.key for lever in levers}:
            mistakes.append(f"uncertainty {key}: is a lever here; it cannot be both")
        elif keys.count(key) > 1:
            mistakes.append(f"uncertainty {key}: is given twice")
    if mistakes:
        raise RunError(*dict.fromkeys(mistakes))


def n_runs_of_moves(n_decisive: int, n_given: int, n_levers: int) -> int:
    """Runs that the moves take."""
    if not n_decisive and not n_given:
        return 0
    screened = 0 if n_given else len(CANDIDATES) * 4 * _SCREENED_SEEDS
    return screened + 2 * (n_given or n_decisive) * _VALUES * n_levers * _SEEDS


def moves_of(
    question: Question,
    runs: Runs,
    best: Point,
    uncertainties: Sequence[str],
    n_decisive: int,
    smallest: float,
) -> list[Move]:
    """The best values at the plausible ends of each uncertainty, a low and a high end each.

    Without `uncertainties` the `n_decisive` among the candidates are taken that turn the slope of
    the objective about the recommendation most.
    """
    levers = {lever.key for lever in question.levers}
    chosen = list(uncertainties)
    if not chosen:
        candidates = [key for key in CANDIDATES if key not in levers]
        chosen = _most_decisive(question, runs, best, candidates)[:n_decisive]
    if not chosen:
        return []
    points = _points(question)
    ends = [(key, end, _end(key, end)) for key in chosen for end in ("low", "high")]
    asked = [
        (key, value, point, seed)
        for key, _, value in ends
        for point in points
        for seed in range(_SEEDS)
    ]
    found = runs.measure(
        [(point, seed) for _, _, point, seed in asked],
        [{key: value} for key, value, _, _ in asked],
    )
    samples: dict[tuple[str, Any], Sample] = {}
    for (key, value, point, seed), quantities in zip(asked, found, strict=True):
        samples.setdefault((key, value), Sample()).add(point, seed, quantities)
    return [
        _move(question, key, end, float(value), samples[key, value], smallest)
        for key, end, value in ends
    ]


def _move(
    question: Question, key: str, end: str, value: float, sample: Sample, smallest: float
) -> Move:
    places = places_of(question.levers, tuple(sample.of_points), question.seed)
    try:
        means = measured(
            sample,
            question.horizons[-1],
            question.objectives[0],
            question.constraints,
            question.seed,
        )
    except RunError:  # nothing of the kind happens at this end
        return Move(key, end, value, nowhere(len(question.levers), "not defined", smallest), None)
    response = response_of(means, question.levers, places, question.seed)
    optimum = judged(response, smallest)
    point = None
    if optimum.best is not None:
        point = tuple(
            lever.at(place) for lever, place in zip(question.levers, response.places[optimum.best])
        )
    return Move(key, end, value, optimum, point)


def _points(question: Question) -> list[Point]:
    n_levers = len(question.levers)
    if n_levers == 1:
        lever = question.levers[0]
        return list(dict.fromkeys((lever.at(p),) for p in np.linspace(0, 1, _VALUES)))
    places = places_of(question.levers, (), question.seed)
    rows = np.random.default_rng(question.seed).choice(len(places), _VALUES * n_levers, False)
    return [
        tuple(lever.at(place) for lever, place in zip(question.levers, places[row])) for row in rows
    ]


def _end(key: str, end: str) -> float | int:
    parameter = PARAMETERS[key]
    assert parameter.plausible is not None
    value = parameter.plausible[0 if end == "low" else 1]
    return int(value) if parameter.type == "integer" else float(value)


def _most_decisive(
    question: Question, runs: Runs, best: Point, candidates: Sequence[str]
) -> list[str]:
    """Candidates by how much the slope about the best values turns between their ends."""
    below, above = (
        tuple(lever.at(lever.place(value) + step) for lever, value in zip(question.levers, best))
        for step in (-_STEP, _STEP)
    )
    asked = [
        (key, end, point, seed)
        for key in candidates
        for end in ("low", "high")
        for point in (below, above)
        for seed in range(_SCREENED_SEEDS)
    ]
    found = runs.measure(
        [(point, seed) for _, _, point, seed in asked],
        [{key: _end(key, end)} for key, end, _, _ in asked],
    )
    horizon, objective = question.horizons[-1], question.objectives[0]
    turn: dict[str, float] = dict.fromkeys(candidates, 0.0)
    for (key, end, point, _), quantities in zip(asked, found, strict=True):
        if quantities:
            sign = (1.0 if end == "high" else -1.0) * (1.0 if point == above else -1.0)
            turn[key] += sign * objective.of(quantities[horizon])
    return sorted(turn, key=lambda key: -abs(turn[key]))
