"""Networks kept on disk: the same to the last bit, whole or not there, never too many."""

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sim.model import MarketModel
from sim.network import build_network, kept, load_network, made_network
from sim.network.column_file import BrokenFile, read_network, write_network
from sim.scenario import load_scenario
from tests.engines.same import LIVELY, assert_same

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """An empty cache in which even small networks are kept."""
    monkeypatch.setattr(kept, "LARGE_TIES", 0)
    monkeypatch.setattr(kept, "LARGE_FILE_BYTES", 0)
    monkeypatch.setattr(kept, "cache_root", lambda: tmp_path)
    return tmp_path / "networks"


def scenario(**values):
    return load_scenario("baseline").with_values(LIVELY).with_values(values)


def no_build():
    raise AssertionError("built again")


def assert_same_network(ours, theirs):
    for field in fields(ours):
        one, other = getattr(ours, field.name), getattr(theirs, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype and one.tobytes() == other.tobytes(), field.name
        else:
            assert one == other, field.name


def files(cache):
    return sorted(entry.name for entry in cache.iterdir())


def test_what_is_kept_is_what_was_built(cache):
    built = build_network(scenario(), 5)
    found = kept.kept_network(scenario(), 5, no_build)
    assert_same_network(built, made_network(scenario(), 5))
    assert_same_network(found, built)
    assert len(files(cache)) == 1, "neither locks nor parts stay"


def test_a_run_on_a_mapped_network_is_the_same(cache):
    first, second = (
        MarketModel(scenario(), rng=5, trace=True, engine=engine) for engine in ("array", "mesa")
    )
    for model in (first, second):
        for _ in range(5):
            model.step()
    assert second.world.network.reader.base is not None, "mapped, not built"
    assert_same(first, second)
    assert_same_network(kept.kept_network(scenario(), 5, no_build), made_network(scenario(), 5))


def test_a_network_of_a_file_goes_by_its_content(tmp_path):
    ties = tmp_path / "ties.csv"
    ties.write_text("ada,bob,2.5\nbob,ada,1\nÉva,ada,3\nada,ada,1\n")
    on_it = scenario(**{"network.file": str(ties)})
    key = kept.network_key(on_it, 5)
    built = build_network(on_it, 5)
    assert_same_network(kept.kept_network(on_it, 5, no_build), built)
    assert_same_network(built, load_network(ties, 5))
    moved = ties.rename(tmp_path / "moved.csv")
    assert kept.network_key(scenario(**{"network.file": str(moved)}), 5) == key
    moved.write_text("ada,bob\n")
    assert kept.network_key(scenario(**{"network.file": str(moved)}), 5) != key


@pytest.mark.parametrize(
    "changed",
    [{"network.reciprocity": 0.3}, {"population.n_consumers": 99}, {"network.taste_homophily": 0}],
)
def test_whatever_changes_the_network_changes_its_name(changed):
    assert kept.network_key(scenario(**changed), 5) != kept.network_key(scenario(), 5)
    assert kept.network_key(scenario(), 6) != kept.network_key(scenario(), 5)


def test_what_does_not_change_the_network_does_not_change_its_name():
    others = scenario(**{"network.max_followed": 9, "referral.reward_rate": 0.3})
    assert kept.network_key(others, 5) == kept.network_key(scenario(), 5)


@pytest.mark.parametrize("edited", ["network/ties.py", "draws.py", "arithmetic.py"])
def test_edited_code_of_the_network_meets_no_old_one(edited, tmp_path, monkeypatch):
    before = kept.network_key(scenario(), 5)
    package = tmp_path / "sim"
    shutil.copytree(kept.PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(kept, "PACKAGE", package)
    for text, same in (("", True), ("# edited", False)):
        with open(package / edited, "a") as file:
            file.write(text)
        kept._code.cache_clear()
        assert (kept.network_key(scenario(), 5) == before) is same
    kept._code.cache_clear()


def test_a_broken_file_is_built_again(cache):
    built = build_network(scenario(), 5)
    (file,) = cache.iterdir()
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[:40], b"{}\n" + whole, whole + b"\0"):
        file.write_bytes(broken)
        with pytest.raises(BrokenFile):
            read_network(file)
        assert_same_network(build_network(scenario(), 5), built)
        assert file.read_bytes() == whole


def test_one_may_be_deleted_while_it_is_used(cache):
    build_network(scenario(), 5)
    mapped = kept.kept_network(scenario(), 5, no_build)
    for file in cache.iterdir():
        file.unlink()
    assert_same_network(mapped, made_network(scenario(), 5))


def test_those_unused_longest_go_first(cache, monkeypatch):
    build_network(scenario(), 1)
    (size,) = [file.stat().st_size for file in cache.iterdir()]
    monkeypatch.setenv(kept.CAP_VARIABLE, str(3.5 * size / 1e9))
    for seed in (2, 3):
        build_network(scenario(), seed)
    for age, seed in enumerate((3, 1, 2)):
        os.utime(cache / f"{kept.network_key(scenario(), seed)}.network", (1000 - age, 1000 - age))
    build_network(scenario(), 2)  # used again
    build_network(scenario(), 4)
    names = {seed: f"{kept.network_key(scenario(), seed)}.network" for seed in (1, 2, 3, 4)}
    assert files(cache) == sorted(names[seed] for seed in (2, 3, 4))


@pytest.mark.parametrize("cap", ["0", "1e-9", "nonsense"])
def test_without_room_nothing_is_kept(cache, monkeypatch, cap):
    monkeypatch.setenv(kept.CAP_VARIABLE, cap)
    assert_same_network(build_network(scenario(), 5), made_network(scenario(), 5))
    assert not cache.exists() or not files(cache)


def test_where_nothing_can_be_written_networks_are_built(cache):
    cache.touch()
    assert_same_network(build_network(scenario(), 5), made_network(scenario(), 5))


def test_of_small_networks_the_last_one_is_kept_in_memory(cache, monkeypatch):
    monkeypatch.setattr(kept, "LARGE_TIES", 10_000_000)
    built = build_network(scenario(), 5)
    assert kept.kept_network(scenario(), 5, no_build) is built
    assert_same_network(build_network(scenario(), 6), made_network(scenario(), 6))
    with pytest.raises(AssertionError, match="built again"):
        kept.kept_network(scenario(), 5, no_build)
    assert not cache.exists()


PROGRAM = """
import os, signal, sys
from pathlib import Path
from sim.network import build_network, building, column_file, kept
from sim.scenario import load_scenario
kept.LARGE_TIES = 0
kept.cache_root = lambda: Path(sys.argv[1])
if sys.argv[2] == "killed":
    column_file.os.fsync = lambda file: os.kill(os.getpid(), signal.SIGKILL)
made = building.made_network
def told(*given):
    print("built", flush=True)
    return made(*given)
building.made_network = told
build_network(load_scenario("baseline").with_values({"population.n_consumers": 300}), 5)
"""


def start(cache, how):
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(cache.parent), how],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )


def test_killed_while_writing_nothing_is_taken_for_whole(cache):
    killed = start(cache, "killed")
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert {name.rpartition(".")[2] for name in files(cache)} == {"lock", "part"}
    again = start(cache, "whole")
    assert again.communicate()[0] == "built\n"
    assert len([name for name in files(cache) if name.endswith(".network")]) == 1
    (part,) = cache.glob("*.part")
    os.utime(part, (1000, 1000))
    build_network(scenario(), 7)
    assert not part.exists()


def test_two_processes_build_it_once(cache):
    both = [start(cache, "whole") for _ in range(2)]
    assert sorted(process.communicate()[0] for process in both) == ["", "built\n"]
    assert len(files(cache)) == 1


def test_more_than_the_cap_is_not_even_begun(tmp_path):
    write_network(made_network(scenario(), 5), tmp_path / "network", 1000)
    assert not (tmp_path / "network").exists()
