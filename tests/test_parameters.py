"""Every parameter is stated once and completely; what is generated from it is up to date."""

from pathlib import Path

import pytest

from sim.parameters import PARAMETERS, SECTIONS, Parameter
from sim.parameters.problems import Problem
from sim.scenario import baseline_toml, parameters_markdown
from sim.scenario.values import accepted

ROOT = Path(__file__).resolve().parent.parent
EACH = pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS)

SHARES = [
    "screening.admit_share",
    "screening.audit_correlation",
    "ads.quality_exponent",
    "ads.commission_rate",
    "ads.external_link_friction",
    "referral.reward_rate",
    "referral.receiver_share",
    "referral.rebate_rate",
    "referral.fee_rate",
    "sharing.opportunist_share",
    "sharing.annoyance",
    "merchants.quality_cost_correlation",
]

COUNTS = [
    "population.n_consumers",
    "demand.looks",
    "network.mean_degree",
    "merchants.n_applicants",
    "ads.n_slots",
    "ads.reserve_price_fen",
    "shocks.host_ban_week",
    "shocks.host_ban_weeks",
    "run.weeks",
    "run.seed",
    "run.warm_up_weeks",
    "referral.levels",
]

OTHERS = [
    "demand.n_categories",
    "network.file",
    "screening.markets",
    "ads.mechanism",
    "run.replicates",
]


@EACH
def test_a_parameter_says_everything_about_itself(parameter: Parameter) -> None:
    origin, _, words = parameter.source.partition(": ")
    assert origin in {"measured", "calibrated", "cited", "assumed"} and words
    assert parameter.kind in {"lever", "uncertainty", "constant"}
    assert parameter.unit and parameter.help
    assert "|" not in parameter.help + parameter.source + parameter.unit, "would break the table"


@EACH
def test_the_default_is_accepted_and_the_plausible_range_lies_within_the_limits(
    parameter: Parameter,
) -> None:
    assert accepted(parameter, parameter.default) == parameter.default
    assert type(accepted(parameter, parameter.default)) is type(parameter.default)
    if parameter.numeric:
        assert parameter.low is not None and parameter.high is not None
    for end in parameter.plausible or ():
        assert not isinstance(accepted(parameter, end), Problem)


@EACH
def test_numbers_have_a_plausible_range_that_holds_the_default(parameter: Parameter) -> None:
    if parameter.numeric and parameter.key != "run.seed":
        assert parameter.plausible is not None
        low, high = parameter.plausible
        assert low <= parameter.default <= high and low < high  # type: ignore[operator]


def test_promised_keys_exist() -> None:
    assert set(SHARES + COUNTS + OTHERS) <= set(PARAMETERS)


@pytest.mark.parametrize("key", SHARES)
def test_shares_and_rates_run_from_nothing_to_all(key: str) -> None:
    assert (PARAMETERS[key].low, PARAMETERS[key].high) == (0, 1)


@pytest.mark.parametrize("key", COUNTS)
def test_counts_may_be_nothing_but_not_negative(key: str) -> None:
    assert accepted(PARAMETERS[key], 0) == 0
    assert isinstance(accepted(PARAMETERS[key], -1), Problem)


def test_sections_and_keys_are_in_the_promised_order() -> None:
    assert list(SECTIONS) == [
        *("population", "network", "demand", "belief", "sharing", "trust", "merchants"),
        *("screening", "reviews", "ads", "referral", "hybrid", "shocks", "run"),
    ]
    assert list(dict.fromkeys(entry.section for entry in PARAMETERS.values())) == list(SECTIONS)


def test_baseline_file_is_up_to_date() -> None:
    """If not: python scripts/write_parameters.py."""
    assert (ROOT / "scenarios/baseline.toml").read_text(encoding="utf-8") == baseline_toml()


def test_table_of_parameters_is_up_to_date() -> None:
    """If not: python scripts/write_parameters.py."""
    assert (ROOT / "docs/parameters.md").read_text(encoding="utf-8") == parameters_markdown()
