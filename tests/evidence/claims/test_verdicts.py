"""Verdicts come from intervals against the smallest effect, not from significance."""

import math

import pytest

from sim.evidence.claims.verdicts import family_level, flips, judge, lost, together


@pytest.mark.parametrize(
    ("sample", "at_least", "verdict"),
    [
        ([1.0, 1.1, 0.9, 1.0], True, "supported"),
        ([0.10, 0.11, 0.09, 0.10], True, "contradicted"),  # surely there, too small to matter
        ([-1.0, -1.1, -0.9, -1.0], True, "contradicted"),
        ([0.0, 1.0, -1.0, 2.0], True, "undecided"),
        ([1.0, 1.0], True, "undecided"),  # two seeds decide nothing
        ([1.0, math.nan, 1.1, 0.9], True, "supported"),
        ([0.1, 0.11, 0.09], False, "supported"),
        ([1.0, 1.1, 0.9, 1.0], False, "contradicted"),
        ([], True, "undecided"),
    ],
)
def test_a_sample_is_judged_against_the_smallest_effect(sample, at_least, verdict):
    assert judge(sample, 0.5, at_least).verdict == verdict


def test_a_stricter_level_widens_the_interval():
    sample = [1.0, 1.2, 0.9, 1.1, 0.8]
    usual, strict = judge(sample, 0.5), judge(sample, 0.5, level=family_level(30))
    assert strict.low < usual.low and strict.high > usual.high
    assert strict.estimate == usual.estimate


def test_a_claim_says_all_of_its_parts():
    assert together(["supported", "supported"]) == "supported"
    assert together(["supported", "contradicted", "undecided"]) == "mixed"
    assert together(["contradicted", "undecided"]) == "contradicted"
    assert together(["supported", "undecided"]) == "undecided"


def test_a_verdict_that_becomes_undecided_is_weakened_not_turned():
    assert flips("supported", "contradicted")
    assert not flips("supported", "undecided")
    assert not flips("supported", "supported")


def test_only_support_can_be_lost():
    assert lost("supported", "contradicted") == "turned"
    assert lost("supported", "undecided") == "unsure"
    assert lost("supported", "supported") is None
    assert lost("contradicted", "supported") is lost("undecided", "contradicted") is None


def test_the_family_level():
    assert family_level(1) == pytest.approx(0.95)
    assert family_level(25) == pytest.approx(0.998)
