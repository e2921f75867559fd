"""The generated network: what it looks like, at every size, and that it is made of keyed draws."""

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from sim.network import network_statistics
from sim.network.generator import scaled_to_mean
from tests.network.builds import (
    check_whole,
    generated,
    local_clustering,
    mean_degree,
    reciprocity,
)


def test_five_thousand_people_are_tied_as_in_real_networks():
    network = generated(5_000)
    check_whole(network)
    statistics = network_statistics(network)
    assert statistics["mean_out_degree"] == pytest.approx(85, rel=0.03)
    assert 0.14 <= statistics["local_clustering"] <= 0.3
    assert 0.35 <= statistics["reciprocity"] <= 0.5
    assert 0.5 <= statistics["in_degree_gini"] <= 0.7, "heavy tail, as the four known networks"
    assert 1.5 <= statistics["mean_distance"] <= 3.5
    assert statistics["largest_component_share"] == 1.0


@pytest.mark.parametrize("degree", [5, 20, 50, 70])
def test_thinner_networks_cluster_as_much(degree):
    network = generated(5_000, mean_degree=degree)
    assert mean_degree(network) == pytest.approx(degree, rel=0.03)
    assert 0.14 <= local_clustering(network) <= 0.3
    assert 0.35 <= reciprocity(network) <= 0.5


@pytest.mark.parametrize("returned", [0.3, 0.35, 0.45, 0.48])
def test_the_wanted_share_of_ties_is_returned(returned):
    network = generated(5_000, reciprocity=returned)
    assert reciprocity(network) == pytest.approx(returned, abs=0.015)
    assert mean_degree(network) == pytest.approx(85, rel=0.03)


def test_most_followers_go_to_few_people():
    followers = np.sort(np.diff(generated(20_000).follower_start))[::-1]
    assert followers[0] > 20 * followers.mean(), "hubs"
    assert followers[:200].sum() > 0.1 * followers.sum(), "the first percent"
    assert np.median(followers) < 0.7 * followers.mean()
    without_hubs = np.diff(generated(20_000, hub_share=0.0).follower_start)
    assert np.log(without_hubs[without_hubs > 0]).std() == pytest.approx(1.1, abs=0.15), (
        "lognormal, as asked for"
    )


def test_communities_hold_the_wanted_share_of_ties_and_people():
    network = generated(5_000)
    sizes = np.bincount(network.community)[:-1]  # the last one is cut
    assert sizes.min() >= 60
    assert sizes.max() <= 181
    assert sizes.mean() == pytest.approx(120, rel=0.15)
    within = network.community[network.reader] == network.community[network.trusted]
    assert within.mean() == pytest.approx(0.55, abs=0.03)
    inner = network.layer <= 1
    assert within[inner].mean() > 0.99, "the closest people are of the own community"


def test_friends_of_one_community_have_alike_tastes():
    network = generated(20_000)
    for taste in (network.taste_x, network.taste_y):
        assert taste.mean() == pytest.approx(0, abs=0.2)
        assert taste.std() == pytest.approx(1, abs=0.1)
        within = network.community[network.reader] == network.community[network.trusted]
        friends = np.corrcoef(taste[network.reader[within]], taste[network.trusted[within]])[0, 1]
        others = np.corrcoef(taste[network.reader[~within]], taste[network.trusted[~within]])[0, 1]
        assert friends == pytest.approx(0.5, abs=0.07)
        assert others == pytest.approx(0, abs=0.1)


def test_without_homophily_tastes_are_everybodys_own():
    network = generated(5_000, taste_homophily=0.0)
    taste = network.taste_x
    assert np.corrcoef(taste[network.reader], taste[network.trusted])[0, 1] < 0.03
    alike = generated(5_000, taste_homophily=1.0)
    assert len(np.unique(alike.taste_x)) == alike.community.max() + 1


@pytest.mark.parametrize("n_people", [0, 1, 2, 3, 10, 60, 86, 200, 500])
def test_few_people_are_no_trouble(n_people):
    network = generated(n_people)
    check_whole(network)
    possible = min(85, max(n_people - 1, 0)) * n_people
    assert network.n_ties == pytest.approx(possible, rel=0.03)


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_threads_change_nothing(threads):
    one, other = (
        generated(40_000, mean_degree=20),
        generated(40_000, threads=threads, mean_degree=20),
    )
    for column in ("follower_start", "reader", "layer", "taste_x", "taste_y", "community"):
        assert (getattr(one, column) == getattr(other, column)).all(), column


def test_the_seed_decides():
    one, same, other = generated(300, seed=0), generated(300, seed=0), generated(300, seed=1)
    assert (one.reader == same.reader).all()
    assert (one.layer == same.layer).all()
    assert one.reader.tolist() != other.reader.tolist()
    assert one.taste_x.tolist() != other.taste_x.tolist()


@settings(deadline=None, max_examples=40)
@drawn(
    n_people=st.integers(0, 400),
    mean_degree=st.floats(0, 500),
    within=st.floats(0, 1),
    size=st.integers(1, 500),
    reciprocity=st.floats(0, 1),
    log_sd=st.floats(0, 4),
    hubs=st.floats(0, 1),
    seed=st.integers(0, 2**62),
)
def test_any_settings_give_a_network(
    n_people, mean_degree, within, size, reciprocity, log_sd, hubs, seed
):
    network = generated(
        n_people,
        seed=seed,
        mean_degree=mean_degree,
        within_community_share=within,
        community_size=size,
        reciprocity=reciprocity,
        in_degree_log_sd=log_sd,
        hub_share=hubs,
    )
    check_whole(network)
    if mean_degree == 0:
        assert network.n_ties == 0
    if mean_degree >= n_people - 1:
        assert network.n_ties == n_people * max(n_people - 1, 0), "everybody trusts everybody"


@settings(deadline=None)
@drawn(
    values=st.lists(st.floats(0.01, 100), min_size=1, max_size=20),
    cap=st.floats(0.1, 100),
    mean=st.floats(0, 100),
)
def test_scaling_meets_the_mean_below_the_caps(values, cap, mean):
    caps = np.full(len(values), cap)
    scaled = scaled_to_mean(np.array(values), caps, mean)
    assert (scaled <= cap).all()
    assert scaled.mean() == pytest.approx(min(mean, cap), rel=1e-6, abs=1e-9)
    assert (np.diff(scaled[np.argsort(values)]) >= 0).all(), "the order stays"
