"""Rows of the validation table on numbers made up for runs."""

import json
import math

import pytest
from scipy import stats

from sim.evidence.patterns import PATTERNS, SHOWN, Pattern, twice_the_merchants
from sim.evidence.run_numbers import NUMBERS
from sim.evidence.validation import Reach, Validation
from sim.measures.spread import poisson_p
from sim.report.evidence_text import validation_text
from sim.scenario import load_scenario

QUICK = load_scenario("quick")
ROW = Pattern(
    "V0", "price", "yuan", 40.0, 50.0, "report", "somebody", "ads", "price_yuan", "cheap", "dear"
)


class MadeUpRuns:
    def __init__(self, price):
        self.price = price

    def make(self, wanted, jobs=None, progress=None):
        pass

    def of(self, one):
        return {"price_yuan": self.price(one.spec.scenario, one.spec.seed)}


def row(price, pattern=ROW, points=0):
    reach = Reach(replicates=3, points=points)
    document, tables = Validation(QUICK, reach, [pattern]).judge(MadeUpRuns(price))
    return document["rows"][0], document, tables


def test_a_row_hits_within_its_band():
    found, document, _ = row(lambda scenario, seed: 44.0 + seed)
    assert found["hit"] and found["sentence"] == ""
    assert found["estimate"] == 46.0
    assert found["interval_low"] < 46.0 < found["interval_high"]
    assert found["n"] == len(found["runs"]) == 3
    assert (document["hits"], document["of"]) == (1, 1)
    assert found["runs"] == [run["run_key"] for run in document["runs"]]


def test_a_miss_says_what_it_means():
    assert row(lambda scenario, seed: 30.0)[0]["sentence"] == "cheap"
    assert row(lambda scenario, seed: 60.0)[0]["sentence"] == "dear"
    undefined = row(lambda scenario, seed: math.nan)[0]
    assert not undefined["hit"] and undefined["estimate"] is None
    assert "not defined" in undefined["sentence"]


def of_patterns(row):
    return next(pattern for pattern in PATTERNS if pattern.row == row)


class MadeUpTakes(MadeUpRuns):
    def of(self, one):
        assert one.spec.market == "ads"
        return {"platform_take": self.price(one.spec.scenario, one.spec.seed)}


def rise(take, points=0):
    asked = Validation(QUICK, Reach(replicates=3, points=points), [of_patterns("V10b")])
    document, tables = asked.judge(MadeUpTakes(take))
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    return document["rows"][0], document, tables


def twice(scenario):
    usual, merchants = QUICK.merchants, scenario.merchants
    factors = {
        merchants.n_applicants / usual.n_applicants,
        merchants.initial_per_category / usual.initial_per_category,
    }
    assert factors in ({1.0}, {2.0})
    return factors == {2.0}


def test_a_rise_is_that_of_a_second_world_on_the_same_seeds():
    found, document, _ = rise(
        lambda scenario, seed: 0.03 * seed + (0.011 + 0.001 * seed) * twice(scenario)
    )
    assert found["by_seed"] == pytest.approx([0.012, 0.013, 0.014])
    assert found["estimate"] == pytest.approx(0.013) and found["n"] == 3
    assert found["hit"] and (document["hits"], document["of"]) == (1, 1)
    assert found["runs"] == [run["run_key"] for run in document["runs"]]
    assert len(set(found["runs"])) == 6
    assert [run["seed"] for run in document["runs"]] == [1, 2, 3, 1, 2, 3]
    text = validation_text(document, "V10b")
    n = 2 * QUICK.merchants.n_applicants
    assert text.count(f"--set 'merchants.n_applicants={n}'") == 3
    assert text.count(" sharesim run quick --market ads --seed ") == 6


def test_what_does_not_rise_misses():
    for fall in (0.0, 0.01):
        found, document, _ = rise(lambda scenario, seed, fall=fall: 0.04 - fall * twice(scenario))
        assert found["hit"] is False and "does not rise" in found["sentence"]
        assert validation_text(document).startswith("MISS  V10b")
    steep = rise(lambda scenario, seed: 0.04 + 0.04 * twice(scenario))[0]
    assert steep["hit"] is False and "by more than" in steep["sentence"]


def test_a_rise_that_one_of_the_worlds_does_not_define_is_not_defined():
    found = rise(lambda scenario, seed: math.nan if twice(scenario) and seed > 1 else 0.01)[0]
    assert found["by_seed"] == [pytest.approx(0.0), None, None]
    assert found["n"] == 1 and found["interval_low"] is None
    nothing = rise(lambda scenario, seed: math.nan)[0]
    assert nothing["estimate"] is None and nothing["hit"] is False


def test_a_rise_is_asked_at_every_point_of_the_region():
    def take(scenario, seed):
        rises = scenario.values()["sharing.fatigue"] > 0.025
        return 0.01 * math.log2(scenario.merchants.n_applicants) * (1 if rises else -1)

    found, _, tables = rise(take, points=8)
    (region,) = tables.values()
    assert found["share_of_region_hitting"] == 0.5 == region["hit"].mean()
    assert all(len(set(keys.split())) == 2 for keys in region["run_key"])


def test_fake_reviews_of_the_higher_rated_miss():
    class Planted(MadeUpRuns):
        def of(self, one):
            return {"fakes_of_low_rated": self.price(one.spec.scenario, one.spec.seed)}

    asked = Validation(QUICK, Reach(replicates=3, points=0), [of_patterns("V12b")])
    (found,) = asked.judge(Planted(lambda scenario, seed: 0.4))[0]["rows"]
    assert found["hit"] is False and "high rating" in found["sentence"]
    (found,) = asked.judge(Planted(lambda scenario, seed: 0.7))[0]["rows"]
    assert found["hit"] is True and "by rule" in found["sentence"]


def test_the_merchants_are_doubled_and_nothing_else():
    doubled = QUICK.with_values(twice_the_merchants(QUICK))
    assert twice(doubled)
    changed = {key for key, value in doubled.values().items() if value != QUICK.values()[key]}
    assert changed == {"merchants.n_applicants", "merchants.initial_per_category"}


def test_the_share_of_the_region_that_hits():
    def price(scenario, seed):
        return 45.0 if scenario.values()["sharing.fatigue"] > 0.025 else 90.0

    found, _, tables = row(price, points=8)
    assert found["share_of_region_hitting"] == 0.5
    assert tables["region"]["hit"].sum() == 4


def test_a_small_world_cannot_show_what_needs_many_people():
    found, document, tables = row(lambda scenario, seed: 45.0, of_patterns("V3"), points=4)
    assert found["share_of_region_hitting"] is None
    assert "people cannot show it" in found["sentence"]
    assert found["hit"] is None and not tables
    assert (document["hits"], document["of"]) == (0, 0)
    text = validation_text(document)
    assert text.startswith("–     V3") and "MISS" not in text
    assert text.endswith("not counted, nor V3, which a world of this size cannot show")


def test_rows_to_show_are_not_counted_as_hits():
    _, document, _ = row(lambda scenario, seed: 45.0)
    assert "1 of 1" in validation_text(document)
    assert [p.row for p in PATTERNS if p.use == SHOWN] == ["V14a", "V14b", "V14c"]


@pytest.mark.parametrize(
    ("drawn", "rejected"),
    [(stats.poisson(0.11), False), (stats.nbinom(0.04, 0.04 / 0.15), True)],
    ids=["poisson", "uneven"],
)
def test_it_is_told_whether_poisson_is_rejected(drawn, rejected):
    class Counted(MadeUpRuns):
        def of(self, one):
            return {"poisson_p": poisson_p(drawn.rvs(3_000, random_state=one.spec.seed))}

    document, _ = Validation(QUICK, Reach(3, 0), [of_patterns("V14c")]).judge(Counted(None))
    (found,) = document["rows"]
    assert found["hit"] is rejected
    told = "Poisson is rejected: " if rejected else "Poisson is not rejected: "
    assert found["sentence"].startswith(told) and told in validation_text(document)
    assert (document["hits"], document["of"]) == (0, 0)


def test_a_row_that_an_older_version_did_not_ask_for_is_told():
    document = row(lambda scenario, seed: 44.0)[1]
    for name in ("V10b", "V12b", "V14c"):
        told = f"{name} is not in this result, which an older version made"
        assert validation_text(document, name) == told


def test_one_row_is_shown_with_the_command_of_each_run():
    document = row(lambda scenario, seed: 44.0 + seed)[1]
    text = validation_text(document, "V0")
    assert "by seed: 45, 46, 47" in text
    (run, *others) = document["runs"]
    assert f"{run['run_key']}  sharesim run quick --market ads --seed 1\n" in text
    assert len(others) == 2
    assert validation_text(document, "V1").count("V0") == 0


def test_every_row_is_stated_whole():
    rows = [pattern.row for pattern in PATTERNS]
    assert len(set(rows)) == len(rows)
    for pattern in PATTERNS:
        assert pattern.low < pattern.high
        assert pattern.number in NUMBERS
        assert pattern.source and pattern.too_low and pattern.too_high
