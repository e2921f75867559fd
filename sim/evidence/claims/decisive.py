"""What moves a claim most: parameters at the ends of their ranges, one at a time.

Each end is held against the smaller world as it is, on the same seeds. How much of such a change is
luck is learnt from all ends together. Only what luck does not explain is told, at a level that
allows for the number of ends.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

from sim.evidence.assumed import varied_ranges
from sim.evidence.claims.grid import Settings
from sim.evidence.claims.plan import AS_IT_IS, Cell, Plan, Values, arms_of
from sim.evidence.claims.statement import Claim, Part
from sim.evidence.claims.verdicts import family_level
from sim.evidence.told import or_none, plain_value
from sim.parameters import Value

#: Parameters shown with each claim besides those that turn it: those that move it most.
MOST_DECISIVE = 5


class Moved(NamedTuple):
    """The main outcome with one parameter at one end, less that of the world as it is."""

    key: str
    value: Value
    changes: tuple[float, ...]
    """One a seed, where both are defined."""

    @property
    def change(self) -> float:
        """Mean over seeds."""
        return mean(self.changes)

    @property
    def settings(self) -> Settings:
        """What is set at that end."""
        return ((self.key, self.value),)


class Screening:
    """One claim over all ends: `rows` for its document, `table` with every end."""

    def __init__(self, claim: Claim, plan: Plan, values: Values) -> None:
        self.part, self.plan = claim.main, plan
        self.seeds = plan.seeds(plan.sizes.screening_replicates)
        as_it_is = values.of(self.part, self.seeds, "small")
        self.base = mean(values.of(self.part, plan.seeds(plan.base_seeds), "small"))
        self.moved = [
            Moved(
                key,
                value,
                tuple(
                    there - here
                    for there, here in zip(
                        values.of(self.part, self.seeds, "small", ((key, value),)), as_it_is
                    )
                    if not math.isnan(there - here)
                ),
            )
            for key, value in plan.one_at_a_time
        ]
        self.beyond_luck = _beyond_luck(self.moved, len(self.seeds))
        self.table = [self._end(claim.name, one) for one in self.moved]

    @property
    def n_known(self) -> int:
        """Ends at which the outcome is known on every seed."""
        return sum(len(one.changes) == len(self.seeds) for one in self.moved)

    def rows(self) -> list[dict[str, Any]]:
        """The parameters that surely move the outcome, by how much, and where they turn it.

        Those of the largest swing, and every one that turns it, be its swing ever so small.
        """
        now = self.plan.worlds["small"].values()
        ends: dict[str, list[Moved]] = {}
        for one in self.moved:
            ends.setdefault(one.key, []).append(one)
        order = {each.key: each.values for each in varied_ranges(self.plan.worlds["small"])}
        rows = []
        for key, found in ends.items():
            if not any(self._sure(one) for one in found):
                continue
            estimates = {one.value: self.base + one.change for one in found}
            low, high = order[key][0], order[key][-1]
            known = [0.0, *(one.change for one in found if one.changes)]
            turning = [one for one in found if self._sure(one) and self._turns(one)]
            turned = min(turning, key=self._way, default=None)
            rows.append(
                {
                    "parameter": key,
                    "default": plain_value(now[key]),
                    "low_value": plain_value(low),
                    "high_value": plain_value(high),
                    "estimate_at_low": or_none(estimates.get(low, self.base)),
                    "estimate_at_high": or_none(estimates.get(high, self.base)),
                    "estimate_at_default": or_none(self.base),
                    "flips_between": [plain_value(now[key]), plain_value(turned.value)]
                    if turned
                    else None,
                    "flips_near": self._near(now[key], turned) if turned else None,
                    "swing": max(known) - min(known),
                    "runs": [
                        key
                        for settings in (AS_IT_IS, *(one.settings for one in found))
                        for key in self._keys(settings)
                    ],
                }
            )
        rows.sort(key=lambda row: (-row["swing"], row["parameter"]))
        return rows[:MOST_DECISIVE] + [row for row in rows[MOST_DECISIVE:] if row["flips_between"]]

    def _sure(self, one: Moved) -> bool:
        return len(one.changes) == len(self.seeds) and abs(one.change) > self.beyond_luck

    def _turns(self, one: Moved) -> bool:
        return _reached(self.base + one.change, self.part) != _reached(self.base, self.part)

    def _way(self, one: Moved) -> float:
        """Share of the way to that end at which it turns; a choice has no way before its end."""
        if not _is_number(one.value):
            return 1.0
        return way_to_turn(self.base, self.base + one.change, self.part.smallest)

    def _near(self, now: Value, one: Moved) -> float | None:
        """Where a straight line from the default to the end crosses what has to be reached."""
        if not _is_number(one.value):
            return None
        assert isinstance(now, int | float) and isinstance(one.value, int | float)
        return float(f"{now + self._way(one) * (one.value - now):.3g}")

    def _end(self, claim: str, one: Moved) -> dict[str, Any]:
        return {
            "claim": claim,
            "parameter": one.key,
            "value": str(one.value),
            "estimate": self.base + one.change,
            "base": self.base,
            "change": one.change,
            "beyond_luck": self.beyond_luck,
            "smallest_effect": self.part.smallest,
            "runs": " ".join(self._keys(one.settings)),
        }

    def _keys(self, settings: Settings) -> list[str]:
        n = self.plan.base_seeds if settings == AS_IT_IS else len(self.seeds)
        return [
            self.plan.wanted(Cell("small", settings, arm, self.seeds), seed).spec.key
            for arm in arms_of([self.part])
            for seed in self.plan.seeds(n)
        ]


def way_to_turn(here: float, there: float, needed: float) -> float:
    """Share of the way between two estimates at which a straight line crosses what is needed."""
    return (needed - here) / (there - here)


def mean(sample: Sequence[float]) -> float:
    """Mean of the values that are defined; NaN where none is."""
    known = [value for value in sample if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.nan


def _beyond_luck(moved: Sequence[Moved], n_seeds: int) -> float:
    """How large a mean change has to be so that luck explains none of all the ends, at 95 %.

    t·√(2σ²/n), with t at the Bonferroni level of the number of ends that change anything. A change
    has the luck σ of its own runs and that of the runs it is held against; the latter is common to
    all ends on a seed, so σ² is what is left between ends and seeds once the means of both are
    taken out.
    """
    found = [one.changes for one in moved if len(one.changes) == n_seeds and any(one.changes)]
    freedom = (len(found) - 1) * (n_seeds - 1)
    if freedom < 1:
        return math.inf
    changes = np.array(found)
    left = changes - changes.mean(0) - changes.mean(1, keepdims=True) + changes.mean()
    variance = float((left**2).sum()) / freedom
    quantile = float(stats.t.ppf(0.5 + 0.5 * family_level(len(found)), freedom))
    return quantile * math.sqrt(2.0 * variance / n_seeds)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _reached(estimate: float, part: Part) -> bool | None:
    if math.isnan(estimate):
        return None
    return estimate >= part.smallest if part.at_least else estimate <= part.smallest
