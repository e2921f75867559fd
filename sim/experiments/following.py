"""What chosen people weighed, and how they stood, seen by living the same run once more.

The event log of a run tells what people read and bought, not what they looked at before deciding.
The same run is made again with the fast engine; before it lets everybody choose, the readable
agents of the people followed decide as well, on the same frozen values, and are asked what they
saw. They leave nothing behind, so the run stays what it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.experiments.store import RunSpec

if TYPE_CHECKING:
    import pandas as pd


#: Beliefs and chances are kept to this many decimals.
_DECIMALS = 4


class Followed(NamedTuple):
    """What was seen of the people followed."""

    looks: pd.DataFrame
    """One row a product weighed: week, consumer, category, merchant, channel, share, sharer,
    price_fen, expected_quality, uncertainty (standard deviation of that belief), chance (of buying
    it, of 1, given what was weighed), chosen."""
    standing: pd.DataFrame
    """One row a week and person: credit (points), tier (3 is an opinion leader), followers,
    market_belief, general_trust (0 to 1 each), wallet_fen."""


def follow(spec: RunSpec, people: Sequence[int], threads: int | None = None) -> Followed:
    """What these people weighed and how they stood in each week of that run."""
    import pandas as pd

    from sim.agents.consumer import ConsumerAgent
    from sim.engines.array_engine import ArrayEngine
    from sim.model import MarketModel
    from sim.world.columns import CHANNELS, NOBODY
    from sim.world.views import view_of

    looks: list[dict[str, Any]] = []

    class Witness(ConsumerAgent):
        """A consumer who decides, tells what was weighed, and leaves no trace in the world."""

        def belief_about(self, category: int, look: Any, heard: Any) -> tuple[float, float]:
            mean, precision = super().belief_about(category, look, heard)
            self.weighed.append((category, look, mean, precision))
            return mean, precision

        def _leave_demand(self, seen: Any, probs: list[float], alpha: float) -> None:
            self.chances += probs

        def tell(self) -> None:
            self.weighed: list[Any] = []
            self.chances: list[float] = []
            orders, *_ = self.choose()
            bought = {(order.category, order.merchant) for order in orders}
            posts, prices = self.model.post_view, self.model.view.merchants.price_fen
            for (category, look, mean, precision), chance in zip(
                self.weighed, self.chances, strict=True
            ):
                shared = look.share != NOBODY
                looks.append(
                    {
                        "week": self.model.week,
                        "consumer": self.row,
                        "category": int(category),
                        "merchant": int(look.merchant),
                        "channel": CHANNELS[look.channel],
                        "share": int(look.share),
                        "sharer": int(posts.sharer[look.share - posts.first_share])
                        if shared
                        else NOBODY,
                        "price_fen": int(prices[look.merchant]),
                        "expected_quality": round(float(mean), _DECIMALS),
                        "uncertainty": round(float(precision) ** -0.5, _DECIMALS),
                        "chance": round(float(chance), _DECIMALS),
                        "chosen": (category, look.merchant) in bought,
                    }
                )

    class WatchedEngine(ArrayEngine):
        """The fast engine, which lets the witnesses look before everybody decides."""

        def choose(self) -> None:
            model.remembered_view = view_of(model.world.remembered)
            for witness in witnesses:
                witness.tell()
            super().choose()

    model = MarketModel(spec.scenario, market=spec.market, rng=spec.seed, threads=threads)
    witnesses = [Witness(model, int(person)) for person in people]
    model.engine = WatchedEngine(model, threads)
    rows = np.asarray(people, dtype=np.int64)
    standing = []
    for week in range(spec.scenario.run.weeks):
        model.step()
        standing.append(_standing(model.world.consumers, rows, week))
    together = pd.concat(standing, ignore_index=True) if standing else pd.DataFrame()
    return Followed(pd.DataFrame(looks), together)


def _standing(consumers: Any, rows: Any, week: int) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "week": week,
            "consumer": rows,
            "credit": consumers.credit_milli[rows] / 1000.0,
            "tier": consumers.tier[rows].astype(np.int64),
            "followers": consumers.followers[rows],
            "market_belief": consumers.market_belief[rows],
            "general_trust": consumers.general_trust[rows],
            "wallet_fen": consumers.wallet_fen[rows],
        }
    )
