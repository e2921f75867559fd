"""What commands print and what they keep."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments.store import RunStore
from sim.measures.summary import OUTCOMES
from tests.cli.asked import TINY, command, files

ROOT = Path(__file__).parents[2]


def test_run_keeps_its_tables_and_tells_where(capsys):
    code, out, err = command(capsys, "run", *TINY, "--seed", "0")
    assert code == 0, err
    (folder,) = Path("results/quick").iterdir()
    assert {"run.json", "weekly.parquet", "merchants.parquet", "ledger.parquet"} <= {
        path.name for path in folder.iterdir()
    }
    manifest = json.loads((folder / "run.json").read_text())
    assert (manifest["seed"], manifest["market"]) == (0, "referral")
    assert manifest["values"]["population.n_consumers"] == 60
    assert str(folder) in out
    assert "mean_quality_sold" in out


def test_results_are_kept_at_home_where_the_shell_leaves_a_tilde(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    code, out, err = command(capsys, "run", *TINY, "--out=~/kept", "--json")
    assert code == 0, err
    assert Path(json.loads(out)["folder"]).parent == tmp_path / "home" / "kept" / "quick"
    assert RunStore("~/kept").root == tmp_path / "home" / "kept"


def test_run_as_json_is_one_document(capsys):
    code, out, _ = command(capsys, "run", *TINY, "--json", "--market", "control", "--out", "kept")
    document = json.loads(out)
    assert code == 0
    assert document["market"] == "control"
    assert set(document["outcomes"]) == set(OUTCOMES)
    assert Path(document["folder"]).parent == Path("kept/quick")


def test_explain_prints_the_week_and_runs_nothing(capsys):
    code, out, _ = command(capsys, "run", "--explain")
    assert code == 0
    for stage in ("offer", "expose", "choose", "settle", "experience", "share", "adapt", "measure"):
        assert stage in out
    _, out, _ = command(capsys, "run", "--explain", "--json")
    assert json.loads(out)["stages"][0]["name"] == "offer"
    assert files() == []


def test_network_prints_its_statistics_beside_known_ones(capsys):
    Path("ties.csv").write_text("a,b\nb,a\nb,c\nc,c\n")
    code, out, _ = command(capsys, "network", "ties.csv")
    assert code == 0
    assert "Ciao" in out
    code, out, _ = command(capsys, "network", "ties.csv", "--json")
    document = json.loads(out)
    assert document["statistics"]["nodes"] == 3
    assert document["dropped"]["self_ties"] == 1
    code, out, _ = command(capsys, "network", "ties.csv", "--json", "--set", "network.directed=no")
    assert not json.loads(out)["directed"]


def test_compare_prints_a_table_and_keeps_everything(capsys):
    code, out, err = command(capsys, "compare", *TINY, "--replicates", "2", "--jobs", "1")
    assert code == 0, err
    assert "difference" in out
    assert "95 % interval" in out
    (folder,) = Path("results/quick").glob("compare-*")
    assert str(folder / "compare.parquet") in out
    document = json.loads((folder / "compare.json").read_text())
    assert [(run["market"], run["seed"]) for run in document["runs"]] == [
        ("referral", 1),
        ("ads", 1),
        ("referral", 2),
        ("ads", 2),
    ]
    for made in document["runs"]:
        assert (folder.parent / made["run_key"] / "run.json").exists()
    code, again, err = command(capsys, "compare", *TINY, "--replicates", "2", "--json")
    assert json.loads(again) == {**document, "folder": str(folder)}
    assert "6 of 6 runs are stored already" in err
    assert "who wins and who loses" in out
    assert "what the rewards caused" in out
    assert {path.stem for path in folder.glob("*.parquet")} == {
        "compare",
        "runs",
        "groups",
        "incrementality",
    }
    for key in document["incrementality"]["run_keys"]:
        assert (folder.parent / key / "run.json").exists()


CALIBRATE = ["calibrate", "--replicates", "1", "--rounds", "1", "--consumers", "200"]
VALIDATE = ["validate", *TINY[:-2]]
OWN_TARGETS = """
scenario = "quick"

[targets]
reviews_to_friend = [0.75, 0.85]
fake_reviews = [0.1, 0.25]

[fit]
"belief.review_precision" = [3.0, 20.0]
"""


@pytest.mark.parametrize(
    "words",
    [
        pytest.param([*CALIBRATE, "quick"], id="calibrate", marks=pytest.mark.slow),
        pytest.param([*CALIBRATE, "--targets", "own.toml"], id="calibrate to own targets"),
        pytest.param([*VALIDATE, "--points", "0", "--replicates", "1"], id="validate"),
    ],
)
def test_what_judges_the_model_tells_where_it_lies(capsys, words):
    Path("own.toml").write_text(OWN_TARGETS, encoding="utf-8")
    code, out, err = command(capsys, *words, "--quiet")
    assert code == 0, err
    (folder,) = Path("results/quick").glob(f"{words[0]}-*")
    assert out.endswith(f"\n\nkept in {folder}\n")
    _, out, _ = command(capsys, *words, "--quiet", "--json")
    kept = json.loads((folder / f"{words[0]}.json").read_text())
    assert json.loads(out) == {**kept, "folder": str(folder)}


def test_quiet_says_nothing_but_the_result(capsys):
    quiet = ["compare", *TINY, "--replicates", "1", "--jobs", "1", "--quiet"]
    code, out, err = command(capsys, *quiet)
    assert code == 0
    assert err == ""
    assert "difference" in out


def test_compare_with_trace_writes_every_table(capsys):
    code, _, err = command(capsys, "compare", *TINY, "--replicates", "1", "--trace", "--jobs", "1")
    assert code == 0, err
    for manifest in Path("results/quick").glob("*/run.json"):
        names = {path.stem for path in manifest.parent.glob("*.parquet")}
        assert names == {
            "weekly",
            "merchants",
            "ledger",
            "people",
            "orders",
            "shares",
            "exposures",
            "transfers",
            "cascades",
        }


def test_trace_follows_the_money_of_an_order_and_the_tree_of_a_share(capsys):
    six_weeks = [word.replace("3", "6") for word in TINY]
    _, out, _ = command(capsys, "run", *six_weeks, "--trace", "--json")
    folder = Path(json.loads(out)["folder"])
    orders = pd.read_parquet(folder / "orders.parquet")
    shares = pd.read_parquet(folder / "shares.parquet")
    order = int(orders["order"].iloc[-1])
    code, out, err = command(capsys, "trace", folder, "--order", order, "--json")
    assert code == 0, err
    document = json.loads(out)
    paid = [row for row in document["transfers"] if row["purpose"] == "purchase"]
    assert [row["payer_kind"] for row in paid] == ["consumer"]
    share = int(shares["share"].iloc[0])
    code, out, err = command(capsys, "trace", folder, "--share", share, "--json")
    assert code == 0, err
    assert json.loads(out)["tree"][0]["share"] == share
    code, out, _ = command(capsys, "trace", folder, "--order", order)
    assert f"order {order} of week" in out
    code, out, _ = command(capsys, "trace", folder, "--share", share)
    assert f"share {share} of week" in out
    code, out, err = command(capsys, "trace", folder, "--order", 10**9)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "is not there" in err


def test_trace_of_an_untraced_run_says_how_to_get_one(capsys):
    _, out, _ = command(capsys, "run", *TINY, "--json")
    code, _, err = command(capsys, "trace", json.loads(out)["folder"], "--order", "0")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "--trace" in err


def test_reproduce_gives_the_same_bytes_and_sees_a_changed_value(capsys):
    _, out, _ = command(capsys, "run", *TINY, "--json", "--seed", "3")
    folder = Path(json.loads(out)["folder"])
    code, out, err = command(capsys, "reproduce", folder, "--json")
    assert code == 0, err
    document = json.loads(out)
    assert document["identical"]
    assert set(document["tables"].values()) == {"same bytes"}
    table = pd.read_parquet(folder / "weekly.parquet")
    table.loc[1, "orders"] += 1
    table.to_parquet(folder / "weekly.parquet", index=False)
    code, out, _ = command(capsys, "reproduce", folder)
    assert code == 1
    assert "NOT the same" in out
    assert "differs in orders" in out


def test_reproduce_says_when_the_code_differs(capsys):
    _, out, _ = command(capsys, "run", *TINY, "--json")
    path = Path(json.loads(out)["folder"]) / "run.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps({**manifest, "code_version": "0123456789abcdef"}))
    code, out, _ = command(capsys, "reproduce", path.parent)
    assert code == 0
    assert "the code differs: 0123456789abcdef then" in out


def test_reproduce_refuses_a_network_file_that_changed(capsys):
    Path("ties.csv").write_text("1,2\n2,3\n3,1\n")
    _, out, _ = command(capsys, "run", "quick", "--weeks", "1", "--network", "ties.csv", "--json")
    Path("ties.csv").write_text("1,2\n2,3\n3,4\n")
    code, _, err = command(capsys, "reproduce", json.loads(out)["folder"])
    assert (code, len(err.splitlines())) == (2, 1)
    assert "has changed" in err


@pytest.mark.parametrize(
    "name", ["run", "compare", "sweep", "network", "trace", "reproduce", "check"]
)
def test_help_has_an_example(capsys, name):
    code, out, _ = command(capsys, name, "--help")
    assert code == 0
    assert f"Example: sharesim {name}" in " ".join(out.split())


def test_ties_that_a_run_drops_are_told(capsys):
    Path("ties.csv").write_text("1,2,1\n2,3,1\n3,1,1\n1,1,1\n3,2,-4\n1,2,5\n")
    code, _, err = command(
        capsys, "run", "quick", "--weeks", "1", "--network", "ties.csv", "--quiet"
    )
    assert code == 0
    assert "1 to oneself, 1 repeated, 1 of weight 0 or less" in err


def test_a_terminal_without_letters_for_a_name_gets_escapes(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", *TINY, "--out", "结果"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert r"\u7ed3\u679c/quick" in done.stdout
    assert (tmp_path / "结果" / "quick").is_dir()


def test_json_stays_json_where_the_terminal_has_few_letters(tmp_path):
    (tmp_path / "é.toml").write_text("", encoding="utf-8")
    told = subprocess.run(
        [sys.executable, "-m", "sim", "check", "--json", "é.toml"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "é.toml" in json.dumps(json.loads(told.stdout), ensure_ascii=False)
