"""A small classification tree that says in words where one market wins.

Splits lower the Gini impurity most (Breiman et al. 1984). Coverage is the share of all wins that
lie in a region, density the share of its points that are wins (Bryant and Lempert 2010).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Won = NDArray[np.bool_]

DEPTH = 3
_LEAST_SHARE = 0.05
_LEAST_POINTS = 8
EVERYWHERE, NOWHERE = 0.95, 0.05
"""Shares of wins beyond which no region is told: there is little to tell apart."""


@dataclass(frozen=True)
class Box:
    """A node of the tree: bounds of inputs (infinite where it has none), and what lies in it."""

    low: tuple[float, ...]
    high: tuple[float, ...]
    n: int
    coverage: float
    density: float
    leaf: bool
    """Whether the tree splits it no further."""

    def score(self, share: float) -> float:
        """Harmonic mean of coverage and of the way from the overall share of wins to all wins."""
        gained = (self.density - share) / (1.0 - share)
        return 2.0 * self.coverage * gained / (self.coverage + gained) if gained > 0.0 else 0.0

    def holds(self, points: Floats) -> Won:
        """Which points lie in it."""
        inside = (points > np.array(self.low)) & (points <= np.array(self.high))
        return np.asarray(inside.all(axis=1))


def nodes(points: Floats, won: Won, depth: int = DEPTH) -> list[Box]:
    """The nodes of a tree grown on points (rows) of which some are won, each above its parts.

    None has fewer than 5 % of the points, nor fewer than 8.
    """
    least = max(_LEAST_POINTS, int(np.ceil(_LEAST_SHARE * len(points))))
    unbounded = np.full(points.shape[1], np.inf)
    return _grown(points, won, -unbounded, unbounded, depth, least, max(int(won.sum()), 1))


def _grown(
    points: Floats, won: Won, low: Floats, high: Floats, depth: int, least: int, wins: int
) -> list[Box]:
    split = _best_split(points, won, least) if depth else None
    n, share = len(won), float(won.mean()) if len(won) else 0.0
    own = Box(tuple(low), tuple(high), n, float(won.sum()) / wins, share, split is None)
    if split is None:
        return [own]
    column, at = split
    left = points[:, column] <= at
    low_right, high_left = low.copy(), high.copy()
    low_right[column] = high_left[column] = at
    return [
        own,
        *_grown(points[left], won[left], low, high_left, depth - 1, least, wins),
        *_grown(points[~left], won[~left], low_right, high, depth - 1, least, wins),
    ]


def _best_split(points: Floats, won: Won, least: int) -> tuple[int, float] | None:
    """Column and value that leave the least impurity; None where nothing is gained."""
    n, wins = len(won), int(won.sum())
    if n < 2 * least or wins in (0, n):
        return None
    best, found = n * _impurity(np.array([wins]), np.array([n]))[0] - 1e-9, None
    sizes = np.arange(1, n)
    for column in range(points.shape[1]):
        order = np.argsort(points[:, column], kind="stable")
        values, before = points[order, column], np.cumsum(won[order])[:-1]
        cost = sizes * _impurity(before, sizes) + (n - sizes) * _impurity(wins - before, n - sizes)
        allowed = (values[1:] > values[:-1]) & (sizes >= least) & (n - sizes >= least)
        cost = np.where(allowed, cost, np.inf)
        place = int(cost.argmin())
        if cost[place] < best:
            best, found = cost[place], (column, float((values[place] + values[place + 1]) / 2))
    return found


def _impurity(wins: NDArray[Any], n: NDArray[Any]) -> Floats:
    share = wins / n
    return np.asarray(2.0 * share * (1.0 - share))


def rule_of(
    names: Sequence[str], points: Floats, won: Won, halves: NDArray[np.int64], who: str
) -> dict[str, Any]:
    """Where `who` wins, in words, with coverage and density, also of points not used to find it.

    `halves` is 0 or 1 for each point: the rule is found again on half 0 and judged on half 1.
    """
    share = float(won.mean())
    told: dict[str, Any] = {"share_won": share, "bounds": {}, "coverage": None, "density": None}
    told["held_out"] = None
    if share >= EVERYWHERE or share <= NOWHERE:
        where = "nearly everywhere" if share >= EVERYWHERE else "hardly anywhere"
        words = f"{who} wins {where}: in {100 * share:.0f} % of the points."
        return {**told, "words": words, "leaves": []}
    grown = nodes(points, won)
    best = max(grown, key=lambda box: box.score(share))
    told |= {"bounds": _bounds(names, best), "coverage": best.coverage, "density": best.density}
    held = halves == 1
    if 0 < won[~held].sum() < (~held).sum() and won[held].any():
        half = max(
            nodes(points[~held], won[~held]), key=lambda box: box.score(float(won[~held].mean()))
        )
        inside = half.holds(points[held])
        told["held_out"] = {
            "coverage": float(won[held][inside].sum() / won[held].sum()),
            "density": float(won[held][inside].mean()) if inside.any() else None,
        }
    told["leaves"] = [
        {
            "bounds": _bounds(names, box),
            "n": box.n,
            "coverage": box.coverage,
            "density": box.density,
        }
        for box in grown
        if box.leaf
    ]
    where = _in_words(told["bounds"])
    told["words"] = (
        f"{who} wins where {where}: there in {100 * best.density:.0f} % of the points (density), "
        f"which are {100 * best.coverage:.0f} % of all its wins (coverage); over the whole range "
        f"it wins in {100 * share:.0f} %."
        if told["bounds"]
        else f"{who} wins in {100 * share:.0f} % of the points, and no input tells where."
    )
    return told


def _bounds(names: Sequence[str], box: Box) -> dict[str, list[float | None]]:
    """Bounds by name, None where there is none on that side."""
    return {
        name: [None if np.isinf(end) else float(f"{end:.4g}") for end in ends]
        for name, ends in zip(names, zip(box.low, box.high))
        if not all(np.isinf(ends))
    }


def _in_words(bounds: dict[str, list[float | None]]) -> str:
    parts = []
    for name, (low, high) in bounds.items():
        if low is None:
            parts.append(f"{name} is at most {high:g}")
        elif high is None:
            parts.append(f"{name} is above {low:g}")
        else:
            parts.append(f"{name} is between {low:g} and {high:g}")
    return " and ".join(parts)
