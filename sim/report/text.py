"""Results as plain text for a terminal or a file. Amounts of money are shown in yuan."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.measures.sides import SIDE_UNITS
from sim.measures.summary import OUTCOMES

HEADLINES = (
    "household_gain_fen",
    "household_gain_net_fen",
    "consumer_surplus_fen",
    "sharer_income_fen",
    "merchant_profit_fen",
    "platform_profit_fen",
    "gmv_fen",
    "orders",
    "mean_price_fen",
    "mean_quality_sold",
    "quality_sold_minus_offered",
    "ad_spend_per_gmv",
    "sharer_income_per_gmv",
    "distribution_cost_per_gmv",
    "posts",
    "mean_tie_trust",
    "muted_share",
    "useless_read_share",
    "conversion_per_read",
    "members",
    "merchants_active",
    "gini_sales",
)
"""Outcomes that are printed; the tables on disk have all."""

_FEN_PER_YUAN = 100


def run_text(document: Mapping[str, Any]) -> str:
    """What a run came to: its main outcomes, one line each with unit, and where it lies."""
    rows = [
        [label(name), number(_shown(name, document["outcomes"][name])), unit(name)]
        for name in HEADLINES
    ]
    title = (
        f"{document['scenario']}, {document['market']} market, seed {document['seed']}: "
        f"{document['n_consumers']:,} consumers, {document['weeks']} weeks"
    )
    parts = [title, aligned(rows, left=(0, 2)), f"kept in {document['folder']}"]
    if document["sides"]:
        parts.insert(2, _sides_text(document["sides"]))
    return "\n\n".join(parts)


def _sides_text(sides: Sequence[Mapping[str, Any]]) -> str:
    """What each side of the market came to at the end, one column each."""
    head = ["at the end, by side", *(side["side"] for side in sides), ""]
    lines = [
        [
            label(name),
            *(number(_shown(name, side[name])) for side in sides),
            SIDE_UNITS[name].replace("fen", "yuan"),
        ]
        for name in SIDE_UNITS
    ]
    return aligned([head, *lines], left=(0, len(sides) + 1))


def comparison_text(document: Mapping[str, Any], folder: Path) -> str:
    """The main differences of a comparison, one table a pair of markets, and where it lies."""
    pairs = dict.fromkeys((row["first"], row["second"]) for row in document["differences"])
    tables = [_pair_text(document["differences"], pair) for pair in pairs]
    weeks = document["counted_weeks"]
    title = (
        f"{document['scenario']}: {document['replicates']} pairs, the last "
        f"{weeks['end'] - weeks['first']} of {weeks['end']} weeks counted; "
        f"difference = first less second"
    )
    figures = sorted((folder / "figures").glob("*.png"))
    places = [f"table    {folder / 'compare.parquet'}", *(f"figure   {path}" for path in figures)]
    places += [f"no figure {line}" for line in _left_out(folder / "figures" / "figures.json")]
    return "\n\n".join([title, *tables, "\n".join(places)])


def _left_out(index: Path) -> list[str]:
    """Why figures are missing, as the index of the figures says."""
    return list(json.loads(index.read_text("utf-8"))["left_out"]) if index.exists() else []


def order_text(document: Mapping[str, Any]) -> str:
    """The money of one order, movement by movement, and the shares that led to it."""
    order = document["order"]
    lines = [
        f"order {order['order']} of week {order['week']}: consumer {order['consumer']} bought from "
        f"merchant {order['merchant']} for {_yuan(order['price_fen'])} yuan ({order['channel']})"
    ]
    rows = [
        [
            _yuan(row["amount_fen"]),
            f"{_party(row, 'payer')} to {_party(row, 'payee')}",
            row["purpose"].replace("_", " "),
        ]
        for row in document["transfers"]
    ]
    lines += ["", "yuan", aligned(rows, left=(1, 2))] if rows else []
    lines += ["", "the way to it, nearest first"] if document["shares"] else []
    lines += [_share_line(share) for share in document["shares"]]
    return "\n".join(lines)


def tree_text(document: Mapping[str, Any]) -> str:
    """A share with all that came of it, each below its parent, and the shares above it."""
    lines = ["the way to it, nearest first"] if document["above"] else []
    lines += [_share_line(share) for share in document["above"]]
    lines += [""] if document["above"] else []
    lines += ["  " * share["depth"] + _share_line(share) for share in document["tree"]]
    return "\n".join(lines)


def reproduction_text(document: Mapping[str, Any]) -> str:
    """What came of making a run again, one line a table."""
    verdict = "the same" if document["identical"] else "NOT the same"
    rows = [[name, answer] for name, answer in document["tables"].items()]
    lines = [f"run {document['run_key']} made again is {verdict}", aligned(rows, left=(0, 1))]
    return "\n".join([*lines, *(f"note: {remark}" for remark in document["remarks"])])


def _share_line(share: Mapping[str, Any]) -> str:
    of = "an invitation" if share["kind"] == "invitation" else f"merchant {share['merchant']}"
    return (
        f"share {share['share']} of week {share['week']} by {share['sharer']}: {of}, "
        f"{share['reads']} reads, {share['orders']} orders, {_yuan(share['reward_fen'])} yuan"
    )


def _party(row: Mapping[str, Any], side: str) -> str:
    kind, number_ = row[f"{side}_kind"], row[side]
    return kind if number_ < 0 or kind in ("platform", "outside") else f"{kind} {number_}"


def _yuan(amount_fen: int) -> str:
    return f"{amount_fen / _FEN_PER_YUAN:,.2f}"


def _pair_text(rows: Sequence[Mapping[str, Any]], pair: tuple[str, str]) -> str:
    first, second = pair
    by_name = {row["outcome"]: row for row in rows if (row["first"], row["second"]) == pair}
    lines = [["outcome", first, second, "difference", "95 % interval", "n", "unit", ""]]
    for name in HEADLINES:
        row = by_name[name]
        low, high = (number(_shown(name, row[bound])) for bound in ("low", "high"))
        lines.append(
            [
                label(name),
                number(_shown(name, row["first_mean"])),
                number(_shown(name, row["second_mean"])),
                number(_shown(name, row["estimate"])),
                f"{low} to {high}" if row["low"] is not None else "–",
                str(row["n"]),
                unit(name),
                _verdict(row),
            ]
        )
    return aligned(lines, left=(0, 6, 7))


def number(value: float | None) -> str:
    """A number with four significant digits, or a dash where there is none."""
    if value is None or math.isnan(value):
        return "–"
    if value == 0:
        return "0"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}" if digits < 8 else f"{value:.3g}"


def interval(name: str, row: Mapping[str, Any]) -> str:
    """An estimate of an outcome with its interval in brackets, as far as there is one."""
    estimate, low, high = (number(_shown(name, row[part])) for part in ("estimate", "low", "high"))
    return estimate if row["low"] is None else f"{estimate} ({low} to {high})"


def _verdict(row: Mapping[str, Any]) -> str:
    if row["low"] is None:
        return ""
    return "no clear difference" if row["low"] <= 0 <= row["high"] else ""


def _shown(name: str, value: float | None) -> float | None:
    return value / _FEN_PER_YUAN if value is not None and name.endswith("_fen") else value


def label(name: str) -> str:
    """Name of an outcome as it is printed."""
    return name.removesuffix("_fen")


def unit(name: str) -> str:
    """Unit in which an outcome is printed."""
    return OUTCOMES[name].replace("fen", "yuan")


def aligned(lines: Sequence[Sequence[str]], left: Sequence[int]) -> str:
    """Rows as columns of text; columns in `left` are flush left, numbers flush right."""
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column in left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )
