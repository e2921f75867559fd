"""Progress in plain lines and the time left."""

import io

import pytest

from sim.experiments.progress import ProgressShown


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("sim.experiments.progress.time.monotonic", lambda: now[0])
    return now


@pytest.fixture(autouse=True)
def compiled_before(monkeypatch):
    monkeypatch.setattr("sim.compiled.compiles_first", lambda: None)


def test_lines_say_what_is_done_and_how_long_the_rest_takes(clock):
    stream = io.StringIO()
    with ProgressShown("compare quick", stream, every=10) as progress:
        progress.start(runs=6, stored=2, weeks=10)
        clock[0] += 5
        progress.week(0, 5)  # from here on the pace is measured
        clock[0] += 5
        progress.end_run(0)  # 5 weeks in 5 seconds, 30 are left
        clock[0] += 65
        progress.week(1, 5)  # 10 weeks in 70 seconds, 25 are left
    assert stream.getvalue().splitlines() == [
        "compare quick: 2 of 6 runs are stored already",
        "compare quick: 3 of 6 runs, 0:00:30 left",
        "compare quick: 3 of 6 runs, 0:02:55 left",
    ]


def test_nothing_is_said_before_its_time(clock):
    stream = io.StringIO()
    with ProgressShown("run", stream) as progress:
        progress.start(1, 0, 10)
        progress.week(0, 1)
    assert stream.getvalue() == ""
    assert progress.seconds_left is None


def test_a_wait_for_compiling_is_told_but_not_where_all_is_stored(monkeypatch):
    monkeypatch.setattr("sim.compiled.compiles_first", lambda: "kernels are compiled")
    stream = io.StringIO()
    with ProgressShown("run", stream) as progress:
        progress.start(2, 2, 10)
        progress.start(2, 0, 10)
    assert stream.getvalue().splitlines() == [
        "run: 2 of 2 runs are stored already",
        "run: kernels are compiled: up to a minute",
    ]


def test_runs_of_no_weeks_make_progress(clock):
    with ProgressShown("run", io.StringIO()) as progress:
        progress.start(3, 0, 0)
        progress.end_run(0)
        clock[0] += 3
        progress.end_run(1)
        assert progress.seconds_left == 3.0


def test_a_terminal_gets_a_bar(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with ProgressShown("run", stream) as progress:
        progress.start(2, 0, 4)
        progress.week(0, 2)
        progress.end_run(0)
    assert "of 2 runs" in stream.getvalue()
