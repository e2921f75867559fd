"""Networks from files: layers, tastes, and that one more person changes nobody else's life."""

import gzip

import numpy as np
import pytest

from sim import draws
from sim.network import build_network, load_network
from sim.network.layers import LAYER_ENDS
from sim.scenario import load_scenario
from tests.network.builds import check_whole, given, ties_by_name


def random_lines(n_people, n_ties, weighted=False):
    pairs = np.random.default_rng(5).integers(1, n_people + 1, (n_ties, 2))
    return [f"{a} {b} {a * b % 7 - 1}" if weighted else f"{a} {b}" for a, b in pairs.tolist()]


@pytest.fixture
def write(tmp_path):
    def path_of(lines, name="ties.txt"):
        (tmp_path / name).write_text("\n".join(lines))
        return tmp_path / name

    return path_of


@pytest.mark.parametrize("weighted", [False, True])
def test_a_network_from_a_file_is_whole(write, weighted):
    network = load_network(write(random_lines(300, 9_000, weighted)), seed=3)
    check_whole(network)
    assert set(network.community.tolist()) == {-1}
    assert (network.weight is not None) is weighted
    if weighted:
        assert network.weight.dtype == np.float32
        assert network.weight.min() > 0


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("newcomer", ["99999", "newcomer"])
def test_one_more_person_without_ties_changes_nobody_elses(write, weighted, newcomer):
    lines = random_lines(200, 5_000, weighted)
    before = load_network(write(lines), seed=3)
    loner = f"{newcomer} {newcomer} 1" if weighted else f"{newcomer} {newcomer}"
    after = load_network(write([*lines, loner]), seed=3)
    n = before.n_people
    assert after.n_people == n + 1
    assert after.labels == [*before.labels, newcomer]
    assert after.dropped.self_ties == before.dropped.self_ties + 1
    assert after.follower_start.tolist() == [*before.follower_start, before.n_ties]
    assert (after.reader == before.reader).all()
    assert after.ties_per_person == before.ties_per_person >= before.n_ties / n
    assert (after.layer == before.layer).all()
    assert (after.taste_x[:n] == before.taste_x).all(), "to the last bit"
    assert (after.taste_y[:n] == before.taste_y).all()
    assert np.isfinite([after.taste_x[n], after.taste_y[n]]).all()


def test_the_order_of_lines_changes_nothing_where_ids_are_numbers(write):
    lines = random_lines(150, 3_000)
    one = load_network(write(lines), seed=1)
    other = load_network(write(lines[::-1]), seed=1)
    assert one.labels == other.labels
    assert ties_by_name(one) == ties_by_name(other)
    assert (one.taste_x == other.taste_x).all()


def test_threads_change_nothing(write):
    path = write(random_lines(300, 9_000))
    one, other = load_network(path, 1, threads=1), load_network(path, 1, threads=3)
    assert (one.layer == other.layer).all()
    assert (one.taste_y == other.taste_y).all()


def test_heavy_ties_are_the_closest(write):
    lines = [f"1 {k} {k}" for k in range(2, 102)]
    layers = ties_by_name(load_network(write(lines), 1, directed="yes"))
    for rank, trusted in enumerate(range(101, 1, -1)):
        expected = sum(rank >= end for end in LAYER_ENDS)
        assert layers["1", str(trusted)] == expected


def test_between_ties_of_equal_weight_returned_ones_are_closer(write):
    out = [f"1 {k} 2" for k in range(2, 22)]
    back = [f"{k} 1 1" for k in range(10, 15)]
    layers = ties_by_name(load_network(write(out + back), 1))
    inner = {trusted for (reader, trusted), layer in layers.items() if (reader, layer) == ("1", 0)}
    assert inner == {"10", "11", "12", "13", "14"}


def test_between_like_ties_a_keyed_draw_decides(write):
    path = write([f"1 {k}" for k in range(2, 102)])
    network = load_network(path, seed=9, directed="yes")
    drawn = {
        name: draws.uniform(9, 0, person, 0, draws.NETWORK_CLOSENESS)
        for person, name in enumerate(network.labels)
    }
    inner = {trusted for (_, trusted), layer in ties_by_name(network).items() if layer == 0}
    assert inner == set(sorted(set(drawn) - {"1"}, key=drawn.get)[-5:])


def test_tastes_of_each_person_are_standard_normal_whatever_their_ties(write):
    path = write(random_lines(60, 400))
    tastes = np.array(
        [load_network(path, seed, taste_homophily=0.7).taste_x for seed in range(300)]
    )
    assert tastes.mean() == pytest.approx(0, abs=0.05)
    assert (tastes.std(axis=0) > 0.85).all()
    assert (tastes.std(axis=0) < 1.15).all()
    assert tastes.std() == pytest.approx(1, abs=0.03)


def test_without_homophily_a_taste_is_the_own_draw(write):
    network = load_network(write(random_lines(60, 400)), seed=4, taste_homophily=0.0)
    own = draws.normal_column(4, np.arange(network.n_people), -1, 0, draws.TASTE, 1)
    assert network.taste_y == pytest.approx(own)


def test_friends_on_ciao_have_alike_tastes_and_strangers_do_not():
    path = given("ciao_trust.csv.gz")
    friends, strangers = [], []
    for seed in range(6):
        network = load_network(path, seed)
        others = np.roll(network.trusted, 50_021)
        for taste in (network.taste_x, network.taste_y):
            friends.append(np.mean(taste[network.reader] * taste[network.trusted]))
            strangers.append(np.corrcoef(taste[network.reader], taste[others])[0, 1])
    assert 0.12 < np.mean(friends) < 0.35
    assert abs(np.mean(strangers)) < 0.05


def test_the_scenario_names_the_file_and_how_to_read_it(tmp_path):
    path = tmp_path / "ties.csv.gz"
    path.write_bytes(gzip.compress(b"ann,bob\nbob,cy\n"))
    scenario = load_scenario("baseline").with_values({"network.file": str(path)})
    network = build_network(scenario, seed=2)
    assert (network.n_people, network.n_ties, network.directed) == (3, 4, False)
    one_way = build_network(scenario.with_values({"network.directed": "yes"}), seed=2)
    assert (one_way.n_ties, one_way.directed) == (2, True)
