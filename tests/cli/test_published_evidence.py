"""What is published of claims and patterns is traced by one command to the runs behind it."""

import json
from pathlib import Path

import pytest

from sim.experiments.analyses import open_analysis
from tests.cli.asked import command

PUBLISHED = Path(__file__).parents[2] / "results" / "published" / "baseline"


def runs_told(out):
    return [line.split()[0] for line in out.splitlines() if " sharesim run " in line]


@pytest.mark.parametrize("number", range(1, 11))
def test_a_published_claim_is_traced_to_its_runs(capsys, number):
    folder = PUBLISHED / "claims"
    code, out, err = command(capsys, "claims", "--claim", f"C{number}", "--from", folder)
    assert code == 0, err
    (claim,) = [
        claim
        for claim in open_analysis(folder, "claims").document["claims"]
        if claim["claim"] == f"C{number}"
    ]
    cells = [cell for asked in claim["maps"] for cell in asked["cells"]]
    varied = [key for row in [*claim["decisive"], *cells] for key in row["runs"]]
    behind = [*claim["runs"], *varied]
    assert sorted(runs_told(out)) == sorted(set(behind))
    assert out.count("by seed:") == len(claim["parts"])


@pytest.mark.parametrize("row", ["V1", "V3", "V14b"])
def test_a_published_row_is_traced_to_its_runs(capsys, row):
    folder = PUBLISHED / "validate"
    code, out, err = command(capsys, "validate", "--row", row, "--from", folder)
    assert code == 0, err
    (told,) = [
        told for told in open_analysis(folder, "validate").document["rows"] if told["row"] == row
    ]
    assert runs_told(out) == told["runs"]
    assert out.count("by seed:") == 1


@pytest.mark.parametrize("name", ["claims", "validate"])
def test_evidence_of_another_shape_is_told_in_one_line(capsys, name):
    document = open_analysis(PUBLISHED / name, name).document
    parts = "claims" if name == "claims" else "rows"
    Path(f"{name}.json").write_text(json.dumps({**document, parts: [{}]}))
    code, out, err = command(capsys, name, "--from", ".")
    assert (code, out) == (2, "")
    assert err == f".: does not hold a whole result of {name}: delete it and ask again\n"
