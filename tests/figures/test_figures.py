"""Each figure from data one can count, also where most of it is missing."""

import math

import pandas as pd
import pytest

from sim.experiments.sensitivity.inputs import SEED
from sim.figures.cascade_sizes import cascade_sizes
from sim.figures.money_flow import money_flow
from sim.figures.page import LeftOut, drawing
from sim.figures.paired_differences import paired_differences
from sim.figures.price_and_margin import price_and_margin
from sim.figures.quality_over_weeks import quality_over_weeks
from sim.figures.sales_by_quality import sales_by_quality
from sim.figures.sobol_bars import sobol_bars
from sim.figures.style import MARKETS
from sim.figures.trust_and_posts import trust_and_posts
from sim.figures.words import Words
from sim.measures.over_runs import contrast
from tests.figures.test_page import about

RUNS = [("referral", 1), ("ads", 1), ("referral", 2), ("ads", 2)]
WEEKLY = (
    "mean_quality_sold",
    "mean_quality_offered",
    "price_yuan",
    "gross_margin_share",
    "profit_share",
    "mean_tie_trust",
    "muted_share",
    "posts_per_100_members",
)


def weekly(weeks=4, **columns):
    """Every column rises from 0.1 by 0.1 a week, more in the referral market and in run 2."""
    rows = [
        {"market": market, "seed": seed, "week": week}
        | dict.fromkeys(WEEKLY, 0.1 * (week + 1) + 0.01 * seed * (1 + (market == "referral")))
        | columns
        for market, seed in RUNS
        for week in range(weeks)
    ]
    return pd.DataFrame(rows, columns=["market", "seed", "week", *WEEKLY])


def outcomes(**values):
    """One row a run."""
    return pd.DataFrame([{"market": market, "seed": seed} | values for market, seed in RUNS])


def drawn(figure, *given, lang="en", **facts):
    """The page of a figure, laid out as it would be for its file."""
    facts = {"weeks": 4, "first_counted": 1, "seeds": (1, 2), "words": Words(lang)} | facts
    with drawing(lang):
        page = figure(about(**facts), *given)
        page.figure.draw_without_rendering()
    return page


def two_pairs(column, *values):
    """The contrast of referral and ads, from the values of the four runs."""
    table = outcomes()
    table[column] = values
    return table, contrast(table, column, "referral", "ads")


OVER_WEEKS = {
    quality_over_weeks: ("mean_quality_sold", "The referral market sells better goods"),
    price_and_margin: ("price_yuan", "Prices are higher in the referral market"),
    trust_and_posts: ("mean_tie_trust", "Recommendations of friends are trusted more"),
}


@pytest.mark.parametrize("figure", OVER_WEEKS)
def test_title_says_which_market_has_more_and_how_sure(figure):
    column, says = OVER_WEEKS[figure]
    page = drawn(figure, weekly(), *two_pairs(column, 0.50, 0.30, 0.52, 0.31))
    assert page.title.startswith(says)
    assert "+0.2" in page.title and "[" in page.title
    assert "2 runs a market, paired by seed (1, 2)" in page.caption
    assert "Grey: weeks 0 to 0, warm-up" in page.caption


@pytest.mark.parametrize("figure", OVER_WEEKS)
def test_figures_over_weeks_speak_chinese(figure):
    page = drawn(figure, weekly(), *two_pairs(OVER_WEEKS[figure][0], 5, 3, 6, 3), lang="zh")
    assert "分享返利市场" in page.title


@pytest.mark.parametrize("figure", OVER_WEEKS)
def test_figures_over_weeks_show_one_market_alone(figure):
    table, _ = two_pairs(OVER_WEEKS[figure][0], 0.5, 0.3, 0.5, 0.3)
    table["mean_quality_offered"] = 0.25
    page = drawn(figure, weekly(), table, None, markets=("referral",), seeds=(1,))
    assert "he referral market" in page.title and "the ad market" not in page.title


@pytest.mark.parametrize("figure", OVER_WEEKS)
@pytest.mark.parametrize("holes", [[0, 1], list(range(4)), [3]])
def test_figures_over_weeks_bear_gaps(figure, holes):
    table = weekly()
    table.loc[(table["market"] == "ads") & table["week"].isin(holes), list(WEEKLY)] = math.nan
    assert drawn(figure, table, *two_pairs(OVER_WEEKS[figure][0], 1, math.nan, 1, 1))


@pytest.mark.parametrize("figure", OVER_WEEKS)
def test_figures_over_weeks_show_a_single_week(figure):
    given = two_pairs(OVER_WEEKS[figure][0], 5, 3, 6, 3)
    assert drawn(figure, weekly(1), *given, weeks=1, first_counted=0)


@pytest.mark.parametrize("figure", OVER_WEEKS)
def test_figures_over_weeks_need_weeks(figure):
    nan = [math.nan] * 4
    with pytest.raises(LeftOut):
        drawn(figure, weekly(0), *two_pairs(OVER_WEEKS[figure][0], *nan), weeks=0, first_counted=0)


def test_losses_and_no_posts_are_drawn():
    table = weekly(profit_share=-0.2, posts_per_100_members=0.0, muted_share=0.0)
    assert drawn(price_and_margin, table, *two_pairs("price_yuan", 5, 3, 6, 3))
    assert drawn(trust_and_posts, table, *two_pairs("mean_tie_trust", 5, 3, 6, 3))


def sales(levels=(0.0, 0.5, 1.0)):
    share = 1 / max(len(levels), 1)
    rows = [
        {"market": m, "seed": s, "quality": q, "order_share": share, "offer_share": share}
        for m, s in RUNS
        for q in levels
    ]
    return pd.DataFrame(rows, columns=["market", "seed", "quality", "order_share", "offer_share"])


def test_sales_by_quality_starts_its_bars_at_zero():
    page = drawn(sales_by_quality, sales(), *two_pairs("good_percent", 60, 50, 62, 51))
    assert page.figure.axes[0].get_ylim()[0] == 0
    assert page.title.endswith("+10.5\N{NO-BREAK SPACE}[4.1,\N{NO-BREAK SPACE}16.9] points")


def test_sales_by_quality_bears_levels_that_one_market_lacks():
    table = sales()
    table = table[(table["market"] == "ads") | (table["quality"] > 0)]
    page = drawn(sales_by_quality, table, *two_pairs("good_percent", 60, 50, 62, math.nan))
    assert "in one pair of runs" in page.title


def test_sales_by_quality_needs_sales():
    with pytest.raises(LeftOut, match="nothing was sold"):
        drawn(sales_by_quality, sales(()), *two_pairs("good_percent", *[math.nan] * 4))


def money(**of_100):
    rows = [
        {"market": m, "seed": s, "part": part, "of_100": yuan}
        for m, s in RUNS
        for part, yuan in of_100.items()
    ]
    return pd.DataFrame(rows)


def test_money_flow_says_what_users_get_and_the_platform_takes():
    table = money(cost_of_goods=80.0, merchant_profit=9.0, advertising=4.0, fee=2.0, rewards=5.0)
    page = drawn(money_flow, table)
    assert page.title == (
        "Of 100 yuan paid, users get back 5.0 in the referral market and 5.0 in the ad market; "
        "the platform takes 6.0 and 6.0"
    )
    texts = [text.get_text() for text in page.figure.texts]
    assert any(text.startswith("80.00 [") for text in texts)


def test_money_flow_shows_losses_left_of_zero():
    page = drawn(money_flow, money(cost_of_goods=95.0, fixed_cost=15.0, merchant_profit=-10.0))
    low, high = page.figure.axes[0].get_xlim()
    assert low <= -10 and high >= 110


@pytest.mark.parametrize("markets", [("referral",), ("referral", "ads", "control", "hybrid")])
def test_money_flow_shows_one_or_many_markets(markets):
    assert drawn(money_flow, money(cost_of_goods=91.0, merchant_profit=9.0), markets=markets)


def test_money_flow_needs_payments():
    with pytest.raises(LeftOut, match="nothing was paid"):
        drawn(money_flow, money(cost_of_goods=math.nan))


def cascades(sizes, kind="product"):
    rows = [{"market": m, "seed": s, "kind": kind, "size": size} for m, s in RUNS for size in sizes]
    return pd.DataFrame(rows, columns=["market", "seed", "kind", "size"])


def test_cascades_are_told_by_those_that_die_at_once():
    page = drawn(cascade_sizes, cascades([1, 1, 1, 20]))
    assert page.title == (
        "Product cascades that win no second buyer: 75.0 % in the referral market, "
        "75.0 % in the ad market; the largest has 20 buyers"
    )
    assert page.figure.axes[0].get_xscale() == page.figure.axes[0].get_yscale() == "log"


def test_product_and_invitation_cascades_have_axes_of_their_own():
    both = pd.concat([cascades([1, 3]), cascades([1, 2], "invitation")])
    assert len(drawn(cascade_sizes, both).figure.axes) == 2


def test_cascades_of_one_size_and_of_one_market_are_drawn():
    table = cascades([1])
    assert drawn(cascade_sizes, table)
    assert drawn(cascade_sizes, table[table["market"] == "ads"])
    assert drawn(cascade_sizes, cascades([1], "invitation"))


@pytest.mark.parametrize(
    ("given", "why"), [(None, "only traced runs"), (cascades([]), "nobody shared")]
)
def test_cascades_need_a_trace_with_shares(given, why):
    with pytest.raises(LeftOut, match=why):
        drawn(cascade_sizes, given)


def differences(*rows):
    """Rows of (outcome, second_mean, estimate, low, high)."""
    columns = ["outcome", "second_mean", "estimate", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).assign(first="referral", second="ads", n=2)
    return table.assign(first_mean=table["second_mean"] + table["estimate"], unit="")


PAIR = ("referral", "ads")


def test_paired_differences_count_what_is_clear():
    table = differences(
        ("orders", 10.0, 1.0, 0.5, 1.5),
        ("posts", 10.0, -1.0, -1.5, -0.5),
        ("reads", 10.0, 1.0, -0.5, 2.5),
        ("hhi", 10.0, 90.0, 80.0, 100.0),
    )
    page = drawn(paired_differences, table, PAIR)
    assert page.title == (
        "The referral market against the ad market, 4 outcomes: "
        "2 clearly higher, 1 clearly lower, 1 without a clear difference"
    )
    assert "Arrows: beyond the axis" in page.caption


def test_paired_differences_of_one_pair_have_no_interval():
    page = drawn(paired_differences, differences(("orders", 10.0, 1.0, math.nan, math.nan)), PAIR)
    assert page.title.endswith("differences without intervals")


def test_paired_differences_leave_out_what_has_nothing_to_be_compared_with():
    table = differences(
        ("orders", 10.0, 1.0, 0.5, 1.5),
        ("muted_share", 0.0, 0.1, 0.0, 0.2),
        ("merchant_profit_fen", -5.0, 1.0, 0.5, 1.5),
        ("posts", math.nan, math.nan, math.nan, math.nan),
    )
    page = drawn(paired_differences, table, PAIR)
    assert "1 outcomes: 1 clearly higher" in page.title


@pytest.mark.parametrize("given", [None, differences(("orders", 0.0, 0.0, 0.0, 0.0))])
def test_paired_differences_need_two_markets_and_means(given):
    with pytest.raises(LeftOut):
        drawn(paired_differences, given, PAIR)


def test_differences_beyond_all_measure_are_not_spelled_out():
    page = drawn(paired_differences, differences(("orders", 1e-9, 1.0, 0.5, 1.5)), PAIR)
    texts = [text.get_text() for text in page.figure.axes[0].texts]
    assert "more than +1,000 %" in texts


def test_markets_keep_their_colours_in_every_figure():
    page = drawn(quality_over_weeks, weekly(), *two_pairs("mean_quality_sold", 5, 3, 6, 3))
    colours = {line.get_color() for line in page.figure.axes[0].lines}
    assert colours == {MARKETS["referral"].colour, MARKETS["ads"].colour}


def test_names_of_scenarios_are_no_formulas():
    given = two_pairs("mean_quality_sold", 5, 3, 6, 3)
    assert drawn(quality_over_weeks, weekly(), *given, scenario="a $x_{ b")


def test_no_figure_leaves_anything_open():
    import sys

    assert drawn(money_flow, money(cost_of_goods=91.0, merchant_profit=9.0))
    pyplot = sys.modules.get("matplotlib.pyplot")  # another test may have loaded it
    assert pyplot is None or not pyplot.get_fignums()


@pytest.mark.parametrize(
    ("reach", "title"),
    [
        (0.2, "a decides most: 60 % of the variance of consumer surplus"),
        (0.3, "40 points are too few to tell what decides consumer surplus"),
    ],
)
def test_sobol_bars_name_what_decides_unless_intervals_are_wide(reach, title):
    rows = [
        {"parameter": name, "first": share, "total": share}
        | {f"{order}_low": share - reach for order in ("first", "total")}
        | {f"{order}_high": share + reach for order in ("first", "total")}
        for name, share in (("a", 0.6), ("b", 0.1), (SEED, 0.3))
    ]
    document = {
        "outcome": "consumer_surplus_fen",
        "unit": "fen per consumer",
        "markets": ["referral", "ads"],
        "n_points": 40,
    }
    page = drawn(sobol_bars, document, pd.DataFrame(rows))
    assert page.title.startswith(title)
    assert ("Intervals wider than 50 points" in page.caption) == (reach > 0.25)
