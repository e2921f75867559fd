"""Adoption against the number of trusted people who adopted before: the same curve for any log.

The people are all who occur in the ties or the events, the items all that occur in the events; a
pair of a person and an item is exposed at k once exactly k of those the person trusts have shown
the item, counting only who showed it before (not at the same time). It adopts at k if the person
adopts the item in that state. prob(k) = adopted(k) / exposed(k): of the pairs that ever stood at
k, the share that adopted before they stood at more. A pair that leaves otherwise (by showing an
item without adopting it, as the first reviewer of an item does) is not counted where it left.
Source: the "ordinal time" of Crandall, Cosley, Huttenlocher, Kleinberg, Suri (2008).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.evidence.measurements.estimation import (
    Floats,
    Interval,
    Ints,
    bootstrap,
    share_of_units,
)

MAX_K = 10
"""Largest number of trusted people in a curve; pairs that stand at more are left out."""

N_BOOTSTRAP = 300
EXPONENTS = np.arange(0.05, 5, 0.005)
"""Exponents among which that of a curve is found."""

BLOCK = 2_000_000
"""Showings that are laid out at once, to spare memory."""


class Counts(NamedTuple):
    """Pairs by person (rows) and number of trusted people who showed the item (columns 0..K)."""

    exposed: Floats
    adopted: Floats

    def curve(self) -> pd.DataFrame:
        """k, exposed, adopted, prob, low, high: all people together, 95 % by clusters of people."""
        share = [share_of_units(a, e) for a, e in zip(self.adopted.T, self.exposed.T)]
        return pd.DataFrame(
            {
                "k": np.arange(self.exposed.shape[1]),
                "exposed": self.exposed.sum(axis=0).astype(np.int64),
                "adopted": self.adopted.sum(axis=0).astype(np.int64),
                "prob": [s.value for s in share],
                "low": [s.low for s in share],
                "high": [s.high for s in share],
            }
        )


class Exits(NamedTuple):
    """First own event of each pair, sorted by pair; `stood_at` counts who showed it before."""

    pair: Ints
    time: Floats
    person: Ints
    adopts: NDArray[np.bool_]
    stood_at: Ints


def adoption_curve(ties: pd.DataFrame, events: pd.DataFrame, max_k: int = MAX_K) -> pd.DataFrame:
    """k, exposed, adopted, prob, low, high: adoption by number of trusted people who showed it.

    `ties` has columns truster, trusted; `events` person, item, time, adopts, shows (the last two
    yes or no). A review does both; of a run `events_of_run` makes the events.
    """
    return adoption_counts(ties, events, max_k).curve()


def adoption_counts(ties: pd.DataFrame, events: pd.DataFrame, max_k: int = MAX_K) -> Counts:
    """What `adoption_curve` adds up, by person."""
    people = pd.Index(np.unique(np.concatenate([ties.to_numpy().ravel(), events["person"]])))
    items = pd.Index(np.unique(events["item"]))
    person = people.get_indexer(events["person"]).astype(np.int64)
    item = items.get_indexer(events["item"]).astype(np.int64)
    log = pd.DataFrame(
        {"pair": person * len(items) + item, "time": events["time"], "person": person}
    )
    own = _own_exits(log, events["adopts"].to_numpy(bool))
    shown = log[events["shows"].to_numpy(bool)].sort_values("time", kind="stable")
    shown = shown.drop_duplicates("pair").sort_values("person", kind="stable")
    start = np.searchsorted(shown["person"], np.arange(len(people) + 1)).astype(np.int64)
    shown_item, shown_time = (shown["pair"] % len(items)).to_numpy(), shown["time"].to_numpy(float)

    truster = people.get_indexer(ties["truster"]).astype(np.int64)
    trusted = people.get_indexer(ties["trusted"]).astype(np.int64)
    order = np.argsort(truster, kind="stable")
    truster, trusted = truster[order], trusted[order]
    length = np.diff(start)[trusted]
    counts = _nobody_exposed(len(people), len(items), max_k)
    for first, last in _blocks(truster, length):
        rows = _ranges(start[trusted[first:last]], length[first:last])
        reader = np.repeat(truster[first:last], length[first:last])
        pair = reader * len(items) + shown_item[rows]
        _add_signals(counts, own, len(items), pair, shown_time[rows])
    return _with_adopters(counts, own)


def events_of_run(shares: pd.DataFrame, orders: pd.DataFrame) -> pd.DataFrame:
    """Events for `adoption_curve` from tables of a run: orders adopt, product posts show."""
    posts = shares[shares["kind"] == "product"]
    return pd.DataFrame(
        {
            "person": np.concatenate([orders["consumer"], posts["sharer"]]),
            "item": np.concatenate([orders["merchant"], posts["merchant"]]),
            "time": np.concatenate([orders["week"], posts["week"]]),
            "adopts": np.repeat([True, False], [len(orders), len(posts)]),
            "shows": np.repeat([False, True], [len(orders), len(posts)]),
        }
    )


def rise_exponent(counts: Counts, n_bootstrap: int = N_BOOTSTRAP, seed: int = 1) -> Interval:
    """The exponent γ of prob(k) = b + c·k^γ with c > 0, below 1 where the curve is concave.

    Weighted least squares over the k at which anybody stood, four at least; the best of a grid of
    exponents, 0.005 apart. People are drawn anew for the interval.
    """
    curve = counts.curve()
    some = (curve["exposed"] > 0).to_numpy()
    if some.sum() < 4:
        raise ValueError("a curve of fewer than four points has no shape")
    weight = (curve["high"] - curve["low"]).to_numpy()[some] ** -2.0
    power = curve["k"].to_numpy(np.float64)[some] ** EXPONENTS[:, None]
    power -= (power @ weight / weight.sum())[:, None]
    slopes = weight * power / np.sqrt(power**2 @ weight)[:, None]

    def exponent(people: Floats) -> float:
        exposed = np.maximum(people @ counts.exposed[:, some], 1)
        prob = people @ counts.adopted[:, some] / exposed
        return float(EXPONENTS[np.argmax(slopes @ prob)])

    return bootstrap(exponent, len(counts.exposed), n_bootstrap, seed)


def _own_exits(log: pd.DataFrame, adopts: NDArray[np.bool_]) -> Exits:
    """The first event of each pair of `log` (pair, time, person), with whether it adopts then."""
    own = log.assign(adopts=adopts).groupby(["pair", "time"], sort=True, as_index=False)
    first = own.agg({"person": "first", "adopts": "any"}).drop_duplicates("pair")
    return Exits(
        first["pair"].to_numpy(np.int64),
        first["time"].to_numpy(np.float64),
        first["person"].to_numpy(np.int64),
        first["adopts"].to_numpy(bool),
        np.zeros(len(first), dtype=np.int64),
    )


def _nobody_exposed(n_people: int, n_items: int, max_k: int) -> Counts:
    """Every person stands at 0 with every item."""
    exposed = np.zeros((n_people, max_k + 1))
    exposed[:, 0] = n_items
    return Counts(exposed, np.zeros_like(exposed))


def _add_signals(counts: Counts, own: Exits, n_items: int, pair: Ints, time: Floats) -> None:
    """Counts the states that pairs reach through `pair`, `time`: one row per trusted person."""
    row = np.minimum(np.searchsorted(own.pair, pair), max(len(own.pair) - 1, 0))
    if len(own.pair):
        mine = own.pair[row] == pair
        before = ~mine | (time < own.time[row])
        np.add.at(own.stood_at, row[mine & before], 1)
        pair, time = pair[before], time[before]
    order = np.lexsort((time, pair))
    pair, time = pair[order], time[order]
    at = np.arange(len(pair))
    other_pair = np.diff(pair, prepend=-1) != 0
    k = at - np.maximum.accumulate(np.where(other_pair, at, 0)) + 1
    lasts = np.ones(len(pair), dtype=bool)
    lasts[:-1] = other_pair[1:] | (np.diff(time) != 0)
    n_k = counts.exposed.shape[1]
    reached = lasts & (k < n_k)
    np.add.at(counts.exposed, (pair[reached] // n_items, k[reached]), 1)


def _with_adopters(counts: Counts, own: Exits) -> Counts:
    """The counts after each pair has adopted, or left uncounted, where it stood."""
    inside = own.stood_at < counts.exposed.shape[1]
    place = own.person[inside], own.stood_at[inside]
    adopts = own.adopts[inside]
    np.add.at(counts.adopted, tuple(p[adopts] for p in place), 1)
    np.add.at(counts.exposed, tuple(p[~adopts] for p in place), -1)
    return counts


def _blocks(truster: Ints, length: Ints) -> Iterator[tuple[int, int]]:
    """Ranges of ties with about `BLOCK` showings, each with whole trusters; `truster` sorted."""
    last_of_truster = np.flatnonzero(np.diff(truster, append=-1))
    showings = np.cumsum(length)
    first = 0
    while first < len(truster):
        done = showings[first - 1] if first else 0
        fits = np.searchsorted(showings[last_of_truster], done + BLOCK, side="right") - 1
        beyond = np.searchsorted(last_of_truster, first)
        last = int(last_of_truster[max(fits, beyond)]) + 1
        yield first, last
        first = last


def _ranges(start: Ints, length: Ints) -> Ints:
    """start, start + 1, ... (length of them) for each start, one after the other."""
    shift = start - np.concatenate([[0], np.cumsum(length)[:-1]])
    return np.repeat(shift, length) + np.arange(length.sum())
