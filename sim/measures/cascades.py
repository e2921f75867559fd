"""How far shares travel: every tree of adoptions, with its size, depth, breadth and virality.

The root of a tree is the order whose buyer posted first (or, without one, that sharer). Its other
nodes are the orders made through a share of the tree and, for invitations, the people who joined
through one; the parent of a node is the one whose share brought it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from sim.world.columns import SHARE_KINDS

CASCADE_COLUMNS = (
    "root_share",
    "kind",
    "size",
    "depth",
    "max_breadth",
    "structural_virality",
    "orders",
    "first_week",
    "last_week",
)

Ints = NDArray[np.int64]


class Trees(NamedTuple):
    """Statistics of each tree of a forest, in the order of their roots."""

    size: Ints  # nodes
    depth: Ints  # steps from the root to the farthest node
    max_breadth: Ints  # most nodes at the same depth
    wiener_index: Ints  # sum of distances over unordered pairs
    structural_virality: NDArray[np.float64]  # mean distance over ordered pairs; 0 for one node


def trees_of(parent: ArrayLike) -> Trees:
    """Statistics of the trees given by each node's ``parent`` (-1 for a root), pair-free.

    An edge that cuts a tree of n nodes into s and n - s is crossed by s·(n - s) pairs, hence the
    sum of distances W = Σ s·(n - s) over non-roots; virality = 2W / (n·(n - 1)).
    Source: Goel, Anderson, Hofman, Watts (2016), The structural virality of online diffusion.
    """
    parents = np.asarray(parent, dtype=np.int64)
    node_depth, root = _depths_and_roots(parents)
    tree = np.cumsum(parents < 0)[root] - 1
    n_trees = int((parents < 0).sum())
    size = np.bincount(tree, minlength=n_trees)
    depth = np.zeros(n_trees, dtype=np.int64)
    np.maximum.at(depth, tree, node_depth)

    by_depth = np.argsort(node_depth, kind="stable")
    levels = np.split(by_depth, np.flatnonzero(np.diff(node_depth[by_depth])) + 1)
    below = np.ones(len(parents), dtype=np.int64)
    for level in reversed(levels):
        inner = level[parents[level] >= 0]
        np.add.at(below, parents[inner], below[inner])

    n_depths = int(node_depth.max(initial=0)) + 1
    place, n_there = np.unique(tree * n_depths + node_depth, return_counts=True)
    breadth = np.zeros(n_trees, dtype=np.int64)
    np.maximum.at(breadth, place // n_depths, n_there)

    inner = np.flatnonzero(parents >= 0)
    wiener = np.zeros(n_trees, dtype=np.int64)
    np.add.at(wiener, tree[inner], below[inner] * (size[tree[inner]] - below[inner]))
    pairs = size * (size - 1) // 2
    virality = np.divide(wiener, pairs, out=np.zeros(n_trees), where=pairs > 0)
    return Trees(size, depth, breadth, wiener, virality)


def cascades_table(shares: pd.DataFrame, orders: pd.DataFrame, joins: pd.DataFrame) -> pd.DataFrame:
    """One row for each root share, with the promised columns; adopters counted, weeks from 0.

    ``shares`` and ``orders`` are the tables of these names, sorted by id; ``joins`` has consumer,
    share and week of the people who joined through an invitation. ``last_week`` is that of the
    last adoption, or of the root share.
    """
    through = orders[orders["share"] >= 0]
    joins = joins.sort_values("consumer", kind="stable")
    share_id = shares["share"].to_numpy()
    root_share = shares["root_share"].to_numpy()
    roots = np.flatnonzero(share_id == root_share)
    n_roots, n_orders = len(roots), len(through)

    node_of_share = _nodes_of_shares(shares, through, joins, roots)
    brought_by = np.concatenate([through["share"].to_numpy(), joins["share"].to_numpy()])
    share_row = np.searchsorted(share_id, brought_by)
    parent = np.concatenate([np.full(n_roots, -1), node_of_share[share_row]])
    trees = trees_of(parent)

    cascade = np.searchsorted(share_id[roots], root_share[share_row])
    first_week = shares["week"].to_numpy()[roots].astype(np.int64)
    last_week = first_week.copy()
    weeks = np.concatenate([through["week"].to_numpy(), joins["week"].to_numpy()])
    np.maximum.at(last_week, cascade, weeks)
    return pd.DataFrame(
        {
            "root_share": share_id[roots],
            "kind": pd.Categorical(shares["kind"].iloc[roots], categories=pd.Index(SHARE_KINDS)),
            "size": trees.size,
            "depth": trees.depth,
            "max_breadth": trees.max_breadth,
            "structural_virality": trees.structural_virality,
            "orders": np.bincount(cascade[:n_orders], minlength=n_roots),
            "first_week": first_week,
            "last_week": last_week,
        }
    )


def _nodes_of_shares(
    shares: pd.DataFrame, through: pd.DataFrame, joins: pd.DataFrame, roots: Ints
) -> Ints:
    """The node that posted each share: roots first, then orders through posts, then joiners.

    A share is posted by the node of its source order, or of its sharer's joining; a share of
    somebody who is no node of the tree stands for its parent's node.
    """
    share_id, parent_share = shares["share"].to_numpy(), shares["parent_share"].to_numpy()
    node = np.full(len(shares), -1, dtype=np.int64)
    _take(
        node,
        _matches(
            (through["order"].to_numpy(), through["share"].to_numpy()),
            (shares["source_order"].to_numpy(), parent_share),
        ),
        len(roots),
    )
    _take(
        node,
        _matches(
            (joins["consumer"].to_numpy(), joins["share"].to_numpy()),
            (shares["sharer"].to_numpy(), parent_share),
        ),
        len(roots) + len(through),
    )
    node[roots] = np.arange(len(roots))
    open_shares = np.flatnonzero(node < 0)
    parent_row = np.searchsorted(share_id, parent_share)
    while len(open_shares):
        node[open_shares] = node[parent_row[open_shares]]
        still_open = open_shares[node[open_shares] < 0]
        if len(still_open) == len(open_shares):
            raise ValueError("shares whose parents lead to no root")
        open_shares = still_open
    return node


def _matches(there: tuple[Ints, Ints], wanted: tuple[Ints, Ints]) -> Ints:
    """Row of each wanted (id, share) among those there, sorted by unique id; -1 where missing."""
    ids, shares = there
    if not len(ids):
        return np.full(len(wanted[0]), -1, dtype=np.int64)
    row = np.minimum(np.searchsorted(ids, wanted[0]), len(ids) - 1)
    found = (ids[row] == wanted[0]) & (shares[row] == wanted[1])
    return np.where(found, row, -1)


def _take(node: Ints, row: Ints, first: int) -> None:
    free = (node < 0) & (row >= 0)
    node[free] = first + row[free]


def _depths_and_roots(parents: Ints) -> tuple[Ints, Ints]:
    """Steps to the root, and the root, of each node, by doubling the step."""
    n = len(parents)
    is_root = parents < 0
    ancestor = np.where(is_root, np.arange(n), parents)
    depth = (~is_root).astype(np.int64)
    for _ in range(n.bit_length() + 1):
        further = depth[ancestor]
        if not further.any():
            return depth, ancestor
        depth += further
        ancestor = ancestor[ancestor]
    raise ValueError("a circle of parents is no tree")
