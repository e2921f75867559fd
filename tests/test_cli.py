"""The command line: what commands print and keep, and one line for every mistake."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from sim.__main__ import main
from sim.measures.summary import OUTCOMES

ROOT = Path(__file__).parents[1]
TINY = ["quick", "--consumers", "60", "--weeks", "3", "--set", "merchants.n_applicants=24"]
TINY += ["--engine", "mesa"]  # has less to compile


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def command(capsys, *arguments):
    """Exit code, standard output and standard error of a command."""
    with pytest.raises(SystemExit) as left:
        main([str(argument) for argument in arguments])
    told = capsys.readouterr()
    return left.value.code or 0, told.out, told.err


def files():
    return sorted(str(path) for path in Path().rglob("*") if path.is_file())


WRONG_FILES = {
    "broken.toml": "[population\n",
    "typo.toml": "[population]\nn_consumer = 5\n",
    "two.toml": "[referral]\nreward_rate = 2\nlevels = 'one'\n",
    "orphan.toml": 'extends = "nowhere"\n',
    "empty-sweep.toml": "[sweep.grid]\n",
    "typo-sweep.toml": '[sweep.grid]\n"referral.reward" = [0.1]\n"ads.n_slots" = []\n',
    "good-sweep.toml": '[sweep.grid]\n"ads.n_slots" = [1, 2]\n',
    "empty.csv": "",
    "single.csv": "1\n2\n",
    "words.csv": "1,2,heavy\n2,3,light\n",
    "ragged.csv": "1,2\n3\n",
    "torn.csv.gz": "this is not gzip",
    "huge.csv": "1000000000000\n",
    "good.csv": "1,2\n2,3\n3,1\n",
    "blocked": "a file, no folder",
}

# the command, and how many lines it is told
WRONG = [
    ("nonsense", 1),
    ("run nowhere", 1),
    ("run broken.toml", 1),
    ("run typo.toml", 1),
    ("run two.toml", 2),
    ("run orphan.toml", 1),
    ("run quick extra", 1),
    ("run quick --market shops", 1),
    ("run quick --market", 1),
    ("run quick --engine steam", 1),
    ("run quick --threads 0", 1),
    ("run quick --threads many", 1),
    ("run quick --weeks -1", 1),
    ("run quick --weeks 1.5", 1),
    ("run quick --consumers -5", 1),
    ("run quick --consumers 1e12", 1),
    ("run quick --seed luck", 1),
    ("run quick --seed 99999999999999999999999", 1),
    ("run quick --set referral.reward_rate", 1),
    ("run quick --set referral.reward_rate=nan", 1),
    ("run quick --set referral.reward_rate=1.5 --set ads.n_slots=-1", 2),
    ("run quick --set referal.reward_rate=0.1", 1),
    ("run quick --set screening.markets=referral", 1),
    ("run quick --set ads.mechanism=auction", 1),
    ("run quick --network nowhere.csv", 1),
    ("run quick --network empty.csv", 1),
    ("run quick --network single.csv", 1),
    ("run quick --network words.csv", 1),
    ("run quick --network ragged.csv", 1),
    ("run quick --network torn.csv.gz", 1),
    ("run quick --network huge.csv", 1),
    ("run quick --network .", 1),
    ("run quick --network good.csv --consumers 5", 1),
    ("run quick --out blocked", 1),
    ("run quick --out blocked/deeper", 1),
    ("run quick --nonsense", 1),
    ("run quick --explain --weeks -1", 1),
    ("compare quick --markets referral", 1),
    ("compare quick --markets referral,referral", 1),
    ("compare quick --markets referral,shops", 1),
    ("compare quick --markets ,", 1),
    ("compare quick --replicates 0", 1),
    ("compare quick --replicates -3 --jobs 0", 2),
    ("compare quick --replicates two", 1),
    ("compare quick --jobs 0", 1),
    ("compare quick --until-width 0", 1),
    ("compare quick --until-width -1 --outcome household_gain", 2),
    ("compare quick --engine steam --threads 0 --jobs 0 --markets a,b", 5),
    ("compare quick --network ragged.csv --replicates 1", 1),
    ("compare quick --network good.csv --consumers 5 --weeks -1", 2),
    ("compare quick --out blocked", 1),
    ("sweep", 1),
    ("sweep nowhere", 1),
    ("sweep quick", 1),
    ("sweep empty-sweep.toml", 1),
    ("sweep typo-sweep.toml", 2),
    ("sweep typo-sweep.toml --weeks -1 --seed luck", 1),
    ("sweep typo-sweep.toml --weeks -1", 3),
    ("sweep good-sweep.toml --jobs 0 --engine steam", 2),
    ("sweep good-sweep.toml --out blocked", 1),
    ("sweep good-sweep.toml --dask tcp://127.0.0.1:1", 1),
    ("sweep good-sweep.toml --dask nonsense://here", 1),
    ("network", 1),
    ("network nowhere.csv", 1),
    ("network empty.csv", 1),
    ("network single.csv", 1),
    ("network ragged.csv", 1),
    ("network words.csv", 1),
    ("network torn.csv.gz", 1),
    ("trace nowhere --order 1", 1),
    ("trace . --order 1", 1),
    ("trace good.csv --order 1", 1),
    ("trace .", 1),
    ("trace . --order 1 --share 1", 1),
    ("trace . --order first", 1),
    ("reproduce", 1),
    ("reproduce nowhere", 1),
    ("reproduce blocked", 1),
    ("check", 1),
    ("check nowhere", 1),
    ("check broken.toml typo.toml two.toml", 4),
]


@pytest.mark.parametrize(("line", "n_lines"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_commands_get_a_line_each_and_leave_nothing(capsys, line, n_lines):
    for name, text in WRONG_FILES.items():
        Path(name).write_text(text)
    before = files()
    code, out, err = command(capsys, *line.split(" "))
    assert code == 2, err
    assert out == ""
    assert len(err.splitlines()) == n_lines, err
    assert "Traceback" not in err
    assert not set(err) & set("╭│╰")
    assert all(len(told) > 10 for told in err.splitlines())
    assert files() == before
    assert not [path for path in Path().rglob("*") if path.is_dir()]


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
    code, out, err = command(capsys, "compare", *TINY, "--replicates", "2", "--jobs", "2")
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
    assert json.loads(again) == document
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
    _, out, _ = command(capsys, "run", *TINY, "--weeks", "6", "--trace", "--json")
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


FULL_DISK = """
import resource, sys
from sim.__main__ import main
from sim.experiments import store
write = store.write_table
def limited(*arguments):
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    write(*arguments)
store.write_table = limited
main(sys.argv[1:])
"""


def test_a_disk_that_fills_up_is_one_line_and_leaves_nothing_torn():
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, "run", *TINY, "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "cannot be written" in done.stderr
    assert files() == []


def test_ties_that_a_run_drops_are_told(capsys):
    Path("ties.csv").write_text("1,2,1\n2,3,1\n3,1,1\n1,1,1\n3,2,-4\n1,2,5\n")
    code, _, err = command(
        capsys, "run", "quick", "--weeks", "1", "--network", "ties.csv", "--quiet"
    )
    assert code == 0
    assert "1 to oneself, 1 repeated, 1 of weight 0 or less" in err


@pytest.mark.parametrize("whom", ["group", "command"])
def test_an_interrupt_keeps_what_is_finished_and_leaves_with_130(whom):
    scale = ["--consumers", "100", "--weeks", "4", "--set", "merchants.n_applicants=24"]
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "compare", "quick", *scale, "--replicates", "300"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 120
    while (
        len(list(Path().glob("results/quick/[!.]*/run.json"))) < 3 and time.monotonic() < deadline
    ):
        time.sleep(0.1)
    if whom == "group":
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
    else:
        process.terminate()
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert "kept" in err.splitlines()[-1]
    assert not list(Path().glob("results/quick/.*"))
    kept = list(Path().glob("results/quick/[!.]*/weekly.parquet"))
    assert len(kept) >= 3
    assert all(len(pd.read_parquet(path)) == 4 for path in kept)
    assert not list(Path().glob("results/quick/compare-*"))
