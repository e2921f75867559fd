"""What an HTML report is made of: the tables of a stored comparison or run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiments.compare import open_comparison
from sim.experiments.files import plain_rows
from sim.experiments.store import open_run
from sim.measures.sides import side_differences
from sim.measures.summary import counted_weeks
from sim.report.html_outcomes import WEEKLY

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Material:
    """What a report is made of."""

    name: str
    values: Mapping[str, Any]
    markets: Sequence[str]
    counted: tuple[int, int]
    n_runs: int
    differences: Sequence[Mapping[str, Any]]
    """Rows of a comparison; empty for a single run."""
    outcomes: "pd.DataFrame"
    """A row a run: market, seed, run_key and outcomes."""
    money: "pd.DataFrame"
    weeks: "pd.DataFrame"
    wanted: int | None = None
    """Pairs wanted, of a comparison that was stopped."""
    sides: Sequence[str] = ()
    """Names of the sides of a market that has two."""
    of_sides: Sequence[Mapping[str, Any]] = ()
    """Rows of numbers of both sides, as `sim.measures.sides.side_differences` gives them."""


def of_comparison(folder: Path) -> Material:
    """Return what a stored comparison gives; StoreError where it is none."""
    from sim.report.overview import tables_of

    comparison = open_comparison(folder)
    document = comparison.document
    counted = document["counted_weeks"]
    overview = tables_of(folder)
    return Material(
        document["scenario"],
        document["values"],
        document["markets"][:2],
        (counted["first"], counted["end"]),
        document["replicates"],
        document["differences"],
        comparison.runs,
        overview["money"],
        overview["weeks"],
        document.get("partial", {}).get("pairs_wanted"),
        *_sides_of(document.get("sides")),
    )


def of_run(folder: Path) -> Material:
    """Return what a stored run gives; StoreError where it is none."""
    import pandas as pd

    from sim.measures.money_flow import PAYMENT, where_each_yuan_goes
    from sim.measures.rates import margins_by_week, posts_per_100_members

    run = open_run(folder)
    market, values = run.manifest["market"], run.manifest["values"]
    first, end = counted_weeks(values["run.weeks"], values["run.warm_up_weeks"])
    money = where_each_yuan_goes(run.ledger[run.ledger["week"] >= first], PAYMENT)
    none = {"low": math.nan, "high": math.nan, "n": 1}
    money = money.rename(columns={"of_100": "mean"}).assign(market=market, **none)
    weekly = run.weekly
    for rates in (margins_by_week(weekly, run.ledger), posts_per_100_members(weekly)):
        weekly = weekly.merge(rates, on=["market", "seed", "week"], validate="1:1")
    table = weekly.melt(["market", "week"], list(WEEKLY), "outcome", "mean").assign(**none)
    row = {"market": market, "seed": run.manifest["seed"], "run_key": run.key, **run.outcomes()}
    name, ends = run.manifest["scenario"], run.ends_of_sides()
    sides = None
    if ends:
        names = [side["side"] for side in ends]
        sides = {"names": names, "differences": plain_rows(side_differences([ends]))}
    return Material(
        name,
        values,
        [market],
        (first, end),
        1,
        [],
        pd.DataFrame([row]),
        money,
        table,
        None,
        *_sides_of(sides),
    )


def _sides_of(
    told: Mapping[str, Any] | None,
) -> tuple[Sequence[str], Sequence[Mapping[str, Any]]]:
    """Names of the sides, and their numbers, of what a comparison tells of them."""
    return ((), ()) if told is None else (told["names"], told["differences"])
