"""Calibrations, validations and claims as text for the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiments.versions import code_version
from sim.report.claim_maps import map_lines
from sim.report.estimates import interval, number

Document = Mapping[str, Any]

_IN_WORDS = {
    "supported": "supported",
    "contradicted": "contradicted",
    "mixed": "mixed",
    "undecided": "undecided",
    "not_yet_testable": "not yet testable",
}


def calibration_text(document: Document) -> str:
    """What was fitted to what, and how far the fit is spread."""
    lines = []
    for group in document["groups"]:
        for target in group["targets"]:
            mark = "hit " if target["hit"] else "MISS"
            row = f" ({target['row']})" if target["row"] else ""
            lines.append(
                f"{mark}  {target['target']}{row}: {number(target['fitted'])} {target['unit']}, "
                f"band {number(target['low'])} to {number(target['high'])}, "
                f"before {number(target['before'])}"
            )
        for one in group["parameters"]:
            lines.append(
                f"      {one['parameter']} = {number(one['fitted'])} "
                f"(spread {number(one['spread'][0])} to {number(one['spread'][1])}, "
                f"before {number(one['before'])}, tried {number(one['range'][0])} "
                f"to {number(one['range'][1])})"
            )
    settings = " ".join(f"--set {key}={value}" for key, value in document["fitted"].items())
    if settings:
        lines += ["", f"To run with it: {settings}"]
    return "\n".join(lines)


def validation_text(document: Document, only: str | None = None) -> str:
    """The table of patterns, hits and misses; or one row with every run behind it."""
    lines = []
    for row in document["rows"]:
        if only is not None and row["row"] != only:
            continue
        mark = {True: "hit ", False: "MISS", None: "–   "}[row["hit"]]
        share = row["share_of_region_hitting"]
        region = "" if share is None else f"; hit by {share:.0%} of the plausible region"
        lines.append(
            f"{mark}  {row['row']:<4} {row['name']}: {number(row['estimate'])} "
            f"({interval(row, 'interval_low', 'interval_high')}, n = {row['n']}), "
            f"band {number(row['low'])} to {number(row['high'])}, {row['use']}{region}"
        )
        if row["sentence"]:
            lines.append(f"           {row['sentence']}")
        if only is not None:
            lines += [f"           {row['unit']}, source: {row['source']}", _by_seed(row), ""]
            lines += commands_behind(document, row["runs"])
    if only is not None and not lines:
        lines = [f"{only} is not in this result, which an older version made"]
    if only is None:
        told = f"{document['hits']} of {document['of']} rows hit; those to show are not counted"
        unseen = [row["row"] for row in document["rows"] if row["hit"] is None]
        if unseen:
            told += f", nor {', '.join(unseen)}, which a world of this size cannot show"
        lines += ["", told]
    return "\n".join(lines)


def claims_text(document: Document, only: str | None = None) -> str:
    """The claims board, or one claim with all its parts."""
    lines: list[str] = []
    for claim in document["claims"]:
        if only is not None and claim["claim"] != only:
            continue
        verdict = _IN_WORDS[claim["verdict"]]
        lines.append(f"{claim['claim']:<4} {verdict}: {claim['says']}")
        if claim["needs"]:
            lines.append(f"     needs {claim['needs']}")
        for part in claim["parts"]:
            lines.append("     " + _part(part))
            if only is not None:
                lines.append(_by_seed(part))
        for one in claim["neutralised"]:
            lines.append(f"     without “{one['assumption']}”:")
            lines += [f"       {_without(part)}" for part in one["parts"]]
        for one in claim["decisive"]:
            lines.append("     " + _decisive(one))
        for one in claim.get("maps", ()):  # boards of older versions have none
            lines += [f"     {line}" for line in map_lines(one, whole=only is not None)]
        lines.append("")
    lines.append(document["comparisons"])
    if only is not None:
        lines += ["", *_behind(document, only)]
    return "\n".join(lines)


def _part(part: Document) -> str:
    bound = "at least" if part["at_least"] else "at most"
    role = {"main": "", "net": "", "part": "", "told": " (told, not judged)"}[part["role"]]
    return (
        f"{part['verdict']:<12} {part['outcome']}: {number(part['estimate'])} {part['unit']} "
        f"({interval(part)}, n = {part['n']}); has to be {bound} "
        f"{number(part['smallest_effect'])}, {part['why']}{role}"
    )


def _without(part: Document) -> str:
    """A part without an assumption that favours the claim."""
    lost = {"turned": "; ASSUMED, NOT FOUND", "unsure": "; no longer sure", None: ""}
    return (
        f"{part['verdict']:<12} {part['outcome']}: {number(part['estimate'])} "
        f"({interval(part)}, n = {part['n']}){lost[part['lost']]}"
    )


def _decisive(one: Document) -> str:
    turned = ""
    if one["flips_between"] is not None:
        low, high = one["flips_between"]
        turned = f"; turns between {low} and {high}"
        if one["flips_near"] is not None:
            turned += f", near {one['flips_near']:g} on a straight line"
    return (
        f"decisive: {one['parameter']} from {one['low_value']} to {one['high_value']}: "
        f"{number(one['estimate_at_low'])} to {number(one['estimate_at_high'])}, at the default "
        f"{one['default']}: {number(one['estimate_at_default'])}{turned}"
    )


def _behind(document: Document, only: str) -> Sequence[str]:
    """The command behind each run of a claim."""
    claim = next(one for one in document["claims"] if one["claim"] == only)
    cells = [cell for one in claim.get("maps", ()) for cell in one["cells"]]
    varied = [key for row in [*claim["decisive"], *cells] for key in row["runs"]]
    return commands_behind(document, [*claim["runs"], *varied])


def commands_behind(document: Document, keys: Sequence[str]) -> list[str]:
    """The runs of these keys, each with the command that makes its tables."""
    lines = ["Runs behind it, each with the command that makes its tables:"]
    wanted = set(keys)
    for run in document["runs"]:
        if run["run_key"] in wanted:
            settings = " ".join(
                f"--set '{key}={_toml(value)}'" for key, value in run["settings"].items()
            )
            trace = " --trace" if run["traced"] else ""
            lines.append(
                f"  {run['run_key']}  sharesim run {document['scenario']} --market {run['market']} "
                f"--seed {run['seed']}{trace} {settings}".rstrip()
            )
    if document["code"] != code_version():
        lines.append(
            f"Keys are those of code {document['code']}; this is {code_version()}, by which the "
            "same commands make runs of other keys."
        )
    return lines


def _by_seed(row: Document) -> str:
    return "           by seed: " + ", ".join(number(value) for value in row["by_seed"])


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ",".join(f'"{one}"' for one in value) + "]"
    return str(value)
