"""Links into a page: what an address names after `#` is scrolled to once the page is drawn."""

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).parent / "components" / "anchor.js"


def follow_anchor() -> None:
    """Scroll to the place the address names, by its id; called at the end of a page."""
    with st.container(key="anchor"):
        st.components.v2.component("anchor", js=_SCRIPT.read_text(encoding="utf-8"))()
