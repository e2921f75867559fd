"""Saved runs come back with the same numbers; files that are none are refused with a reason."""

import gzip
import json
from pathlib import Path

import pytest

from app_parts.brought import LARGEST_BYTES, WrongFile, network_in, one_line, values_in
from app_parts.csv_text import csv_bytes, csv_of
from app_parts.keeping import report_of
from app_parts.saved import change, exported, forget, import_run, save, saved_runs
from app_parts.stored import read_stored
from app_parts.tables import csv_of as csv_of_table
from app_parts.uploads import network_from
from tests.app.conftest import make_comparison, open_page

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def folder(results):
    return make_comparison(results / "lab" / "compare-1", with_sides=True)


def test_a_saved_run_is_listed_renamed_and_forgotten(folder):
    run = save(folder, f"{HOSTILE}\n", "first\nline")
    assert [each.name for each in saved_runs()] == [HOSTILE]
    change(run, "b" * 200, "")
    assert saved_runs()[0].name == "b" * 80
    forget(run)
    assert not saved_runs() and folder.exists()


def test_an_exported_run_comes_back_with_the_same_numbers(folder, results):
    data = exported(folder, HOSTILE, "=1+1")
    run = import_run(data)
    assert run.imported and run.name == HOSTILE
    there, here = read_stored(save(folder, "x").place), read_stored(run.place)
    assert here.differences == there.differences and here.money == there.money
    assert here.weeks.keys() == there.weeks.keys()
    assert here.sides == there.sides and here.sides is not None
    assert exported(run.place.folder, HOSTILE, "=1+1")[:30] == data[:30]


def broken(folder, change):
    content = json.loads(exported(folder, "a", ""))
    change(content)
    return json.dumps(content).encode()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\x80\x04\x95pickle", "wrong.json"),
        (b"[1, 2]", "wrong.json"),
        (b'{"format": "other"}', "wrong.format"),
        (b'{"format": "sharesim run", "version": 99}', "wrong.version"),
        (b"[" * 100_000, "wrong.json"),
        (b" " * (LARGEST_BYTES + 1), "wrong.size"),
    ],
)
def test_what_is_no_run_is_refused(results, data, reason):
    with pytest.raises(WrongFile) as wrong:
        import_run(data)
    assert wrong.value.reason == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda c: c["comparison"]["values"].update({"run.weeks": "many"}), "wrong.value"),
        (lambda c: c["comparison"]["values"].update({"no.such": 1}), "wrong.key"),
        (lambda c: c["comparison"].update(replicates=-1), "wrong.comparison"),
        (lambda c: c["comparison"]["differences"][0].update(estimate="9"), "wrong.comparison"),
        (lambda c: c["comparison"]["differences"][0].update(outcome=HOSTILE), "wrong.comparison"),
        (lambda c: c["tables"].pop("money"), "wrong.table"),
        (lambda c: c["tables"]["runs"]["rows"].append([1]), "wrong.table"),
        (lambda c: c["tables"]["weeks"]["columns"].remove("week"), "wrong.table"),
        (lambda c: c["tables"]["runs"]["columns"].__setitem__(-1, "other"), "wrong.comparison"),
        (lambda c: c["comparison"]["differences"].pop(0), "wrong.comparison"),
        (lambda c: c["comparison"]["sides"]["differences"].pop(), "wrong.comparison"),
        (lambda c: c["tables"]["side_weeks"]["rows"].pop(), "wrong.comparison"),
        (
            lambda c: c["tables"]["side_weeks"].update(rows=[["ads", "a", 0, 1, 1, 1, 1]]),
            "wrong.comparison",
        ),
    ],
)
def test_a_run_with_a_wrong_piece_is_refused(folder, change, reason):
    with pytest.raises(WrongFile) as wrong:
        import_run(broken(folder, change))
    assert wrong.value.reason == reason
    assert not list(folder.parents[1].glob("imported/*"))


def test_an_imported_run_names_no_file_of_the_server(folder):
    def name_a_file(content):
        content["comparison"]["values"]["network.file"] = "/etc/passwd"

    run = import_run(broken(folder, name_a_file))
    assert "passwd" not in (run.place.folder / "compare.json").read_text()


@pytest.mark.parametrize("path", ["/srv/results/uploads/1f/ties.csv", "C:\\runs\\ties.csv"])
def test_an_exported_run_names_its_network_without_the_way_to_it(folder, path):
    document = json.loads((folder / "compare.json").read_text())
    document["values"]["network.file"] = path
    document["notes"] = [f"{path}: ties left out: 2 repeated"]
    (folder / "compare.json").write_text(json.dumps(document))
    data = exported(folder, "a", "")
    assert json.loads(data)["comparison"]["values"]["network.file"] == "ties.csv"
    assert json.loads(data)["comparison"]["notes"] == ["ties.csv: ties left out: 2 repeated"]
    report = report_of(str(folder), "en", 0).decode()
    assert "ties.csv" in report and path not in report
    assert network_in(data) == "ties.csv" and "network.file" not in values_in(data)


def test_settings_are_read_from_a_run_or_an_object_of_values(folder):
    assert values_in(exported(folder, "a", ""))["run.weeks"] == 12
    assert values_in(b'{"referral.reward_rate": 0.2}') == {"referral.reward_rate": 0.2}
    for data in (b"{}", b'{"values": 3}', b'{"values": {"run.weeks": 1e999}}'):
        with pytest.raises(WrongFile):
            values_in(data)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", " =1"])
def test_no_cell_of_text_is_a_formula(cell):
    assert csv_bytes([[cell]]).decode("utf-8-sig").lstrip('"').startswith("'")


def test_csv_holds_the_numbers_of_the_comparison(folder):
    lines = csv_of(folder).decode("utf-8-sig").splitlines()
    rows = json.loads((folder / "compare.json").read_text())["differences"]
    assert len(lines) == len(rows) + 1
    estimate = lines[1].split(",")[lines[0].split(",").index("estimate")]
    assert float(estimate) == rows[0]["estimate"]


def test_names_are_one_line():
    assert one_line(" a\r\n\x00b\u202e ") == "a b"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe",
        b"a\n",
        b"a,b,c,d\n",
        b"a,b\na,b,heavy\n",
        b"<img>\n",
        gzip.compress(b"a,b\n", mtime=0),
    ],
    ids=["empty", "no text", "one column", "four", "a weight in words", "a page", "packed"],
)
def test_what_is_no_list_of_ties_is_refused(results, data):
    with pytest.raises(WrongFile) as wrong:
        network_from(data)
    assert wrong.value.reason == "wrong.network"


def test_a_network_is_kept_without_the_names_in_it(results):
    kept = network_from("from,to,weight\n=1+1,<img>,2\n<img>,王,1\n".encode())
    assert Path(kept.path).read_text() == "0,1,2\n1,2,1\n"
    assert str(results) in kept.path and kept[1:] == (3, 2)


@pytest.mark.parametrize("head", ["source,target", "ego,alter"])
def test_a_header_is_no_tie(results, head):
    assert network_from(f"{head}\na,b\nb,c\n".encode())[1:] == (3, 2)


def test_the_columns_of_a_network_go_by_their_names(results):
    assert Path(network_from(b"target,source\n5,6\n7,5\n").path).read_text() == "1,0,1\n0,2,1\n"


def test_a_network_too_large_is_refused(results):
    data = "".join(f"{k},{k + 1}\n" for k in range(20_001)).encode()
    with pytest.raises(WrongFile) as wrong:
        network_from(data)
    assert wrong.value.reason == "wrong.network_size"


@pytest.mark.parametrize("setting", [{"run.weeks": "many"}, {"no.such": 1}])
def test_a_run_with_a_wrong_setting_is_refused_by_its_name(folder, setting):
    data = broken(folder, lambda content: content["comparison"]["values"].update(setting))
    app = open_page("compare")
    app.file_uploader[0].set_value(("run.json", data, "application/json")).run()
    assert not app.exception and next(iter(setting)) in app.error[0].value


@pytest.mark.parametrize("told", [True, False])
def test_only_what_a_compared_run_tells_can_be_chosen(results, told):
    folder = make_comparison(results / "published" / "quick")
    if not told:
        document = json.loads((folder / "compare.json").read_text())
        document["differences"] = [
            row for row in document["differences"] if row["outcome"] != "household_gain_net_fen"
        ]
        (folder / "compare.json").write_text(json.dumps(document))
    app = open_page("compare")
    names = app.segmented_control(key="compare_outcome_en").options
    assert not app.exception and "Households in all" in names
    assert ("Households net of effort" in names) == told


def test_a_table_is_taken_along_with_its_numbers_as_numbers_and_its_bounds_apart():
    rows = [
        ("=1+1", [("−1,234.50", "[−2,000.00, −3.00]"), "6\N{NO-BREAK SPACE}%", ("4", "(12)")]),
        ("b", [("2.00", ""), "–", "5"]),
    ]
    lines = csv_of_table(["Name", "Gain", "Share", "Mean"], rows).decode("utf-8-sig").splitlines()
    assert lines == [
        "Name,Gain,Gain：下限,Gain：上限,Share (%),Mean",
        "'=1+1,-1234.5,-2000.0,-3.0,6,4 (12)",
        "b,2.0,,,,5",
    ]
