"""How large a world is, in words, so that figures of unlike worlds are not taken for alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sim.evidence.assumed import smaller
from sim.experiments.store import scenario_of
from sim.measures.summary import counted_weeks


def world_size(
    values: Mapping[str, Any], n_consumers: int | None = None, weeks: int | None = None
) -> str:
    """People, weeks, and sellers a category of the world with these values of a document.

    With `n_consumers` or `weeks`, of the smaller world that evidence makes of it. Raises
    ScenarioError where the values make no world.
    """
    world = scenario_of("", values)
    if n_consumers is not None or weeks is not None:
        world = smaller(
            world, n_consumers or world.population.n_consumers, weeks or world.run.weeks
        )
    first, end = counted_weeks(world.run.weeks, world.run.warm_up_weeks)
    sellers = world.merchants.initial_per_category
    applicants = world.merchants.n_applicants // world.demand.n_categories
    return (
        f"{world.population.n_consumers:,} people, {end} weeks of which {end - first} count, and "
        f"{sellers} sellers a category at the start, of {applicants} applicants"
    )
