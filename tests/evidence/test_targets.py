"""Targets of an own platform: the printed example, and what is said of wrong ones."""

import math
import re
from pathlib import Path

import pytest

from sim.evidence.calibration import calibrate, groups_of, loss
from sim.evidence.measured_runs import MeasuredRuns
from sim.evidence.targets import TARGETS, default_wish, read_wish
from sim.experiments.errors import RunError
from sim.experiments.store import RunStore
from sim.parameters import PARAMETERS
from sim.parameters.problems import ScenarioError
from sim.scenario import load_scenario

PAGE = Path(__file__).parents[2] / "docs/evidence.md"


def written(tmp_path, text):
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_printed_example_is_understood(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    wish = read_wish(written(tmp_path, example))
    assert wish.scenario.referral.reward_rate == 0.1
    assert [target.name for target in wish.targets] == ["purchases_per_read", "gross_margin"]
    assert wish.ranges["sharing.memory_weeks"] == (1.0, 4.0)
    (group,) = groups_of(wish)[:1]
    assert "demand.price_sensitivity" in {key for one in groups_of(wish) for key in one.ranges}
    assert group.targets


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[targets", "mine.toml:1: not valid TOML"),
        ("[targets]\norders =", "mine.toml:2: targets.orders: not valid TOML"),
        (f"\ufeff[targets]\norders = [{10**400}, 1]", "mine.toml:2: targets.orders: expected a"),
        (
            f"[targets]\norders = {'[' * 5000}{']' * 5000}",
            "targets.orders: nested too deeply: the rest of the file is not read",
        ),
        ("[targets]\nprice_yuan = [1e-320, 2e-320]", "too small to be reached: stay between"),
        ("[targets]\nprofit_per_order = [0, 1e300]", "too small to be reached: stay between"),
        ("[targets]\n[set]\ndemand.looks = 1\n'demand.looks' = 2", "demand.looks: written twice"),
        ("[targets]\norders = [20, 80]\n[set]\ndemand.looks = 99", ":4: set.demand.looks: 99 is"),
        ("", "targets: nothing is aimed at: write [targets]"),
        ("[targts]\na = 1", "targts: unknown key: did you mean targets?"),
        ("[targets]\nprice = [1, 2]", "targets.price: unknown target: did you mean price_yuan?"),
        ("[targets]\nprice_yuan = 50", "targets.price_yuan: expected a band [low, high] above 0"),
        ("[targets]\nprice_yuan = [60, 50]", "targets.price_yuan: expected a band"),
        ("targets = 3", "targets: a section, not a key: write [targets]"),
        ("[set]\n'referral.reward' = 1", "referral.reward: unknown key"),
        ("[targets]\nprice_yuan=[50,60]\n[fit]\n'demand.lok'=[1,2]", "fit.demand.lok: unknown"),
        ("[targets]\nprice_yuan=[50,60]\n[fit]\n'demand.looks'=[9,99]", "beyond the limits"),
        ("[targets]\nprice_yuan=[50,60]\n[fit]\n'ads.mechanism'=[1,2]", "cannot be fitted"),
        (
            "[targets]\nprice_yuan=[50,60]\n[fit]\n'demand.looks'=[3,9]\n[set]\n'demand.looks'=4",
            "fit.demand.looks: is set and fitted",
        ),
        ("scenario = 'nowhere'\n[targets]\nprice_yuan=[50,60]", ":1: scenario: no such scenario"),
    ],
)
def test_each_mistake_has_its_line(tmp_path, text, line):
    with pytest.raises(ScenarioError) as error:
        read_wish(written(tmp_path, text))
    assert line in "\n".join(error.value.lines)


def test_what_has_no_effect_on_ties_from_a_file_is_not_fitted(tmp_path):
    file = tmp_path / "ties.csv"
    file.write_text("1,2\n")
    text = f"[targets]\nprice_yuan=[50,60]\n[set]\n'network.file'='{file}'\n"
    with pytest.raises(ScenarioError) as error:
        read_wish(written(tmp_path, f"{text}'network.hub_share'=0.1\n"))
    assert "mine.toml:5: set.network.hub_share: has no effect: " in str(error.value)
    with pytest.raises(ScenarioError) as error:
        read_wish(written(tmp_path, f"{text}[fit]\n'network.hub_share'=[0.0,0.1]\n"))
    assert "mine.toml:6: fit.network.hub_share: has no effect: " in str(error.value)


def test_a_target_that_no_point_defines_is_told(tmp_path):
    class Nothing(MeasuredRuns):
        """Runs in which nothing happens."""

        def make(self, *asked):
            pass

        def of(self, one):
            return {}

    with pytest.raises(RunError, match=r"purchases_per_read, .*: not defined at any point"):
        calibrate(
            default_wish(load_scenario("quick")), Nothing(RunStore(tmp_path), "quick"), replicates=1
        )


def test_the_defaults_are_fitted_to_three_rows_and_to_assumptions_only():
    assert {target.row for target in TARGETS} == {"V1", "V9", "V12"}
    for target in TARGETS:
        for key in target.parameters:
            source = PARAMETERS[key].source
            assert source.startswith(("assumed:", f"calibrated: {target.row}")), key


def test_a_miss_is_counted_in_half_widths_of_the_band():
    purchases = TARGETS[0]
    assert purchases.miss(purchases.aim) == pytest.approx(0.0)
    assert purchases.miss(purchases.high) == pytest.approx(1.0)
    assert purchases.miss(purchases.low) == pytest.approx(-1.0)
    assert purchases.miss(math.nan) == math.inf


def test_a_move_costs_as_much_as_a_miss():
    group = groups_of(default_wish(load_scenario("quick")))[0]
    target = group.targets[0]
    middle = {key: (low + high) / 2 for key, (low, high) in group.ranges.items()}
    edge = {key: high for key, (_, high) in group.ranges.items()}
    assert loss(group, middle, {target.name: target.aim}) == pytest.approx(0.0)
    assert loss(group, edge, {target.name: target.high}) == pytest.approx(1.0 + len(edge))
