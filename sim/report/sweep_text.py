"""A sweep as plain text. Amounts of money are shown in yuan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.text import aligned, interval, label, unit

HEADLINES = (
    "household_gain_fen",
    "merchant_profit_fen",
    "platform_profit_fen",
    "mean_quality_sold",
)
"""Outcomes that are printed; the tables on disk have all."""

_MOST_POINTS = 40


def sweep_text(document: Mapping[str, Any], folder: Path) -> str:
    """The means of the main outcomes at every point, with 95 % intervals, and where it lies."""
    markets, keys = document["markets"], document["keys"]
    pair = (markets[0], markets[1] if len(markets) > 1 else "")
    by_place = {
        (row["point"], row["outcome"]): row
        for row in document["means"]
        if (row["first"], row["second"]) == pair
    }
    lines = [[*keys, *(f"{label(name)} ({unit(name)})" for name in HEADLINES)]]
    for point in document["points"][:_MOST_POINTS]:
        settings = [str(point.get(key, "–")) for key in keys]
        rows = [by_place[point["point"], name] for name in HEADLINES]
        lines.append([*settings, *(interval(row["outcome"], row) for row in rows)])
    shown = f"{pair[0]} less {pair[1]}" if pair[1] else f"{pair[0]}"
    n_points = len(document["points"])
    title = (
        f"{document['scenario']}: {n_points} points ({document['design']}), "
        f"{document['replicates']} seeds each; {shown}, mean with 95 % interval"
    )
    parts = [title, aligned(lines, left=range(len(keys)))]
    if n_points > _MOST_POINTS:
        parts.append(f"and {n_points - _MOST_POINTS} more points in the tables")
    parts.append(f"table    {folder / 'means.parquet'}\ntable    {folder / 'points.parquet'}")
    return "\n\n".join(parts)
