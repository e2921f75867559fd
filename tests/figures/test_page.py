"""Text that fits the page, labels that do not touch."""

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontManager

from sim.figures import page
from sim.figures.marks import spread
from sim.figures.page import LEFT, RIGHT, About, caption_notes, drawing, wrap, write_bytes
from sim.figures.words import Words


def about(**changes):
    facts = {
        "scenario": "quick",
        "markets": ("referral", "ads"),
        "seeds": (1, 2, 3),
        "n_consumers": 1500,
        "weeks": 52,
        "first_counted": 8,
        "words": Words("en"),
    }
    return About(**{**facts, **changes})


@pytest.fixture
def text():
    with drawing("zh"):
        figure = Figure(figsize=(10, 6))
        FigureCanvasAgg(figure)
        yield figure.text(LEFT, 0.9, "", fontsize=16)


def width_of(text):
    figure = text.get_figure()
    extent = text.get_window_extent(figure.canvas.get_renderer())
    return extent.width / figure.bbox.width


@pytest.mark.parametrize("even", [False, True])
@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "word " * 60), ("zh", "质量高于，" * 40), ("zh", "没有标点" * 40), ("en", "one")],
)
def test_lines_stay_on_the_page_and_lose_nothing(text, lang, words, even):
    wrap(text, words.strip(), lang, even=even)
    assert width_of(text) <= RIGHT - LEFT + 0.02
    joined = text.get_text().replace("\n", " " if lang == "en" else "")
    assert joined == words.strip()


def test_even_lines_are_as_many_but_closer_in_width(text):
    words = "word"
    while "\n" not in text.get_text():
        words += " word"
        wrap(text, words, "en")
    greedy = text.get_text().split("\n")
    wrap(text, words, "en", even=True)
    even = text.get_text().split("\n")
    assert len(even) == len(greedy) == 2
    assert greedy[1] == "word" and len(even[1]) > len(even[0]) / 2


def test_percent_signs_stay_with_their_numbers(text):
    wrap(text, "10 % " * 40, "en")
    assert all(not line.startswith("%") for line in text.get_text().split("\n"))


def test_labels_apart_stay_where_they_are():
    assert spread([0.1, 0.5, 0.9], 0.1, 0, 1) == [0.1, 0.5, 0.9]


def test_touching_labels_move_apart_around_their_middle():
    assert spread([0.5, 0.52], 0.1, 0, 1) == pytest.approx([0.46, 0.56])


def test_many_equal_labels_stay_within_the_axes():
    heights = spread([0.99] * 4, 0.1, 0, 1)
    assert heights == pytest.approx([0.7, 0.8, 0.9, 1.0])


def test_no_labels_need_no_room():
    assert spread([], 0.1, 0, 1) == []


def test_caption_names_runs_seeds_interval_scenario_and_warm_up():
    caption = " ".join(caption_notes(about(), "shown.bands", "warm-up.shaded"))
    assert "3 runs a market, paired by seed (1–3)" in caption
    assert "95 % intervals" in caption
    assert "Scenario quick: 1,500 consumers, 52 weeks" in caption
    assert "weeks 0 to 7, warm-up" in caption


def test_seeds_with_gaps_are_listed():
    assert "(1, 2, 9)" in caption_notes(about(seeds=(9, 1, 2)), "shown.bands")[0]


def test_caption_of_single_runs_speaks_of_no_interval():
    assert caption_notes(about(seeds=(4,)), "shown.bands")[0] == (
        "One pair of runs (seed 4), so no interval."
    )
    assert caption_notes(about(seeds=(4,), markets=("ads",)), "shown.bands")[0] == (
        "One run (seed 4), so no interval."
    )


def test_title_is_about_counted_weeks_only():
    assert about(weeks=10, first_counted=2).weeks_in_title.endswith("weeks 2 to 9.")
    assert about().weeks_in_title.endswith("weeks 39 to 51.")


def test_a_figure_that_finds_no_room_leaves_nothing(tmp_path, monkeypatch):
    def full(path, content):
        path.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_bytes(b"png", tmp_path / "one.png")
    assert not list(tmp_path.iterdir())


def test_a_font_that_was_installed_since_matplotlib_looked_is_found(monkeypatch):
    manager = FontManager()
    if not set(page._CHINESE_FONTS) & set(manager.get_font_names()):
        pytest.skip("there is no Chinese font on this machine")
    files = {font.fname for font in manager.ttflist if font.name in page._CHINESE_FONTS}
    manager.ttflist = [font for font in manager.ttflist if font.fname not in files]
    monkeypatch.setattr(page.font_manager, "fontManager", manager)
    assert page._chinese_fonts.__wrapped__()
