"""The page docs/evidence.md: every number in it comes from stored documents."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sim.evidence.sources import sources_table
from sim.report.evidence_text import interval, number

Document = Mapping[str, Any]

VERDICTS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "mixed",
    "undecided": "undecided",
    "not_yet_testable": "not yet testable",
}


class Stored(NamedTuple):
    """The documents that the page is made of; those not there yet are None."""

    claims: Document | None
    validation: Document | None
    calibration: Document | None
    tuning: Document | None
    comparisons: Sequence[Document]


def filled(page: str, stored: Stored) -> str:
    """The page with every block between its markers made anew; other blocks stay."""
    blocks = {
        "findings": _findings(stored),
        "claims": _claims(stored.claims),
        "neutralised": _neutralised(stored.claims),
        "decisive": _decisive(stored.claims),
        "validation": _validation(stored.validation),
        "calibration": _calibration(stored.calibration),
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
        *_reward_finding(stored.tuning),
        *_claims_findings(stored.claims),
        *_losing_findings(stored.comparisons),
        *_field_finding(stored.validation),
    ]
    return "\n".join(f"* {line}" for line in lines) if lines else "Nothing is stored yet."


def _reward_finding(tuning: Document | None) -> list[str]:
    if tuning is None:
        return []
    rates = [
        f"{key} = {number(value)} (interval {number(low)} to {number(high)})"
        for key, value in tuning["recommended"].items()
        for low, high in [tuning["interval"][key]]
    ]
    lines = [
        f"**Which reward.** For {tuning['objective']} the best found is {', '.join(rates)}: "
        f"{tuning['verdict']}."
    ]
    moves = [str(move["parameter"]) for move in tuning.get("moves", ())]
    if moves:
        lines.append(f"**What would change it most:** {_code(moves)}.")
    return lines


def _claims_findings(claims: Document | None) -> list[str]:
    if claims is None:
        return []
    by_verdict: dict[str, list[str]] = {}
    for claim in claims["claims"]:
        by_verdict.setdefault(claim["verdict"], []).append(
            f"{claim['claim']} ({claim['says'].rstrip('.').lower()})"
        )
    told = [
        f"**{VERDICTS[verdict].capitalize()}:** {'; '.join(by_verdict[verdict])}."
        for verdict in VERDICTS
        if verdict in by_verdict
    ]
    assumed = [claim["claim"] for claim in claims["claims"] if claim["assumed_not_found"]]
    if assumed:
        told.append(
            f"**Assumed, not found:** the main outcome of {', '.join(assumed)} turns where an "
            "assumption that favours it is taken away."
        )
    sharing = [
        claim
        for claim in claims["claims"]
        if claim["net_of_screening"]
        and claim["net_of_screening"]["verdict"] != claim["parts"][0]["verdict"]
    ]
    if sharing:
        told.append(
            f"**With screening set apart** the verdict on the main outcome of "
            f"{', '.join(claim['claim'] for claim in sharing)} is another."
        )
    return told


def _losing_findings(comparisons: Sequence[Document]) -> list[str]:
    losing = []
    for document in comparisons:
        for row in document["differences"]:
            loses = row["high"] is not None and row["high"] < 0
            if (
                row["outcome"] == "consumer_surplus_fen"
                and (row["first"], row["second"]) == ("referral", "ads")
                and loses
            ):
                losing.append(
                    f"`{document['scenario']}` ({row['estimate'] / 100:.0f} yuan a person, "
                    f"{row['low'] / 100:.0f} to {row['high'] / 100:.0f}, n = {row['n']})"
                )
    if not losing:
        return []
    return [
        "**Where sharing loses.** Shoppers gain less in the referral market than in the ad market "
        f"in the stored comparisons {'; '.join(losing)}."
    ]


def _field_finding(validation: Document | None) -> list[str]:
    if validation is None:
        return []
    missed = [row["row"] for row in validation["rows"] if not row["hit"] and row["use"] != "show"]
    free = [row for row in validation["rows"] if row["use"] == "report"]
    text = (
        f"**Against the field:** of {len(free)} rows to which nothing was fitted "
        f"{sum(row['hit'] for row in free)} hit; with the fitted ones {validation['hits']} of "
        f"{validation['of']}"
    )
    return [f"{text}; missed: {', '.join(missed)}." if missed else f"{text}."]


def _claims(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    rows = [
        [
            f"**{claim['claim']}** {claim['says']}" if first else "",
            VERDICTS[claim["verdict"]] if first else "",
            f"{part['outcome']} ({part['unit']})",
            f"{number(part['estimate'])} ({interval(part)}), n = {part['n']}",
            f"{'≥' if part['at_least'] else '≤'} {number(part['smallest_effect'])}",
            "told" if part["role"] == "told" else VERDICTS[part["verdict"]],
        ]
        for claim in claims["claims"]
        for first, part in _first_and_rest(claim["parts"])
    ]
    head = ["claim", "verdict", "part", "estimate and interval", "has to be", "says"]
    values = claims["values"]
    world = (
        f"{values['population.n_consumers']:,} people, {values['run.weeks']} weeks. "
        f"{claims['comparisons']}"
    )
    return f"{world}\n\n{_table(head, rows)}"


def _neutralised(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    rows = [
        [
            claim["claim"],
            one["assumption"],
            f"{number(one['estimate'])} ({interval(one)}), n = {one['n']}",
            VERDICTS[one["verdict"]] + (" — **assumed, not found**" if one["flips"] else ""),
        ]
        for claim in claims["claims"]
        for one in claim["neutralised"]
    ]
    return _table(["claim", "assumption taken away", "main outcome", "says"], rows)


def _decisive(claims: Document | None) -> str:
    if claims is None:
        return "Not stored yet."
    rows = [
        [
            claim["claim"],
            f"`{one['parameter']}`",
            f"{one['low_value']} to {one['high_value']}",
            f"{number(one['estimate_at_low'])} to {number(one['estimate_at_high'])}",
            " to ".join(str(end) for end in one["flips_between"]) if one["flips_between"] else "",
        ]
        for claim in claims["claims"]
        for one in claim["decisive"]
    ]
    if not rows:
        return "No parameter was varied."
    screening = claims["screening"]
    world = (
        f"{screening['parameters']} parameters, one at a time at each end of their ranges, in a "
        f"world of {screening['n_consumers']:,} people and {screening['weeks']} weeks, on "
        f"{screening['replicates']} seed(s). What moves the main outcome less than twice the luck "
        "of a seed is left out."
    )
    head = ["claim", "parameter", "from, to", "main outcome there", "turns between"]
    return f"{world}\n\n{_table(head, rows)}"


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
            "hit" if row["hit"] else "**miss**",
            row["use"],
            "–"
            if row["share_of_region_hitting"] is None
            else f"{row['share_of_region_hitting']:.0%}",
            row["sentence"],
            row["source"],
        ]
        for row in validation["rows"]
    ]
    head = ["row", "pattern", "band", "measured", "", "use", "of region", "why missed", "source"]
    region = validation["region"]
    world = (
        f"Of region: the share that hits of {region['points']} points of a {region['design']}, in "
        f"worlds of {region['n_consumers']:,} people and {region['weeks']} weeks."
    )
    return f"{_table(head, rows)}\n\n{world}"


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
    world = calibration["world"]
    told = (
        f"Worlds of {world['n_consumers']:,} people and {world['weeks']} weeks, "
        f"{calibration['replicates']} seeds a point. Criterion: {calibration['criterion']}. In "
        "brackets the middle two thirds of the points tried, weighted by exp(−½ · criterion)."
    )
    head = ["row", "target", "band", "fitted", "", "parameters"]
    return f"{_table(head, rows)}\n\n{told}"


def _first_and_rest(parts: Sequence[Document]) -> list[tuple[bool, Document]]:
    return [(index == 0, part) for index, part in enumerate(parts)]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
