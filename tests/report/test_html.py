"""The report: one file that asks for nothing else, with the numbers of the page and the CSV."""

import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from sim import compare, load_scenario, run
from sim.experiments.errors import StoreError
from sim.experiments.files import read_table, write_text
from sim.report.html import newest_result, report_html
from sim.report.html_words import TEXTS
from sim.report.overview import overview_of, write_overview
from tests.app.conftest import make_comparison, results  # noqa: F401

ROOT = Path(__file__).parents[2]
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
    assert "Shoppers gain more in the referral market than in the ad market" in read(folder, "en")
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


@pytest.fixture(scope="module")
def hybrid(tmp_path_factory):
    """A comparison whose second market is the hybrid, and one of its runs."""
    small = load_scenario("quick").with_values(
        {"population.n_consumers": 120, "run.weeks": 6, "referral.reward_rate": 0.05}
    )
    out = tmp_path_factory.mktemp("results")
    pair = compare(small, ("control", "hybrid"), replicates=3, jobs=1, out=out)
    return pair.folder, run(small, "hybrid", out=out)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_report_of_the_hybrid_tells_its_sides_and_names_the_markets_compared(hybrid, lang):
    folder, stored = hybrid
    text, of_run = read(folder, lang), read(stored.folder, lang)
    heading, control, pair = {
        "en": (
            "The two sides at the end",
            "the control market",
            "the hybrid market at a reward of 5",
        ),
        "zh": ("末期的两侧", "对照市场", "奖励为 5% 时"),
    }[lang]
    assert heading in text and heading in of_run
    assert control in text.lower() and pair in text
    assert ("the ad market" if lang == "en" else "广告竞价市场") not in text
    shares = [side["member_share"] for side in stored.ends_of_sides()]
    assert all(f"{100 * share:.1f}" in of_run for share in shares)


def test_every_run_behind_the_numbers_is_listed():
    folder = ROOT / "results" / "published" / "quick"
    runs = read_table(folder / "runs.parquet")
    assert set(runs["market"]) == {"referral", "ads", "hybrid"}
    text = read(folder, "en")
    assert not [key for key in runs["run_key"] if key not in text]


def test_both_sides_are_told_week_by_week(hybrid):
    folder, _ = hybrid
    weeks = overview_of(folder).side_weeks
    shares = weeks[weeks["outcome"] == "member_share"].pivot(index="week", columns="side")
    assert list(shares.index) == list(range(6)) and (shares["n"] == 3).all(axis=None)
    assert np.allclose(shares["mean"].sum(axis=1), 1.0)
    write_overview(folder)
    assert overview_of(folder).side_weeks.equals(weeks)


def test_a_report_without_a_hybrid_has_no_sides(folder):
    assert "two sides" not in read(folder, "en")
