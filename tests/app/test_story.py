"""The Story, drawn without a browser: guess first, and what is told is what is stored."""

import re

import pandas as pd
import pytest

from app_parts.numbers import number
from app_parts.traced import told_scenario
from tests.app.conftest import make_comparison, open_page, shipped_results
from tests.app.test_pages import CHINESE, text_of

STEPS = ("rents", "referral", "leaders", "fission", "trust", "loss", "both")


def open_step(step, lang="en"):
    return open_page("story", lang, step=step)


def reveal(app, step):
    key = f"guess_{step}_less" if step == "trust" else f"guess_{step}_reveal"
    app.button(key=key).click().run()
    assert not app.exception
    return app


@pytest.fixture
def shipped(results):
    return shipped_results(results)


@pytest.mark.parametrize("step", STEPS)
def test_nothing_is_told_before_it_is_guessed(shipped, step):
    app = open_step(step)
    before = text_of(app)
    assert "?" in before and "95 % interval" not in before
    assert len(text_of(reveal(app, step))) > len(before)


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("step", STEPS)
def test_every_step_speaks_one_language(shipped, step, lang):
    text = text_of(reveal(open_step(step, lang), step))
    assert "nan" not in text.lower().split()
    if lang == "en":
        assert not CHINESE.search(text)
    else:
        assert not re.findall(r"[A-Za-z]{4,}", text)


@pytest.mark.parametrize(
    ("step", "fact", "digits"),
    [("referral", "orders_per_1000_reads", 1), ("leaders", "top_percent", 0)]
    + [("fission", "alone_percent", 0), ("fission", "reproduction", 2)],
)
def test_the_answer_is_the_stored_number(shipped, step, fact, digits):
    table = pd.read_parquet(told_scenario().folder / "sharing" / "facts.parquet")
    row = table.set_index("fact").loc[fact]
    text = text_of(reveal(open_step(step), step))
    assert number(row["mean"], digits) in text
    assert f"[{number(row['low'], digits)}, {number(row['high'], digits)}]" in text


def test_the_guess_is_judged_and_can_be_taken_back(shipped):
    app = open_step("rents")
    app.slider[0].set_value(60).run()
    text = text_of(reveal(app, "rents"))
    assert "You guessed 60: too high." in text
    app.button(key="guess_rents_again").click().run()
    assert not app.exception and "You guessed" not in text_of(app)


def test_one_goes_on_to_the_next_step(shipped):
    app = open_step("rents")
    app.button(key="go_referral").click().run()
    assert not app.exception and "What does one post bring?" in text_of(app)
    assert app.query_params["step"] in ("referral", ["referral"])
    assert app.segmented_control(key="step_en").value == "referral"
    reveal(app, "referral")
    assert "What does one post bring?" in text_of(app)


def test_the_last_step_counts_worlds_by_their_intervals(results):
    make_comparison(results / "published" / "quick", effect=0.05)
    make_comparison(results / "published" / "mask-sellers", effect=-0.05, name="mask-sellers")
    text = text_of(reveal(open_step("loss"), "loss"))
    assert "clearly gain more with sharing in 1 of 2 worlds, and clearly less in 1" in text


@pytest.mark.parametrize("step", ["referral", "leaders", "fission"])
def test_a_step_whose_runs_are_not_there_says_so(results, step):
    make_comparison(results / "published" / "quick")
    assert "is not published here" in text_of(open_step(step))


def test_a_person_a_merchant_and_a_sale_can_be_followed(shipped):
    app = reveal(open_step("referral"), "referral")
    assert "Who gets what" in text_of(app) or "who gets what" in text_of(app)
    for what, told in (("merchant", "sold"), ("sale", "pays merchant")):
        app.segmented_control(key="story_lives_what_en").set_value(what).run()
        assert not app.exception and told in text_of(app)


def test_the_played_cascade_is_the_stored_one(shipped):
    document = told_scenario().player("largest")
    text = text_of(reveal(open_step("fission"), "fission"))
    assert number(document["totals"]["other_posts"], 0) in text
    assert number(document["n_people"], 0) in text
