"""Every mechanism fires, and is missed where it is switched off, on the same seeds."""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim.evidence.mechanisms.printed import MECHANISMS, mechanisms_table, stages_table
from sim.model import MarketModel
from sim.network import building
from sim.parameters import PARAMETERS
from sim.rules import (
    attention,
    auction,
    ranking,
    reputation,
    rewards,
    screening,
    settlement,
    sharing,
)
from sim.scenario import Scenario
from tests.engines.same import lived, lively

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
SEEDS = (1, pytest.param(2, marks=pytest.mark.slow))
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
    assert mechanism.n_fired(on, off, scenario) >= LEAST_FIRINGS
    table, column = mechanism.shows.split(".")
    assert not on[table][column].equals(off[table][column])


@pytest.mark.parametrize(
    "mechanism",
    [mechanism for mechanism in MECHANISMS if mechanism.firing != "counted"],
    ids=lambda mechanism: mechanism.name,
)
def test_what_is_told_by_its_absence_does_not_fire_where_it_is_off(mechanism):
    off, scenario = run(WORLD | dict(mechanism.needs) | dict(mechanism.off), mechanism.market, 1)
    assert mechanism.n_fired(off, off, scenario) == 0


#: One mechanism of each rule. Some rules are run compiled by the readable engine too.
RULES = {mechanism.rule: mechanism for mechanism in MECHANISMS}
ONLY_COMPILED = {
    reputation.credit_decayed,
    reputation.tier_of,
    ranking.rank_score,
    auction.allocate,
}
#: By what these say things are put in order, so that half of it would change nothing.
ORDERING = {attention.reading_priority, sharing.lure_fen, screening.audit_score}
READABLE_WEEKS = 10


def wrong_answer(rule, answer):
    """What a rule might say if it were another, of the same form."""
    if rule in ORDERING:
        return -answer
    if rule is rewards.split_over_levels:
        return answer[::-1]
    if isinstance(answer, settlement.Settlement):
        paid = ("sender_fen", "receiver_fen", "rebate_credit_fen")
        return answer._replace(**{name: getattr(answer, name) // 2 for name in paid})
    if isinstance(answer, tuple):
        return tuple(wrong_answer(rule, part) for part in answer)
    if isinstance(answer, (bool, np.bool_)):
        return not answer
    return answer // 2 if isinstance(answer, (int, np.integer)) else answer / 2


@cache
def lived_as_stated(needs, market):
    return readable(dict(needs), market)


def readable(needs, market):
    scenario = lively(needs | {"sharing.attention": 5})
    return lived(scenario, market, READABLE_WEEKS, engine="mesa").tables()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_that_is_named_is_the_one_that_shows(monkeypatch, rule):
    """With another rule in its place the named table is another, on the same seed."""
    mechanism, n_asked = RULES[rule], 0

    def another(*arguments, **named):
        nonlocal n_asked
        n_asked += 1
        return wrong_answer(rule, rule(*arguments, **named))

    stated = lived_as_stated(tuple(mechanism.needs.items()), mechanism.market)
    # Compiled code is made by now, of the rule as it is; a network is made anew and not kept.
    monkeypatch.setattr(building, "kept_network", lambda scenario, seed, make: make())
    for module in [module for name, module in sys.modules.items() if name.startswith("sim.")]:
        if module.__name__.startswith(("sim.kernels", "sim.evidence")):
            continue
        for name, thing in list(vars(module).items()):
            if thing is rule:
                monkeypatch.setattr(module, name, another)
    changed = readable(dict(mechanism.needs), mechanism.market)
    table, _ = mechanism.shows.split(".")
    if rule in ONLY_COMPILED:
        assert n_asked == 0
    else:
        assert n_asked > 0
        assert not changed[table].equals(stated[table])


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
