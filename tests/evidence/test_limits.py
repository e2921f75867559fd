"""Known answers by the engine: cascades on graphs and random networks, the spread of membership."""

import itertools
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.evidence import limit_answers
from sim.evidence.known_answers import judge, misses, shipped_cases
from sim.evidence.limit_answers import LIMIT_FAMILIES, bass, independent_cascade, poisson_cascade
from sim.evidence.limit_runs import independent_cascades

ROOT = Path(__file__).parents[2]
CASES = [case for case in shipped_cases() if case["family"] in LIMIT_FAMILIES]


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(limit_answers, "N_CASCADES", 4_000)
    monkeypatch.setattr(limit_answers, "SUBCRITICAL_PEOPLE", 40_000)
    monkeypatch.setattr(limit_answers, "SUPERCRITICAL_PEOPLE", 10_000)
    monkeypatch.setattr(limit_answers, "MOST_NETWORKS", 20)


def enumerated(n, edges, beginners):
    """Chances of every number of adopters, over all worlds of live edges."""
    pmf = np.zeros(n + 1)
    for live in itertools.product((False, True), repeat=len(edges)):
        chance, reached, grows = 1.0, set(beginners), True
        for (_, _, prob), is_live in zip(edges, live):
            chance *= prob if is_live else 1.0 - prob
        while grows:
            new = {b for (a, b, _), is_live in zip(edges, live) if is_live and a in reached}
            grows = not new <= reached
            reached |= new
        pmf[len(reached)] += chance
    return pmf


def test_every_cascade_case_on_a_graph_is_met_by_few_copies(few):
    for case in CASES:
        if case["family"] == "independent_cascade":
            verdict = judge(case)
            assert verdict.status == "passed", verdict.message
            assert verdict.samples >= 2_500


def test_parallel_edges_isolated_people_and_several_beginners(few):
    edges = [[0, 1, 0.4], [0, 1, 0.3], [1, 2, 1.0], [2, 2, 0.9], [3, 1, 0.5], [2, 4, 0.0]]
    case = {"n": 6, "edges": edges, "directed": True, "initial_adopters": [3, 0]}
    got, n = independent_cascade(case)
    expected = enumerated(6, [tuple(edge) for edge in edges], [0, 3])
    assert got["size_pmf"] == pytest.approx(expected, abs=4.5 * 0.5 / math.sqrt(n))
    assert got["activation_prob"][4:] == [0.0, 0.0]
    assert got["activation_prob"][1] == got["activation_prob"][2]


def test_ties_that_work_both_ways_have_a_coin_each_way():
    one_way = [(0, 1, 0.5), (1, 0, 0.5)]
    found = independent_cascades(2, one_way, [0, 1], 50)
    assert found.sizes.tolist() == [2] * 50
    assert found.ties_tried == 100  # each told the other, though both had it


def test_every_adopter_tries_every_tie_once():
    edges = [(0, k, 1.0) for k in range(1, 6)] + [(k, 6, 1.0) for k in range(1, 6)]
    found = independent_cascades(7, edges, [0], 10)
    assert found.ties_tried == 10 * 10
    assert found.adopted_share.tolist() == [1.0] * 7


def test_nobody_begins_nothing_happens():
    got, _ = independent_cascade({"n": 2, "edges": [[0, 1, 0.5]], "initial_adopters": []})
    assert got == {
        "expected_spread": 0.0,
        "activation_prob": [0.0, 0.0],
        "size_pmf": [1.0, 0.0, 0.0],
    }


@pytest.mark.parametrize(
    "change, says",
    [
        ({"n": 0}, "1 or more"),
        ({"edges": [[0, 5, 0.5]]}, "leaves the 2 people"),
        ({"edges": [[0, 1, 1.5]]}, "from 0 to 1"),
        ({"initial_adopters": [2]}, "from 0 to 1"),
    ],
)
def test_a_graph_that_cannot_be_is_told(few, change, says):
    case = {"n": 2, "edges": [[0, 1, 0.5]], "initial_adopters": [0]} | change
    with pytest.raises(ValueError, match=says):
        independent_cascade(case)


def test_small_cascades_on_random_networks_follow_the_borel_law(few):
    got, n = poisson_cascade({"reproduction_number": 0.5})
    expected = [math.exp(-0.5 * k) * (0.5 * k) ** (k - 1) / math.factorial(k) for k in range(1, 5)]
    tolerance = {"kind": "monte_carlo", "z": 4.5, "sd": 2.0}
    told = {"mean_size": 2.0, "P_size_1_to_4": expected}
    assert n > 1_000
    assert not misses(told, got, tolerance, n)
    assert (got["extinction_prob"], got["final_size_share"]) == (1.0, 0.0)


def test_large_cascades_on_random_networks_reach_the_giant_component(few):
    got, _ = poisson_cascade({"reproduction_number": 3.0})
    assert got["final_size_share"] == pytest.approx(0.9405, abs=0.01)
    assert got["extinction_prob"] == pytest.approx(0.0595, abs=0.03)


def test_without_reproduction_cascades_stay_alone(few):
    got, _ = poisson_cascade({"reproduction_number": 0.0})
    assert got["P_size_1_to_4"] == [1.0, 0.0, 0.0, 0.0]


def test_membership_spreads_as_bass_says(monkeypatch):
    monkeypatch.setattr(limit_answers, "_members", _fewer_members)
    got, _ = bass({"p": 0.05, "q": 0.9, "t": [1.5, 4, 0]})
    expected = []
    for t in (1.5, 4, 0):
        left = math.exp(-(0.05 + 0.9) * t)
        expected.append((1.0 - left) / (1.0 + 0.9 / 0.05 * left))
    assert got["F"] == pytest.approx(expected, abs=0.03)


def _fewer_members(scenario, weeks):
    small = scenario.with_values({"population.n_consumers": 5_000})
    return MEMBERS(small, weeks) * (scenario.population.n_consumers / 5_000)


MEMBERS = limit_answers._members


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_every_shipped_case_is_met_with_all_samples(case):
    verdict = judge(case)
    assert verdict.status == "passed", verdict.message
    large = case["family"] == "poisson_cascade" and case["inputs"]["reproduction_number"] > 1
    assert verdict.samples >= (2_500 if large else 100_000)


FAULTS = {
    "half the adoption probability": (
        "rules/attention.py",
        "return u < trust * sincerity * freshness",
        "return u < 0.5 * trust * sincerity * freshness",
        ("independent_cascade", "poisson_cascade"),
    ),
    "first price for second": (
        "rules/auction.py",
        "if mechanism == FIRST_PRICE:",
        "if mechanism != VCG:",
        ("auction",),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_in_a_copy_of_the_source_fails_its_families(tmp_path, name):
    file, right, wrong, families = FAULTS[name]
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    source = (tmp_path / "sim" / file).read_text()
    assert source.count(right) == 1
    script = (
        "from sim.evidence import limit_answers as limits\n"
        "from sim.evidence.known_answers import judge, shipped_cases\n"
        "limits.N_CASCADES, limits.MOST_NETWORKS = 20_000, 20\n"
        f"for family in {families}:\n"
        "    cases = [case for case in shipped_cases() if case['family'] == family]\n"
        "    print(family, sum(judge(case).status == 'failed' for case in cases[:3]))\n"
    )
    for text, fails in ((source, False), (source.replace(right, wrong), True)):
        (tmp_path / "sim" / file).write_text(text)
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        failed = {line.split()[0]: int(line.split()[1]) for line in done.stdout.splitlines()}
        assert set(failed) == set(families)
        assert all((n > 0) == fails for n in failed.values()), failed
