"""What large sharing cascades look like (Twitter15): for display beside simulated ones.

The file has one row per shared post: `cascade`, `parent`, `child` (0 is the root). Only large
cascades were gathered, so nothing follows about how many shares get no answer.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from sim.evidence.measurements.estimation import Floats, bootstrap
from sim.evidence.measurements.measurement import Findings, Measurement
from sim.measures.cascades import Trees, trees_of

N_BOOTSTRAP = 300


def read_trees(path: str | Path) -> Trees:
    """Size, depth, breadth and structural virality of every cascade in a file of edges."""
    edges = pd.read_csv(path, usecols=["cascade", "parent", "child"])
    nodes = np.unique(
        np.concatenate(
            [edges[["cascade", "parent"]].to_numpy(), edges[["cascade", "child"]].to_numpy()]
        ),
        axis=0,
    )
    place = pd.MultiIndex.from_arrays(list(nodes.T))
    parent = np.full(len(nodes), -1, dtype=np.int64)
    child = place.get_indexer(pd.MultiIndex.from_frame(edges[["cascade", "child"]]))
    parent[child] = place.get_indexer(pd.MultiIndex.from_frame(edges[["cascade", "parent"]]))
    return trees_of(parent)


def measure_cascades(path: str | Path, seed: int = 1) -> Findings:
    """Medians over large cascades, and how many of them are deep."""
    trees = read_trees(path)
    n = len(trees.size)

    def figure(key: str, what: str, values: Floats, unit: str, middle: bool = True) -> Measurement:
        def statistic(weight: Floats) -> float:
            drawn = np.repeat(values, weight.astype(np.int64))
            return float(np.median(drawn) if middle else drawn.mean())

        interval = bootstrap(statistic, n, N_BOOTSTRAP, seed)
        return Measurement(key, what, *interval, unit, n, "large cascades")

    breadth = trees.max_breadth / trees.size
    return Findings(
        [
            figure("size", "median size", trees.size.astype(float), "posts"),
            figure("depth", "mean depth", trees.depth.astype(float), "steps", middle=False),
            figure(
                "deep",
                "cascades of five steps or more",
                (trees.depth >= 5).astype(float),
                "share",
                False,
            ),
            figure("breadth", "median of the greatest breadth", breadth, "share of size"),
            figure(
                "structural_virality",
                "median structural virality; a star has just under 2",
                trees.structural_virality,
                "mean distance",
            ),
        ]
    )
