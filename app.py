"""The web app: one thin entry that sets language and navigation, and opens a page."""

import streamlit as st

from app_parts.frame import header, tell_document
from app_parts.language import settle_language, t
from app_parts.pages import PAGES, pages

settle_language()
st.set_page_config(page_title=t("app.title"), page_icon="🧧", layout="centered")
page = st.navigation(pages(), position="top")
name = page.url_path or PAGES[0]
tell_document(name)
header()
page.run()
