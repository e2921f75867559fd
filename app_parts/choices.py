"""Choices that outlast a change of language or page, and stand in links by their name.

Streamlit knows an option by its label, so a widget forgets its choice when labels change. The
choice is kept apart under a name of its own, and each language has its own widget.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from app_parts import permalink
from app_parts.language import language


def choose_one(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """The option chosen of those named by `options`; a link can ask for it as `?name=option`."""
    chosen = _standing(name, options, default)
    if chosen != default and st.query_params.get(name) != chosen:
        st.query_params[name] = chosen

    def keep() -> None:
        _keep(name)
        st.query_params[name] = st.session_state[name]

    _bring(name, chosen)
    st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=options.__getitem__,
        key=_widget(name),
        on_change=keep,
    )
    return chosen


def choose_from_list(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """The option chosen of a long list, in a box that can be searched; in links as above."""
    chosen = _standing(name, options, default)
    _bring(name, chosen)
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=_widget(name),
        on_change=_keep,
        args=(name,),
    )
    return chosen


def choose_some(
    name: str,
    label: str,
    options: Mapping[str, str],
    default: Sequence[str] = (),
    most: int | None = None,
    placeholder: str = "",
) -> Sequence[str]:
    """The options chosen, as pills; in a box that can be searched where there is a `most` of them.

    In links as `?name=option,option`. Those that are no longer on offer are dropped.
    """
    state = st.session_state
    if name not in state:
        state[name] = list(permalink.asked_some(name, options, most) or default)
    state[name] = [option for option in state[name] if option in options][:most]
    common: dict[str, Any] = {
        "default": state[name],
        "format_func": options.__getitem__,
        "key": _widget(name),
        "on_change": _keep,
        "args": (name,),
    }
    if most is None:
        st.pills(label, list(options), selection_mode="multi", **common)
    else:
        st.multiselect(label, list(options), max_selections=most, placeholder=placeholder, **common)
    permalink.tell(**{name: ",".join(state[name])})
    return list(state[name])


def _standing(name: str, options: Mapping[str, str], default: str) -> str:
    """The option that was chosen, else that of the link, else the default; told to links."""
    state = st.session_state
    if name not in state:
        asked = permalink.asked_one(name, options)
        state[name] = default if asked is None else asked
    elif state[name] not in options:
        state[name] = default
    permalink.tell(**{name: state[name]})
    return str(state[name])


def _widget(name: str) -> str:
    return f"{name}_{language()}"


def _keep(name: str) -> None:
    value: Any = st.session_state[_widget(name)]
    st.session_state[name] = list(value) if isinstance(value, list) else value


def _bring(name: str, option: str) -> None:
    """Let the widget stand at that option: a browser sends back what stood in it before."""
    widget = _widget(name)
    if st.session_state.get(widget) != option:
        st.session_state[widget] = option
