"""What can be had of two objectives at once: the values that no other value beats in both."""

import numpy as np
from numpy.typing import NDArray

from sim.experiments.tuning.optimum import HIGH, LOW, Response

_MOST = 15
"""Points of a front that are told."""


def front(first: Response, second: Response) -> list[dict[str, float | int]]:
    """Places that are allowed and not dominated, from the best of the first to that of the second.

    Each has its index `place` and, for both objectives, estimate and 95 % interval.
    """
    allowed = np.nonzero(first.allowed)[0]
    heights = np.column_stack([first.estimate, second.estimate])
    kept = allowed[_undominated(heights[allowed])]
    order = kept[np.argsort(-heights[kept, 0], kind="stable")]
    if len(order) > _MOST:
        order = order[np.unique(np.linspace(0, len(order) - 1, _MOST).round().astype(int))]
    rows = []
    for place in order:
        row: dict[str, float | int] = {"place": int(place)}
        for name, response in (("first", first), ("second", second)):
            low, high = np.percentile(response.draws[:, place], [LOW, HIGH])
            row[f"{name}_estimate"] = float(response.estimate[place])
            row[f"{name}_low"], row[f"{name}_high"] = float(low), float(high)
        rows.append(row)
    return rows


def _undominated(heights: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Rows that no other row matches or beats in both columns with one of them beaten."""
    as_good = (heights[None, :, :] >= heights[:, None, :]).all(axis=2)
    better = (heights[None, :, :] > heights[:, None, :]).any(axis=2)
    return np.asarray(~(as_good & better).any(axis=1))
