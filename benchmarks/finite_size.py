"""The finite-size study: what one head gets in worlds of a thousand to ten million people.

    .venv/bin/python benchmarks/finite_size.py              10^3 to 10^6, about ten minutes
    .venv/bin/python benchmarks/finite_size.py --large      and ten million for a quarter
    .venv/bin/python benchmarks/finite_size.py --draw       tables and figure again, no runs

Pairs of runs, referral and ads, in the baseline with 20 ties a person, so that ten million fit; the
merchants are the same at every size. Runs are kept in results/ and never made twice. Writes
benchmarks/finite_size.json and docs/pictures/finite_size.png.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.experiments.bench.machine import machine
from sim.experiments.packs import outcomes_of, packed_table
from sim.experiments.progress import ProgressShown
from sim.experiments.replicate import RunOptions
from sim.experiments.store import RunSpec, RunStore
from sim.figures.style import style_of
from sim.measures.differences import student_interval
from sim.measures.summary import outcomes_of_run
from sim.scenario import Scenario, load_scenario

ROOT = Path(__file__).parents[1]
NUMBERS = Path(__file__).with_name("finite_size.json")
PICTURE = ROOT / "docs" / "pictures" / "finite_size.png"
MARKETS = ("referral", "ads")
WEEKS, QUARTER = 26, 13
DEGREE = 20.0
REPLICATES = {1_000: 32, 10_000: 16, 100_000: 6, 1_000_000: 2}
LARGEST = 10_000_000
OUTCOMES = {
    "consumer_surplus_fen": "consumer surplus",
    "household_gain_fen": "surplus and sharers' income",
    "merchant_profit_fen": "merchants' profit",
    "quality_sold_minus_offered": "quality sold less offered",
    "mean_tie_trust": "trust in ties",
    "useless_read_share": "useless reads",
}
NEAR = 0.10
"""A difference is settled where it stays within this share of that of the largest world, or within
the noise of the two."""


def scenario_of(n: int, weeks: int) -> Scenario:
    """The world of that size."""
    return load_scenario("baseline").with_values(
        {
            "population.n_consumers": n,
            "network.mean_degree": DEGREE,
            "run.weeks": weeks,
        }
    )


def runs(large: bool, store: RunStore) -> pd.DataFrame:
    """One row a size, horizon, market and seed, with all outcomes; runs are made if need be."""
    rows = []
    sizes = [(n, WEEKS, replicates) for n, replicates in REPLICATES.items()]
    sizes += [(LARGEST, QUARTER, 1)] if large else []
    for n, weeks, replicates in sizes:
        scenario = scenario_of(n, weeks)
        specs = [
            RunSpec(scenario, market, seed)
            for seed in range(1, replicates + 1)
            for market in MARKETS
        ]
        jobs = 1 if n >= 1_000_000 else None
        with ProgressShown(f"{n:,} people") as progress:
            outcomes_of(specs, store, scenario.name, RunOptions(), jobs, progress)
        for spec in specs:
            weekly = packed_table(store, scenario.name, "weekly", [spec.key])
            for horizon in {QUARTER, weeks}:
                part = weekly[weekly["week"] < horizon]
                found = outcomes_of_run(part, scenario.run.warm_up_weeks, n)
                about = {"n": n, "weeks": horizon, "market": spec.market, "seed": spec.seed}
                rows.append(about | {name: found[name] for name in OUTCOMES})
    return pd.DataFrame(rows)


def summary(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A row a size, horizon and outcome: each market's mean and spread, and the difference."""
    rows = []
    for (n, weeks), group in table.groupby(["n", "weeks"]):
        for name in OUTCOMES:
            wide = group.pivot(index="seed", columns="market", values=name)
            difference = wide["referral"] - wide["ads"]
            estimate, low, high = student_interval(difference.tolist())
            rows.append(
                {
                    "n": int(n),
                    "weeks": int(weeks),
                    "outcome": name,
                    "pairs": len(difference),
                    **{f"{market}_mean": float(wide[market].mean()) for market in MARKETS},
                    **{f"{market}_sd": _sd(wide[market]) for market in MARKETS},
                    "difference": estimate,
                    "low": low,
                    "high": high,
                    "difference_sd": _sd(difference),
                }
            )
    return rows


def _sd(values: pd.Series[float]) -> float:
    return float(values.std()) if len(values) > 1 else math.nan


def settled(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """From which size on sign and size of each difference stay as in the largest world."""
    found = []
    for weeks in sorted({row["weeks"] for row in rows}):
        for name in OUTCOMES:
            own = [row for row in rows if (row["weeks"], row["outcome"]) == (weeks, name)]
            own.sort(key=lambda row: int(row["n"]))
            last = own[-1]
            about = {"outcome": name, "weeks": weeks, "largest": last["n"]}
            about["difference"] = last["difference"]
            for what, holds in (("sign_from", _same_sign), ("size_from", _near)):
                size = None
                for row in reversed(own):
                    if not holds(row, last):
                        break
                    size = row["n"]
                about[what] = size
            sds = [(row["n"], row["difference_sd"]) for row in own if row["difference_sd"] > 0]
            about["spread_exponent"] = None
            if len(sds) > 1:
                slope = np.polyfit(*np.log(np.array(sds, dtype=float).T), 1)[0]
                about["spread_exponent"] = float(slope)
            found.append(about)
    return found


def _same_sign(row: dict[str, Any], last: dict[str, Any]) -> bool:
    return (row["difference"] > 0) == (last["difference"] > 0)


def _near(row: dict[str, Any], last: dict[str, Any]) -> bool:
    noise = 2 * math.hypot(_error(row), _error(last))
    gap = abs(row["difference"] - last["difference"])
    return _same_sign(row, last) and gap <= max(NEAR * abs(last["difference"]), noise)


def _error(row: dict[str, Any]) -> float:
    sd = row["difference_sd"]
    return 0.0 if math.isnan(sd) else sd / math.sqrt(row["pairs"])


def draw(rows: list[dict[str, Any]]) -> None:
    """The figure: what a head gets in either market, and how far single pairs lie apart."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 4.0), layout="constrained")
    level, spread = figure.subplots(1, 2)
    name = "consumer_surplus_fen"
    own = [row for row in rows if (row["weeks"], row["outcome"]) == (QUARTER, name)]
    sizes = [row["n"] for row in own]
    for market in MARKETS:
        style = style_of(market)
        means = np.array([row[f"{market}_mean"] for row in own]) / 100
        sds = np.nan_to_num(np.array([row[f"{market}_sd"] for row in own])) / 100
        level.errorbar(
            sizes, means, sds, color=style.colour, marker="o", capsize=3, label=style.labels["en"]
        )
    level.set(xscale="log", xlabel="people", ylabel="yuan per head, one quarter")
    level.set_title("Consumer surplus a head\nbars: one standard deviation", loc="left")
    level.legend(frameon=False)
    for outcome in ("consumer_surplus_fen", "merchant_profit_fen"):
        own = [row for row in rows if (row["weeks"], row["outcome"]) == (QUARTER, outcome)]
        known = [(row["n"], row["difference_sd"] / 100) for row in own if row["difference_sd"] > 0]
        spread.plot(*zip(*known), marker="o", label=OUTCOMES[outcome])
    most = max(row["difference_sd"] / 100 for row in own if row["difference_sd"] > 0)
    guide = np.array([1e3, 1e6])
    spread.plot(guide, most * np.sqrt(1e3 / guide), ":", color="#888888", label="1 / √people")
    spread.set(xscale="log", yscale="log", xlabel="people", ylabel="yuan per head")
    spread.set_title("Spread of referral less ads\nbetween seeds", loc="left")
    spread.legend(frameon=False)
    for axes in (level, spread):
        axes.spines[["top", "right"]].set_visible(False)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=150)


def main() -> None:
    """Make the runs that are missing, and write the numbers and the figure."""
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--large", action="store_true", help="ten million people as well")
    options.add_argument("--draw", action="store_true", help="from the numbers that are kept")
    options.add_argument("--out", default=str(ROOT / "results"), help="root of the results")
    given = options.parse_args()
    if not given.draw:
        on = machine()
        table = runs(given.large, RunStore(given.out))
        rows = summary(table)
        document = {
            "machine": on,
            "mean_degree": DEGREE,
            "rows": rows,
            "settled": settled(rows),
            "runs": table.to_dict("records"),
        }
        text = json.dumps(document, indent=1)
        NUMBERS.write_text(text.replace("NaN", "null") + "\n")
    kept = json.loads(NUMBERS.read_text())
    rows = [
        {key: math.nan if value is None else value for key, value in row.items()}
        for row in kept["rows"]
    ]
    draw(rows)
    for each in kept["settled"]:
        print(each, file=sys.stderr)


if __name__ == "__main__":
    main()
