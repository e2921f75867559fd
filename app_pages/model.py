"""The model: every parameter with its unit, range and source, to be searched."""

from collections.abc import Sequence

import streamlit as st

from app_parts import blocks
from app_parts.choices import choose_some
from app_parts.language import t
from sim.parameters import PARAMETERS, Parameter
from sim.scenario.writing import toml_value

KINDS = ("lever", "uncertainty", "constant")


def show() -> None:
    """Draw the page."""
    blocks.heading(t("model.title"), 1, t("model.text"))
    words = st.text_input(
        t("model.search"), placeholder=t("model.placeholder"), max_chars=80, key="parameter_search"
    )
    kinds = choose_some("kinds", t("model.kind"), {kind: t(f"kind.{kind}") for kind in KINDS})
    found = [entry for entry in PARAMETERS.values() if _fits(entry, words, kinds)]
    blocks.note(t("model.found", n=len(found), all=len(PARAMETERS)))
    if not found:
        st.info(t("model.none"))
        return
    columns = ("key", "default", "unit", "plausible", "kind", "help", "source")
    head = [t(f"model.{column}") for column in columns]
    table = blocks.table(head, [_row(entry) for entry in found])
    st.html(blocks.scrolling(t("model.title"), table, "parameters"))
    blocks.note(t("model.english"))


def _fits(entry: Parameter, words: str, kinds: Sequence[str]) -> bool:
    text = f"{entry.key} {entry.unit} {entry.help} {entry.source}".lower()
    return (not kinds or entry.kind in kinds) and all(w in text for w in words.lower().split())


def _row(entry: Parameter) -> tuple[str, list[str]]:
    low_high = entry.plausible
    cells = [
        toml_value(entry.default),
        entry.unit,
        f"{low_high[0]:g} – {low_high[1]:g}" if low_high else "",
        t(f"kind.{entry.kind}"),
        entry.help,
        entry.source,
    ]
    return entry.key, cells
