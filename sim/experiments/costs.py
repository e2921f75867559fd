"""What a run costs, told by what it does: features of a run, and the measured cost of each.

Costs are measured on one machine (`benchmarks/measure_costs.py` makes ``costs.json``: runs of many
sizes, each in a process of its own, then the non-negative costs with the least relative error). On
another machine times are scaled by how long a short fixed work takes there.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.kernels.threads import cores, threads_given
from sim.scenario import Scenario

COSTS = Path(__file__).with_name("costs.json")
#: Rough habits of the model's people, enough for a cost within a factor: orders per choice, product
#: posts per order of people who like to post as much as they do on average (log-odds of those
#: posts against the posting intercept), and how many more followers those have who post.
ORDERS_PER_CHOICE = 0.85
POSTING_LOG_ODDS = 0.7
FOLLOWERS_OF_SHARERS = 1.7
_PROBED_SHOCKS = 100_000
_PROBES = 7

Features = dict[str, float]


def events(scenario: Scenario, market: str) -> Features:
    """Return what one consumer does in a week, about: `choices`, `examined`, `reads`, `posts`."""
    members = min(scenario.population.initial_member_share + 0.15, 1.0)
    needs = scenario.demand.purchase_rate_per_week
    categories = max(scenario.demand.n_categories, 1)
    choices = members * categories * -math.expm1(-needs / categories)
    log_odds = scenario.sharing.posting_intercept + POSTING_LOG_ODDS
    posts = choices * ORDERS_PER_CHOICE / (1.0 + math.exp(-log_odds)) + members * (
        scenario.sharing.opportunist_share + scenario.sharing.invite_prob
    )
    reach = posts * scenario.network.mean_degree * FOLLOWERS_OF_SHARERS
    if market in ("ads", "hybrid"):
        reach *= 1.0 - scenario.ads.external_link_friction
    room = scenario.sharing.attention
    reads = room * -math.expm1(-reach / room) if room else 0.0
    examined = choices * (1 + scenario.demand.looks)
    return {"choices": choices, "examined": examined, "reads": reads, "posts": posts}


def memory_features(
    scenario: Scenario, market: str, trace: bool, engine: str, n: int, n_ties: int
) -> Features:
    """Return what memory beyond the columns of the world goes with."""
    each = events(scenario, market)
    work = {
        "process": 1.0,
        "consumers": float(n),
        "ties": float(n_ties),
        "choices": n * each["choices"],
        "reads": n * each["reads"],
    }
    if engine == "mesa":
        work["mesa_consumers"] = float(n)
        work["mesa_reads"] = n * each["reads"]
    if trace:  # the log of past weeks is on disk
        work["traced"] = n * (each["choices"] + each["reads"])
    return work


def time_features(
    scenario: Scenario, market: str, threads: int, trace: bool, engine: str, n: int, n_ties: int
) -> Features:
    """Return what the seconds of a run go with."""
    each, weeks = events(scenario, market), scenario.run.weeks
    merchants = scenario.merchants.initial_per_category * scenario.demand.n_categories
    work = {
        "run": 1.0,
        "weeks": float(weeks),
        "merchant_weeks": float(weeks * min(merchants, scenario.merchants.n_applicants)),
        "built_ties": n_ties / threads,
    }
    if trace:
        work["traced"] = n * weeks * (each["choices"] + each["reads"])
    if engine == "mesa":
        work["mesa_consumers"] = float(n * weeks)
        work["mesa_examined"] = n * weeks * each["examined"]
        work["mesa_reads"] = n * weeks * each["reads"]
        return work
    far = max(math.log10(max(n, 1) / 10_000), 0.0)
    work["consumers"] = float(n * weeks)
    work["examined"] = n * weeks * each["examined"] / threads
    work["reads"] = n * weeks * each["reads"] / threads
    work["far_reads"] = far * work["reads"]  # the larger the world, the less of it is at hand
    return work


def cost(kind: str, features: Mapping[str, float]) -> float:
    """Return the sum of features times their costs; `kind` is `memory` or `seconds`."""
    known = measured_costs()[kind]
    return float(sum(known[name] * value for name, value in features.items()))


@lru_cache(maxsize=1)
def measured_costs() -> dict[str, Any]:
    """Return the measured costs: of `memory` in bytes, of `seconds`, and of the `probe`."""
    found: dict[str, Any] = json.loads(COSTS.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def probe_seconds() -> float:
    """Return the least processor time that a fixed number of Gumbel shocks takes on this machine.

    Drawn one by one: of what vector instructions do, processors differ more than runs do.
    """
    from sim.kernels.bare import draw_shocks

    taken = []
    for week in range(_PROBES):
        start = time.process_time()
        draw_shocks(1, week, 0, _PROBED_SHOCKS)
        taken.append(time.process_time() - start)
    return min(taken)


def slowness() -> float:
    """Return how much longer this machine takes than the one on which costs were measured."""
    return probe_seconds() / float(measured_costs()["probe"])


def engine_threads(threads: int | None, n_consumers: int) -> int:
    """Return on how many processors a run of so many consumers would be, told a number or none."""
    return min(threads_given(threads, n_consumers), cores())
