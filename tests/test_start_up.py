"""How soon something happens: processor seconds, so that a busy machine does not matter."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TRIES = 3


def processor_seconds(tmp_path, *arguments):
    """The least processor time of a few starts of Python with these arguments, in seconds."""
    taken = []
    for _ in range(TRIES):
        before = os.times()
        done = subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        after = os.times()
        used = after.children_user - before.children_user
        taken.append(used + after.children_system - before.children_system)
    return min(taken)


def test_import_takes_less_than_half_a_second(tmp_path):
    assert processor_seconds(tmp_path, "-c", "import sim") < 0.5


@pytest.mark.parametrize("arguments", [["--help"], ["run", "quick", "--explain"]])
def test_help_is_answered_at_once(tmp_path, arguments):
    assert processor_seconds(tmp_path, "-m", "sim", *arguments) < 1.5


FIRST_WEEK = """
import sim.commands.runs, sim.api
from sim.model import MarketModel
MarketModel(sim.api.load_scenario("baseline"), threads=1).step()
"""


@pytest.mark.slow
def test_a_warm_run_computes_within_four_seconds(tmp_path):
    """Imports, the world of the baseline and its first week included; the first try may compile."""
    assert processor_seconds(tmp_path, "-c", FIRST_WEEK) < 4.0
