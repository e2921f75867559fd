"""Commands that are interrupted or run out of disk: nothing torn, what is finished is kept."""

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.asked import TINY, files

ROOT = Path(__file__).parents[2]

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

FULL_TEMPORARY_DISK = """
import resource, sys
from sim.__main__ import main
from sim.measures import spool
make = spool.tempfile.TemporaryFile
def limited(*arguments, **options):
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    return make(*arguments, **options)
spool.tempfile.TemporaryFile = limited
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


def test_a_temporary_disk_that_fills_up_under_a_traced_run_is_one_line_too(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FULL_TEMPORARY_DISK, "run", *TINY, "--trace", "--quiet"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2, done.stderr
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{tmp_path}: cannot be written: ") and "TMPDIR" in line
    assert files() == []


@pytest.mark.parametrize("whom", ["group", pytest.param("command", marks=pytest.mark.slow)])
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


TOLD_SOON = """
from sim.__main__ import main
from sim.experiments import progress
progress.ProgressShown.__init__.__defaults__ = (None, 0.2)
main()
"""


def test_interrupts_one_after_the_other_are_one_line_too():
    scale = ["--consumers", "2000", "--weeks", "60000", "--set", "merchants.n_applicants=24"]
    process = subprocess.Popen(
        [sys.executable, "-c", TOLD_SOON, "run", "quick", *scale, "--out", "kept"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "left" in process.stderr.readline()  # weeks are being made
    for seconds in (0.0, 0.01, 0.05):
        time.sleep(seconds)
        process.terminate()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    (line,) = [line for line in err.splitlines() if not line.startswith("run quick: 0 of 1")]
    assert (out, "kept" in line) == ("", True)
    assert not Path("kept").exists()


INTERRUPTED_WHILE = """
import os, signal, sys
class Hook:
    def find_spec(self, name, *_):
        if name == "typer":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Hook())
from sim.__main__ import main
main()
"""


def test_an_interrupt_while_the_command_line_is_imported_is_one_line_too():
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "sharesim: interrupted; runs already finished are kept\n"


@pytest.mark.parametrize(
    ("streams", "jobs", "code", "told"),
    [
        pytest.param("<&- 2>&-", "2", 0, "", marks=pytest.mark.slow),
        pytest.param("2>&1 | head -c 1 >/dev/null", "1", 0, "", marks=pytest.mark.slow),
        (">/dev/full", "1", 2, "standard output: cannot be written: no space left on device"),
    ],
)
def test_results_are_kept_whatever_becomes_of_the_streams(streams, jobs, code, told):
    sizes = [*TINY, "--replicates", "1", "--jobs", jobs]
    words = [sys.executable, "-m", "sim", "compare", *sizes]
    done = subprocess.run(
        ["bash", "-c", f"{shlex.join(words)} {streams}; exit $PIPESTATUS"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr
    assert told in done.stderr
    assert len(list(Path().glob("results/quick/*/run.json"))) == 3
    assert len(list(Path().glob("results/quick/compare-*/compare.json"))) == 1
