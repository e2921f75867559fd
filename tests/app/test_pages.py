"""The pages, drawn without a browser: what stands on them is what is stored."""

import html
import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app_parts.numbers import interval, number, signed
from app_parts.outcomes import TILES
from tests.app.conftest import N_PAIRS, PARTS, WEEKS, make_comparison, open_page

APP = str(Path(__file__).parents[2] / "app.py")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def open_app(lang="en"):
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params["lang"] = lang
    app.run()
    assert not app.exception
    return app


def text_of(app):
    """Everything a reader sees, without marks."""
    bodies = [element.proto.body for element in app.get("html")]
    marks = re.compile(r"<style.*?</style>|<[^>]*>", re.DOTALL)
    texts = [marks.sub(" ", body) for body in bodies if not body.lstrip().startswith(".st")]
    return re.sub(r"\s+", " ", html.unescape(" ".join(texts))).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_results_the_page_names_the_command(results, lang):
    app = open_app(lang)
    assert app.code[0].value == "sharesim compare quick --replicates 4"
    assert ("No result is stored yet" in text_of(app)) == (lang == "en")


def test_a_broken_result_names_the_command_too(results):
    folder = make_comparison(results / "published" / "quick")
    (folder / "compare.json").write_text("{}")
    app = open_app()
    assert "cannot be read" in text_of(app) and app.code


def test_a_folder_that_lacks_a_table_names_the_command_too(results):
    (make_comparison(results / "published" / "quick") / "runs.parquet").unlink()
    assert "cannot be read" in text_of(open_app())


def test_the_sentence_is_the_stored_difference(results):
    folder = make_comparison(results / "published" / "quick")
    document = json.loads((folder / "compare.json").read_text())
    row = next(r for r in document["differences"] if r["outcome"] == "consumer_surplus_fen")
    scale = 0.01 / (WEEKS - 2)
    estimate = signed(row["estimate"] * scale, 2)
    bounds = interval(row["low"] * scale, row["high"] * scale, 2, sign=True)
    text = text_of(open_app())
    assert f"{estimate} yuan per person and week (95 % interval {bounds} )" in text
    assert f"more in {N_PAIRS} of {N_PAIRS} paired runs" in text
    assert "shoppers gain more in the referral market" in text
    assert "At a reward of 6 %" in text
    zh = text_of(open_app("zh"))
    assert estimate in zh and bounds in zh and "消费者在分享返利市场的所得高于" in zh


@pytest.mark.parametrize(
    ("effect", "sentence"),
    [(-0.05, "shoppers gain less in the referral market"), (0.0, "there is no clear difference")],
)
def test_the_sentence_follows_the_interval(results, effect, sentence):
    make_comparison(results / "published" / "quick", effect)
    assert sentence in text_of(open_app())


def test_one_pair_has_no_interval_and_says_so(results):
    make_comparison(results / "published" / "quick", replicates=1)
    text = text_of(open_app())
    assert "This is one pair of runs, so there is no interval" in text
    assert "nan" not in text


def test_every_tile_has_its_interval_and_number_of_pairs(results):
    folder = make_comparison(results / "published" / "quick")
    text = text_of(open_app())
    rows = json.loads((folder / "compare.json").read_text())["differences"]
    quality = next(row for row in rows if row["outcome"] == "mean_quality_sold")
    bounds = interval(quality["low"], quality["high"], 3, sign=True)
    assert f"95 % interval {bounds}, {N_PAIRS} pairs" in text
    assert text.count("95 % interval [") == 1 + len(TILES)  # the sentence and tiles


def test_it_is_said_where_only_one_market_screens(results):
    make_comparison(results / "published" / "quick")
    make_comparison(results / "published" / "unscreened", name="unscreened")
    app = open_app()
    assert "only the referral market tests merchants" in text_of(app)
    app.segmented_control(key="result_en").set_value("unscreened").run()
    assert "only the referral market tests merchants" not in text_of(app)


def test_the_money_table_is_the_stored_one_and_losses_are_explained(results):
    make_comparison(results / "published" / "quick")
    text = text_of(open_app())
    for _, _, yuan in PARTS:
        assert f"{number(yuan, 2)} {interval(yuan - 0.1, yuan + 0.1, 2)}" in text
    assert "A bar left of zero is a loss" in text


def test_bars_and_table_hold_the_same_numbers(results):
    make_comparison(results / "published" / "quick")
    bars = next(e.proto.body for e in open_app().get("html") if 'class="money"' in e.proto.body)
    for market in ("Referral", "Ads"):
        assert f'title="{market}, Advertising: 3.25 yuan"' in bars
        assert f'title="{market}, People who recommended: 4.75 yuan"' in bars
    pieces = re.findall(r'title="Referral, [^"]*" style="left:([\d.]+)%;width:([\d.]+)%', bars)
    gains, losses = (
        sum(yuan for *_, yuan in PARTS if (yuan > 0) == more) for more in (True, False)
    )
    widths = [float(width) for _, width in pieces]
    assert sum(widths) == pytest.approx(100, abs=0.05)  # the longest bar is as wide as its place
    assert min(float(left) for left, _ in pieces) == 0  # where the loss begins
    zero = re.search(r'class="mark zero" style="left:([\d.]+)%', bars)
    assert float(zero[1]) == pytest.approx(100 * -losses / (gains - losses), abs=0.01)


def test_all_charts_have_a_text_for_those_who_do_not_see_them(results):
    make_comparison(results / "published" / "quick")
    bodies = [element.proto.body for element in open_app().get("html")]
    charts = [re.search(r'role="img" aria-label="([^"]+)"', body) for body in bodies]
    assert [chart[1][:8] for chart in charts if chart] == ["Two bars"]


def test_the_published_result_comes_before_newer_ones_of_this_machine(results):
    make_comparison(results / "published" / "quick", effect=-0.05)
    make_comparison(results / "baseline" / "compare-1", effect=0.05)
    text = text_of(open_app())
    assert "gain less" in text and "made on this machine" not in text


def test_else_the_newest_of_this_machine_is_shown_and_called_so(results):
    make_comparison(results / "quick" / "compare-1", effect=0.05)
    make_comparison(results / "quick" / "compare-2", effect=-0.05)
    text = text_of(open_app())
    assert "gain less" in text and "made on this machine" in text


def test_one_click_shows_the_world_in_which_sharing_loses(results):
    make_comparison(results / "published" / "quick", effect=0.05)
    make_comparison(results / "published" / "mask-sellers", effect=-0.05, name="mask-sellers")
    app = open_app()
    assert "gain more" in text_of(app)
    app.segmented_control(key="result_en").set_value("mask-sellers").run()
    assert not app.exception
    assert "At a reward of 25 %, shoppers gain less" in text_of(app)
    app.segmented_control(key="language_switch").set_value("zh").run()
    assert "推荐奖励为 25% 时，消费者在分享返利市场的所得低于" in text_of(app)


@pytest.mark.parametrize("name", ["mask-sellers", "<script>", "quick", "../../etc"])
def test_a_link_can_ask_for_a_result_and_nothing_else(results, name):
    make_comparison(results / "published" / "quick", effect=0.05)
    make_comparison(results / "published" / "mask-sellers", effect=-0.05, name="mask-sellers")
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(lang="en", result=name)
    app.run()
    assert not app.exception
    assert ("gain less" in text_of(app)) == (name == "mask-sellers")


def test_no_english_page_speaks_chinese_and_the_other_way_round(results):
    make_comparison(results / "published" / "quick")
    assert not CHINESE.search(text_of(open_app("en")))
    text = text_of(open_app("zh"))
    known = r"sharesim compare [\w-]+|\w+\.\w+ = [^ ]+|quick"
    assert not re.findall(r"[A-Za-z]{3,}", re.sub(known, "", text))


def test_the_switch_changes_the_language_and_the_address(results):
    make_comparison(results / "published" / "quick")
    app = open_app("en")
    app.segmented_control(key="language_switch").set_value("zh").run()
    assert not app.exception
    assert "消费者" in text_of(app)
    assert app.query_params["lang"] in ("zh", ["zh"])


def test_an_unknown_language_in_the_link_is_ignored(results):
    make_comparison(results / "published" / "quick")
    text_of(open_app("<script>"))


PUBLISHED = sorted((Path(APP).parent / "results" / "published").glob("*/compare.json"))


def test_what_is_published_can_be_shown():
    assert PUBLISHED
    app = open_app()
    for path in PUBLISHED:
        app.segmented_control(key="result_en").set_value(path.parent.name).run()
        assert not app.exception and "yuan per person and week" in text_of(app)
        assert "nan" not in text_of(app)


def test_three_answers_are_those_of_what_is_published():
    text = text_of(open_app())
    tunings = sorted(PUBLISHED[0].parents[1].glob("tune-*/tune.json"))
    assert tunings
    for path in tunings:
        found = json.loads(path.read_text())
        best = found["recommended"]["referral.reward_rate"]
        high = found["interval"]["referral.reward_rate"][1]
        if best:
            told = f"best at {100 * round(best, 3):.3g} %; the data leave"
        elif high:
            told = (
                f"best without any reward; the data leave rates up to {100 * round(high, 3):.3g} %"
            )
        else:
            told = "best without any reward."
        assert told in text
    study = json.loads((tunings[0].parents[1] / "sensitivity" / "sensitivity.json").read_text())
    assert "Shoppers' gain: higher with referral where" in text
    assert f"it is so in {100 * study['rule']['share_won']:.0f} %" in text
    assert "If no market tested its merchants, shoppers would gain less" in text
    assert "(“Nobody screens”, 500 people)" in text
    assert "In a world of the same size where the referral market tests them, it is" in text


def test_what_is_published_is_small():
    files = [file for path in PUBLISHED for file in path.parent.rglob("*")]
    assert sum(file.stat().st_size for file in files) < 8_000_000


def test_the_model_page_lists_and_finds_parameters():
    from sim.parameters import PARAMETERS

    app = open_page("model")
    assert f"{len(PARAMETERS)} of {len(PARAMETERS)} parameters" in text_of(app)
    app.text_input(key="parameter_search").set_value("reward_rate price").run()
    assert "referral.reward_rate" in text_of(app)
    assert "merchants.cash_weeks" not in text_of(app)
    app.text_input(key="parameter_search").set_value("<b>nothing").run()
    assert not app.exception and app.info


def test_the_slider_shows_the_stored_comparison_of_its_rate(results):
    make_comparison(results / "published" / "baseline", name="baseline")
    make_comparison(results / "published" / "rates" / "060", effect=0.05)
    make_comparison(results / "published" / "rates" / "300", effect=-0.05)
    app = open_app("zh")  # AppTest names options in Chinese
    assert "消费者在分享返利市场的所得高于" in text_of(app)
    app.select_slider[0].set_value(0.3).run()
    assert not app.exception and "消费者在分享返利市场的所得低于" in text_of(app)


@pytest.mark.parametrize(("asked", "shown"), [("0.3", "less"), ("nan", "more"), ("1e999", "less")])
def test_a_link_can_ask_for_a_rate(results, asked, shown):
    make_comparison(results / "published" / "baseline", name="baseline")
    make_comparison(results / "published" / "rates" / "060", effect=0.05)
    make_comparison(results / "published" / "rates" / "300", effect=-0.05)
    app = AppTest.from_file(APP, default_timeout=60)
    app.query_params.update(lang="en", reward=asked)
    app.run()
    assert not app.exception and f"shoppers gain {shown}" in text_of(app)


def test_a_card_opens_its_preset_in_the_lab_and_keeps_the_visit(results):
    make_comparison(results / "published" / "quick")
    app = open_app("zh")  # AppTest names options in Chinese
    app.session_state["lab_job"] = None
    app.button(key="open_mask-sellers").click().run()
    assert not app.exception and "lab_job" in app.session_state
    assert app.session_state["lab_preset"] == "mask-sellers"
    assert "亲手运行两种市场" in text_of(app)
