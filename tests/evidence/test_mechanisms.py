"""Every mechanism fires, and is missed where it is switched off, on the same seeds."""

from functools import cache
from pathlib import Path

import pytest

from sim.evidence.mechanisms.printed import MECHANISMS, mechanisms_table, stages_table
from sim.model import MarketModel
from sim.parameters import PARAMETERS
from sim.scenario import Scenario

ROOT = Path(__file__).parents[2]
WORLD = {
    "population.n_consumers": 400,
    "network.mean_degree": 25.0,
    "demand.n_categories": 4,
    "demand.purchase_rate_per_week": 2.0,
    "merchants.n_applicants": 120,
    "merchants.initial_per_category": 6,
    "sharing.posting_intercept": -0.5,
}
WEEKS = 26
SEEDS = (1, 2)
LEAST_FIRINGS = 100


@cache
def tables(settings, market, seed):
    scenario = Scenario().with_values({key: _free(value) for key, value in settings})
    model = MarketModel(scenario, market=market, rng=seed, engine="array", threads=1, trace=True)
    model.run_for(WEEKS)
    return model.tables(), scenario


def run(settings, market, seed):
    frozen = tuple(sorted((key, _frozen(value)) for key, value in settings.items()))
    return tables(frozen, market, seed)


def _frozen(value):
    return tuple(value) if isinstance(value, list) else value


def _free(value):
    return list(value) if isinstance(value, tuple) else value


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_it_fires_and_is_missed_where_it_is_off(mechanism, seed):
    world = WORLD | dict(mechanism.needs)
    on, scenario = run(world, mechanism.market, seed)
    off, _ = run(world | dict(mechanism.off), mechanism.market, seed)
    assert mechanism.fired(on, scenario) >= LEAST_FIRINGS
    table, column = mechanism.shows.split(".")
    assert not on[table][column].equals(off[table][column])


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda mechanism: mechanism.name)
def test_what_switches_it_off_is_not_the_state_it_is_looked_at_in(mechanism):
    world = Scenario().with_values(WORLD | dict(mechanism.needs)).values()
    assert set(mechanism.off) <= set(PARAMETERS)
    assert any(world[key] != value for key, value in mechanism.off.items())


def test_there_are_many_and_no_name_twice():
    assert len({mechanism.name for mechanism in MECHANISMS}) == len(MECHANISMS) >= 25


def test_the_printed_list_is_up_to_date():
    """If not: python scripts/write_model.py."""
    page = (ROOT / "docs/model.md").read_text(encoding="utf-8")
    assert mechanisms_table() in page
    assert stages_table() in page
