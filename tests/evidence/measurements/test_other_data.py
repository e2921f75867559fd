"""Ads and large cascades: known rates, known trees."""

import numpy as np
import pandas as pd
import pytest

from sim.evidence.measurements.cascades import measure_cascades, read_trees
from sim.evidence.measurements.clicks import measure_ads, spread_over_ads


def write_ads(path, seed, spread):
    random = np.random.default_rng(seed)
    shown = random.integers(10_000, 100_000, 400)
    rate = 0.002 * random.gamma(1 / spread**2, spread**2, 400)
    clicks = random.poisson(rate * shown)
    table = pd.DataFrame(
        {
            "Impressions": shown,
            "Clicks": clicks,
            "Spent": clicks * 1.5,
            "Total_Conversion": random.poisson(0.08 * clicks),
            "Approved_Conversion": random.poisson(0.03 * clicks),
        }
    )
    table.to_csv(path, index=False)
    return table


def test_rates_of_made_up_ads_are_recovered(tmp_path):
    write_ads(tmp_path / "ads.csv", 1, spread=0.5)
    found = {one.key: one for one in measure_ads(tmp_path / "ads.csv").measurements}
    for key, truth in (
        ("click_through", 0.002),
        ("click_through_spread", 0.5),
        ("enquiries_per_click", 0.08),
        ("purchases_per_click", 0.03),
    ):
        assert found[key].value == pytest.approx(truth, rel=0.15)
        assert found[key].low < found[key].value < found[key].high
    assert found["price_of_click"].value == pytest.approx(1.5)
    assert not any(one.sets for one in found.values())


def test_ads_that_differ_have_a_wider_interval_than_their_clicks_alone(tmp_path):
    ads = write_ads(tmp_path / "ads.csv", 2, spread=0.5)
    found = measure_ads(tmp_path / "ads.csv").measurements[0]
    chance = 1.96 / np.sqrt(ads["Clicks"].sum())
    assert (found.high - found.low) / 2 / found.value > 2 * chance


def test_the_spread_over_ads_is_without_chance():
    random = np.random.default_rng(3)
    rate = random.gamma(4.0, 0.25, 2_000)
    assert spread_over_ads(random.poisson(3 * rate).astype(float), np.full(2_000, 3.0)).value == (
        pytest.approx(0.5, abs=0.05)
    )


EDGES = """cascade,parent,child
8,0,1
8,0,2
8,0,3
9,0,1
9,1,2
9,2,3
"""


def test_a_star_and_a_chain_have_their_shapes(tmp_path):
    path = tmp_path / "trees.csv"
    path.write_text(EDGES)
    trees = read_trees(path)
    assert trees.size.tolist() == [4, 4]
    assert trees.depth.tolist() == [1, 3]
    assert trees.max_breadth.tolist() == [3, 1]
    assert trees.structural_virality == pytest.approx([1.5, 10 / 6])
    found = {one.key: one.value for one in measure_cascades(path).measurements}
    assert (found["size"], found["depth"], found["deep"]) == (4, 2, 0)
