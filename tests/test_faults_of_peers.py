"""Faults that textbook checks found in other programs: none of them is here."""

import numpy as np
import pytest

from sim import draws
from sim.measures.cascades import trees_of
from sim.model import MarketModel
from sim.network import build_network
from sim.network.loader import NetworkError, read_ties
from sim.rules.auction import GSP, VCG, allocate
from tests.engines.same import lively

EVEN = np.ones(9)


def won(mechanism, bids, clicks, reserve=0.0):
    place, price, n_won = allocate(
        mechanism, np.array(bids, float), EVEN[: len(bids)], np.array(clicks, float), reserve
    )
    return place[:n_won].tolist(), price[:n_won].tolist()


def test_structural_virality_is_not_off_by_a_factor_of_two():
    """Of two people, the mean distance of different ones is 1."""
    assert trees_of([-1, 0]).structural_virality.tolist() == [1.0]


@pytest.mark.parametrize("n_bidders", [1, 2])
def test_second_price_does_not_drop_the_last_winner(n_bidders):
    """With no more bidders than slots, all win, the last one at the reserve."""
    winners, prices = won(GSP, [5.0, 4.0][:n_bidders], [10, 5], reserve=1.0)
    assert winners == [0, 1][:n_bidders]
    assert prices[-1] == 1.0


def test_vcg_does_not_ignore_losing_bids():
    """Who wins the only slot pays what the best loser would have had."""
    assert won(VCG, [9.0, 7.0, 2.0], [10]) == ([0], [7.0])


def test_a_bid_equal_to_the_reserve_is_sold():
    assert won(GSP, [3.0], [10], reserve=3.0) == ([0], [3.0])


@pytest.mark.parametrize("content", ["a,b,1\nb,c\n", "a,b\nb,c,1\n"])
def test_weights_are_not_silently_dropped_unless_all_are_given(tmp_path, content):
    file = tmp_path / "ties.csv"
    file.write_text(content)
    with pytest.raises(NetworkError, match="every tie"):
        read_ties(file)


def test_no_generator_is_seeded_anew_on_every_call():
    """Draws of different people, weeks and purposes differ; the same one is always the same."""
    values = [
        draws.uniform(1, person, -1, week, purpose)
        for person in range(5)
        for week in range(5)
        for purpose in (draws.POSTING, draws.REMEMBER)
    ]
    assert len(set(values)) == 50
    assert draws.uniform(1, 3, -1, 2, draws.POSTING) == draws.uniform(1, 3, -1, 2, draws.POSTING)


def test_seed_0_is_a_seed_like_any_other():
    runs = []
    for seed in (0, 0, 1):
        model = MarketModel(lively({"run.seed": 7}), rng=seed)
        model.run_for(3)
        runs.append(model.tables()["weekly"].drop(columns="seed"))
    assert runs[0].equals(runs[1])
    assert not runs[0].equals(runs[2])


def test_no_network_is_unseeded_behind_a_seeded_run():
    scenario = lively()
    first, again, other = (build_network(scenario, seed) for seed in (0, 0, 1))
    for column in ("reader", "follower_start", "layer", "taste_x", "community"):
        assert np.array_equal(getattr(first, column), getattr(again, column))
    assert not np.array_equal(first.reader, other.reader)
