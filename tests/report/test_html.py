"""The report: one file that asks for nothing else, with the numbers of the page and the CSV."""

import json
import os
import re
from html.parser import HTMLParser

import pytest

from sim.experiments.errors import StoreError
from sim.experiments.files import write_text
from sim.report.html import newest_result, report_html
from sim.report.html_words import TEXTS
from tests.app.conftest import make_comparison, results  # noqa: F401

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


class Reader(HTMLParser):
    """Text of a page, and every address it asks for."""

    def __init__(self):
        super().__init__()
        self.text, self.asked, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.open += [tag] if tag not in ("meta", "br") else []
        self.asked += [value for name, value in attrs if name in ("src", "href") and value]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)


def read(folder, lang):
    reader = Reader()
    reader.feed(report_html(folder, lang))
    assert not reader.open and not reader.asked
    return re.sub(r"\s+", " ", " ".join(reader.text))


@pytest.fixture
def folder(tmp_path):
    return make_comparison(tmp_path / "quick" / "compare-1")


def test_it_is_one_file_in_one_language(folder):
    assert "shoppers gain more in the referral market" in read(folder, "en")
    assert not CHINESE.search(read(folder, "en"))
    assert not re.findall(
        r"[A-Za-z]{3,}",
        re.sub(r"[a-z_]+\.[a-z_]+|sharesim reproduce|quick|\d\w+", "", read(folder, "zh")),
    )


@pytest.mark.parametrize("other", [[{}], None, "many"])
def test_a_comparison_of_another_shape_is_told_in_one_line(folder, other):
    path = folder / "compare.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "differences": other}))
    with pytest.raises(StoreError, match=r"compare-1: does not hold a whole .*: delete") as raised:
        report_html(folder)
    assert len(raised.value.lines) == 1


def test_its_numbers_are_those_of_the_page(results):  # noqa: F811
    from tests.app.test_pages import open_app, text_of

    folder = make_comparison(results / "published" / "quick")
    page, report = text_of(open_app("en")), read(folder, "en")
    intervals = re.findall(r"95 % interval (\[[^\]]*\])", page)
    assert len(intervals) > 5 and all(bounds in report for bounds in intervals)


def test_a_name_is_text(folder):
    import json

    path = folder / "compare.json"
    document = json.loads(path.read_text())
    path.write_text(json.dumps({**document, "scenario": "<img src=x onerror=alert(1)>"}))
    assert "<img" not in report_html(folder)
    assert "<img src=x onerror=alert(1)>" in read(folder, "en")


def test_the_newest_comparison_is_found(folder, tmp_path):
    assert newest_result(tmp_path) == folder
    with pytest.raises(StoreError, match="no comparison lies here"):
        newest_result(tmp_path / "empty")


def test_both_languages_have_the_same_places():
    def places(text):
        return sorted(re.findall(r"{\w+}", text))

    assert all(places(en) == places(zh) for en, zh in TEXTS.values())


def test_a_single_run_has_a_report_without_intervals(run):
    text = read(run.folder, "en")
    assert "One run of the referral market" in text and "nan" not in text


def test_a_report_replaces_files_only(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(StoreError, match="is no file: name one that may be written"):
            write_text("a report", tmp_path / name)
    assert (tmp_path / "pipe").is_fifo()
    with pytest.raises(StoreError, match="cannot be written: file name too long"):
        write_text("a report", tmp_path / ("x" * 300))
    with pytest.raises(StoreError, match="cannot be written: no such file or directory"):
        write_text("a report", tmp_path / "nowhere" / "report.html")
    write_text("a report", tmp_path / "report.html")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipe", "report.html"]
