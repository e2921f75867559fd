"""Where claims hold, on numbers made up for runs."""

from dataclasses import replace

import pytest

from sim.evidence.claims.arms import ARMS
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.grid import maps_of, places
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes, arms_of
from sim.evidence.claims.statement import Axis, Claim, Map, Part, Reference, Step, fixed, level
from sim.evidence.claims.where import MAPS
from sim.evidence.run_numbers import NUMBERS
from sim.report.claim_maps import counted, laid_out, map_findings, map_lines, maps_text
from sim.report.evidence_text import claims_text
from sim.scenario import Scenario, load_scenario

QUICK = load_scenario("quick")
SIZES = Sizes(replicates=3, repeats=3, map_replicates=3, screening_replicates=0)
PRICE = Part(
    "price", "yuan", level("referral, screened", "price_yuan"), 20.0, "because", role="main"
)
REWARD = Axis(
    "reward",
    (
        Step("none", fixed(referral__reward_rate=0.0)),
        Step("high", fixed(referral__reward_rate=0.3)),
    ),
)
FATIGUE = Axis(
    "fatigue",
    (
        Step("a little", fixed(sharing__fatigue=0.01)),
        Step("some", fixed(sharing__fatigue=0.02)),
        Step("much", fixed(sharing__fatigue=0.05)),
    ),
)
ASKED = Map("by reward and fatigue", PRICE, (REWARD, FATIGUE))
STATED = [(claim, asked) for claim in CLAIMS for asked in claim.maps]


class MadeUpRuns:
    """Numbers of runs: 100·reward + 1,000·fatigue, and a little luck of the seed."""

    def __init__(self, unknown=()):
        self.made, self.unknown = [], unknown

    def make(self, wanted, jobs=None, progress=None):
        self.made += [one.spec.key for one in wanted]

    def of(self, one):
        if one.spec.seed in self.unknown:
            return {}
        values = one.spec.scenario.values()
        price = 100.0 * values["referral.reward_rate"] + 1_000.0 * values["sharing.fatigue"]
        return {"price_yuan": price + 0.01 * (one.spec.seed % 3)}


def board(asked=ASKED, sizes=SIZES, scenario=QUICK, unknown=()):
    claim = Claim("C1", "It is dear.", (PRICE,), (), "nothing", maps=(asked,))
    return judge_claims(scenario, MadeUpRuns(unknown), sizes, [claim])


def cells_of(*given, **more):
    (found,) = board(*given, **more)[0]["claims"][0]["maps"]
    return found["cells"]


def test_every_cell_is_judged_by_its_own_runs():
    document, tables = board()
    (found,) = document["claims"][0]["maps"]
    assert [cell["at"] for cell in found["cells"]] == [[i, j] for i in (0, 1) for j in (0, 1, 2)]
    estimates = [cell["estimate"] for cell in found["cells"]]
    assert estimates == pytest.approx([10.01, 20.01, 50.01, 40.01, 50.01, 80.01])
    verdicts = [cell["verdict"] for cell in found["cells"]]
    assert verdicts == ["contradicted", "undecided", *["supported"] * 4]
    assert found["cells"][5]["settings"] == {"referral.reward_rate": 0.3, "sharing.fatigue": 0.05}
    keys = {run["run_key"] for run in document["runs"]}
    assert all(len(cell["runs"]) == 3 and set(cell["runs"]) <= keys for cell in found["cells"])
    assert len(tables["maps"]) == 6 * 3
    assert tables["maps"].query("cell == '0 2'")["value"].tolist() == pytest.approx(
        [50.01, 50.02, 50.0]
    )


def test_cells_are_held_against_the_usual_reward_of_the_same_column():
    usual = QUICK.values()["referral.reward_rate"]
    cells = cells_of(replace(ASKED, reference=Reference(0.9, (fixed(), None))))
    expected = [
        100.0 * reward + 1_000.0 * fatigue - 0.9 * (100.0 * usual + 1_000.0 * fatigue) + 0.001
        for reward in (0.0, 0.3)
        for fatigue in (0.01, 0.02, 0.05)
    ]
    assert [cell["estimate"] for cell in cells] == pytest.approx(expected)
    assert all(len(cell["runs"]) == 6 for cell in cells)


def test_a_cell_held_against_itself_is_told_and_not_judged():
    corner = Reference(1.0, (REWARD.steps[0].settings, FATIGUE.steps[2].settings))
    cells = cells_of(replace(ASKED, reference=corner))
    assert [cell["estimate"] for cell in cells] == pytest.approx([-40, -30, 0, -10, 0, 30])
    assert [cell["verdict"] for cell in cells][1:4] == ["contradicted", "told", "contradicted"]
    assert len(cells[2]["runs"]) == 3
    own = QUICK.with_values({"referral.reward_rate": 0.3})
    usual = replace(ASKED, reference=Reference(1.0, (fixed(), None)))
    verdicts = [cell["verdict"] for cell in cells_of(usual, scenario=own)]
    assert verdicts == [*["contradicted"] * 3, *["told"] * 3]


def test_cells_of_which_a_claim_does_not_speak_are_told_and_not_judged():
    only = replace(ASKED, speaks_of=lambda cell, reference: cell.referral.reward_rate > 0.0)
    verdicts = [cell["verdict"] for cell in cells_of(only)]
    assert verdicts == [*["told"] * 3, *["supported"] * 3]


def test_steps_that_set_the_same_are_one_cell():
    twice = Axis("reward", (Step("as it is", fixed()), *REWARD.steps))
    own = QUICK.with_values({"referral.reward_rate": 0.0})
    document, _ = board(replace(ASKED, axes=(twice, FATIGUE)), scenario=own)
    (found,) = document["claims"][0]["maps"]
    assert found["axes"][0]["steps"] == ["as it is", "high"]
    assert len(found["cells"]) == 6


def test_a_cell_that_is_not_known_on_every_seed_tells_its_n():
    document, _ = board(unknown=(2,))
    assert {cell["n"] for cell in document["claims"][0]["maps"][0]["cells"]} == {2}
    assert "80 (79.9 to 80.1), n = 2 ? |" in maps_text(document)


def test_no_more_seeds_than_the_arms_have():
    document, _ = board(sizes=replace(SIZES, map_replicates=9))
    assert document["map_replicates"] == 3
    assert {cell["n"] for cell in document["claims"][0]["maps"][0]["cells"]} == {3}


def test_maps_are_left_out_where_nobody_asks():
    document, tables = board(sizes=replace(SIZES, map_replicates=0))
    assert document["claims"][0]["maps"] == [] and "maps" not in tables
    assert "where:" not in claims_text(document)
    assert maps_text(document) == "No maps are stored."
    assert map_findings(document) == []


def test_what_has_no_effect_on_ties_from_a_file_is_not_mapped(tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("source,target\n0,1\n1,2\n2,0\n")
    scenario = Scenario().with_values({"network.file": str(ties)})
    for claim in CLAIMS:
        axes = [len(asked.axes) for asked in maps_of(claim, scenario)]
        stated = [len(asked.axes) - (claim.name == "C3") for asked in claim.maps]
        assert axes == stated


WORLDS = {
    "quick": {},
    "one category": {"demand.n_categories": 1},
    "two categories": {"demand.n_categories": 2},
    "most categories": {"demand.n_categories": 64},
    "short": {"run.weeks": 12, "run.warm_up_weeks": 2},
    "needed often": {"demand.purchase_rate_per_week": 30.0},
    "not disclosed": {"referral.disclosed": False},
    "split": {"referral.receiver_share": 0.5},
    "high reward": {"referral.reward_rate": 0.3},
}


@pytest.mark.parametrize("values", WORLDS.values(), ids=WORLDS)
def test_maps_can_be_asked_in_any_world(values):
    scenario = QUICK.with_values(values)
    for claim in CLAIMS:
        for asked in maps_of(claim, scenario):
            cells = places(asked, scenario)
            assert len({cell.settings for cell in cells}) == len(cells) > 1
            for cell in cells:
                made = scenario.with_values(dict(cell.settings))
                assert made.run.weeks <= scenario.run.weeks


def test_only_higher_rewards_in_money_speak_of_over_rewarding():
    (claim,) = (claim for claim in CLAIMS if claim.name == "C6")
    for symbolic in (False, True):
        scenario = QUICK.with_values({"referral.symbolic": symbolic})
        for cell in places(maps_of(claim, scenario)[0], scenario):
            reward = dict(cell.settings).get("referral.reward_rate", 0.06)
            assert cell.is_judged == (reward > 0.06 and not symbolic)


@pytest.mark.parametrize(("claim", "asked"), STATED, ids=lambda value: getattr(value, "name", ""))
def test_a_map_is_stated_whole(claim, asked):
    assert MAPS.keys() <= {one.name for one in CLAIMS}
    cells = places(asked, QUICK)
    varied = {key for cell in cells for key, _ in cell.settings}
    for arm in arms_of([asked.part]):
        assert not set(ARMS[arm].settings(QUICK)) & varied
        for term in asked.part.terms:
            assert ARMS[arm].traced or not NUMBERS[term.number].traced
    if asked.reference is not None:
        assert len(asked.reference.settings) == len(asked.axes)


def test_the_corners_of_the_map_of_goods_are_the_arms_of_the_claim():
    """Everyday goods less the broad range, so that one cell is the main outcome of the board."""
    (claim,) = (claim for claim in CLAIMS if claim.name == "C10")
    cells = {cell.at: cell for cell in places(claim.maps[0], QUICK)}
    for at, arm in ((2, 0, 0), "referral, everyday goods"), ((0, 2, 2), "referral, broad range"):
        settings = {**ARMS["referral, screened"].settings(QUICK), **dict(cells[at].settings)}
        assert QUICK.with_values(settings) == QUICK.with_values(ARMS[arm].settings(QUICK))
    assert cells[2, 0, 0].reference == cells[0, 2, 2].settings
    assert [at for at, cell in cells.items() if not cell.is_judged] == [(0, 2, 2)]


def test_a_map_as_a_table_a_sentence_and_lines():
    document, _ = board()
    (found,) = document["claims"][0]["maps"]
    laid = laid_out(found)
    assert (laid.down, laid.across, laid.columns) == (
        ["reward"],
        "fatigue",
        ["a little", "some", "much"],
    )
    assert [steps for steps, _ in laid.rows] == [["none"], ["high"]]
    assert counted(found) == "supported in 4, contradicted in 1, undecided in 1 of 6 cells"
    page = maps_text(document)
    assert "**C1**, price (yuan), by reward and fatigue. Has to be ≥ 20." in page
    assert "| reward ↓ fatigue → | a little | some | much |" in page
    assert "| none | 10 (9.99 to 10) ✕ | 20 (20 to 20) ? | 50 (50 to 50) ✓ |" in page
    assert "3 seeds a cell" in page
    assert map_findings(document) == [
        "**Where they hold**, each cell of the maps below by itself: C1, price: supported in 4, "
        "contradicted in 1, undecided in 1 of 6 cells."
    ]
    assert len(map_lines(found, whole=False)) == 1
    assert "  supported    reward: high; fatigue: much: 80 (80 to 80, n = 3)" in map_lines(
        found, True
    )
    assert "where: price (yuan), by reward and fatigue" in claims_text(document, "C1")


def test_what_holds_at_one_step_only_is_told():
    high = replace(PRICE, smallest=45.0)
    (told,) = map_findings(board(replace(ASKED, part=high))[0])
    assert "supported in 3, contradicted in 3 of 6 cells." in told
    only = replace(PRICE, smallest=60.0)
    (told,) = map_findings(board(replace(ASKED, part=only))[0])
    assert (
        "supported in 1, contradicted in 5 of 6 cells (supported only where reward is high and "
        in told
    )
    assert told.endswith("fatigue is much).")


def test_a_map_of_one_axis_is_a_table_of_one_row():
    document, _ = board(replace(ASKED, axes=(FATIGUE,)))
    assert "| fatigue → | a little | some | much |" in maps_text(document)
    assert laid_out(document["claims"][0]["maps"][0]).rows[0][0] == []
