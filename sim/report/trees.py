"""The tree of a cascade: who bought through whom, when, and what each sharer got for it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.report.followed import Traced

ROOT = -1


def tree_of(run: Traced, root_share: int) -> pd.DataFrame:
    """One row a buyer of a product cascade, the first sharer first, the others by order.

    Columns: node (0 for the first sharer), parent (-1 for it), consumer, order (-1 where the first
    sharer posted unbought), week (of the order, of the first post for the first sharer),
    generation, place (0 to 1 across the tree, leaves at equal distances), posts, reads, orders and
    reward_fen of the posts this buyer wrote in the cascade.
    """
    shares, orders = run.table("shares"), run.table("orders")
    family = shares[shares["root_share"] == root_share].sort_values("share")
    bought = orders[orders["share"].isin(family["share"])].sort_values("order")
    node_of_order = {int(order): node for node, order in enumerate(bought["order"], start=1)}
    node_of_share: dict[int, int] = {}
    for share, source, parent in zip(
        family["share"], family["source_order"], family["parent_share"], strict=True
    ):
        above = node_of_share.get(int(parent), 0)
        node_of_share[int(share)] = node_of_order.get(int(source), above)
    parents = np.array([ROOT, *(node_of_share[int(share)] for share in bought["share"])])
    posted = family.assign(node=[node_of_share[int(share)] for share in family["share"]])
    sums = posted.groupby("node").agg(
        posts=("share", "size"),
        reads=("reads", "sum"),
        orders=("orders", "sum"),
        reward_fen=("reward_fen", "sum"),
    )
    tree = pd.DataFrame(
        {
            "node": np.arange(len(parents)),
            "parent": parents,
            "consumer": [int(family["sharer"].iloc[0]), *bought["consumer"]],
            "order": [int(family["source_order"].iloc[0]), *bought["order"]],
            "week": [int(family["week"].iloc[0]), *bought["week"]],
            "generation": _generations(parents),
            "place": _places(parents),
        }
    )
    return tree.join(sums.reindex(tree["node"], fill_value=0).reset_index(drop=True))


def _generations(parents: NDArray[np.int64]) -> NDArray[np.int64]:
    generation = np.zeros(len(parents), dtype=np.int64)
    for node in range(1, len(parents)):  # a parent bought, and so stands, before its children
        generation[node] = generation[parents[node]] + 1
    return generation


def _places(parents: NDArray[np.int64]) -> NDArray[np.float64]:
    """Leaves at equal distances, everybody else in the middle of those they brought."""
    children: list[list[int]] = [[] for _ in parents]
    for node in range(1, len(parents)):
        children[parents[node]].append(node)
    place = np.zeros(len(parents))
    n_leaves = 0
    waiting = [(0, False)]
    while waiting:
        node, seen = waiting.pop()
        if not children[node]:
            place[node] = n_leaves
            n_leaves += 1
        elif seen:
            place[node] = np.mean(place[children[node]])
        else:
            waiting.append((node, True))
            waiting += [(child, False) for child in reversed(children[node])]
    return (place + 0.5) / max(n_leaves, 1)
