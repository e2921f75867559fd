"""The store: what a run is named by, what its folder holds, equal bytes for equal runs."""

import json
import os
from pathlib import Path

import pandas as pd
import pytest

from sim.experiments import store as store_room
from sim.experiments.compare import compare_markets
from sim.experiments.errors import StoreError
from sim.experiments.replicate import RunOptions, replicate, replicate_unless_stored
from sim.experiments.store import RunSpec, RunStore, open_run, scenario_of
from sim.scenario import Scenario

pytestmark = pytest.mark.usefixtures("fake_model")
PLAIN, TRACED = RunOptions(), RunOptions(trace=True)


def spec(seed=1, market="referral", name="tiny", **values):
    values = {"run.weeks": 5, **{key.replace("__", "."): value for key, value in values.items()}}
    return RunSpec(Scenario(name=name).with_values(values), market, seed)


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "results")


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.suffix == ".parquet"}


def test_key_is_of_scenario_market_and_seed():
    keys = {
        spec().key,
        spec(seed=2).key,
        spec(market="ads").key,
        spec(referral__reward_rate=0.2).key,
        spec(run__weeks=6).key,
    }
    assert len(keys) == 5
    assert all(len(key) == 16 for key in keys)


def test_key_is_not_of_name_replicates_or_first_seed():
    assert spec().key == spec(name="other").key
    assert spec().key == spec(run__replicates=3).key
    assert spec(seed=4).key == spec(seed=4, run__seed=3).key


def test_key_changes_with_the_code(monkeypatch):
    before = spec().key
    monkeypatch.setattr(store_room, "code_version", lambda: "another")
    assert spec().key != before


def test_key_is_of_the_content_of_the_network_file_not_its_path(tmp_path):
    one, same, other = (tmp_path / name for name in ("one.csv", "same.csv", "other.csv"))
    one.write_text("a,b\nb,c\n")
    same.write_text("a,b\nb,c\n")
    other.write_text("a,b\nb,d\n")
    keys = [spec(network__file=str(path)).key for path in (one, same, other)]
    assert keys[0] == keys[1] != keys[2]
    one.write_text("a,b\n")
    assert spec(network__file=str(one)).key != keys[0]


def test_run_is_kept_with_its_description(store):
    run = replicate(spec(seed=7), PLAIN, store)
    assert run.folder == store.root / "tiny" / spec(seed=7).key
    assert sorted(os.listdir(run.folder)) == [
        "ledger.parquet",
        "merchants.parquet",
        "run.json",
        "weekly.parquet",
    ]
    manifest = json.loads((run.folder / "run.json").read_text())
    assert manifest["scenario"] == "tiny"
    assert manifest["values"]["run.weeks"] == 5
    assert (manifest["seed"], manifest["market"], manifest["key"]) == (7, "referral", run.key)
    assert {"code_version", "git", "libraries", "started", "finished", "format_version"} <= set(
        manifest
    )
    assert manifest["log_sampling_rate"] == 1.0
    assert manifest["tables"]["weekly"]["rows"] == 5
    assert len(run.weekly) == 5


def test_description_leads_back_to_the_run(store):
    run = replicate(spec(seed=7, screening__markets=["ads"]), PLAIN, store)
    assert run.spec().key == run.key
    assert run.spec() == spec(seed=7, screening__markets=["ads"])
    assert scenario_of("tiny", run.manifest["values"]) == run.scenario()


def test_equal_runs_give_equal_bytes(tmp_path):
    one, two = (replicate(spec(), TRACED, RunStore(tmp_path / name)) for name in ("a", "b"))
    assert content(one.folder) == content(two.folder)
    assert len(content(one.folder)) == 8


def test_tables_come_back_as_they_were(tmp_path):
    table = pd.DataFrame(
        {
            "market": ["ads", "ads"],
            "week": pd.array([0, 1], dtype="int64"),
            "share": pd.array([0.5, float("nan")], dtype="float64"),
            "active": [True, False],
            "level": pd.array([1, 2], dtype="int8"),
        }
    )
    store_room.write_table(table, tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(store_room.read_table(tmp_path / "t.parquet"), table)


def test_lines_of_a_network_file_that_make_no_tie_are_told(store, tmp_path):
    (tmp_path / "ties.csv").write_text("a,b\n")
    run = replicate(spec(network__file=str(tmp_path / "ties.csv")), PLAIN, store)
    assert run.notes == [f"{tmp_path / 'ties.csv'}: ties left out: 2 of weight 0 or less"]
    assert replicate(spec(), PLAIN, store).notes == []


def test_rewards_over_three_levels_are_told_to_meet_the_rule_on_pyramid_selling(store, monkeypatch):
    run = replicate(spec(referral__levels=3), PLAIN, store)
    for members, told in ((30.0, 1), (29.0, 0), (float("nan"), 0)):
        found = {"members": members, "sharer_income_fen": 1.0}
        monkeypatch.setattr(type(run), "outcomes", lambda self, found=found: found)
        assert len(run.notes) == told
        assert replicate(spec(referral__levels=2), PLAIN, store).notes == []


def test_run_is_found_only_when_it_has_what_is_asked_for(store):
    assert store.find(spec()) is None
    replicate(spec(), PLAIN, store)
    assert store.find(spec()) is not None
    assert store.find(spec(), traced=True) is None
    assert store.find(spec(seed=2)) is None


def test_traced_run_replaces_an_untraced_one_and_is_not_replaced_by_it(store):
    replicate(spec(), PLAIN, store)
    traced = replicate(spec(), TRACED, store)
    assert len(traced.orders) == 5
    again = replicate(spec(), PLAIN, store)
    assert again.traced
    assert len(list(store.runs())) == 1


def test_stored_run_is_not_made_again(store, monkeypatch):
    run = replicate_unless_stored(spec(), PLAIN, store)
    monkeypatch.setattr("sim.experiments.replicate.simulate", None)
    assert replicate_unless_stored(spec(), PLAIN, store).manifest == run.manifest


def emptied(path):
    path.write_bytes(b"")


def made_a_folder(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [Path.unlink, emptied, made_a_folder])
def test_damaged_run_counts_as_absent_and_is_mended(store, damage):
    run = replicate(spec(), PLAIN, store)
    damage(run.folder / "ledger.parquet")
    assert store.find(spec()) is None
    replicate(spec(), PLAIN, store)
    assert store.find(spec()) is not None


@pytest.mark.parametrize("changes", [{"run__weeks": 7}, {"seed": 2}])
def test_a_table_of_another_run_is_told_in_one_line(store, changes):
    run = replicate(spec(), PLAIN, store)
    other = replicate(spec(**changes), PLAIN, store)
    (other.folder / "weekly.parquet").replace(run.folder / "weekly.parquet")
    with pytest.raises(StoreError, match=r"weekly\.parquet: is not the table .*: delete"):
        run.table("weekly", ["week"])


def test_a_comparison_tells_a_table_of_other_columns_in_one_line(store):
    run = replicate(spec(market="ads"), PLAIN, store)
    path = run.folder / "weekly.parquet"
    run.weekly.rename(columns={"orders": "sales"}).to_parquet(path, index=False)
    with pytest.raises(StoreError) as raised:
        compare_markets(run.spec().scenario, ("referral", "ads"), 1, store, PLAIN)
    assert raised.value.lines == (
        f"{path}: is not the table that was written: delete its folder and ask again",
    )


OTHER = {
    "a list": lambda told: [told],
    "no key": lambda told: {name: told[name] for name in told if name != "key"},
    "no warm-up": lambda told: {**told, "values": {"run.weeks": 5}},
    "people in words": lambda told: {**told, "n_consumers": "many"},
    "ties in a list": lambda told: {**told, "ties": {"dropped": [1]}},
    "tables in a list": lambda told: {**told, "tables": ["weekly"]},
    "true for a seed": lambda told: {**told, "seed": True},
}


@pytest.mark.parametrize("other", OTHER.values(), ids=OTHER)
def test_a_record_of_another_shape_is_refused_in_one_line_and_made_again(store, other):
    run = replicate(spec(), PLAIN, store)
    path = run.folder / "run.json"
    path.write_text(json.dumps(other(run.manifest)))
    with pytest.raises(StoreError, match=r"run\.json: does not describe a run: .*delete") as raised:
        open_run(run.folder)
    assert len(raised.value.lines) == 1
    assert store.find(spec()) is None
    assert replicate_unless_stored(spec(), PLAIN, store).key == spec().key
    assert store.find(spec()) is not None


def test_a_run_in_the_place_of_another_is_not_taken_for_it(store):
    run = replicate(spec(seed=2), PLAIN, store)
    run.folder.rename(store.folder(spec()))
    assert store.find(spec()) is None


def test_a_record_on_ties_from_a_file_makes_its_scenario_again(tmp_path):
    (tmp_path / "ties.csv").write_text("1,2\n")
    on_file = Scenario().with_values({"network.file": str(tmp_path / "ties.csv")})
    older = {key: value for key, value in on_file.values().items() if key != "run.weeks"}
    assert scenario_of(on_file.name, older) == on_file


def test_values_that_make_no_scenario_are_told_with_their_file(store):
    run = replicate(spec(), PLAIN, store)
    told = {**run.manifest, "values": {**run.manifest["values"], "run.weeks": -1}}
    (run.folder / "run.json").write_text(json.dumps(told))
    with pytest.raises(StoreError, match=r"run\.json: run\.weeks: -1 is below"):
        open_run(run.folder).spec()


def test_table_of_an_untraced_run_says_how_to_get_it(store):
    run = replicate(spec(), PLAIN, store)
    with pytest.raises(StoreError, match="--trace"):
        _ = run.orders


def test_newer_format_is_refused_in_one_line(store):
    run = replicate(spec(), PLAIN, store)
    path = run.folder / "run.json"
    path.write_text(json.dumps({**run.manifest, "format_version": 99}))
    with pytest.raises(StoreError, match="newer version in format 99") as raised:
        store.find(spec())
    assert len(raised.value.lines) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format_version": null}', "\x00"])
def test_description_that_is_none_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "run.json").write_text(text)
    with pytest.raises(StoreError, match="does not describe a run"):
        open_run(tmp_path)


def test_folder_without_run_is_refused_in_one_line(tmp_path):
    with pytest.raises(StoreError, match="is no folder of a run"):
        open_run(tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="is no folder of a run"):
        open_run(tmp_path / "file")


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("../../etc", "etc"),
        ("a/b c", "a-b-c"),
        ("购物 1", "购物-1"),
        ("..", "scenario"),
        ("", "scenario"),
    ],
)
def test_names_of_scenarios_stay_inside_the_root(store, name, folder):
    assert store.folder_of(name) == store.root / folder


def test_duckdb_reads_the_store_in_place(store):
    duckdb = pytest.importorskip("duckdb")
    for seed in (1, 2):
        replicate(spec(seed=seed), PLAIN, store)
    query = f"select seed, sum(orders) from '{store.root}/*/*/weekly.parquet' group by seed"
    assert len(duckdb.sql(query).fetchall()) == 2


def test_a_folder_being_written_is_no_run_yet(store):
    stored = replicate(spec(), PLAIN, store)
    part = stored.folder.parent / ".part-machine-1-0123456789ab"
    part.mkdir()
    (part / "run.json").write_text("")
    assert [run.key for run in store.runs()] == [stored.key]
