"""The network player shows what the run's tables say, and the same each time."""

import base64

import numpy as np
import pytest

from sim.network import build_network
from sim.report.layout import communities, community_layout
from sim.report.player import GRID, OUTSIDE, noteworthy_roots, player_document

WIDTHS = {"ties": 2, "posts": 3, "reads": 3, "orders": 4, "other_posts": 3, "other_orders": 3}


@pytest.fixture(scope="module")
def tables(run):
    names = ("cascades", "shares", "orders", "exposures", "transfers", "merchants")
    return {name: run.table(name) for name in names}


@pytest.fixture(scope="module")
def network(run):
    return build_network(run.scenario(), run.spec().seed)


@pytest.fixture(scope="module")
def root(tables):
    return noteworthy_roots(tables["cascades"], tables["shares"])["largest"]


def unpacked(document):
    columns = {
        name: np.frombuffer(base64.b64decode(text), "<u2").astype(int)
        for name, text in document["columns"].items()
    }
    return {
        name: column.reshape(-1, WIDTHS[name]) if name in WIDTHS else column
        for name, column in columns.items()
    }


def test_the_largest_cascade_is_drawn_whole(tables, network, root):
    document = player_document(tables, network, root)
    row = tables["cascades"].set_index("root_share").loc[root]
    totals, columns = document["totals"], unpacked(document)
    assert totals["orders"] == row["orders"] == len(columns["orders"])
    family = tables["shares"][tables["shares"]["root_share"] == root]
    assert totals["posts"] == len(family) == len(columns["posts"])
    assert totals["reads"] == family["reads"].sum()
    assert totals["reward_fen"] == family["reward_fen"].sum()
    assert columns["generation"][columns["generation"] != OUTSIDE].max() == row["depth"]
    assert (columns["generation"] == 0).sum() == 1
    for name in ("posts", "reads", "orders", "reward_fen"):
        assert sum(week[name] for week in document["weeks"]) == totals[name]


def test_sales_go_from_the_sharer_to_the_buyer_in_their_week(tables, network, root):
    document = player_document(tables, network, root)
    columns, orders = unpacked(document), tables["orders"]
    ids = tables["shares"].loc[tables["shares"]["root_share"] == root, "share"]
    expected = orders[orders["share"].isin(ids)]
    people = columns["people"]
    week, sharer, buyer, _ = columns["orders"].T
    assert (people[buyer] == expected["consumer"]).all()
    assert (people[sharer] == expected["sharer"]).all()
    assert (week + document["first_week"] == expected["week"]).all()


def test_fewer_people_leave_the_counts_of_the_whole(tables, network, root):
    whole = player_document(tables, network, root, n_people=400, n_at_least=0)
    part = player_document(tables, network, root, n_people=5, n_at_least=0)
    assert part["totals"]["reads"] == whole["totals"]["reads"]
    assert part["totals"]["reads_shown"] < whole["totals"]["reads_shown"]
    assert part["weeks"] == whole["weeks"]


def test_friends_fill_the_picture(tables, network, root):
    document = player_document(tables, network, root, n_people=5, n_at_least=60)
    assert document["n_people"] >= 60
    assert len(np.unique(unpacked(document)["people"])) == document["n_people"]


def test_the_same_document_each_time(tables, network, root):
    assert player_document(tables, network, root) == player_document(tables, network, root)


def test_a_usual_post_sold_nothing(tables):
    roots = noteworthy_roots(tables["cascades"], tables["shares"])
    sizes = tables["cascades"].set_index("root_share")["size"]
    assert sizes[roots["largest"]] == sizes[tables["cascades"]["kind"].eq("product").values].max()
    assert sizes[roots["usual"]] == 1


def test_friends_of_one_group_stand_together():
    group = [0] * 20 + [1] * 10
    pairs = np.array(
        [(a, b) for a in range(30) for b in range(a) if group[a] == group[b]] + [(0, 29)]
    )
    found = communities(30, pairs, seed=1)
    assert found.tolist() == group
    place = community_layout(found, pairs, seed=1)
    assert place.min() >= 0 and place.max() <= 1 and (place * GRID < 65_536).all()
    middle = [place[found == which].mean(axis=0) for which in (0, 1)]
    reach = [np.abs(place[found == which] - middle[which]).max() for which in (0, 1)]
    assert np.linalg.norm(middle[0] - middle[1]) > 0.8 * sum(reach)
    assert (community_layout(found, pairs, seed=1) == place).all()


@pytest.mark.parametrize("n", [0, 1, 3])
def test_hardly_anybody_has_a_place_too(n):
    none = np.zeros((0, 2), dtype=np.int64)
    found = communities(n, none, seed=1)
    assert np.isfinite(community_layout(found, none, seed=1)).all() if n else len(found) == 0
