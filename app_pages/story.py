"""The story: the article step by step, each guessed before it is revealed."""

from html import escape

import streamlit as st

from app_pages import story_steps as steps
from app_parts import blocks, permalink
from app_parts.choices import choose_one
from app_parts.language import t
from app_parts.stored import first_place, read_stored
from app_parts.traced import told_scenario
from sim.experiments.errors import StoreError

STEPS = ("rents", "referral", "leaders", "fission", "trust", "loss", "both")
"""The steps, as links name them."""


def show() -> None:
    """Draw the page."""
    blocks.heading(t("story.title"), 1, t("story.text"))
    permalink.expect(*steps.BEHIND_ANSWERS)
    names = {name: f"{place} {t(f'story.{name}.tab')}" for place, name in enumerate(STEPS, 1)}
    step = choose_one("step", t("story.step"), names, default=STEPS[0])
    st.html(
        f'<div class="story-head"><h2>{escape(t(f"story.{step}.title"))}</h2>'
        f'<p class="claim"><span>{escape(t("story.claim"))}</span> '
        f"{escape(t(f'story.{step}.claim'))}</p></div>"
    )
    try:
        place = first_place()
        told = told_scenario()
        stored = read_stored(place) if place else None
        if stored is None or (told is None and step in ("referral", "leaders", "fission")):
            blocks.note(t("story.missing"))
        else:
            getattr(steps, step)(stored, told)
    except StoreError:
        blocks.note(t("story.missing"))
    _onward(step)


def _onward(step: str) -> None:
    place = STEPS.index(step)
    columns = st.columns(2)
    with columns[0]:
        if place:
            _go(STEPS[place - 1], t("story.back"), "secondary")
    with columns[1]:
        if place < len(STEPS) - 1:
            title = t(f"story.{STEPS[place + 1]}.tab")
            _go(STEPS[place + 1], t("story.next", title=title), "primary")


def _go(step: str, label: str, kind: str) -> None:
    def open_step() -> None:
        st.session_state["step"] = step
        st.query_params["step"] = step

    st.button(label, key=f"go_{step}", on_click=open_step, type=kind, width="stretch")  # type: ignore[arg-type]
