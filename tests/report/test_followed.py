"""An extract holds whole trees and whole lives; witnesses see exactly what people decided."""

import numpy as np
import pytest

from sim.experiments.following import follow
from sim.report.followed import (
    OWN_TABLES,
    TABLES,
    choose,
    extract_tables,
    league_of_run,
    open_extract,
    write_extract,
)
from sim.report.lives import (
    followed_people,
    merchant_sales,
    money_of_sale,
    person_by_week,
    person_in_week,
    sales_to_follow,
)
from sim.report.sharing_facts import facts_of_run
from sim.report.trees import tree_of


@pytest.fixture(scope="module")
def chosen(run):
    return choose(run, n_trees=5, n_people=12, n_merchants=5)


@pytest.fixture(scope="module")
def seen(run, chosen):
    return follow(run.spec(), chosen.people.tolist())


@pytest.fixture(scope="module")
def extract(run, chosen, seen, tmp_path_factory):
    folder = tmp_path_factory.mktemp("followed")
    tables = {**extract_tables(run, chosen), "looks": seen.looks, "standing": seen.standing}
    assert set(tables) == {*TABLES, *OWN_TABLES}
    write_extract(folder, run, chosen, tables)
    return open_extract(folder)


def test_witnesses_see_what_was_decided(run, chosen, seen):
    orders = run.table("orders")
    bought = orders[orders["consumer"].isin(chosen.people)]
    keys = ["week", "consumer", "category", "merchant"]
    looked = seen.looks[seen.looks["chosen"]]
    both = bought.merge(looked, on=keys, suffixes=("", "_seen"))
    assert len(both) == len(bought) == len(looked) > 20
    assert np.allclose(both["expected_quality"], both["expected_quality_seen"], atol=1e-4)
    assert (both["price_fen"] == both["price_fen_seen"]).all()
    assert (both["channel"].astype(str) == both["channel_seen"]).all()
    assert (both["share"] == both["share_seen"]).all()


def test_nobody_weighs_more_than_the_looks_there_are(run, seen):
    counts = seen.looks.groupby(["week", "consumer", "category"]).size()
    assert counts.max() <= run.manifest["values"]["demand.looks"]
    assert seen.looks["chance"].between(0, 1).all()


def test_the_standing_follows_everybody_every_week(run, chosen, seen):
    weeks = run.manifest["values"]["run.weeks"]
    assert len(seen.standing) == weeks * len(chosen.people)


@pytest.mark.parametrize("table", ["cascades", "shares", "orders"])
def test_trees_of_an_extract_are_those_of_the_run(run, extract, chosen, table):
    for root in chosen.roots[:3].tolist():
        whole, part = tree_of(run, root), tree_of(extract, root)
        assert whole.equals(part)


def test_a_tree_has_the_size_and_depth_of_its_cascade(run, chosen):
    cascades = run.table("cascades").set_index("root_share")
    for root in chosen.roots.tolist():
        if cascades.loc[root, "kind"] != "product":
            continue
        tree = tree_of(run, root)
        assert len(tree) == cascades.loc[root, "size"]
        assert tree["generation"].max() == cascades.loc[root, "depth"]
        assert (tree["parent"][1:] >= 0).all() and tree["place"].between(0, 1).all()
        family = run.table("shares")[run.table("shares")["root_share"] == root]
        assert tree["reward_fen"].sum() == family["reward_fen"].sum()
        assert tree["reads"].sum() == family["reads"].sum()


def test_a_life_is_the_same_in_the_extract(run, extract, chosen):
    person = int(chosen.people[0])
    whole, part = person_by_week(run, person), person_by_week(extract, person)
    assert whole.equals(part[whole.columns])
    assert part["general_trust"].notna().all()
    income = run.table("shares").groupby("sharer")["reward_fen"].sum()
    assert part["earned_so_far_fen"].iloc[-1] == income.get(person, 0)
    assert followed_people(extract) == chosen.people.tolist()


def test_a_week_of_a_life_shows_what_was_weighed(extract):
    orders = extract.table("orders")
    row = orders[orders["consumer"].isin(followed_people(extract))].iloc[-1]
    week = person_in_week(extract, int(row["consumer"]), int(row["week"]))
    assert row["merchant"] in week.bought["merchant"].tolist()
    assert week.weighed["chosen"].sum() == len(week.bought)
    assert (week.saw["week"] == row["week"]).all()


def test_a_merchants_sales_are_those_of_the_run(run, extract, chosen):
    orders = run.table("orders")
    for merchant in chosen.merchants.tolist():
        there = merchant_sales(extract, merchant)
        assert there["orders"].sum() == (orders["merchant"] == merchant).sum()
        assert there["orders"].tolist() == merchant_sales(run, merchant)["orders"].tolist()


def test_the_money_of_a_sale_balances(extract, chosen):
    tree = tree_of(extract, int(chosen.roots[0]))
    for order in sales_to_follow(extract, tree)[:3]:
        row, transfers, chain = money_of_sale(extract, order)
        paid = transfers.loc[transfers["purpose"] == "purchase", "amount_fen"].sum()
        assert paid == row["price_fen"]
        assert chain["share"].iloc[0] == row["share"]
        assert chain["parent_share"].iloc[-1] == -1


def test_the_league_is_ready_in_an_extract(run, extract):
    whole = league_of_run(run)
    assert league_of_run(extract).equals(whole.head(200))
    assert whole["orders"].is_monotonic_decreasing
    assert whole["orders"].sum() == (run.table("orders")["share"] >= 0).sum()


def test_the_facts_of_sharing_are_those_of_the_tables(run):
    facts = facts_of_run(run).set_index("fact")["value"]
    cascades = run.table("cascades")
    sizes = cascades.loc[cascades["kind"] == "product", "size"]
    assert facts["alone_percent"] == pytest.approx(100 * (sizes == 1).mean())
    assert facts["alone_percent"] + facts["reaching_2"] == pytest.approx(100)
    orders, shares = run.table("orders"), run.table("shares").set_index("share")
    through = orders.loc[orders["share"] >= 0, "share"]
    about_an_order = (shares.loc[through, "source_order"] >= 0).sum()
    assert 0 < about_an_order < len(through), "no opportunist sold anything"
    assert facts["reproduction"] == pytest.approx(about_an_order / len(orders))
    assert 0 < facts["top_percent"] <= 100
