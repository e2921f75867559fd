"""How large cascades grow: the share of them that reaches each size, and how deep they go."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray


def share_reaching(sizes: ArrayLike, points: ArrayLike) -> NDArray[np.float64]:
    """Share of cascades whose size is at least each of the points; NaN without cascades."""
    ascending = np.sort(np.asarray(sizes, dtype=np.int64))
    if not len(ascending):
        return np.full(len(np.asarray(points)), np.nan)
    below = np.searchsorted(ascending, np.asarray(points, dtype=np.int64), side="left")
    shares: NDArray[np.float64] = (len(ascending) - below) / len(ascending)
    return shares


def shares_reaching_by_run(cascades: pd.DataFrame) -> pd.DataFrame:
    """Share of the cascades of each run and kind that reaches each size any cascade has.

    `cascades` are the cascades tables of runs with their market and seed. The sizes of a kind are
    those of all runs, so that runs can be averaged; runs without cascades of a kind are left out.
    """
    columns = ["market", "seed", "kind", "size", "share"]
    parts: list[pd.DataFrame] = []
    for kind, of_kind in cascades.groupby("kind", observed=True):
        points = np.unique(of_kind["size"].to_numpy())
        for (market, seed), run in of_kind.groupby(["market", "seed"], sort=True):
            parts.append(
                pd.DataFrame(
                    {
                        "market": market,
                        "seed": seed,
                        "kind": kind,
                        "size": points,
                        "share": share_reaching(run["size"], points),
                    }
                )
            )
    return _together(parts, columns)


def alone_percent(cascades: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Cascades of that kind in each run that stay at size 1 (nobody followed), in % of all."""
    of_kind = cascades[cascades["kind"] == kind]
    alone = of_kind.assign(alone_percent=100.0 * (of_kind["size"] == 1))
    return alone.groupby(["market", "seed"])["alone_percent"].mean().reset_index()


def largest_size(cascades: pd.DataFrame, kind: str) -> int:
    """Size of the largest cascade of that kind, 0 without any."""
    sizes = cascades.loc[cascades["kind"] == kind, "size"]
    return int(sizes.max()) if len(sizes) else 0


def depth_where_followed(cascades: pd.DataFrame, kind: str) -> float:
    """Mean depth, in steps, of the cascades of that kind that anybody followed; NaN without any.

    At least 1. Those that nobody followed are left out: how many they are is told by size already.
    """
    depth = cascades.loc[(cascades["kind"] == kind) & (cascades["depth"] > 0), "depth"]
    return float(depth.mean()) if len(depth) else math.nan


def _together(parts: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=pd.Index(columns))
    return pd.concat(parts, ignore_index=True)
