"""`sharesim verify`: what it prints and with which code it leaves."""

import json

import pytest

from sim.__main__ import main

GOOD = {
    "family": "reward_split",
    "case": "one",
    "inputs": {"total_fen": 777, "weights": [1]},
    "expected": {"amounts_fen": [777], "sum_fen": 777},
    "tolerance": 0,
    "source": "definition",
}
BAD = {**GOOD, "case": "two", "expected": {"sum_fen": 778}}
UNKNOWN = {**GOOD, "family": "astrology"}


@pytest.fixture
def verified(tmp_path, capsys):
    def run(*contents, options=()):
        files = []
        for number, content in enumerate(contents):
            files.append(tmp_path / f"{number}.json")
            files[-1].write_text(content if isinstance(content, str) else json.dumps(content))
        with pytest.raises(SystemExit) as left:
            main(["verify", *map(str, files), *options])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_all_passed_is_0(verified):
    code, out, err = verified([GOOD], [GOOD])
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "2 of 2 known answers given rightly"


def test_a_failure_an_unsupported_and_a_malformed_case_are_1_and_a_line_each(verified):
    code, out, _ = verified([GOOD, BAD, UNKNOWN, {"family": "bass"}])
    assert code == 1
    lines = out.splitlines()
    assert len(lines) == 5
    assert lines[1].startswith("failed      reward_split two - sum_fen: expected 778")
    assert lines[2].startswith("unsupported astrology")
    assert "malformed case" in lines[3]
    assert lines[4] == "1 of 4 known answers given rightly, 2 failed, 1 unsupported"


def test_files_that_cannot_be_read_are_2_all_at_once_before_anything_runs(verified, tmp_path):
    code, out, err = verified([GOOD], "{", options=[str(tmp_path / "none.json")])
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 2
    assert "not valid JSON" in err and "cannot be read" in err


@pytest.mark.parametrize("number", ["NaN", "-Infinity", "1e999", "9" * 400])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_number_that_is_not_finite_is_one_line(verified, number, options):
    content = json.dumps([GOOD]).replace("777", number)
    code, out, err = verified(content, options=options)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert f"not valid JSON: {number} is not a finite number" in err


def test_no_name_of_a_case_moves_the_cursor_or_takes_two_lines(verified):
    code, out, _ = verified([{**GOOD, "case": "one\n\x1b[2J"}])
    assert code == 0
    assert out.splitlines()[0] == r"passed      reward_split one\n\x1b[2J"


def test_no_cases_are_wrong_input(verified):
    assert verified([])[0] == 2


def test_the_document_has_every_case_with_what_was_expected_and_got(verified):
    code, out, err = verified([GOOD, BAD], options=["--json", "--quiet"])
    document = json.loads(out)
    assert (code, err) == (1, "")
    assert [document[name] for name in ("passed", "failed", "unsupported")] == [1, 1, 0]
    for case in document["cases"]:
        assert set(case["got"]) >= set(case["expected"])
        assert {"family", "case", "status", "samples", "message"} <= set(case)
