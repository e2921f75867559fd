"""A run on the ties of a real network, held against what the people of that network did (Ciao).

Two shapes are compared: how adoption rises with the number of trusted people who shared, and how
much more friends have in common than the same network rewired at random. Nothing is fitted.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.measurements.adoption import (
    Counts,
    adoption_counts,
    events_of_run,
    rise_exponent,
)
from sim.evidence.measurements.ciao import (
    MIN_REVIEWS,
    Reviews,
    Ties,
    among,
    common_items,
    correlation,
    rating_moments,
    read_ciao,
    residual_ratings,
    review_events,
    rewired,
)
from sim.evidence.measurements.estimation import Interval, Ints
from sim.model import MarketModel
from sim.network import Network
from sim.scenario import Scenario

#: Periods of the recent curve: a week of the model; in the data, where people are slow, four.
DATA_PERIOD_SECONDS = 28 * 86_400
#: Most trusted people who shared of late; more are too rare for a point of the curve.
MAX_RECENT = 4
WEEKS = 104


class Homophily(NamedTuple):
    """What friends have in common, and what the same people have over ties made at random."""

    common_items: float
    """Items both bought or reviewed, times those over rewired ties."""
    agreement: float
    """Correlation of their residual ratings of common items, above that over rewired ties."""


class Shape(NamedTuple):
    """Adoption and homophily of one source, a run or the data."""

    recent: pd.DataFrame
    """k, exposed, adopted, prob, low, high per period; k who shared in the period before."""
    recent_exponent: Interval
    ever: pd.DataFrame
    """The same by all who ever shared before, in ordinal time."""
    ever_exponent: Interval
    homophily: Homophily


def shape_of_run(trust: str | Path, seed: int = 1, weeks: int = WEEKS) -> Shape:
    """Return the shape of a run of the default referral market on the ties of a file."""
    scenario = Scenario().with_values({"network.file": str(trust)})
    model = MarketModel(scenario, "referral", rng=seed, engine="array", trace=True)
    model.run_for(weeks)
    tables, network = model.tables(), model.world.network
    ties = ties_of(network)
    events = events_of_run(tables["shares"], tables["orders"])
    return _shape(ties, events, 1.0, first_purchases(tables["orders"], network.n_people), seed)


def ties_of(network: Network) -> Ties:
    """Return who trusts whom in a network, by person number."""
    followers = np.diff(network.follower_start)
    trusted = np.repeat(np.arange(network.n_people), followers)
    return Ties(network.reader.astype(np.int64), trusted)


def first_purchases(orders: pd.DataFrame, n_people: int) -> Reviews:
    """Return first orders of a product as if they were reviews, rated by the lived quality."""
    first = orders.drop_duplicates(["consumer", "merchant"])
    item = pd.factorize(first["merchant"], sort=True)[0].astype(np.int64)
    return Reviews(
        first["consumer"].to_numpy(np.int64),
        item,
        first["category"].to_numpy(np.int64),
        first["experienced_quality"].to_numpy(np.float64),
        first["week"].to_numpy(np.int64),
        n_people,
        int(item.max()) + 1,
    )


def shape_of_data(trust: str | Path, ratings: str | Path, seed: int = 1) -> Shape:
    """Return the shape of the given ratings: popular items, people with a review."""
    everybody, reviews = read_ciao(trust, ratings)
    ties = among(everybody, reviews.n_people)
    return _shape(ties, review_events(reviews, MIN_REVIEWS), DATA_PERIOD_SECONDS, reviews, seed)


def recent_counts(
    ties: Ties, events: pd.DataFrame, period: float, max_k: int = MAX_RECENT
) -> Counts:
    """Pairs of a person and an item, a period each, by how many trusted people shared of late.

    A pair stands at k in a period if exactly k of those the person trusts showed the item in the
    period before; it adopts at k if the person's first event with the item is an adoption in this
    period. Pairs count from the period after the item was first shown, until their own first event.
    So every k is given the same time, as in ordinal time it is not. ``events`` as in
    `adoption_counts`.
    """
    person = events["person"].to_numpy(np.int64)
    items = pd.Index(np.unique(events["item"]))
    item = items.get_indexer(events["item"]).astype(np.int64)
    when = np.floor((events["time"] - events["time"].min()) / period).to_numpy(np.int64)
    n_people = 1 + int(max(person.max(), ties.truster.max(), ties.trusted.max()))
    n_items, n_periods = len(items), int(when.max()) + 1

    shows = events["shows"].to_numpy(bool)
    begins = np.full(n_items, n_periods)
    np.minimum.at(begins, item[shows], when[shows] + 1)
    left, adopts = _first_events(
        person * n_items + item, when, events["adopts"].to_numpy(bool), n_people * n_items
    )
    pair, at, k = _standings(ties, person[shows], item[shows], when[shows], n_items, n_periods)
    counted = (left[pair] >= at) & (k <= max_k)
    too_many = np.bincount(pair[(left[pair] >= at) & (k > max_k)] // n_items, minlength=n_people)
    pair, at, k = pair[counted], at[counted], k[counted]

    exposed, adopted = np.zeros((2, n_people, max_k + 1))
    np.add.at(exposed, (pair // n_items, k), 1)
    here = (left[pair] == at) & adopts[pair]
    np.add.at(adopted, (pair[here] // n_items, k[here]), 1)

    last = np.minimum(left, n_periods - 1).reshape(n_people, n_items)
    time_at_risk = np.maximum(last - begins + 1, 0).sum(axis=1)
    first_own = (adopts & (left >= np.tile(begins, n_people))).reshape(n_people, n_items)
    exposed[:, 0] = time_at_risk - exposed[:, 1:].sum(axis=1) - too_many
    adopted[:, 0] = first_own.sum(axis=1) - adopted[:, 1:].sum(axis=1)
    return Counts(exposed, adopted)


def _first_events(
    pair: Ints, when: Ints, adopts: np.ndarray, n_pairs: int
) -> tuple[Ints, np.ndarray]:
    """Period of the first own event of every pair (beyond all if none), and whether it adopts."""
    left = np.full(n_pairs, np.iinfo(np.int64).max)
    np.minimum.at(left, pair, when)
    first = np.zeros(n_pairs, dtype=bool)
    first[pair[adopts & (when == left[pair])]] = True
    return left, first


def _standings(
    ties: Ties, sharer: Ints, item: Ints, when: Ints, n_items: int, n_periods: int
) -> tuple[Ints, Ints, Ints]:
    """Pair, period and number of trusted people who showed the item in the period before."""
    shown = np.unique(np.column_stack([sharer, item, when + 1]), axis=0)
    shown = shown[shown[:, 2] < n_periods]
    order = np.argsort(ties.trusted, kind="stable")
    trusted = ties.trusted[order]
    start, end = np.searchsorted(trusted, shown[:, 0]), np.searchsorted(trusted, shown[:, 0] + 1)
    row = np.repeat(np.arange(len(shown)), end - start)
    within = np.arange(len(row)) - np.repeat(np.cumsum(end - start) - (end - start), end - start)
    reader = ties.truster[order][start[row] + within]
    key = (reader * n_items + shown[row, 1]) * n_periods + shown[row, 2]
    key, k = np.unique(key, return_counts=True)
    return key // n_periods, key % n_periods, k


def _shape(ties: Ties, events: pd.DataFrame, period: float, bought: Reviews, seed: int) -> Shape:
    recent = recent_counts(ties, events, period)
    ever = adoption_counts(pd.DataFrame(ties._asdict()), events)
    return Shape(
        recent.curve(),
        rise_exponent(recent, seed=seed),
        ever.curve(),
        rise_exponent(ever, seed=seed),
        homophily(ties, bought, seed),
    )


def homophily(ties: Ties, bought: Reviews, seed: int) -> Homophily:
    """Return what friends have in common and how far they agree, against rewired ties."""
    n, left = bought.n_people, residual_ratings(bought)
    random = rewired(ties, seed)
    common = [float(common_items(one, bought, n).sum()) for one in (ties, random)]
    alike = [
        correlation(rating_moments(one, bought, left, n).sum(axis=0)) for one in (ties, random)
    ]
    return Homophily(common[0] / common[1], alike[0] - alike[1])


class Verdict(NamedTuple):
    """Whether a run shows what the data, or studies like them, show."""

    expected: str
    found: str
    hit: bool


def verdicts(run: Shape, data: Shape) -> list[Verdict]:
    """Return hit or miss for each pattern: both shapes of adoption, both sides of homophily.

    Concave: the interval of the exponent is below 1, and who has three trusted people adopts more
    often than who has one. Same things: at least half of the excess found in the data.
    """
    near, far = run.homophily, data.homophily
    return [
        Verdict(
            "adoption rises with all who ever shared, and less and less "
            f"(data: exponent {_interval(data.ever_exponent)})",
            f"exponent {_interval(run.ever_exponent)}; " + _steps(run.ever),
            _is_concave(run.ever, run.ever_exponent),
        ),
        Verdict(
            "adoption by those who shared of late is as concave, or not, as in the data "
            f"(exponent {_interval(data.recent_exponent)})",
            f"exponent {_interval(run.recent_exponent)}; " + _steps(run.recent),
            _is_concave(run.recent, run.recent_exponent)
            == _is_concave(data.recent, data.recent_exponent),
        ),
        Verdict(
            f"friends buy the same things (data: {far.common_items:.2f} times as many in common as "
            "over rewired ties)",
            f"{near.common_items:.3f} times as many",
            near.common_items - 1.0 >= (far.common_items - 1.0) / 2.0,
        ),
        Verdict(
            "without agreeing more about quality (data: correlation higher by "
            f"{far.agreement:.3f})",
            f"higher by {near.agreement:.3f}",
            abs(near.agreement) < 0.05,
        ),
    ]


def _is_concave(curve: pd.DataFrame, exponent: Interval) -> bool:
    prob = curve["prob"].to_numpy()
    return bool(exponent.high < 1.0 and prob[0] < prob[1] < prob[3])


def _interval(number: Interval) -> str:
    return f"{number.value:.2f} ({number.low:.2f} to {number.high:.2f})"


def _steps(curve: pd.DataFrame) -> str:
    """The first probabilities of a curve, in percent."""
    percent = (f"{100 * prob:.2g}" for prob in curve["prob"][:4])
    return "probability at k = 0, 1, 2, 3 in %: " + ", ".join(percent)
