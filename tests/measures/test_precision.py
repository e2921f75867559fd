"""Second intervals, numbers of pairs, and what rewards caused."""

import math

import numpy as np
import pandas as pd
import pytest

from sim.measures.differences import student_interval
from sim.measures.groups import group_differences, groups_of_run
from sim.measures.incrementality import FORMULAS, UNITS, incrementality, reward_sums
from sim.measures.precision import (
    agreement,
    bootstrap_interval,
    deviation_from,
    pairs_for,
    too_few_samples,
)

NORMAL = list(np.random.default_rng(3).normal(5, 2, 60))


def test_bootstrap_and_student_agree_on_a_normal_sample_and_repeat_themselves():
    _, low, high = student_interval(NORMAL)
    resampled = bootstrap_interval(NORMAL, 1)
    assert resampled == bootstrap_interval(NORMAL, 1)
    assert resampled == pytest.approx((low, high), abs=0.1)
    assert agreement(NORMAL, (low, high), resampled) == "agree"


@pytest.mark.parametrize(
    ("first", "total", "few"),
    [
        ((0.1, 0.6), (0.2, 0.7), False),
        ((-0.4, 0.2), (0.2, 0.7), True),
        ((0.1, 0.6), (0.6, 1.4), True),
        ((0.1, 0.6), (math.nan, math.nan), True),
    ],
)
def test_an_index_whose_interval_is_wide_or_not_known_comes_of_too_few_samples(first, total, few):
    rows = [(0.0, 0.0, 0.0, 0.0), (*first, *total)]
    names = ["first_low", "first_high", "total_low", "total_high"]
    assert too_few_samples(pd.DataFrame(rows, columns=names)) == few


def test_a_skewed_sample_and_few_pairs_are_told():
    skewed = [0.0] * 18 + [1.0, 60.0]
    _, low, high = student_interval(skewed)
    assert agreement(skewed, (low, high), bootstrap_interval(skewed, 1)) == "skewed to the right"
    assert agreement(skewed[:4], (0, 0), (0, 0)) == "fewer than 10 pairs"
    assert bootstrap_interval([2.0, 2.0, 2.0], 1) == (2.0, 2.0)
    assert all(math.isnan(bound) for bound in bootstrap_interval([1.0, 2.0], 1))


def test_pairs_are_the_fewest_that_reach_the_width():
    n = pairs_for(2.0, 1.0)
    for pairs, wide in ((n, False), (n - 1, True)):
        scaled = np.arange(pairs) - np.mean(np.arange(pairs))
        sample = list(2.0 * scaled / np.std(scaled, ddof=1))
        _, low, high = student_interval(sample)
        assert (high - low > 1.0) == wide
        assert deviation_from((high - low) / 2, pairs) == pytest.approx(2.0)


def test_stopping_at_a_width_keeps_the_level():
    # Looks after 10 pairs and then after every batch of 2, at the width alone.
    luck = np.random.default_rng(7)
    covered = 0
    for _ in range(400):
        sample = list(luck.normal(0, 1, 10))
        while True:
            _, low, high = student_interval(sample)
            if high - low <= 1.0:
                break
            sample += list(luck.normal(0, 1, 2))
        covered += low <= 0 <= high
    assert covered >= 400 * 0.95 - 3 * math.sqrt(400 * 0.95 * 0.05)


def sums(**changes):
    base = {"people": 10, "orders": 30, "gmv": 900, "members": 5, "reward": 0, "through": 8}
    base |= {"merchant_profit": 60, "platform_profit": 30}
    return pd.DataFrame([{**base, **changes}] * 4)


def test_incrementality_by_hand():
    rewarded = sums(orders=40, gmv=1200, members=7, reward=60, merchant_profit=40, through=16)
    found = incrementality(rewarded, sums(), 1).set_index("measure")["estimate"]
    assert found["incremental_orders"] == 1
    assert found["incremental_gmv_fen"] == 30
    assert found["incremental_members"] == 2
    assert found["reward_per_incremental_order_fen"] == 6
    assert found["cannibalisation"] == 1 - 10 / 16
    assert found["cost_per_new_member_fen"] == 30
    assert found["return_on_reward"] == pytest.approx((40 - 60 + 60) / 60)


def test_who_bears_the_cost_of_rewards_by_hand():
    # Without a reward an order costs 30 and leaves merchants 2 and the platform 1; with it 40
    # orders cost 31 each and leave 1.5 and 0.75. A reward of 1.5 an order is paid: two thirds of
    # it in the price, a third by merchants, a sixth by the platform. That is 1/6 more than all of
    # it, as an order takes 27.25 of goods and other costs where it took 27.
    rewarded = sums(orders=40, gmv=1240, reward=60, merchant_profit=60, platform_profit=30)
    found = incrementality(rewarded, sums(), 1).set_index("measure")
    names = ["reward_in_price", "reward_from_merchants", "reward_from_platform"]
    assert found.loc[names, "estimate"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 6])
    assert found.loc[names, "low"].tolist() == pytest.approx([2 / 3, 1 / 3, 1 / 6])
    assert found.loc[names, "estimate"].sum() == pytest.approx(1 + 40 * (27.25 - 27) / 60)


def test_rewards_may_leave_everybody_better_off_or_nobody_to_ask():
    rewarded = sums(orders=40, gmv=1160, reward=60, merchant_profit=90, platform_profit=44)
    found = incrementality(rewarded, sums(), 1).set_index("measure")["estimate"]
    assert found["reward_in_price"] == pytest.approx((29 - 30) * 40 / 60)
    assert found["reward_from_merchants"] == pytest.approx(-(90 / 40 - 2) * 40 / 60)
    assert found["reward_from_platform"] == pytest.approx(-(44 / 40 - 1) * 40 / 60)
    empty = pd.concat([sums()[:3], sums(orders=0, gmv=0)[:1]], ignore_index=True)
    for without, reward in ((sums(), 0), (empty, 60)):
        found = incrementality(sums(reward=reward), without, 1).set_index("measure")
        rows = found.loc[["reward_in_price", "reward_from_merchants", "reward_from_platform"]]
        assert rows[["estimate", "low", "high"]].isna().all(axis=None)


def test_what_rewards_did_not_bring_has_no_price():
    found = incrementality(sums(reward=60), sums(), 1).set_index("measure")
    assert math.isnan(found.loc["cost_per_new_member_fen", "estimate"])
    assert found.loc["cannibalisation", "estimate"] == 1


def test_reward_sums_count_no_warm_up():
    columns = ["orders", "gmv_fen", "members", "sharer_income_fen", "merchant_profit_fen", "reads"]
    columns += ["platform_revenue_fen", "platform_cost_fen"]
    weekly = pd.DataFrame({"week": [0, 1, 2], **{name: [7, 2, 4] for name in columns}})
    weekly["conversion_per_read"] = [1.0, 0.5, math.nan]
    found = reward_sums(weekly, 1, 9)
    assert (found["orders"], found["members"], found["through"]) == (6, 3, 1)
    assert (found["merchant_profit"], found["platform_profit"]) == (6, 0)


def test_members_who_only_join_sooner_have_a_price():
    # In the end all 40 are members either way; with rewards there are 10/2 more on average in the
    # two weeks that count, for the 60 fen of these weeks.
    columns = ["orders", "gmv_fen", "sharer_income_fen", "merchant_profit_fen", "reads"]
    columns += ["platform_revenue_fen", "platform_cost_fen", "conversion_per_read"]
    arms = []
    for members, reward in (([20, 30, 40], [9, 20, 40]), ([10, 20, 40], [0, 0, 0])):
        weekly = pd.DataFrame({"week": [0, 1, 2], **dict.fromkeys(columns, 1), "members": members})
        weekly["sharer_income_fen"] = reward
        arms.append(pd.DataFrame([reward_sums(weekly, 1, 40)] * 4))
    found = incrementality(*arms, 1).set_index("measure")["estimate"]
    assert found["incremental_members"] == 5
    assert found["cost_per_new_member_fen"] == 60 / 5


def test_every_measure_has_a_formula():
    assert list(FORMULAS) == list(UNITS)


def test_groups_are_divided_by_their_people_and_paired_by_seed():
    cells = [(i, j) for i in range(4) for j in range(4)]
    people = pd.DataFrame(
        [
            {"who": "consumers", "price_sensitivity": i, "insight": j, "tier": -1, "people": 2,
             "surplus_fen": 100 * i, "sharer_income_fen": 10}
            for i, j in cells
        ]
        + [
            {"who": "members", "price_sensitivity": -1, "insight": -1, "tier": tier,
             "people": tier, "surplus_fen": 0, "sharer_income_fen": 40}
            for tier in range(4)
        ]
    )  # fmt: skip
    merchants = pd.DataFrame(
        {"week": [0, 1, 1], "merchant": [0, 0, 1], "category": 0, "quality": [1.0, 1.0, 0.5],
         "orders": [9, 9, 3], "profit_fen": [500, 70, -30], "active": True}
    )  # fmt: skip
    found = groups_of_run(people, merchants, 1)
    value = found.set_index(["by", "group"])["value"]
    assert value["price_sensitivity", 3] == (300 * 4 + 40) / 8
    assert value["insight", 0] == (600 + 40) / 8
    assert math.isnan(value["tier", 0]) and value["tier", 2] == 20
    assert (value["quality", 1.0], value["quality", 0.5]) == (70, -30)
    arms = [
        found.assign(market=market, seed=seed, value=found["value"] + shift * seed)
        for seed in (1, 2)
        for market, shift in (("referral", 3), ("ads", 1))
    ]
    rows = group_differences(pd.concat(arms), [("referral", "ads")])
    assert set(rows["n"]) == {2}
    assert rows["estimate"].to_numpy() == pytest.approx(3.0)
    assert not ((rows["by"] == "tier") & (rows["group"] == 0)).any()
