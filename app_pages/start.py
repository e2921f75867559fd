"""The first page: what a stored comparison says, in one sentence, in pictures and in numbers."""

from html import escape

import streamlit as st

from app_parts import blocks, sections
from app_parts.choices import choose_one
from app_parts.language import t
from app_parts.pages import link_to
from app_parts.presets import preset_cards, preset_title
from app_parts.sources import origins
from app_parts.stored import FIRST, Place, first_place, published_places, read_stored
from sim.experiments.errors import StoreError

COMMAND = "sharesim compare quick --replicates 4"


def show() -> None:
    """Draw the page."""
    blocks.heading(t("start.question"), 1, t("start.intro"))
    place = _chosen_place()
    if place is None:
        _say_missing(t("missing.title"), t("missing.text"))
        return
    try:
        stored = read_stored(place)
    except StoreError:
        _say_missing(t("missing.title"), t("missing.broken"))
        return
    sections.answer(stored)
    sections.about(stored, place.name, place.published)
    sections.money(stored)
    sections.tiles(stored)
    _honesty()
    preset_cards(published_places())


def _chosen_place() -> Place | None:
    published = published_places()
    first = first_place()
    if len(published) < 2 or first is None:
        return first
    names = sorted(published, key=lambda name: (name not in FIRST, name))
    titles = {name: preset_title(name) for name in names}
    chosen = choose_one("result", t("start.result"), titles, default=first.name)
    return published.get(chosen, first)


def _say_missing(title: str, text: str) -> None:
    blocks.heading(title, 2, text)
    st.code(COMMAND, language="bash")


def _honesty() -> None:
    found = origins()
    blocks.heading(t("honesty.title"), 2, t("honesty.text", n=found.n))
    counts = [
        (found.calibrated, t("honesty.calibrated")),
        (found.measured, t("honesty.measured")),
        (found.assumed, t("honesty.assumed")),
        (found.waiting, t("honesty.waiting" if found.waiting else "honesty.calibrated_all")),
    ]
    items = "".join(f"<li><b>{n}</b>{escape(text)}</li>" for n, text in counts)
    st.html(f'<ul class="honesty">{items}</ul>')
    link_to("model", t("honesty.link"))
