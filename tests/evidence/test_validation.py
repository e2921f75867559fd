"""Rows of the validation table on numbers made up for runs."""

import math

import pytest
from scipy import stats

from sim.evidence.patterns import PATTERNS, SHOWN, Pattern
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


def test_the_share_of_the_region_that_hits():
    def price(scenario, seed):
        return 45.0 if scenario.values()["sharing.fatigue"] > 0.025 else 90.0

    found, _, tables = row(price, points=8)
    assert found["share_of_region_hitting"] == 0.5
    assert tables["region"]["hit"].sum() == 4


def test_a_small_world_cannot_show_what_needs_many_people():
    v3 = next(pattern for pattern in PATTERNS if pattern.row == "V3")
    found, document, tables = row(lambda scenario, seed: 45.0, v3, points=4)
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

    pattern = next(pattern for pattern in PATTERNS if pattern.row == "V14c")
    document, _ = Validation(QUICK, Reach(3, 0), [pattern]).judge(Counted(None))
    (found,) = document["rows"]
    assert found["hit"] is rejected
    told = "Poisson is rejected: " if rejected else "Poisson is not rejected: "
    assert found["sentence"].startswith(told) and told in validation_text(document)
    assert (document["hits"], document["of"]) == (0, 0)


def test_a_row_that_an_older_version_did_not_ask_for_is_told():
    document = row(lambda scenario, seed: 44.0)[1]
    told = "V14c is not in this result, which an older version made"
    assert validation_text(document, "V14c") == told


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
