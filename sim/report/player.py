"""The document of the network player: people around a cascade, their ties, and what travelled.

A pure function of the tables of a traced run and of its network. Columns of numbers are written as
base64 of little-endian unsigned integers, two bytes each, so that the document stays small and a
browser reads it without parsing.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ledger import PURPOSES, REWARD

if TYPE_CHECKING:
    from sim.network import Network

Ints = NDArray[np.int64]

FORMAT_VERSION = 1
#: Places are whole numbers up to this.
GRID = 65_535
#: Layers of ties that are drawn: the fifteen closest friends.
_DRAWN_LAYERS = 2
#: Generation of whoever did not buy.
OUTSIDE = GRID


def player_document(
    tables: Mapping[str, pd.DataFrame],
    network: Network,
    root_share: int,
    *,
    seed: int = 0,
    n_people: int = 900,
    n_at_least: int = 320,
) -> dict[str, Any]:
    """People, ties and events around the cascade of ``root_share``.

    ``tables`` are shares, orders, exposures, transfers and merchants of a traced run. People are
    all who bought or posted in the cascade, then its most frequent readers up to ``n_people``, then
    close friends of these up to ``n_at_least``. Counts in ``totals`` and ``weeks`` are those of the
    whole cascade, also where not everybody is shown.
    """
    from sim.report.layout import communities, community_layout  # slow to import, for makers only

    shares, orders = tables["shares"], tables["orders"]
    family = shares[shares["root_share"] == root_share]
    ids = family["share"].to_numpy()
    bought = orders[orders["share"].isin(ids)]
    exposures = tables["exposures"]
    read = exposures[np.isin(exposures["share"].to_numpy(), ids)]
    rewards = _rewards(tables["transfers"], bought)
    core = np.union1d(family["sharer"].to_numpy(), bought["consumer"].to_numpy())
    people = _people(core, read, network, n_people, n_at_least)
    pairs, layer = _ties(people, network)
    group = communities(len(people), pairs, seed)
    place = community_layout(group, pairs, seed)
    first = int(family["week"].min())
    last = int(pd.concat([family["week"], read["week"], bought["week"]]).max())
    generation = _generations(family, bought)
    shown_reads = read[read["consumer"].isin(people)]
    others = shares[
        shares["week"].between(first, last)
        & shares["sharer"].isin(people)
        & (shares["kind"] == "product")
        & (shares["root_share"] != root_share)
    ]
    elsewhere = orders[
        orders["week"].between(first, last)
        & (orders["share"] >= 0)
        & orders["consumer"].isin(people)
        & orders["sharer"].isin(people)
        & ~orders["share"].isin(ids)
    ]

    def at(column: pd.Series) -> Ints:
        return np.searchsorted(people, column.to_numpy())

    return {
        "format_version": FORMAT_VERSION,
        "root_share": int(root_share),
        "kind": str(family["kind"].iloc[0]),
        "root": int(np.searchsorted(people, family["sharer"].iloc[0])),
        "first_week": first,
        "last_week": last,
        "n_people": len(people),
        "n_communities": int(group.max(initial=-1)) + 1,
        "product": _product(tables["merchants"], family),
        "totals": {
            "posts": len(family),
            "reads": len(read),
            "reads_shown": len(shown_reads),
            "readers": int(read["consumer"].nunique()),
            "orders": len(bought),
            "reward_fen": int(rewards.sum()),
            "other_posts": len(others),
            "other_posts_alone": int((others["orders"] == 0).sum()),
        },
        "weeks": _weeks(first, last, family, read, bought, rewards),
        "columns": {
            "people": _packed(people),
            "x": _packed(np.round(place[:, 0] * GRID)),
            "y": _packed(np.round(place[:, 1] * GRID)),
            "group": _packed(group),
            "generation": _packed(
                np.array([generation.get(int(person), OUTSIDE) for person in people])
            ),
            "ties": _packed(pairs[layer < _DRAWN_LAYERS]),
            "posts": _packed(
                np.stack([family["week"] - first, at(family["sharer"]), family["orders"]], axis=1)
            ),
            "reads": _packed(
                np.stack(
                    [
                        shown_reads["week"] - first,
                        at(shown_reads["sharer"]),
                        at(shown_reads["consumer"]),
                    ],
                    axis=1,
                )
            ),
            "orders": _packed(
                np.stack(
                    [
                        bought["week"] - first,
                        at(bought["sharer"]),
                        at(bought["consumer"]),
                        np.minimum(rewards, GRID),
                    ],
                    axis=1,
                )
            ),
            "other_posts": _packed(
                np.stack([others["week"] - first, at(others["sharer"]), others["orders"]], axis=1)
            ),
            "other_orders": _packed(
                np.stack(
                    [
                        elsewhere["week"] - first,
                        at(elsewhere["sharer"]),
                        at(elsewhere["consumer"]),
                    ],
                    axis=1,
                )
            ),
        },
    }


def noteworthy_roots(cascades: pd.DataFrame, shares: pd.DataFrame) -> dict[str, int]:
    """Roots of product cascades worth a look: the largest, the deepest other, and a usual one.

    The usual one is a rewarded post that nobody followed, read as often as their median is.
    """
    of_products = cascades[cascades["kind"] == "product"].sort_values("root_share")
    if of_products.empty:
        return {}
    largest = of_products.sort_values(["size", "root_share"], ascending=[False, True]).iloc[0]
    found = {"largest": int(largest["root_share"])}
    others = of_products[of_products["root_share"] != largest["root_share"]]
    deep = others.sort_values(["depth", "size", "root_share"], ascending=[False, False, True])
    if len(deep):
        found["deepest"] = int(deep["root_share"].iloc[0])
    alone = shares[
        shares["share"].isin(others.loc[others["size"] == 1, "root_share"]) & shares["rewarded"]
    ]
    if len(alone):
        distance = (alone["reads"] - alone["reads"].median()).abs()
        found["usual"] = int(alone["share"].to_numpy()[np.argmin(distance.to_numpy())])
    return found


def _people(
    core: Ints, read: pd.DataFrame, network: Network, n_people: int, n_at_least: int
) -> Ints:
    counts = read["consumer"].value_counts()
    readers = counts.index.to_numpy()[np.lexsort((counts.index.to_numpy(), -counts.to_numpy()))]
    readers = readers[~np.isin(readers, core)]
    chosen = np.concatenate([core, readers[: max(n_people - len(core), 0)]])
    while len(chosen) < n_at_least:
        friends = np.concatenate([_close_followers(network, int(person)) for person in chosen])
        friends = friends[~np.isin(friends, chosen)]
        _, first = np.unique(friends, return_index=True)
        fresh = friends[np.sort(first)][: n_at_least - len(chosen)]
        if not len(fresh):
            break
        chosen = np.concatenate([chosen, fresh])
    return np.sort(chosen.astype(np.int64))


def _close_followers(network: Network, person: int) -> NDArray[np.int32]:
    first, end = network.follower_start[person], network.follower_start[person + 1]
    return network.reader[first:end][network.layer_of_rows(first, end) < _DRAWN_LAYERS]


def _ties(people: Ints, network: Network) -> tuple[Ints, Ints]:
    """Pairs of people with a tie, each once, as places in their list, and their closest layer."""
    found, layers = [], []
    for place, person in enumerate(people.tolist()):
        first_row, end = network.follower_start[person], network.follower_start[person + 1]
        readers = network.reader[first_row:end]
        at = np.minimum(np.searchsorted(people, readers), len(people) - 1)
        known = (people[at] == readers) & (at != place)
        found.append(np.stack([np.full(int(known.sum()), place), at[known]], axis=1))
        layers.append(network.layer_of_rows(first_row, end)[known])
    pairs = np.sort(np.concatenate(found), axis=1)
    closeness = np.concatenate(layers).astype(np.int64)
    order = np.lexsort((closeness, pairs[:, 1], pairs[:, 0]))
    pairs, closeness = pairs[order], closeness[order]
    unique, first = np.unique(pairs, axis=0, return_index=True)
    return unique.astype(np.int64), closeness[first]


def _rewards(transfers: pd.DataFrame, bought: pd.DataFrame) -> Ints:
    """Senders' reward of each of the orders, in fen."""
    paid = transfers[
        (transfers["purpose"] == PURPOSES[REWARD]) & transfers["order"].isin(bought["order"])
    ]
    by_order = paid.groupby("order")["amount_fen"].sum()
    return by_order.reindex(bought["order"], fill_value=0).to_numpy(dtype=np.int64)


def _generations(family: pd.DataFrame, bought: pd.DataFrame) -> dict[int, int]:
    """Steps from the first sharer to each who bought in the cascade, by their first order."""
    sharer_of = dict(zip(family["share"], family["sharer"], strict=True))
    generation = {int(family["sharer"].iloc[0]): 0}
    for share, consumer in zip(bought["share"], bought["consumer"], strict=True):
        above = generation.get(int(sharer_of[share]), 0)
        generation.setdefault(int(consumer), above + 1)
    return generation


def _product(merchants: pd.DataFrame, family: pd.DataFrame) -> dict[str, Any] | None:
    merchant, week = int(family["merchant"].iloc[0]), int(family["week"].iloc[0])
    row = merchants[(merchants["merchant"] == merchant) & (merchants["week"] == week)]
    if row.empty:
        return None
    return {
        "merchant": merchant,
        "category": int(row["category"].iloc[0]),
        "quality": float(row["quality"].iloc[0]),
        "price_fen": int(row["price_fen"].iloc[0]),
    }


def _weeks(
    first: int,
    last: int,
    family: pd.DataFrame,
    read: pd.DataFrame,
    bought: pd.DataFrame,
    rewards: Ints,
) -> list[dict[str, int]]:
    def counted(weeks: pd.Series, weights: Ints | None = None) -> list[int]:
        places = weeks.to_numpy(dtype=np.int64) - first
        return np.bincount(places, weights=weights, minlength=last - first + 1).astype(int).tolist()

    columns = {
        "posts": counted(family["week"]),
        "reads": counted(read["week"]),
        "orders": counted(bought["week"]),
        "reward_fen": counted(bought["week"], rewards),
    }
    return [
        {"week": first + place, **{name: column[place] for name, column in columns.items()}}
        for place in range(last - first + 1)
    ]


def _packed(numbers: Any) -> str:
    """Base64 of whole numbers from 0 to `GRID`, two bytes each, the lower first."""
    return base64.b64encode(np.asarray(numbers).astype("<u2").tobytes()).decode()
