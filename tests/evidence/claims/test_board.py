"""The board, on numbers made up for runs: verdicts, what is assumed, what is decisive."""

import math
import random
from dataclasses import replace

import pytest

from sim.evidence.assumed import one_at_a_time
from sim.evidence.claims.arms import ARMS
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Plan, Sizes, arms_of
from sim.evidence.claims.statement import Claim, Neutral, Part, fixed, less, net_of_screening
from sim.evidence.run_numbers import NUMBERS
from sim.parameters import PARAMETERS
from sim.report.evidence_text import claims_text
from sim.scenario import load_scenario

SIZES = Sizes(replicates=4, repeats=3, map_replicates=1, screening_replicates=0)
QUICK = load_scenario("quick")

GAIN = Part(
    "gain",
    "yuan",
    less("referral, screened", "ads, unscreened", "price_yuan"),
    1.0,
    "because",
    role="main",
)
NET = Part("the same net", "yuan", net_of_screening("price_yuan"), 1.0, "because", role="net")
FREE = Neutral("links are cut", fixed(ads__external_link_friction=0.0))
MADE_UP = Claim("C1", "It pays.", (GAIN, NET), (FREE,), "nothing")


class MadeUpRuns:
    """Numbers of runs by a formula of their market, settings and seed."""

    def __init__(self, price):
        self.price = price
        self.made = []

    def make(self, wanted, jobs=None, progress=None):
        self.made += [one.spec.key for one in wanted]

    def of(self, one):
        values = one.spec.scenario.values()
        return {"price_yuan": self.price(one.spec.market, values) + 0.01 * (one.spec.seed % 3)}


def board(price, claim=MADE_UP, sizes=SIZES):
    document, tables = judge_claims(QUICK, MadeUpRuns(price), sizes, [claim])
    return document["claims"][0], document, tables


def test_a_gain_in_both_screened_and_unscreened_worlds_supports():
    claim, document, tables = board(lambda market, values: 3.0 * (market == "referral"))
    assert claim["verdict"] == "supported"
    assert claim["estimate"] == pytest.approx(3.0)
    assert claim["net_of_screening"]["verdict"] == "supported"
    assert not claim["assumed_not_found"]
    assert claim["n"] == 4
    assert set(claim["runs"]) <= {run["run_key"] for run in document["runs"]}
    assert tables["seeds"]["value"].notna().all()


def test_a_gain_that_is_screenings_is_mixed():
    claim, *_ = board(lambda market, values: 3.0 * (market in values["screening.markets"]))
    assert claim["verdict"] == "mixed"
    assert claim["net_of_screening"] == pytest.approx(
        {"estimate": 0.0, "low": 0.0, "high": 0.0, "n": 4, "verdict": "contradicted"}
    )


def test_a_gain_too_small_to_matter_contradicts():
    claim, *_ = board(lambda market, values: 0.5 * (market == "referral"))
    assert claim["verdict"] == "contradicted"


def test_a_gain_that_lives_by_an_assumption_is_assumed_not_found():
    def price(market, values):
        return 3.0 * (market == "referral" and values["ads.external_link_friction"] > 0.0)

    claim, *_ = board(price)
    assert claim["verdict"] == "supported"
    assert claim["assumed_not_found"]
    assert claim["neutralised"][0]["verdict"] == "contradicted"
    assert claim["neutralised"][0]["settings"] == {"ads.external_link_friction": 0.0}
    assert [part["lost"] for part in claim["neutralised"][0]["parts"]] == ["turned", "turned"]


def test_a_part_beside_the_main_one_that_lives_by_an_assumption_is_assumed_not_found():
    def price(market, values):
        free = values["ads.external_link_friction"] == 0.0
        return 3.0 * (market == "referral" or (free and "ads" in values["screening.markets"]))

    terms = less("referral, screened", "ads, screened", "price_yuan")
    both = replace(NET, outcome="where both screen", terms=terms, role="part")
    claim, document, _ = board(price, replace(MADE_UP, parts=(GAIN, both)))
    without = claim["neutralised"][0]
    assert (without["verdict"], claim["verdict"]) == ("supported", "supported")
    assert [part["lost"] for part in without["parts"]] == [None, "turned"]
    assert claim["assumed_not_found"]
    assert "where both screen: 0 (0 to 0, n = 3); ASSUMED, NOT FOUND" in claims_text(document)


def test_repeats_have_the_level_of_what_they_repeat():
    class Unsteady(MadeUpRuns):
        def of(self, one):
            luck = 0.1 * (one.spec.seed % 3) * (one.spec.market == "referral")
            return {"price_yuan": self.price(one.spec.market, {}) + luck}

    runs = Unsteady(lambda market, values: 0.6 * (market == "referral"))
    document, _ = judge_claims(QUICK, runs, SIZES, [MADE_UP])
    main = document["claims"][0]["neutralised"][0]["parts"][0]
    assert (document["level"], main["n"]) == (0.975, 3)
    # At 95 % it would be contradicted: 0.7 and 4.3 standard errors of 0.058 are less than 1.
    assert main["estimate"] == pytest.approx(0.7)
    assert (main["verdict"], main["high"] > 1.0) == ("undecided", True)


def test_what_a_world_is_too_small_to_show_stays_undecided():
    rare = replace(GAIN, least_people=QUICK.population.n_consumers)
    claim, *_ = board(lambda market, values: 0.0, replace(ALONE, parts=(rare,)))
    assert (claim["estimate"], claim["verdict"]) == (0.0, "undecided")
    shown = replace(rare, least_people=QUICK.population.n_consumers - 1)
    claim, *_ = board(lambda market, values: 0.0, replace(ALONE, parts=(shown,)))
    assert claim["verdict"] == "contradicted"


def test_what_is_not_defined_is_undecided():
    claim, *_ = board(lambda market, values: math.nan)
    assert claim["verdict"] == "undecided"
    assert claim["estimate"] is None
    assert board(lambda market, values: math.nan, ALONE, DECIDED)[0]["ends_known"] == 0


def test_a_claim_without_its_mechanism_is_not_yet_testable():
    claim, document, _ = board(
        lambda market, values: 0.0, replace(MADE_UP, needs="a market of both kinds")
    )
    assert claim["verdict"] == "not_yet_testable"
    assert claim["runs"] == document["runs"] == []
    assert "needs a market of both kinds" in claims_text(document)


DECIDED = Sizes(replicates=4, repeats=3, screening_replicates=2, base_replicates=4)
ALONE = replace(MADE_UP, parts=(GAIN,), favoured_by=())


def test_the_decisive_parameter_is_found_and_where_it_turns():
    def price(market, values):
        return (market == "referral") * (0.5 + 10.0 * values["sharing.fatigue"])

    claim, document, tables = board(price, ALONE, DECIDED)
    (found,) = claim["decisive"]
    usual = QUICK.values()["sharing.fatigue"]
    low, high = PARAMETERS["sharing.fatigue"].plausible
    assert claim["ends_known"] == len(one_at_a_time(QUICK))
    assert found["parameter"] == "sharing.fatigue"
    assert found["default"] == usual
    assert found["estimate_at_default"] == pytest.approx(0.5 + 10.0 * usual)
    assert found["estimate_at_low"] == pytest.approx(0.5 + 10.0 * low)
    assert found["estimate_at_high"] == pytest.approx(0.5 + 10.0 * high)
    assert found["flips_between"] == [usual, high]
    assert found["flips_near"] == pytest.approx(0.05)  # where the gain is 1
    assert set(tables["screening"]["parameter"]) > {"sharing.fatigue", "ads.mechanism"}
    # two ends and the world as it is, two arms, each on its seeds
    assert len(found["runs"]) == (2 + 2 + 4) * 2
    assert set(found["runs"]) <= {run["run_key"] for run in document["runs"]}


def test_a_parameter_that_moves_but_does_not_turn():
    def price(market, values):
        return (market == "referral") * (5.0 + 10.0 * values["sharing.fatigue"])

    claim, *_ = board(price, ALONE, DECIDED)
    (found,) = claim["decisive"]
    assert found["flips_between"] is found["flips_near"] is None


def test_what_turns_is_told_be_its_move_ever_so_small():
    usual = QUICK.values()
    farther = ("network.mean_degree", "demand.quality_value", "demand.match_value")
    farther += ("demand.base_value_yuan", "demand.risk_aversion", "merchants.mean_cost_yuan")

    def price(market, values):
        moved = sum(values[key] != usual[key] for key in farther)
        fatigue = values["sharing.fatigue"] - usual["sharing.fatigue"]
        return (market == "referral") * (0.5 - 20.0 * moved + 40.0 * fatigue)

    claim, *_ = board(price, ALONE, DECIDED)
    told = [row["parameter"] for row in claim["decisive"]]
    assert len(told) == 6 and set(told[:5]) < set(farther)
    assert told[5] == "sharing.fatigue" and claim["decisive"][5]["flips_between"]


def test_of_two_ends_that_turn_it_the_one_is_told_that_does_so_sooner():
    usual = QUICK.values()["sharing.fatigue"]

    def price(market, values):
        moved = values["sharing.fatigue"] - usual
        return (market == "referral") * (0.5 + max(70.0 * moved, -60.0 * moved))

    (found,) = board(price, ALONE, DECIDED)[0]["decisive"]
    assert found["estimate_at_low"] > 1.0
    assert found["flips_between"] == [usual, found["high_value"]]


class LuckyRuns(MadeUpRuns):
    """Runs with luck of their own on top of the formula, the same whatever the code."""

    def of(self, one):
        market, values = one.spec.market, one.spec.scenario.values()
        luck = random.Random(f"{market} {one.spec.seed} {values}").gauss(0.0, 1.0)
        return {"price_yuan": self.price(market, values) + luck}


def decisive_with_luck(price, first_seed):
    scenario = QUICK.with_values({"run.seed": first_seed})
    document, _ = judge_claims(scenario, LuckyRuns(price), DECIDED, [ALONE])
    return [row["parameter"] for row in document["claims"][0]["decisive"]]


@pytest.mark.slow
def test_what_luck_may_explain_is_not_decisive():
    """With so many ends some luck is large: at most one board in twenty may tell of a parameter."""
    boards = [decisive_with_luck(lambda market, values: 0.0, 100 * k) for k in range(6)]
    assert sum(bool(told) for told in boards) <= 1


def test_a_large_move_stands_out_from_luck():
    def price(market, values):
        return (market == "referral") * 300.0 * values["sharing.fatigue"]

    assert decisive_with_luck(price, 1)[0] == "sharing.fatigue"


def test_two_boards_of_the_same_runs_are_the_same():
    def price(market, values):
        return 3.0 * (market == "referral")

    assert board(price)[1] == board(price)[1]


def test_each_run_is_asked_for_once():
    runs = MadeUpRuns(lambda market, values: 0.0)
    few = Sizes(replicates=2, repeats=1, map_replicates=1, screening_replicates=0)
    judge_claims(QUICK, runs, few, CLAIMS)
    cells = Plan(QUICK, CLAIMS, few).cells()
    assert len({cell[:3] for cell in cells}) == len(cells)
    assert len(runs.made) == sum(len(cell.seeds) for cell in cells)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name)
def test_a_claim_is_stated_whole(claim):
    assert [part.role for part in claim.parts].count("main") == 1
    assert claim.favoured_by and claim.against
    for part in claim.parts:
        assert set(arms_of([part])) <= set(ARMS)
        assert {term.number for term in part.terms} <= set(NUMBERS)
        for term in part.terms:
            assert ARMS[term.arm].traced or not NUMBERS[term.number].traced
    for neutral in claim.favoured_by:
        QUICK.with_values(dict(neutral.settings(QUICK)))


def test_one_claim_is_shown_with_the_command_of_each_run():
    document = board(lambda market, values: 3.0 * (market == "referral"))[1]
    text = claims_text(document, "C1")
    assert "sharesim run quick --market ads --seed 1 --set 'screening.markets=[]'" in text
    assert "by seed: 3, 3, 3, 3" in text


def test_runs_of_other_code_are_told():
    document = board(lambda market, values: 0.0)[1]
    assert "Keys are those of code" not in claims_text(document, "C1")
    assert "Keys are those of code old" in claims_text(document | {"code": "old"}, "C1")
