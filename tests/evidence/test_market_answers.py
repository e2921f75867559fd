"""Known answers of the markets: the shipped cases, odd ones, and inputs that make no sense."""

import math

import pytest

from sim.evidence.known_answers import judge, shipped_cases
from sim.evidence.market_answers import MARKET_FAMILIES


def case(family, inputs, expected, tolerance=1e-9):
    return {
        "family": family,
        "case": "made here",
        "inputs": inputs,
        "expected": expected,
        "tolerance": tolerance,
        "source": "this test",
    }


@pytest.mark.parametrize("family", MARKET_FAMILIES)
def test_every_shipped_case_passes(family):
    cases = [shipped for shipped in shipped_cases() if shipped["family"] == family]
    assert cases
    for shipped in cases:
        verdict = judge(shipped)
        assert verdict.status == "passed", verdict.message


def test_the_truncation_law_holds_for_other_doors():
    # Everybody admitted: no lift. The best half on a perfect audit: sqrt(2 / pi) = .798.
    for correlation, share, lift in ((0.5, 1.0, 0.0), (1.0, 0.5, math.sqrt(2 / math.pi))):
        inputs = {"audit_correlation": correlation, "admit_share": share}
        expected = {"mean_quality_admitted_sd": lift}
        tolerance = {"kind": "absolute", "mean_quality_admitted_sd": 0.02}
        assert judge(case("screening", inputs, expected, tolerance)).status == "passed"


def test_a_monopolist_of_nearly_everybody_still_finds_the_price():
    # m = 1 + W(e^8) at value 10, cost 1 and scale 1, where half-steps would never rest.
    inputs = {"quality": [10], "unit_cost": [1], "scale": 1.0, "outside_quality": 0, "owner": [0]}
    expected = {"price": [8.178865346308127]}
    assert judge(case("logit_pricing", inputs, expected, 1e-9)).status == "passed"


def test_a_wrong_answer_fails():
    inputs = {"values": [10, 4, 2], "slot_clicks": [200, 100]}
    assert judge(case("balanced_bidding", inputs, {"bids": [6.5, 3.1, 2]})).status == "failed"


@pytest.mark.parametrize(
    ("family", "inputs", "message"),
    [
        ("auction", {"mechanism": "gps", "bids": [1], "slot_clicks": [1]}, "gsp, vcg"),
        ("auction", {"mechanism": "gsp", "bids": [1], "slot_clicks": [1, 2]}, "rise"),
        (
            "auction",
            {"mechanism": "gsp", "bids": [1, 2], "slot_clicks": [1], "quality": [1]},
            "equally long",
        ),
        ("auction", {"mechanism": "gsp", "slot_clicks": [1]}, "bids is missing"),
        ("balanced_bidding", {"values": ["a"], "slot_clicks": [1]}, "could not convert"),
        ("balanced_bidding", {"values": [math.nan], "slot_clicks": [1]}, "finite"),
        (
            "logit_pricing",
            {"quality": [1], "unit_cost": [1], "scale": 0, "outside_quality": 0, "owner": [0]},
            "scale must be positive",
        ),
        (
            "logit_pricing",
            {"quality": [1], "unit_cost": [1], "scale": 1, "outside_quality": None, "owner": [0]},
            "nothing bounds the price",
        ),
        ("screening", {"audit_correlation": 1.5, "admit_share": 0.1}, "from 0 to 1"),
        ("screening", {"prior_good": 2, "accept_good": 1, "accept_bad": 0}, "from 0 to 1"),
    ],
)
def test_senseless_inputs_fail_in_one_line(family, inputs, message):
    verdict = judge(case(family, inputs, {"x": 1}))
    assert verdict.status == "failed"
    assert message in verdict.message
    assert "\n" not in verdict.message
