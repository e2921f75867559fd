"""Figures come into result folders from tables on disk alone, and never fail a run."""

import json
import shutil

import pytest

from sim.figures import compare_figures, page, run_figures
from tests.figures.made_up import comparison, run_folder

FIGURES = [
    "quality-over-weeks",
    "where-100-yuan-go",
    "sales-by-quality",
    "price-and-margin",
    "trust-and-posts",
    "cascade-sizes",
    "paired-differences",
]


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    """Folder of a traced comparison of two pairs, and what was drawn into it."""
    folder = comparison(tmp_path_factory.mktemp("results"), seeds=(1, 2), trace=True)
    return folder, compare_figures(folder)


def test_traced_comparison_has_every_figure(traced):
    folder, done = traced
    assert [file.relative_to(folder / "figures").stem for file in done.files] == FIGURES
    assert done.left_out == ()


def test_same_tables_give_the_same_bytes(traced):
    folder, done = traced
    before = {file: file.read_bytes() for file in done.files}
    assert {file: file.read_bytes() for file in compare_figures(folder).files} == before


def test_chinese_figures_lie_beside_the_english_ones(traced):
    folder, english = traced
    chinese = compare_figures(folder, "zh").files
    assert [file.name for file in chinese] == [f"{name}.zh.png" for name in FIGURES]
    assert all(file.exists() for file in english.files)


def test_index_has_title_and_caption_of_every_figure(traced):
    place = traced[0] / "figures"
    index = json.loads((place / "figures.json").read_text())
    assert [figure["name"] for figure in index["figures"]] == FIGURES
    for figure in index["figures"]:
        assert figure["title"] and figure["caption"]
        assert (place / figure["file"]).exists()


def test_figures_are_wide_enough_to_read(traced):
    for file in traced[1].files:
        header = file.read_bytes()[16:24]
        assert (int.from_bytes(header[:4]), int.from_bytes(header[4:])) == (1600, 1000)


@pytest.fixture
def coarse(tmp_path, monkeypatch):
    """A place for results whose figures are coarse, to save time."""
    monkeypatch.setitem(page._RULES, "savefig.dpi", 20)
    return tmp_path


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A place for results whose figures are only laid out, to save more time."""

    def blank(draw, lang):
        with page.drawing(lang):
            return draw(), b""

    monkeypatch.setattr(page, "png_of", blank)
    return tmp_path


def test_untraced_comparison_leaves_out_the_cascades_with_a_line(results):
    folder = comparison(results, seeds=(1, 2))
    done = compare_figures(folder)
    assert len(done.files) == len(FIGURES) - 1
    assert done.left_out == (
        "cascade-sizes: left out: only traced runs know their cascades: use --trace",
    )


def test_one_pair_is_drawn_without_intervals(coarse):
    done = compare_figures(comparison(coarse, seeds=(7,), trace=True))
    assert done.left_out == ()


def test_three_markets_give_a_figure_for_every_pair(results):
    folder = comparison(results, ("referral", "ads", "control"), seeds=(1, 2), trace=True)
    names = [file.stem for file in compare_figures(folder).files]
    assert [name for name in names if name.startswith("paired")] == [
        "paired-differences",
        "paired-differences-referral-control",
        "paired-differences-ads-control",
    ]


def test_market_that_sells_nothing_is_drawn_as_far_as_it_goes(coarse):
    done = compare_figures(comparison(coarse, seeds=(1, 2), trace=True, silent=("ads",)))
    assert done.left_out == ()


def test_world_without_orders_shows_trust_alone(results):
    folder = comparison(results, seeds=(1, 2), silent=("ads", "referral"))
    names = [file.stem for file in compare_figures(folder).files]
    assert "trust-and-posts" in names and "where-100-yuan-go" not in names


def test_no_weeks_give_no_figures_but_reasons(results):
    done = compare_figures(comparison(results, seeds=(1, 2), weeks=0, trace=True))
    assert done.files == ()
    assert len(done.left_out) == len(FIGURES)
    assert not any("could not" in line for line in done.left_out)


def test_one_run_has_all_figures_but_the_differences(coarse):
    done = run_figures(run_folder(coarse, trace=True))
    assert [file.stem for file in done.files] == FIGURES[:-1]
    assert done.left_out == ()


def test_figure_that_cannot_be_drawn_any_more_goes(results):
    folder = run_folder(results, trace=True)
    stale = folder / "figures" / "cascade-sizes.png"
    run_figures(folder)
    assert stale.exists()
    manifest = json.loads((folder / "run.json").read_text())
    del manifest["tables"]["cascades"]
    (folder / "run.json").write_text(json.dumps(manifest))
    run_figures(folder)
    assert not stale.exists()


@pytest.mark.parametrize("draw", [compare_figures, run_figures])
def test_folder_without_results_is_a_line_and_no_error(results, draw):
    done = draw(results)
    assert done.files == ()
    assert len(done.left_out) == 1 and str(results) in done.left_out[0]


def test_missing_run_is_a_line_and_no_error(results):
    folder = comparison(results, seeds=(1,))
    run = json.loads((folder / "compare.json").read_text())["runs"][0]["run_key"]
    shutil.rmtree(folder.parent / run)
    done = compare_figures(folder)
    assert done.files == () and run in done.left_out[0]


def test_figure_that_fails_does_not_take_the_others_along(results, monkeypatch):
    import sim.figures.money_flow

    def broken(*_):
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(sim.figures.money_flow, "money_flow", broken)
    done = run_figures(run_folder(results, trace=True))
    assert done.left_out == ("where-100-yuan-go: could not be drawn: ZeroDivisionError: planted",)
    assert len(done.files) == len(FIGURES) - 2
