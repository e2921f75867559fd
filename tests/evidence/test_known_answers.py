"""Known answers: the shipped cases, the judging of answers, files of other people."""

import json
from pathlib import Path

import pytest

from sim.evidence import known_answers
from sim.evidence.known_answers import (
    CasesFileError,
    judge,
    judge_all,
    misses,
    read_cases,
    shipped_cases,
    within,
)
from sim.rules import choice, trust

CASES = shipped_cases()
HERE = ["logit_choice", "beta_reputation", "normal_learning", "reward_split"]
HERE += ["philox4x32", "pyramid_rule", "inequality", "structural_virality"]
GIVEN = Path(__file__).parents[3] / "shared" / "truth" / "known_answers.json"


def names(cases):
    return [f"{case['family']}-{case['case']}" for case in cases]


OWN = [case for case in CASES if case["family"] in HERE]


@pytest.mark.parametrize("case", OWN, ids=names(OWN))
def test_the_product_answers_rightly(case):
    verdict = judge(case)
    assert verdict.status == "passed", verdict.message
    assert set(verdict.got) >= set(case["expected"])


def test_the_shipped_cases_are_named_once_and_sourced():
    assert len(CASES) >= 57
    assert len(set(names(CASES))) == len(CASES)
    assert len({case["family"] for case in CASES}) == 15
    assert all(len(case["source"]) > 20 for case in CASES)


@pytest.mark.skipif(not GIVEN.exists(), reason="the given cases are not beside this clone")
def test_every_given_case_of_these_families_passes_and_has_its_like_among_the_shipped():
    given = read_cases(GIVEN)
    for case in given:
        alike = [
            own
            for own in CASES
            if own["family"] == case["family"] and own["inputs"] == case["inputs"]
        ]
        assert len(alike) == 1, case["case"]
        assert within(alike[0]["expected"], case["expected"], 1e-9, None), case["case"]
    judged = judge_all([case for case in given if case["family"] in HERE])
    assert (judged["failed"], judged["unsupported"]) == (0, 0)


def test_an_unknown_family_is_unsupported():
    case = {**OWN[0], "family": "astrology"}
    verdict = judge(case)
    assert verdict.status == "unsupported"
    assert verdict.family == "astrology"


def case(**change):
    base = {
        "family": "beta_reputation",
        "case": "seven_one",
        "inputs": {"useful": 7, "useless": 1},
        "expected": {"expected": 0.8},
        "tolerance": 1e-12,
        "source": "Josang, Ismail 2002",
    }
    return {**base, **change}


@pytest.mark.parametrize(
    "wrong, says",
    [
        (None, "must be an object, not a null"),
        ([], "must be an object, not a list"),
        ({}, "lacks family, case, inputs, expected, tolerance, source"),
        (case(inputs=[1]), "inputs must be an object"),
        (case(expected={}), "expected is empty"),
        (case(tolerance="small"), "tolerance must be a number"),
        (case(tolerance=-1), "0 or more"),
        (case(tolerance=float("nan")), "0 or more"),
        (case(tolerance=float("inf")), "finite"),
        (case(tolerance=10**400), "finite"),
        (case(tolerance={"kind": "guess"}), "monte_carlo or absolute"),
        (case(tolerance={"kind": "monte_carlo"}), "number z"),
        (case(tolerance={"kind": "absolute", "expected": "x"}), "must be a number"),
        (case(tolerance={"kind": "absolute"}), "does not name"),
        (case(inputs={"useful": 7}), "useless is missing"),
        (case(inputs={"useful": "many", "useless": 1}), "could not convert"),
        (case(inputs={"feedback": [2]}), "0 or 1"),
        (case(expected={"expected": 0.8, "median": 0.8}), "median: no answer"),
        (case(expected={"expected": [0.8]}), "expected 1 values"),
        (case(expected={"expected": True}), "expected True"),
        (case(family="philox4x32", inputs={"counter": [1], "key": [1, 2]}), "4 words"),
        (case(family="reward_split", inputs={"total_fen": 1.5, "weights": [1]}), "float"),
        (case(family="reward_split", inputs={"total_fen": 1, "weights": []}), "weights"),
        (case(family="logit_choice", inputs={"utility": []}), "no option"),
        (case(family="inequality", inputs={"x": [-1, 1]}), "inputs"),
        (case(family="structural_virality", inputs={"parent": []}), "root"),
        (case(family="structural_virality", inputs={"parent": [-1, 7]}), "root"),
        (case(family="structural_virality", inputs={"parent": [-1, 2, 1]}), "inputs"),
        (
            case(
                family="normal_learning",
                inputs={"prior_mean": 0, "prior_variance": 0, "signals": []},
            ),
            "zero",
        ),
    ],
)
def test_a_malformed_case_fails_in_one_line(wrong, says):
    verdict = judge(wrong)
    assert verdict.status == "failed"
    assert says in verdict.message
    assert "\n" not in verdict.message
    json.dumps(verdict.as_dict())


@pytest.mark.parametrize(
    "content, says",
    [(None, "cannot be read"), ("{", "not valid JSON"), ("{}", "list of cases"), ("", "JSON")],
)
def test_a_file_that_cannot_be_read_says_so(tmp_path, content, says):
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(CasesFileError, match=says) as error:
        read_cases(path)
    assert str(path) in str(error.value)


def test_numbers_are_compared_relative_to_their_size_but_at_least_to_one():
    assert within({"a": 1000.0}, {"a": 1000.9}, 1e-3, None)
    assert not within({"a": 1000.0}, {"a": 1001.1}, 1e-3, None)
    assert within({"a": 0.0}, {"a": 0.0009}, 1e-3, None)
    assert not within({"a": 0.0}, {"a": float("nan")}, 1e-3, None)


def test_frequencies_are_compared_by_their_own_error():
    tolerance = {"kind": "monte_carlo", "z": 4.5, "sd": 2.0}
    n = 10_000
    assert within({"size_pmf": [0.5]}, {"size_pmf": [0.5225]}, tolerance, n)
    assert not within({"size_pmf": [0.5]}, {"size_pmf": [0.5227]}, tolerance, n)
    assert within({"size_pmf": [0.0]}, {"size_pmf": [0.0001]}, tolerance, n)
    assert not within({"size_pmf": [0.0]}, {"size_pmf": [0.0002]}, tolerance, n)
    assert within({"mean_size": 2.0}, {"mean_size": 2.089}, tolerance, n)
    assert not within({"mean_size": 2.0}, {"mean_size": 2.091}, tolerance, n)
    assert misses({"mean_size": 2.0}, {"mean_size": 2.0}, tolerance, None)


def test_an_absolute_tolerance_is_one_for_each_key():
    tolerance = {"kind": "absolute", "a": 0.1, "b": 0.01}
    assert within({"a": [1.0, 2.0], "b": 3.0}, {"a": [1.09, 1.91], "b": 3.009}, tolerance, None)
    assert not within({"a": [1.0], "b": 3.0}, {"a": [1.0], "b": 3.02}, tolerance, None)


WRONG_RULES = [
    (choice, "arrival", lambda u, weight: u / weight, "three_options"),
    (choice, "option_weight", lambda utility, largest: 1.0, "three_options"),
    (trust, "tie_trust", lambda prior, strength, useful, useless: prior, "seven_one"),
    (trust, "evidence_left", lambda milli, kept_share: milli / 1000.0, "forgetting_9"),
    (trust, "share_kept", lambda forgetting, weeks: 1.0, "forgetting_9"),
]


@pytest.mark.parametrize(
    "module, name, wrong, asked", WRONG_RULES, ids=[name for _, name, *_ in WRONG_RULES]
)
def test_a_wrong_rule_of_the_model_fails_its_family(monkeypatch, module, name, wrong, asked):
    """The answers come from the rules that the agents call: a wrong one is found out."""
    from sim.evidence import rule_answers

    monkeypatch.setattr(rule_answers, "N_CHOICES", 20_000)
    monkeypatch.setattr(module, name, wrong)
    assert judge(next(c for c in OWN if c["case"] == asked)).status == "failed"


def test_evidence_kept_in_thousandths_is_the_known_answer_to_their_rounding():
    case = next(c for c in OWN if c["case"] == "forgetting_9")
    feedback, kept_share = case["inputs"]["feedback"], case["inputs"]["forgetting"]
    useful = useless = 0
    for outcome in feedback:
        useful = trust.evidence_after(useful, kept_share, outcome)
        useless = trust.evidence_after(useless, kept_share, 1 - outcome)
    rounding = 0.0005 * len(feedback)
    assert useful / 1000 == pytest.approx(case["expected"]["useful"], abs=rounding)
    assert useless / 1000 == pytest.approx(case["expected"]["useless"], abs=rounding)


def test_counts_add_up(monkeypatch):
    monkeypatch.setattr(
        known_answers, "FAMILIES", {"pyramid_rule": known_answers.FAMILIES["pyramid_rule"]}
    )
    judged = judge_all(CASES)
    assert judged["passed"] == 3
    assert judged["passed"] + judged["failed"] + judged["unsupported"] == len(CASES)
