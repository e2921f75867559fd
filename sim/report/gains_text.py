"""Who wins and who loses in a comparison, what rewards caused, how sure it is: as plain text.

Amounts of money are shown in yuan.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.measures.precision import FEWEST
from sim.report.text import aligned, label, number

_FEN_PER_YUAN = 100
#: Why a measure of `sim.measures.incrementality` has no value.
_NOTHING_TO_DIVIDE_BY = {
    "reward_per_incremental_order_fen": "not defined, as rewards brought no more orders",
    "cannibalisation": "not defined, as no order came through a post",
    "cost_per_new_member_fen": "not defined, as rewards brought no more members",
    "return_on_reward": "not defined, as no reward was paid",
    **dict.fromkeys(
        ("reward_in_price", "reward_from_merchants", "reward_from_platform"),
        "not defined, as no reward was paid, or nothing was ordered without one",
    ),
}
_QUARTERS = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
#: Words for the numbers of groups; qualities are told as they are.
_GROUPS = {
    "price_sensitivity": _QUARTERS,
    "insight": _QUARTERS,
    "tier": ("no tier", "tier 1", "tier 2", "leaders"),
    "size": ("third that sold least", "middle third", "third that sold most"),
}
_PAIRS_SHOWN = (
    "household_gain_fen",
    "household_gain_net_fen",
    "merchant_profit_fen",
    "platform_profit_fen",
)


def gains_text(document: Mapping[str, Any]) -> str:
    """Groups, incrementality, sides and precision of a comparison, as far as it has them."""
    parts = [_precision(document)]
    if "groups" in document:
        parts.insert(0, _groups(document["groups"], document["markets"][:2]))
    if "incrementality" in document:
        parts.insert(-1, _incrementality(document["incrementality"]["measures"]))
    if "sides" in document:
        parts.insert(-1, _sides(document["sides"]))
    return "\n\n".join(parts)


def _groups(rows: Sequence[Mapping[str, Any]], pair: Sequence[str]) -> str:
    first, second = pair
    lines = [["who", "by", "group", first, second, "difference", "95 % interval", "unit"]]
    for row in rows:
        if (row["first"], row["second"]) == (first, second):
            lines.append(
                [
                    row["who"],
                    row["by"],
                    _group(row["by"], row["group"]),
                    *(_yuan(row[part]) for part in ("first_mean", "second_mean", "estimate")),
                    _between(row, _yuan),
                    row["unit"].replace("fen", "yuan"),
                ]
            )
    return "\n".join(["who wins and who loses", "", aligned(lines, left=(0, 1, 2, 7))])


def _group(by: str, number: float) -> str:
    return _GROUPS[by][int(number)] if by in _GROUPS else f"{number:g}"


def _incrementality(rows: Sequence[Mapping[str, Any]]) -> str:
    lines, notes = [], []
    for row in rows:
        in_fen = row["measure"].endswith("_fen")
        shown = _yuan if in_fen else number
        unit = row["unit"] if not in_fen else row["unit"].replace("fen", "yuan")
        unit = unit.replace("fen per fen", "yuan per yuan")
        name = label(row["measure"]).replace("_", " ")
        lines.append([name, shown(row["estimate"]), _between(row, shown), unit])
        if note := _note(row["measure"], row["estimate"]):
            notes.append(f"{name}: {note}")
    title = "what the rewards caused (against the same runs at reward 0)"
    return "\n".join([title, "", aligned(lines, left=(0, 3)), *notes])


def _sides(document: Mapping[str, Any]) -> str:
    lines = [["", *document["names"], "difference", "95 % interval", "n", "unit"]]
    for row in document["differences"]:
        shown = _yuan if row["outcome"].endswith("_fen") else number
        lines.append(
            [
                label(row["outcome"]).replace("_", " "),
                *(shown(row[part]) for part in ("first_mean", "second_mean", "estimate")),
                _between(row, shown),
                str(row["n"]),
                row["unit"].replace("fen", "yuan"),
            ]
        )
    return "\n".join(["the sides of the hybrid at the end", "", aligned(lines, left=(0, 6))])


def _note(measure: str, estimate: float | None) -> str:
    """What a reader has to know of a value that is missing or is no share; empty for others."""
    if estimate is None:
        return _NOTHING_TO_DIVIDE_BY.get(measure, "")
    if measure == "cannibalisation" and estimate > 1:
        return "above 1, as rewards lost more orders than they brought"
    if measure == "cannibalisation" and estimate < 0:
        return "below 0, as rewards brought more orders than came through posts"
    return ""


def _precision(document: Mapping[str, Any]) -> str:
    pair = document["markets"][:2]
    rows = [row for row in document["differences"] if [row["first"], row["second"]] == pair]
    if all(row["n"] < FEWEST for row in rows):
        lines = [f"intervals are held against the bootstrap from {FEWEST} pairs on"]
        return "\n".join([*lines, *_pairs(rows), *_wanted(document)])
    apart: dict[str, list[str]] = {}
    for row in rows:
        if row["low"] is not None and row["intervals"] != "agree":
            apart.setdefault(row["intervals"], []).append(label(row["outcome"]))
    lines = [
        f"{len(rows) - sum(map(len, apart.values()))} of {len(rows)} intervals agree with the "
        "bootstrap (BCa)"
    ]
    lines += [
        f"  {reason}: {', '.join(names[:6])}{' and others' if len(names) > 6 else ''}"
        for reason, names in apart.items()
    ]
    return "\n".join([*lines, *_pairs(rows), *_wanted(document)])


def _pairs(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    halves = [
        f"{label(row['outcome'])} {row['n_for_half_width']:,}"
        for row in rows
        if row["outcome"] in _PAIRS_SHOWN and row["n_for_half_width"] > 0
    ]
    return [f"pairs for intervals half as wide: {', '.join(halves)}"] if halves else []


def _wanted(document: Mapping[str, Any]) -> list[str]:
    if "precision" not in document:
        return []
    wanted = document["precision"]
    return [
        f"{wanted['outcome']}: the interval is {number(wanted['reached'])} wide after "
        f"{wanted['n']} pairs, wanted {number(wanted['width'])} ({wanted['unit']}); "
        f"its spread asks for {wanted['n_needed']} pairs"
    ]


def _between(row: Mapping[str, Any], shown: Any) -> str:
    if row["low"] is None and row["high"] is None:
        return "–"
    return f"{shown(row['low'])} to {shown(row['high'])}"


def _yuan(amount_fen: float | None) -> str:
    return number(None if amount_fen is None else amount_fen / _FEN_PER_YUAN)
