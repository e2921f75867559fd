"""Where claims hold, on numbers made up for runs."""

from dataclasses import replace

import pytest

from sim.evidence.claims.arms import ARMS
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.grid import maps_of, places
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes, arms_of
from sim.evidence.claims.statement import Axis, Claim, Map, Part, Step, fixed, level
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
MAPS = [(claim.name, asked) for claim in CLAIMS for asked in claim.maps]


class MadeUpRuns:
    """Numbers of runs: 100·reward + 1,000·fatigue, and a little luck of the seed."""

    def __init__(self):
        self.made = []

    def make(self, wanted, jobs=None, progress=None):
        self.made += [one.spec.key for one in wanted]

    def of(self, one):
        values = one.spec.scenario.values()
        price = 100.0 * values["referral.reward_rate"] + 1_000.0 * values["sharing.fatigue"]
        return {"price_yuan": price + 0.01 * (one.spec.seed % 3)}


def board(asked=ASKED, sizes=SIZES):
    claim = Claim("C1", "It is dear.", (PRICE,), (), "nothing", maps=(asked,))
    return judge_claims(QUICK, MadeUpRuns(), sizes, [claim])


def test_every_cell_is_judged_by_its_own_runs():
    document, tables = board()
    (found,) = document["claims"][0]["maps"]
    assert [cell["at"] for cell in found["cells"]] == [[i, j] for i in (0, 1) for j in (0, 1, 2)]
    estimates = [cell["estimate"] for cell in found["cells"]]
    assert estimates == pytest.approx([10.01, 20.01, 50.01, 40.01, 50.01, 80.01])
    verdicts = [cell["verdict"] for cell in found["cells"]]
    assert verdicts == ["contradicted", "undecided", *["supported"] * 4]
    assert found["cells"][5]["settings"] == {
        "referral.reward_rate": 0.3,
        "sharing.fatigue": 0.05,
    }
    keys = {run["run_key"] for run in document["runs"]}
    assert all(len(cell["runs"]) == 3 and set(cell["runs"]) <= keys for cell in found["cells"])
    assert len(tables["maps"]) == 6 * 3
    assert tables["maps"].query("cell == '0 2'")["value"].tolist() == pytest.approx(
        [50.01, 50.02, 50.0]
    )


def test_less_that_at_the_usual_reward_of_the_same_column():
    usual = QUICK.values()["referral.reward_rate"]
    (found,) = board(replace(ASKED, less_usual=0.9))[0]["claims"][0]["maps"]
    expected = [
        100.0 * reward + 1_000.0 * fatigue - 0.9 * (100.0 * usual + 1_000.0 * fatigue) + 0.001
        for reward in (0.0, 0.3)
        for fatigue in (0.01, 0.02, 0.05)
    ]
    assert [cell["estimate"] for cell in found["cells"]] == pytest.approx(expected)
    assert all(len(cell["runs"]) == 6 for cell in found["cells"])


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
    fewer = {claim.name: len(claim.maps) - len(maps_of(claim, scenario)) for claim in CLAIMS}
    assert fewer.pop("C3") == 2
    assert not any(fewer.values())


@pytest.mark.parametrize(("claim", "asked"), MAPS, ids=lambda value: str(value)[:2])
def test_a_map_is_stated_whole(claim, asked):
    cells = places(asked, QUICK)
    assert len({cell.settings for cell in cells}) == len(cells)
    for cell in cells:
        QUICK.with_values(dict(cell.settings))
    for arm in arms_of([asked.part]):
        assert not set(ARMS[arm].settings(QUICK)) & {key for c in cells for key, _ in c.settings}
        for term in asked.part.terms:
            assert ARMS[arm].traced or not NUMBERS[term.number].traced


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
    assert counted(found) == "of 6 cells supported in 4, contradicted in 1, undecided in 1"
    page = maps_text(document)
    assert "**C1**, price (yuan), by reward and fatigue. Has to be ≥ 20." in page
    assert "| reward | fatigue: a little | fatigue: some | fatigue: much |" in page
    assert "| none | 10 (9.99 to 10) ✗ | 20 (20 to 20) ? | 50 (50 to 50) ✓ |" in page
    assert "3 seeds a cell" in page
    assert map_findings(document) == [
        "**Where they hold**, each cell of a map by itself at 95 %: C1, price (yuan), by reward "
        "and fatigue: of 6 cells supported in 4, contradicted in 1, undecided in 1."
    ]
    assert len(map_lines(found, whole=False)) == 1
    assert "  supported    reward high; fatigue much: 80 (80 to 80, n = 3)" in map_lines(
        found, True
    )
    assert "where: price (yuan), by reward and fatigue" in claims_text(document, "C1")
