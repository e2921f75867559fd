"""The model is a Mesa model whose agents, weeks and tables can be looked at one by one."""

from dataclasses import fields
from fnmatch import fnmatch

import mesa
import numpy as np
import pandas as pd
import pytest

from sim.agents.consumer import ConsumerAgent
from sim.agents.merchant import MerchantAgent
from sim.agents.platform import PlatformAgent
from sim.markets import MARKETS
from sim.measures.weekly import WEEKLY_COLUMNS
from sim.model import MarketModel
from sim.week import STAGES
from tests.engines.same import LIVELY, assert_same_tables, lived, lively

every_engine = pytest.mark.parametrize("engine", ["mesa", "array"])
N_PEOPLE = LIVELY["population.n_consumers"]
N_MERCHANTS = LIVELY["merchants.n_applicants"]


@pytest.fixture(scope="module")
def readable():
    return lived(lively(), "referral", weeks=4, engine="mesa")


def test_it_is_a_mesa_model_with_its_agents(readable):
    assert isinstance(readable, mesa.Model)
    kinds = readable.agents_by_type
    assert len(kinds[ConsumerAgent]) == N_PEOPLE
    assert len(kinds[MerchantAgent]) == len(readable.merchants) == N_MERCHANTS
    assert list(kinds[PlatformAgent]) == [readable.platform]
    assert len(readable.agents) == N_PEOPLE + N_MERCHANTS + 1


@every_engine
def test_a_consumer_and_a_merchant_can_be_looked_at(engine):
    model = lived(lively(), "referral", weeks=2, engine=engine)
    consumer = model.consumer(7)
    assert isinstance(consumer, ConsumerAgent)
    assert consumer.row == 7
    assert model.consumer(7) is consumer
    assert consumer in model.agents
    friends = model.world.network.trusted[model.world.ties.reader == 7]
    assert friends.size
    assert all(consumer.tie_to(int(friend)) >= 0 for friend in friends)
    stranger = next(k for k in range(N_PEOPLE) if k != 7 and k not in friends)
    assert consumer.tie_to(stranger) == -1
    assert [merchant.row for merchant in model.merchants] == list(range(N_MERCHANTS))
    selling = np.flatnonzero(model.world.merchants.active)
    assert [merchant.row for merchant in model.active_merchants()] == selling.tolist()


def test_looking_at_agents_changes_nothing():
    seen, unseen = (lived(lively(), "referral", weeks=2, engine="array") for _ in range(2))
    for row in range(N_PEOPLE):
        seen.consumer(row).needs()
    for model in (seen, unseen):
        model.run_for(2)
    assert_same_tables(seen.tables(), unseen.tables())


@every_engine
def test_weeks_can_be_lived_in_any_portions(engine):
    whole = MarketModel(lively(), rng=3, engine=engine, trace=True)
    whole.run_for(5)
    parts = MarketModel(lively(), rng=3, engine=engine, trace=True)
    parts.step()
    parts.run_for(3)
    parts.tables()  # looking in between is free
    parts.step()
    assert whole.week == parts.week == 4
    assert whole.time == parts.time == 5
    assert_same_tables(whole.tables(), parts.tables())


def test_the_data_collector_holds_the_weekly_table(readable):
    collected = readable.datacollector.get_model_vars_dataframe()
    assert tuple(collected) == WEEKLY_COLUMNS
    weekly = readable.tables()["weekly"]
    pd.testing.assert_frame_equal(
        collected.reset_index(drop=True).astype(weekly.dtypes), weekly, check_exact=True
    )
    assert weekly["week"].tolist() == [0, 1, 2, 3]


def test_every_stage_of_the_printed_week_is_lived(monkeypatch):
    model = MarketModel(lively(), rng=3)
    lived_stages = []
    for stage in STAGES:
        verb = getattr(model, f"_{stage.name}")

        def live(name=stage.name, verb=verb):
            lived_stages.append(name)
            verb()

        monkeypatch.setattr(model, f"_{stage.name}", live)
    model.step()
    assert lived_stages == [stage.name for stage in STAGES]


FLOWS = ("orders", "reads", "clicks")
#: So that merchants come, go and mend their quality, people join and leaders are followed.
MOVING = {
    "population.initial_member_share": 0.3,
    "merchants.cash_weeks": 1.0,
    "merchants.quality_interval_weeks": 2,
    "screening.recheck_share": 0.5,
    "screening.delist_quality": 0.5,
    "screening.refund_prob_worst": 1.0,
    "sharing.follow_prob": 1.0,
    "sharing.leader_lookup_prob": 1.0,
    "belief.friend_precision": 60.0,
    "hybrid.reconsider_prob": 0.5,
    "hybrid.merchant_reconsider_prob": 1.0,
    "hybrid.merchant_inertia": 0.0,
}


def columns_of(model):
    """Copies of all columns of the world and of the week's flows, as ``table.column``."""
    tables = {part.name: getattr(model.world, part.name) for part in fields(model.world)}
    tables |= {name: getattr(model.flows, name) for name in FLOWS}
    return {
        f"{table}.{column}": np.array(values)
        for table, columns in tables.items()
        if hasattr(columns, "_asdict")
        for column, values in columns._asdict().items()
        if (table, column) not in {("ties", "state"), ("ties", "packed")}  # the others once more
    }


def differs(one, other):
    return one.shape != other.shape or one.tobytes() != other.tobytes()


@every_engine
def test_a_stage_writes_what_the_printed_week_says_and_nothing_else(monkeypatch, engine):
    written = {stage.name: set() for stage in STAGES}
    for market in ("referral", "ads", "hybrid"):
        model = MarketModel(lively(MOVING), market=market, rng=3, engine=engine, trace=True)
        for stage in STAGES:
            verb = getattr(model, f"_{stage.name}")

            def live(stage=stage.name, verb=verb, model=model):
                before = columns_of(model)
                verb()
                after = columns_of(model)
                written[stage].update(name for name in after if differs(before[name], after[name]))

            monkeypatch.setattr(model, f"_{stage.name}", live)
        model.run_for(12)
    for stage in STAGES:
        stated = [
            column if "." in column else f"{column}.*"
            for column in stage.writes
            if column not in {"ledger", "weekly"}  # these are no columns
        ]
        names = written[stage.name]
        assert {name for name in names if not any(fnmatch(name, like) for like in stated)} == set()
        assert [like for like in stated if not any(fnmatch(name, like) for name in names)] == []


def test_0_is_a_seed_like_any_other():
    def weekly(seed):
        model = MarketModel(lively(), rng=seed)
        model.run_for(2)
        assert model.seed == seed
        return model.tables()["weekly"]

    zero = weekly(0)
    assert zero.equals(weekly(0))
    drawn = zero.drop(columns="seed")
    assert not drawn.equals(weekly(1).drop(columns="seed"))
    assert not drawn.equals(weekly(2**63 - 1).drop(columns="seed"))


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_what_is_no_seed_is_refused(seed):
    with pytest.raises(ValueError, match=f"a seed is a whole number from 0 to .*, not {seed}"):
        MarketModel(lively(), rng=seed)


def test_without_a_seed_it_is_that_of_the_scenario():
    model = MarketModel(lively({"run.seed": 17}))
    assert model.seed == 17
    model.run_for(2)
    other = MarketModel(lively(), rng=17)
    other.run_for(2)
    assert model.tables()["weekly"].equals(other.tables()["weekly"])


def test_two_models_do_not_disturb_each_other():
    alone = lived(lively(), "ads", weeks=3)
    pair = [MarketModel(lively(), market=name, rng=3, trace=True) for name in ("ads", "referral")]
    for _ in range(3):
        for model in pair:
            model.step()
    assert_same_tables(alone.tables(), pair[0].tables())


def test_the_same_people_and_applicants_stand_in_every_market():
    worlds = [MarketModel(lively(), market=market, rng=3).world for market in MARKETS]
    for world in worlds[1:]:
        for name in set(world.consumers._fields) - {"side", "side_gain"}:
            ours, theirs = getattr(worlds[0].consumers, name), getattr(world.consumers, name)
            assert np.array_equal(ours, theirs), name
        for name in ("quality", "taste_x", "unit_cost_fen", "long_term", "category"):
            ours, theirs = getattr(worlds[0].merchants, name), getattr(world.merchants, name)
            assert np.array_equal(ours, theirs), name
        assert np.array_equal(worlds[0].ties.reader, world.ties.reader)


def test_what_is_not_there_is_named_with_what_is():
    with pytest.raises(ValueError, match=r"unknown engine 'fast'.*array, mesa"):
        MarketModel(lively(), engine="fast")
    with pytest.raises(ValueError, match=r"unknown market 'bazaar'.*control, referral, ads"):
        MarketModel(lively(), market="bazaar")
