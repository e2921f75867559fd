"""Homophily that was planted is found, and none where none was planted."""

import numpy as np
import pandas as pd
import pytest

from sim.evidence.measurements.ciao import (
    among,
    common_items,
    correlation,
    expected_by_category,
    measure_adoption,
    measure_homophily,
    rating_moments,
    read_ciao,
    residual_ratings,
    review_events,
    rewired,
)

N, ITEMS = 120, 80


def write_site(folder, seed, alike, agree):
    """Two communities that trust only within; items by community if `alike`, opinions if `agree`.

    Each community has its own categories. An agreeing community shares its opinion of an item.
    """
    random = np.random.default_rng(seed)
    side = np.arange(N) % 2
    ties = [
        (a, b)
        for a in range(N)
        for b in random.choice(N, 20, replace=False)
        if a != b and side[a] == side[b]
    ]
    opinion = random.normal(size=(2, ITEMS))
    rows = []
    for person in range(N):
        own = np.arange(ITEMS) % 2 == side[person]
        chance = np.where(own, 0.5, 0.0) if alike else np.full(ITEMS, 0.25)
        for item in np.flatnonzero(random.random(ITEMS) < chance):
            rating = 3 + random.normal() + (opinion[side[person], item] if agree else 0.0)
            time = 86_400 * int(random.integers(0, 1_000))
            rows.append((person, item, item % 2, rating, 1, time))
    pd.DataFrame(ties, columns=["truster", "trustee"]).to_csv(folder / "trust.csv", index=False)
    columns = ["user", "item", "category", "rating", "helpfulness", "unix_time"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "ratings.csv", index=False)
    return folder / "trust.csv", folder / "ratings.csv"


def found(folder, **how):
    measured = measure_homophily(*write_site(folder, 1, **how), n_bootstrap=100).measurements
    return {one.key: one for one in measured}


def test_items_shared_within_two_communities_are_twice_those_of_a_rewired_network(tmp_path):
    site = found(tmp_path, alike=True, agree=False)
    assert site["common_items"].value == pytest.approx(2.0, abs=0.1)
    assert site["common_items_by_category"].value == pytest.approx(2.0, abs=0.1)
    gain = site["residual_correlation_gain"]
    assert gain.low < 0.02 and gain.high > -0.02 and abs(gain.value) < 0.05


def test_agreement_within_communities_is_told_from_shared_items(tmp_path):
    site = found(tmp_path, alike=False, agree=True)
    assert site["common_items"].value == pytest.approx(1.0, abs=0.05)
    assert site["residual_correlation"].value > 0.2
    assert site["residual_correlation_gain"].low > 0.1


def test_rewiring_keeps_every_degree_and_doubles_no_tie(tmp_path):
    ties, reviews = read_ciao(*write_site(tmp_path, 2, alike=True, agree=False))
    other = rewired(ties, seed=5)
    for ends, others in zip(ties, other):
        assert (np.bincount(ends, minlength=N) == np.bincount(others, minlength=N)).all()
    assert (other.truster != other.trusted).all()
    assert len(set(zip(*other))) == len(ties.truster)
    same = set(zip(*ties)) & set(zip(*other))
    assert len(same) < 0.5 * len(ties.truster)
    again = rewired(ties, seed=5)
    assert (again.trusted == other.trusted).all()
    assert among(ties, reviews.n_people).truster.tolist() == ties.truster.tolist()


def test_common_items_and_correlation_agree_with_counting_by_hand(tmp_path):
    ties, reviews = read_ciao(*write_site(tmp_path, 3, alike=False, agree=True))
    wrote = [{} for _ in range(N)]
    for person, item, rating in zip(reviews.person, reviews.item, reviews.rating):
        wrote[person][item] = rating
    pairs = [
        (wrote[a][item], wrote[b][item])
        for a, b in zip(*ties)
        for item in wrote[a].keys() & wrote[b]
    ]
    assert common_items(ties, reviews, N).sum() == len(pairs)
    moments = rating_moments(ties, reviews, reviews.rating, N)
    assert moments[:, 0].sum() == len(pairs)
    assert correlation(moments.sum(axis=0)) == pytest.approx(np.corrcoef(np.array(pairs).T)[0, 1])


def test_residuals_have_no_person_and_no_item_means(tmp_path):
    _, reviews = read_ciao(*write_site(tmp_path, 4, alike=False, agree=True))
    left = residual_ratings(reviews)
    assert abs(np.bincount(reviews.person, left)).max() < 1e-6
    assert abs(np.bincount(reviews.item, left)).max() < 1e-6


def test_items_drawn_by_popularity_within_categories_are_expected(tmp_path):
    ties, reviews = read_ciao(*write_site(tmp_path, 5, alike=False, agree=False))
    expected = expected_by_category(ties, reviews).sum()
    assert expected == pytest.approx(common_items(ties, reviews, N).sum(), rel=0.06)


def test_the_first_review_introduces_an_item_and_is_no_adoption(tmp_path):
    _, reviews = read_ciao(*write_site(tmp_path, 6, alike=True, agree=False))
    events = review_events(reviews)
    first = events.groupby("item")["time"].transform("min")
    assert (events["adopts"] == (events["time"] > first)).all()
    assert events["shows"].all()
    rare = review_events(reviews, min_reviews=30)
    assert set(rare["item"]) == set(np.flatnonzero(np.bincount(reviews.item) >= 30))


def test_adoption_is_measured_beside_a_rewired_network(tmp_path):
    found = measure_adoption(*write_site(tmp_path, 7, alike=True, agree=False))
    one = {one.key: one for one in found.measurements}
    assert one["first_trusted_net"].value > 1
    assert list(found.curve["k"]) == list(range(11))
    assert (found.curve["exposed"] >= found.curve["adopted"]).all()
