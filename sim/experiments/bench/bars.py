"""What the engine is to reach, beside what it reached: each a ratio or a size within one run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MILLION = 1_000_000
GB = 1e9
DEMANDS = {"orders": 0.5, "examined_per_choice": 5.95, "reads": 5.0}
"""Least counts of the bench scenario, for each consumer and week or for each choice."""
CATEGORIES = 16

Sized = Mapping[str, Any]
"""What `sim.experiments.bench.size.measure` tells of one size."""


def bars(sizes: Sequence[Sized], mesa: Sequence[Sized]) -> list[dict[str, Any]]:
    """Return the bars for which there are measurements, for JSON.

    Each has `what`, `bar` and `aim` (None: reported only), `unit`, `measured` (the worse of both
    markets) and `met` (None where there is no bar).
    """
    found: list[dict[str, Any]] = []
    million = _at(sizes, MILLION, 50.0)
    largest = _at(sizes, 10 * MILLION, 20.0)
    if million is not None:
        for threads in ("1", "2"):
            ratios = (each["threads"][threads]["against_bare"] for each in _markets(million))
            found.append(
                _most(
                    f"a whole week against the bare work, {_size(million)}, threads: {threads}",
                    max(ratios),
                    3.0,
                    1.5,
                    "times",
                )
            )
        speed_up = min(_week(each, "1") / _week(each, "2") for each in _markets(million))
        what = f"two threads against one, {_size(million)}"
        found.append(_least(what, speed_up, 1.6, 1.9, "times"))
        what = f"peak memory, {_size(million)}"
        found.append(_most(what, million["peak_bytes"] / GB, 1.5, 0.75, "GB"))
    if largest is not None:
        what = f"peak memory, {_size(largest)}"
        found.append(_most(what, largest["peak_bytes"] / GB, 9.0, 4.5, "GB"))
    if million is not None:
        weeks = million["build"]["seconds"] / min(_week(each, "2") for each in _markets(million))
        what = f"building the world, {_size(million)}, in weeks of the run"
        found.append(_most(what, weeks, 60.0, 20.0, "weeks"))
    small = None if largest is None else _at(sizes, MILLION // 10, largest["mean_degree"])
    if small is not None and largest is not None:
        growth = max(
            (_week(large, "2") / largest["n_consumers"])
            / (_week(little, "2") / small["n_consumers"])
            for little, large in zip(_markets(small), _markets(largest))
        )
        what = f"cost per consumer-week, {_size(largest)} against {_size(small)}"
        found.append(_most(what, growth, 3.0, 1.0, "times"))
    if mesa and sizes:
        fast = million or sizes[-1]
        slow = mesa[-1]
        ratio = min(
            rapid["threads"]["2"]["consumer_weeks_per_second"]
            / readable["threads"]["1"]["consumer_weeks_per_second"]
            for rapid, readable in zip(_markets(fast), _markets(slow))
        )
        what = f"consumer-weeks a second, {_size(fast)}, against the Mesa engine, {_size(slow)}"
        found.append(_least(what, ratio, None, 1000.0, "times"))
    return found


def demands(sizes: Iterable[Sized]) -> list[dict[str, Any]]:
    """Return whether the bench scenario was as demanding as it is meant to be, for JSON."""
    found = []
    for size in sizes:
        what = f"categories, {_size(size)}"
        found.append(_least(what, size["n_categories"], CATEGORIES, None, ""))
        for name, least in DEMANDS.items():
            counted = min(market["counts"][name] for market in _markets(size))
            what = f"{name.replace('_', ' ')}, {_size(size)}"
            found.append(_least(what, counted, least, None, ""))
    return found


def _at(sizes: Sequence[Sized], n_consumers: int, mean_degree: float) -> Sized | None:
    for size in sizes:
        if (size["n_consumers"], size["mean_degree"]) == (n_consumers, mean_degree):
            return size
    return None


def _markets(size: Sized) -> list[Any]:
    return list(size["markets"].values())


def _week(market: Mapping[str, Any], threads: str) -> float:
    return float(market["threads"][threads]["week_seconds"])


def _size(size: Sized) -> str:
    return f"{size['n_consumers']:,} consumers of degree {size['mean_degree']:g}"


def _most(
    what: str, measured: float, bar: float | None, aim: float | None, unit: str
) -> dict[str, Any]:
    return _told(
        what, measured, "at most", bar, aim, unit, None if bar is None else measured <= bar
    )


def _least(
    what: str, measured: float, bar: float | None, aim: float | None, unit: str
) -> dict[str, Any]:
    met = None if bar is None else measured >= bar
    return _told(what, measured, "at least", bar, aim, unit, met)


def _told(
    what: str,
    measured: float,
    sense: str,
    bar: float | None,
    aim: float | None,
    unit: str,
    met: bool | None,
) -> dict[str, Any]:
    return {
        "what": what,
        "measured": measured,
        "sense": sense,
        "bar": bar,
        "aim": aim,
        "unit": unit,
        "met": met,
    }
