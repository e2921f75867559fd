"""The frame around every page: style, language switch, Share, what the document is told."""

import json
from pathlib import Path

import streamlit as st

from app_parts import permalink
from app_parts.language import LANGUAGES, choose_language, language, t

_HERE = Path(__file__).parent
_TAGS = {"zh": "zh-CN", "en": "en"}
_SWITCH = "language_switch"
_ON_PRIMARY = (
    '[data-testid="stBaseButton-primary"] p, [data-testid="stBaseButton-primaryFormSubmit"] p, '
    '[data-testid="stMultiSelect"] span[title], [data-testid="stMultiSelect"] [role="button"] svg'
)
"""Text on the light primary colour of the dark theme, where Streamlit writes white."""
#: The button of uploads, whose own word has one language.
_UPLOAD = '[data-testid="stFileUploaderDropzone"] button p::after'


def tell_document(page: str) -> None:
    """Let `<html lang>` say the language of the visit, and the drawer close behind a new page."""
    script = (_HERE / "document.js").read_text(encoding="utf-8")
    with st.container(key="document"):
        told = {"lang": _TAGS[language()], "page": page}
        st.components.v2.component("document", js=script)(data=told)


def header() -> None:
    """The style of all pages, the language switch and Share, at the top beside the navigation."""
    st.html(_HERE / "style.css")
    word = json.dumps(t("frame.upload"), ensure_ascii=False)
    st.html(f"<style>{_UPLOAD} {{ content: {word}; }}</style>")
    if st.context.theme.type == "dark":
        st.html(f"<style>{_ON_PRIMARY} {{ color: #10201E !important; }}</style>")
    with st.container(key="header_tools", horizontal=True):
        st.segmented_control(
            t("nav.language"),
            list(LANGUAGES),
            default=language(),
            required=True,
            format_func=LANGUAGES.__getitem__,
            key=_SWITCH,
            on_change=_switched,
            label_visibility="collapsed",
        )
        _share()


def _switched() -> None:
    choose_language(st.session_state[_SWITCH])


@st.fragment
def _share() -> None:
    if st.button(t("share.button"), key="share", icon=":material/link:"):
        st.dialog(t("share.title"))(_show_link)()


def _show_link() -> None:
    st.write(t("share.text"))
    st.code(permalink.link(), language=None, wrap_lines=True)
