"""Which rows of a large event log are kept: those of whole cascades and of whole consumers.

A cascade and a consumer are each kept by a keyed draw of their own, so that the same ones are kept
by any engine and on any number of threads. Kept are then

* of a cascade that is kept, every share, read, order and movement of money, and the order that the
  first share is about;
* of a consumer who is kept, every read, order, paid click, movement of money and share;
* the shares on the way from an order that is kept back to the first share;
* what merchants and platforms pay for no order, except clicks of consumers who are not kept.

The table of cascades holds the cascades that are kept, and no others. Numbers of reads, orders and
fen of a share are those of all people, kept or not.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import draws
from sim.world.columns import NOBODY

LARGEST_WHOLE = 100_000
"""Most consumers whose event log is kept whole."""


def sampling_rate(n_consumers: int) -> float:
    """Return the share of cascades, and of consumers, whose rows are kept: 1 keeps the whole log.

    Above `LARGEST_WHOLE` consumers it falls so that the log stays as large as theirs.
    """
    return min(1.0, LARGEST_WHOLE / max(n_consumers, 1))


def kept_consumers(seed: int, consumer: NDArray[Any], rate: float) -> NDArray[np.bool_]:
    """Return which of the consumers are kept whole."""
    return _kept(seed, consumer, draws.LOG_CONSUMER, rate)


def kept_cascades(seed: int, root_share: NDArray[Any], rate: float) -> NDArray[np.bool_]:
    """Return of which of the root shares the cascades are kept whole."""
    return _kept(seed, root_share, draws.LOG_CASCADE, rate)


def of_kept_consumers(table: pd.DataFrame, manifest: Any, column: str = "consumer") -> pd.DataFrame:
    """Return the rows of an event log that belong to consumers kept whole: a fair sample of all.

    ``manifest`` is that of the run, with its `seed` and `log_sampling_rate`.
    """
    rate = float(manifest["log_sampling_rate"])
    return table[kept_consumers(int(manifest["seed"]), table[column].to_numpy(), rate)]


def of_kept_cascades(shares: pd.DataFrame, manifest: Any) -> pd.DataFrame:
    """Return the shares that belong to cascades kept whole: a fair sample of all."""
    rate = float(manifest["log_sampling_rate"])
    root = shares["root_share"].to_numpy()
    return shares[kept_cascades(int(manifest["seed"]), root, rate)]


def _kept(seed: int, who: NDArray[Any], purpose: int, rate: float) -> NDArray[np.bool_]:
    if rate >= 1.0:
        return np.ones(len(who), dtype=np.bool_)
    ids = np.array(who, dtype=np.int64)  # a copy: columns of tables may be read-only
    return draws.uniform_column(seed, ids, NOBODY, 0, purpose) < rate
