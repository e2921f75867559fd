"""The search for the best value: rounds of runs, each where the last ones say it matters.

What was tried stands in an Optuna study on SQLite, a trial for each point and batch of seeds, with
the mean paired difference from the present setting as its value. A search that was broken off
goes on from there, and one with a larger budget goes on where the smaller one ended.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.experiments.errors import StoreError
from sim.experiments.tuning.allocation import Batch, first_batches, next_batches
from sim.experiments.tuning.levers import Lever
from sim.experiments.tuning.optimum import Response
from sim.experiments.tuning.quantities import Constraint, Objective
from sim.experiments.tuning.sample import (
    Point,
    Quantities,
    Sample,
    measured,
    places_of,
    response_of,
)

if TYPE_CHECKING:
    import optuna

Measure = Callable[[Sequence[tuple[Point | None, int]]], Sequence[Quantities]]
"""Makes runs at points with seed numbers; no point stands for the other market."""


@dataclass(frozen=True)
class Question:
    """What is looked for."""

    levers: tuple[Lever, ...]
    objectives: tuple[Objective, ...]
    constraints: tuple[Constraint, ...]
    horizons: tuple[int, ...]
    """In weeks, ascending; the last one decides."""
    present: Point
    """Values of the levers in the scenario as it stands."""
    budget: int
    """Runs to be made."""
    other: bool
    """Whether a market is compared with."""
    seed: int


def search(question: Question, measure: Measure, storage: Path | None = None) -> Sample:
    """All runs of the search; `storage` is the SQLite file of its study."""
    study = _study(storage, len(question.objectives))
    sample = Sample()
    waiting = _already_tried(study)
    resumed = bool(waiting)
    if not resumed:
        waiting = first_batches(
            question.levers, question.present, question.budget, question.other, question.seed
        )
    while waiting:
        asked = [(batch.point, seed) for batch in waiting for seed in batch.seeds]
        for (point, seed), quantities in zip(asked, measure(asked), strict=True):
            sample.add(point, seed, quantities)
        if not resumed:
            _tell(study, question, sample, waiting)
        resumed = False
        waiting = next_batches(
            sample,
            question.levers,
            question.present,
            responses_of(question, sample),
            question.budget,
            question.other,
            question.seed,
        )
    return sample


def responses_of(question: Question, sample: Sample) -> list[Response]:
    """The response of each objective at each horizon, the most important first.

    Two objectives are joined by random weights as well, so that runs are made all along the front.
    """
    places = places_of(question.levers, tuple(sample.of_points), question.seed)
    found = [
        response_of(
            measured(sample, horizon, objective, question.constraints, question.seed),
            question.levers,
            places,
            question.seed,
        )
        for horizon in reversed(question.horizons)
        for objective in question.objectives
    ]
    if len(question.objectives) > 1:
        found.insert(0, _between(found[0], found[1], question.seed + sample.n_runs))
    return found


def _between(first: Response, second: Response, seed: int) -> Response:
    """Every draw weighs the two objectives in its own way (Knowles 2006)."""
    weights = np.random.default_rng(seed).random((len(first.draws), 1))

    def scaled(response: Response) -> Any:
        low, high = response.estimate.min(), response.estimate.max()
        return low, max(float(high - low), 1e-12)

    (low_1, span_1), (low_2, span_2) = scaled(first), scaled(second)
    draws = weights * (first.draws - low_1) / span_1
    draws = draws + (1.0 - weights) * (second.draws - low_2) / span_2
    middle = (first.estimate - low_1) / span_1 + (second.estimate - low_2) / span_2
    return Response(first.places, 0.5 * middle, draws, first.slack)


def _study(storage: Path | None, n_objectives: int) -> "optuna.Study":
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)
    directions: list[Literal["maximize"]] = ["maximize"] * n_objectives
    if storage is None:
        return optuna.create_study(directions=directions)
    from sqlalchemy.exc import SQLAlchemyError

    try:
        storage.parent.mkdir(parents=True, exist_ok=True)
        return optuna.create_study(
            storage=f"sqlite:///{storage}",
            study_name="tune",
            load_if_exists=True,
            directions=directions,
        )
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{storage}: cannot be written: {reason}") from error
    except SQLAlchemyError as error:
        hint = "delete it: the search begins again, with the runs that are stored"
        raise StoreError(f"{storage}: is no search that can be gone on with: {hint}") from error


def _already_tried(study: "optuna.Study") -> list[Batch]:
    batches = []
    for trial in study.get_trials(deepcopy=False):
        point, first, end = (trial.user_attrs[name] for name in ("point", "first", "end"))
        batches.append(Batch(None if point is None else tuple(point), tuple(range(first, end))))
    return batches


def _tell(
    study: "optuna.Study", question: Question, sample: Sample, batches: Sequence[Batch]
) -> None:
    """Keep what was tried, batch by batch."""
    import optuna

    present = sample.of_points[question.present]
    horizon = question.horizons[-1]
    trials = []
    for batch in batches:
        runs = sample.of_other if batch.point is None else sample.of_points[batch.point]
        gains = [
            [
                objective.of(runs[seed][horizon]) - objective.of(present[seed][horizon])
                for seed in batch.seeds
                if runs[seed] and present.get(seed)
            ]
            for objective in question.objectives
        ]
        values = [float(np.mean(gain)) if gain else np.nan for gain in gains]
        known = not np.isnan(values).any()
        distributions: dict[str, optuna.distributions.BaseDistribution] = {
            lever.key: optuna.distributions.FloatDistribution(
                min(lever.low, value), max(lever.high, value)
            )
            for lever, value in zip(question.levers, batch.point or ())
        }
        trials.append(
            optuna.trial.create_trial(
                params=dict(zip(distributions, batch.point or ())),
                distributions=distributions,
                values=values if known else None,
                state=optuna.trial.TrialState.COMPLETE if known else optuna.trial.TrialState.FAIL,
                user_attrs={
                    "point": None if batch.point is None else list(batch.point),
                    "first": batch.seeds[0],
                    "end": batch.seeds[-1] + 1,
                },
            )
        )
    study.add_trials(trials)
