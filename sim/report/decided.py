"""A sensitivity study in plain sentences: what decides, how much is luck, where sharing wins."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from sim.measures.precision import WIDEST_SHARE, too_few_samples
from sim.report.text import number

_FEN_PER_YUAN = 100
_MOST_FIXED = 8


def sensitivity_text(document: Mapping[str, Any], folder: Path) -> str:
    """What a study says, in sentences, and where its tables and figures lie."""
    first, second = document["markets"]
    scale = _FEN_PER_YUAN if "fen" in document["unit"].split() else 1
    mean, low, high = (number(document[name] / scale) for name in ("mean", "mean_low", "mean_high"))
    lines = [
        f"{document['scenario']}: {document['outcome']}, {first} less {second}, at "
        f"{document['n_points']} points over what is not known",
        "",
        f"On average {mean} [{low}, {high}] {document['unit'].replace('fen', 'yuan')}.",
        document["rule"]["words"],
    ]
    held = document["rule"]["held_out"]
    if held is not None and held["density"] is not None:
        lines.append(
            f"Found on half of the points and judged on the other half: density "
            f"{100 * held['density']:.0f} %, coverage {100 * held['coverage']:.0f} %."
        )
    lines += ["", "Share of the variance that each input explains, with all its interactions:"]
    if too_few_samples(pd.DataFrame(document["indices"])):
        lines.append(
            f"  too few samples: intervals wider than {_percent(WIDEST_SHARE)} points do not tell "
            f"large shares from small ones: give more, like --samples {4 * document['n_samples']}"
        )
    ordered = sorted(document["indices"], key=lambda row: -(row["total"] or 0.0))
    for row in ordered:
        name = "luck (the seed)" if row["parameter"] == "seed" else row["parameter"]
        bounds = " to ".join(_percent(row[end]) for end in ("total_low", "total_high"))
        lines.append(
            f"  {_percent(row['total']):>5} %  {name} (95 % interval {bounds}; alone "
            f"{_percent(row['first'])})"
        )
    fixed = [row["parameter"] for row in document["fixed"]]
    if fixed:
        shown = ", ".join(fixed[:_MOST_FIXED])
        more = f" and {len(fixed) - _MOST_FIXED} more" if len(fixed) > _MOST_FIXED else ""
        lines += ["", f"Held at the scenario's values, as they moved it less: {shown}{more}."]
    figures = sorted((folder / "figures").glob("*.png"))
    lines += ["", f"tables   {folder}", *(f"figure   {path}" for path in figures)]
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"
