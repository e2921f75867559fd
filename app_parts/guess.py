"""Guess first, then see: a question with a number or a choice, kept until one asks again."""

from collections.abc import Callable, Mapping

import streamlit as st

from app_parts.language import language, t


def guess_number(
    name: str, question: str, low: int, high: int, write: Callable[[float], str]
) -> float | None:
    """The number guessed and revealed; None until then. `write` says it in its unit."""
    st.html(f'<p class="question">{question}</p>')
    state = st.session_state
    kept = f"guess_{name}"
    if state.get(f"{kept}_open"):
        return float(state[kept])
    widget = f"{kept}_{language()}"

    def keep() -> None:
        state[kept] = state[widget]

    columns = st.columns([4, 1], vertical_alignment="bottom")
    with columns[0]:
        guess = st.slider(
            t("guess.yours"),
            low,
            high,
            int(state.get(kept, (low + high) // 2)),
            key=widget,
            on_change=keep,
        )
    state[kept] = guess
    with columns[1]:
        _reveal(name)
    return None


def guess_one(name: str, question: str, options: Mapping[str, str]) -> str | None:
    """The option guessed; None until one is chosen."""
    st.html(f'<p class="question">{question}</p>')
    state = st.session_state
    kept = f"guess_{name}"
    if state.get(kept) in options:
        return str(state[kept])
    columns = st.columns(len(options))
    for column, (option, label) in zip(columns, options.items(), strict=True):
        with column:
            st.button(
                label,
                key=f"{kept}_{option}",
                on_click=state.__setitem__,
                args=(kept, option),
                width="stretch",
            )
    return None


def _reveal(name: str) -> None:
    st.button(
        t("guess.reveal"),
        key=f"guess_{name}_reveal",
        type="primary",
        on_click=st.session_state.__setitem__,
        args=(f"guess_{name}_open", True),
        width="stretch",
    )


def ask_again(name: str) -> None:
    """A button that hides the answer and asks again."""

    def forget() -> None:
        for part in ("", "_open"):
            st.session_state.pop(f"guess_{name}{part}", None)

    st.button(t("guess.again"), key=f"guess_{name}_again", on_click=forget, type="tertiary")
