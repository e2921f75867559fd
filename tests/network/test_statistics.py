"""Statistics of networks: against known networks and small ones worked out by hand."""

import networkx as nx
import numpy as np
import pytest

from sim.network import describe, network_report, network_statistics
from sim.network import statistics as statistics_module
from sim.network.reports import KNOWN_NETWORKS, STATISTICS
from sim.network.statistics import gini
from tests.network.builds import generated, given

FILES = {
    "Ciao trust": "ciao_trust.csv.gz",
    "Bitcoin OTC": "bitcoin_otc.csv.gz",
    "ego-Facebook": "ego_facebook.csv.gz",
    "LastFM Asia": "lastfm_asia.csv.gz",
}
# People, ties, mean degree, reciprocity, local clustering, transitivity and mean distance as they
# were found before and elsewhere. The distances were estimates from a sample of people.
PUBLISHED = {
    "Ciao trust": (7_317, 111_781, 23.3, 0.476, 0.198, 0.117, 3.30),
    "Bitcoin OTC": (5_881, 35_592, 7.3, 0.792, 0.177, 0.059, 3.53),
    "ego-Facebook": (4_039, 88_234, 43.7, None, 0.606, 0.519, 3.63),
    "LastFM Asia": (7_624, 27_806, 7.3, None, 0.219, 0.179, 5.12),
}


@pytest.mark.parametrize("name", FILES)
def test_the_statistics_of_the_known_networks_are_found_again(name):
    report = network_report(given(FILES[name]))
    found = report["statistics"]
    for statistic in STATISTICS:
        known = KNOWN_NETWORKS[name][statistic.name]
        if known is None:
            assert found[statistic.name] is None
        else:
            half = 0.5 * 10**-statistic.decimals
            assert found[statistic.name] == pytest.approx(known, abs=half + 1e-9), statistic
    nodes, ties, degree, returned, local, transitivity, distance = PUBLISHED[name]
    assert (found["nodes"], found["ties"]) == (nodes, ties)
    assert found["mean_degree"] == pytest.approx(degree, abs=0.05)
    assert found["reciprocity"] == (returned and pytest.approx(returned, abs=0.001))
    assert found["local_clustering"] == pytest.approx(local, abs=0.001)
    assert found["transitivity"] == pytest.approx(transitivity, abs=0.001)
    assert found["mean_distance"] == pytest.approx(distance, rel=0.025)
    assert report["directed"] is (returned is not None)
    assert report["dropped"] == {
        "self_ties": 0,
        "duplicates": 0,
        "nonpositive_weights": 3_563 if name == "Bitcoin OTC" else 0,
    }


def test_a_network_worked_out_by_hand(tmp_path):
    # A triangle 1-2-3 with a tail 3-4, one tie returned, and 5 alone.
    path = tmp_path / "ties.txt"
    path.write_text("1 2\n2 1\n2 3\n3 1\n3 4\n5 5\n3 4\n")
    report = network_report(path)
    assert report["statistics"] == {
        "nodes": 5,
        "ties": 5,
        "mean_degree": 8 / 5,
        "mean_out_degree": 1.0,
        "reciprocity": 2 / 5,
        "local_clustering": pytest.approx((1 + 1 + 1 / 3) / 5),
        "transitivity": pytest.approx(3 / 5),
        "in_degree_gini": pytest.approx(0.32),  # 2, 1, 1, 1, 0
        "out_degree_gini": pytest.approx(0.48),  # 1, 2, 2, 0, 0
        "mean_distance": pytest.approx(8 / 6),
        "distance_sources": 4,
        "largest_component_share": 4 / 5,
    }
    text = describe(report)
    assert "ties of people with themselves, dropped: 1" in text
    assert "repeated ties, dropped: 1" in text
    assert "weight 0" not in text
    assert all(name in text for name in KNOWN_NETWORKS)


def test_statistics_agree_with_another_library():
    network = generated(300, mean_degree=12)
    graph = nx.DiGraph(zip(network.reader.tolist(), network.trusted.tolist()))
    graph.add_nodes_from(range(300))
    both = graph.to_undirected()
    found = network_statistics(network)
    assert found["reciprocity"] == pytest.approx(nx.overall_reciprocity(graph))
    assert found["local_clustering"] == pytest.approx(nx.average_clustering(both))
    assert found["transitivity"] == pytest.approx(nx.transitivity(both))
    giant = both.subgraph(max(nx.connected_components(both), key=len))
    assert found["mean_distance"] == pytest.approx(nx.average_shortest_path_length(giant))
    assert found["largest_component_share"] == len(giant) / 300


def test_distances_of_a_sample_are_near_those_of_everybody(monkeypatch):
    network = generated(2_000, mean_degree=8)
    exact = network_statistics(network)
    monkeypatch.setattr(statistics_module, "EXACT_STEPS", 0)
    sampled = network_statistics(network)
    assert (exact["distance_sources"], sampled["distance_sources"]) == (2_000, 200)
    assert sampled["mean_distance"] == pytest.approx(exact["mean_distance"], rel=0.02)


@pytest.mark.parametrize("n_people", [0, 1])
def test_without_ties_there_is_little_to_tell(n_people):
    found = network_statistics(generated(n_people))
    assert (found["nodes"], found["ties"]) == (n_people, 0)
    for name in ("reciprocity", "transitivity", "in_degree_gini", "mean_distance"):
        assert found[name] is None


def test_gini():
    assert gini(np.array([3, 3, 3])) == 0
    assert gini(np.array([0, 0, 0, 8])) == 0.75
    assert gini(np.array([0, 0])) is None
    assert gini(np.array([], dtype=np.int64)) is None
