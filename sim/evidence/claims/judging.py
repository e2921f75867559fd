"""The claims board: every claim judged by its runs. The document of `sharesim claims`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.evidence.assumed import changes, plausible_ranges
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.plan import AS_IT_IS, Cell, Plan, Settings, Sizes, Values, arms_of
from sim.evidence.claims.statement import Claim, Part
from sim.evidence.claims.verdicts import Judged, family_level, flips, judge, together
from sim.evidence.measured_runs import MeasuredRuns
from sim.experiments.progress import Progress
from sim.experiments.store import plain_values
from sim.measures.differences import LEVEL
from sim.parameters import Value
from sim.parameters.problems import ScenarioError
from sim.scenario import Scenario, load_scenario

#: Parameters shown with each claim: those that move its main outcome most.
MOST_DECISIVE = 5
#: A move smaller than this many times the luck of one seed is not told from it.
_BEYOND_LUCK = 2.0

#: What a run is called by besides its settings.
_OF_EACH_RUN = ("run.seed", "run.replicates")


class Board:
    """Claims judged on a scenario: `document` for JSON, tables behind it."""

    def __init__(self, scenario: Scenario, claims: Sequence[Claim], sizes: Sizes) -> None:
        self.scenario = scenario
        self.claims = claims
        self.plan = Plan(scenario, claims, sizes)
        n_parts = sum(len(claim.judged) for claim in self.plan.claims)
        self.n_parts = n_parts
        self.level = family_level(n_parts)

    def judge(
        self, runs: MeasuredRuns, jobs: int | None = None, progress: Progress | None = None
    ) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
        """The document and its tables; the runs that are not known yet are made."""
        self.plan.make(runs, jobs, progress)
        self.values = Values(self.plan, runs)
        self.rows: list[dict[str, Any]] = []
        self.screening: list[dict[str, Any]] = []
        claims = [self._claim(claim) for claim in self.claims]
        sizes, small = self.plan.sizes, self.plan.worlds["small"]
        document = {
            "scenario": self.scenario.name,
            "values": plain_values(self.scenario),
            "replicates": sizes.replicates,
            "repeats": min(sizes.repeats, sizes.replicates),
            "screening": {
                "n_consumers": small.population.n_consumers,
                "weeks": small.run.weeks,
                "replicates": sizes.screening_replicates,
                "parameters": len({key for key, _ in self.plan.one_at_a_time}),
            },
            "level": self.level,
            "comparisons": f"{self.n_parts} parts are judged together: each interval has the level "
            f"1 − {1 - LEVEL:.2g}/{self.n_parts} (Bonferroni), so that all hold at once at "
            f"{LEVEL:.0%}. Repeats with an assumption neutralised can only take a verdict away, so "
            f"their intervals have the plain level of {LEVEL:.0%}.",
            "claims": claims,
            "runs": self._runs(),
        }
        tables = {"seeds": pd.DataFrame(self.rows), "screening": pd.DataFrame(self.screening)}
        return document, {name: table for name, table in tables.items() if len(table)}

    def _claim(self, claim: Claim) -> dict[str, Any]:
        main = claim.main
        told: dict[str, Any] = {
            "claim": claim.name,
            "says": claim.says,
            "outcome": main.outcome,
            "unit": main.unit,
            "kind": main.kind,
            "smallest_effect": main.smallest,
            "at_least": main.at_least,
            "why": main.why,
            "against": claim.against,
            "needs": claim.needs,
        }
        if claim.needs is not None:
            nothing = dict.fromkeys(("estimate", "low", "high", "net_of_screening"))
            return (
                told
                | nothing
                | {
                    "verdict": "not_yet_testable",
                    "n": 0,
                    "parts": [],
                    "neutralised": [],
                    "assumed_not_found": False,
                    "decisive": [],
                    "runs": [],
                }
            )
        seeds = self.plan.seeds(self.plan.sizes.replicates)
        found = {part: self._judged(claim, part, seeds) for part in claim.parts}
        verdict = together(found[part].verdict for part in claim.judged)
        few = seeds[: self.plan.sizes.repeats]
        neutralised = [
            self._neutralised(claim, index, found[main], few)
            for index in range(len(claim.favoured_by))
        ]
        return told | {
            "verdict": verdict,
            **_numbers(found[main], verdict=False),
            "net_of_screening": _numbers(found[claim.net]) if claim.net else None,
            "parts": [
                {
                    "outcome": part.outcome,
                    "unit": part.unit,
                    "kind": part.kind,
                    "role": part.role,
                    "smallest_effect": part.smallest,
                    "at_least": part.at_least,
                    "why": part.why,
                    **_numbers(found[part]),
                }
                for part in claim.parts
            ],
            "neutralised": neutralised,
            "assumed_not_found": any(one["flips"] for one in neutralised),
            "decisive": self._decisive(claim),
            "runs": self._keys(claim),
        }

    def _judged(
        self,
        claim: Claim,
        part: Part,
        seeds: range,
        assumption: str = "",
        settings: Settings = AS_IT_IS,
    ) -> Judged:
        sample = self.values.of(part, seeds, settings=settings)
        for seed, value in zip(seeds, sample, strict=True):
            self.rows.append(
                {
                    "claim": claim.name,
                    "outcome": part.outcome,
                    "neutralised": assumption,
                    "seed": seed,
                    "value": value,
                    "runs": " ".join(
                        self.plan.wanted(Cell("whole", settings, arm, seeds), seed).spec.key
                        for arm in arms_of([part])
                    ),
                }
            )
        level = self.level if settings == AS_IT_IS else LEVEL
        return judge(sample, part.smallest, part.at_least, level)

    def _neutralised(
        self, claim: Claim, index: int, before: Judged, seeds: range
    ) -> dict[str, Any]:
        neutral = claim.favoured_by[index]
        settings = self.plan.neutral_settings(neutral.settings)
        parts = {
            part: self._judged(claim, part, seeds, neutral.assumption, settings)
            for part in claim.judged
        }
        main = parts[claim.main]
        return {
            "assumption": neutral.assumption,
            "settings": changes(dict(settings)),
            **_numbers(main),
            "claim_verdict": together(judged.verdict for judged in parts.values()),
            "flips": flips(before.verdict, main.verdict),
        }

    def _decisive(self, claim: Claim) -> list[dict[str, Any]]:
        """The parameters that move the main outcome most, and where they carry it over."""
        part, sizes = claim.main, self.plan.sizes
        if not sizes.screening_replicates:
            return []
        seeds = self.plan.seeds(sizes.screening_replicates)
        base = _mean(self.values.of(part, seeds, "small"))
        luck = self.values.of(part, self.plan.seeds(self.plan.noise_seeds), "small")
        known = [value for value in luck if not math.isnan(value)]
        noise = float(np.std(known, ddof=1)) / math.sqrt(len(seeds)) if len(known) > 1 else 0.0
        now = self.plan.worlds["small"].values()
        ends: dict[str, dict[Value, float]] = {}
        for key, value in self.plan.one_at_a_time:
            estimate = _mean(self.values.of(part, seeds, "small", ((key, value),)))
            ends.setdefault(key, {now[key]: base})[value] = estimate
            self.screening.append(
                {
                    "claim": claim.name,
                    "parameter": key,
                    "value": str(value),
                    "estimate": estimate,
                    "base": base,
                    "luck": noise,
                    "smallest_effect": part.smallest,
                }
            )
        order = {each.key: each.values for each in plausible_ranges()}
        rows = []
        for key, found in ends.items():
            known = [value for value in found.values() if not math.isnan(value)]
            swing = max(known) - min(known) if known else 0.0
            if swing <= _BEYOND_LUCK * noise:
                continue
            low, high = order[key][0], order[key][-1]
            flipped = [
                value
                for value, estimate in found.items()
                if _reached(estimate, part) != _reached(base, part)
            ]
            rows.append(
                {
                    "parameter": key,
                    "low_value": _plain_value(low),
                    "high_value": _plain_value(high),
                    "estimate_at_low": _or_none(found.get(low, base)),
                    "estimate_at_high": _or_none(found.get(high, base)),
                    "estimate_at_default": _or_none(base),
                    "flips_between": [_plain_value(now[key]), _plain_value(flipped[0])]
                    if flipped
                    else None,
                    "swing": swing,
                }
            )
        rows.sort(key=lambda row: (-row["swing"], row["parameter"]))
        return rows[:MOST_DECISIVE]

    def _keys(self, claim: Claim) -> list[str]:
        """Keys of the runs behind a claim's verdict and its repeats."""
        sizes = self.plan.sizes
        seeds = self.plan.seeds(sizes.replicates)
        keys = [
            self.plan.wanted(Cell("whole", AS_IT_IS, arm, seeds), seed).spec.key
            for arm in arms_of(claim.parts)
            for seed in seeds
        ]
        for neutral in claim.favoured_by:
            settings = self.plan.neutral_settings(neutral.settings)
            keys += [
                self.plan.wanted(Cell("whole", settings, arm, seeds), seed).spec.key
                for arm in arms_of(claim.judged)
                for seed in seeds[: sizes.repeats]
            ]
        return list(dict.fromkeys(keys))

    def _runs(self) -> list[dict[str, Any]]:
        """Every run of the whole world, with what differs in it from the scenario of that name."""
        runs: dict[str, dict[str, Any]] = {}
        named = _as_named(self.scenario.name).values()
        for cell in self.plan.cells():
            if cell.world != "whole":
                continue
            for seed in cell.seeds:
                spec = self.plan.wanted(cell, seed).spec
                changed = {
                    key: value
                    for key, value in spec.scenario.values().items()
                    if value != named[key] and key not in _OF_EACH_RUN
                }
                runs.setdefault(
                    spec.key,
                    {
                        "run_key": spec.key,
                        "market": spec.market,
                        "seed": seed,
                        "arm": cell.arm,
                        "settings": changes(changed),
                    },
                )
        return list(runs.values())


def judge_claims(
    scenario: Scenario,
    runs: MeasuredRuns,
    sizes: Sizes | None = None,
    claims: Sequence[Claim] = CLAIMS,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], dict[str, pd.DataFrame]]:
    """The claims board of a scenario and the tables behind it."""
    return Board(scenario, claims, sizes or Sizes()).judge(runs, jobs, progress)


def _as_named(name: str) -> Scenario:
    """The shipped scenario of that name, or the defaults where it was a file."""
    try:
        return load_scenario(name)
    except ScenarioError:
        return Scenario()


def _numbers(judged: Judged, verdict: bool = True) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        "estimate": _or_none(judged.estimate),
        "low": _or_none(judged.low),
        "high": _or_none(judged.high),
        "n": judged.n,
    }
    return numbers | ({"verdict": judged.verdict} if verdict else {})


def _mean(sample: Sequence[float]) -> float:
    known = [value for value in sample if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.nan


def _reached(estimate: float, part: Part) -> bool | None:
    if math.isnan(estimate):
        return None
    return estimate >= part.smallest if part.at_least else estimate <= part.smallest


def _or_none(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _plain_value(value: Value) -> Any:
    return list(value) if isinstance(value, tuple) else value
