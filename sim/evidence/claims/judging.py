"""The claims board: every claim judged by its runs. The document of `sharesim claims`."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

import pandas as pd

from sim.evidence.assumed import changes
from sim.evidence.claims.board import CLAIMS
from sim.evidence.claims.decisive import Screening
from sim.evidence.claims.grid import Settings, maps_of
from sim.evidence.claims.mapped import Mapped
from sim.evidence.claims.plan import AS_IT_IS, Cell, Plan, Sizes, Values, arms_of
from sim.evidence.claims.statement import Claim, Neutral, Part
from sim.evidence.claims.verdicts import Judged, family_level, judge_part, lost, together
from sim.evidence.measured_runs import MeasuredRuns
from sim.evidence.told import or_none, set_beside_name
from sim.experiments.progress import Progress
from sim.experiments.store import plain_values
from sim.experiments.versions import code_version
from sim.measures.differences import LEVEL
from sim.scenario import Scenario


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
        self.mapped: list[dict[str, Any]] = []
        claims = [self._claim(claim) for claim in self.claims]
        sizes, small = self.plan.sizes, self.plan.worlds["small"]
        document = {
            "scenario": self.scenario.name,
            "values": plain_values(self.scenario),
            "code": code_version(),
            "replicates": sizes.replicates,
            "repeats": min(sizes.repeats, sizes.replicates),
            "screening": {
                "n_consumers": small.population.n_consumers,
                "weeks": small.run.weeks,
                "replicates": sizes.screening_replicates,
                "parameters": len({key for key, _ in self.plan.one_at_a_time}),
            },
            "map_replicates": sizes.of_maps,
            "level": self.level,
            "comparisons": f"{self.n_parts} parts are judged together: each interval has the level "
            f"1 − {1 - LEVEL:.2g}/{self.n_parts} (Bonferroni), so that all hold at once at "
            f"{LEVEL:.0%}. Repeats with an assumption taken away have the same level.",
            "claims": claims,
            "runs": self._runs({key for claim in claims for key in _behind(claim)}),
        }
        tables = {
            "seeds": pd.DataFrame(self.rows),
            "screening": pd.DataFrame(self.screening),
            "maps": pd.DataFrame(self.mapped),
        }
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
                    "ends_known": 0,
                    "decisive": [],
                    "maps": [],
                    "runs": [],
                }
            )
        seeds = self.plan.seeds(self.plan.sizes.replicates)
        found = {part: self._judged(claim, part, seeds) for part in claim.parts}
        verdict = together(found[part].verdict for part in claim.judged)
        neutralised = [self._neutralised(claim, neutral, seeds) for neutral in claim.favoured_by]
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
                    "by_seed": [or_none(value) for value in self.values.of(part, seeds)],
                }
                for part in claim.parts
            ],
            "neutralised": neutralised,
            "assumed_not_found": any(one["flips"] for one in neutralised),
            **self._varied(claim),
            "maps": self._maps(claim),
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
        return self._verdict(part, sample)

    def _verdict(self, part: Part, sample: Sequence[float]) -> Judged:
        return judge_part(part, sample, self.scenario.population.n_consumers, self.level)

    def _neutralised(self, claim: Claim, neutral: Neutral, seeds: range) -> dict[str, Any]:
        """Each judged part without that assumption, held against the same seeds with it."""
        settings = self.plan.neutral_settings(neutral.settings)
        few = seeds[: self.plan.sizes.repeats]
        without = {
            part: self._judged(claim, part, few, neutral.assumption, settings)
            for part in claim.judged
        }
        parts = [
            {
                "outcome": part.outcome,
                "role": part.role,
                **_numbers(judged),
                "lost": lost(
                    self._verdict(part, self.values.of(part, few)).verdict, judged.verdict
                ),
            }
            for part, judged in without.items()
        ]
        return {
            "assumption": neutral.assumption,
            "settings": changes(dict(settings)),
            **_numbers(without[claim.main]),
            "parts": parts,
            "flips": any(part["lost"] == "turned" for part in parts),
        }

    def _varied(self, claim: Claim) -> dict[str, Any]:
        """The parameters that move the main outcome most, and where they carry it over."""
        if not self.plan.sizes.screening_replicates:
            return {"ends_known": 0, "decisive": []}
        screening = Screening(claim, self.plan, self.values)
        self.screening += screening.table
        return {"ends_known": screening.n_known, "decisive": screening.rows()}

    def _maps(self, claim: Claim) -> list[dict[str, Any]]:
        """Where the claim holds, map by map."""
        if not self.plan.sizes.of_maps:
            return []
        maps = [
            Mapped(claim.name, asked, self.plan, self.values)
            for asked in maps_of(claim, self.scenario)
        ]
        self.mapped += [row for one in maps for row in one.table]
        return [one.document for one in maps]

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

    def _runs(self, keys: Container[str]) -> list[dict[str, Any]]:
        """Those of these keys, each with what differs in it from the scenario of that name."""
        runs: dict[str, dict[str, Any]] = {}
        for cell in self.plan.cells():
            for seed in cell.seeds:
                wanted = self.plan.wanted(cell, seed)
                key = wanted.spec.key
                if key in keys and key not in runs:
                    runs[key] = {
                        "run_key": key,
                        "market": wanted.spec.market,
                        "seed": seed,
                        "arm": cell.arm,
                        "traced": wanted.traced,
                        "settings": set_beside_name(wanted.spec.scenario),
                    }
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


def _behind(claim: Mapping[str, Any]) -> list[str]:
    """Keys of all runs behind what is told of a claim."""
    cells = [cell for one in claim["maps"] for cell in one["cells"]]
    return [*claim["runs"], *(key for row in [*claim["decisive"], *cells] for key in row["runs"])]


def _numbers(judged: Judged, verdict: bool = True) -> dict[str, Any]:
    numbers: dict[str, Any] = {
        "estimate": or_none(judged.estimate),
        "low": or_none(judged.low),
        "high": or_none(judged.high),
        "n": judged.n,
    }
    return numbers | ({"verdict": judged.verdict} if verdict else {})
