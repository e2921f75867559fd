"""The pages in the order of the navigation; a page is imported when it is opened."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import streamlit as st

from app_parts import permalink
from app_parts.language import t

if TYPE_CHECKING:
    from streamlit.navigation.page import StreamlitPage

PAGES = ("start", "story", "lab", "reward", "sweeps", "compare", "model")
"""Names of the pages, which are their paths in the address too; the first is shown first."""


def page_of(name: str) -> "StreamlitPage":
    """The page of that name, to be navigated or linked to."""
    return st.Page(_opener(name), title=t(f"nav.{name}"), url_path=name, default=name == PAGES[0])


def pages() -> "list[StreamlitPage]":
    """All pages, and where the address names none of them a hidden one that leads to the first.

    With a path of two parts nothing here runs: Streamlit looks for its scripts below the first.
    """
    found = [page_of(name) for name in PAGES]
    named = urlsplit(str(st.context.url or "")).path.rsplit("/", 1)[-1]
    if named not in ("", *PAGES):
        found.append(st.Page(_lead_home, title="?", url_path=named, visibility="hidden"))
    return found


def link_to(name: str, label: str) -> None:
    """A link to another page in the language of the visit."""
    st.page_link(page_of(name), label=label)


def draw(name: str) -> None:
    """Draw the page of that name, and above it what its address asked for in vain."""
    permalink.arrive(name)
    place = st.empty()
    import_module(f"app_pages.{name}").show()
    notice = permalink.notice()
    if notice:
        place.info(t(notice))


def _lead_home() -> None:
    permalink.arrive(PAGES[0])
    permalink.mend()
    st.switch_page(page_of(PAGES[0]))


def _opener(name: str) -> Callable[[], None]:
    def show() -> None:
        draw(name)

    return show
