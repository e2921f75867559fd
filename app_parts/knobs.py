"""Widgets that move the settings: one a parameter, with its range, unit and origin as help."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from app_parts.charts import market_label
from app_parts.language import has_text, language, t
from app_parts.numbers import number, percent, plain
from app_parts.settings import GROUPS, SIZES, move, range_of, settings, settings_round, step_of
from app_parts.stored import MARKETS
from sim.parameters import PARAMETERS, Parameter, Value

_COLUMNS = 3
_SHARES = "share of"


def knobs() -> None:
    """All settings of the lab in their groups."""
    tabs = st.tabs([t(f"group.{group}") for group in GROUPS], key=f"groups_{language()}")
    for tab, keys in zip(tabs, GROUPS.values(), strict=True):
        with tab:
            for start in range(0, len(keys), _COLUMNS):
                columns = st.columns(_COLUMNS, gap="large")
                for column, key in zip(columns, keys[start : start + _COLUMNS], strict=False):
                    with column:
                        knob(key)


def knob(key: str) -> None:
    """The widget of one setting."""
    parameter = PARAMETERS[key]
    value = settings()[key]
    widget = f"knob {key} {language()} {settings_round()}"

    def moved() -> None:
        move(key, _typed(parameter, st.session_state[widget]))

    common: dict[str, Any] = {"key": widget, "on_change": moved, "help": help_of(parameter)}
    label = name_of(key)
    if parameter.type == "boolean":
        st.toggle(label, value=bool(value), **common)
    elif parameter.type == "list":
        chosen = [market for market in MARKETS if market in tuple(value)]  # type: ignore[arg-type]
        st.pills(
            label,
            MARKETS,
            selection_mode="multi",
            default=chosen,
            format_func=market_label,
            **common,
        )
    elif parameter.type == "text":
        names = list(parameter.choices)
        st.selectbox(
            label,
            names,
            index=names.index(str(value)),
            format_func=lambda name: t(f"choice.{name}"),
            **common,
        )
    elif key == "population.n_consumers":
        sizes = sorted({*SIZES, int(value)})  # type: ignore[arg-type]
        st.select_slider(
            label, sizes, value=value, format_func=lambda size: number(size, 0), **common
        )
    else:
        _slider(parameter, value, label, common)


def _slider(parameter: Parameter, value: Any, label: str, common: dict[str, Any]) -> None:
    low, high = range_of(parameter.key, value)
    step = step_of(parameter, low, high)
    if parameter.type == "integer":
        st.slider(label, int(low), int(high), int(value), int(step), **common)
    else:
        style = "percent" if _is_share(parameter) else None
        st.slider(label, float(low), float(high), float(value), step, format=style, **common)


def name_of(key: str) -> str:
    """Name of a parameter in the language of the visit."""
    text = f"knob.{key}.name"
    return t(text if has_text(text) else f"parameter.{key}")


def value_text(key: str, value: Any) -> str:
    """A value as it is written on pages."""
    parameter = PARAMETERS[key]
    if parameter.type == "boolean":
        return t("choice.yes" if value else "choice.no")
    if parameter.type == "list":
        return ", ".join(map(market_label, value)) or t("choice.none")
    if key == "network.file":
        return Path(value).name or t("choice.no_file")  # where it lies is nobody's business
    if parameter.type == "text":
        return t(f"choice.{value}") if has_text(f"choice.{value}") else str(value)
    if _is_share(parameter):
        return percent(float(value), 1)
    return plain(value) if isinstance(value, float) else f"{value:,}"


def settings_text(values: Mapping[str, Any]) -> str:
    """Settings with their values, in one line."""
    return ", ".join(f"{name_of(key)} = {value_text(key, value)}" for key, value in values.items())


def help_of(parameter: Parameter) -> str:
    """What a setting is, from where to where it is plausible, and where its value comes from."""
    lines = [t(f"knob.{parameter.key}.help")]
    if parameter.plausible:
        low, high = (value_text(parameter.key, bound) for bound in parameter.plausible)
        usual = value_text(parameter.key, parameter.default)
        lines.append(t("knob.plausible", low=low, high=high, usual=usual))
    origin = parameter.source.split(":", 1)[0]
    lines.append(
        t(f"knob.from_{origin}") + f" [{t('nav.model')}](/model?lang={language()}#{parameter.key})"
    )
    return "  \n".join(lines)


def is_share(key: str) -> bool:
    """Whether a parameter is a share, which pages write in %."""
    return _is_share(PARAMETERS[key])


def _is_share(parameter: Parameter) -> bool:
    return parameter.type == "real" and parameter.unit.startswith(_SHARES)


def _typed(parameter: Parameter, raw: Any) -> Value:
    if parameter.type == "list":
        return tuple(market for market in MARKETS if market in (raw or ()))
    if parameter.type == "real":
        return float(round(raw, 9))
    return raw
