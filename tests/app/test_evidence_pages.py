"""Sweeps and Model without a browser: verdicts, maps and tables are those of the documents."""

import json

import pandas as pd
import pytest

from app_parts.claims import _at_end, _turning
from app_parts.sweep_maps import nearest
from sim.experiments.analyses import keep_analysis
from sim.experiments.store import RunStore, plain_values
from sim.experiments.sweep import means_of
from sim.measures.summary import OUTCOMES
from sim.scenario import load_scenario
from tests.app.conftest import open_page
from tests.app.test_pages import CHINESE, text_of

KEYS = ("referral.reward_rate", "sharing.annoyance")


def make_sweep(root):
    """A sweep of four points and three seeds in which referral wins at the first rate only."""
    points = [
        {"point": number, KEYS[0]: rate, KEYS[1]: annoyance}
        for number, (rate, annoyance) in enumerate([(0.0, 0.0), (0.0, 0.1), (0.2, 0.0), (0.2, 0.1)])
    ]
    rows = [
        {**point, "market": market, "seed": seed, "run_key": f"{seed}{market}", "failed": False}
        | {
            outcome: 10.0 * seed
            + (market == "referral") * (5.0 if point[KEYS[0]] == 0.0 else -5.0)
            + 0.1 * ((seed * 7 + len(market)) % 3)
            for outcome in OUTCOMES
        }
        for point in points
        for market in ("referral", "ads")
        for seed in (1, 2, 3)
    ]
    table = pd.DataFrame(rows)
    document = {
        "scenario": "quick",
        "values": plain_values(load_scenario("quick")),
        "keys": list(KEYS),
        "points": points,
        "markets": ["referral", "ads"],
        "replicates": 3,
        "runs": [],
    }
    tables = {"points": table, "means": means_of(table, ("referral", "ads"))}
    return keep_analysis(RunStore(root), "quick", "sweep", document, tables)


def claim(name, verdict, **more):
    return {
        "claim": name,
        "verdict": verdict,
        "outcome": "quality sold less offered",
        "unit": "0 to 1",
        "kind": "paired_difference",
        "smallest_effect": 0.02,
        "estimate": 0.031,
        "low": 0.012,
        "high": 0.05,
        "n": 8,
        "net_of_screening": None,
        "parts": [],
        "neutralised": [],
        "assumed_not_found": False,
        "decisive": [],
        "against": "luck <b>",
        "needs": None,
        "runs": [],
    } | more


@pytest.fixture
def claims(results):
    found = {"estimate": 0.001, "low": -0.01, "high": 0.012, "n": 8}
    without = [
        found | {"outcome": "main one", "role": "main", "verdict": "undecided", "lost": "unsure"},
        found | {"outcome": "kept one", "role": "part", "verdict": "supported", "lost": None},
        found | {"outcome": "net one", "role": "net", "verdict": "contradicted", "lost": "turned"},
    ]
    assumed = {"assumption": "posts are believed", "settings": {"sharing.annoyance": 0.0}}
    flips = [assumed | found | {"verdict": "undecided", "parts": without, "flips": True}]
    numbers = {"unit": "yuan", "estimate": 2.0, "low": 1.0, "high": 3.0, "n": 8}
    parts = [
        numbers | {"outcome": "judged one", "role": "part", "verdict": "contradicted"},
        numbers | {"outcome": "told one", "role": "told", "verdict": "supported"},
    ]
    document = {
        "scenario": "quick",
        "values": plain_values(load_scenario("quick")),
        "level": 0.99,
        "claims": [
            claim("C1", "supported", neutralised=flips, assumed_not_found=True, parts=parts),
            claim("C2", "not_yet_testable", estimate=None, low=None, high=None, needs="a ban"),
        ],
        "runs": [],
    }
    return keep_analysis(RunStore(results), "quick", "claims", document, {})


def test_the_board_says_what_the_document_says(claims):
    text = text_of(open_page("sweeps"))
    assert "Supported" in text and "Not yet testable" in text
    assert "0.031 [0.012, 0.050]" in text
    assert "Assumed, not found" in text and "main one" in text
    assert "Undecided: no longer sure" in text and "Contradicted: assumed, not found" in text
    assert "kept one" not in text
    assert "Bar: the 99 % interval, so that all 1 parts hold together at 95 %" in text
    assert "luck &lt;b&gt;" in text or "luck <b>" in text


@pytest.mark.parametrize(("at_least", "told"), [(True, "more"), (False, "less")])
def test_the_effect_that_matters_is_told_with_its_side(results, at_least, told):
    one = claim("C6", "contradicted", at_least=at_least, smallest_effect=-0.02)
    document = {"scenario": "quick", "values": plain_values(load_scenario("quick"))}
    document |= {"claims": [one], "level": 0.99, "runs": []}
    keep_analysis(RunStore(results), "quick", "claims", document, {})
    assert f"-0.02 or {told} would matter" in text_of(open_page("sweeps")).replace("−", "-")


def test_where_a_claim_holds_is_a_table_of_its_cells(results):
    cell = {"estimate": 2.0, "low": 1.0, "high": 3.0, "n": 6}
    asked = {"over": "by <all>", "outcome": "main one", "unit": "yuan", "at_least": False}
    asked |= {"smallest_effect": 1.5, "axes": [{"name": "reward", "steps": ["0 %", "30 %"]}] * 2}
    verdicts = ("supported", "contradicted", "undecided", "told")
    asked["cells"] = [
        {"at": [k // 2, k % 2], **cell, "verdict": verdict} for k, verdict in enumerate(verdicts)
    ]
    document = {"scenario": "quick", "values": plain_values(load_scenario("quick"))}
    document |= {"map_replicates": 6, "level": 0.99, "runs": []}
    document |= {"claims": [claim("C6", "supported", maps=[asked])]}
    keep_analysis(RunStore(results), "quick", "claims", document, {})
    page = open_page("sweeps")
    text = text_of(page)
    assert "main one (yuan), by &lt;all&gt;: holds where it is at most 1.5" in text.replace(
        "<all>", "&lt;all&gt;"
    )
    assert "0 % ✓ 2.00 [1.00, 3.00] ✕ 2.00 [1.00, 3.00] 30 % ? 2.00" in text
    assert "Each cell by itself at 95 %, n = 6" in text


def test_what_is_told_but_not_judged_has_no_verdict(claims):
    text = text_of(open_page("sweeps"))
    assert "judged one 2.00 [1.00, 3.00] yuan Contradicted" in text
    assert "told one 2.00 [1.00, 3.00] yuan Told, not judged" in text


def test_values_between_which_an_effect_turns_stand_in_full_the_lower_first():
    moved = {
        "parameter": "demand.category_spread",
        "low_value": 0.2,
        "estimate_at_low": 0.5,
        "flips_between": [1e6, 0.2],
    }
    assert _turning(moved) == ["0.2", "1,000,000"]
    assert _at_end(moved, "low") == "0.2: 0.500"


def test_the_board_speaks_chinese(claims):
    text = text_of(open_page("sweeps", "zh"))
    assert "成立" in text and "良币驱逐劣币" in text


def test_without_documents_commands_are_named(results):
    for view, command in (("claims", "claims"), ("maps", "sweep"), ("drivers", "sensitivity")):
        assert f"sharesim {command}" in open_page("sweeps", view=view).code[0].value


@pytest.mark.parametrize("high", [0.5, 0.6])
def test_shares_of_too_few_samples_are_told_as_such(results, high):
    rows = [
        {"parameter": name, "outcome": "consumer_surplus_fen", "first": 0.2, "total": 0.3}
        | {"first_low": 0.0, "first_high": high, "total_low": 0.1, "total_high": 0.5}
        for name in (*KEYS, "seed")
    ]
    document = {"outcome": "consumer_surplus_fen", "n_points": 20, "runs": []}
    tables = {"indices": pd.DataFrame(rows)}
    keep_analysis(RunStore(results), "quick", "sensitivity", document, tables)
    told = "Too few samples: intervals wider than 50 points"
    assert (told in text_of(open_page("sweeps", view="drivers"))) == (high > 0.5)


def test_the_map_counts_cells_by_their_intervals(results):
    make_sweep(results)
    app = open_page("sweeps", view="maps")
    assert "higher with referral in 2 of 4 worlds, with ads in 2" in text_of(app)
    assert not CHINESE.search(text_of(app))
    spec = json.loads(app.get("plotly_chart")[0].proto.spec)
    cells = spec["data"][0]["text"]
    assert [cell.startswith("+") for cell in cells[0]] == [True, False]
    # Plotly tells of no click on what skips hovering.
    assert {trace["hoverinfo"] for trace in spec["data"]} == {"none"}


def test_a_cell_is_told_with_its_interval(results):
    make_sweep(results)
    app = open_page("sweeps", view="maps")
    app.selectbox(key="map_cell_en").set_value("2").run()
    assert not app.exception
    assert "Higher with ads: −0.0500 (yuan per person), 95 % interval [−0.05" in text_of(app)


def test_axes_are_written_in_the_unit_of_their_setting(results):
    make_sweep(results)
    spec = json.loads(open_page("sweeps", view="maps").get("plotly_chart")[0].proto.spec)
    assert spec["layout"]["xaxis"]["ticktext"] == ["0\u00a0%", "20\u00a0%"]


def test_other_settings_are_held_at_their_usual_value_or_the_one_next_to_it():
    assert nearest([0.1, 0.3, 0.7, 0.9], 0.7) == 0.7
    assert nearest([0.0, 0.05, 0.2], 0.06) == 0.05
    assert nearest(["a", "b"], "c") == "a"


def test_the_model_page_has_all_its_parts(results):
    text = text_of(open_page("model"))
    for part in ("A week in the model", "what the model makes of them", "not modelled"):
        assert part in text
    assert "sharesim validate" in open_page("model").code[0].value


def test_every_sentence_of_the_article_names_parameters_there_are():
    from app_parts.model_parts import SENTENCES
    from sim.parameters import PARAMETERS

    missing = {key for keys in SENTENCES.values() for key in keys} - set(PARAMETERS)
    assert not missing


def test_hits_and_misses_are_counted_as_the_document_has_them(results):
    row = {"unit": "share", "low": 0.1, "high": 0.2, "source": "Somebody 2007", "n": 4}
    row |= {"interval_low": 0.11, "interval_high": 0.13, "share_of_region_hitting": 0.5}
    rows = [
        {**row, "row": "V1", "name": "one", "use": "calibrate", "estimate": 0.12, "hit": True}
        | {"sentence": "", "runs": []},
        {**row, "row": "V2", "name": "two", "use": "report", "estimate": 0.9, "hit": False}
        | {"sentence": "Too many.", "runs": []},
        {**row, "row": "V3", "name": "three", "use": "report", "estimate": 0.0, "hit": None}
        | {"sentence": "", "runs": []},
    ]
    values = plain_values(load_scenario("quick"))
    document = {"scenario": "quick", "values": values, "rows": rows, "runs": []}
    keep_analysis(RunStore(results), "quick", "validate", document, {})
    text = text_of(open_page("model"))
    assert "1 of 2 patterns" in text and "✕ miss" in text and "Too many." in text
    assert "world too small" in text
    assert "符合 1 条" in text_of(open_page("model", "zh"))


def test_what_an_effect_hangs_on_is_told_with_the_size_of_its_world(results):
    moved = {"parameter": KEYS[1], "low_value": 0.0, "high_value": 0.1, "flips_between": None}
    moved |= {"estimate_at_low": 0.1, "estimate_at_high": 0.2}
    document = {"scenario": "quick", "values": plain_values(load_scenario("quick")), "runs": []}
    document |= {"claims": [claim("C1", "supported", decisive=[moved])]}
    document |= {"level": 0.99, "screening": {"n_consumers": 1000, "weeks": 39, "replicates": 2}}
    keep_analysis(RunStore(results), "quick", "claims", document, {})
    told = "of worlds of 1,000 people over 39 weeks, 2 pairs of runs each; the number on the card"
    assert told in text_of(open_page("sweeps"))


@pytest.mark.parametrize(
    ("page", "query", "files"),
    [
        ("model", {}, {"validation", "known", "parameters"}),
        ("sweeps", {}, {"claims", "maps"}),
        ("sweeps", {"view": "maps"}, {"map", "multiples"}),
        ("sweeps", {"view": "drivers"}, {"tornado", "sobol"}),
        ("reward", {}, {"response", "moves", "break-even"}),
    ],
)
def test_what_a_page_shows_can_be_taken_along(page, query, files):
    buttons = open_page(page, **query).get("download_button")
    assert files == {button.proto.id.split("csv_")[1] for button in buttons}
