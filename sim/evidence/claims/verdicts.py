"""Verdicts from intervals: is an effect as large as matters?

Never from significance alone: an effect that is surely there and surely too small to matter speaks
against a claim.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from sim.evidence.claims.statement import Part
from sim.measures.differences import LEVEL, student_interval

Verdict = Literal["supported", "contradicted", "mixed", "undecided", "not_yet_testable", "told"]

Lost = Literal["turned", "unsure"]

FEWEST = 3
"""Seeds without which nothing is decided: two say next to nothing about how much they differ."""


class Judged(NamedTuple):
    """A mean over seeds with its interval, and what it says against the smallest effect."""

    estimate: float
    low: float
    high: float
    n: int
    verdict: Verdict


def judge(
    sample: Sequence[float], smallest: float, at_least: bool = True, level: float = LEVEL
) -> Judged:
    """What a sample (one value a seed) says: is the effect at least `smallest`?

    Supported where the whole interval is at or beyond it, contradicted where all of it falls short,
    undecided where it holds it, or where there are fewer than `FEWEST` values. With `at_least`
    false the effect has to be at most `smallest`.
    """
    known = [value for value in sample if not math.isnan(value)]
    estimate, low, high = student_interval(known, level)
    return Judged(
        estimate, low, high, len(known), _verdict(len(known), low, high, smallest, at_least)
    )


def judge_part(part: Part, sample: Sequence[float], people: int, level: float = LEVEL) -> Judged:
    """What a sample of a part says in worlds of so many people; too few of them leave it open."""
    judged = judge(sample, part.smallest, part.at_least, level)
    return judged if people > part.least_people else judged._replace(verdict="undecided")


def _verdict(n: int, low: float, high: float, smallest: float, at_least: bool) -> Verdict:
    if n < FEWEST:
        return "undecided"
    if at_least:
        reached, missed = low >= smallest, high < smallest
    else:
        reached, missed = high <= smallest, low > smallest
    return "supported" if reached else "contradicted" if missed else "undecided"


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict on a claim from those on its parts, all of which it says.

    One part supported and another contradicted: mixed. Contradicted parts without a supported one:
    contradicted. All supported: supported. Otherwise undecided.
    """
    found = set(verdicts)
    if {"supported", "contradicted"} <= found or "mixed" in found:
        return "mixed"
    if "contradicted" in found:
        return "contradicted"
    return "supported" if found == {"supported"} else "undecided"


def flips(before: Verdict, after: Verdict) -> bool:
    """Whether a verdict is turned: from supported to contradicted or mixed, or the other way."""
    return before != after and "undecided" not in (before, after)


def lost(before: Verdict, after: Verdict) -> Lost | None:
    """How support is lost: turned into its opposite, or no longer sure; None where it is not."""
    if before != "supported" or after == "supported":
        return None
    return "unsure" if after == "undecided" else "turned"


def family_level(n_parts: int, level: float = LEVEL) -> float:
    """Level of each interval so that all `n_parts` hold together at `level`: 1 − (1 − level)/n.

    Source: Bonferroni; it holds whatever the parts have to do with each other.
    """
    return 1.0 - (1.0 - level) / max(n_parts, 1)
