"""Keyed luck: one more person or merchant who does nothing changes nobody else's life."""

import numpy as np
import pytest

import sim
from sim.markets import MARKETS, market_named
from sim.model import MarketModel
from sim.network import build_network
from sim.parameters import PLATFORMS
from sim.scenario import load_scenario
from sim.world.world import build_world, rates_micro
from tests.engines.same import assert_same_tables, lively

WEEKS, SEED = 10, 3
every_market = pytest.mark.parametrize("market", MARKETS)
every_engine = pytest.mark.parametrize("engine", ["mesa", "array"])


def tables_of(scenario, market, engine, prepare=None):
    """Tables of a world that was seen to before its first week; and the model."""
    world = build_world(scenario, build_network(scenario, SEED), SEED)
    if prepare is not None:
        prepare(world)
    model = MarketModel(scenario, market=market, rng=SEED, engine=engine, trace=True, world=world)
    model.run_for(WEEKS)
    return model.tables(), model


def ties_among(n_people, n_ties):
    rng = np.random.default_rng(1)
    ends = rng.integers(0, n_people, (n_ties, 2))
    return [f"{a},{b}" for a, b in ends.tolist() if a != b]


@pytest.fixture
def files(tmp_path):
    """The same ties twice; the second file also names somebody whom nobody trusts."""
    n_people = 80
    lines = [f"{person},{(person + 1) % n_people}" for person in range(n_people)]
    lines += ties_among(n_people, 900)
    without, with_one = tmp_path / "without.csv", tmp_path / "with_one.csv"
    without.write_text("\n".join(lines) + "\n")
    with_one.write_text("\n".join([*lines, f"{n_people},{n_people}"]) + "\n")
    return without, with_one


def keep_out_the_last(world):
    """Let the last person be no member and need nothing, ever."""
    people = world.consumers
    people.member[-1] = False
    people.joined_week[-1] = -1
    people.purchase_rate[-1] = 0.0
    members = people.purchase_rate[people.member]
    world.platform.member_rate_micro[0] = rates_micro(members, np.arange(len(members)))


@every_market
@every_engine
def test_one_more_person_who_never_buys_changes_no_life(files, market, engine):
    without, with_one = (lively({"network.file": str(file)}) for file in files)
    ours, small = tables_of(without, market, engine)
    theirs, large = tables_of(with_one, market, engine, keep_out_the_last)
    assert large.world.n_consumers == small.world.n_consumers + 1
    assert len(ours["orders"]) > 100
    # The groups of people are shares of all: one more moves their borders.
    assert_same_tables(ours, theirs | {"people": ours["people"]})
    for name in large.world.consumers._fields:
        mine, others = getattr(small.world.consumers, name), getattr(large.world.consumers, name)
        assert np.array_equal(mine, others[:-1]), name


#: 41 applicants are admitted in the same numbers as 40, on each side of the hybrid too; an audit
#: costs nothing, so that one more leaves no trace in the books.
APPLICANTS = {"demand.n_categories": 2, "screening.admit_share": 0.34}
APPLICANTS |= {"merchants.initial_per_category": 2}  # so few that others enter
APPLICANTS |= {"screening.audit_cost_yuan": 0.0, "screening.audit_correlation": 1.0}


def make_the_last_one_bad(world):
    """A perfect audit never admits the worst of all applicants."""
    world.merchants.quality_level[-1] = 0
    world.merchants.quality[-1] = 0.0


@every_market
@every_engine
@pytest.mark.parametrize("screened", [True, False])
def test_one_more_merchant_who_never_sells_changes_no_life(market, engine, screened):
    common = APPLICANTS | {"screening.markets": list(PLATFORMS) if screened else []}
    fewer, more = (lively(common | {"merchants.n_applicants": n}) for n in (40, 41))
    ours, small = tables_of(fewer, market, engine)
    theirs, large = tables_of(more, market, engine, make_the_last_one_bad)
    assert not large.world.merchants.admitted[-1]
    assert ours["weekly"]["entries"].sum() > 0
    assert_same_tables(ours, theirs)
    for name in large.world.merchants._fields:
        mine, others = getattr(small.world.merchants, name), getattr(large.world.merchants, name)
        assert np.array_equal(mine, others[:-1]), name


@every_market
def test_the_same_command_writes_the_same_bytes(tmp_path, market):
    def written(folder, engine):
        stored = sim.run(lively({"run.weeks": 4}), market, 5, True, engine, 2, tmp_path / folder)
        return {file.name: file.read_bytes() for file in stored.folder.glob("*.parquet")}

    first = written("first", "array")
    assert len(first) == 8 + len(market_named(market).sides)
    assert written("again", "array") == first
    assert written("readable", "mesa") == first


def test_any_post_read_in_a_week_may_be_the_last_one_and_earn_the_sale():
    sure = {
        "sharing.posting_intercept": 3.0,
        "sharing.fatigue": 0.0,
        "sharing.sincerity_kappa_inner": 0.0,
        "sharing.sincerity_kappa_outer": 0.0,
        "sharing.memory_weeks": 1,
        "trust.general_trust_mean": 1.0,
        "trust.general_trust_sd": 0.0,
        "trust.layer_trust_inner": 1.0,
        "trust.layer_trust_outer": 1.0,
        "demand.n_categories": 2,
        "merchants.initial_per_category": 5,
    }
    scenario = load_scenario("quick").with_values(sure)
    model = MarketModel(scenario, market="referral", rng=1, trace=True)
    model.run_for(12)
    tables = model.tables()
    read = tables["exposures"][["week", "consumer", "merchant", "sharer", "share"]]
    orders = tables["orders"]
    orders = orders[orders["share"] >= 0].rename(columns={"sharer": "earner"})
    beside = orders[["week", "consumer", "merchant", "earner"]].merge(read)
    several = beside.groupby(["week", "consumer", "merchant", "earner"])["sharer"].agg(
        ["nunique", "max"]
    )
    several = several[several["nunique"] == 2].reset_index()
    assert len(several) > 100
    assert (several["earner"] == several["max"]).mean() == pytest.approx(0.5, abs=0.15)
