"""Links to settings: what was told comes back exactly; what is hostile is clipped and noticed."""

import math

import pytest

from app_parts.permalink import LONGEST, query_of, settings_of
from sim.scenario import Scenario, load_scenario

RANGES = {"referral.reward_rate": (0.0, 0.3), "population.n_consumers": (200.0, 20_000.0)}


@pytest.mark.parametrize("name", ["baseline", "unscreened", "mask-sellers", "ad-article"])
def test_settings_come_back_as_they_were_told(name):
    values = load_scenario(name).values()
    read = settings_of(query_of(values))
    assert read.faultless
    assert read.values == {key: value for key, value in values.items() if key != "network.file"}


def test_a_query_names_its_version_and_every_value_in_full():
    query = query_of({"referral.reward_rate": 0.06, "run.weeks": 52})
    assert query == {"v": "1", "referral.reward_rate": "0.06", "run.weeks": "52"}


@pytest.mark.parametrize(
    ("text", "value"),
    [("1e999", 0.3), ("-5", 0.0), ("-inf", 0.0), ("0.5", 0.3), ("nan", None), ("<script>", None)],
)
def test_hostile_numbers_are_clipped_or_dropped_and_noticed(text, value):
    read = settings_of({"v": "1", "referral.reward_rate": text}, RANGES)
    assert read.mended == ("referral.reward_rate",)
    assert read.values == ({} if value is None else {"referral.reward_rate": value})


@pytest.mark.parametrize("text", ["1e999", "99999999999999999999", "12.7", "-3"])
def test_counts_stay_whole_and_within_the_range(text):
    read = settings_of({"v": "1", "population.n_consumers": text}, RANGES)
    people = read.values["population.n_consumers"]
    assert isinstance(people, int) and 200 <= people <= 20_000 and not read.faultless


def test_choices_and_lists_hold_known_names_only():
    query = {"v": "1", "ads.mechanism": "free", "screening.markets": "referral,moon", "run.x": "1"}
    read = settings_of(query)
    assert read.values == {"screening.markets": ("referral",)}
    assert set(read.mended) == {"ads.mechanism", "screening.markets"} and read.unknown == 1


def test_no_link_names_a_file_of_the_server():
    assert "network.file" not in query_of(Scenario().values())
    read = settings_of({"v": "1", "network.file": "/etc/passwd"})
    assert not read.values and read.unknown == 1


@pytest.mark.parametrize("version", ["", "0", "2", "<script>"])
def test_another_version_is_refused_as_a_whole(version):
    read = settings_of({"v": version, "run.weeks": "20"})
    assert read.refused and not read.values


def test_ten_kilobytes_are_refused_as_a_whole():
    assert settings_of({"v": "1", "run.weeks": "1" * LONGEST}).refused


def test_without_settings_there_is_nothing_to_notice():
    assert settings_of({"lang": "en", "result": "quick"}).faultless


def test_every_value_is_finite():
    read = settings_of({"v": "1", "demand.quality_value": "inf"})
    assert all(math.isfinite(value) for value in read.values.values())
