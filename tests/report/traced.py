"""A small traced run, made once a session of tests, for reports to read."""

from functools import lru_cache

from sim.experiments.replicate import RunOptions, replicate
from sim.experiments.store import RunSpec, RunStore, StoredRun
from sim.scenario import load_scenario

SETTINGS = {
    "population.n_consumers": 400,
    "run.weeks": 14,
    "demand.n_categories": 4,
    "merchants.n_applicants": 120,
    "referral.reward_rate": 0.15,
}


@lru_cache(maxsize=1)
def traced_run(root: str) -> StoredRun:
    """The run, stored under that root."""
    scenario = load_scenario("baseline").with_values(SETTINGS)
    store = RunStore(root)
    store.prepare(scenario.name)
    return replicate(RunSpec(scenario, "referral", 3), RunOptions(trace=True), store)
