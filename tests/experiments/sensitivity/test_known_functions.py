"""Indices, screening and rules on functions whose answers are known."""

import numpy as np
import pytest

from sim.experiments.errors import RunError
from sim.experiments.sensitivity.inputs import SEED, Input, inputs_of, settings_of
from sim.experiments.sensitivity.region import nodes, rule_of
from sim.experiments.sensitivity.study import effects_of, screening, sobol
from sim.parameters import Network
from sim.scenario import Scenario

MARKETS = ("referral", "ads")
INPUTS = [Input("a", 0, 1, False), Input("b", 0, 1, False), Input("c", 0, 1, False)]


def linear(points):
    """Variances 16/12 and 4/12 and 4: luck explains 4 / (4 + 20/12) = 0.706."""
    return np.array(
        [
            4 * values["a"] + 2 * values["b"] + 2 * np.random.default_rng(seed).normal()
            for values, seed in points
        ]
    )


def test_indices_of_a_sum_are_the_shares_of_its_variance_and_luck_is_one_of_them():
    indices, samples = sobol(INPUTS, linear, 256, 0)
    total = indices.set_index("parameter")
    true = {"a": 16 / 68, "b": 4 / 68, "c": 0.0, SEED: 48 / 68}
    for name, share in true.items():
        row = total.loc[name]
        assert row["total"] == pytest.approx(share, abs=0.1)
        assert row["total_low"] - 0.03 <= share <= row["total_high"] + 0.03
        assert row["first_low"] - 0.03 <= share <= row["first_high"] + 0.03
    assert len(samples) == 256 * 6
    assert samples[SEED].between(0, 999).all()


def test_screening_finds_what_moves_a_function_through_the_luck():
    effects = screening(INPUTS, linear, 4, 0)
    assert effects == pytest.approx({"a": 4, "b": 2, "c": 0}, abs=1e-9)


def test_seed_0_counts_like_any_other():
    (first, points), (second, again) = (sobol(INPUTS, linear, 8, 0) for _ in range(2))
    assert first.equals(second) and points.equals(again)
    assert screening(INPUTS, linear, 2, 0) == screening(INPUTS, linear, 2, 0)
    assert settings_of(INPUTS, np.zeros((1, 4)))[0][1] == 0
    assert not points.equals(sobol(INPUTS, linear, 8, 1)[1])


def test_nothing_that_varies_explains_nothing():
    indices, _ = sobol(INPUTS, lambda points: np.ones(len(points)), 8, 0)
    assert not indices["total"].any()


def test_an_outcome_that_is_hardly_anywhere_defined_is_told():
    def known_once(points):
        return np.where(np.arange(len(points)) < 3, 1.0, np.nan)

    with pytest.raises(RunError, match="defined in 1 of 8 samples: ask for more"):
        sobol(INPUTS, known_once, 8, 0)


def test_a_failed_point_leaves_the_others():
    def failing(points):
        heights = linear(points)
        heights[3] = np.nan
        return heights

    assert sobol(INPUTS, failing, 32, 0)[0]["total"].notna().all()


def test_whole_numbers_are_drawn_with_equal_weight():
    few = Input("n", 1, 3, True)
    drawn = np.linspace(*few.bounds, 601)[:, None]
    values = [values["n"] for values, _ in settings_of([few], drawn)]
    assert set(values) == {1, 2, 3}
    assert min(values.count(n) for n in (1, 2, 3)) >= 200


def test_the_tree_finds_a_planted_box():
    rng = np.random.default_rng(1)
    points = rng.random((600, 3))
    won = (points[:, 0] > 0.6) & (points[:, 2] <= 0.5)
    best = max(nodes(points, won), key=lambda box: box.score(won.mean()))
    assert best.low[0] == pytest.approx(0.6, abs=0.02)
    assert best.high[2] == pytest.approx(0.5, abs=0.02)
    assert np.isinf(best.low[1]) and np.isinf(best.high[1])
    assert (best.coverage, best.density) == (1.0, 1.0)
    assert sum(box.n for box in nodes(points, won) if box.leaf) == 600
    assert best.holds(points).sum() == best.n


def test_the_rule_says_where_in_words_and_is_judged_on_points_not_used():
    rng = np.random.default_rng(2)
    points = rng.random((400, 2))
    won = (points[:, 0] > 0.5) ^ (rng.random(400) < 0.1)
    rule = rule_of(["x", "y"], points, won, np.arange(400) % 2, "A")
    assert rule["words"].startswith("A wins where x is above 0.")
    assert "coverage" in rule["words"] and "density" in rule["words"]
    assert rule["held_out"]["density"] == pytest.approx(0.9, abs=0.08)
    assert 0.8 <= rule["coverage"] <= 1.0


@pytest.mark.parametrize(("share", "says"), [(1.0, "nearly everywhere"), (0.0, "hardly anywhere")])
def test_where_one_always_wins_no_region_is_made_up(share, says):
    points = np.random.default_rng(3).random((50, 2))
    rule = rule_of(["x", "y"], points, np.full(50, share > 0.5), np.arange(50) % 2, "A")
    assert says in rule["words"] and not rule["bounds"]


def test_luck_alone_makes_no_region():
    rng = np.random.default_rng(4)
    points = rng.random((20, 2))
    rule = rule_of(["x", "y"], points, np.arange(20) % 2 == 0, np.arange(20) % 2, "A")
    assert rule["density"] < 0.9


def test_all_levers_and_uncertainties_are_studied_by_default():
    keys = {each.key for each in inputs_of([], Scenario(), MARKETS)}
    assert {"referral.reward_rate", "sharing.annoyance", "screening.audit_correlation"} <= keys
    assert not any(key.startswith(("run.", "shocks.")) for key in keys)


def test_wrong_parameters_are_told_all_at_once():
    with pytest.raises(RunError) as error:
        inputs_of(["sharing.anoyance", "ads.mechanism", "run.weeks"], Scenario(), MARKETS)
    assert len(error.value.lines) == 3
    assert "did you mean sharing.annoyance?" in error.value.lines[0]


def test_what_has_no_effect_on_ties_from_a_file_is_not_studied():
    key, on_file = "network.mean_degree", Scenario(network=Network(file="ties.csv"))
    assert key in {each.key for each in inputs_of([], Scenario(), MARKETS)}
    assert key not in {each.key for each in inputs_of([], on_file, MARKETS)}
    with pytest.raises(RunError, match=f"^parameter {key}: has no effect"):
        inputs_of([key], on_file, MARKETS)


def test_what_has_no_effect_in_the_markets_is_not_studied():
    def sections(*markets):
        return {each.key.split(".")[0] for each in inputs_of([], Scenario(), markets)}

    assert {"referral", "ads"} <= sections("referral", "ads")
    assert "hybrid" not in sections("referral", "ads")
    assert {"referral", "ads", "hybrid"} <= sections("hybrid", "control")
    assert not {"ads", "hybrid"} & sections("referral", "control")
    with pytest.raises(RunError) as error:
        inputs_of(["hybrid.gain_rate", "ads.n_slots"], Scenario(), ("referral", "control"))
    assert error.value.lines == (
        "parameter hybrid.gain_rate: has no effect: hybrid is not among the markets run: "
        "run hybrid too, or leave it out",
        "parameter ads.n_slots: has no effect: ads is not among the markets run: "
        "run ads or hybrid too, or leave it out",
    )


@pytest.mark.parametrize(("samples", "least"), [(16, 0.85), (32, 0.9)])
def test_intervals_of_effects_hold_what_they_should(samples, least):
    """Points of one base sample are alike: they must not count as independent ones."""
    held, n = 0, 60
    for luck in range(n):
        _, points = sobol(INPUTS, linear, samples, luck)
        row = effects_of(points, INPUTS).set_index("parameter").loc["a"]
        # 4·(mean of a in the lowest fifth, 0.1) + 2·(mean of b, 0.5)
        held += row["low_from"] <= 1.4 <= row["low_to"]
        assert row["n_low"] <= samples and row["n_high"] <= samples
    assert held >= least * n
