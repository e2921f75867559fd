"""Costs and prices: worked examples, bounds, and the equilibria that theory knows."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.rules import pricing


def test_better_and_unlucky_merchants_have_higher_costs():
    # Mean 50 yuan, spread 12 %: a merchant one step above mean quality, correlation .6: 50 + 3.60.
    assert pricing.unit_cost(50, 0.12, 0.6, 1.0, 0.0) == pytest.approx(53.6)
    # All luck, no quality: 50 + 6 x .8 for one standard deviation of bad luck.
    assert pricing.unit_cost(50, 0.12, 0.6, 0.0, 1.0) == pytest.approx(54.8)


def test_what_a_merchant_keeps_of_the_price():
    # Fee 2 %, rebate 2 %, reward 6 % on half of the orders: 93 % stays.
    assert pricing.keep_share(0.02, 0.0, 0.02, 0.06, 0.5) == pytest.approx(0.93)


def test_cuts_beyond_the_whole_price_are_bounded():
    assert pricing.keep_share(0.5, 0.5, 0.5, 0.5, 1.0) == pricing.LEAST_KEEP_SHARE


def test_the_price_covers_cost_and_cuts_and_adds_the_margin():
    # 47.50 yuan at 95 % kept is 50 yuan; the margin of 3 comes on top.
    assert pricing.best_price(47.5, 0.95, 3.0) == pytest.approx(53.0)


def test_a_price_moves_half_way():
    assert pricing.next_price(50.0, 54.0, margin=3.0, price_sensitivity=0.4) == 52.0


def test_a_near_monopolist_moves_more_carefully():
    # alpha x margin = 10: nine tenths of the demand are its own, so it goes a tenth of the way.
    assert pricing.next_price(50.0, 60.0, margin=25.0, price_sensitivity=0.4) == pytest.approx(51.0)


def test_the_margin_is_demand_over_its_slope():
    # 30 expected orders that each yuan more would cut by 10: margin 3 yuan.
    assert pricing.logit_margin(30.0, 10.0, category_margin=5.0, shrinkage=0.0) == 3.0


def test_little_demand_says_little_about_the_margin():
    # 20 orders' weight on the category's 5 yuan against 20 own orders that say 3.
    margin = pricing.logit_margin(20.0, 20 / 3, category_margin=5.0, shrinkage=20.0)
    assert margin == pytest.approx(40 / (20 / 3 + 4))
    assert pricing.logit_margin(0.0, 0.0, category_margin=5.0, shrinkage=20.0) == 5.0
    assert pricing.logit_margin(0.0, 0.0, category_margin=5.0, shrinkage=0.0) == 5.0
    assert pricing.logit_margin(0.0, 1.0, category_margin=5.0, shrinkage=0.0) == 5.0


def test_a_share_is_shrunk_towards_the_category():
    # 3 of 10 clicks bought; with 10 more clicks' weight on the category's 10 % that makes 20 %.
    assert pricing.shrunk_share(3, 10, 0.1, 10) == pytest.approx(0.2)
    assert pricing.shrunk_share(0, 0, 0.1, 0) == 0.1


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0.01, 1e3), st.floats(0, 1e3))
def test_a_shrunk_margin_lies_between_the_own_and_the_categorys(s, d, category, k):
    margin = pricing.logit_margin(s, d, category, k)
    if d > 0:
        low, high = sorted((s / d, category))
        assert low * (1 - 1e-9) <= margin <= high * (1 + 1e-9)
    assert margin >= 0


# Equilibria of Bertrand competition under logit demand (Anderson, de Palma, Thisse 1992).


@pytest.mark.parametrize(
    ("case", "price", "share"),
    [
        # Calvano, Calzolari, Denicolo, Pastorello 2020, baseline.
        (
            {
                "quality": [2, 2],
                "unit_cost": [1, 1],
                "scale": 0.25,
                "outside_quality": 0,
                "owner": [0, 1],
            },
            [1.4729266600306328] * 2,
            [0.471376809284102] * 2,
        ),
        # A firm with two goods asks more than two firms with one each; both with the same margin.
        (
            {
                "quality": [2, 1.8, 2.2],
                "unit_cost": [1, 1, 1],
                "scale": 0.4,
                "outside_quality": 0,
                "owner": [0, 0, 1],
            },
            [1.705542454009847, 1.705542454009847, 1.7115295073836543],
            [0.2695624487170625, 0.16349788985411284, 0.437830763377848],
        ),
        # A monopolist of value 3 and cost 1 at scale 1: price 3, half of the people buy.
        (
            {"quality": [3], "unit_cost": [1], "scale": 1.0, "outside_quality": 0, "owner": [0]},
            [3.0],
            [0.5],
        ),
    ],
)
def test_revised_until_still_prices_are_those_of_theory(case, price, share):
    got_price, got_share = pricing.prices_at_rest(**case)
    assert got_price == pytest.approx(price, abs=1e-9)
    assert got_share == pytest.approx(share, abs=1e-9)


firms = st.lists(
    st.tuples(st.floats(0, 8), st.floats(0, 5), st.integers(0, 3)), min_size=1, max_size=5
)


@settings(deadline=None)
@given(firms, st.floats(0.1, 2.0), st.one_of(st.none(), st.floats(-3, 3)))
def test_at_rest_every_margin_is_scale_over_what_others_have(goods, scale, outside):
    quality, cost, owner = (list(column) for column in zip(*goods, strict=True))
    assume(outside is not None or len(set(owner)) > 1)  # nothing bounds a price without rivals
    price, share = pricing.prices_at_rest(quality, cost, scale, outside, owner)
    for p, c, own in zip(price, cost, owner, strict=True):
        others = 1.0 - sum(s for s, theirs in zip(share, owner, strict=True) if theirs == own)
        assert (p - c) * others == pytest.approx(scale, rel=1e-6)


@given(st.floats(0.1, 2.0), st.floats(0, 5), st.floats(0, 3))
def test_dearer_goods_cost_more_but_not_by_all_of_the_cost(scale, cost, more):
    def price(unit_cost):
        return pricing.prices_at_rest([4, 4], [unit_cost, 2.0], scale, 0.0, [0, 1])[0][0]

    assert -1e-9 <= price(cost + more) - price(cost) <= more + 1e-9


def test_fiercer_price_sensitivity_takes_the_margin_away():
    def margin(alpha):
        return pricing.prices_at_rest([4, 4], [2, 2], 1 / alpha, 0.0, [0, 1])[0][0] - 2

    assert margin(0.5) > margin(1.0) > margin(5.0) > margin(50.0) > 0
