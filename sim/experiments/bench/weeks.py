"""Whole weeks of one market, timed stage by stage once the market has settled."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.experiments.bench.bare import BareSeconds, BareWork
from sim.model import MarketModel
from sim.network import Network
from sim.scenario import Scenario
from sim.week import STAGES
from sim.world.world import build_world

STEADY_AFTER = 12
"""Weeks that pass before the first one is timed."""
COUNTED = ("choices", "examined", "orders", "reads", "posts")


@dataclass
class Timed:
    """Seconds of the timed weeks of one number of threads, and of the bare work of each."""

    weeks: list[float] = field(default_factory=list)
    bare: list[BareSeconds] = field(default_factory=list)
    stages: dict[str, list[float]] = field(default_factory=dict)

    def document(self, n_consumers: int) -> dict[str, Any]:
        """Return medians for JSON: seconds a week, by stage too, and consumer-weeks a second."""
        median = statistics.median(self.weeks)
        document = {
            "week_seconds": median,
            "weeks_seconds": self.weeks,
            "consumer_weeks_per_second": n_consumers / median,
            "stages_seconds": {
                name: statistics.median(taken) for name, taken in self.stages.items()
            },
        }
        if self.bare:
            sums = [sum(bare) for bare in self.bare]
            document["bare"] = {
                "ties_seconds": statistics.median(bare.ties for bare in self.bare),
                "shocks_seconds": statistics.median(bare.shocks for bare in self.bare),
                "seconds": statistics.median(sums),
                "weeks_seconds": sums,
            }
            document["against_bare"] = statistics.median(
                week / bare for week, bare in zip(self.weeks, sums, strict=True)
            )
        return document


def time_weeks(
    scenario: Scenario,
    market: str,
    network: Network,
    order_of_threads: Sequence[int],
    engine: str = "array",
) -> dict[str, Any]:
    """Return the times of as many weeks as there are threads given, in that order, for JSON.

    Numbers of threads take turns on one model, so that all time the same market in the same state.
    Behind each week of the array engine comes its bare work, so that both meet the same machine.
    `n_shocks` are the Gumbel shocks a week stands for: one a product weighed, one a choice.
    """
    seed = scenario.run.seed
    world = build_world(scenario, network, seed)
    model = MarketModel(
        scenario, market, rng=seed, engine=engine, threads=max(order_of_threads), world=world
    )
    model.run_for(STEADY_AFTER)
    bare_work = BareWork(network) if engine == "array" else None
    by_stage = _stop_watch(model)
    timed = {threads: Timed() for threads in sorted(set(order_of_threads))}
    for threads in order_of_threads:
        if engine == "array":
            model.engine.threads = threads
        by_stage.clear()
        start = time.perf_counter()
        model.step()
        timed[threads].weeks.append(time.perf_counter() - start)
        for stage, seconds in by_stage.items():
            timed[threads].stages.setdefault(stage, []).append(seconds)
        if bare_work is not None:
            week = model.weekly[-1]
            n_shocks = round(float(week["choices"]) + float(week["examined"]))
            timed[threads].bare.append(bare_work.seconds(n_shocks, threads))
    rows = model.weekly[STEADY_AFTER:]
    n = world.n_consumers
    mean = {name: sum(float(row[name]) for row in rows) / len(rows) for name in COUNTED}
    return {
        "threads": {str(threads): each.document(n) for threads, each in timed.items()},
        "n_shocks": round(mean["choices"] + mean["examined"]),
        "counts": {
            "choices": mean["choices"] / n,
            "examined_per_choice": mean["examined"] / max(mean["choices"], 1.0),
            **{name: mean[name] / n for name in ("orders", "reads", "posts")},
        },
    }


def _stop_watch(model: MarketModel) -> dict[str, float]:
    """Let every stage of the model note how long it took."""
    taken: dict[str, float] = {}

    def watched(name: str, stage: Any) -> Any:
        def run() -> None:
            start = time.perf_counter()
            stage()
            taken[name] = time.perf_counter() - start

        return run

    for stage in STAGES:
        method = f"_{stage.name}"
        setattr(model, method, watched(stage.name, getattr(model, method)))
    return taken
