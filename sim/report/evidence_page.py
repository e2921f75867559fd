"""The page docs/evidence.md: every number in it comes from stored documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.evidence.sources import sources_table
from sim.report.claim_maps import maps_text
from sim.report.data_text import data_text
from sim.report.estimates import interval, number
from sim.report.findings import (
    VERDICTS,
    alike,
    claims_findings,
    field_findings,
    losing_findings,
    reward_findings,
    side_findings,
)
from sim.report.markdown import table
from sim.report.world_size import world_size

Document = Mapping[str, Any]


class Stored(NamedTuple):
    """The documents that the page is made of; those not there yet are None."""

    claims: Document | None
    validation: Document | None
    calibration: Document | None
    tunings: Sequence[Document]
    comparisons: Sequence[Document]


def filled(page: str, stored: Stored) -> str:
    """The page with every block between its markers made anew; other blocks stay."""
    blocks = {
        "findings": _findings(stored),
        "claims": _claims(stored.claims),
        "neutralised": _neutralised(stored.claims),
        "maps": maps_text(stored.claims),
        "decisive": _decisive(stored.claims),
        "validation": _validation(stored.validation),
        "calibration": _calibration(stored.calibration),
        "data": data_text(),
        "sources": sources_table(),
    }
    for name, text in blocks.items():
        marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        page, found = marked.subn(lambda m, text=text: m[1] + text + "\n" + m[2], page)  # type: ignore[misc]
        if found != 1:
            raise ValueError(f"docs/evidence.md: has {found} blocks {name} instead of one")
    return page


def _findings(stored: Stored) -> str:
    lines = [
        *claims_findings(stored.claims),
        *losing_findings(stored.comparisons),
        *side_findings(stored.comparisons),
        *field_findings(stored.validation),
    ]
    told = [reward_findings(stored.tunings), "\n".join(f"* {line}" for line in lines)]
    return "\n\n".join(part for part in told if part) or "Nothing is stored yet."


def _claims(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    rows = [
        [
            f"**{claim['claim']}** {claim['says']}" if first else "",
            VERDICTS[claim["verdict"]] if first else "",
            f"{part['outcome']} ({part['unit']})",
            _outcome(part),
            _bound(part),
            "told" if part["role"] == "told" else VERDICTS[part["verdict"]],
        ]
        for claim in claims["claims"]
        for first, part in _first_and_rest(claim["parts"])
    ]
    head = ["claim", "verdict", "part", "estimate and interval", "has to be", "says"]
    world = f"Worlds of {world_size(claims['values'])}. {claims['comparisons']}"
    return f"{world}\n\n{table(head, rows)}"


def _neutralised(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    rows = [
        [
            claim["claim"] if first else "",
            one["assumption"] if first else "",
            without["outcome"],
            f"{_outcome(part)}, {VERDICTS[part['verdict']]}",
            _outcome(without),
            VERDICTS[without["verdict"]] + _LOST[without["lost"]],
        ]
        for claim in claims["claims"]
        for one in claim["neutralised"]
        for first, (part, without) in _first_and_rest(_main_and_lost(claim, one))
    ]
    head = ["claim", "assumption taken away", "outcome", "with it", "without it", "says then"]
    told = (
        f"Worlds of {world_size(claims['values'])}; intervals of the same level as above. Told are "
        "the main outcome of each claim, and every other part that is supported with the "
        "assumption and not without it."
    )
    return f"{told}\n\n{table(head, rows)}"


#: What is said where an assumption carries a part.
_LOST = {
    "turned": " — **assumed, not found**",
    "unsure": " — no longer sure",
    None: "",
}


def _main_and_lost(claim: Document, neutralised: Document) -> list[tuple[Document, Document]]:
    """The main part and those that lose their support, each as it is and without the assumption."""
    judged = [part for part in claim["parts"] if part["role"] != "told"]
    pairs = zip(judged, neutralised["parts"], strict=True)
    return [pair for pair in pairs if pair[1]["role"] == "main" or pair[1]["lost"]]


def _outcome(judged: Document) -> str:
    return f"{number(judged['estimate'])} ({interval(judged)}), n = {judged['n']}"


def _decisive(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    screening = claims["screening"]
    if not screening["replicates"]:
        return "No parameter was varied."
    rows = [
        [
            f"{claim['claim']} ({_bound(claim)})" if first else "",
            f"`{one['parameter']}`",
            _end(one["low_value"], one["estimate_at_low"]),
            _end(one["default"], one["estimate_at_default"]),
            _end(one["high_value"], one["estimate_at_high"]),
            _turns(one),
        ]
        for claim in claims["claims"]
        for first, one in _first_and_rest(claim["decisive"])
    ]
    unmoved = [
        claim["claim"]
        for claim in claims["claims"]
        if claim["ends_known"] and not claim["decisive"]
    ]
    not_varied = [claim["claim"] for claim in claims["claims"] if not claim["ends_known"]]
    size = world_size(claims["values"], screening["n_consumers"], screening["weeks"])
    world = (
        f"{screening['parameters']} parameters, one at a time at each end of their plausible "
        f"ranges, in a world of {size}, on {screening['replicates']} seeds each. Listed are those "
        "that move the main outcome by more than luck would move any of these ends (95 %, all "
        "together): the five largest for each claim, and all that turn it. *Value: outcome* at "
        "the low end, as it is, and at the high end. It turns where such a move carries it over "
        "what it has to be, read off a straight line."
    )
    other = [claim["claim"] for claim in claims["claims"] if claim["decisive"] and not alike(claim)]
    if other:
        world += (
            f" In so small a world {', '.join(other)} begins on the other side of what it has to "
            "be: there read how far it moves, not where it turns."
        )
    if unmoved:
        world += f" No parameter moves the main outcome of {', '.join(unmoved)} beyond luck."
    if not_varied:
        world += f" For {', '.join(not_varied)} nothing was varied."
    head = [
        "claim (has to be)",
        "parameter",
        "at its low end",
        "as it is",
        "at its high end",
        "turns",
    ]
    return f"{world}\n\n{table(head, rows)}"


def _bound(judged: Document) -> str:
    return f"{'≥' if judged['at_least'] else '≤'} {number(judged['smallest_effect'])}"


def _end(value: Any, estimate: float | None) -> str:
    if isinstance(value, list):
        value = "+".join(value) or "none"
    return f"{value}: {number(estimate)}"


def _turns(one: Document) -> str:
    if one["flips_between"] is None:
        return "no"
    if one["flips_near"] is not None:
        return f"near {one['flips_near']:g}"
    return f"at {one['flips_between'][1]}"


def _validation(validation: Document | None) -> str:
    if validation is None:
        return "Not stored yet."
    rows = [
        [
            row["row"],
            f"{row['name']} ({row['market']})",
            f"{number(row['low'])} to {number(row['high'])}",
            f"{number(row['estimate'])} ({interval(row, 'interval_low', 'interval_high')}), "
            f"n = {row['n']}",
            {True: "hit", False: "**miss**", None: "–"}[row["hit"]],
            row["use"],
            "–"
            if row["share_of_region_hitting"] is None
            else f"{row['share_of_region_hitting']:.0%}",
            row["sentence"],
            row["source"],
        ]
        for row in validation["rows"]
    ]
    head = ["row", "pattern", "band", "measured", "", "use", "of region", "what it means", "source"]
    region = validation["region"]
    world = (
        f"Measured in worlds of {world_size(validation['values'])}. Of region: the share that hits "
        f"of {region['points']} points of a {region['design']} (sellers a category among them), in "
        f"worlds of {region['n_consumers']:,} people and {region['weeks']} weeks."
    )
    return f"{table(head, rows)}\n\n{world}"


def _calibration(calibration: Document | None) -> str:
    if calibration is None:
        return "Not stored yet."
    rows = []
    for group in calibration["groups"]:
        fitted = "; ".join(
            f"`{one['parameter']}` = {number(one['fitted'])} "
            f"({number(one['spread'][0])} to {number(one['spread'][1])}; range "
            f"{number(one['range'][0])} to {number(one['range'][1])})"
            for one in group["parameters"]
        )
        rows += [
            [
                target["row"],
                target["target"],
                f"{number(target['low'])} to {number(target['high'])}",
                number(target["fitted"]),
                "hit" if target["hit"] else "**miss**",
                fitted,
            ]
            for target in group["targets"]
        ]
    told = (
        f"Worlds of {world_size(calibration['values'], **calibration['world'])}; "
        f"{calibration['replicates']} seeds a point. Criterion: {calibration['criterion']}. In "
        "brackets the middle two thirds of the points tried, weighted by exp(−½ · criterion)."
    )
    head = ["row", "target", "band", "fitted", "", "parameters"]
    return f"{table(head, rows)}\n\n{told}"


def _first_and_rest[T](parts: Sequence[T]) -> list[tuple[bool, T]]:
    return [(index == 0, part) for index, part in enumerate(parts)]
