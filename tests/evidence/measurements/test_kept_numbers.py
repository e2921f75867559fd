"""The kept numbers, the page made of them, the defaults they set, and the command."""

import json
from pathlib import Path

import pytest

from sim.evidence.measurements.__main__ import main
from sim.evidence.measurements.catalogue import DATA_SETS
from sim.evidence.measurements.stored import measurements_markdown, shown, stored
from sim.parameters import PARAMETERS

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "../shared/data"
SLOW = {"catsup", "ciao", "adoption"}
KEPT = stored()
SETTING = [
    (name, one) for name, found in KEPT.items() for one in found["measurements"] if one["sets"]
]


def test_the_page_is_up_to_date():
    page = (ROOT / "docs/measurements.md").read_text(encoding="utf-8")
    assert page == measurements_markdown(), "python scripts/write_measurements.py"


@pytest.mark.parametrize(("name", "one"), SETTING, ids=lambda value: str(value)[:20])
def test_a_measured_default_is_the_measured_number(name, one):
    parameter = PARAMETERS[one["sets"]]
    assert parameter.default == float(f"{one['value']:.2g}")
    assert parameter.source.startswith("measured: ")
    figures = f"{shown(one['value'])} ({shown(one['low'])} to {shown(one['high'])})"
    assert figures in parameter.source
    assert DATA_SETS[name].command in parameter.source


def test_a_measured_source_has_a_measurement():
    measured = {key for key, one in PARAMETERS.items() if one.source.startswith("measured:")}
    assert measured == {one["sets"] for _, one in SETTING}


def test_all_data_sets_are_kept_with_sound_intervals():
    assert list(KEPT) == list(DATA_SETS)
    for found in KEPT.values():
        keys = [one["key"] for one in found["measurements"]]
        assert len(keys) == len(set(keys)) > 0
        for one in found["measurements"]:
            assert one["low"] <= one["value"] <= one["high"], one["key"]
            assert one["n"] > 0 and one["unit"] and one["what"]


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] if name in SLOW else []) for name in DATA_SETS],
)
def test_the_data_give_the_kept_numbers(name):
    files = [DATA / file for file in DATA_SETS[name].files]
    if not all(file.exists() for file in files):
        pytest.skip(f"no {', '.join(DATA_SETS[name].files)} in ../shared/data")
    found = DATA_SETS[name].measure(*files).stored()
    for one, kept in zip(found["measurements"], KEPT[name]["measurements"], strict=True):
        width = kept["high"] - kept["low"]
        for number in ("value", "low", "high"):
            assert one.pop(number) == pytest.approx(kept[number], rel=1e-3, abs=0.05 * width)
        assert one.items() <= kept.items()
    if kept := KEPT[name]["curve"]:
        assert found["curve"].keys() == kept.keys()
        for column, numbers in kept.items():
            assert found["curve"][column] == pytest.approx(numbers, rel=0.01), column


EDGES = "cascade,parent,child\n8,0,1\n8,0,2\n9,0,1\n9,1,2\n"


def test_the_command_prints_numbers_or_json(tmp_path, capsys):
    path = tmp_path / "trees.csv"
    path.write_text(EDGES)
    assert main(["twitter15", str(path)]) == 0
    assert "median size" in capsys.readouterr().out
    assert main(["twitter15", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["measurements"][0]["value"] == 3


def test_wrong_input_is_one_line(tmp_path, capsys):
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    for words in (["ads", str(other)], ["twitter15", str(other)], ["cdnow", "absent.csv"]):
        assert main(words) == 2
        assert capsys.readouterr().err.count("\n") == 1
    with pytest.raises(SystemExit) as left:
        main(["unknown", "x"])
    assert left.value.code == 2
