"""Buttons to save, take along, and bring in runs."""

from html import escape
from pathlib import Path

import streamlit as st

from app_parts.brought import LONGEST_NAME, WrongFile, network_in
from app_parts.csv_text import csv_of
from app_parts.language import language, t
from app_parts.saved import LONGEST_NOTE, exported, import_run, named_alone, save
from app_parts.stored import Place


def save_form(place: Place, usual: str) -> None:
    """A name, a note, and Save."""
    with st.form(f"save {place.folder.name} {language()}", clear_on_submit=True, border=False):
        left, middle, right = st.columns([2, 3, 1], vertical_alignment="bottom")
        with left:
            name = st.text_input(t("save.name"), placeholder=usual, max_chars=LONGEST_NAME)
        with middle:
            note = st.text_input(t("save.note"), max_chars=LONGEST_NOTE)
        with right:
            done = st.form_submit_button(t("save.save"), width="stretch")
    if done:
        run = save(place.folder, name or usual, note)
        st.toast(t("save.done", name=_as_text(run.name)))


def downloads(place: Place, name: str, note: str = "") -> None:
    """The run as JSON, its differences as CSV, and the report; files are made on demand."""
    stem = place.folder.name if not place.published else place.name
    folder = place.folder
    code = language()  # a deferred report is made outside the visit, where nothing tells it

    def report() -> bytes:
        return report_of(str(folder), code, (folder / "compare.json").stat().st_mtime_ns)

    with st.container(horizontal=True, key=f"downloads {place.folder.name}"):
        st.download_button(
            t("save.report"), report, f"{stem}.html", "text/html", key=f"report {stem}"
        )
        st.download_button(
            t("save.csv"), lambda: csv_of(folder), f"{stem}.csv", "text/csv", key=f"csv {stem}"
        )
        st.download_button(
            t("save.json"),
            lambda: exported(folder, name, note),
            f"{stem}.json",
            "application/json",
            key=f"json {stem}",
        )


@st.cache_data(max_entries=8, show_spinner=False)
def report_of(folder: str, code: str, age: int) -> bytes:
    """The report of a comparison as one HTML file."""
    from sim.report.html import report_html

    return named_alone(report_html(Path(folder), code), Path(folder), escape).encode("utf-8")


def bring_in() -> None:
    """Import of an exported run."""
    file = st.file_uploader(t("save.import"), type=["json"], key=f"import {language()}")
    if file is None or st.session_state.get("imported") == file.file_id:
        return
    st.session_state["imported"] = file.file_id
    try:
        run = import_run(file.getvalue())
    except WrongFile as wrong:
        st.error(t(wrong.reason, **wrong.places))
        return
    st.toast(t("save.done", name=_as_text(run.name)))
    say_network_is_missing(file.getvalue())
    st.rerun()


def say_network_is_missing(data: bytes) -> None:
    """Say that an uploaded JSON file rests on a list of ties which it does not hold, if so."""
    name = network_in(data)
    if name:
        st.toast(t("save.network", file=_as_text(name)), duration="infinite")


def _as_text(name: str) -> str:
    """A name that a toast shows as it is, with no sign taken for markup."""
    return "".join(f"\\{sign}" if sign in r"\`*_{}[]()#+-.!<>~|:$" else sign for sign in name)
