"""What figures are drawn from: the tables of runs on disk, reduced to what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiments.compare import open_comparison
from sim.experiments.store import StoredRun, open_run
from sim.figures.page import About
from sim.figures.words import Words
from sim.measures.money_flow import PAYMENT, where_each_yuan_goes
from sim.measures.quality import sales_by_quality
from sim.measures.rates import good_percent, margins_by_week, posts_per_100_members
from sim.measures.summary import counted_weeks
from sim.money import FEN_PER_YUAN


@dataclass(frozen=True)
class Material:
    """Tables over the runs of one folder; each has the market and seed of its rows."""

    about: About
    weekly: pd.DataFrame
    """A row a run and week: the weekly tables with prices in yuan, margins and posts a member."""
    outcomes: pd.DataFrame
    """A row a run: outcomes, with price in yuan."""
    sales: pd.DataFrame
    """A row a run and quality: its share of orders and of offers in the counted weeks."""
    good: pd.DataFrame
    """A row a run: good_percent of the orders of the counted weeks."""
    money: pd.DataFrame
    """A row a run and part of 100 yuan, of the counted weeks."""
    cascades: pd.DataFrame | None
    """A row a run and cascade that began in the counted weeks; None unless all runs are traced."""
    differences: pd.DataFrame | None
    """Paired differences of a comparison."""


def material_of_comparison(folder: Path, words: Words) -> Material:
    """Everything about a comparison, from its table and the runs it lists, which lie beside it."""
    comparison = open_comparison(folder)
    runs = [open_run(folder.parent / key) for key in comparison.run_keys]
    return _material(runs, tuple(comparison.document["markets"]), words, comparison.table)


def material_of_run(folder: Path, words: Words) -> Material:
    """Everything about one run."""
    run = open_run(folder)
    return _material([run], (run.manifest["market"],), words, None)


def _material(
    runs: Sequence[StoredRun],
    markets: tuple[str, ...],
    words: Words,
    differences: pd.DataFrame | None,
) -> Material:
    manifest = runs[0].manifest
    values: Mapping[str, Any] = manifest["values"]
    weeks = int(values["run.weeks"])
    first, _ = counted_weeks(weeks, values["run.warm_up_weeks"])
    seeds = sorted({int(run.manifest["seed"]) for run in runs})
    about = About(
        str(manifest["scenario"]),
        markets,
        tuple(seeds),
        manifest["n_consumers"],
        weeks,
        first,
        words,
    )
    weekly, outcomes, sales, good, money, cascades = [], [], [], [], [], []
    for run in runs:
        of_run = {"market": run.manifest["market"], "seed": run.manifest["seed"]}
        weekly.append(_weekly(run.weekly, run.ledger))
        outcomes.append({**of_run, **run.outcomes()})
        merchants = run.table("merchants", ["week", "quality", "orders", "active"])
        by_quality = sales_by_quality(merchants[merchants["week"] >= first])
        sales.append(by_quality.assign(**of_run))
        good.append({**of_run, "good_percent": good_percent(by_quality)})
        flow = where_each_yuan_goes(run.ledger[run.ledger["week"] >= first], PAYMENT)
        money.append(flow.assign(**of_run))
        if run.traced:
            of_weeks = run.table("cascades")
            cascades.append(of_weeks[of_weeks["first_week"] >= first].assign(**of_run))
    prices = pd.DataFrame(outcomes)
    prices["price_yuan"] = prices["mean_price_fen"] / FEN_PER_YUAN
    return Material(
        about,
        pd.concat(weekly, ignore_index=True),
        prices,
        pd.concat(sales, ignore_index=True),
        pd.DataFrame(good),
        pd.concat(money, ignore_index=True),
        pd.concat(cascades, ignore_index=True) if len(cascades) == len(runs) else None,
        differences,
    )


def _weekly(weekly: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    margins, posts = margins_by_week(weekly, ledger), posts_per_100_members(weekly)
    return weekly.assign(
        gross_margin_share=margins["gross_margin_share"],
        profit_share=margins["profit_share"],
        posts_per_100_members=posts["posts_per_100_members"],
        price_yuan=weekly["mean_price_fen"] / FEN_PER_YUAN,
    )
