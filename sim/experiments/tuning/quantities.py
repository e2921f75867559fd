"""What a run can be judged by: its outcomes at a horizon, and weighted sums of them.

A run of 104 weeks tells the short run as well: its first 12 weeks are those of a run of 12 weeks.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiments.checks import outcome_named
from sim.experiments.errors import RunError
from sim.measures.quality import GOOD_QUALITY
from sim.measures.rates import meets_pyramid_rule
from sim.measures.summary import OUTCOMES, counted_weeks, outcomes_of_run

if TYPE_CHECKING:
    import pandas as pd

GOOD_MERCHANTS = "good_merchant_profit_fen"
"""The one quantity that needs the table of merchants."""

MORE = {
    GOOD_MERCHANTS: "fen per consumer",
    "total_welfare_fen": "fen per consumer",
    "reward_budget": "share of sales",
    "pyramid": "1 where the pyramid rule is met, 0 where not",
}
"""Quantities of a run besides its outcomes, with unit."""

QUANTITIES: Mapping[str, str] = {**OUTCOMES, **MORE}
"""Unit of everything that can be an objective or be constrained."""

_LEAST_WEIGHT, _MOST_WEIGHT, _FARTHEST_BOUND = 1e-9, 1e9, 1e15
"""What sums and differences of outcomes can be computed with."""

_TERM = re.compile(r"([+-]?)\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*\*\s*)?([A-Za-z_]\w*)\s*")
_CONSTRAINT = re.compile(r"\s*([A-Za-z_]\w*)\s*(>=|<=|>|<)\s*([^\s<>=]+)\s*")
_NEVER_NEGATIVE = ("share", "trust", "index", "quality, 0 to 1", "1 where")


@dataclass(frozen=True)
class Objective:
    """A weighted sum of quantities; more is better."""

    text: str
    terms: tuple[tuple[float, str], ...]

    @property
    def name(self) -> str:
        """The full name of the quantity where there is but one, else the text."""
        (weight, name), *others = self.terms
        return self.text if others or weight != 1.0 else name

    @property
    def unit(self) -> str:
        """Unit of the sum, where its terms agree."""
        units = {QUANTITIES[name] for _, name in self.terms}
        return units.pop() if len(units) == 1 else "weighted sum"

    def of(self, quantities: Mapping[str, float]) -> float:
        """The sum of a run, in `unit`."""
        return math.fsum(weight * quantities[name] for weight, name in self.terms)


@dataclass(frozen=True)
class Constraint:
    """A bound on the mean of a quantity over runs."""

    quantity: str
    at_least: bool
    bound: float

    @property
    def text(self) -> str:
        """The constraint as it is written."""
        return f"{self.quantity}{'>=' if self.at_least else '<='}{self.bound:g}"

    @property
    def sign(self) -> float:
        """1 where more of the quantity is wanted, -1 where less."""
        return 1.0 if self.at_least else -1.0


def objective_of(text: str) -> Objective:
    """The objective written as ``2*consumer_surplus+platform_profit``; RunError if it is none."""
    terms: list[tuple[float, str]] = []
    place = 0
    stripped = text.strip()
    while place < len(stripped):
        found = _TERM.match(stripped, place)
        if found is None or (terms and not found[1]):
            example = "2*consumer_surplus+platform_profit"
            raise RunError(f"objective {text!r}: is no weighted sum of outcomes, like {example}")
        weight = float(found[2] or 1.0) * (-1.0 if found[1] == "-" else 1.0)
        terms.append((weight, outcome_named(found[3], QUANTITIES)))
        place = found.end()
    for size in (abs(weight) for weight, _ in terms):
        if size and not _LEAST_WEIGHT <= size <= _MOST_WEIGHT:
            problem = f"the weight {size:g} is too {'large' if size > 1 else 'small'}"
            hint = f"stay between {_LEAST_WEIGHT:g} and {_MOST_WEIGHT:g}"
            raise RunError(f"objective {text!r}: {problem}: {hint}")
    if not terms or all(weight == 0.0 for weight, _ in terms):
        raise RunError(f"objective {text!r}: names no outcome")
    return Objective(stripped, tuple(terms))


def constraint_of(text: str) -> Constraint:
    """The constraint written as ``mean_tie_trust>=0.55``; RunError if it is none."""
    found = _CONSTRAINT.fullmatch(text)
    try:
        bound = float(found[3]) if found else math.nan
    except ValueError:
        bound = math.nan
    if found is None or not math.isfinite(bound):
        raise RunError(f"constraint {text!r}: is no bound, like mean_tie_trust>=0.55")
    if abs(bound) > _FARTHEST_BOUND:
        problem = "no outcome comes near its bound"
        raise RunError(f"constraint {text!r}: {problem}: stay within {_FARTHEST_BOUND:g}")
    return Constraint(outcome_named(found[1], QUANTITIES), found[2].startswith(">"), bound)


def check_together(constraints: "list[Constraint]") -> None:
    """Refuse constraints that nothing can keep, all mistakes at once."""
    mistakes = []
    for each in constraints:
        unit = QUANTITIES[each.quantity]
        bounded = unit.startswith(_NEVER_NEGATIVE) and each.quantity != "quality_sold_minus_offered"
        if bounded and (each.bound > 1.0 if each.at_least else each.bound < 0.0):
            mistakes.append(f"constraint {each.text}: can never hold: it lies between 0 and 1")
    for low in constraints:
        for high in constraints:
            same = low.quantity == high.quantity and low.at_least and not high.at_least
            if same and low.bound > high.bound:
                mistakes.append(f"constraints {low.text} and {high.text}: contradict each other")
    if mistakes:
        raise RunError(*mistakes)


def quantities_at(
    horizon: int,
    weekly: "pd.DataFrame",
    merchants: "pd.DataFrame | None",
    values: Mapping[str, Any],
    n_consumers: int,
) -> dict[str, float]:
    """Every quantity of the first `horizon` weeks of a run, in the units of `QUANTITIES`.

    total welfare = household gain + merchants' profit + platform profit. Reward budget = (senders'
    and receivers' rewards) / sales. The pyramid rule counts members as participants and
    `referral.levels` as levels where a reward is paid. Without the table of merchants the profit of
    good ones is NaN.
    """
    warm_up = int(values["run.warm_up_weeks"])
    found = outcomes_of_run(weekly[weekly["week"] < horizon], warm_up, n_consumers)
    found["total_welfare_fen"] = math.fsum(
        found[name] for name in ("household_gain_fen", "merchant_profit_fen", "platform_profit_fen")
    )
    sales = found["gmv_fen"]
    rewards = found["sharer_income_fen"] + _receivers_rewards(found, values)
    found["reward_budget"] = rewards / sales if sales else math.nan
    found["pyramid"] = float(meets_pyramid_rule(found, int(values["referral.levels"])))
    found[GOOD_MERCHANTS] = math.nan
    if merchants is not None and n_consumers:
        first, _ = counted_weeks(horizon, warm_up)
        week = merchants["week"]
        good = merchants["quality"] >= GOOD_QUALITY
        profits = merchants.loc[good & (week >= first) & (week < horizon), "profit_fen"]
        found[GOOD_MERCHANTS] = math.fsum(profits) / n_consumers
    return found


def _receivers_rewards(found: Mapping[str, float], values: Mapping[str, Any]) -> float:
    """What buyers were credited beyond the rebate, in fen per consumer.

    Both parts of a reward fall on the same orders, so that of the senders tells the other. Where
    senders get nothing it is what is credited beyond the rebate on sales that were not refunded;
    these are told to within the rebates that had been used on refunded ones.
    """
    share, senders = float(values["referral.receiver_share"]), found["sharer_income_fen"]
    if share == 0.0 or values["referral.symbolic"]:
        return 0.0
    if senders > 0.0 and share < 1.0:
        return senders * share / (1.0 - share)
    rebate = float(values["referral.rebate_rate"]) * (found["gmv_fen"] - found["refund_fen"])
    return max(0.0, found["rebate_fen"] - rebate)
