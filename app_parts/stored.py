"""Stored comparisons the pages read: which there are, and what stands in one.

Nothing is simulated here. A page shows one stored comparison; all its numbers come from there.
"""

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from app_parts.numbers import rows_of
from sim.experiments.errors import StoreError
from sim.experiments.files import read_json, read_table

if TYPE_CHECKING:
    import pandas as pd

ROOT = Path(__file__).parents[1] / "results"
#: Results root of the app, if not that of the clone.
ROOT_VARIABLE = "SHARESIM_RESULTS"
PUBLISHED = "published"
#: Scenarios whose comparison can stand on the first page, the one to prefer first.
FIRST = ("baseline", "quick")
MARKETS = ("referral", "ads")
"""The two markets of the first page: every difference is the first less the second."""
RUN = (*MARKETS, "hybrid")
"""The markets of a live run: the third is both at once."""
ANSWER = "consumer_surplus_fen"
"""The outcome of the first page's sentence: every comparison has it."""
DOCUMENT = "compare.json"
FORMAT_VERSION = 1
"""Newest format of comparisons that the pages read."""


@dataclass(frozen=True)
class Place:
    """Where a stored comparison lies: shipped with the product, or made on this machine."""

    folder: Path
    name: str
    published: bool


@dataclass(frozen=True)
class Difference:
    """A number of two markets, or sides, and its mean paired difference, in the same unit."""

    outcome: str
    unit: str
    first_mean: float
    second_mean: float
    estimate: float
    low: float | None
    high: float | None
    n: int

    @property
    def verdict(self) -> str:
        """What the interval says: `more`, `less`, `unclear`; `single` without an interval."""
        if self.low is None or self.high is None:
            return "single"
        if self.low > 0:
            return "more"
        return "less" if self.high < 0 else "unclear"


@dataclass(frozen=True)
class OfMarkets(Difference):
    """The difference between the two markets."""

    n_higher: int
    """Pairs in which the first market is higher."""


class Mean(NamedTuple):
    """Mean over the runs of a market and its 95 % interval; the bounds of one run are NaN."""

    mean: float
    low: float = math.nan
    high: float = math.nan

    def times(self, scale: float) -> "Mean":
        """The same in another unit."""
        return Mean(*(value * scale for value in self))


@dataclass(frozen=True)
class Compared:
    """What a stored comparison of the two markets came to."""

    key: str
    document: Mapping[str, Any]
    differences: Mapping[str, OfMarkets]

    @property
    def n_pairs(self) -> int:
        """Paired runs behind every number."""
        return int(self.document["replicates"])

    @property
    def values(self) -> Mapping[str, Any]:
        """Value of every parameter of the scenario."""
        return dict(self.document["values"])

    @property
    def people(self) -> int:
        """Consumers of the scenario."""
        return int(self.values["population.n_consumers"])

    @property
    def pairs_wanted(self) -> int:
        """Pairs that were asked for: more than there are where the comparison was stopped."""
        return int(self.document.get("partial", {}).get("pairs_wanted", self.n_pairs))

    @property
    def counted_weeks(self) -> int:
        """Weeks over which flows are summed."""
        counted = self.document["counted_weeks"]
        return int(counted["end"]) - int(counted["first"])


@dataclass(frozen=True)
class Stored(Compared):
    """A stored comparison with its overview."""

    money: Mapping[tuple[str, str], Mean]
    """Yuan of 100 by market and part."""
    weeks: Mapping[tuple[str, str], Sequence[Mean]]
    """Means of the weeks, from week 0 on, by market and outcome."""
    gaps: Mapping[str, Sequence[Mean]]
    """Paired differences of the weeks, first market less second, by outcome; may be empty."""
    quality: Mapping[tuple[str, str], Mapping[float, Mean]]
    """Shares of orders (sold) and of offers (offered) by market, kind and quality; may be empty."""
    sides: "Sides | None" = None
    """What the two sides of the hybrid came to, where it was run."""


@dataclass(frozen=True)
class Sides:
    """The two sides of the hybrid, the sharing side first."""

    names: tuple[str, str]
    """The market that each side is by itself."""
    ends: Mapping[str, Difference]
    """Numbers of the last 13 weeks on either side, and their difference, first side less second."""
    weeks: Mapping[tuple[str, str], Sequence[Mean]]
    """Means of the weeks, from week 0 on, by side and number."""


def results_root() -> Path:
    """Where results lie."""
    return Path(os.environ.get(ROOT_VARIABLE) or ROOT)


def published_places() -> dict[str, Place]:
    """Every published comparison by the name of its scenario."""
    folders = sorted((results_root() / PUBLISHED).glob(f"*/{DOCUMENT}"))
    return {path.parent.name: Place(path.parent, path.parent.name, True) for path in folders}


def rate_places() -> dict[float, Place]:
    """The published comparisons at each reward rate of the first page's slider, by rate."""
    root = results_root() / PUBLISHED / "rates"
    folders = sorted(path.parent for path in root.glob(f"*/{DOCUMENT}"))
    return {
        int(folder.name) / 1000: Place(folder, FIRST[0], True)
        for folder in folders
        if folder.name.isdigit()
    }


def first_place() -> Place | None:
    """The comparison of the first page: a published one, else the newest made here, else none."""
    published = published_places()
    for name in FIRST:
        if name in published:
            return published[name]
    return max(_own_places(), key=lambda place: _age(place.folder), default=None)


def read_stored(place: Place) -> Stored:
    """What stands in that comparison; StoreError if it cannot be read. Not to be changed."""
    return _read(str(place.folder), _age(place.folder))


def read_compared(place: Place) -> Compared:
    """The differences of that comparison alone, which takes less time."""
    return _read_compared(str(place.folder), _age(place.folder))


def place_at(folder: Path) -> Place:
    """The comparison in that folder as a place."""
    published = results_root() / PUBLISHED in folder.parents
    return Place(folder, folder.name if published else folder.parent.name, published)


@st.cache_resource(max_entries=24, show_spinner=False)
def _read_compared(folder: str, age: int) -> Compared:
    path = Path(folder)
    try:
        document = read_json(path / DOCUMENT, "comparison", FORMAT_VERSION)
        differences = _differences(document, read_table(path / "runs.parquet"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"{path}: does not hold a whole comparison") from error
    return Compared(path.name.removeprefix("compare-"), document, differences)


@st.cache_resource(max_entries=24, show_spinner=False)
def _read(folder: str, age: int) -> Stored:
    compared = _read_compared(folder, age)
    tables = _overview(Path(folder))
    try:
        return Stored(
            **vars(compared),
            money={(str(r.market), str(r.part)): _mean(r) for r in tables["money"].itertuples()},
            weeks=_by_week(tables["weeks"], ["market", "outcome"]),
            gaps={key[0]: gaps for key, gaps in _by_week(tables.get("gaps"), ["outcome"]).items()},
            quality=_by_quality(tables.get("quality")),
            sides=_sides(compared.document.get("sides"), tables.get("side_weeks")),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreError(f"{folder}: does not hold a whole comparison") from error


def _by_week(table: "pd.DataFrame | None", keys: list[str]) -> dict[Any, list[Mean]]:
    """Means from week 0 on, by a tuple of those columns."""
    found: dict[Any, list[Mean]] = {}
    if table is not None:
        for row in table.sort_values("week", kind="stable").itertuples():
            found.setdefault(tuple(str(getattr(row, key)) for key in keys), []).append(_mean(row))
    return found


def _sides(document: Mapping[str, Any] | None, weeks: "pd.DataFrame | None") -> Sides | None:
    if document is None or weeks is None:
        return None
    first, second = document["names"]
    ends = {row["outcome"]: Difference(**_numbers(row)) for row in document["differences"]}
    by_week = _by_week(weeks, ["side", "outcome"])
    whole = {(side, name): by_week[side, name] for side in (first, second) for name in ends}
    if len({len(means) for means in whole.values()}) > 1:
        raise ValueError("weeks are missing")
    return Sides((first, second), ends, whole)


def _by_quality(table: "pd.DataFrame | None") -> dict[tuple[str, str], dict[float, Mean]]:
    found: dict[tuple[str, str], dict[float, Mean]] = {}
    if table is not None:
        for row in rows_of(table):
            found.setdefault((str(row.market), str(row.kind)), {})[float(row.quality)] = _mean(row)
    return found


def _overview(folder: Path) -> "dict[str, pd.DataFrame]":
    from sim.report.overview import tables_of

    return tables_of(folder)


def _mean(row: Any) -> Mean:
    return Mean(float(row.mean), float(row.low), float(row.high))


def _differences(document: Mapping[str, Any], runs: "pd.DataFrame") -> dict[str, OfMarkets]:
    told = [
        row
        for row in document["differences"]
        if (row["first"], row["second"]) == MARKETS and row["estimate"] is not None
    ]
    outcomes = [row["outcome"] for row in told]
    first, second = (
        runs[runs["market"] == market].set_index("seed")[outcomes] for market in MARKETS
    )
    n_higher = (first > second.reindex(first.index)).sum()  # what is missing is not higher
    found = {
        row["outcome"]: OfMarkets(**_numbers(row), n_higher=int(n_higher[row["outcome"]]))
        for row in told
    }
    if ANSWER not in found:
        raise KeyError(ANSWER)
    return found


def _numbers(row: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a difference; a mean that no run has is NaN."""
    numbers = {field.name: row[field.name] for field in fields(Difference)}
    means = ("first_mean", "second_mean", "estimate")
    return numbers | {name: math.nan for name in means if numbers[name] is None}


def _own_places() -> Iterator[Place]:
    for name in FIRST:
        for path in (results_root() / name).glob(f"compare-*/{DOCUMENT}"):
            try:
                document = read_json(path, "comparison", FORMAT_VERSION)
            except StoreError:
                continue
            if tuple(document.get("markets", ())[:2]) == MARKETS:
                yield Place(path.parent, name, False)


def _age(folder: Path) -> int:
    return (folder / DOCUMENT).stat().st_mtime_ns
