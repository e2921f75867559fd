"""Wrong commands: one line for every mistake, and nothing left behind."""

import re
import socket
from pathlib import Path

import pytest
from typer.main import get_command

from sim.commands.line import app
from tests.cli.asked import command, files

WRONG_FILES = {
    "broken.toml": "[population\n",
    "typo.toml": "[population]\nn_consumer = 5\n",
    "two.toml": "[referral]\nreward_rate = 2\nlevels = 'one'\n",
    "orphan.toml": 'extends = "nowhere"\n',
    "empty-sweep.toml": "[sweep.grid]\n",
    "typo-sweep.toml": '[sweep.grid]\n"referral.reward" = [0.1]\n"ads.n_slots" = []\n',
    "good-sweep.toml": '[sweep.grid]\n"ads.n_slots" = [1, 2]\n',
    "weeks-sweep.toml": '[sweep]\nreplicates = 3\n[sweep.grid]\n"run.weeks" = [1, 2]\n',
    "empty.csv": "",
    "single.csv": "1\n2\n",
    "words.csv": "1,2,heavy\n2,3,light\n",
    "ragged.csv": "1,2\n3\n",
    "torn.csv.gz": "this is not gzip",
    "huge.csv": "1000000000000\n",
    "empty-targets.toml": "[targets]\n",
    "good.csv": "1,2\n2,3\n3,1\n",
    "blocked": "a file, no folder",
    "digits.toml": "[run]\nweeks = " + "9" * 5_000,
}

# the command, and how many lines it is told
WRONG = [
    ("nonsense", 1),
    ("run nowhere", 1),
    ("run ", 1),
    ("run /dev/zero", 1),
    ("run digits.toml", 1),
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
    ("run quick --threads 99999999", 1),
    ("compare quick --jobs 1025 --threads 1025", 2),
    ("run quick --weeks -1", 1),
    ("run quick --weeks 1.5", 1),
    ("run quick --consumers -5", 1),
    ("run quick --consumers 1e12", 1),
    ("run quick --seed luck", 1),
    ("run quick --seed 99999999999999999999999", 1),
    ("run quick --set referral.reward_rate", 1),
    ("run quick --set referral.reward_rate=nan", 1),
    ("run quick --set referral.reward_rate=1.5 --set ads.n_slots=-1", 2),
    ("run quick --set run.weeks=3 --weeks 3", 1),
    ("run quick --weeks 3 --weeks=3", 1),
    ("run quick --weeks 3 --weeks 4 --out a --out b --out c --threads x", 3),
    ("run quick --set run.weeks=3 --set run.weeks=4", 1),
    ("run quick --set referal.reward_rate=0.1", 1),
    ("run quick --set screening.markets=referral", 1),
    ("run quick --set ads.mechanism=auction", 1),
    ("run quick --network nowhere.csv", 1),
    ("run quick --network ", 1),
    ("tune quick --network good.csv --lever network.hub_share --objective gmv", 1),
    ("sensitivity quick --network good.csv --parameter network.hub_share", 1),
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
    ("run quick --weeks 1 --out ", 1),
    ("run quick --nonsense", 1),
    ("run quick --explain --weeks -1", 1),
    ("run nowhere --seed luck --weeks 1e3 --threads 0 --nonsense", 1),
    ("run nowhere --seed luck --weeks 1e3 --threads 0 --out ", 5),
    ("compare quick --until-width wide --set ads.n_slots=x --network good.csv --consumers 5", 3),
    ("run nowhere --weeks -1 --threads 0 --market shops --engine steam", 5),
    ("estimate quick --weeks -1 --threads 0 --market shops", 3),
    ("tune quick --weeks -1 --jobs 0", 4),
    ("sensitivity quick --weeks -1 --jobs 0", 2),
    ("sensitivity quick --samples 4611686018427387904", 1),
    ("sensitivity quick --trajectories 1000000000", 1),
    ("tune quick --lever ads.n_slots --objective gmv --runs 1000000000000", 1),
    ("tune quick --lever ads.n_slots --objective gmv --moves 1000000000000", 1),
    ("sensitivity quick --smallest-effect nan --samples 5 --outcome 1e999*gmv", 3),
    ("sensitivity quick --set ads.n_slots=4 --parameter ads.n_slots --jobs 0", 2),
    ("sensitivity quick --consumers 9 --parameter population.n_consumers --weeks x", 2),
    ("tune quick --lever ads.n_slots --objective gmv --consumers 0", 1),
    ("tune quick --lever ads.n_slots --objective gmv --weeks 0", 1),
    ("sensitivity quick --consumers 0 --weeks 0", 2),
    ("validate quick --weeks 0", 1),
    ("claims quick --weeks 0 --set population.n_consumers=0", 2),
    ("calibrate quick --set run.weeks=0", 1),
    ("calibrate empty-targets.toml --targets empty-targets.toml", 2),
    ("tune nowhere --weeks -1 --lever nope --objective gm --runs x --horizon 0,-1 --jobs 0", 8),
    ("tune quick --weeks 4 --lever nope --horizon 5 --objective gmv --objective gmv", 3),
    ("tune quick --lever ads.n_slots --objective gmv --market  --uncertainty x --uncertainty x", 2),
    ("sensitivity quick --weeks -1 --parameter x --samples 7 --markets a,referral --keep x", 5),
    ("compare quick --weeks -1 --markets ads,ads --outcome happiness --until-width x", 4),
    ("compare quick --replicates 0 --until-width 0 --markets ads", 3),
    ("compare quick --markets referral", 1),
    ("compare quick --markets referral,referral", 1),
    ("compare quick --markets referral,shops", 1),
    ("compare quick --markets ,", 1),
    ("compare quick --replicates 0", 1),
    ("compare quick --replicates -3 --jobs 0", 2),
    ("compare quick --replicates two", 1),
    ("compare quick --jobs 0", 1),
    ("compare quick --until-width 0", 1),
    ("compare quick --until-width inf", 1),
    ("compare quick --until-width nan", 1),
    ("compare quick --until-width 1 --outcome ", 1),
    ("compare quick --until-width -1 --outcome household_gian", 2),
    ("compare quick --until-width 100 --outcome happiness", 1),
    ("compare quick --outcome orders", 1),
    ("compare quick --set run.replicates=2 --replicates 4", 1),
    ("compare quick --weeks -1 --replicates 0 --jobs 0", 3),
    ("compare quick --engine steam --threads 0 --jobs 0 --markets a,b", 5),
    ("compare quick --network ragged.csv --replicates 1", 1),
    ("compare quick --network good.csv --consumers 5 --weeks -1", 2),
    ("compare quick --out blocked", 1),
    ("sweep", 1),
    ("sweep nowhere", 1),
    ("sweep quick", 1),
    ("sweep empty-sweep.toml", 1),
    ("sweep typo-sweep.toml", 2),
    ("sweep typo-sweep.toml --weeks -1 --seed luck", 4),
    ("sweep --seed luck", 2),
    ("sweep typo-sweep.toml --weeks -1", 3),
    ("sweep good-sweep.toml --set ads.n_slots=3", 1),
    ("sweep weeks-sweep.toml --weeks 3 --set run.replicates=2", 2),
    ("sweep typo-sweep.toml --weeks -1 --threads 0", 4),
    ("sweep good-sweep.toml --jobs 0 --engine steam", 2),
    ("sweep good-sweep.toml --out blocked", 1),
    ("sweep good-sweep.toml --dask tcp://127.0.0.1:1", 1),
    ("sweep good-sweep.toml --dask nonsense://here", 1),
    ("network", 1),
    ("network nowhere.csv", 1),
    ("network empty.csv", 1),
    ("network good.csv --set run.weeks=3 --set network.copies=2", 2),
    ("network single.csv", 1),
    ("network ragged.csv", 1),
    ("network words.csv", 1),
    ("network torn.csv.gz", 1),
    ("trace nowhere --order 1", 1),
    ("trace . --order 1", 1),
    ("trace good.csv --order 1", 1),
    ("trace .", 2),
    ("trace . --order 1 --share 1", 2),
    ("trace . --order first", 2),
    ("reproduce", 1),
    ("reproduce nowhere", 1),
    ("reproduce blocked", 1),
    ("reproduce nowhere --threads many --engine steam", 3),
    ("claims --claim C11", 1),
    ("claims --from nowhere", 1),
    ("claims --screening 1", 1),
    ("claims --maps 2", 1),
    ("claims --replicates 0 --repeats 0", 2),
    ("validate --row V99", 1),
    ("validate --from nowhere", 1),
    ("validate --from nowhere --row V1 --json", 1),
    ("validate quick --from nowhere --weeks 3 --out x", 1),
    ("claims --from nowhere --replicates 4 --claim C3 --jobs 1", 1),
    ("validate --points -1", 1),
    ("validate --points 1000000000000 --replicates 1001", 2),
    ("calibrate --consumers 100000000001 --rounds 99999 --jobs 1025", 3),
    ("claims --screening 99999 --repeats 99999", 2),
    ("validate --points -1 --replicates 0", 2),
    ("claims --screening 1 --replicates 0", 2),
    ("claims --screening 1 --maps 1", 2),
    ("claims nowhere --screening -1 --replicates x --claim C11 --weeks -1", 5),
    ("calibrate --targets nowhere --rounds 0 --seed 4 --replicates x", 4),
    ("trace nowhere", 2),
    ("trace nowhere --order 1 --share 2", 2),
    ("report nowhere --out ", 1),
    ("report --lang xx --out ", 2),
    ("app --port 0 --out ", 2),
    ("report ", 1),
    ("report nowhere --to ", 1),
    ("run quick --network ", 1),
    ("app --out blocked", 1),
    ("check", 1),
    ("check nowhere", 1),
    ("check broken.toml typo.toml two.toml", 4),
]


@pytest.mark.parametrize(("line", "n_lines"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_commands_get_a_line_each_and_leave_nothing(capsys, monkeypatch, line, n_lines):
    monkeypatch.setattr("sim.compiled.compiles_first", lambda: None)  # no news of that
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


def test_a_key_that_a_study_varies_cannot_be_set_as_well(capsys):
    both = ["--parameter", "ads.n_slots", "--set", "ads.n_slots=4"]
    told = command(capsys, "sensitivity", "quick", *both)[2]
    assert told == (
        "--set: ads.n_slots: --parameter varies it in all runs: leave one of the two out\n"
    )


NUMBERS = {
    name: [option.opts[0] for option in told.params if re.fullmatch("[A-Z]|ID", option.metavar)]
    for name, told in get_command(app).commands.items()
}


@pytest.mark.parametrize("name", [name for name, options in NUMBERS.items() if options])
def test_every_text_that_is_no_number_is_told_in_one_go(capsys, name):
    folder = ["."] if name in ("trace", "reproduce", "sweep") else []
    given = [word for option in NUMBERS[name] for word in (option, "many")]
    code, out, err = command(capsys, name, *folder, *given)
    assert (code, out) == (2, "")
    told = [line for line in err.splitlines() if line.startswith("--")]
    assert [line.split(":")[0] for line in told] == NUMBERS[name]
    assert all(re.search('expected a (whole )?number, got "many": ', line) for line in told)
    assert files() == []


def test_what_says_nothing_beside_kept_results_is_named(capsys):
    told = command(capsys, "claims", "quick", "--from", ".", "--claim", "C3", "--weeks", "3")[2]
    assert told == (
        "--from: runs nothing, so SCENARIO, --weeks would say nothing: leave out the one or the "
        "other\n"
    )


def test_a_port_that_is_taken_is_told_in_one_line(capsys):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out, err = command(capsys, "app", "--port", port)
    assert (code, out) == (2, "")
    assert err == f"--port: {port} cannot be used: address already in use: give another\n"


def test_a_count_that_may_be_none_is_told_its_lowest_value_0(capsys):
    told = command(capsys, "validate", "--points", "-1")[2]
    assert told == "--points: -1 is below the lowest value 0\n"
    assert "0 for none" in command(capsys, "validate", "--help")[1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "a\x1b[2Jb"], r"a\x1b[2Jb: no such scenario: "),
        (
            ["run", "quick", "--set", "network.file=\x00"],
            r'--set: network.file: no such file "\x00"',
        ),
        (["run", "quick", "--out", "blocked\r\n/x"], r"blocked\r\n/x/quick: cannot keep results"),
        (
            ["run", "quick", "--market", "a\u2028b\u202ec"],
            r"market: unknown market 'a\u2028b\u202ec'",
        ),
        (["run", "quick", "--a\x1b"], r"sharesim run: No such option: --a\x1b"),
    ],
)
def test_no_mistake_moves_the_cursor_or_takes_two_lines(capsys, words, told):
    Path("blocked\r\n").write_text("a file, no folder")
    code, out, err = command(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith(told)
    assert err.rstrip("\n").isprintable()
