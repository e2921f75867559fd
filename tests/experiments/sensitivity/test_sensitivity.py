"""A study of a true small world, from the runs to the sentences and figures."""

import pytest

from sim import load_scenario
from sim.__main__ import main
from sim.api import sensitivity
from sim.figures import analysis_figures
from sim.report.decided import sensitivity_text

TINY = {"population.n_consumers": 100, "run.weeks": 6, "network.mean_degree": 10.0, "run.seed": 0}
KEYS = ["referral.reward_rate", "referral.fee_rate", "referral.levels"]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    scenario = load_scenario("quick").with_values(TINY)
    out = tmp_path_factory.mktemp("results")
    return sensitivity(scenario, KEYS, samples=4, keep=2, trajectories=1, jobs=1, out=out)


def test_a_study_tells_all_it_should(found):
    told = found.document
    assert len(told["indices"]) == 3 and len(told["fixed"]) == 1
    assert told["n_points"] == 4 * 5
    assert 0 in {run["seed"] for run in told["runs"]}
    assert {run["market"] for run in told["runs"]} == {"referral", "ads"}
    assert set(found.table("samples")["seed"]) <= set(range(1000))
    assert {"parameter", "outcome", "first", "first_low", "total", "total_high"} <= set(
        found.table("indices")
    )


def test_it_is_told_in_sentences(found):
    text = sensitivity_text(found.document, found.folder)
    assert "luck (the seed)" in text and "The referral market wins" in text
    assert "Held at the scenario's values" in text


def test_too_few_samples_are_told_and_enough_are_not(found):
    few = "too few samples: intervals wider than 50 points"
    assert f"{few} do not tell" in sensitivity_text(found.document, found.folder)
    sure = [
        row | {"first_low": 0.0, "first_high": 0.5, "total_low": 0.1, "total_high": 0.6}
        for row in found.document["indices"]
    ]
    assert few not in sensitivity_text({**found.document, "indices": sure}, found.folder)


def test_its_figures_are_drawn_in_both_languages(found):
    for lang in ("en", "zh"):
        drawn = analysis_figures(found.folder, lang)
        assert not drawn.left_out
        assert {file.name.split(".")[0] for file in drawn.files} == {"sobol-indices", "tornado"}
    assert (found.folder / "figures" / "sobol-indices.csv").exists()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--parameter", "sharing.anoyance"], "did you mean sharing.annoyance?"),
        (["--samples", "10"], "no power of two"),
        (["--markets", "ads"], "give at least two"),
        (["--outcome", "happiness"], "unknown outcome"),
    ],
)
def test_wrong_input_is_told_in_one_line_and_writes_nothing(words, says, tmp_path, capsys):
    out = tmp_path / "results"
    with pytest.raises(SystemExit) as end:
        main(["sensitivity", "quick", *words, "--out", str(out)])
    lines = capsys.readouterr().err.splitlines()
    assert end.value.code == 2
    assert len(lines) == 1 and says in lines[0]
    assert not out.exists()
