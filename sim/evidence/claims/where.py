"""Where claims hold: things they say, asked again over grids of what decides about them.

The share of fake reviews goes beyond what is plausible, to look for a boundary.
"""

from __future__ import annotations

from dataclasses import replace

from sim.evidence.claims.about_goods import C1, C3, C10
from sim.evidence.claims.about_sharing import C6
from sim.evidence.claims.arms import breadth, frequency
from sim.evidence.claims.statement import (
    Axis,
    Map,
    Part,
    Reference,
    Setting,
    Step,
    fixed,
    less,
    level,
)
from sim.parameters import Value
from sim.scenario import Scenario

#: Weeks of a short run, few of them after the start.
A_HALF_YEAR = 26


def _steps(key: str, values: dict[str, Value]) -> tuple[Step, ...]:
    """Values of a parameter, each by its words."""
    return tuple(Step(words, _one(key, value)) for words, value in values.items())


def _one(key: str, value: Value) -> Setting:
    return lambda scenario: {key: value}


def _half_year(scenario: Scenario) -> dict[str, Value]:
    return {"run.weeks": min(A_HALF_YEAR, scenario.run.weeks)}


_ENTRY = Axis(
    "pace of entry (sellers a round, of those there are, at a profit as high as fixed cost)",
    _steps("merchants.entry_pace", {"5 %": 0.05, "15 %": 0.15, "50 %": 0.5}),
)
_COST = Axis(
    "correlation of quality and cost",
    _steps(
        "merchants.quality_cost_correlation",
        {"0.3": 0.3, "0.5": 0.5, "0.6": 0.6, "0.7": 0.7, "0.9": 0.9},
    ),
)
_FAKES = Axis(
    "share of reviews that are fake",
    _steps("reviews.fake_share", {"0 %": 0.0, "15 %": 0.15, "30 %": 0.3, "60 %": 0.6}),
)
_TRUSTED = Axis(
    "people whom a person trusts",
    _steps("network.mean_degree", {"20": 20.0, "50": 50.0, "85": 85.0, "150": 150.0}),
)
_REWARD = Axis(
    "reward",
    (
        *_steps(
            "referral.reward_rate",
            {"0 %": 0.0, "3 %": 0.03, "12 %": 0.12, "20 %": 0.2, "30 %": 0.3},
        ),
        Step(
            "30 %, half of it for the buyer",
            fixed(referral__reward_rate=0.3, referral__receiver_share=0.5),
        ),
        Step(
            "30 %, not disclosed",
            fixed(referral__reward_rate=0.3, referral__disclosed=False),
        ),
    ),
)
_HORIZON = Axis(
    "how long",
    (
        Step("all weeks", fixed()),
        Step("the first half-year", _half_year),
    ),
)
_NEEDS = Axis(
    "needs of a person",
    (
        Step("× 0.5", lambda scenario: frequency(scenario, 0.5)),
        Step("× 1", fixed()),
        Step("× 1.5", lambda scenario: frequency(scenario, 1.5)),
    ),
)
_KINDS = Axis(
    "kinds of goods",
    (
        Step("× 0.5", lambda scenario: breadth(scenario, 0.5)),
        Step("× 1", fixed()),
        Step("× 2", lambda scenario: breadth(scenario, 2.0)),
    ),
)
_TASTE = Axis(
    "weight of taste",
    _steps("demand.match_value", {"0.5": 0.5, "1.5": 1.5, "4": 4.0}),
)
_BROAD = (_NEEDS.steps[0].settings, _TASTE.steps[-1].settings, _KINDS.steps[-1].settings)
"""Goods that are needed rarely, of many kinds, and a matter of taste."""


def _pays_more(cell: Scenario, usual: Scenario) -> bool:
    """Whether more is paid in a cell than usual, in money."""
    pays = not cell.referral.symbolic
    return pays and cell.referral.reward_rate > usual.referral.reward_rate


def _at_any_reward(part: Part, outcome: str) -> Map:
    """A part of C6, which holds a high reward against the usual one, at any reward."""
    (one, arm, number), (weight, usual, _) = part.terms
    assert one == 1.0 and (arm, usual) == ("referral, high reward", "referral, screened")
    return Map(
        "by the reward and how it is paid, in the long and in the short run",
        replace(part, outcome=outcome, terms=level(usual, number)),
        (_REWARD, _HORIZON),
        Reference(-weight, (fixed(), None)),
        _pays_more,
    )


_AT_ANY_REWARD = (
    "trust in ties less that at the usual reward",
    "share of reads that are useless less that at the usual reward",
    "orders per read less nine tenths of those at the usual reward",
    "share of ties muted less that at the usual reward",
)

MAPS: dict[str, tuple[Map, ...]] = {
    "C1": (
        Map(
            "by how much dearer better goods are, and how fast sellers enter",
            replace(
                next(part for part in C1.parts if part.role == "net"),
                outcome="quality sold less quality on offer, referral less ads, net of screening",
            ),
            (_COST, _ENTRY),
        ),
    ),
    "C3": tuple(
        Map(
            "by how many reviews are fake, and how many people one trusts", part, (_FAKES, _TRUSTED)
        )
        for part in C3.judged
    ),
    "C6": tuple(
        _at_any_reward(part, outcome)
        for part, outcome in zip(C6.judged, _AT_ANY_REWARD, strict=True)
    ),
    "C10": (
        Map(
            "by how often goods are needed, how many kinds there are, and how much taste counts",
            replace(
                C10.main,
                outcome="households' gain per 100 yuan spent, referral less ads: these goods less "
                "a broad range",
                terms=less("referral, screened", "ads, screened", "household_per_100_yuan"),
            ),
            (_NEEDS, _TASTE, _KINDS),
            Reference(1.0, _BROAD),
        ),
    ),
}
"""Of each claim the maps that are asked for."""
