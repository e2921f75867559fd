"""Packs: many runs in few files, each run once, none lost, whoever else writes there."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from sim.experiments import pack_files
from sim.experiments.errors import RunFailed, StoreError
from sim.experiments.finished import finish
from sim.experiments.pack_files import Packs
from sim.experiments.packs import find_run, outcomes_of, packed_table, packs_of
from sim.experiments.replicate import RunOptions
from sim.experiments.reproduce import reproduce_run
from sim.experiments.store import RunSpec, RunStore
from sim.experiments.workers import make_all, make_runs
from sim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("fake_model")
HERE = Path(__file__).parent
OPTIONS = RunOptions(threads=1)


def specs(n, weeks=3):
    scenario = Scenario(name="tiny").with_values({"run.weeks": weeks})
    return [RunSpec(scenario, market, seed) for seed in range(n) for market in ("referral", "ads")]


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "results")


def packed(store):
    return packs_of(store, "tiny")


def pack_names(store):
    return sorted(path.name for path in (store.folder_of("tiny") / "packed").glob("[!.]*"))


def rows_on_disk(store, table="weekly"):
    """Rows that DuckDB sees in all packs."""
    return duckdb.sql(f"SELECT * FROM '{store.root}/*/packed/*/{table}-*.parquet'").df()


def add_each(packs, n):
    for spec in specs(n):
        packs.add([finish(spec, OPTIONS, ("weekly",))])


@pytest.fixture
def small_limits(monkeypatch):
    monkeypatch.setattr(pack_files, "MOST_SMALL", 4)
    monkeypatch.setattr(pack_files, "SMALL_AT_REST", 1)
    monkeypatch.setattr(pack_files, "FULL_RUNS", 10)


def test_outcomes_are_those_of_runs_with_a_folder_each(store, tmp_path):
    found = outcomes_of(specs(3), store, "tiny", OPTIONS, jobs=1)
    other = RunStore(tmp_path / "other")
    make_runs(specs(3), other, OPTIONS, 1)
    whole = [other.find(spec) for spec in specs(3)]
    rows = [
        {"run_key": run.key, "market": run.manifest["market"], "seed": run.manifest["seed"]}
        | run.outcomes()
        for run in whole
    ]
    pd.testing.assert_frame_equal(found, pd.DataFrame(rows), check_dtype=False)
    weekly = packed_table(store, "tiny", "weekly", [run.key for run in whole])
    expected = pd.concat([run.weekly for run in whole], ignore_index=True)
    pd.testing.assert_frame_equal(weekly.drop(columns="run_key"), expected, check_dtype=False)


def test_stored_runs_are_not_made_again_be_they_packed_or_in_folders(store, monkeypatch):
    outcomes_of(specs(2), store, "tiny", OPTIONS, jobs=1)
    make_runs(specs(3)[4:], store, OPTIONS, 1)
    monkeypatch.setattr("sim.experiments.finished.simulate", None)
    found = outcomes_of(specs(3), store, "tiny", OPTIONS, jobs=1)
    assert found.notna().all(axis=None)
    keys = list(found["run_key"])[::-1]
    weekly = packed_table(store, "tiny", "weekly", keys)
    assert list(weekly["run_key"].unique()) == keys


def test_workers_give_the_same_as_one_process(store, tmp_path, fake_worker):
    def crew(*arguments):
        return make_all(*arguments, command=fake_worker)

    found = outcomes_of(specs(4), store, "tiny", OPTIONS, 2, make=crew)
    other = RunStore(tmp_path / "other")
    expected = outcomes_of(specs(4)[::-1], other, "tiny", OPTIONS, 1)
    pd.testing.assert_frame_equal(found, expected[::-1].reset_index(drop=True))
    keys = list(found["run_key"])
    pd.testing.assert_frame_equal(
        packed_table(store, "tiny", "weekly", keys), packed_table(other, "tiny", "weekly", keys)
    )


def test_a_run_that_fails_has_no_outcomes_and_the_others_are_there(store, monkeypatch):
    monkeypatch.setenv("FAKE_TROUBLE", "fail ads 1")
    with pytest.raises(RunFailed) as raised:
        outcomes_of(specs(2), store, "tiny", OPTIONS, 1)
    assert raised.value.failures == ["tiny, ads, seed 1: ZeroDivisionError: planted"]
    assert list(raised.value.reasons) == [specs(2)[3].key]
    assert list(raised.value.outcomes["orders"].isna()) == [False, False, False, True]
    monkeypatch.delenv("FAKE_TROUBLE")
    assert outcomes_of(specs(2), store, "tiny", OPTIONS, 1).notna().all(axis=None)


def test_many_small_packs_become_few_and_nothing_is_lost(store, small_limits):
    packs = packed(store)
    add_each(packs, 12)
    assert len(pack_names(store)) <= 4 + 3
    packs.tidy()
    assert len(pack_names(store)) <= 4
    fresh = packed(store)
    assert set(fresh.runs()["run_key"]) == {spec.key for spec in specs(12)}
    assert len(fresh.table("weekly", [spec.key for spec in specs(12)])) == 24 * 3
    assert len(rows_on_disk(store)) == 24 * 3
    assert list((store.folder_of("tiny") / "packed").glob(".part*")) == []


def test_a_reader_follows_when_packs_are_put_together(store, small_limits):
    packs, reader = packed(store), packed(store)
    packs.add([finish(spec, OPTIONS, ("weekly",)) for spec in specs(1)])
    assert len(reader.runs()) == 2
    add_each(packs, 4)
    packs.tidy()
    keys = [spec.key for spec in specs(4)]
    assert set(reader.table("weekly", keys)["run_key"]) == set(keys)


def test_a_kill_amid_putting_together_leaves_each_run_readable_once(
    store, small_limits, monkeypatch
):
    def killed(self, packs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Packs, "_remove", killed)
        with pytest.raises(KeyboardInterrupt):
            add_each(packed(store), 4)
    assert len(rows_on_disk(store)) == 2 * 5 * 3  # the old packs and the new one
    found = packed(store)
    assert len(found.runs()) == 5
    assert len(found.table("weekly", list(found.runs()["run_key"]))) == 5 * 3
    found.tidy()
    assert len(rows_on_disk(store)) == 5 * 3


def test_tables_that_were_left_out_are_added_and_each_row_is_there_once(store, small_limits):
    outcomes_of(specs(1), store, "tiny", OPTIONS, 1)
    outcomes_of(specs(2), store, "tiny", OPTIONS, 1, tables=("weekly", "ledger"))
    keys = [spec.key for spec in specs(2)]
    assert len(packed_table(store, "tiny", "ledger", keys)) == 4 * 3
    assert len(rows_on_disk(store)) == 4 * 3
    assert list(packed(store).runs()["tables"]) == ["ledger,weekly"] * 4
    assert len(rows_on_disk(store, "runs")) == 4
    with pytest.raises(StoreError, match="has no table merchants of run"):
        packed_table(store, "tiny", "merchants", keys)


def test_a_packed_run_is_found_and_made_again_like_any_other(store):
    outcomes_of(specs(1), store, "tiny", OPTIONS, 1)
    run = find_run(store.folder(specs(1)[0]))
    assert run.spec().key == run.key
    assert run.outcomes()["orders"] == outcomes_of(specs(1), store, "tiny", OPTIONS)["orders"][0]
    assert "finished" not in run.manifest
    again = reproduce_run(run)
    assert again.tables == {"weekly": "same values"}
    assert again.identical
    with pytest.raises(StoreError, match="has no table ledger"):
        run.table("ledger")
    with pytest.raises(StoreError, match="is no folder of a run"):
        find_run(store.root / "tiny" / "0123456789abcdef")


def test_packs_of_a_newer_format_and_broken_ones_are_refused(store):
    outcomes_of(specs(1), store, "tiny", OPTIONS, 1)
    path, *_ = store.root.glob("*/packed/*/runs-*.parquet")
    pd.read_parquet(path).assign(format_version=99).to_parquet(path)
    with pytest.raises(StoreError, match="written by a newer version in format 99"):
        outcomes_of(specs(1), store, "tiny", OPTIONS, 1)
    path.write_bytes(b"rubbish")
    with pytest.raises(StoreError, match="is no list of runs"):
        outcomes_of(specs(1), store, "tiny", OPTIONS, 1)
    path.unlink()
    with pytest.raises(StoreError, match=f"{path.parent.name}: is no whole pack: delete it"):
        outcomes_of(specs(1), store, "tiny", OPTIONS, 1)


def test_what_stands_in_the_place_of_a_pack_is_replaced(store):
    outcomes_of(specs(1)[:1], store, "tiny", OPTIONS, 1)
    (pack,) = (path for path in packed(store).folder.iterdir() if path.is_dir())
    for put in (lambda: pack.touch(), lambda: pack.symlink_to(pack.name)):
        shutil.rmtree(pack)
        put()
        outcomes_of(specs(1)[:1], store, "tiny", OPTIONS, 1)
        assert {path.name for path in pack.parent.iterdir()} == {".lock", pack.name}


WRITER = """
import sys
sys.path.insert(0, {here!r})
from fake import code_version, fake_room
sys.modules["sim.model"] = fake_room()
from sim.experiments import pack_files, store
store.code_version = code_version
pack_files.MOST_SMALL, pack_files.SMALL_AT_REST, pack_files.FULL_RUNS = 4, 1, 10
from sim.experiments.packs import outcomes_of
from test_packs import OPTIONS, specs
wanted = specs(20)
print(outcomes_of(wanted[::{step}], store.RunStore({root!r}), "tiny", OPTIONS, 1)["orders"].sum())
"""


def writer(store, step):
    code = WRITER.format(here=str(HERE), root=str(store.root), step=step)
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_several_processes_on_one_store_one_of_them_killed(store):
    writers = [writer(store, 1), writer(store, -1), writer(store, 1)]
    deadline = time.monotonic() + 60
    while len(pack_names(store)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(writers[2].pid, signal.SIGKILL)
    told = [process.communicate(timeout=60)[0] for process in writers]
    assert [process.returncode for process in writers] == [0, 0, -signal.SIGKILL]
    assert told[0] == told[1]
    packed(store).tidy()
    assert len(rows_on_disk(store)) == 40 * 3
    assert len(rows_on_disk(store, "runs")) == 40
