"""Do people who trust each other choose alike, judge alike and follow each other? (Ciao)

Files: `truster,trustee` and `user,item,category,rating,...,unix_time`. Pairs who trust are held
against the same network rewired at random, in which everybody keeps the number of people they
trust and by whom they are trusted.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.evidence.measurements.adoption import Counts, adoption_counts, rise_exponent
from sim.evidence.measurements.estimation import Floats, Interval, Ints, bootstrap
from sim.evidence.measurements.measurement import Findings, Measurement

MIN_REVIEWS = 20
"""Fewest reviews of an item that counts as popular."""

N_REWIRINGS = 5
N_BOOTSTRAP = 300
SWEEPS = 30
"""Rounds of taking out person and item means in turn; they settle within ten."""


class Reviews(NamedTuple):
    """The first review of each item by each person; persons and items numbered from 0."""

    person: Ints
    item: Ints
    category: Ints
    rating: Floats
    time: Ints
    n_people: int
    n_items: int


class Ties(NamedTuple):
    """Who trusts whom, by person number."""

    truster: Ints
    trusted: Ints


def read_ciao(trust: str | Path, ratings: str | Path) -> tuple[Ties, Reviews]:
    """Ties and reviews with people numbered alike: raters first, then people without a review."""
    table = pd.read_csv(ratings).sort_values("unix_time", kind="stable", ignore_index=True)
    table = table.drop_duplicates(["user", "item"], ignore_index=True)
    lines = pd.read_csv(trust)[["truster", "trustee"]].drop_duplicates()
    lines = lines[lines["truster"] != lines["trustee"]]
    raters = np.unique(table["user"])
    others = np.setdiff1d(np.unique(lines.to_numpy()), raters)
    number = pd.Index(np.concatenate([raters, others]))
    item = pd.factorize(table["item"], sort=True)[0].astype(np.int64)
    reviews = Reviews(
        person=number.get_indexer(table["user"]).astype(np.int64),
        item=item,
        category=pd.factorize(table["category"], sort=True)[0].astype(np.int64),
        rating=table["rating"].to_numpy(np.float64),
        time=table["unix_time"].to_numpy(np.int64),
        n_people=len(raters),
        n_items=int(item.max()) + 1,
    )
    return (
        Ties(
            number.get_indexer(lines["truster"]).astype(np.int64),
            number.get_indexer(lines["trustee"]).astype(np.int64),
        ),
        reviews,
    )


def among(ties: Ties, n_people: int) -> Ties:
    """The ties whose both ends are among the first `n_people` people."""
    inside = (ties.truster < n_people) & (ties.trusted < n_people)
    return Ties(ties.truster[inside], ties.trusted[inside])


def rewired(ties: Ties, seed: int) -> Ties:
    """The ties after swapping ends at random, ten tries a tie; all degrees stay, no tie doubles."""
    import random

    import igraph

    igraph.set_random_number_generator(random.Random(seed))
    try:
        graph = igraph.Graph(edges=np.column_stack(ties), directed=True)
        graph.rewire(n=10 * len(ties.truster))
    finally:
        igraph.set_random_number_generator(random)
    ends = np.array(graph.get_edgelist(), dtype=np.int64).reshape(-1, 2)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    return Ties(ends[order, 0], ends[order, 1])


def common_items(ties: Ties, reviews: Reviews, n_people: int) -> Floats:
    """Number of items that both ends of each tie reviewed."""
    from scipy import sparse

    size = (n_people, reviews.n_items)
    both = sparse.csr_matrix((np.ones(len(reviews.item)), (reviews.person, reviews.item)), size)
    return np.asarray(both[ties.truster].multiply(both[ties.trusted]).sum(axis=1)).ravel()


def expected_by_category(ties: Ties, reviews: Reviews) -> Floats:
    """Common items to expect if each drew items from its own categories by popularity alone.

    Σ over categories of n_truster · n_trusted · Σ over items of (share of the category)².
    """
    n_categories = int(reviews.category.max()) + 1
    at = reviews.person * n_categories + reviews.category
    wrote = np.bincount(at, minlength=reviews.n_people * n_categories).astype(np.float64)
    by_person = wrote.reshape(reviews.n_people, n_categories)
    per_item = pd.Series(reviews.category).groupby([reviews.category, reviews.item]).size()
    share = per_item / per_item.groupby(level=0).transform("sum")
    chance = (share**2).groupby(level=0).sum().to_numpy()
    return np.asarray((by_person[ties.truster] * by_person[ties.trusted] * chance).sum(axis=1))


def residual_ratings(reviews: Reviews) -> Floats:
    """Ratings without the means of persons and of items, taken out in turn until they settle."""
    left = reviews.rating - reviews.rating.mean()
    for _ in range(SWEEPS):
        for who in (reviews.item, reviews.person):
            left = left - (np.bincount(who, left) / np.maximum(np.bincount(who), 1))[who]
    return left


def rating_moments(ties: Ties, reviews: Reviews, value: Floats, n_people: int) -> Floats:
    """Truster × (n, Σx, Σy, Σx², Σy², Σxy) over common items; x the truster's, y the other's."""
    from scipy import sparse

    row = np.arange(len(reviews.item))
    size = (n_people, reviews.n_items)
    place = sparse.csr_matrix((row + 1, (reviews.person, reviews.item)), size)
    there = sparse.csr_matrix((np.ones(len(row), dtype=bool), (reviews.person, reviews.item)), size)
    first = place[ties.truster].multiply(there[ties.trusted]).tocsr()
    second = place[ties.trusted].multiply(there[ties.truster]).tocsr()
    first.sort_indices()
    second.sort_indices()
    truster = np.repeat(ties.truster, np.diff(first.indptr))
    x, y = value[first.data - 1], value[second.data - 1]
    sums = [np.ones(len(x)), x, y, x * x, y * y, x * y]
    return np.stack([np.bincount(truster, s, minlength=n_people) for s in sums], axis=1)


def correlation(moments: Floats) -> float:
    """Correlation from (n, Σx, Σy, Σx², Σy², Σxy)."""
    n, x, y, xx, yy, xy = moments
    return float((n * xy - x * y) / np.sqrt((n * xx - x * x) * (n * yy - y * y)))


def measure_homophily(
    trust: str | Path, ratings: str | Path, seed: int = 1, n_bootstrap: int = N_BOOTSTRAP
) -> Findings:
    """How many times as many items trusting pairs share, and how alike they rate them."""
    all_ties, reviews = read_ciao(trust, ratings)
    ties, n_people = among(all_ties, reviews.n_people), reviews.n_people
    randoms = [rewired(ties, seed + i) for i in range(N_REWIRINGS)]
    everybody = 1 + max(n_people - 1, *(int(ends.max()) for ends in all_ties))
    random_all = [rewired(all_ties, seed + i) for i in range(N_REWIRINGS)]

    def by_truster(of: Ties, values: Floats, n: int) -> Floats:
        return np.bincount(of.truster, values, minlength=n)

    def ratio(trusting: Floats, at_random: list[Floats]) -> Interval:
        mean = np.mean(at_random, axis=0)
        return bootstrap(
            lambda w: float(w @ trusting / (w @ mean)), len(trusting), n_bootstrap, seed
        )

    def common(of: Ties, n: int) -> Floats:
        return by_truster(of, common_items(of, reviews, n), n)

    def expected(of: Ties) -> Floats:
        return by_truster(of, expected_by_category(of, reviews), n_people)

    left = residual_ratings(reviews)
    near = rating_moments(ties, reviews, left, n_people)
    far = np.mean([rating_moments(r, reviews, left, n_people) for r in randoms], axis=0)
    raw = rating_moments(ties, reviews, reviews.rating, n_people)

    def correlations(statistic_of: list[Floats], sign: tuple[float, ...]) -> Interval:
        return bootstrap(
            lambda w: sum(s * correlation(w @ m) for s, m in zip(sign, statistic_of)),
            n_people,
            n_bootstrap,
            seed,
        )

    n_pairs = int(near[:, 0].sum())
    items, judged = "ties", "pairs of ratings of one item"
    return Findings(
        [
            Measurement(
                "common_items",
                "items both reviewed: trusting pairs, times those of the rewired network "
                "(people with a review)",
                *ratio(common(ties, n_people), [common(r, n_people) for r in randoms]),
                "times",
                len(ties.truster),
                items,
            ),
            Measurement(
                "common_items_everybody",
                "the same with people without a review in the file",
                *ratio(common(all_ties, everybody), [common(r, everybody) for r in random_all]),
                "times",
                len(all_ties.truster),
                items,
            ),
            Measurement(
                "common_items_by_category",
                "part of it that the categories they write about explain (people with a review)",
                *ratio(expected(ties), [expected(r) for r in randoms]),
                "times",
                len(ties.truster),
                items,
            ),
            Measurement(
                "rating_correlation",
                "correlation of their ratings of common items, as they are",
                *correlations([raw], (1.0,)),
                "correlation",
                n_pairs,
                judged,
            ),
            Measurement(
                "residual_correlation",
                "the same without person and item means",
                *correlations([near], (1.0,)),
                "correlation",
                n_pairs,
                judged,
            ),
            Measurement(
                "residual_correlation_rewired",
                "the same in the rewired network",
                *correlations([far], (1.0,)),
                "correlation",
                int(far[:, 0].sum()),
                judged,
            ),
            Measurement(
                "residual_correlation_gain",
                "residual correlation of trusting pairs above that of the rewired network",
                *correlations([near, far], (1.0, -1.0)),
                "correlation",
                n_pairs,
                judged,
            ),
        ]
    )


def review_events(reviews: Reviews, min_reviews: int = 1) -> pd.DataFrame:
    """Events for `adoption_curve`: a review adopts and shows an item, its first one only shows it.

    Items with fewer than `min_reviews` reviews are left out.
    """
    first = pd.Series(reviews.time).groupby(reviews.item).transform("min")
    events = pd.DataFrame(
        {
            "person": reviews.person,
            "item": reviews.item,
            "time": reviews.time,
            "adopts": reviews.time > first.to_numpy(),
            "shows": True,
        }
    )
    return events[np.bincount(reviews.item)[reviews.item] >= min_reviews]


def measure_adoption(trust: str | Path, ratings: str | Path, seed: int = 1) -> Findings:
    """Probability of reviewing an item against the number of trusted people who did before."""
    all_ties, reviews = read_ciao(trust, ratings)
    ties = among(all_ties, reviews.n_people)
    popular = review_events(reviews, MIN_REVIEWS)

    def counts(of: Ties, events: pd.DataFrame) -> Counts:
        return adoption_counts(pd.DataFrame(of._asdict()), events)

    near, far = counts(ties, popular), counts(rewired(ties, seed), popular)
    everything = counts(ties, review_events(reviews))

    def prob(of: Counts, weight: Floats, k: int) -> float:
        return float(weight @ of.adopted[:, k] / (weight @ of.exposed[:, k]))

    def relative(other: Counts, k: int) -> Interval:
        """prob(1) of the trusting pairs relative to another one."""
        return bootstrap(
            lambda w: prob(near, w, 1) / prob(other, w, k), len(near.exposed), N_BOOTSTRAP, seed
        )

    curve = near.curve().merge(far.curve(), on="k", suffixes=("", "_rewired"))
    n, counted = int(near.adopted.sum()), "later reviews of popular items"
    return Findings(
        [
            Measurement(
                "rise_exponent",
                f"exponent of the rise with k, items of {MIN_REVIEWS} reviews or more",
                *rise_exponent(near, seed=seed),
                "exponent; below 1 is concave",
                n,
                counted,
            ),
            Measurement(
                "rise_exponent_rewired",
                "the same in the rewired network",
                *rise_exponent(far, seed=seed),
                "exponent; below 1 is concave",
                int(far.adopted.sum()),
                counted,
            ),
            Measurement(
                "rise_exponent_all_items",
                "the same over all items, however rare",
                *rise_exponent(everything, seed=seed),
                "exponent; below 1 is concave",
                int(everything.adopted.sum()),
                "later reviews of all items",
            ),
            Measurement(
                "first_trusted",
                "probability at k = 1 relative to k = 0, popular items",
                *relative(near, 0),
                "times",
                n,
                counted,
            ),
            Measurement(
                "first_trusted_net",
                "probability at k = 1 relative to the rewired network at k = 1, popular items",
                *relative(far, 1),
                "times",
                n,
                counted,
            ),
        ],
        curve,
    )
