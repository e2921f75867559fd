"""Answers to the known-answer families of outcome measures, as in `sim.evidence.rule_answers`."""

from __future__ import annotations

from operator import index

from sim.evidence.rule_answers import Answered, Family, Inputs
from sim.measures.cascades import trees_of
from sim.measures.inequality import gini, hhi


def inequality(inputs: Inputs) -> Answered:
    """Return the Gini and Herfindahl-Hirschman indices of some amounts."""
    return {"gini": float(gini(inputs["x"])), "hhi": float(hhi(inputs["x"]))}, None


def structural_virality(inputs: Inputs) -> Answered:
    """Return the statistics of one tree, given by the parent of each node."""
    parent = [index(node) for node in inputs["parent"]]
    if parent.count(-1) != 1 or not all(-1 <= node < len(parent) for node in parent):
        raise ValueError("parent must name a node for all but one, the root, which has -1")
    trees = trees_of(parent)
    got = {name: column[0].item() for name, column in trees._asdict().items()}
    return got, None


MEASURE_FAMILIES: dict[str, Family] = {
    "inequality": inequality,
    "structural_virality": structural_virality,
}
