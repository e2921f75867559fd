"""The web app: one thin entry that sets language and navigation, and opens a page."""

import streamlit as st

from app_pages import model, start
from app_parts.frame import header, tell_language
from app_parts.language import settle_language, t

settle_language()
st.set_page_config(page_title=t("app.title"), page_icon="🧧", layout="centered")
page = st.navigation(
    [
        st.Page(start.show, title=t("nav.start"), url_path="start", default=True),
        st.Page(model.show, title=t("nav.model"), url_path="model"),
    ],
    position="top",
)
tell_language()
header()
page.run()
