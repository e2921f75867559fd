"""The settings of the lab: which there are, where they start, and what is stored for them.

A setting is a parameter of the model; its range, unit and source are those of its statement.
Worlds are small at first, so that a run takes seconds: presets keep their own rules and take the
size of the scenario `quick`, as the published comparisons do.
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st

from app_parts.stored import (
    DOCUMENT,
    FORMAT_VERSION,
    MARKETS,
    PUBLISHED,
    Place,
    place_at,
    results_root,
)
from sim.experiments.errors import StoreError
from sim.experiments.files import hash_of, read_json
from sim.parameters import PARAMETERS, Parameter, Value
from sim.scenario import Scenario, load_scenario

GROUPS: Mapping[str, tuple[str, ...]] = {
    "reward": (
        "referral.reward_rate",
        "referral.receiver_share",
        "referral.rebate_rate",
        "referral.fee_rate",
        "referral.levels",
        "referral.disclosed",
    ),
    "ads": (
        "ads.n_slots",
        "ads.quality_exponent",
        "ads.reserve_price_fen",
        "ads.commission_rate",
        "ads.external_link_friction",
        "ads.mechanism",
    ),
    "people": (
        "sharing.opportunist_share",
        "sharing.annoyance",
        "sharing.money_response",
        "reviews.fake_share",
        "screening.admit_share",
        "screening.markets",
    ),
    "world": (
        "population.n_consumers",
        "run.weeks",
        "run.replicates",
        "run.seed",
        "network.mean_degree",
        "population.initial_member_share",
    ),
}
"""The settings by the group they stand in; all others are those of the preset."""
KNOBS = tuple(key for keys in GROUPS.values() for key in keys)
SIZES = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000)
"""Numbers of people offered."""
RANGES: Mapping[str, tuple[float, float]] = {
    "population.n_consumers": (SIZES[0], SIZES[-1]),
    "run.weeks": (8, 156),
    "run.replicates": (1, 32),
    "run.seed": (1, 9_999),
}
"""Ranges of the settings that say how much is run; those of others are plausible ones."""
NAME = "lab"
"""Name of the scenario of the lab's own runs: their folder in the store."""
FULL_SIZE = ("baseline",)
#: Session state: the settings as they stand, the preset they came from, how often they were set.
_VALUES, _PRESET, _ROUND = "lab_values", "lab_preset", "lab_round"


def range_of(key: str, value: Value | None = None) -> tuple[float, float]:
    """From where to where a numeric setting can be moved; a value outside widens the range."""
    parameter = PARAMETERS[key]
    low, high = RANGES.get(key) or parameter.plausible or (parameter.low or 0, parameter.high or 1)
    if isinstance(value, int | float) and not isinstance(value, bool):
        low, high = min(low, value), max(high, value)
    return low, high


def ranges() -> dict[str, tuple[float, float]]:
    """Ranges of all numeric settings of the lab, for links to be clipped to."""
    return {key: range_of(key) for key in KNOBS if PARAMETERS[key].numeric}


@lru_cache(maxsize=16)
def _shipped(name: str) -> Mapping[str, Value]:
    values = load_scenario(name).values()
    if name in FULL_SIZE:
        return values
    usual, small = Scenario().values(), load_scenario("quick").values()
    return {**values, **{key: value for key, value in small.items() if value != usual[key]}}


def preset_values(name: str) -> dict[str, Value]:
    """Settings of a preset: those of its published comparison if there is one."""
    path = results_root() / PUBLISHED / name / DOCUMENT
    values = dict(_shipped(name))
    try:
        published = read_json(path, "comparison", FORMAT_VERSION)["values"]
        values["run.replicates"] = int(published["run.replicates"])
    except (StoreError, KeyError, TypeError, ValueError):
        pass
    return values


def settings() -> dict[str, Value]:
    """The settings as they stand."""
    if _VALUES not in st.session_state:
        use_preset("quick")
    return dict(st.session_state[_VALUES])


def preset() -> str:
    """Name of the preset the settings came from; empty for those of a link or a file."""
    settings()
    return str(st.session_state[_PRESET])


def settings_round() -> int:
    """How often the settings were set as a whole: knobs are made anew each time."""
    return int(st.session_state.get(_ROUND, 0))


def use_preset(name: str) -> None:
    """Start from that preset."""
    use_values(preset_values(name), name)


def use_values(values: Mapping[str, Value], preset: str = "") -> None:
    """Set all settings; what is left out gets its default."""
    state = st.session_state
    state[_VALUES] = {**Scenario().values(), **values}
    state[_PRESET] = preset
    state[_ROUND] = settings_round() + 1


def move(key: str, value: Value) -> None:
    """Change one setting."""
    st.session_state[_VALUES] = {**settings(), key: value}


def scenario() -> Scenario:
    """The scenario of the settings; InputError where they make none."""
    return Scenario(name=NAME).with_values(settings())


def moved_from(values: Mapping[str, Any]) -> list[str]:
    """Keys of the settings that differ from those values, in the order of the parameters."""
    own = settings()
    return [key for key in PARAMETERS if _plain(own[key]) != _plain(values.get(key, own[key]))]


def what_is_stored() -> Place | None:
    """The stored comparison of just these settings, the newest of several, or nothing."""
    return _index(_stamp()).get(_key(settings()))


def _stamp() -> tuple[tuple[str, int], ...]:
    root = results_root()
    patterns = (f"{PUBLISHED}/rates/*/{DOCUMENT}", f"{PUBLISHED}/*/{DOCUMENT}")
    documents = [path for pattern in patterns for path in root.glob(pattern)]
    documents += root.glob(f"*/compare-*/{DOCUMENT}")
    aged = []
    for path in documents:
        try:
            aged.append((str(path), path.stat().st_mtime_ns))
        except OSError:  # removed meanwhile
            continue
    return tuple(sorted(aged, key=lambda entry: entry[1]))


@lru_cache(maxsize=4)
def _index(stamp: tuple[tuple[str, int], ...]) -> Mapping[str, Place]:
    found = {}
    for path, age in stamp:
        key = _key_of_file(path, age)
        if key:
            found[key] = place_at(Path(path).parent)
    return found


@lru_cache(maxsize=2_000)
def _key_of_file(path: str, age: int) -> str:
    try:
        document = read_json(Path(path), "comparison", FORMAT_VERSION)
        if tuple(document["markets"][:2]) != MARKETS:
            return ""
        return _key({**Scenario().values(), **document["values"]})
    except (StoreError, KeyError, TypeError):
        return ""


def _key(values: Mapping[str, Any]) -> str:
    return hash_of({key: _plain(value) for key, value in values.items() if key in PARAMETERS})


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def step_of(parameter: Parameter, low: float, high: float) -> float:
    """A round step that cuts the range into forty to two hundred and meets the default."""
    if parameter.type == "integer":
        return float(max(1, round((high - low) / 100)))
    step = 10.0**-6
    while (high - low) / step > 100:
        for factor in (2.0, 2.5, 2.0):
            step *= factor
            if (high - low) / step <= 100:
                break
    usual = (float(parameter.default) - low) / step  # type: ignore[arg-type]
    return step if abs(usual - round(usual)) < 1e-6 else step / 2
