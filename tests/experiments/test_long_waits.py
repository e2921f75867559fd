"""What takes days is told before it begins, in one line, and begun all the same."""

import warnings

import pytest

from sim import api
from sim.experiments import long_waits
from sim.experiments.errors import LongWait, RunError
from sim.experiments.long_waits import duration_in_words, warn_of_a_long_wait
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec
from sim.scenario import load_scenario
from tests.cli.asked import TINY, command

QUICK = RunSpec(load_scenario("quick"), "referral", 1)
SWEEP = """extends = "quick"
[population]
n_consumers = 60
[run]
weeks = 2
replicates = 1
[sweep.grid]
"ads.n_slots" = [1, 2]
"""


@pytest.fixture
def slow_machine(monkeypatch):
    """One on which every run takes two days."""
    monkeypatch.setattr(long_waits, "reference_seconds", lambda *_: 2 * 86_400.0)
    monkeypatch.setattr(long_waits, "slowness", lambda: 1.0)


def test_a_wait_of_days_is_told_and_one_of_hours_is_not(monkeypatch):
    monkeypatch.setattr(long_waits, "reference_seconds", lambda *_: 3600.0)
    monkeypatch.setattr(long_waits, "slowness", lambda: 2.0)
    with pytest.warns(LongWait, match=r"time: 100 runs take about 4\.2 days on this machine, less"):
        warn_of_a_long_wait([QUICK], 100, RunOptions(threads=1), jobs=2)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_of_a_long_wait([QUICK], 23, RunOptions(threads=1), jobs=2)


def test_what_cannot_fit_is_refused_unless_some_of_it_was_made(slow_machine, monkeypatch):
    def refuse(*_):
        raise RunError("memory: planted")

    monkeypatch.setattr(long_waits, "refuse_what_cannot_fit", refuse)
    with pytest.raises(RunError, match="planted"):
        warn_of_a_long_wait([QUICK], 9, RunOptions())
    with pytest.warns(LongWait):
        warn_of_a_long_wait([QUICK], 9, RunOptions(), were_made=True)


def test_the_machine_is_measured_only_where_it_matters(monkeypatch):
    monkeypatch.setattr(long_waits, "slowness", lambda: pytest.fail("measured"))
    warn_of_a_long_wait([QUICK] * 1_000, 1_000, RunOptions())


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1.25, "1.2 s"),
        (150, "2 minutes"),
        (9_000, "2.5 hours"),
        (200_000, "2.3 days"),
        (1e11, "3,168.8 years"),
    ],
)
def test_durations_are_told_in_their_unit(seconds, words):
    assert duration_in_words(seconds) == words


@pytest.mark.usefixtures("slow_machine")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", *TINY], "time: the run takes about 2.0 days on this machine: "),
        pytest.param(
            ["compare", *TINY, "--replicates", "2"],
            "time: 6 runs take about ",
            marks=pytest.mark.slow,
        ),
        (["sweep", "few.toml", "--engine", "mesa", "--quiet"], "time: 4 runs take about "),
    ],
)
def test_commands_tell_it_in_one_line_and_go_on(capsys, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "few.toml").write_text(SWEEP)
    code, out, err = command(capsys, *words)
    assert code == 0
    assert out
    lines = [line for line in err.splitlines() if line.startswith("time: ")]
    assert len(lines) == 1
    assert lines[0].startswith(told)
    assert "LongWait" not in err


def test_a_sweep_of_more_runs_than_anybody_waits_for_is_refused(tmp_path):
    design = {"grid": {"ads.n_slots": list(range(1, 21))}, "replicates": 1_000_000}
    with pytest.raises(RunError, match="sweep: 40,000,000 runs are more than 10,000,000: ask"):
        api.sweep(load_scenario("quick"), design, out=tmp_path)
