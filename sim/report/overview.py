"""The overview of a comparison: where 100 yuan go, the weeks, which quality is sold, the sides.

Pages and reports draw these tables and compute nothing themselves. They stand beside the
comparison as Parquet files (`TABLES`, and `SIDE_WEEKS` where a market has two sides); without them
they are made from its runs.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.files import read_table, write_table
from sim.experiments.store import StoredRun, open_run

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.compare import Comparison

MONEY, WEEKS, GAPS, QUALITY = TABLES = ("money", "weeks", "gaps", "quality")
"""Names of the tables of every overview."""
SIDE_WEEKS = "side_weeks"
"""Name of the table of an overview of a market with two sides."""

OF_WEEKS = (
    "mean_quality_sold",
    "mean_quality_offered",
    "mean_price_fen",
    "gross_margin_share",
    "profit_share",
    "mean_tie_trust",
    "muted_share",
    "posts_per_100_members",
)
"""Outcomes that are shown week by week."""


@dataclass(frozen=True)
class Overview:
    """Means over the runs of each market with their 95 % intervals (mean, low, high, n)."""

    money: "pd.DataFrame"
    """Of 100 yuan that consumers pay in the counted weeks: market, part, holder, in yuan."""
    weeks: "pd.DataFrame"
    """One row a market, outcome of `OF_WEEKS` and week."""
    gaps: "pd.DataFrame"
    """One row an outcome of `OF_WEEKS` and week: the first market less the second, in pairs."""
    quality: "pd.DataFrame"
    """One row a market, kind (sold, offered) and quality: share of orders, or of merchant-weeks."""
    side_weeks: "pd.DataFrame | None" = None
    """One row a side of a market with two sides, number of `SIDE_UNITS` and week."""

    def tables(self) -> "dict[str, pd.DataFrame]":
        """The tables there are, by name."""
        named = {name: getattr(self, name) for name in (*TABLES, SIDE_WEEKS)}
        return {name: table for name, table in named.items() if table is not None}


def overview_of(folder: str | Path) -> Overview:
    """The overview of the comparison in that folder, read or else made from its runs."""
    folder = Path(folder)
    stored = _stored(folder)
    if stored.keys() >= set(TABLES):
        return Overview(**stored)
    from sim.experiments.compare import open_comparison

    comparison = open_comparison(folder)
    runs = [open_run(folder.parent / key) for key in comparison.run_keys]
    weeks = _by_week(runs)
    markets = comparison.document["markets"]
    return Overview(
        _money(comparison, runs),
        _means(weeks),
        _gaps(weeks, markets[0], markets[1]),
        _quality(comparison, runs),
        _side_weeks(runs),
    )


def tables_of(folder: str | Path) -> "dict[str, pd.DataFrame]":
    """Tables of the overview by name: those that stand beside the comparison, else all, made.

    A comparison that was published earlier may lack the later ones.
    """
    stored = _stored(Path(folder))
    return stored if stored.keys() >= {MONEY, WEEKS} else overview_of(folder).tables()


def write_overview(folder: str | Path, target: str | Path | None = None) -> None:
    """Write the overview of the comparison in `folder` beside it, or into `target`."""
    place = Path(target or folder)
    for name, table in overview_of(folder).tables().items():
        write_table(table, place / f"{name}.parquet")


def _stored(folder: Path) -> "dict[str, pd.DataFrame]":
    """Tables that stand in the folder, by name."""
    paths = {name: folder / f"{name}.parquet" for name in (*TABLES, SIDE_WEEKS)}
    return {name: read_table(path) for name, path in paths.items() if path.exists()}


def _money(comparison: "Comparison", runs: list[StoredRun]) -> "pd.DataFrame":
    import pandas as pd

    from sim.measures.money_flow import PAYMENT, where_each_yuan_goes
    from sim.measures.over_runs import means_over_runs

    first = comparison.document["counted_weeks"]["first"]
    parts = []
    for run in runs:
        part = where_each_yuan_goes(run.ledger[run.ledger["week"] >= first], PAYMENT)
        part.insert(0, "market", run.manifest["market"])
        part.insert(1, "place", range(len(part)))
        parts.append(part)
    by = ["market", "place", "part", "holder"]
    means = means_over_runs(pd.concat(parts, ignore_index=True), by, "of_100")
    return means.drop(columns="place")


def _by_week(runs: list[StoredRun]) -> "pd.DataFrame":
    """One row a run, week and outcome of `OF_WEEKS`, with its value."""
    import pandas as pd

    from sim.measures.rates import margins_by_week, posts_per_100_members

    by_run = []
    for run in runs:
        weekly = run.weekly
        for rates in (margins_by_week(weekly, run.ledger), posts_per_100_members(weekly)):
            weekly = weekly.merge(rates, on=["market", "seed", "week"], validate="1:1")
        by_run.append(weekly)
    weeks = pd.concat(by_run, ignore_index=True)
    return weeks.melt(["market", "seed", "week"], list(OF_WEEKS), "outcome", "value")


def _means(weeks: "pd.DataFrame") -> "pd.DataFrame":
    import pandas as pd

    from sim.measures.over_runs import means_over_runs

    means = []
    for outcome in OF_WEEKS:
        of_outcome = means_over_runs(
            weeks[weeks["outcome"] == outcome], ["market", "week"], "value"
        )
        of_outcome.insert(1, "outcome", outcome)
        means.append(of_outcome)
    return pd.concat(means, ignore_index=True)


def _gaps(weeks: "pd.DataFrame", first: str, second: str) -> "pd.DataFrame":
    from sim.measures.over_runs import means_over_runs

    pairs = weeks.pivot(index=["outcome", "week", "seed"], columns="market", values="value")
    gaps = (pairs[first] - pairs[second]).rename("gap").reset_index()
    return means_over_runs(gaps, ["outcome", "week"], "gap")


def _quality(comparison: "Comparison", runs: list[StoredRun]) -> "pd.DataFrame":
    import pandas as pd

    from sim.measures.over_runs import means_over_runs
    from sim.measures.quality import sales_by_quality

    first = comparison.document["counted_weeks"]["first"]
    shares = []
    for run in runs:
        table = sales_by_quality(run.merchants[run.merchants["week"] >= first])
        for kind, column in (("sold", "order_share"), ("offered", "offer_share")):
            share = table[["quality", column]].rename(columns={column: "share"})
            shares.append(share.assign(market=run.manifest["market"], kind=kind))
    by = ["market", "kind", "quality"]
    return means_over_runs(pd.concat(shares, ignore_index=True), by, "share")


def _side_weeks(runs: list[StoredRun]) -> "pd.DataFrame | None":
    import pandas as pd

    from sim.measures.over_runs import means_over_runs
    from sim.measures.sides import sides_by_week

    by_run = [sides_by_week(run.sides) for run in runs if "sides" in run.manifest["tables"]]
    if not by_run:
        return None
    return means_over_runs(pd.concat(by_run), ["side", "outcome", "week"], "value")
