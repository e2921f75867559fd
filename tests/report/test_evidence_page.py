"""The page of findings says what stored documents say, and nothing where none are stored."""

import runpy
from pathlib import Path

import pytest

from sim.report.evidence_page import Stored, filled

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/evidence.md").read_text(encoding="utf-8")
NOTHING = Stored(None, None, None, (), ())

RATE = "referral.reward_rate"
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
OTHER = {**PART, "outcome": "margin", "role": "part"}
WITHOUT = [
    {**PART, "verdict": "undecided", "lost": "unsure"},
    {**OTHER, "verdict": "contradicted", "lost": "turned"},
]
CLAIM = {
    "claim": "C5",
    "says": "Money goes to users.",
    "verdict": "mixed",
    "net_of_screening": {**PART, "verdict": "contradicted"},
    "parts": [PART, OTHER, {**OTHER, "outcome": "depth", "role": "told"}],
    "neutralised": [{**WITHOUT[0], "assumption": "links are cut", "parts": WITHOUT, "flips": True}],
    "assumed_not_found": True,
    "ends_known": 240,
    "decisive": [],
}
SIZE = {"population.n_consumers": 4_000, "run.weeks": 52}
SIZE |= {"merchants.initial_per_category": 10, "merchants.n_applicants": 1_600}
WORLD = "4,000 people, 52 weeks of which 44 count, and 10 sellers a category at the start, of 100"
CLAIMS = {
    "claims": [CLAIM],
    "values": SIZE,
    "comparisons": "Many.",
    "screening": {"replicates": 0},
}


def losing(high):
    row = {"outcome": "consumer_surplus_fen", "first": "referral", "second": "ads"}
    return {
        "scenario": "unscreened",
        "values": SIZE,
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
    assert (
        "**Mixed** (a part holds and another fails, below): C5 (money goes to users; main outcome "
        "supported)."
    ) in page
    assert "1.25 (1 to 1.5), n = 7" in page
    assert page.count(f"orlds of {WORLD}") == 3  # the finding, the claims, and the repeats
    assert (
        "**Assumed, not found.** Supported, but contradicted where an assumption that favours it "
        "is taken away: C5, margin (taken away: links are cut)." in page
    )
    assert "**No longer sure** where one is taken away: C5, price (taken away: links are" in page
    assert "| C5 | links are cut | price | 1.25 (1 to 1.5), n = 7, supported |" in page
    assert "| margin | 1.25 (1 to 1.5), n = 7, supported | 1.25 (1 to 1.5), n = 7 | contra" in page
    assert "| depth |" not in page[page.index("<!-- neutralised -->") :]


@pytest.mark.parametrize(
    ("main", "net", "told"),
    [
        (
            "supported",
            "contradicted",
            "the main outcome of C5 turns against the claim.",
        ),
        (
            "contradicted",
            "supported",
            "the main outcome of C5 turns in favour of the claim.",
        ),
        ("supported", "undecided", None),
        ("undecided", "contradicted", None),
    ],
)
def test_what_screening_turns_is_told_with_its_direction(main, net, told):
    claim = {**CLAIM, "parts": [{**PART, "verdict": main}], "neutralised": []}
    claim["net_of_screening"] = {**PART, "verdict": net}
    page = filled(PAGE, NOTHING._replace(claims={**CLAIMS, "claims": [claim]}))
    assert ("Net of screening**" in page) == (told is not None)
    assert (told or "") in page


def test_a_comparison_in_which_sharing_loses_is_a_finding():
    page = filled(PAGE, NOTHING._replace(comparisons=[losing(-3_700.0)]))
    assert "`unscreened` (-42 yuan a person, -48 to -37, n = 16, in worlds of 4,000 peo" in page
    assert "Where sharing loses" not in filled(PAGE, NOTHING._replace(comparisons=[losing(5.0)]))


def test_where_people_look_in_the_hybrid_is_a_finding():
    def ends(low, high):
        share = {"low": low, "high": high, "n": 8}
        return [
            {"outcome": "member_share", "first_mean": 0.6, **share},
            {"outcome": "order_share", "first_mean": 0.58, **share},
            {"outcome": "surplus_per_order_fen", "estimate": 920.0, "low": 850.0, "high": 990.0},
        ]

    told, untold = (
        {**losing(5.0), "scenario": name, "sides": {"differences": rows}}
        for name, rows in (("here", ends(0.16, 0.24)), ("there", ends(None, None)))
    )
    page = filled(PAGE, NOTHING._replace(comparisons=[losing(5.0), told, untold]))
    assert (
        "`here` 60 % (58 to 62) and 58 % (58 to 62), 9.2 yuan (8.5 to 9.9) "
        "(n = 8, in worlds of 4,000 people" in page
    )
    assert "`there`" not in page
    assert "Side by side" not in filled(PAGE, NOTHING._replace(comparisons=[losing(5.0)]))


def judged(best, low, high, verdict="optimum", **more):
    return {
        "verdict": verdict,
        "recommended": {RATE: best},
        "interval": {RATE: [low, high]},
        "flat_region": {RATE: [0.0, 0.06]},
        "gain_over_present": {"estimate": 250.0, "low": 100.0, "high": 400.0},
    } | more


SOON = {**judged(0.048, 0.035, 0.055, flat_region={RATE: [0.03, 0.06]}), "horizon": 12}


def tuning(objective, best, **more):
    return {
        "scenario": "baseline",
        "values": SIZE,
        "objective": objective,
        "market": "referral",
        "levers": [{"key": RATE, "low": 0.0, "high": 0.3, "present": 0.06}],
        "horizon": 104,
        "short_run": SOON,
        "moves": [],
        "runs": [{"market": "referral", "seed": seed} for seed in (1, 2, 2)],
        **best,
    } | more


def test_the_best_reward_is_told_for_each_with_how_sure_that_is():
    run = {"market": "referral", "seed": 1}
    tunings = [
        tuning("household_gain", judged(0.04, 0.02, 0.08)),
        tuning("consumer_surplus", judged(0.0, 0.0, 0.0, "at the edge")),
        tuning("platform_profit", judged(0.04, 0.0, 0.3, "no clear optimum"), runs=[run]),
    ]
    page = filled(PAGE, NOTHING._replace(tunings=tunings))
    assert (
        "| shoppers | 0 % (0 % to 0 %) | 0 % to 6 % | +2.5 (1.0 to 4.0) | "
        "4.8 % (3.5 % to 5.5 %) | 2 |\n| households (with what sharers earn) | 4 % (2 % to 8 %) |"
    ) in page
    of_platform = page[page.index("| the sharing platform") :].splitlines()[0]
    assert "audits at the founding left out" in of_platform
    assert "| no rate is clearly best | – |" in of_platform and of_platform.endswith("| 1 |")
    assert f"as many worlds as the last column says, each of {WORLD}" in page
    assert (
        "**What would change it?** Haste: if only 12 weeks count, the best is 4.8 % (3.5 % to "
        "5.5 %) for shoppers."
    ) in page


def test_haste_changes_nothing_where_the_best_is_as_good_in_the_short_run():
    alike = {**SOON, "flat_region": {RATE: [0.0, 0.09]}}
    one = tuning("consumer_surplus", judged(0.0, 0.0, 0.0, "at the edge"), short_run=alike)
    assert "Haste" not in filled(PAGE, NOTHING._replace(tunings=[one]))


def test_what_would_change_the_best_reward_is_told():
    def end(set_to, best, low, high, verdict="optimum"):
        return {**judged(best, low, high, verdict), "recommended": [best], "set_to": set_to}

    def move(parameter, at_low, at_high):
        return {"parameter": parameter, "at_low": at_low, "at_high": at_high}

    moves = [
        move("sharing.annoyance", end(0, 0.2, 0.1, 0.3), end(1, 0, 0, 0.02)),
        move("sharing.fatigue", end(0, 0.03, 0, 0.1), end(1, 0.01, 0, 0.05)),
        move("trust.tolerance", end(0, 0.03, 0, 0.1), end(1, 0, 0, 0.3, "no clear optimum")),
    ]
    usual = tuning("household_gain", judged(0.04, 0.02, 0.08), moves=moves)
    growing = tuning("household_gain", judged(0.1, 0.08, 0.12), scenario="growth")
    page = filled(PAGE, NOTHING._replace(tunings=[growing, usual]))
    assert "In `growth` the best for households (with what sharers earn) is 10 %" in page
    assert (
        "`sharing.annoyance` surely moves it: for households (with what sharers earn) "
        "20 % (10 % to 30 %) where it is 0." in page
    )
    assert (
        "It does not surely move at either end of the plausible range of `sharing.fatigue`." in page
    )
    assert (
        "No rate is clearly best for households (with what sharers earn) where `trust.tolerance` "
        "is 1." in page
    )


FATIGUE = {
    "parameter": "sharing.fatigue",
    "default": 0.03,
    "low_value": 0.0,
    "high_value": 0.1,
    "estimate_at_low": 0.75,
    "estimate_at_default": 0.6,
    "estimate_at_high": 0.25,
    "flips_between": [0.03, 0.1],
    "flips_near": 0.05,
}
SCREENING = {"replicates": 2, "parameters": 120, "n_consumers": 1_000, "weeks": 39}
BOUND = {"at_least": True, "smallest_effect": 0.5, "estimate": 1.25}


def decided(*rows):
    return {**CLAIMS, "screening": SCREENING, "claims": [{**CLAIM, **BOUND, "decisive": rows}]}


def test_what_turns_first_is_what_has_the_least_way_to_go():
    farther = {**FATIGUE, "parameter": "ads.n_slots", "estimate_at_high": 0.45}
    switch = {**farther, "parameter": "ads.mechanism", "flips_near": None}
    switch |= {"flips_between": ["gsp", "vcg"], "low_value": "gsp", "high_value": "vcg"}
    page = filled(PAGE, NOTHING._replace(claims=decided(switch, farther, FATIGUE)))
    assert (
        "at the start, of 25 applicants: C5 with `sharing.fatigue` from 0.03 to about 0.05 (29 % "
        "of the way to the end of its range)."
    ) in page
    page = filled(PAGE, NOTHING._replace(claims=decided(switch)))
    assert "applicants: C5 with `ads.mechanism` set to vcg." in page


def test_what_moves_a_claim_is_told_with_where_it_turns():
    claims, bound = decided(FATIGUE), BOUND
    page = filled(PAGE, NOTHING._replace(claims=claims))
    row = "| C5 (≥ 0.5) | `sharing.fatigue` | 0.0: 0.75 | 0.03: 0.6 | 0.1: 0.25 | near 0.05 |"
    assert row in page
    assert "begins on the other side" not in page
    other = {**claims, "claims": [{**CLAIM, **bound, "estimate": 0.25, "decisive": [FATIGUE]}]}
    page = filled(PAGE, NOTHING._replace(claims=other))
    assert "C5 begins on the other side of what it has to be" in page
    assert "about 0.05" not in page
    unmoved = {**claims, "claims": [{**CLAIM, **bound}]}
    page = filled(PAGE, NOTHING._replace(claims=unmoved))
    assert "No parameter moves the main outcome of C5 beyond luck." in page
    unknown = {**claims, "claims": [{**CLAIM, **bound, "ends_known": 0}]}
    assert "For C5 nothing was varied." in filled(PAGE, NOTHING._replace(claims=unknown))


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
    validation = {"rows": rows, "hits": 2, "of": 3, "region": region, "values": SIZE}
    page = filled(PAGE, NOTHING._replace(validation=validation))
    assert "2 of 3 rows hit; of the 2 that were not fitted here, 1. Missed: V3. The rows" in page
    assert "The rows that were not fitted here are not out of sample" in page
    assert "None is large." in page
    rows[2]["hit"] = None
    page = filled(PAGE, NOTHING._replace(validation=validation))
    assert "of the 1 that were not fitted here, 1. The" in page and "Missed:" not in page


def test_a_page_without_its_markers_is_refused():
    with pytest.raises(ValueError, match="has 0 blocks findings"):
        filled("no markers", NOTHING)
