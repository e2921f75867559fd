"""A tuning in plain sentences: what to set, how sure that is, and what it depends on."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.report.text import number

_FEN_PER_YUAN = 100

_WHY = {
    "flat": "over the whole range the objective changes by less than the smallest effect that "
    "matters",
    "unresolved": "so many runs cannot tell the values apart; more runs may",
    "wide": "values over more than half of the range do equally well",
    "none allowed": "no value in the range keeps all constraints",
}


def tuning_text(document: Mapping[str, Any], folder: Path) -> str:
    """What a tuning says, in sentences, and where its tables and figures lie."""
    levers = document["levers"]
    title = (
        f"{document['scenario']}, {document['market']} market: {document['n_runs']} runs over "
        f"{', '.join(_range(lever) for lever in levers)}"
    )
    lines = [title, ""]
    for each in document["each_objective"]:
        lines += [*_judgement(document, each), ""]
    lines += _break_even(document)
    lines += _moves(document)
    lines += _front(document)
    figures = sorted((folder / "figures").glob("*.png"))
    lines += [f"tables   {folder}", *(f"figure   {path}" for path in figures)]
    return "\n".join(lines)


def _judgement(document: Mapping[str, Any], judged: Mapping[str, Any]) -> list[str]:
    levers, verdict = document["levers"], judged["verdict"]
    unit = next(o["unit"] for o in document["objectives"] if o["text"] == judged["objective"])
    head = f"{judged['objective']} after {judged['horizon']} weeks: {verdict}"
    lines = [f"{head}: {_WHY[judged['reason']]}." if judged["reason"] else f"{head}."]
    if judged["recommended"] is None:
        return lines
    word = "highest" if verdict == "no clear optimum" else "best"
    for lever in levers:
        key = lever["key"]
        low, high = judged["interval"][key]
        flat_low, flat_high = judged["flat_region"][key]
        edge = judged["edge"].get(key)
        where = f", at the {edge} end of its range" if edge else ""
        lines.append(
            f"  {key}: {word} at {_value(lever, judged['recommended'][key])}{where} "
            f"(95 % interval {_value(lever, low)} to {_value(lever, high)}); "
            f"{_value(lever, flat_low)} to {_value(lever, flat_high)} is as good within "
            f"{_amount(judged['smallest_effect'], unit)}."
        )
    best, gain = judged["at_best"], judged["gain_over_present"]
    lines.append(f"  There it is {_with_interval(best, unit)}.")
    if gain is not None:
        now = ", ".join(_value(lever, lever["present"]) for lever in levers)
        lines.append(f"  Against the present setting ({now}): {_with_interval(gain, unit, True)}.")
    return lines


def _break_even(document: Mapping[str, Any]) -> list[str]:
    told = document["break_even"]
    if told is None or document["recommended"] is None:
        return []
    lever = document["levers"][0]
    none = _value(lever, told["none"]["value"])
    sentences = {
        "none": f"as at {none}",
        "market": f"as in the {document['against']} market",
    }
    lines = []
    for name, than in sentences.items():
        found = told.get(name)
        if found is None:
            continue
        if found["state"] == "crosses":
            low, high = _value(lever, found["low"]), _value(lever, found["high"])
            lines.append(
                f"Break-even: as good {than} up to {_value(lever, found['at'])} "
                f"(95 % interval {low} to {high})."
            )
        elif found["state"] == "always":
            lines.append(f"Break-even: at least as good {than} up to the high end of the range.")
        else:
            lines.append(f"Break-even: at no value better {than.replace('as ', 'than ', 1)}.")
    return [*lines, ""]


def _moves(document: Mapping[str, Any]) -> list[str]:
    if not document["moves"]:
        return []
    lines = ["How the recommendation moves:"]
    for move in document["moves"]:
        ends = []
        for end in ("at_low", "at_high"):
            told = move[end]
            values = [
                _value(lever, value)
                for lever, value in zip(document["levers"], told["recommended"])
            ]
            ends.append(
                f"{', '.join(values) or 'none allowed'} at {told['set_to']:g} ({told['verdict']})"
            )
        lines.append(f"  {move['parameter']}: {ends[0]}, {ends[1]}.")
    return [*lines, ""]


def _front(document: Mapping[str, Any]) -> list[str]:
    if not document["pareto"]:
        return []
    first, second = document["objectives"]
    lines = [f"What can be had of {first['text']} and {second['text']} at once:"]
    for row in document["pareto"]:
        values = ", ".join(
            f"{lever['key']} {_value(lever, row[lever['key']])}" for lever in document["levers"]
        )
        lines.append(
            f"  {values}: {_amount(row['first_estimate'], first['unit'])} and "
            f"{_amount(row['second_estimate'], second['unit'])}"
        )
    return [*lines, ""]


def _range(lever: Mapping[str, Any]) -> str:
    return f"{lever['key']} from {_value(lever, lever['low'])} to {_value(lever, lever['high'])}"


def _value(lever: Mapping[str, Any], value: float) -> str:
    if lever["unit"].startswith("share"):
        return f"{100 * value:.4g} %"
    return f"{value:.5g}"


def _amount(value: float, unit: str) -> str:
    if unit.startswith("fen"):
        return f"{number(value / _FEN_PER_YUAN)} {unit.replace('fen', 'yuan')}"
    return f"{number(value)} {unit}"


def _with_interval(found: Mapping[str, float], unit: str, signed: bool = False) -> str:
    scale = _FEN_PER_YUAN if unit.startswith("fen") else 1
    estimate, low, high = (number(found[name] / scale) for name in ("estimate", "low", "high"))
    sign = "+" if signed and found["estimate"] > 0 else ""
    return f"{sign}{estimate} [{low}, {high}] {unit.replace('fen', 'yuan')}"
