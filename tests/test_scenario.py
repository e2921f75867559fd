"""Scenarios are loaded, extended, changed and written without loss."""

import pickle
import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.parameters import PARAMETERS, Parameter, Run
from sim.scenario import (
    Scenario,
    ScenarioError,
    keys_set_by,
    load_scenario,
    load_sweep,
    parse_setting,
    scenario_names,
)
from sim.scenario.statements import read_statements

ABOUT_A_FILE = {"network.copies", "network.weights", "network.directed"}
SWEEP = """
extends = "baseline"
[population]
n_consumers = 20_000
[sweep]
markets = ["referral", "ads"]
replicates = 20
[sweep.grid]
"referral.reward_rate" = [0, 0.1, 0.2]
"screening.markets" = [[], ["referral", "ads"]]
"""


def write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_the_baseline_is_the_defaults() -> None:
    assert load_scenario("baseline") == Scenario()


def test_the_shipped_scenarios_load_under_their_own_name() -> None:
    assert {"baseline", "quick", "ad-article", "ad-fair", "high-reward", "mask-sellers"} <= set(
        scenario_names()
    )
    for name in scenario_names():
        assert load_scenario(name).name == Path(name).name


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("high-reward", {"referral.reward_rate": 0.3}),
        ("mask-sellers", {"referral.reward_rate": 0.25, "sharing.opportunist_share": 0.15}),
        ("unscreened", {"screening.markets": ()}),
        ("growth", {"population.initial_member_share": 0.01}),
    ],
)
def test_a_preset_changes_what_its_name_says_and_nothing_else(name: str, changed: dict) -> None:
    values, defaults = load_scenario(name).values(), Scenario().values()
    assert {key: value for key, value in values.items() if value != defaults[key]} == changed


def test_a_file_extends_another_by_name_or_by_path(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "[run]\nweeks = 10\nseed = 5\n")
    own = write(tmp_path / "own.toml", 'extends = "base.toml"\n[run]\nweeks = 20\n')
    scenario = load_scenario(own)
    assert (scenario.name, scenario.run.weeks, scenario.run.seed) == ("own", 20, 5)
    named = write(tmp_path / "named.toml", 'extends = "baseline"\n[run]\nweeks = 20\n')
    assert load_scenario(str(named)).run == Run(weeks=20)
    (tmp_path / "deeper").mkdir()
    third = write(
        tmp_path / "deeper" / "third.toml", 'extends = "../own.toml"\n[ads]\nn_slots = 1\n'
    )
    scenario = load_scenario(third)
    assert (scenario.run.weeks, scenario.run.seed, scenario.ads.n_slots) == (20, 5, 1)


def test_a_path_of_ties_starts_at_the_scenario_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").mkdir()
    ties = write(tmp_path / "data" / "ties.csv", "1,2\n")
    own = write(tmp_path / "own.toml", '[network]\nfile = "data/ties.csv"\n')
    assert load_scenario(own).network.file == str(ties)
    monkeypatch.chdir(tmp_path / "data")
    assert Scenario().with_values({"network.file": "ties.csv"}).network.file == str(ties)
    assert load_scenario("../own.toml").network.file == str(ties)


def test_values_are_changed_one_by_one_and_the_old_scenario_stays() -> None:
    old = Scenario()
    new = old.with_values({"referral.reward_rate": 0.12, "population.n_consumers": 50_000})
    assert (new.referral.reward_rate, new.population.n_consumers) == (0.12, 50_000)
    assert old == Scenario() and new.name == old.name


def test_what_has_no_effect_on_ties_from_a_file_is_refused_as_in_options(tmp_path: Path) -> None:
    file = str(write(tmp_path / "ties.csv", "1,2\n"))
    told = "has no effect: the people and their ties come from a file: leave it out"
    with pytest.raises(ScenarioError) as caught:
        Scenario().with_values({"network.file": file, "network.hub_share": 0.1, "run.sead": 1})
    assert caught.value.lines == (
        f"network.hub_share: {told}",
        "run.sead: unknown key: did you mean run.seed?",
    )
    on_file = (
        Scenario()
        .with_values({"network.mean_degree": 30})
        .with_values({"network.file": file, "network.taste_homophily": 0.0})
    )
    with pytest.raises(ScenarioError, match=f"^here: network.mean_degree: {told}$"):
        on_file.with_values({"network.mean_degree": 5}, "here")
    with pytest.raises(ScenarioError, match=f"^network.mean_degree: {told}\n.*expected a number"):
        on_file.with_values({"network.mean_degree": np.array([1.0, 2.0])})
    assert on_file.with_values({"network.mean_degree": 30}) == on_file
    assert on_file.with_values({"network.mean_degree": 5, "network.file": ""}) != on_file


def test_a_whole_record_on_ties_from_a_file_is_taken_as_a_file_is(tmp_path: Path) -> None:
    file = str(write(tmp_path / "ties.csv", "1,2\n"))
    on_file = load_scenario("quick").with_values({"network.file": file})
    assert Scenario("quick").with_values(on_file.values()) == on_file
    assert load_scenario(write(tmp_path / "quick.toml", on_file.to_toml())) == on_file


def test_an_integer_is_accepted_for_a_real_and_numpy_numbers_for_numbers() -> None:
    new = Scenario().with_values(
        {"network.mean_degree": 30, "run.weeks": np.int64(5), "ads.click_ratio": np.float64(0.5)}
    )
    assert type(new.network.mean_degree) is float and type(new.run.weeks) is int
    assert type(new.ads.click_ratio) is float


def test_all_wrong_values_are_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        Scenario().with_values({"run.weeks": True, "run.sead": 1, "ads.n_slots": -1}, "here")
    assert [str(problem) for problem in caught.value.problems] == [
        "here: run.weeks: expected a whole number, got true: for example 104",
        "here: run.sead: unknown key: did you mean run.seed?",
        "here: ads.n_slots: -1 is below the lowest value 0: give a whole number from 0 to 1,000 "
        "(slots per category)",
    ]
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems and again.lines == caught.value.lines


def test_odd_settings_are_no_mistakes() -> None:
    Scenario().with_values(
        {
            "population.n_consumers": 1,
            "run.weeks": 0,
            "run.warm_up_weeks": 500,
            "shocks.host_ban_week": 900,
            "merchants.n_applicants": 0,
            "demand.looks": 0,
        }
    )


def test_the_seeds_of_replicates_cannot_go_beyond_the_largest() -> None:
    largest = 2**63 - 1
    Scenario().with_values({"run.seed": largest, "run.replicates": 1})
    with pytest.raises(ScenarioError, match=r"^run.seed: seed \+ replicates goes beyond"):
        Scenario().with_values({"run.seed": largest})


def values_of(parameter: Parameter) -> st.SearchStrategy:
    """Any value that the parameter takes."""
    if parameter.type == "boolean":
        return st.booleans()
    if parameter.type == "integer":
        return st.integers(int(parameter.low or 0), int(parameter.high or 0))
    if parameter.type == "real":
        return st.floats(parameter.low, parameter.high)
    if parameter.type == "list":
        return st.lists(st.sampled_from(parameter.choices or ("ann", "bob")), unique=True)
    return st.sampled_from(parameter.choices or ("",))


@settings(max_examples=60, deadline=None)
@given(
    st.fixed_dictionaries(
        {}, optional={key: values_of(entry) for key, entry in PARAMETERS.items()}
    ).filter(lambda values: not values.keys() & {"run.seed", *ABOUT_A_FILE})
)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, values: dict
) -> None:
    scenario = Scenario().with_values(values)
    path = write(tmp_path_factory.mktemp("written") / "baseline.toml", scenario.to_toml())
    assert load_scenario(path) == scenario


def test_text_with_quotes_and_breaks_is_written_safely(tmp_path: Path) -> None:
    ties = write(tmp_path / 'a"b\\c\n\x7fé.csv', "1,2\n")
    scenario = Scenario().with_values({"network.file": str(ties)})
    assert tomllib.loads(scenario.to_toml())["network"]["file"] == str(ties)


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("referral.reward_rate=0.12", "referral.reward_rate", 0.12),
        ("ads.mechanism=vcg", "ads.mechanism", "vcg"),
        ('ads.mechanism = "vcg"', "ads.mechanism", "vcg"),
        ("network.file=data/ties=1.csv.gz", "network.file", "data/ties=1.csv.gz"),
        ("network.file=", "network.file", ""),
        ("referral.symbolic=true", "referral.symbolic", True),
        ('screening.markets=["ads"]', "screening.markets", ["ads"]),
        ("run.weeks=1_000", "run.weeks", 1000),
        ("run.weeks=5\nx=1", "run.weeks", "5\nx=1"),
    ],
)
def test_a_setting_is_toml_or_a_bare_word(text: str, key: str, value: object) -> None:
    assert parse_setting(text) == (key, value)


@pytest.mark.parametrize("text", ["", "referral", "=1"])
def test_a_setting_without_key_or_value_is_refused(text: str) -> None:
    with pytest.raises(ScenarioError, match="expected KEY=VALUE"):
        parse_setting(text)


def test_a_sweep_is_a_scenario_with_a_section_more(tmp_path: Path) -> None:
    path = write(tmp_path / "sweep.toml", SWEEP)
    assert load_sweep(path) == {
        "markets": ["referral", "ads"],
        "replicates": 20,
        "grid": {
            "referral.reward_rate": [0.0, 0.1, 0.2],
            "screening.markets": [(), ("referral", "ads")],
        },
    }
    assert load_scenario(path, sweep=True).population.n_consumers == 20_000
    with pytest.raises(ScenarioError, match="this file is a sweep"):
        load_scenario(path)
    with pytest.raises(ScenarioError, match=r"no \[sweep\] section"):
        load_sweep("quick")


def test_a_sweep_over_ranges_and_over_a_list(tmp_path: Path) -> None:
    ranges = '[sweep]\ndesign = "sobol"\nsamples = 8\n[sweep.ranges]\n"ads.n_slots" = [4, 10]\n'
    assert load_sweep(write(tmp_path / "ranges.toml", ranges)) == {
        "design": "sobol",
        "samples": 8,
        "ranges": {"ads.n_slots": [4, 10]},
    }
    points = '[sweep]\ndesign = "list"\n[[sweep.list]]\n"run.weeks" = 4\n[[sweep.list]]\n'
    assert load_sweep(write(tmp_path / "list.toml", points)) == {
        "design": "list",
        "list": [{"run.weeks": 4}, {}],
    }


def test_a_sweep_sets_what_every_point_sets() -> None:
    assert keys_set_by({"grid": {"run.weeks": [4, 8]}, "replicates": 2}) == {
        "run.weeks",
        "run.replicates",
    }
    assert keys_set_by({"ranges": {"ads.n_slots": [4, 10]}}) == {"ads.n_slots"}
    points = [{"run.weeks": 4, "ads.n_slots": 1}, {"run.weeks": 8}]
    assert keys_set_by({"list": points}) == {"run.weeks"}
    assert keys_set_by({}) == set()


def test_the_scanner_is_not_misled_by_text_comments_and_lists() -> None:
    text = 'a = """\nb = 1\n[c]\n""" # d = 2\ne = [ # f\n "]", \'[\',\n]\n["g h".i]\nj.k = 1\n'
    statements, problems = read_statements(text)
    assert not problems
    assert [(each.line, each.path) for each in statements] == [
        (1, ("a",)),
        (5, ("e",)),
        (8, ("g h", "i")),
        (9, ("g h", "i", "j", "k")),
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="ab=[]{}\"'#\n,.\\1 _-", max_size=60))
def test_the_scanner_finds_fault_exactly_where_the_toml_reader_does(text: str) -> None:
    statements, problems = read_statements(text)
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assert problems
    else:
        if problems:
            assert all("inline" in problem.problem for problem in problems)
        else:
            tops = [each.path[0] for each in statements]
            assert list(content) == list(dict.fromkeys(tops))
    assert all(1 <= problem.line <= text.count("\n") + 1 for problem in problems)
