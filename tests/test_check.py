"""Wrong scenarios, sweeps and commands get exactly one clear line per mistake, all at once."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.__main__ import main
from sim.commands.options import chosen_scenario
from sim.scenario import ScenarioError, check_file, scenario_names
from tests.wrong_files import GRID, SEVERAL, SEVERAL_LINES, WRONG, WRONG_SWEEPS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines_about(text: str | bytes) -> list[str]:
    Path("wrong.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return [str(problem) for problem in check_file("wrong.toml").problems]


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, list[str]]:
    """Exit code, standard output, and the lines on standard error."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    captured = capsys.readouterr()
    return int(left.value.code or 0), captured.out, captured.err.splitlines()


@pytest.mark.parametrize(("text", "line"), WRONG.values(), ids=WRONG)
def test_a_wrong_scenario_gets_exactly_this_line(text: str, line: str) -> None:
    assert lines_about(text) == [f"wrong.toml:{line}"]


@pytest.mark.parametrize(("text", "line"), WRONG_SWEEPS.values(), ids=WRONG_SWEEPS)
def test_a_wrong_sweep_gets_exactly_this_line(text: str, line: str) -> None:
    assert lines_about(text) == [f"wrong.toml:{line}"]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    assert lines_about(SEVERAL) == SEVERAL_LINES


def test_mistakes_in_the_extended_file_are_told_too() -> None:
    Path("base.toml").write_text("[run]\nweeks = -1\n")
    assert lines_about('extends = "base.toml"\n[run]\nsead = 2\n') == [
        "wrong.toml:3: run.sead: unknown key: did you mean run.seed?",
        "base.toml:2: run.weeks: -1 is below the lowest value 0: "
        "give a whole number from 0 to 65,535 (weeks)",
    ]


def test_scenarios_that_extend_each_other_in_a_circle_are_told_where_it_closes() -> None:
    Path("base.toml").write_text('extends = "third.toml"\n')
    Path("third.toml").write_text('\nextends = "base.toml"\n[run]\nweeks = -1\n')
    assert lines_about('extends = "base.toml"\n') == [
        "third.toml:2: extends: a circle: base.toml extends third.toml extends base.toml: "
        "name another scenario",
        "third.toml:4: run.weeks: -1 is below the lowest value 0: "
        "give a whole number from 0 to 65,535 (weeks)",
    ]


def test_files_that_are_no_text_get_one_line() -> None:
    assert lines_about(b"[run]\nweeks = \xff\n") == [
        "wrong.toml:2: not UTF-8 text: save the file as UTF-8"
    ]
    assert lines_about(b"#" * 1_000_001) == [
        "wrong.toml: larger than 1 MB: this is no scenario file"
    ]
    assert lines_about(b"\0")[0].startswith("wrong.toml:1: not valid TOML")
    assert lines_about("[run]\nweeks = " + "[" * 5000 + "]" * 5000)[0].startswith("wrong.toml:2:")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a = [\n" * 150_000, ["1: a: nested too deeply: the rest of the file is not read"]),
        ("a = " + "[" * 150_000, ["1: a: nested too deeply: the rest of the file is not read"]),
        (
            "[" + ".".join("a" * 99_999) + "]",
            ["1: not valid TOML: the key is longer than 1,000 characters"],
        ),
        (
            ".".join("a" * 99_999) + " = 1",
            ["1: not valid TOML: the key is longer than 1,000 characters"],
        ),
        (
            "a\n" * 150_000,
            ["1: not valid TOML: expected '=' after a key in a key/value pair"] * 100
            + ["101: too many mistakes: the rest of the file is not read"],
        ),
    ],
)
def test_what_is_no_scenario_is_soon_given_up(text: str, told: list[str]) -> None:
    lines = lines_about(text)
    assert len(lines) == len(told)
    assert [lines[0], lines[-1]] == [f"wrong.toml:{told[0]}", f"wrong.toml:{told[-1]}"]


def test_names_that_cannot_be_kept_are_told_at_once(folder: Path) -> None:
    Path("\udcff.toml").write_text('extends = "quick"\n')
    Path("ties\udcff.csv").write_text("1,2\n")
    (problem,) = check_file("\udcff.toml").problems
    assert str(problem) == r"\udcff.toml: the name is not UTF-8: rename the file"
    with pytest.raises(ScenarioError) as caught:
        chosen_scenario(
            "quick", ['population.initial_members=["\udcff"]'], network="ties\udcff.csv"
        )
    assert list(caught.value.lines) == [
        r'--set: population.initial_members: "\udcff" is not UTF-8: rename it',
        rf'--network: network.file: "{folder}/ties\udcff.csv" is not UTF-8: rename it',
    ]


def test_a_working_directory_that_is_gone_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "gone").mkdir()
    monkeypatch.chdir(folder / "gone")
    (folder / "gone").rmdir()
    assert outcome(capsys, "check", "quick") == (
        2,
        "",
        ["sharesim: the working directory is gone: change to another"],
    )


def test_a_byte_order_mark_and_breaks_of_windows_are_no_mistake() -> None:
    assert lines_about(b"\xef\xbb\xbf[run]\r\nweeks = 5\r\n") == []
    assert lines_about(b"[run]\r\nseed = 1\r\nweeks = -5\r\n")[0].startswith("wrong.toml:3:")


def test_a_name_that_does_not_exist_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, lines = outcome(capsys, "check", "quik", "quick.toml", ".")
    assert (code, out) == (2, "")
    assert lines == [
        "quik: no such scenario: did you mean quick?",
        "quick.toml: no such file: the shipped scenario is named quick",
        ".: a folder, not a file: give a scenario file",
    ]


def test_check_passes_the_shipped_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, lines = outcome(capsys, "check", *scenario_names())
    assert (code, lines) == (0, [])
    assert out.count(": good scenario\n") == len(scenario_names())
    assert outcome(capsys, "check", "--quiet", "quick") == (0, "", [])


def test_check_prints_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    Path("wrong.toml").write_text("[run]\nsead = 2\n")
    code, out, lines = outcome(capsys, "check", "quick", "wrong.toml", "--json")
    document = json.loads(out)
    assert code == 2 and len(lines) == document["n_problems"] == 1
    assert document["files"][1] == {
        "file": "wrong.toml",
        "kind": "scenario",
        "problems": [
            {
                "file": "wrong.toml",
                "line": 2,
                "key": "run.sead",
                "problem": "unknown key",
                "hint": "did you mean run.seed?",
            }
        ],
    }


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        (["chek"], "sharesim: No such command 'chek'."),
        (["--verbose"], "sharesim: No such option: --verbose"),
        (["check"], "sharesim check: Missing argument 'FILE'."),
        (["check", "quick", "--jsn"], "sharesim check: No such option: --jsn"),
        (["check", "quick", "--json=1"], "sharesim: Option '--json' does not take a value."),
    ],
)
def test_a_wrong_command_gets_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], start: str
) -> None:
    code, out, lines = outcome(capsys, *arguments)
    assert (code, out, len(lines)) == (2, "", 1)
    assert lines[0].startswith(start)


def test_help_is_grouped_and_every_command_has_an_example(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, lines = outcome(capsys)
    assert (code, lines) == (0, []) and "Inputs" in out
    assert "Example: sharesim check" in outcome(capsys, "check", "--help")[1]


def test_an_interrupted_command_leaves_with_130(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(file: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.commands.inputs.check_file", interrupted)
    assert outcome(capsys, "check", "quick") == (
        130,
        "",
        ["sharesim: interrupted; runs already finished are kept"],
    )


def test_options_change_the_scenario(folder: Path) -> None:
    (folder / "ties.csv").write_text("1,2\n")
    chosen = chosen_scenario("quick", ["ads.mechanism=vcg"], weeks=7, seed=3)
    assert (chosen.ads.mechanism, chosen.run.weeks, chosen.run.seed) == ("vcg", 7, 3)
    assert chosen_scenario("quick", network="ties.csv").network.file == str(folder / "ties.csv")


def test_wrong_options_are_told_all_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        chosen_scenario(
            "quik",
            ["referral", "run.sead=1", "referral.reward_rate=high", "run.weeks=4", "run.seed=1"],
            consumers=-1,
            weeks=4,
            network="ties.csv",
        )
    assert list(caught.value.lines) == [
        "quik: no such scenario: did you mean quick?",
        "--set: referral: expected KEY=VALUE: for example --set referral.reward_rate=0.12",
        "--weeks: run.weeks: already given by --set: give it once",
        "--consumers: population.n_consumers: has no effect: "
        "the people and their ties come from a file: leave it out",
        "--set: run.sead: unknown key: did you mean run.seed?",
        '--set: referral.reward_rate: expected a number, got "high": for example 0.06',
        "--consumers: population.n_consumers: -1 is below the lowest value 0: "
        "give a whole number from 0 to 2,147,483,647 (people)",
        '--network: network.file: no such file "ties.csv": '
        "a relative path starts at the scenario file, with --set at the working directory",
    ]


def test_what_has_no_effect_on_ties_from_a_file_is_refused() -> None:
    Path("ties.csv").write_text("1,2\n")
    Path("on_file.toml").write_text('extends = "quick"\n[network]\nfile = "ties.csv"\n')
    told = "has no effect: the people and their ties come from a file: leave it out"
    with pytest.raises(ScenarioError) as caught:
        chosen_scenario("on_file.toml", ["network.mean_degree=5", "network.taste_homophily=0"])
    assert list(caught.value.lines) == [f"--set: network.mean_degree: {told}"]
    chosen_scenario("on_file.toml", ["network.mean_degree=30"])
    chosen_scenario("on_file.toml", ["network.mean_degree=5", "network.file="])
    with pytest.raises(ScenarioError, match=f"^--set: network.mean_degree: {told}$"):
        chosen_scenario("quick", ["network.mean_degree=30"], network="ties.csv")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[sweep]\nreplicates = 99_999\n[sweep.grid]\n"ads.n_slots" = [%s]\n',
            "runs are more than",
        ),
        (
            '[sweep]\ndesign = "sobol"\nsamples = 100_001\n'
            '[sweep.ranges]\n"ads.n_slots" = [1, 9]\n',
            "100,001 points are more than",
        ),
        ("[run]\nseed = 9_223_372_036_854_775_700\n[sweep]\nreplicates = 999\n" + GRID, "run.seed"),
        ('[sweep.grid]\n"network.copies" = [1, 2]\n', "network.copies: there is no file of ties"),
        (
            '[network]\nfile = "ties.csv"\n[sweep.grid]\n"network.hub_share" = [0.1, 0.2]\n',
            "network.hub_share: has no effect",
        ),
        (
            '[sweep.grid]\n"hybrid.gain_rate" = [0.1, 0.2]\n',
            "hybrid.gain_rate: has no effect: hybrid is not among the markets run: "
            "run hybrid too, or leave it out",
        ),
        (
            '[sweep]\nmarkets = ["referral"]\n[sweep.grid]\n"ads.n_slots" = [1, 2]\n',
            "ads.n_slots: has no effect",
        ),
    ],
)
def test_check_refuses_the_sweeps_that_cannot_be_run(
    capsys: pytest.CaptureFixture[str], text: str, told: str
) -> None:
    Path("ties.csv").write_text("1,2\n")
    Path("wrong.toml").write_text(text.replace("%s", ", ".join(map(str, range(101)))))
    for command in ("check", "sweep"):
        code, out, lines = outcome(capsys, command, "wrong.toml")
        assert (code, out, len(lines)) == (2, "", 1) and told in lines[0]
    assert not Path("results").exists()


def test_help_comes_at_once_because_nothing_heavy_is_imported() -> None:
    heavy = "{'numpy', 'pandas', 'numba', 'mesa'}"
    code = f"import sys, sim.commands.line; print(*{heavy} & set(sys.modules))"
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert done.stdout.strip() == "" and time.perf_counter() - start < 5
