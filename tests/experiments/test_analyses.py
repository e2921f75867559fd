"""Analyses: a document and tables in a folder named by what came out."""

import json

import pandas as pd
import pytest

from sim.experiments.analyses import keep_analysis, open_analysis
from sim.experiments.errors import StoreError
from sim.experiments.store import RunStore

TABLE = pd.DataFrame({"lever": [0.0, 0.1], "estimate": [1.5, float("nan")]})
DOCUMENT = {"values": {"network.file": "/a"}, "best": 0.1, "runs": [{"seed": 1, "run_key": "k"}]}


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path / "results")


def test_document_and_tables_are_kept_together(store):
    kept = keep_analysis(store, "tiny", "tune", DOCUMENT, {"response": TABLE})
    assert kept.folder.parent == store.folder_of("tiny")
    assert kept.folder.name.startswith("tune-")
    again = open_analysis(kept.folder, "tune")
    assert again.document == {"format_version": 1, "command": "tune", **DOCUMENT}
    assert again.run_keys == ["k"]
    pd.testing.assert_frame_equal(again.table("response"), TABLE)


def test_place_is_decided_by_the_content_and_not_by_where_files_lie(store):
    kept = keep_analysis(store, "tiny", "tune", DOCUMENT, {})
    moved = keep_analysis(store, "tiny", "tune", {**DOCUMENT, "values": {}}, {})
    other = keep_analysis(store, "tiny", "tune", {**DOCUMENT, "best": 0.2}, {})
    assert kept.folder == moved.folder != other.folder


def test_what_people_put_beside_it_stays_when_it_is_made_again(store):
    kept = keep_analysis(store, "tiny", "tune", DOCUMENT, {})
    (kept.folder / "notes.txt").write_text("mine")
    (kept.folder / "figures").mkdir()
    (kept.folder / "figures" / "one.png").touch()
    for place in (kept.folder / "loop", kept.folder / "figures" / "loop"):
        place.symlink_to(".")
    again = keep_analysis(store, "tiny", "tune", {**DOCUMENT, "notes": ["later"]}, {})
    assert again.folder == kept.folder and again.document["notes"] == ["later"]
    assert open_analysis(kept.folder, "tune").document["notes"] == ["later"]
    assert (kept.folder / "notes.txt").read_text() == "mine"
    assert (kept.folder / "figures" / "one.png").exists()
    assert (kept.folder / "loop").is_symlink() and (kept.folder / "figures" / "loop").is_symlink()


def test_newer_formats_and_other_folders_are_refused(store, tmp_path):
    kept = keep_analysis(store, "tiny", "tune", DOCUMENT, {})
    with pytest.raises(StoreError, match="is no folder of a result of sweep"):
        open_analysis(kept.folder, "sweep")
    (kept.folder / "tune.json").write_text(json.dumps({"format_version": 99}))
    with pytest.raises(StoreError, match="newer version in format 99"):
        open_analysis(kept.folder, "tune")
