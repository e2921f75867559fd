"""Answers to the known-answer families of cascades and adoption, by the engine in its limits."""

from __future__ import annotations

import math
from operator import index
from typing import Any

import numpy as np
from scipy.stats import poisson

from sim.evidence.limit_runs import (
    MARKET,
    Tables,
    in_threads,
    independent_cascades,
    run_until_silent,
)
from sim.evidence.rule_answers import Answered, Family, Inputs
from sim.model import MarketModel
from sim.scenario import Scenario, load_scenario

_SEED = 1
#: Independent cascades that answer a case, and how many do where they are large.
N_CASCADES, N_LARGE_CASCADES = 100_000, 2_500
#: People in all cascades of a graph together, from which on there are fewer cascades.
MOST_PEOPLE = 20_000_000

#: Sizes whose probabilities are told of cascades on random networks.
SIZES_TOLD = 4
READ_PROB = 0.5
"""Chance that a read converts on random networks; the mean degree makes the rest."""
SUBCRITICAL_PEOPLE, SUPERCRITICAL_PEOPLE = 200_000, 120_000
MOST_NETWORKS, FEWEST_NETWORKS = 260, 20
CROWD_SHARE = 0.02
"""Share of people from which on cascades are in each other's way. Who still grows then is large."""

MIXED_DEGREE = 100.0
INVITE_PROB = 0.02
MOST_PER_STEP = 0.01
"""Most that p + q may be in one step: the hazard is constant within it."""
LEAST_STEPS = 40


def independent_cascade(inputs: Inputs) -> Answered:
    """Return size and reach of independent cascades on a graph, from copies of it side by side."""
    n = index(inputs["n"])
    if n < 1:
        raise ValueError(f"n must be 1 or more, not {n}")
    edges = [(index(a), index(b), float(p)) for a, b, p in inputs["edges"]]
    if not inputs.get("directed", False):
        edges += [(b, a, p) for a, b, p in edges]
    copies = min(N_CASCADES, max(N_LARGE_CASCADES, MOST_PEOPLE // n))
    initial = [index(person) for person in inputs["initial_adopters"]]
    found = independent_cascades(n, edges, initial, copies, seed=_SEED, threads=1)
    pmf = np.bincount(found.sizes, minlength=n + 1) / copies
    got = {
        "expected_spread": float(found.sizes.mean()),
        "activation_prob": found.adopted_share.tolist(),
        "size_pmf": pmf.tolist(),
    }
    return got, copies


def poisson_cascade(inputs: Inputs) -> Answered:
    """Return sizes of cascades on random networks of a reproduction number, over many networks.

    Few people begin in each network, so that cascades hardly meet while they are small. A cascade
    is large if it still grows when a fiftieth of the people have adopted; together the large ones
    reach what one of them would reach.
    """
    number = float(inputs["reproduction_number"])
    if not 0.0 <= number < math.inf:
        raise ValueError(f"reproduction_number must be 0 or more, not {number}")
    n_people, n_initial, n_networks = _design(number)
    degree = number / READ_PROB
    scenario = load_scenario("limits/poisson_cascade").with_values(
        {
            "population.n_consumers": n_people,
            "population.initial_member_share": n_initial / n_people,
            "network.mean_degree": degree,
            "trust.layer_trust_inner": READ_PROB,
            "trust.layer_trust_outer": READ_PROB,
            "sharing.attention": int(poisson.isf(1e-12, degree)) + 1,
        }
    )

    def run(network: int) -> tuple[np.ndarray, np.ndarray]:
        tables = run_until_silent(scenario, _SEED + network, threads=1)
        return tables["cascades"]["size"].to_numpy(), _is_large(tables, n_people)

    runs = in_threads(run, range(n_networks))
    sizes = np.concatenate([size for size, _ in runs])
    large = np.concatenate([is_large for _, is_large in runs])
    reached = [size[is_large].sum() / n_people for size, is_large in runs if is_large.any()]
    got = {
        "mean_size": float(sizes.mean()),
        f"P_size_1_to_{SIZES_TOLD}": [
            float((sizes == size).mean()) for size in range(1, SIZES_TOLD + 1)
        ],
        "final_size_share": float(np.mean(reached)) if reached else 0.0,
        "extinction_prob": float(1.0 - large.mean()),
    }
    return got, len(sizes)


def bass(inputs: Inputs) -> Answered:
    """Return the share of people who have joined at the times given, of 100,000 people."""
    p, q = float(inputs["p"]), float(inputs["q"])
    times = [float(t) for t in inputs["t"]]
    if min(p, q, *times) < 0.0:
        raise ValueError("p, q and t must be 0 or more")
    steps = max(LEAST_STEPS, math.ceil((p + q) / MOST_PER_STEP))
    weeks = math.ceil(max(times) * steps)
    invite_prob = INVITE_PROB if q > 0.0 else 0.0
    scenario = load_scenario("limits/bass").with_values(
        {
            "population.join_rate_per_week": p / steps,
            "network.mean_degree": MIXED_DEGREE,
            "sharing.invite_prob": invite_prob,
            "sharing.join_prob": q / steps / (MIXED_DEGREE * INVITE_PROB),
            "run.weeks": weeks,
        }
    )
    members = _members(scenario, weeks)
    n_people = scenario.population.n_consumers
    joined = np.interp(np.array(times) * steps, np.arange(weeks + 1), members) / n_people
    return {"F": joined.tolist()}, n_people


def _design(number: float) -> tuple[int, int, int]:
    """Return the people of a network, how many of them begin, and the number of networks.

    Below 1, cascades meet the less the fewer begin, and are the larger the nearer the number is to
    1: for 100,000 cascades at 0.5, one person in 500 begins. Above 1, so few that those cascades
    that live when a fiftieth have adopted have some 10 / (number - 1)² adopters each: such a
    cascade hardly ever dies.
    """
    if number < 1.0:
        n_people = SUBCRITICAL_PEOPLE
        n_initial = max(10, round(n_people * min(0.005, 0.008 * (1.0 - number) ** 2)))
        wanted = N_CASCADES
    else:
        n_people = SUPERCRITICAL_PEOPLE
        safe_size = 10.0 / max(number - 1.0, 0.05) ** 2
        n_initial = min(100, max(5, round(CROWD_SHARE * n_people / safe_size)))
        wanted = N_LARGE_CASCADES
    # Who begins is drawn, so that there are some more or fewer: 2 % in reserve.
    n_networks = math.ceil(1.02 * wanted / n_initial)
    return n_people, n_initial, min(MOST_NETWORKS, max(FEWEST_NETWORKS, n_networks))


def _is_large(tables: Tables, n_people: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    adopted = tables["weekly"]["orders"].cumsum().to_numpy()
    crowd_week = int(np.searchsorted(adopted, CROWD_SHARE * n_people))
    last_week: np.ndarray[Any, Any] = tables["cascades"]["last_week"].to_numpy()
    return last_week >= crowd_week


def _members(scenario: Scenario, weeks: int) -> np.ndarray[Any, Any]:
    """Return the number of members before the first week and after each one."""
    model = MarketModel(scenario, MARKET, rng=_SEED)
    model.run_for(weeks)
    return np.array([0, *model.tables()["weekly"]["members"]])


LIMIT_FAMILIES: dict[str, Family] = {
    "independent_cascade": independent_cascade,
    "poisson_cascade": poisson_cascade,
    "bass": bass,
}
