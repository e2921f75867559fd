"""Choices that outlast a change of language or page.

Streamlit knows an option by its label, so a widget forgets its choice when labels change. The
choice is kept apart under a name of its own, and each language has its own widget.
"""

from collections.abc import Mapping, Sequence

import streamlit as st

from app_parts.language import language


def choose_one(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """The option chosen of those named by `options`; a link can ask for it as `?name=option`."""
    state = st.session_state
    asked = st.query_params.get(name, "")
    if name not in state:
        state[name] = asked if asked in options else default
    elif state[name] not in options:
        state[name] = default
    if state[name] != default and asked != state[name]:
        st.query_params[name] = state[name]
    widget = f"{name}_{language()}"

    def keep() -> None:
        state[name] = state[widget]
        st.query_params[name] = state[widget]

    _bring(widget, state[name])
    st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=options.__getitem__,
        key=widget,
        on_change=keep,
    )
    return str(state[name])


def choose_some(name: str, label: str, options: Mapping[str, str]) -> Sequence[str]:
    """The options chosen of those named by `options`; none at first."""
    state = st.session_state
    widget = f"{name}_{language()}"

    def keep() -> None:
        state[name] = state[widget]

    st.pills(
        label,
        list(options),
        selection_mode="multi",
        default=state.get(name, []),
        format_func=options.__getitem__,
        key=widget,
        on_change=keep,
    )
    return list(state.get(name, []))


def choose_from_list(name: str, label: str, options: Mapping[str, str], default: str) -> str:
    """The option chosen of a long list, in a box that can be searched."""
    state = st.session_state
    if state.get(name) not in options:
        state[name] = default
    widget = f"{name}_{language()}"

    def keep() -> None:
        state[name] = state[widget]

    _bring(widget, state[name])
    st.selectbox(
        label,
        list(options),
        format_func=options.__getitem__,
        key=widget,
        on_change=keep,
    )
    return str(state[name])


def _bring(widget: str, option: str) -> None:
    """Let the widget stand at that option: a browser sends back what stood in it before."""
    if st.session_state.get(widget) != option:
        st.session_state[widget] = option
