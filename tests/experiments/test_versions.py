"""The code version changes with what can change outputs, and with nothing else."""

import shutil

import pytest

from sim.experiments.versions import PACKAGE, hash_of_code, libraries, working_tree


@pytest.fixture
def copy(tmp_path):
    return shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))


def changed(copy, name):
    before = hash_of_code(copy)
    path = copy / name
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + "\n# changed\n")
    return hash_of_code(copy) != before


@pytest.mark.parametrize(
    "name",
    ["week.py", "rules/choice.py", "model.py", "experiments/replicate.py", "a_new_room/x.py"],
)
def test_code_that_can_change_outputs_changes_the_version(copy, name):
    assert changed(copy, name)


@pytest.mark.parametrize(
    "name",
    [
        "__main__.py",
        "api.py",
        "commands/runs.py",
        "experiments/compare.py",
        "figures/new.py",
        "network/statistics.py",
    ],
)
def test_code_that_shows_or_asks_does_not(copy, name):
    assert not changed(copy, name)


def test_libraries_name_what_took_part():
    assert {"python", "numpy", "pandas", "pyarrow"} <= set(libraries())


def test_working_tree_says_commit_and_dirty():
    state = working_tree()
    assert set(state) == {"commit", "dirty"}
    assert state["dirty"] in (True, False, None)
