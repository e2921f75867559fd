"""Folders appear whole or not at all."""

import errno
import os
import pathlib
import subprocess
import sys
import threading

import pytest

from sim.experiments import folders
from sim.experiments.errors import StoreError
from sim.experiments.folders import check_writable, remove_leftovers, write_whole


def fill(text, n_files=3):
    def write(part):
        for number in range(n_files):
            (part / f"{number}.txt").write_text(text)

    return write


def texts(folder):
    return [path.read_text() for path in sorted(folder.iterdir())]


def test_folder_is_written_with_all_its_parents(tmp_path):
    assert write_whole(tmp_path / "a" / "b", fill("one"))
    assert texts(tmp_path / "a" / "b") == ["one"] * 3
    assert os.listdir(tmp_path / "a") == ["b"]


def test_old_folder_is_replaced_whole(tmp_path):
    write_whole(tmp_path / "a", fill("one", 5))
    write_whole(tmp_path / "a", fill("two", 2))
    assert texts(tmp_path / "a") == ["two"] * 2
    assert os.listdir(tmp_path) == ["a"]


def test_old_folder_stays_when_it_is_as_good(tmp_path):
    write_whole(tmp_path / "a", fill("one"))
    assert not write_whole(tmp_path / "a", fill("two"), keep=lambda old, new: True)
    assert texts(tmp_path / "a") == ["one"] * 3
    assert os.listdir(tmp_path) == ["a"]


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("planted")])
def test_nothing_is_left_of_a_folder_that_broke_off(tmp_path, error):
    def write(part):
        (part / "0.txt").write_text("half")
        raise error

    with pytest.raises(type(error)):
        write_whole(tmp_path / "deep" / "a", write)
    assert os.listdir(tmp_path) == []


def test_full_disk_is_one_line_and_leaves_the_old_folder(tmp_path, monkeypatch):
    write_whole(tmp_path / "a", fill("one"))

    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folders.os, "fsync", full)
    with pytest.raises(StoreError) as raised:
        write_whole(tmp_path / "a", fill("two"))
    assert raised.value.lines == (f"{tmp_path / 'a'}: cannot be written: no space left on device",)
    assert texts(tmp_path / "a") == ["one"] * 3
    assert os.listdir(tmp_path) == ["a"]


def test_many_writers_of_one_folder_leave_one_whole_folder(tmp_path):
    troubles = []

    def writer(text):
        try:
            for _ in range(20):
                write_whole(tmp_path / "a", fill(text))
        except StoreError as error:
            troubles.append(error)

    threads = [threading.Thread(target=writer, args=(str(n),)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert len(set(texts(tmp_path / "a"))) == 1
    assert len(texts(tmp_path / "a")) == 3
    assert os.listdir(tmp_path) == ["a"]


def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path):
    code = (
        "import sys, os, signal; from pathlib import Path\n"
        "from sim.experiments.folders import write_whole\n"
        "def write(part):\n"
        "    (part / 'x').write_text('half'); os.kill(os.getpid(), signal.SIGKILL)\n"
        "write_whole(Path(sys.argv[1]) / 'a', write)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    (left,) = os.listdir(tmp_path)
    assert left.startswith(".part-")
    mine = folders._beside(tmp_path / "b")
    mine.mkdir()
    other = tmp_path / ".part-another-machine-1-0123456789ab"
    other.mkdir()
    remove_leftovers(tmp_path)
    assert sorted(os.listdir(tmp_path)) == sorted([mine.name, other.name])


def test_a_file_in_the_way_is_told_before_any_work(tmp_path):
    (tmp_path / "results").write_text("no folder")
    with pytest.raises(StoreError, match="is not a folder"):
        check_writable(tmp_path / "results" / "baseline")


def test_a_place_without_permission_is_told_before_any_work(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.os, "access", lambda place, mode: False)
    with pytest.raises(StoreError, match="no permission to write"):
        check_writable(tmp_path / "results")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "reason"), [("x" * 300, "file name too long"), ("\udcff", "the name is not UTF-8")]
)
def test_a_name_that_no_folder_can_have_is_refused_beforehand(tmp_path, name, reason):
    with pytest.raises(StoreError, match=f"cannot keep results here: {reason}"):
        check_writable(tmp_path / name / "deeper")


def test_a_working_directory_that_is_not_utf8_is_refused_beforehand(tmp_path, monkeypatch):
    (tmp_path / "\udcff").mkdir()
    monkeypatch.chdir(tmp_path / "\udcff")
    with pytest.raises(StoreError, match=r"^results: cannot keep results here: the name"):
        check_writable(pathlib.Path("results"))
