"""An extract of a traced run, small enough to ship: some trees, some people, some merchants, whole.

It is read like a run (`key`, `table(name)`), so that whoever follows a person or a cascade does not
care which of the two is at hand. Rows are those of the run; nothing is thinned out within a tree or
a life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.experiments.errors import StoreError
from sim.experiments.files import read_json, read_table, write_json, write_table
from sim.measures.leaders import league_of
from sim.report.player import noteworthy_roots

FORMAT_VERSION = 1
DOCUMENT = "followed.json"
TABLES = ("cascades", "shares", "orders", "exposures", "transfers", "merchants")
"""Tables of an extract that a traced run has as well."""
OWN_TABLES = ("sales", "league", "looks", "standing")
"""Tables that only an extract has: sums over the whole run, and what people weighed."""


class Traced(Protocol):
    """A traced run, or an extract of one."""

    @property
    def key(self) -> str:
        """Key of the run."""

    @property
    def manifest(self) -> Mapping[str, Any]:
        """Scenario, market, seed and values of the run."""

    def table(self, name: str) -> pd.DataFrame:
        """The table of that name."""


@dataclass(frozen=True)
class Extract:
    """An extract on disk."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Key of the run it is taken from."""
        return str(self.manifest["run_key"])

    def table(self, name: str) -> pd.DataFrame:
        """The table of that name; StoreError if the extract has none."""
        if name not in (*TABLES, *OWN_TABLES):
            raise StoreError(f"{self.folder}: an extract has no table {name}")
        return read_table(self.folder / f"{name}.parquet")


@dataclass(frozen=True)
class Chosen:
    """What an extract holds whole."""

    roots: NDArray[np.int64]
    """Cascades, by root share."""
    people: NDArray[np.int64]
    merchants: NDArray[np.int64]


def open_extract(folder: str | Path) -> Extract:
    """The extract in that folder; StoreError where there is none."""
    folder = Path(folder)
    return Extract(folder, read_json(folder / DOCUMENT, "followed run", FORMAT_VERSION))


def choose(run: Traced, n_trees: int = 40, n_people: int = 24, n_merchants: int = 12) -> Chosen:
    """Trees, people and merchants of a run to be followed, by fixed rules.

    Trees: the largest, and the noteworthy ones. People: those who brought most orders by posting
    and who wrote most posts that sold nothing; the others are spread evenly over all who ever
    bought, by number of orders. Merchants: spread evenly over all, by orders sold.
    """
    cascades, shares, orders = (run.table(name) for name in ("cascades", "shares", "orders"))
    largest = cascades.sort_values(["size", "root_share"], ascending=[False, True])
    roots = np.union1d(
        largest["root_share"].to_numpy()[:n_trees],
        list(noteworthy_roots(cascades, shares).values()),
    )
    league = league_of_run(run)
    quarter = max(n_people // 4, 1)
    idle = league[league["orders"] == 0].sort_values(["posts", "consumer"], ascending=[False, True])
    known = np.concatenate([league["consumer"][:quarter], idle["consumer"][:quarter]])
    bought = orders["consumer"].value_counts()
    by_orders = bought.index.to_numpy()[np.lexsort((bought.index.to_numpy(), bought.to_numpy()))]
    usual = by_orders[~np.isin(by_orders, known)]
    people = np.union1d(known, _spread(usual, n_people - len(known))).astype(np.int64)
    sold = orders["merchant"].value_counts()
    sellers = sold.index.to_numpy()[np.lexsort((sold.index.to_numpy(), sold.to_numpy()))]
    merchants = np.sort(_spread(sellers, n_merchants)).astype(np.int64)
    return Chosen(roots.astype(np.int64), people, merchants)


def extract_tables(run: Traced, chosen: Chosen) -> dict[str, pd.DataFrame]:
    """The rows of a run that belong to what was chosen, and sums over the whole run."""
    shares, orders = run.table("shares"), run.table("orders")
    cascades, exposures, transfers = (
        run.table(name) for name in ("cascades", "exposures", "transfers")
    )
    people = chosen.people
    in_trees = shares["root_share"].isin(chosen.roots)
    of_people = shares["sharer"].isin(people)
    kept_orders = orders[
        orders["consumer"].isin(people)
        | orders["share"].isin(shares.loc[in_trees | of_people, "share"])
    ]
    through = shares["share"].isin(kept_orders["share"])
    whom = (transfers["payee_kind"] == "consumer") & transfers["payee"].isin(people) | (
        transfers["payer_kind"] == "consumer"
    ) & transfers["payer"].isin(people)
    of_trees = orders.loc[orders["share"].isin(shares.loc[in_trees, "share"]), "order"]
    merchants = run.table("merchants")
    return {
        "cascades": cascades[cascades["root_share"].isin(chosen.roots)],
        "shares": shares[in_trees | of_people | through],
        "orders": kept_orders,
        "exposures": exposures[exposures["consumer"].isin(people)],
        "transfers": transfers[whom | transfers["order"].isin(of_trees)],
        "merchants": merchants[merchants["merchant"].isin(chosen.merchants)],
        "sales": sales_by_channel(orders[orders["merchant"].isin(chosen.merchants)]),
        "league": league_of_run(run).head(200),
    }


def league_of_run(run: Traced) -> pd.DataFrame:
    """The league of that run's sharers (`sim.measures.leaders`), ready in an extract."""
    if isinstance(run, Extract):
        return run.table("league")
    tolerance = float(run.manifest["values"]["trust.tolerance"])
    return league_of(run.table("shares"), run.table("orders"), tolerance)


def sales_by_channel(orders: pd.DataFrame) -> pd.DataFrame:
    """Orders and refunds of each merchant, week and channel."""
    return orders.groupby(["merchant", "week", "channel"], observed=True, as_index=False).agg(
        orders=("order", "size"), refunds=("refunded", "sum")
    )


def write_extract(
    folder: Path, run: Traced, chosen: Chosen, tables: Mapping[str, pd.DataFrame]
) -> None:
    """Write an extract of that run: `tables` of `extract_tables`, with looks and standing."""
    for name, table in tables.items():
        write_table(table.reset_index(drop=True), folder / f"{name}.parquet")
    told = ("scenario", "market", "seed", "values", "n_consumers")
    write_json(
        {
            "format_version": FORMAT_VERSION,
            "command": "followed",
            "run_key": run.key,
            **{name: run.manifest[name] for name in told},
            "people": chosen.people.tolist(),
            "merchants": chosen.merchants.tolist(),
        },
        folder / DOCUMENT,
    )


def _spread(ordered: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """That many of the entries, at equal distances, first and last among them."""
    places = np.linspace(0, max(len(ordered) - 1, 0), min(max(n, 0), len(ordered)))
    return ordered[np.unique(places.astype(np.int64))]
