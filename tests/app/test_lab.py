"""The lab without a browser: presets, knobs, links, what is stored, and what is old."""

import json
import re

import pytest

from app_parts.settings import KNOBS, range_of, step_of
from sim.parameters import PARAMETERS
from tests.app.conftest import make_comparison, open_page
from tests.app.test_pages import CHINESE, text_of


def open_lab(**query):
    return open_page("lab", **query)


def slider(app, key):
    return next(one for one in app.slider if one.key.startswith(f"knob {key} "))


@pytest.fixture
def stored(results):
    return make_comparison(results / "published" / "quick", n_weeks=None, with_sides=True)


def test_it_opens_with_the_stored_result_of_its_preset(stored):
    text = text_of(open_lab())
    assert "shoppers gain more in the referral market" in text
    assert "Which quality sells" not in text  # this stored one has no such table


def test_both_sides_of_the_hybrid_are_told_where_it_was_run(stored, results):
    text = text_of(open_lab())
    # 61, 61.2, 61.4 and 61.6 % of the members in the last week
    assert "61 [61, 62] of 100 members" in text and "61 [61, 62] of 100 orders" in text
    assert "(runs: 4)" in text and "no source fixes it" in text


def test_of_one_run_no_interval_is_told(results):
    folder = results / "published" / "quick"
    make_comparison(folder, n_weeks=None, replicates=1, with_sides=True)
    text = text_of(open_lab())
    assert "At the end 61 of 100 members look on the sharing platform, and 61 of 100" in text


def test_a_stored_result_that_is_damaged_counts_as_none(stored):
    (stored / "side_weeks.parquet").write_bytes(b"nothing")
    assert "Nothing is stored for these settings yet" in text_of(open_lab())


def test_without_the_hybrid_nothing_is_said_of_it(results):
    make_comparison(results / "published" / "quick", n_weeks=None)
    text = text_of(open_lab())
    assert "shoppers gain more in the referral market" in text
    assert "look on the sharing platform" not in text


def test_a_side_on_which_nothing_happened_has_dashes(stored, results):
    document = json.loads((stored / "compare.json").read_text())
    for row in document["sides"]["differences"]:
        if row["outcome"].startswith("mean_"):
            row.update(second_mean=None, estimate=None, low=None, high=None, n=0)
    (stored / "compare.json").write_text(json.dumps(document))
    assert "–" in text_of(open_lab())


def test_without_a_stored_result_it_says_so(results):
    assert "Nothing is stored for these settings yet" in text_of(open_lab())


def test_a_moved_knob_marks_the_result_old_and_moved_back_it_is_new_again(stored):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    assert not app.warning
    slider(app, "referral.reward_rate").set_value(0.1).run()
    assert not app.exception
    assert "推荐奖励率: 6% → 10%" in app.warning[0].value
    slider(app, "referral.reward_rate").set_value(0.06).run()
    assert not app.exception and not app.warning


def test_a_link_restores_settings_and_says_nothing(results):
    app = open_lab(v="1", **{"referral.reward_rate": "0.25", "run.weeks": "30"})
    assert slider(app, "referral.reward_rate").value == 0.25
    assert slider(app, "run.weeks").value == 30
    assert not app.info


@pytest.mark.parametrize("text", ["nan", "1e999", "-4", "<script>", "9" * 9_000])
def test_a_hostile_link_is_clipped_with_one_notice(results, text):
    app = open_lab(v="1", **{"referral.reward_rate": text, "run.weeks": "20"})
    assert 0 <= slider(app, "referral.reward_rate").value <= 0.3
    assert len(app.info) == 1 and "link you followed" in app.info[0].value


def test_too_much_is_not_run(results):
    query = {"population.n_consumers": "20000", "run.weeks": "156", "run.replicates": "32"}
    app = open_lab(lang="zh", v="1", **query)  # AppTest names options in Chinese
    app.button(key="run").click().run()
    assert not app.exception
    assert any("超出网页可运行的时长" in warning.value for warning in app.warning)


def test_a_preset_sets_its_own_values(results):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    app.selectbox[0].set_value("mask-sellers").run()
    assert not app.exception
    assert slider(app, "referral.reward_rate").value == 0.25
    assert slider(app, "sharing.opportunist_share").value == 0.15


def test_both_languages_stay_by_themselves(stored):
    assert not CHINESE.search(text_of(open_lab(lang="en")))
    text = text_of(open_lab(lang="zh"))
    assert not re.findall(r"[A-Za-z]{3,}", text)


@pytest.mark.parametrize("key", [key for key in KNOBS if PARAMETERS[key].type == "real"])
def test_steps_reach_the_default(key):
    low, high = range_of(key)
    step = step_of(PARAMETERS[key], low, high)
    steps = (PARAMETERS[key].default - low) / step
    assert 20 <= (high - low) / step <= 220 and abs(steps - round(steps)) < 1e-6


def test_a_card_of_the_first_page_opens_its_preset(results):
    app = open_lab(preset="mask-sellers")
    assert slider(app, "referral.reward_rate").value == 0.25
    assert slider(open_lab(preset="<script>"), "referral.reward_rate").value == 0.06


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"hello": 1}, "hello"),
        ({"values": {"no.such": 1}}, "no.such"),
        ({"referral.reward_rate": 7}, "referral.reward_rate"),
        ({"run.weeks": "many"}, "run.weeks"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(results, content, named):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    app.file_uploader[0].set_value(("own.json", json.dumps(content).encode(), "text/json"))
    app.run()
    assert not app.exception and named in app.error[0].value


def test_a_network_is_told_by_its_size_and_never_by_its_path(stored):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    app.file_uploader[0].set_value(("mine.csv", b"source,target\na,b\nb,c\n", "text/csv")).run()
    assert not app.exception
    assert "3 人，2 条关系" in text_of(app)
    assert "ties.csv" in app.warning[0].value and str(stored.parent) not in app.warning[0].value


def test_settings_that_rest_on_a_network_say_that_it_must_be_brought_too(results):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    values = {"network.file": "/home/somebody/mine.csv", "run.weeks": 20}
    app.file_uploader[0].set_value(("own.json", json.dumps(values).encode(), "text/json")).run()
    assert not app.exception and slider(app, "run.weeks").value == 20
    assert "mine" in app.toast[0].value and "somebody" not in app.toast[0].value


def test_settings_go_back_to_their_preset(results):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    assert not [button for button in app.button if button.key == "reset"]
    slider(app, "referral.reward_rate").set_value(0.1).run()
    app.button(key="reset").click().run()
    assert not app.exception and slider(app, "referral.reward_rate").value == 0.06
    assert not [button for button in app.button if button.key == "reset"]


def test_what_differs_from_the_preset_without_a_knob_is_named(results):
    app = open_lab(v="1", **{"run.warm_up_weeks": "3"})
    assert "without a knob that differ from the preset" in text_of(app)


def test_a_box_that_sends_its_preset_again_moves_no_setting(results):
    app = open_lab(lang="zh")  # AppTest names options in Chinese
    slider(app, "referral.reward_rate").set_value(0.1).run()
    app.session_state["lab_preset"] = "mask-sellers"
    app.selectbox[0].set_value("mask-sellers").run()
    assert not app.exception and slider(app, "referral.reward_rate").value == 0.1
