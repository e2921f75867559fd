"""The statistics of a network file, and the text that tells them beside networks that are known."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from sim.network.joining import joined
from sim.network.loader import read_ties
from sim.network.statistics import SAMPLED_PEOPLE, network_statistics


class Statistic(NamedTuple):
    """One statistic as it is told to people."""

    name: str
    title: str
    decimals: int


STATISTICS = (
    Statistic("nodes", "people", 0),
    Statistic("ties", "ties", 0),
    Statistic("mean_degree", "mean degree, undirected", 1),
    Statistic("mean_out_degree", "mean degree, directed", 1),
    Statistic("reciprocity", "reciprocity", 3),
    Statistic("local_clustering", "local clustering", 3),
    Statistic("transitivity", "transitivity", 3),
    Statistic("in_degree_gini", "in-degree Gini", 3),
    Statistic("out_degree_gini", "out-degree Gini", 3),
    Statistic("mean_distance", "mean distance", 2),
    Statistic("largest_component_share", "share of largest component", 3),
)

KNOWN_NETWORKS: dict[str, dict[str, float | None]] = {
    "Ciao trust": {
        "nodes": 7_317,
        "ties": 111_781,
        "mean_degree": 23.3,
        "mean_out_degree": 15.3,
        "reciprocity": 0.476,
        "local_clustering": 0.198,
        "transitivity": 0.117,
        "in_degree_gini": 0.760,
        "out_degree_gini": 0.623,
        "mean_distance": 3.31,
        "largest_component_share": 0.998,
    },
    "Bitcoin OTC": {
        "nodes": 5_881,
        "ties": 35_592,
        "mean_degree": 7.3,
        "mean_out_degree": 6.1,
        "reciprocity": 0.792,
        "local_clustering": 0.178,
        "transitivity": 0.059,
        "in_degree_gini": 0.686,
        "out_degree_gini": 0.759,
        "mean_distance": 3.57,
        "largest_component_share": 0.999,
    },
    "ego-Facebook": {
        "nodes": 4_039,
        "ties": 88_234,
        "mean_degree": 43.7,
        "mean_out_degree": 43.7,
        "reciprocity": None,
        "local_clustering": 0.606,
        "transitivity": 0.519,
        "in_degree_gini": 0.541,
        "out_degree_gini": 0.541,
        "mean_distance": 3.69,
        "largest_component_share": 1.0,
    },
    "LastFM Asia": {
        "nodes": 7_624,
        "ties": 27_806,
        "mean_degree": 7.3,
        "mean_out_degree": 7.3,
        "reciprocity": None,
        "local_clustering": 0.219,
        "transitivity": 0.179,
        "in_degree_gini": 0.583,
        "out_degree_gini": 0.583,
        "mean_distance": 5.23,
        "largest_component_share": 1.0,
    },
}
"""Measured by `network_statistics` on: Ciao (Tang, Gao, Liu 2012); Bitcoin OTC (Kumar et al. 2016),
ties of negative weight included; ego-Facebook (McAuley, Leskovec 2012); LastFM Asia (Rozemberczki,
Sarkar 2020)."""


def network_report(path: str | Path, directed: str = "auto") -> dict[str, Any]:
    """Return what a network file holds: people, ties, what a run drops, and its statistics.

    The statistics count ties of weight 0 or less, as published ones do; a run drops them.
    """
    ties = joined(read_ties(path), directed, keep_nonpositive=True)
    return {
        "file": str(path),
        "directed": ties.directed,
        "weighted": ties.weight is not None,
        "dropped": ties.dropped._asdict(),
        "statistics": network_statistics(ties),
        "known": {name: dict(known) for name, known in KNOWN_NETWORKS.items()},
    }


def describe(report: dict[str, Any]) -> str:
    """Return the text of a report: what was dropped, and a table with the known networks beside."""
    statistics = report["statistics"]
    columns = {"this network": statistics, **report["known"]}
    rows = [["", *columns]]
    rows += [
        [title, *(_shown(column[name], decimals) for column in columns.values())]
        for name, title, decimals in STATISTICS
    ]
    widths = [max(map(len, column)) for column in zip(*rows)]
    table = "\n".join(
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]) for row in rows
    )
    kinds = [
        "directed" if report["directed"] else "undirected",
        "weighted" if report["weighted"] else "unweighted",
    ]
    lines = [f"{report['file']}: {', '.join(kinds)}", *_dropped_lines(report["dropped"]), "", table]
    if statistics["distance_sources"] == SAMPLED_PEOPLE < statistics["nodes"]:
        lines += ["", f"The mean distance is that of {SAMPLED_PEOPLE} people to all others."]
    return "\n".join(lines)


def _dropped_lines(dropped: dict[str, int]) -> list[str]:
    told = (
        ("self_ties", "ties of people with themselves, dropped"),
        ("duplicates", "repeated ties, dropped"),
        ("nonpositive_weights", "ties of weight 0 or less, counted here and dropped by a run"),
    )
    return [f"{what}: {dropped[name]:,}" for name, what in told if dropped[name]]


def _shown(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:,.{decimals}f}"
