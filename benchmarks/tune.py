"""Tuning with 200 runs against a grid of 2,000 runs, on a shipped scenario.

The fee of the sharing platform has a clear best value for its profit: nothing is earned at no fee,
and a high one drives buyers away. The weight of a second reward level has none where there is one
level. Other seeds are used for the tuning than for the grid, so neither knows the other's luck.

    python benchmarks/tune.py [--store DIR]
"""

import argparse
import sys
import tempfile
import time

import numpy as np

from sim import load_scenario, tune
from sim.experiments.checks import checked_options
from sim.experiments.crew import Crew
from sim.experiments.progress import ProgressShown, Silence
from sim.experiments.store import RunStore
from sim.experiments.tuning.evaluate import Runs
from sim.experiments.tuning.levers import lever_of
from sim.experiments.tuning.optimum import Optimum, Response, judged
from sim.experiments.tuning.quantities import objective_of
from sim.experiments.tuning.sample import Sample, measured, places_of, response_of
from sim.scenario import Scenario

CLEAR, FLAT, OBJECTIVE = "referral.fee_rate=0:0.3", "referral.level_decay", "platform_profit"
VALUES, GRID_RUNS, TUNE_RUNS, FLAT_RUNS = 40, 2_000, 200, 200
WORLD = {"population.n_consumers": 300, "run.weeks": 16}
OTHER_SEED = 100_001


def by_grid(
    scenario: Scenario, text: str, n_runs: int, store: str
) -> tuple[Response, Optimum, float]:
    """The response of a grid of values with many seeds each, judged; and the seconds it took."""
    lever, objective = lever_of(text), objective_of(OBJECTIVE)
    options = checked_options(None, None, False, ["referral"])
    weeks = scenario.run.weeks
    began = time.perf_counter()
    title = f"grid of {n_runs} runs over {lever.key}"
    with ProgressShown(title) as progress, Crew() as crew:
        runs = Runs(
            scenario, "referral", None, (lever,), (weeks,), frozenset(), RunStore(store),
            options, None, progress, crew,
        )  # fmt: skip
        asked = [
            ((lever.at(place),), seed)
            for place in np.linspace(0.0, 1.0, VALUES)
            for seed in range(n_runs // VALUES)
        ]
        sample = Sample()
        for (point, seed), found in zip(asked, runs.measure(asked), strict=True):
            sample.add(point, seed, found)
    means = measured(sample, weeks, objective, (), 1)
    response = response_of(means, (lever,), places_of((lever,)), 1)
    return response, judged(response), time.perf_counter() - began


def main() -> int:
    """0 if the bars are met, else 1."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", default=tempfile.mkdtemp())
    store = parser.parse_args().store
    grid_scenario = load_scenario("quick").with_values(WORLD)
    tuned_scenario = grid_scenario.with_values({"run.seed": OTHER_SEED})
    lever = lever_of(CLEAR)
    response, of_grid, seconds = by_grid(grid_scenario, CLEAR, GRID_RUNS, store)
    assert of_grid.best is not None
    top = float(response.estimate[of_grid.best])
    best = lever.at(float(response.places[of_grid.best, 0]))
    print(f"grid, {GRID_RUNS} runs, {seconds:.0f} s: {of_grid.verdict} at {best:.4f}")
    began = time.perf_counter()
    found = tune(
        tuned_scenario, CLEAR, OBJECTIVE, runs=TUNE_RUNS, moves=0, out=store, progress=Silence(),
        figures=False,
    ).document  # fmt: skip
    low, high = found["interval"][lever.key]
    here = found["recommended"][lever.key]
    at = float(np.interp(lever.place(here), response.places[:, 0], response.estimate))
    regret = 1.0 - at / top
    print(
        f"tune, {found['n_runs']} runs, {time.perf_counter() - began:.0f} s: {found['verdict']} "
        f"at {here:.4f} [{low:.4f}, {high:.4f}], {100 * (high - low):.2f} points wide, "
        f"{'covers' if low <= best <= high else 'misses'} the grid's, regret {100 * regret:.3f} %"
    )
    _, flat_grid, _ = by_grid(grid_scenario, FLAT, FLAT_RUNS, store)
    flat = tune(
        tuned_scenario, FLAT, OBJECTIVE, runs=40, moves=0, out=store, figures=False
    ).document["verdict"]
    print(f"on a flat lever: grid says {flat_grid.verdict!r}, tune says {flat!r}")
    good = found["verdict"] == of_grid.verdict == "optimum" and low <= best <= high
    good = good and high - low <= 0.05 and regret <= 0.01
    return 0 if good and flat == flat_grid.verdict == "no clear optimum" else 1


if __name__ == "__main__":
    sys.exit(main())
