"""Files of ties: every form that is read, and every mistake in one line."""

import gzip
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from sim.network import NetworkError, load_network
from sim.network import loader as loader_module
from sim.network.joining import joined
from sim.network.loader import read_ties
from sim.parameters.problems import InputError, Problem
from sim.scenario import InputError as PublicInputError


def written(folder: Path, content: bytes | str) -> Path:
    path = folder / "ties.txt"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def lines_of(path: Path) -> list[tuple[str, ...]]:
    """The ties of a file by name, with their weights if there are any."""
    table = read_ties(path)
    names = [(table.labels[a], table.labels[b]) for a, b in zip(table.truster, table.trusted)]
    if table.weight is None:
        return names
    return [(*pair, weight) for pair, weight in zip(names, table.weight.tolist())]


THREE = [("1", "2"), ("2", "3"), ("3", "1")]
FORMS = {
    "commas": "1,2\n2,3\n3,1\n",
    "commas and blanks": " 1 , 2 \n2,\t3\n3 ,1\n",
    "tabs": "1\t2\n2\t3\n3\t1\n",
    "blanks": "1 2\n2   3\n  3\t1  \n",
    "no newline at the end": "1 2\n2 3\n3 1",
    "windows": "1,2\r\n2,3\r\n3,1\r\n",
    "old mac": "1,2\r2,3\r3,1\r",
    "byte order mark": "\ufeff1,2\n2,3\n3,1\n",
    "comments and empty lines": "# Nodes: 3 Edges: 3\n\n#\n1 2\n   \n# too\n2 3\n  # 1\n3 1\n",
    "SNAP header": "# FromNodeId\tToNodeId\n1\t2\n2\t3\n3\t1\n",
    "header of known words": "Truster,Trustee\n1,2\n2,3\n3,1\n",
    "header above numbers": "who?,them\n1,2\n2,3\n3,1\n",
    "quotes": '"1","2"\n"2",3\n3,"1"\n',
    "empty third column": "1,2,\n2,3,\n3,1,\n",
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_same_ties_in_every_form(tmp_path, content, pack):
    assert lines_of(written(tmp_path, pack(content.encode()))) == THREE


WEIGHTED = {
    "commas": "1,2,0.5\n2,3,-1e2\n3,1,7\n",
    "blanks, more columns": "1 2 .5 a b\n2 3 -100\n3 1 +7 c\n",
    "header": "source,target,rating,time\n1,2,0.5,9\n2,3,-100,9\n3,1,7,9\n",
    "header of unknown words": "P Q strength\n1 2 0.5\n2 3 -100\n3 1 7\n",
}


@pytest.mark.parametrize("content", WEIGHTED.values(), ids=WEIGHTED.keys())
def test_a_third_column_is_a_weight_and_further_ones_are_ignored(tmp_path, content):
    weights = [0.5, -100.0, 7.0]
    expected = [(*pair, weight) for pair, weight in zip(THREE, weights)]
    assert lines_of(written(tmp_path, content)) == expected


NAMED = {
    "weight last": "target,source,weight\n2,1,0.5\n3,2,-100\n1,3,7\n",
    "weight first": "Rating,Follower,Followee\n.5,1,2\n-100,2,3\n7,3,1\n",
    "far apart": "id,to,kind,from,time,weight\na,2,k,1,9,.5\nb,3,k,2,9,-100\nc,1,k,3,9,7\n",
    "a user": "user,follower,strength\n2,1,.5\n3,2,-100\n1,3,7\n",
    "a weight far off": "source,target,time,weight\n1,2,9,.5\n2,3,9,-100\n3,1,9,7\n",
    "blanks": "dst src weight\n2 1 .5\n3 2 -100\n1 3 7\n",
}


@pytest.mark.parametrize("content", NAMED.values(), ids=NAMED.keys())
def test_the_names_of_a_header_count_whatever_their_order(tmp_path, content):
    expected = [(*pair, weight) for pair, weight in zip(THREE, [0.5, -100.0, 7.0])]
    assert lines_of(written(tmp_path, content)) == expected


def test_what_stands_before_named_people_is_no_weight(tmp_path):
    assert lines_of(written(tmp_path, "time,source,target\n9,1,2\n9,2,3\n9,3,1\n")) == THREE


NAMES = {
    "words": ("ann bob\nbob cy\n", ["ann", "bob", "cy"]),
    "words that a header might hold, too": ("a b\nuser1 user2\n", ["a", "b", "user1", "user2"]),
    "names with blanks": ("Ann Lee,Bob\nBob,Cy  Jr\n", ["Ann Lee", "Bob", "Cy  Jr"]),
    "names with blanks and commas": ("Ann\tBob\nBob\tLee, Cy\n", ["Ann", "Bob", "Lee, Cy"]),
    "any script": ("安娜,Bób\nBób,Ωmega\n", ["安娜", "Bób", "Ωmega"]),
    "numbers by size": ("10 9\n9 100\n2 10\n", ["2", "9", "10", "100"]),
    "numbers first, then names": ("b 10\n9 a\n", ["9", "10", "b", "a"]),
    "7 is not 007": ("7 007\n007 0\n", ["0", "7", "007"]),
    "huge numbers": (f"{10**17} 3\n{10**40} 3\n", ["3", str(10**17), str(10**40)]),
    "not a number after all": ("-1 2.0\n1e3 ٣\n", ["-1", "2.0", "1e3", "٣"]),
}


@pytest.mark.parametrize(("content", "labels"), NAMES.values(), ids=NAMES.keys())
def test_any_ids(tmp_path, content, labels):
    assert read_ties(written(tmp_path, content)).labels == labels


def test_ids_are_names_and_never_sizes(tmp_path):
    network = load_network(written(tmp_path, "1000000000000 999999999999\n0 1000000000000\n"), 1)
    assert network.labels == ["0", "999999999999", "1000000000000"]
    assert (network.n_people, network.n_ties) == (3, 4)


ALSO_SAVE = "save it as plain text (CSV or ids separated by spaces), or pack that with gzip"
TWO_IDS = "write two ids a line, as in 17,42"
NUMBER = "write a number, or leave the weight out everywhere"
MISTAKES = {
    "empty": (b"", f"no ties in it: {TWO_IDS}"),
    "blanks": (b"\n \n\t\n", f"no ties in it: {TWO_IDS}"),
    "comments": (b"# nothing\n", f"no ties in it: {TWO_IDS}"),
    "header alone": (b"source,target\n", f":1: no ties after the header: {TWO_IDS}"),
    "one column": (b"# x\n5\n6\n", f":2: only one column (5): {TWO_IDS}"),
    "semicolons": (b"1;2\n2;3\n", f":1: only one column (1;2): {TWO_IDS}"),
    "one id missing": (
        b"1 2\n\n# c\n3\n",
        ":4: only one column (3): separate ids by spaces, as in line 1",
    ),
    "another separator": (
        b"a,b\n1 2\n",
        ":2: only one column (1 2): separate ids by commas, as in line 1",
    ),
    "blanks where tabs were": (
        b"1\t2\n2 3\n",
        ":2: only one column (2 3): separate ids by tabs, as in line 1",
    ),
    "commas after blanks": (
        b"1 2\n2, 3\n",
        ":2: separators are mixed (2, 3): separate columns by spaces only, as in line 1",
    ),
    "an empty id": (b"1,2\n2,3\n,1\n", ":3: an id is missing (,1): write both ids"),
    "another empty id": (b"1,2\n2, ,7\n", ":2: an id is missing (2, ,7): write both ids"),
    "a weight that is none": (
        b"1,2,0.5\n2,3,heavy\n",
        f":2: the weight is not a number (2,3,heavy): {NUMBER}",
    ),
    "words all down the column": (
        b"1 2 friend\n2 3 friend\n",
        f":2: the weight is not a number (2 3 friend): {NUMBER}",
    ),
    "no number": (b"1 2 3\n1 3 nan\n", f":2: the weight is not a number (1 3 nan): {NUMBER}"),
    "infinity": (b"1 2 1e999\n", f":1: the weight is not a number (1 2 1e999): {NUMBER}"),
    "Python's own numbers": (
        b"1 2 3\n2 3 1_0\n",
        f":2: the weight is not a number (2 3 1_0): {NUMBER}",
    ),
    "a weight missing": (
        b"1 2 3\n2 3\n",
        ":2: no weight (2 3): give every tie one, as in line 1",
    ),
    "a weight too many": (
        b"from to\n1 2\n2 3 4\n",
        ":3: a weight (2 3 4): give every tie one or none, as in line 2",
    ),
    "half a header": (
        b"name,source\n1,2\n",
        ":1: the header does not tell who trusts whom (name,source): "
        "name both columns, as in source,target,weight",
    ),
    "a weight where an id is due": (
        b"weight,a,b\n.5,1,2\n",
        ":1: the header does not tell who trusts whom (weight,a,b): "
        "name both columns, as in source,target,weight",
    ),
    "a named column missing": (
        b"time,source,target\n9,1,2\n9,1\n",
        ":3: fewer than 3 columns (9,1): separate ids by commas, as in line 2",
    ),
    "a comma in quotes before the ids": (
        b'name,source,target\nx,1,2\n"Lee, Cy",2,3\n',
        ':3: a quoted field holds the separator ("Lee, Cy",2,3): choose ids without it',
    ),
    "a comma in quotes": (
        b'1,2\n"Lee, Cy",3\n',
        ':2: a quoted field holds the separator ("Lee, Cy",3): choose ids without it',
    ),
    "a comma in quotes at the start": (
        b'"Lee, Cy",3\n',
        ":1: a quoted field holds the separator: choose ids without it",
    ),
    "binary": (b"1 2\n\x00\x01\x02", f":2: not text (a zero byte): {ALSO_SAVE}"),
    "Latin-1": (b"1 2\nJos\xe9 2\n", f":2: not UTF-8 text (byte 0xe9): {ALSO_SAVE}"),
    "UTF-16": ("1 2\n".encode("utf-16"), f":1: not text (a zero byte): {ALSO_SAVE}"),
    "zip": (b"PK\x03\x04\xff\xfe", f":1: not UTF-8 text (byte 0xff): {ALSO_SAVE}"),
    "a claim": (
        b"# Nodes: 1000000000000 Edges: 2\n1 2\n",
        ":1: claims 1,000,000,000,000 people, at most 2,147,483,647 fit: "
        "correct or remove this comment",
    ),
    "a long claim": (
        b"#\n# nodes = 1,000,000,000,000\n1 2\n",
        ":2: claims 1,000,000,000,000 people, at most 2,147,483,647 fit: "
        "correct or remove this comment",
    ),
}


@pytest.mark.parametrize(("content", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_each_mistake_is_told_in_one_line(tmp_path, content, message):
    path = written(tmp_path, content)
    with pytest.raises(NetworkError) as caught:
        read_ties(path)
    separator = "" if message.startswith(":") else ": "
    assert str(caught.value) == f"{path}{separator}{message}"
    assert caught.value.lines == (str(caught.value),)


def test_the_first_wrong_lines_are_told_at_once_and_the_others_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(loader_module, "PIECE_BYTES", 16)
    path = written(tmp_path, "1,2,3\n5\n1,2,x\n1,2\n,2,3\n1,2,7\n")
    with pytest.raises(NetworkError) as caught:
        read_ties(path)
    assert [line.removeprefix(f"{path}:") for line in caught.value.lines] == [
        "2: only one column (5): separate ids by commas, as in line 1",
        f"3: the weight is not a number (1,2,x): {NUMBER}",
        "4: no weight (1,2): give every tie one, as in line 1",
        "5: an id is missing (,2,3): write both ids",
    ]
    path = written(tmp_path, "1,2\n" + "3\n" * 1234)
    with pytest.raises(NetworkError) as caught:
        read_ties(path)
    assert len(caught.value.lines) == 11
    assert caught.value.lines[9].startswith(f"{path}:11: only one column")
    assert caught.value.lines[10] == f"{path}: more wrong lines: 1,224"


def test_gzip_that_is_broken(tmp_path):
    packed = gzip.compress(b"1 2\n" * 1000)
    for content in (packed[:-9], packed[:8], b"\x1f\x8bnothing", packed[:20] + b"?" + packed[21:]):
        with pytest.raises(NetworkError, match=r"ties\.txt: broken gzip \(.*\): fetch it again"):
            read_ties(written(tmp_path, content))


def test_text_that_does_not_fit_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(loader_module, "free_bytes", lambda: 100_000_000)
    text = b"1 2\n" * 10_000_000
    for content in (text, gzip.compress(text, 1)):
        with pytest.raises(NetworkError, match=r"ties\.txt: more text than fits in memory \(0\.0"):
            read_ties(written(tmp_path, content))
    monkeypatch.setattr(loader_module, "free_bytes", lambda: None)
    assert len(read_ties(written(tmp_path, gzip.compress(text[:400]))).truster) == 100


def test_paths_that_are_no_files(tmp_path):
    with pytest.raises(NetworkError, match=r"none\.csv: no such file: "):
        read_ties(tmp_path / "none.csv")
    with pytest.raises(NetworkError, match=r": a folder, not a file: "):
        read_ties(tmp_path)
    with pytest.raises(NetworkError, match=r"cannot be read \(embedded null byte\)"):
        read_ties("a\0b")


def test_the_error_is_wrong_input_and_survives_the_way_between_processes():
    import pickle

    error = NetworkError(Problem("f", 3, problem="odd", hint="mend it"), Problem("f", 4))
    assert isinstance(error, InputError)
    assert InputError is PublicInputError
    assert pickle.loads(pickle.dumps(error)).lines == error.lines == ("f:3: odd: mend it", "f:4")


def test_the_line_is_right_far_into_a_file_read_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(loader_module, "PIECE_BYTES", 64)
    lines = ["# top", "from,to,weight"]
    lines += [
        f"{i},{i + 1},1.5" if i % 7 else f"# comment {i}\n\n\n{i},{i + 1},2" for i in range(500)
    ]
    good = "\n".join(lines).split("\n")
    table = read_ties(written(tmp_path, "\n".join(good)))
    assert table.truster.tolist() == list(range(500))
    assert table.trusted.tolist() == list(range(1, 501))
    assert table.weight.sum() == 500 * 1.5 + 72 * 0.5
    for wrong in ("x", "1,,2", "1,2,w", "1,2"):
        line = 400
        bad = [*good[: line - 1], wrong, *good[line - 1 :]]
        with pytest.raises(NetworkError, match=rf"ties\.txt:{line}: "):
            read_ties(written(tmp_path, "\n".join(bad)))


def test_what_is_dropped_is_counted_by_the_first_reason(tmp_path):
    content = "a a 5\na b 1\nb a 2\na b 9\na b -1\nb b -3\nc d -1\nd c 0\nc e .5\n"
    table = read_ties(written(tmp_path, content))
    ties = joined(table)
    assert ties.dropped == (2, 2, 2)
    assert ties.directed
    names = [
        (ties.labels[a], ties.labels[b], w)
        for a, b, w in zip(ties.reader, ties.trusted, ties.weight)
    ]
    assert names == [("b", "a", 2), ("a", "b", 1), ("c", "e", 0.5)], "the first of a pair counts"
    kept = joined(table, keep_nonpositive=True)
    assert kept.dropped == ties.dropped
    assert kept.n_ties == ties.n_ties + 2
    assert ties.n_people == kept.n_people == 5, "a person whose ties are dropped stays"


def test_a_file_is_undirected_if_no_pair_occurs_both_ways(tmp_path):
    table = read_ties(written(tmp_path, "1 2\n2 3\n1 2\n3 3\n"))
    ties = joined(table)
    assert not ties.directed
    assert ties.dropped == (1, 1, 0)
    assert set(zip(ties.reader.tolist(), ties.trusted.tolist())) == {(0, 1), (1, 0), (1, 2), (2, 1)}
    one_way = joined(table, directed="yes")
    assert set(zip(one_way.reader.tolist(), one_way.trusted.tolist())) == {(0, 1), (1, 2)}
    both = read_ties(written(tmp_path, "1 2\n2 1\n2 3\n"))
    assert joined(both).directed
    assert joined(both).n_ties == 3
    forced = joined(both, directed="no")
    assert (forced.n_ties, forced.dropped.duplicates) == (4, 1)


def test_a_tie_with_oneself_declares_a_person(tmp_path):
    network = load_network(written(tmp_path, "7 7\n"), 1)
    assert (network.n_people, network.n_ties, network.labels) == (1, 0, ["7"])


ids = st.text(st.sampled_from("01279abΩ -"), min_size=1, max_size=4).map(str.strip).filter(bool)
numbers = st.integers(0, 30).map(str)


@settings(deadline=None)
@drawn(
    ties=st.lists(st.tuples(st.one_of(numbers, ids), st.one_of(numbers, ids)), min_size=1),
    separator=st.sampled_from([",", "\t", ", "]),
    seed=st.integers(0, 99),
)
def test_reading_agrees_with_splitting_line_by_line(tmp_path_factory, ties, separator, seed):
    noise = random.Random(seed)
    lines = ["from,to"] if separator != "\t" else ["from\tto"]
    for tie in ties:
        lines += noise.choices(["", "# x, y\tz", "  "], k=noise.randint(0, 2))
        lines.append(" " * noise.randint(0, 2) + separator.join(tie) + " " * noise.randint(0, 2))
    path = written(tmp_path_factory.mktemp("ties"), "\n".join(lines))
    assert lines_of(path) == ties
    labels = read_ties(path).labels
    assert len(set(labels)) == len(labels) == len({name for tie in ties for name in tie})


@settings(deadline=None, max_examples=200)
@drawn(
    content=st.one_of(st.binary(), st.text(st.sampled_from('12a,\t\n "#.;-\0é')).map(str.encode))
)
def test_whatever_the_bytes_there_are_ties_or_clear_lines(tmp_path_factory, content):
    path = written(tmp_path_factory.mktemp("ties"), content)
    try:
        table = read_ties(path)
    except NetworkError as error:
        assert all(line.startswith(str(path)) and "\n" not in line for line in error.lines)
        return
    assert len(table.truster) == len(table.trusted) > 0
    assert max(table.truster.max(), table.trusted.max()) < len(table.labels)
    assert "" not in table.labels
    if table.weight is not None:
        assert np.isfinite(table.weight).all()
