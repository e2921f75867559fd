"""Results as text: money in yuan, numbers with four digits, no difference claimed where none is."""

import math

import pytest

from sim.measures.sides import SIDE_UNITS
from sim.measures.summary import OUTCOMES
from sim.report.text import HEADLINES, comparison_text, number, reproduction_text, run_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (None, "–"),
        (math.nan, "–"),
        (1234.5678, "1,235"),
        (12.345678, "12.35"),
        (-0.012345, "-0.01235"),
        (1e-9, "1e-09"),
        (1e7, "10,000,000"),
    ],
)
def test_numbers_have_four_digits(value, text):
    assert number(value) == text


def row(outcome, estimate, low, high):
    return {
        "outcome": outcome,
        "first": "referral",
        "second": "ads",
        "first_mean": 10.0,
        "second_mean": 5.0,
        "estimate": estimate,
        "low": low,
        "high": high,
        "n": 4,
    }


def document(*special):
    rows = {name: row(name, 5.0, 4.0, 6.0) for name in OUTCOMES}
    rows |= {entry["outcome"]: entry for entry in special}
    return {
        "scenario": "quick",
        "replicates": 4,
        "counted_weeks": {"first": 8, "end": 52},
        "differences": list(rows.values()),
    }


def line_about(name, text):
    return next(line for line in text.splitlines() if line.startswith(f"{name} "))


def test_table_has_a_line_for_every_headline(tmp_path):
    text = comparison_text(document(), tmp_path)
    assert all(line_about(name.removesuffix("_fen"), text) for name in HEADLINES)
    assert "the last 44 of 52 weeks counted" in text


def test_money_is_shown_in_yuan(tmp_path):
    text = comparison_text(document(row("gmv_fen", 123456.0, 100000.0, 150000.0)), tmp_path)
    assert "1,235" in line_about("gmv", text)
    assert "yuan per consumer" in line_about("gmv", text)


def test_an_interval_over_zero_is_no_clear_difference(tmp_path):
    text = comparison_text(document(row("orders", 1.0, -1.0, 3.0)), tmp_path)
    assert line_about("orders", text).endswith("no clear difference")
    assert not line_about("members", text).endswith("no clear difference")


def test_without_an_interval_nothing_is_said_about_it(tmp_path):
    text = comparison_text(document(row("orders", 1.0, None, None)), tmp_path)
    assert "–" in line_about("orders", text)
    assert "no clear" not in line_about("orders", text)


def test_figures_are_listed(tmp_path):
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "a.png").write_bytes(b"")
    assert str(tmp_path / "figures" / "a.png") in comparison_text(document(), tmp_path)


def test_run_text_tells_the_sides_of_a_market_that_has_two():
    numbers = dict.fromkeys(SIDE_UNITS, 0.5)
    told = {
        **dict.fromkeys(("scenario", "market", "folder"), "hybrid"),
        **dict.fromkeys(("seed", "n_consumers", "weeks"), 1),
        "outcomes": dict.fromkeys(OUTCOMES, 1.0),
        "sides": [{"side": "referral", **numbers}, {"side": "ads", **numbers, "order_share": 0.25}],
    }
    text = run_text(told)
    assert line_about("order_share", text).split()[1:3] == ["0.5000", "0.2500"]
    assert line_about("surplus_per_order", text).endswith("0.005000  yuan per order")
    assert line_about("at the end, by side", text).split()[-2:] == ["referral", "ads"]


def test_run_text_has_every_headline():
    told = {
        "scenario": "quick",
        "market": "ads",
        "seed": 1,
        "n_consumers": 500,
        "weeks": 52,
        "folder": "results/quick/abc",
        "outcomes": dict.fromkeys(OUTCOMES, 1.0),
        "sides": [],
    }
    text = run_text(told)
    assert "by side" not in text
    assert "500 consumers, 52 weeks" in text
    assert all(line_about(name.removesuffix("_fen"), text) for name in HEADLINES)


def test_reproduction_says_what_differs():
    told = {
        "run_key": "abc",
        "identical": False,
        "tables": {"weekly": "differs in orders", "ledger": "same bytes"},
        "remarks": ["numpy 1 then, 2 now"],
    }
    text = reproduction_text(told)
    assert "NOT the same" in text
    assert "differs in orders" in text
    assert "note: numpy 1 then, 2 now" in text
