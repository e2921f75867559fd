"""What tunings of the reward rate found: one objective at a short and a long horizon."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app_parts.analyses import Stored, analyses
from app_parts.language import has_text, t
from sim.experiments.errors import StoreError
from sim.measures.summary import counted_weeks

if TYPE_CHECKING:
    import pandas as pd

LEVER = "referral.reward_rate"
_SHARED_OBJECTIVES = (
    "consumer_surplus",
    "household_gain",
    "household_gain_net",
    "gmv",
    "sharer_income",
    "good_merchant_profit",
    "total_welfare",
)
OBJECTIVES = {
    "referral": ("platform_profit", *_SHARED_OBJECTIVES),
    "hybrid": ("sharing_profit", *_SHARED_OBJECTIVES),
}
"""Objectives that can be asked for, by the market that is tuned: the sharing platform alone, or
beside an ad platform."""
CONSTRAINTS = ("", "mean_tie_trust>=0.55", "muted_share<=0.05", "reward_budget<=0.03")
"""Constraints that can be asked for; the first is none."""
_MONEY = "fen per consumer"


@dataclass(frozen=True)
class Tuned:
    """One objective of a stored tuning of the reward rate."""

    stored: Stored
    objective: str

    @property
    def key(self) -> str:
        """A name that stays, also in links."""
        return f"{self.stored.name}:{self.objective}"

    @property
    def document(self) -> Mapping[str, Any]:
        """What the command found."""
        return self.stored.document

    @property
    def name(self) -> str:
        """Name of the objective, and where the sharing platform stands if not alone."""
        name = objective_name(self.objective)
        return t("reward.beside", name=name) if self.document["market"] == "hybrid" else name

    @property
    def label(self) -> str:
        """What it is about, in words."""
        bounds = [constraint_name(one["text"]) for one in self.document["constraints"]]
        parts = [self.name, *bounds]
        if not self.stored.published:
            parts.append(t("reward.own"))
        return " · ".join(parts)

    @property
    def in_money(self) -> bool:
        """Whether the objective is an amount of money, told in yuan per person and week."""
        units = {one["text"]: one["unit"] for one in self.document["objectives"]}
        return bool(units.get(self.objective) == _MONEY)

    def at(self, horizon: int) -> Mapping[str, Any]:
        """Where the objective is best at that horizon."""
        return next(
            dict(one)
            for one in self.document["each_objective"]
            if one["objective"] == self.objective and one["horizon"] == horizon
        )

    @property
    def horizons(self) -> tuple[int, ...]:
        """Horizons in weeks, the shortest first."""
        return tuple(self.document["horizons"])

    def scale(self, horizon: int) -> float:
        """From the unit of the document to yuan per person and counted week."""
        if not self.in_money:
            return 1.0
        first, end = counted_weeks(horizon, int(self.document["values"]["run.warm_up_weeks"]))
        return 0.01 / max(end - first, 1)

    def response(self, horizon: int) -> "pd.DataFrame":
        """The response: reward rate, estimate, low, high, allowed; in the unit of `scale`."""
        table = self.stored.table("response")
        rows = table[(table["objective"] == self.objective) & (table["horizon"] == horizon)]
        rows = rows.sort_values(LEVER).reset_index(drop=True)
        names = ["estimate", "low", "high"]
        rows[names] = rows[names] * self.scale(horizon)
        return rows


def tunings() -> list[Tuned]:
    """Every stored tuning of the reward rate alone, an entry an objective."""
    found = []
    for stored in analyses("tune"):
        try:
            document = stored.document
            if [lever["key"] for lever in document["levers"]] != [LEVER]:
                continue
            if document["market"] not in OBJECTIVES:
                continue
            found += [Tuned(stored, one["text"]) for one in document["objectives"]]
        except (KeyError, TypeError, StoreError):
            continue
    return found


def objective_name(text: str) -> str:
    """Name of an objective; a sum of one's own goes by its formula."""
    key = f"objective.{text}"
    return t(key) if has_text(key) else text


def constraint_name(text: str) -> str:
    """A constraint in words; one of one's own goes by its formula."""
    for sign, word in ((">=", "least"), ("<=", "most")):
        name, found, bound = text.partition(sign)
        if found and has_text(f"constraint.{name}"):
            return t(f"constraint.{word}", name=t(f"constraint.{name}"), bound=bound)
    return text
