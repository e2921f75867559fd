"""The model: in words, its assumptions and their sources, and how far it was tested."""

from html import escape

import streamlit as st

from app_parts import blocks
from app_parts.anchors import follow_anchor
from app_parts.language import t
from app_parts.model_parts import in_words, known_answers, sentences, validation
from app_parts.parameters import parameters

PARTS = ("words", "sentences", "validation", "known", "limits", "parameters")
"""Parts of the page in their order; links open one as `#part`."""


def show() -> None:
    """Draw the page."""
    blocks.heading(t("model.title"), 1, t("model.text"))
    links = "".join(
        f'<li><a href="#{part}">{escape(t(f"model.{part}"))}</a></li>' for part in PARTS
    )
    st.html(
        f'<nav aria-label="{escape(t("model.contents"))}"><ul class="contents">{links}</ul></nav>'
    )
    draw = {
        "words": in_words,
        "sentences": sentences,
        "validation": validation,
        "known": known_answers,
        "limits": _limits,
        "parameters": parameters,
    }
    for part in PARTS:
        st.html(f'<h2 id="{part}">{escape(t(f"model.{part}"))}</h2>')
        draw[part]()
    follow_anchor()


def _limits() -> None:
    names = ("brands", "logistics", "credit", "returns", "seasons", "products", "content", "roles")
    items = "".join(f"<li>{escape(t(f'model.without.{name}'))}</li>" for name in names)
    st.html(f'<p class="lead">{escape(t("model.limits_text"))}</p><ul class="plain">{items}</ul>')
