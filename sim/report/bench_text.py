"""What the bench and the estimate found, as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiments.long_waits import duration_in_words

_GB = 1e9


def bench_text(document: Mapping[str, Any]) -> str:
    """Return the measurements of `sharesim bench` as lines of text."""
    lines = [f"on {machine_line(document['machine'])}", ""]
    for size in (*document["sizes"], *document["mesa"]):
        lines += [*_size_lines(size), ""]
    lines += ["as demanding as meant", *table_lines(document["demands"]), ""]
    return "\n".join([*lines, "bars", *table_lines(document["bars"])])


def machine_line(machine: Mapping[str, Any]) -> str:
    """Return the machine of a measurement in one line."""
    libraries = machine["libraries"]
    return (
        f"{machine['processor']}, {machine['cores']} cores, {machine['memory_gb']} GB, "
        f"{machine['system']}; Python {libraries['python']}, Numba {libraries['numba']}, "
        f"NumPy {libraries['numpy']}; code {machine['code_version']}; "
        f"load at the start {machine['load_at_start']}"
    )


def _size_lines(size: Mapping[str, Any]) -> list[str]:
    build = size["build"]
    lines = [
        f"{size['engine']} engine, {size['n_consumers']:,} consumers, {size['n_ties']:,} ties: "
        f"built in {build['seconds']:.2f} s, peak memory {size['peak_bytes'] / _GB:.2f} GB"
    ]
    for market, found in size["markets"].items():
        counts = ", ".join(
            f"{name.replace('_', ' ')} {value:.3g}" for name, value in found["counts"].items()
        )
        lines.append(f"  {market}: per consumer-week {counts}")
        for threads, told in found["threads"].items():
            against = ""
            if "bare" in told:
                bare = told["bare"]
                against = (
                    f"; bare work {_seconds(bare['seconds'])} (ties "
                    f"{_seconds(bare['ties_seconds'])}, {found['n_shocks']:,} shocks "
                    f"{_seconds(bare['shocks_seconds'])}): {told['against_bare']:.2f} times"
                )
            lines.append(
                f"    threads {threads}: a week {_seconds(told['week_seconds'])}, "
                f"{told['consumer_weeks_per_second']:,.0f} consumer-weeks a second{against}"
            )
            stages = ", ".join(
                f"{name} {_seconds(value)}" for name, value in told["stages_seconds"].items()
            )
            lines.append(f"      {stages}")
    return lines


def _seconds(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1.0 else f"{1000 * seconds:.3g} ms"


def table_lines(bars: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return bars as lines: what was measured, what is asked, met or missed."""
    lines = []
    for bar in bars:
        asked = "reported"
        if bar["bar"] is not None:
            verdict = "met" if bar["met"] else "MISSED"
            asked = f"{bar['sense']} {bar['bar']:g}: {verdict}"
        aim = "" if bar["aim"] is None else f" (aim {bar['aim']:g})"
        measured = f"{bar['measured']:,.3g} {bar['unit']}".rstrip()
        lines.append(f"  {bar['what']}: {measured}; {asked}{aim}")
    return lines


def estimate_text(document: Mapping[str, Any]) -> str:
    """Return what a run would take as lines of text."""
    free = document["free_bytes"]
    log = " with its event log" if document["trace"] else ""
    verdict = "fits" if document["fits"] else "DOES NOT FIT: run refuses it without --force"
    room = "" if free is None else f"; {free / _GB:.1f} GB are free: {verdict}"
    return "\n".join(
        [
            f"{document['scenario']}, {document['market']}{log}: {document['n_consumers']:,} "
            f"consumers, {document['n_ties']:,} ties, {document['weeks']} weeks, "
            f"{document['engine']} engine, threads {document['threads']}",
            f"memory  {document['memory_bytes'] / _GB:.2f} GB at the most, of which the columns "
            f"take {document['columns_bytes'] / _GB:.2f} GB{room}",
            f"time    {duration_in_words(document['seconds'])}",
        ]
    )
