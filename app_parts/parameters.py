"""The list of parameters: searched by word and kind, each with unit, range and source."""

import re
from collections.abc import Sequence
from html import escape

import streamlit as st

from app_parts import blocks, permalink, tables
from app_parts.choices import choose_some
from app_parts.knobs import name_of
from app_parts.language import has_text, t
from sim.parameters import PARAMETERS, Parameter
from sim.scenario.writing import toml_value

KINDS = ("lever", "uncertainty", "constant")
_COLUMNS = ("key", "name", "default", "unit", "low", "high", "kind", "help", "origin")
#: Session state: the words searched for, of at most so many characters.
_SEARCH, _LONGEST = "parameter_search", 80


def parameters() -> None:
    """A search, and every parameter that fits, by section; each can be linked to by its key."""
    st.html(f'<p class="lead">{escape(t("model.parameters_text"))}</p>')
    words = _search()
    kinds = choose_some("kinds", t("model.kind"), {kind: t(f"kind.{kind}") for kind in KINDS})
    found = [entry for entry in PARAMETERS.values() if _fits(entry, words, kinds)]
    blocks.note(t("model.found", n=len(found), all=len(PARAMETERS)))
    if not found:
        st.info(t("model.none"))
        return
    blocks.note(t("model.english"))
    head = [t(f"model.{column}") for column in _COLUMNS]
    tables.take_along("parameters", head, map(_row, found))
    for section in dict.fromkeys(entry.section for entry in found):
        blocks.heading(t(f"section.{section}"), 3)
        entries = [entry for entry in found if entry.section == section]
        st.html(f'<ul class="parameters">{"".join(map(_entry, entries))}</ul>')


def _search() -> str:
    """The words searched for; a link can ask for them."""
    state = st.session_state
    if _SEARCH not in state:
        asked = permalink.asked("search") or ""
        state[_SEARCH] = asked[:_LONGEST]
        if state[_SEARCH] != asked:
            permalink.mend()
    words = st.text_input(
        t("model.search"), placeholder=t("model.placeholder"), max_chars=_LONGEST, key=_SEARCH
    )
    permalink.tell(**({"search": words} if words else {}))
    return words


def _fits(entry: Parameter, words: str, kinds: Sequence[str]) -> bool:
    text = f"{entry.key} {name_of(entry.key)} {entry.unit} {entry.help} {entry.source}".lower()
    return (not kinds or entry.kind in kinds) and all(w in text for w in words.lower().split())


def unit_of(entry: Parameter) -> str:
    """Unit of a parameter in the language of the visit; one without a text as it is stated."""
    key = unit_key(entry)
    return t(key) if has_text(key) else entry.unit


def unit_key(entry: Parameter) -> str:
    """Key of the text in which the unit of a parameter stands in the catalogues."""
    return f"unit.{re.sub(r'[^a-z0-9]+', '-', entry.unit.lower()).strip('-')}"


def _row(entry: Parameter) -> tables.Row:
    bounds = [f"{bound:.10g}" for bound in entry.plausible or ()]
    cells = [name_of(entry.key), toml_value(entry.default), unit_of(entry), *(bounds or ("", ""))]
    return entry.key, [*cells, t(f"kind.{entry.kind}"), entry.help, entry.source]


def _entry(entry: Parameter) -> str:
    value = toml_value(entry.default).replace("_", "," if entry.numeric else "_")
    facts = [f"{t('model.default')} {value} ({unit_of(entry)})", t(f"kind.{entry.kind}")]
    if entry.plausible:
        low, high = (f"{bound:,.10g}" for bound in entry.plausible)
        facts.insert(1, t("model.plausible", low=low, high=high))
    name = f" <span>{escape(name_of(entry.key))}</span>"
    return (
        f'<li id="{escape(entry.key)}"><h4><code>{escape(entry.key)}</code>{name}</h4>'
        f'<p class="facts">{escape(" · ".join(facts))}</p>'
        f'<p lang="en">{escape(entry.help[:1].upper() + entry.help[1:])}.</p>'
        f'<p class="note" lang="en">{escape(t("model.source", source=entry.source))}</p></li>'
    )
