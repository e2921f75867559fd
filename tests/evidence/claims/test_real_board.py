"""A whole board from real runs of a tiny world: the same twice, and every run behind it found."""

import shlex

import pytest

from sim.__main__ import main
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.judging import judge_claims
from sim.evidence.claims.plan import Sizes
from sim.evidence.measured_runs import MeasuredRuns
from sim.experiments.analyses import keep_analysis
from sim.experiments.store import RunStore
from sim.report.evidence_text import claims_text
from sim.scenario import load_scenario

TINY = load_scenario("quick").with_values(
    {"population.n_consumers": 60, "run.weeks": 6, "merchants.n_applicants": 24}
)
SIZES = Sizes(replicates=3, repeats=3, screening_replicates=0)
SCREENING = [claim for claim in CLAIMS if claim.name == "C8"]


def kept_board(folder, jobs):
    store = RunStore(folder)
    store.prepare(TINY.name)
    document, tables = judge_claims(
        TINY, MeasuredRuns(store, TINY.name), SIZES, SCREENING, jobs=jobs
    )
    return keep_analysis(store, TINY.name, "claims", document, tables)


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return kept_board(tmp_path_factory.mktemp("first"), jobs=1)


def test_two_runs_of_claims_give_the_same_bytes(board, tmp_path):
    again = kept_board(tmp_path, jobs=2)
    assert board.document["claims"][0]["n"] == 3
    names = sorted(path.name for path in board.folder.iterdir())
    assert names == ["claims.json", "seeds.parquet"]
    assert again.folder.name == board.folder.name
    for name in names:
        assert (again.folder / name).read_bytes() == (board.folder / name).read_bytes()


def test_the_command_told_for_a_run_makes_that_run(board, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lines = claims_text(board.document, "C8").splitlines()
    told = [line.split(maxsplit=2) for line in lines if "sharesim run" in line]
    assert {key for key, _, _ in told} == set(board.document["claims"][0]["runs"])
    for key, _, command in (told[0], told[-1]):
        with pytest.raises(SystemExit) as left:
            main([*shlex.split(command), "--quiet"])
        assert not left.value.code, capsys.readouterr().err
        assert (tmp_path / "results" / "quick" / key / "run.json").exists()
