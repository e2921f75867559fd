"""What a search found, as the document and the tables that are kept."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.moves import Move
from sim.experiments.tuning.optimum import (
    HIGH,
    LOW,
    Crossing,
    Optimum,
    Response,
    judged,
    last_above,
)
from sim.experiments.tuning.pareto import front
from sim.experiments.tuning.quantities import QUANTITIES, Objective
from sim.experiments.tuning.sample import (
    Measured,
    Point,
    Sample,
    measured,
    places_of,
    response_of,
)
from sim.experiments.tuning.search import Question

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


class Judged:
    """One objective at one horizon: its response, where that is best, and what is gained."""

    def __init__(
        self,
        question: Question,
        sample: Sample,
        objective: Objective,
        horizon: int,
        smallest: float | None,
    ) -> None:
        self.objective, self.horizon, self.levers = objective, horizon, question.levers
        self.means: Measured = measured(
            sample, horizon, objective, question.constraints, question.seed
        )
        places = places_of(question.levers, tuple(sample.of_points), question.seed)
        own = [_place(question.levers, question.present)]
        if min(own[0]) >= 0.0 and max(own[0]) <= 1.0:
            places = np.unique(np.vstack([places, np.array(own)]), axis=0)
        self.response: Response = response_of(self.means, question.levers, places, question.seed)
        self.optimum: Optimum = judged(self.response, smallest)
        self.present = question.present

    @property
    def point(self) -> Point:
        """The best values of the levers; only where some are allowed."""
        assert self.optimum.best is not None
        place = self.response.places[self.optimum.best]
        return tuple(lever.at(share) for lever, share in zip(self.levers, place))

    def values(self, places: Floats) -> dict[str, float | None]:
        """Values of the levers at a place, by key."""
        return {
            lever.key: None if np.isnan(share) else _value(lever, float(share))
            for lever, share in zip(self.levers, places)
        }

    def gain(self) -> dict[str, float] | None:
        """The objective at the best values less that at the present ones, paired."""
        if self.optimum.best is None or self.present not in self.means.points:
            return None
        own = np.array(_place(self.levers, self.present))
        match = np.nonzero(np.isclose(self.response.places, own).all(axis=1))[0]
        if len(match):
            now, drawn = self.response.estimate[match[0]], self.response.draws[:, match[0]]
        else:
            row = self.means.points.index(self.present)
            now = self.means.means.estimate[row, 0]
            drawn = self.means.means.draws[:, row, 0]
        best = self.optimum.best
        return _interval(
            float(self.response.estimate[best] - now), self.response.draws[:, best] - drawn
        )

    def document(self) -> dict[str, Any]:
        """Where the objective is best at this horizon, and how sure that is."""
        best, optimum = self.optimum.best, self.optimum
        ends = {"low": self.values(optimum.low), "high": self.values(optimum.high)}
        flat = {"low": self.values(optimum.flat_low), "high": self.values(optimum.flat_high)}
        keys = [lever.key for lever in self.levers]
        told: dict[str, Any] = {
            "objective": self.objective.text,
            "horizon": self.horizon,
            "verdict": optimum.verdict,
            "reason": optimum.reason,
            "recommended": None,
            "interval": {key: [ends["low"][key], ends["high"][key]] for key in keys},
            "flat_region": {key: [flat["low"][key], flat["high"][key]] for key in keys},
            "edge": {key: edge for key, edge in zip(keys, optimum.edges) if edge},
            "open": [key for key, wide in zip(keys, optimum.wide) if wide],
            "smallest_effect": optimum.smallest,
            "at_best": None,
            "gain_over_present": self.gain(),
        }
        if best is not None:
            told["recommended"] = self.values(self.response.places[best])
            told["at_best"] = _interval(
                float(self.response.estimate[best]), self.response.draws[:, best]
            )
        return told

    def break_even(self) -> dict[str, Any] | None:
        """The highest value as good as none of the lever, and as good as the other market."""
        if len(self.levers) > 1:
            return None
        lever, response = self.levers[0], self.response
        zero = lever.place(0.0) if lever.low <= 0.0 <= lever.high else 0.0
        start = int(np.abs(response.places[:, 0] - zero).argmin())
        above = response.estimate - response.estimate[start]
        drawn = response.draws - response.draws[:, [start]]
        told = {
            "none": {
                "value": _value(lever, float(response.places[start, 0])),
                **self._crossing(start, above, drawn),
            }
        }
        if self.means.has_other:
            other = self.means.means
            told["market"] = self._crossing(
                0,
                response.estimate - other.estimate[-1, 0],
                response.draws - other.draws[:, -1:, 0],
            )
        return told

    def _crossing(self, start: int, above: Floats, drawn: Floats) -> dict[str, Any]:
        places = self.response.places[start:, 0]
        found = last_above(places, above[start:], drawn[:, start:])
        if start + 1 < len(self.response.places) and found.place is not None and start >= 0:
            step = float(places[1] - places[0]) if len(places) > 1 else 0.0
            if found.place <= places[0] + step and abs(above[start]) < 1e-9:
                found = Crossing(None, None, None, "never")
        lever = self.levers[0]
        at, low, high = (
            None if place is None else _value(lever, place)
            for place in (found.place, found.low, found.high)
        )
        return {"state": found.state, "at": at, "low": low, "high": high}


class Found:
    """Everything that a search came to."""

    def __init__(self, question: Question, sample: Sample, smallest: float | None) -> None:
        self.question, self.sample = question, sample
        self.judged = [
            Judged(question, sample, objective, horizon, smallest)
            for objective in question.objectives
            for horizon in question.horizons
        ]

    @cached_property
    def main(self) -> Judged:
        """The first objective at the longest horizon."""
        return self.of(0)[-1]

    def of(self, objective: int) -> list[Judged]:
        """The horizons of an objective."""
        n = len(self.question.horizons)
        return self.judged[objective * n : (objective + 1) * n]


def document_of(found: Found, moves: Sequence[Move]) -> dict[str, Any]:
    """What is told of a tuning."""
    question = found.question
    pareto = []
    if len(question.objectives) > 1:
        first, second = found.of(0)[-1], found.of(1)[-1]
        for row in front(first.response, second.response):
            values = first.values(first.response.places[int(row.pop("place"))])
            pareto.append({**values, **row})
    short, long = found.of(0)[0], found.of(0)[-1]
    return {
        "levers": [
            {
                "key": lever.key,
                "unit": lever.unit,
                "low": lever.low,
                "high": lever.high,
                "present": value,
            }
            for lever, value in zip(question.levers, question.present)
        ],
        "objectives": [
            {"text": each.text, "unit": each.unit, "terms": [list(term) for term in each.terms]}
            for each in question.objectives
        ],
        "constraints": [
            {"text": each.text, "unit": QUANTITIES[each.quantity]} for each in question.constraints
        ],
        "horizons": list(question.horizons),
        "n_runs": found.sample.n_runs,
        "interval_of": "95 %, from a paired bootstrap over seeds of the smooth response",
        **long.document(),
        "short_run": short.document() if len(question.horizons) > 1 else None,
        "long_run": long.document(),
        "each_objective": [each.document() for each in found.judged],
        "break_even": long.break_even(),
        "moves": _moves(question.levers, moves),
        "pareto": pareto,
    }


def tables_of(found: Found, moves: Sequence[Move]) -> "dict[str, pd.DataFrame]":
    """Tables of a tuning: trials, response, moves."""
    import pandas as pd

    levers = found.question.levers
    trials, responses = [], []
    for each in found.judged:
        means = each.means.of_points
        about = {"objective": each.objective.text, "horizon": each.horizon}
        for row, point in enumerate(each.means.points):
            interval = _interval(float(means.estimate[row, 0]), means.draws[:, row, 0])
            values = {lever.key: value for lever, value in zip(levers, point)}
            trials.append({**about, **values, **interval, "n": int(means.n[row])})
        allowed = each.response.allowed
        for place, share in enumerate(each.response.places):
            interval = _interval(
                float(each.response.estimate[place]), each.response.draws[:, place]
            )
            row_of = {**about, **each.values(share), **interval, "allowed": bool(allowed[place])}
            near = np.isclose(np.array([_place(levers, p) for p in each.means.points]), share)
            match = np.nonzero(near.all(axis=1))[0]
            row_of["n"] = int(means.n[match[0]]) if len(match) else 0
            responses.append(row_of)
    moved = [
        {
            "parameter": move.parameter,
            "end": move.end,
            "set_to": move.value,
            "verdict": move.optimum.verdict,
            **{
                name: value
                for k, lever in enumerate(levers)
                for name, value in (
                    (lever.key, move.point[k] if move.point else float("nan")),
                    (f"{lever.key} low", _value(lever, float(move.optimum.low[k]))),
                    (f"{lever.key} high", _value(lever, float(move.optimum.high[k]))),
                )
            },
        }
        for move in moves
    ]
    return {
        "trials": pd.DataFrame(trials),
        "response": pd.DataFrame(responses),
        "moves": pd.DataFrame(moved),
    }


def _moves(levers: Sequence[Lever], moves: Sequence[Move]) -> list[dict[str, Any]]:
    ends = {(move.parameter, move.end): move for move in moves}
    return [
        {
            "parameter": key,
            **{
                f"at_{end}": {
                    "set_to": ends[key, end].value,
                    "verdict": ends[key, end].optimum.verdict,
                    "recommended": list(ends[key, end].point or []),
                    "interval": _interval_of_levers(levers, ends[key, end].optimum),
                }
                for end in ("low", "high")
            },
        }
        for key in dict.fromkeys(move.parameter for move in moves)
    ]


def _interval_of_levers(levers: Sequence[Lever], optimum: Optimum) -> dict[str, list[float | None]]:
    return {
        lever.key: [
            None if np.isnan(ends[k]) else _value(lever, float(ends[k]))
            for ends in (optimum.low, optimum.high)
        ]
        for k, lever in enumerate(levers)
    }


def _place(levers: Sequence[Lever], point: Point) -> list[float]:
    return [lever.place(value) for lever, value in zip(levers, point)]


def _value(lever: Lever, place: float) -> float:
    return lever.at(place) if place == place else float("nan")


def _interval(estimate: float, draws: Floats) -> dict[str, float]:
    low, high = np.percentile(draws, [LOW, HIGH])
    return {
        "estimate": estimate,
        "low": min(float(low), estimate),
        "high": max(float(high), estimate),
    }
