"""Trees of shares: the textbook figures, networkx as a second opinion, and a story by hand."""

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.measures.cascades import CASCADE_COLUMNS, cascades_table, trees_of


@st.composite
def forests(draw):
    n = draw(st.integers(1, 40))
    parent = [-1] + [draw(st.integers(-1, node - 1)) for node in range(1, n)]
    relabel = draw(st.permutations(range(n)))
    moved = [0] * n
    for node, above in enumerate(parent):
        moved[relabel[node]] = relabel[above] if above >= 0 else -1
    return moved


@given(forests())
def test_networkx_says_the_same(parent):
    trees = trees_of(parent)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(parent)))
    graph.add_edges_from((node, above) for node, above in enumerate(parent) if above >= 0)
    roots = [node for node, above in enumerate(parent) if above < 0]
    for k, root in enumerate(roots):
        part = graph.subgraph(nx.node_connected_component(graph, root))
        distance = nx.single_source_shortest_path_length(part, root)
        n = len(part)
        assert trees.size[k] == n
        assert trees.depth[k] == max(distance.values())
        assert trees.max_breadth[k] == np.bincount(list(distance.values())).max()
        assert trees.wiener_index[k] == nx.wiener_index(part)
        mean = nx.average_shortest_path_length(part) if n > 1 else 0.0
        assert trees.structural_virality[k] == pytest.approx(mean, abs=1e-12)


def test_a_broadcast_is_not_viral_and_a_chain_is():
    star, path = [-1] + [0] * 9, list(range(-1, 9))
    assert trees_of(star).structural_virality[0] == 1.8
    assert trees_of(path).structural_virality[0] == pytest.approx(11 / 3)
    assert trees_of([-1]).structural_virality[0] == 0.0
    assert len(trees_of([]).size) == 0


def test_a_long_chain_is_quick_and_exact():
    n = 20_000
    assert trees_of(np.arange(-1, n - 1)).wiener_index[0] == n * (n * n - 1) // 6


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        trees_of([1, 0])


def shares_of(rows):
    names = ["share", "week", "sharer", "source_order", "parent_share", "root_share", "kind"]
    table = pd.DataFrame(rows, columns=names)
    table["kind"] = pd.Categorical(table["kind"], categories=["product", "invitation"])
    return table


def orders_of(rows):
    return pd.DataFrame(rows, columns=["order", "week", "consumer", "share"], dtype=np.int64)


def joins_of(rows):
    return pd.DataFrame(rows, columns=["consumer", "share", "week"], dtype=np.int64)


def test_a_recommendation_by_hand():
    """Ann (order 0) posts; Bo and Cy buy; Cy posts and Dan buys; Eve posts unheard."""
    shares = shares_of(
        [
            (0, 0, 10, 0, -1, 0, "product"),
            (1, 1, 12, 4, 0, 0, "product"),
            (2, 1, 14, 5, -1, 2, "product"),
        ]
    )
    orders = orders_of(
        [(0, 0, 10, -1), (3, 1, 11, 0), (4, 1, 12, 0), (5, 1, 14, -1), (9, 2, 13, 1)]
    )
    table = cascades_table(shares, orders, joins_of([]))
    assert list(table) == list(CASCADE_COLUMNS)
    ann, eve = table.to_dict("records")
    assert (ann["size"], ann["depth"], ann["max_breadth"], ann["orders"]) == (4, 2, 2, 3)
    # Distances: Ann-Bo 1, Ann-Cy 1, Cy-Dan 1, Bo-Cy 2, Ann-Dan 2, Bo-Dan 3: 10 over 6 pairs.
    assert ann["structural_virality"] == pytest.approx(10 / 6)
    assert (ann["first_week"], ann["last_week"]) == (0, 2)
    assert (eve["size"], eve["depth"], eve["max_breadth"], eve["orders"]) == (1, 0, 1, 0)
    assert (eve["first_week"], eve["last_week"], eve["root_share"]) == (1, 1, 2)


def test_invitations_by_hand():
    """Person 1 invites 2 and 3; 3 invites twice and brings 4 and then 5; shops do not count."""
    shares = shares_of(
        [
            (0, 0, 1, -1, -1, 0, "invitation"),
            (1, 1, 3, -1, 0, 0, "invitation"),
            (2, 2, 3, -1, 0, 0, "invitation"),
        ]
    )
    table = cascades_table(
        shares, orders_of([(0, 2, 3, -1)]), joins_of([(2, 0, 1), (5, 2, 3), (3, 0, 1), (4, 1, 2)])
    )
    row = table.iloc[0]
    assert row["kind"] == "invitation"
    assert (row["size"], row["depth"], row["max_breadth"], row["orders"]) == (5, 2, 2, 0)
    assert (row["first_week"], row["last_week"]) == (0, 3)


def test_a_share_of_somebody_outside_the_tree_stands_for_its_parent():
    """Share 1 passes share 0 on without an order; who buys through it is a child of share 0."""
    shares = shares_of([(0, 0, 1, -1, -1, 0, "product"), (1, 1, 2, -1, 0, 0, "product")])
    table = cascades_table(shares, orders_of([(7, 2, 3, 1)]), joins_of([]))
    assert table.loc[0, ["size", "depth", "orders"]].tolist() == [2, 1, 1]


def test_no_shares_give_an_empty_table_of_the_same_types():
    some = cascades_table(shares_of([(0, 0, 1, -1, -1, 0, "product")]), orders_of([]), joins_of([]))
    none = cascades_table(shares_of([]).astype(some_types()), orders_of([]), joins_of([]))
    assert none.empty
    assert (none.dtypes == some.dtypes).all()


def some_types():
    return dict.fromkeys(["share", "week", "sharer", "source_order", "root_share"], np.int64)
