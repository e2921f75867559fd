"""The page of findings says what stored documents say, and nothing where none are stored."""

import runpy
from pathlib import Path

import pytest

from sim.report.evidence_page import Stored, filled

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
NOTHING = Stored(None, None, None, None, ())

PART = {
    "outcome": "price",
    "unit": "yuan",
    "kind": "paired_difference",
    "role": "main",
    "smallest_effect": 0.5,
    "at_least": True,
    "why": "because",
    "estimate": 1.25,
    "low": 1.0,
    "high": 1.5,
    "n": 7,
    "verdict": "supported",
}
CLAIM = {
    "claim": "C5",
    "says": "Money goes to users.",
    "verdict": "mixed",
    "net_of_screening": {**PART, "verdict": "contradicted"},
    "parts": [PART],
    "neutralised": [
        {**PART, "assumption": "links are cut", "verdict": "contradicted", "flips": True}
    ],
    "assumed_not_found": True,
    "decisive": [],
}
CLAIMS = {
    "claims": [CLAIM],
    "values": {"population.n_consumers": 4_000, "run.weeks": 104},
    "comparisons": "Many.",
    "screening": {},
}


def losing(high):
    row = {"outcome": "consumer_surplus_fen", "first": "referral", "second": "ads"}
    return {
        "scenario": "unscreened",
        "differences": [{**row, "estimate": -4_200.0, "low": -4_800.0, "high": high, "n": 16}],
    }


def test_the_page_says_what_is_published():
    """If not: python scripts/write_evidence.py."""
    words = runpy.run_path(str(ROOT / "scripts/write_evidence.py"))
    assert filled(PAGE, words["stored"]()) == PAGE


def test_nothing_stored_says_so_and_leaves_other_blocks_alone():
    page = filled(PAGE, NOTHING)
    assert "Nothing is stored yet." in page
    sources = PAGE[PAGE.index("<!-- sources -->") :]
    assert page.endswith(sources)
    assert filled(page, NOTHING) == page


def test_claims_are_told_with_verdict_interval_and_what_turns_them():
    page = filled(PAGE, NOTHING._replace(claims=CLAIMS))
    assert "**Mixed:** C5 (money goes to users)." in page
    assert "1.25 (1 to 1.5), n = 7" in page
    assert "**Assumed, not found:** the main outcome of C5" in page
    assert "**With screening set apart** the verdict on the main outcome of C5 is another." in page
    assert "| C5 | links are cut |" in page


def test_a_comparison_in_which_sharing_loses_is_a_finding():
    page = filled(PAGE, NOTHING._replace(comparisons=[losing(-3_700.0)]))
    assert "`unscreened` (-42 yuan a person, -48 to -37, n = 16)" in page
    assert "Where sharing loses" not in filled(PAGE, NOTHING._replace(comparisons=[losing(5.0)]))


def test_the_recommended_reward_is_told_with_its_interval():
    tuning = {
        "objective": "consumer surplus",
        "recommended": {"referral.reward_rate": 0.04},
        "interval": {"referral.reward_rate": [0.02, 0.08]},
        "verdict": "optimum",
        "moves": [{"parameter": "sharing.annoyance", "at_low": 0.06, "at_high": 0.02}],
    }
    page = filled(PAGE, NOTHING._replace(tuning=tuning))
    assert "referral.reward_rate = 0.04 (interval 0.02 to 0.08): optimum." in page
    assert "`sharing.annoyance`" in page


def test_hits_of_fitted_rows_are_told_apart():
    row = {"row": "V2", "name": "n", "unit": "u", "market": "ads", "low": 0.0, "high": 1.0}
    row |= {"source": "s", "estimate": 0.5, "interval_low": 0.4, "interval_high": 0.6, "n": 3}
    row |= {"share_of_region_hitting": None, "sentence": ""}
    rows = [
        {**row, "use": "calibrate", "hit": True},
        {**row, "use": "report", "hit": True},
        {**row, "row": "V3", "use": "report", "hit": False, "sentence": "None is large."},
    ]
    region = {"points": 0, "n_consumers": 10, "weeks": 2, "design": "hypercube"}
    validation = {"rows": rows, "hits": 2, "of": 3, "region": region}
    page = filled(PAGE, NOTHING._replace(validation=validation))
    assert "of 2 rows to which nothing was fitted 1 hit; with the fitted ones 2 of 3" in page
    assert "missed: V3." in page and "None is large." in page


def test_a_page_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="has 0 blocks findings"):
        filled("no markers", NOTHING)
