"""A run with everything that numbers about it are taken from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.measures.quality import GOOD_QUALITY
from sim.measures.sources import conversion_by
from sim.measures.summary import counted_weeks, outcomes_of_run

if TYPE_CHECKING:
    from sim.experiments.store import RunSpec
    from sim.model import MarketModel
    from sim.scenario import Scenario


@dataclass(frozen=True)
class LivedRun:
    """A run: its scenario and tables, and what no table holds."""

    scenario: Scenario
    market: str
    n_consumers: int
    tables: dict[str, pd.DataFrame]
    joins: pd.DataFrame
    """Consumer, week and inviter of everybody who joined through an invitation."""
    good_turned_away: float
    """Share of the applicants of good quality who may not sell, 0 to 1, when the market opens."""
    founding_audits_fen: int
    """What the platform paid to audit all applicants before week 0; booked in week 0."""

    @property
    def first_week(self) -> int:
        """First week that counts."""
        return counted_weeks(self.weeks, self.scenario.run.warm_up_weeks)[0]

    @property
    def weeks(self) -> int:
        """Number of weeks lived."""
        return self.scenario.run.weeks

    @cached_property
    def outcomes(self) -> dict[str, float]:
        """The outcomes of `sim.measures.summary`."""
        warm_up = self.scenario.run.warm_up_weeks
        return outcomes_of_run(self.tables["weekly"], warm_up, self.n_consumers)

    @cached_property
    def ways(self) -> pd.DataFrame:
        """Reads of product posts in counted weeks and their orders, by channel and layer of tie."""
        return conversion_by(self.counted("exposures"), ["channel", "tie_layer"])

    def counted(self, table: str) -> pd.DataFrame:
        """The rows of a table that belong to counted weeks."""
        rows = self.tables[table]
        return rows[rows["week"] >= self.first_week]


def live(spec: RunSpec, traced: bool) -> LivedRun:
    """The run of that description, made now on one thread."""
    from sim.model import MarketModel

    model = MarketModel(
        spec.scenario, market=spec.market, rng=spec.seed, threads=1, trace=traced, engine="array"
    )
    # later the admitted change their quality and some are delisted, the others never do
    good_turned_away = _good_turned_away(model)
    # the platform begins with nothing, and audits are all that it has paid for by now
    founding_audits_fen = -int(model.world.platform.cash_fen[0])
    for _ in range(spec.scenario.run.weeks):
        model.step()
    tables = model.tables()
    return LivedRun(
        spec.scenario,
        spec.market,
        model.world.n_consumers,
        tables,
        _joins(model, tables) if traced else pd.DataFrame(),
        good_turned_away,
        founding_audits_fen,
    )


def _joins(model: MarketModel, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    shares, people = tables["shares"], model.world.consumers
    consumer = np.flatnonzero(people.joined_share >= 0)
    share = people.joined_share[consumer]
    invited = (shares["kind"] == "invitation").to_numpy()[share]
    consumer, share = consumer[invited], share[invited]
    return pd.DataFrame(
        {
            "consumer": consumer,
            "week": people.joined_week[consumer],
            "inviter": shares["sharer"].to_numpy()[share],
        }
    )


def _good_turned_away(model: MarketModel) -> float:
    merchants = model.world.merchants
    good = merchants.quality >= GOOD_QUALITY
    return float(1.0 - merchants.admitted[good].mean()) if good.any() else float("nan")
