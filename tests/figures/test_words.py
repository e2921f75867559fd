"""Both languages say the same, and sentences say what the interval says."""

import math
import re
from string import Formatter

import pytest

from sim.figures.words import OUTCOMES, PARTS, TEXTS, Words, number, signed, with_interval
from sim.measures.over_runs import Contrast
from sim.measures.summary import OUTCOMES as ALL_OUTCOMES

CHINESE = re.compile("[\u4e00-\u9fff]")


def seen(low, high, n=4):
    return Contrast("referral", "ads", 0.6, 0.5, (low + high) / 2, low, high, n)


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_have_the_same_places(key):
    english, chinese = (
        {place.lower() for _, place, _, _ in Formatter().parse(text) if place}
        for text in TEXTS[key]
    )
    assert english == chinese


@pytest.mark.parametrize("catalogue", [TEXTS, PARTS, OUTCOMES])
def test_no_language_strays_into_the_other(catalogue):
    for english, chinese in catalogue.values():
        assert not CHINESE.search(english)
        assert set(re.findall("[A-Za-z]+", re.sub("{.*?}", "", chinese))) <= {"t", "HHI"}


def test_outcomes_shown_are_outcomes():
    assert set(OUTCOMES) <= set(ALL_OUTCOMES)


def test_unknown_language_is_refused():
    with pytest.raises(ValueError, match="languages are en, zh"):
        Words("fr")


@pytest.mark.parametrize(
    ("low", "high", "says"),
    [
        (0.03, 0.05, "sells better goods than the ad market"),
        (-0.05, -0.03, "sells worse goods than the ad market"),
        (-0.01, 0.05, "No clear difference"),
    ],
)
def test_title_follows_the_interval(low, high, says):
    title = Words("en").verdict("quality", seen(low, high), 3)
    assert says in title
    assert number(low, 3) in title and number(high, 3) in title


def test_one_pair_of_runs_claims_no_difference():
    title = Words("en").verdict("quality", seen(math.nan, math.nan, 1), 2)
    assert title == (
        "Quality sold is 0.60 in the referral market and 0.50 in the ad market, in one pair of runs"
    )


def test_no_pair_at_all_is_said():
    title = Words("en").verdict("quality", seen(math.nan, math.nan, 0), 2)
    assert title == "The referral market and the ad market have no pair of runs to compare here"


@pytest.mark.parametrize("topic", ["quality", "sales", "price", "trust"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_topic_has_every_verdict(topic, lang):
    for low, high in ((1, 2), (-2, -1), (-1, 1), (math.nan, math.nan)):
        assert Words(lang).verdict(topic, seen(low, high), 2)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.04, "+0.04"), (-0.04, "−0.04"), (0.001, "0.00"), (-0.001, "0.00"), (1234.5, "+1,234.50")],
)
def test_signed_numbers_have_a_true_minus_and_zero_has_no_sign(value, text):
    assert signed(value, 2) == text


def test_what_is_no_number_is_a_dash():
    assert number(math.nan, 2) == "–"


def test_intervals_are_never_broken_over_lines():
    assert " " not in with_interval(seen(0.03, 0.05), 2)
